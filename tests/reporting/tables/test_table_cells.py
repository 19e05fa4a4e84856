"""What stands in a cell: figures where there are figures, words where there are none."""

import csv
import dataclasses
import io
import json

import numpy as np
import pytest
from fake_run import fake_record, provenance, quality_row, rate_row, small_record

from gaitbench.reporting.formats.plain import table_values, to_csv, to_markdown
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table, number_text
from gaitbench.reporting.reading import slides
from gaitbench.reporting.tables.competence import competence
from gaitbench.reporting.tables.controls import controls, controls_by_angle
from gaitbench.reporting.tables.pictures.quality import differences, quality_all_references
from gaitbench.reporting.tables.pictures.slides import incomplete_complete, plain_textural
from gaitbench.reporting.tables.success import success_by_angle, success_other
from gaitbench.reporting.tables.worst import attackers
from gaitbench.results.schema import Failure, QualityDifference


def _csv(table):
    return list(csv.DictReader(io.StringIO(to_csv(table))))


def test_the_slides_figures_stand_beside_ours_as_printed_there():
    rows = _csv(plain_textural(small_record()))
    assert [row["source"] for row in rows] == ["slides", "slides", "here", "here"]
    assert rows[0]["psnr_plain"] == "24.2417" and rows[1]["ssim_textural"] == "0.9065"
    assert "24.2417" in to_markdown(plain_textural(small_record()))


def test_the_transcribed_figures_keep_the_gaps_the_slides_speak_of():
    gaps = [
        slides.PSNR["proposed", s] - slides.PSNR["baseline", s]
        for s in ("plain", "textural", "incomplete", "complete")
    ]
    assert min(gaps) == pytest.approx(0.4885) and max(gaps) == pytest.approx(0.7311)
    assert (slides.SUCCESS_LOW, slides.SUCCESS_HIGH) == (79.04, 93.61)


def test_a_failed_cell_says_failed_and_a_cell_not_run_is_empty():
    row = _csv(plain_textural(small_record()))[3]
    assert (row["colorizer"], row["psnr_textural"], row["psnr_textural_ci_low"]) == ("proposed", "failed", "")
    without = dataclasses.replace(small_record(), failures=())
    assert _csv(plain_textural(without))[3]["psnr_textural"] == ""


def test_a_colorizer_that_fails_wholly_stays_in_both_tables():
    failure = Failure("quality", "anonymizer=model-2, colorizer=nearest", "no pictures")
    record = dataclasses.replace(small_record(), failures=(failure,))
    for make, names in (
        (plain_textural, ("plain", "textural")),
        (incomplete_complete, ("incomplete", "complete")),
    ):
        rows = {row["colorizer"]: row for row in _csv(make(record)) if row["source"] == "here"}
        assert {rows["nearest"][f"psnr_{name}"] for name in names} == {"failed"}
        alone = dataclasses.replace(record, quality=(), quality_difference=())
        (row,) = [row for row in _csv(make(alone)) if row["source"] == "here"]
        assert (row["anonymizer"], row["colorizer"], row[f"ssim_{names[0]}"]) == (
            "model-2",
            "nearest",
            "failed",
        )
    attack = Failure(
        "attack", "anonymizer=model-2, colorizer=warp, attacker=informed, recognizer=gei-lda", "no"
    )
    assert "warp" not in str(plain_textural(dataclasses.replace(record, failures=(attack,))))


def test_captions_say_how_noise_is_drawn_and_numbered_tables_carry_their_number():
    protocol = {"noise": {"value": {"draw": "per sequence", "seed": 7}, "hash": "0"}}
    record = small_record(provenance=provenance(protocol=protocol))
    assert "seed 7; noise drawn per sequence." in " ".join(success_by_angle(record).caption)
    assert "noise" not in " ".join(success_by_angle(small_record()).caption)
    assert plain_textural(record).heading.startswith("Table I. ")
    assert to_markdown(success_by_angle(record)).startswith("## Table III. ")
    assert competence(record).heading == competence(record).title


def test_every_caption_says_what_may_be_compared_with_the_slides():
    for make in (quality_all_references, controls, controls_by_angle, competence, success_other):
        assert "slides" in " ".join(make(fake_record()).sentences).lower(), make.__name__
    text = " ".join(attackers(fake_record()).sentences)
    assert "chance" not in text and "N:" not in text and "is the headline" not in text


def test_a_rate_without_s_is_undefined_and_neither_0_nor_100():
    rows = _csv(controls(small_record()))
    constant = next(row for row in rows if row["control"] == "constant")
    assert {constant[name] for name in ("lowest", "mean", "highest")} == {"undefined"}
    cells = controls_by_angle(small_record()).rows[0].cells
    assert any(cell.state is State.UNDEFINED for cell in cells)


def test_pictures_equal_to_their_reference_are_counted_not_averaged():
    rows = _csv(quality_all_references(small_record()))
    original = next(row for row in rows if row["anonymizer"] == "original")
    assert (original["psnr"], original["infinite"], original["psnr_ci_low"]) == ("inf", "120", "")


