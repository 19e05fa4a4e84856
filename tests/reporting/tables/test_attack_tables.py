"""The ladder, the matrices and the other tables of version 2: who is marked, what is averaged, what failed."""

import csv
import dataclasses
import io

import pytest
from fake_attacks import attack_row
from fake_run import fake_record, second_record, small_record

from gaitbench.evaluation.rows.pictures.naturalness_rows import MEASURES
from gaitbench.metrics import gallery_size as gallery_size_metric
from gaitbench.reporting.formats.plain import to_csv
from gaitbench.reporting.reading.attacks import headline_worst, slides_cell, worst_rows
from gaitbench.reporting.reading.matrices import recognition_matrices
from gaitbench.reporting.tables.attacks import control_attacks, ladder
from gaitbench.reporting.tables.people import cmc, gallery_size, matrices, subject_tail
from gaitbench.reporting.tables.pictures.measures import ablations, naturalness, picture_measures
from gaitbench.reporting.tables.pictures.quality import differences
from gaitbench.reporting.words import assumptions
from gaitbench.results.schema import Failure
from gaitbench.results.schema_attacks import Recognition


def _csv(table):
    return list(csv.DictReader(io.StringIO(to_csv(table))))


def test_every_system_has_its_worst_case_marked_and_the_slides_cell_too():
    rows = _csv(ladder(second_record()))
    marked = {(r["colorizer"], r["attacker"], r["input"]): r["mark"] for r in rows if r["mark"]}
    assert marked[("none", "semi-informed", "silhouette")] == "worst case (silhouettes, baseline)"
    assert marked[("proposed", "ignorant", "appearance")] == "worst case (proposed)"
    assert marked[("none", "ignorant", "silhouette")] == "slides' cell"
    assert rows[0]["source"] == "slides" and rows[0]["success"] == "79.04-93.61"
    assert headline_worst(second_record(), "model-2").rank1 == 62.5
    assert slides_cell(second_record()).rank1 == 8.0


def test_the_strongest_attack_of_a_block_comes_first_and_controls_stay_out():
    table = ladder(fake_record())
    for section, rows in table.sections[1:]:
        ranks = [row.cells[4].value for row in rows]
        assert ranks == sorted(ranks, reverse=True), section
    names = {row["anonymizer"] for row in _csv(table)}
    assert names == {"model-2", "model-1", "deform"}
    assert {key[0] for key in worst_rows(fake_record())} == names
    assert {r["control"] for r in _csv(control_attacks(fake_record()))} == {
        "original", "someone-else", "constant", "oracle",
    }  # fmt: skip


def test_a_failed_attack_is_a_row_that_says_so_even_if_it_is_all_there_is():
    failed = [r for r in _csv(ladder(second_record())) if r["rank1"] == "failed"]
    assert [(r["attacker"], r["recognizer"], r["m_s"]) for r in failed] == [("informed", "gei-lda", "failed")]
    failure = Failure("attack", "anonymizer=model-2, attacker=informed, recognizer=set-cnn", "out of memory")
    alone = dataclasses.replace(small_record(), failures=(failure,))
    assert [r["rank1"] for r in _csv(ladder(alone))] == ["", "failed"]
    assert ladder(small_record()) is None and control_attacks(small_record()) is None


def test_undefined_is_a_word_in_the_ladder():
    row = next(r for r in _csv(ladder(second_record())) if r["rank1"] == "3")
    assert row["d_sys"] == row["eer"] == "undefined"
    constant = next(r for r in _csv(control_attacks(second_record())) if r["control"] == "constant")
    assert (constant["success"], constant["m_s"], constant["chance"]) == ("undefined", "0/0", "2.5")


def test_the_mean_of_a_matrix_leaves_out_the_diagonal_and_is_taken_before_rounding():
    record = second_record()
    (table,) = matrices(record)
    rows = _csv(table)
    assert rows[1]["probe_90"] == "undefined"
    # 40.04 and 50.05 without the diagonal's 97.5; the mean of the rounded ones would be 45.0 or 45.05
    assert rows[-1]["mean"] == "45.045" and rows[-1]["probe_0"] == "50.05"
    big = fake_record()
    for matrix in recognition_matrices(big):
        own = [
            r.rank1 for r in big.recognition
            if (r.recognizer, r.condition) == (matrix.recognizer, matrix.condition)
            and r.gallery_angle != r.probe_angle
        ]  # fmt: skip
        assert len(own) == 110 and matrix.mean() == pytest.approx(sum(own) / 110)


def test_a_cell_of_a_matrix_that_failed_is_not_the_same_as_one_not_run():
    rows = (Recognition("r", "nm", 0, 90, 4, 50.0), Recognition("r", "nm", 90, 0, 4, 25.0))
    failure = Failure("recognition", "recognizer=r, gallery_angle=0, probe_angle=0", "no gallery")
    (table,) = matrices(dataclasses.replace(small_record(), recognition=rows, failures=(failure,)))
    assert [(r["probe_0"], r["probe_90"]) for r in _csv(table)] == [
        ("failed", "50"), ("25", ""), ("25", "50"),
    ]  # fmt: skip