def test_bold_needs_a_paired_interval_that_excludes_zero_against_every_rival_of_its_block():
    record = small_record()
    proposed = plain_textural(record).rows[3].cells
    assert proposed[1].bold and not proposed[3].bold  # PSNR told apart, SSIM not
    beyond = [
        quality_row("model-2", name, "plain", "original", 20.0, 0.8) for name in ("nearest", "warp", "far")
    ]
    with_others = dataclasses.replace(record, quality=(*record.quality, *beyond))

    def bold(*pairs):
        told = [
            QualityDifference(
                "model-2", a, b, "plain", "original", "psnr", 4.7, 4.4, 5.0, 120, None, None, 5, 5
            )
            for a, b in pairs
        ]
        one = dataclasses.replace(with_others, quality_difference=(*record.quality_difference, *told))
        return [row.cells[0].value for row in plain_textural(one).rows if row.cells[1].bold]

    assert bold() == ["proposed"], "who is no rival of its block needs no comparison"
    assert bold(("warp", "nearest")) == ["proposed"], "one rival of its block is not compared"
    assert bold(("warp", "nearest"), ("warp", "far")) == ["proposed", "warp"]


def test_the_slides_systems_a_fair_fight_and_what_lies_beyond_are_three_blocks():
    skips = '[network="skips"]'
    names = ["nearest", f"proposed{skips}", "proposed", f"baseline{skips}", "baseline", "proposed[masks=8]"]
    record = small_record()
    rows = [
        quality_row("model-2", name, one, "original", 20.0, 0.8)
        for name in names
        for one in ("plain", "textural")
    ]
    table = plain_textural(dataclasses.replace(record, quality=tuple(rows)))
    found = [(row.section.rpartition(": ")[2], row.cells[0].value) for row in table.rows[2:]]
    assert found == [
        ("as described", "baseline"), ("as described", "proposed"),
        ("fair fight", f"baseline{skips}"), ("fair fight", f"proposed{skips}"),
        ("what lies beyond", "proposed[masks=8]"), ("what lies beyond", "nearest"),
    ]  # fmt: skip
    assert [
        sum(name in line for line in table.caption) for name in ("As described:", "Fair fight:", "beyond:")
    ] == [1] * 3
    entry = {
        "name": "proposed",
        "settings": {"network": "skips"},
        "label": "with skips",
        "text": f"proposed{skips}",
    }
    suite = {**provenance()["suite"], "systems": {"colorizers": [entry]}}
    shown = [
        dataclasses.replace(row, colorizer=row.colorizer.replace(f"proposed{skips}", "with skips"))
        for row in rows
    ]
    labelled = dataclasses.replace(record, quality=tuple(shown), provenance=provenance(suite=suite))
    assert [r.cells[0].value for r in plain_textural(labelled).rows[4:6]] == [
        f"baseline{skips}",
        "with skips",
    ]


def test_figures_of_references_do_not_slip_into_one_another_s_blocks():
    record = small_record()
    alone = plain_textural(record).rows

    def with_rows(reference):
        more = tuple(dataclasses.replace(row, reference=reference, psnr=99.0) for row in record.quality)
        return plain_textural(dataclasses.replace(record, quality=(*record.quality, *more))).rows

    both = with_rows("overlap")
    blocks = {
        name: [r for r in both if r.labels["reference"] == name] for name in ("", "overlap", "original")
    }
    assert both == (*blocks[""], *blocks["overlap"], *blocks["original"])
    assert (*blocks[""], *blocks["original"]) == alone
    assert {c.value for r in blocks["overlap"] for c in r.cells[1:2]} == {99.0}
    assert with_rows("scene") == alone  # the slides' tables have no third block


def test_differences_say_what_the_interval_allows():
    says = [row["verdict"] for row in _csv(differences(small_record()))]
    assert says == ["proposed better", "cannot be told apart"]


def test_equal_colorizers_share_a_block_and_unequal_ones_do_not():
    blocks = [section for section, _ in success_by_angle(small_record()).sections]
    assert len(blocks) == 2 and "(equal counts)" in blocks[1]
    other = rate_row("model-2", 90, 60, 50, 44, colorizer="proposed")
    rates = [other if (r.colorizer, r.angle) == ("proposed", 90) else r for r in small_record().success_rate]
    blocks = [
        s
        for s, _ in success_by_angle(dataclasses.replace(small_record(), success_rate=tuple(rates))).sections
    ]
    assert len(blocks) == 3


def test_the_mean_over_angles_is_unweighted():
    mean = _csv(success_by_angle(small_record()))[-1]
    assert (mean["angle"], mean["rate"], mean["m"], mean["s"]) == ("mean", "87.5", "79", "90")


def test_an_angle_that_failed_stays_in_the_table():
    record = small_record()
    rates = tuple(r for r in record.success_rate if (r.anonymizer, r.angle) != ("model-2", 90))
    failure = Failure("evaluation", "anonymizer=model-2, angle=90", "no gallery")
    rows = _csv(success_by_angle(dataclasses.replace(record, success_rate=rates, failures=(failure,))))
    assert [(row["angle"], row["rate"]) for row in rows[1:]] == [
        ("0", "85"),
        ("90", "failed"),
        ("mean", "85"),
    ]


def test_attacks_are_ordered_by_the_worst_angle_and_only_shown_where_there_are_several():
    assert attackers(small_record()) is None
    rows = _csv(attackers(fake_record()))
    assert [row["input"] for row in rows] == ["resegmented", "silhouette"]
    assert float(rows[0]["lowest"]) < float(rows[1]["lowest"])


def test_competence_has_every_angle_and_the_mean_last():
    rows = _csv(competence(fake_record()))
    assert [row["angle"] for row in rows] == [*map(str, range(0, 181, 18)), "mean"]


def test_captions_state_protocol_reference_n_interval_and_seed():
    record = fake_record()
    text = " ".join(success_by_angle(record).caption)
    for part in (
        "M:",
        "|S|",
        "N:",
        "chance",
        "95 % interval",
        "seed 7",
        "split",
        "rendered walkers, not filmed",
    ):
        assert part in text, part
    text = " ".join(plain_textural(record).caption)
    for part in ("Reference original", "n = 120", "95 % interval", "seed 7", "do not name their reference"):
        assert part in text, part


def test_an_empty_table_cannot_be_made():
    with pytest.raises(ValueError, match="empty"):
        Table("t", "T", (), (Column("a", "A"),), ())
    with pytest.raises(ValueError, match="2 cells in 1 columns"):
        Table("t", "T", (), (Column("a", "A"),), (Row((Cell(1), Cell(2))),))


def test_a_minus_zero_is_a_zero():
    assert number_text(Column("a", "A", 2), Cell(), -0.001) == "0.00"
    assert number_text(Column("a", "A", 2), Cell(), -0.01) == "-0.01"
    assert number_text(Column("a", "A", 1), Cell(digits=3), 0.5) == "0.500"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=cmd|"/C calc"!A0'])
def test_no_name_is_a_formula_in_a_spreadsheet_and_figures_stay_figures(name):
    columns = (Column("a", "A"), Column("b", "B", 2, interval=True))
    table = Table("t", "T", (), columns, (Row((Cell(name), Cell(-0.5, -1.0, 0.25)), labels={"who": name}),))
    for row in csv.reader(io.StringIO(to_csv(table), newline="")):
        assert not any(text.lstrip(" ").startswith(("=", "+", "@", "\t", "\r")) for text in row)
    safe = "'" + name.replace("\r", "\n")
    assert row == [safe, safe, "-0.5", "-1", "0.25"]
    # the page, which is no spreadsheet, shows the name as it is
    assert table_values(table)["rows"] == [[name, name, -0.5, -1.0, 0.25]]


def test_the_page_gets_figures_as_numbers_and_texts_as_texts():
    columns = (Column("a", "A", 2, interval=True), Column("b", "B", 2), Column("c", "C"))
    cells = (Cell(np.float32(0.1), -1e-9, np.int64(3)), Cell(state=State.NOT_RUN), Cell("1e5"))
    odd = (Cell(float("nan")), Cell(state=State.INFINITE), Cell(float("-inf")))
    table = Table("t", "T", (), columns, (Row(cells, labels={"who": "007"}), Row(odd, labels={"who": "+1"})))
    found = json.loads(json.dumps(table_values(table), allow_nan=False))
    assert found["names"] == ["who", "a", "a_ci_low", "a_ci_high", "b", "c"]
    assert found["rows"] == [["007", 0.1, 0.0, 3, None, "1e5"], ["+1", "nan", None, None, "inf", "-inf"]]
    assert [type(one) for one in found["rows"][0]] == [str, float, float, int, type(None), str]
    assert to_csv(table).splitlines()[1] == "007,0.1,0,3,,1e5"


def test_markdown_and_csv_survive_any_name():
    name = 'a|b*c_<script>"x",\ny'
    table = Table("t", name, (name,), (Column("a", "A"),), (Row((Cell(name),), labels={"who": name}),))
    assert list(csv.reader(io.StringIO(to_csv(table))))[1] == [name, name]
    line = to_markdown(table).splitlines()[4]
    assert "<script>" not in line and line.count("|") - line.count("\\|") == 2


def test_means_adjusted_for_the_angle_are_printed_where_they_differ():
    record = small_record()
    same = tuple(
        dataclasses.replace(row, psnr=None if row.psnr is None else row.psnr + 1e-9) for row in record.quality
    )
    table = plain_textural(dataclasses.replace(record, quality_adjusted=same))
    assert not any("adjusted" in row.section for row in table.rows)
    assert "Both sets have the same angles: adjusting for them changes nothing." in table.caption
    other = tuple(
        dataclasses.replace(row, psnr=None if row.psnr is None else row.psnr + 0.02) for row in record.quality
    )
    table = plain_textural(dataclasses.replace(record, quality_adjusted=other))
    adjusted = [row for row in table.rows if "adjusted for the angle" in row.section]
    assert [row.cells[1].value for row in adjusted] == pytest.approx([24.2617, 24.7502])