def test_matrices_of_like_named_recognizers_are_two_files():
    rows = tuple(Recognition(name, "nm", 0, 90, 4, 50.0) for name in ("a-b", "a_b", "../a b"))
    names = [table.name for table in matrices(dataclasses.replace(small_record(), recognition=rows))]
    assert len(set(names)) == 3 and not any("/" in name or "." in name for name in names)


def test_gallery_size_has_chance_beside_it_and_extrapolation_is_marked():
    table = gallery_size(second_record())
    rows = _csv(table)
    assert rows[0]["success_40"] == "92" and rows[0]["success_1000_extrapolated"] == "98.5"
    assert rows[-1]["success_40"] == "97.5" and rows[-1]["rank1_10"] == "10"
    assert [column.title for column in table.columns if column.key.startswith("success")] == [
        "10",
        "40",
        "1000*",
    ]


def test_the_tail_names_the_most_identified_first_and_ranks_are_as_recorded():
    row = _csv(subject_tail(second_record()))[0]
    assert (row["person_1"], row["person_2"]) == ("081: 66.5 of 3", "082: 33.2 of 3")
    ranks = _csv(cmc(second_record()))
    assert [(r["system"], r["rank_1"], r["rank_5"]) for r in ranks] == [
        ("original", "90", "100"), ("model-2", "8", "20"),
    ]  # fmt: skip


def test_picture_measures_naturalness_and_ablations_hold_what_was_measured():
    measures = {(r["colorizer"]): r for r in _csv(picture_measures(second_record()))}
    assert measures["proposed"]["sharpness"] == "0.92" and measures["baseline"]["sharpness"] == ""
    natural = {(r["anonymizer"], r["variant"]): r["period"] for r in _csv(naturalness(second_record()))}
    assert natural == {
        ("model-2", "as run"): "0.12",
        ("model-1", "strength 0.1"): "0.05",
        ("original", "as run"): "0",
    }
    rows = _csv(ablations(second_record()))
    assert [r["changed"] for r in rows] == ["as in the slides", "as it is", "centre eroded"]
    assert rows[0]["psnr"] == "24.7302" and rows[2]["sharpness"] == "undefined"


def test_p_values_have_columns_only_where_they_were_taken():
    assert "p_value" not in _csv(differences(small_record()))[0]
    row = _csv(differences(second_record()))[0]
    assert (row["p_value"], row["p_holm"]) == ("0.001", "0.002")


def test_captions_explain_the_columns_that_are_shown_and_who_attacks():
    table = ladder(second_record())
    text = " ".join(table.sentences)
    for word in (
        "Attackers: ignorant",
        "mAP: mean",
        "corrected: chance-corrected",
        "figures without brackets have none",
    ):
        assert word in text, word
    few = " ".join(table.sentences_of([column for column in table.columns if not column.minor]))
    assert "mAP" not in few and "corrected" not in few and "EER: equal" in few
    assert [column.key for column in table.columns[:4]] == ["attacker", "recognizer", "input", "mark"]


def test_ranks_and_gallery_sizes_state_n_gallery_draws_and_the_assumption():
    sizes = " ".join(gallery_size(second_record()).sentences)
    ranks = " ".join(cmc(second_record()).sentences)
    for text in (sizes, ranks):
        assert "n = 120 probes; gallery all-views of 40 people" in text and "draw" in text
        assert "o figure here has an interval" in text
    assert gallery_size_metric.EXTRAPOLATION in sizes


def test_naturalness_says_what_each_measure_means_and_points_to_no_file():
    text = " ".join(naturalness(second_record()).sentences)
    assert "0 is best" in text and ".md" not in text and "unbroken" not in text
    # the Frechet distance is of a system's walks together, not of each
    known = {*MEASURES, "frechet"}
    assert set(assumptions.NATURAL_MEANINGS) == set(assumptions.NATURAL_BETTER) == known


def test_the_slides_gap_stands_beside_ours_with_the_sign_of_the_pair():
    row = _csv(differences(second_record()))[0]
    assert (row["set"], row["slides"]) == ("plain", "0.4885")
    turned = tuple(dataclasses.replace(one, a=one.b, b=one.a) for one in second_record().quality_difference)
    rows = _csv(differences(dataclasses.replace(second_record(), quality_difference=turned)))
    assert [one["slides"] for one in rows] == ["-0.4885", "-0.008"]
    others = tuple(dataclasses.replace(one, anonymizer="deform") for one in turned)
    assert (
        "slides" not in _csv(differences(dataclasses.replace(second_record(), quality_difference=others)))[0]
    )


def test_the_ladder_names_no_winner_among_equal_systems():
    rows = (attack_row("model-2", "ignorant", "robust-vtm", "silhouette", 5.0),)
    table = ladder(dataclasses.replace(small_record(), identification=rows))
    assert _csv(table)[1]["mark"] == "worst case (silhouettes); slides' cell"
