"""Privacy against utility: the front as a table and as a figure."""

import dataclasses

import numpy as np
import pytest
from fake_run import fake_record

from gaitbench.reporting.figures.front import privacy_utility
from gaitbench.reporting.figures.style import themed
from gaitbench.reporting.formats.plain import to_csv
from gaitbench.reporting.reading.front import dominators, front_of
from gaitbench.reporting.reading.theme import LIGHT
from gaitbench.reporting.tables.pictures.front import front
from gaitbench.results.record import Record
from gaitbench.results.schema_pictures import Utility
from gaitbench.results.schema_sweep import Swept

IGNORANT, KNOWING = "ignorant, robust-vtm", "semi-informed, robust-vtm"


def told(name, variant, value, measure="cadence", better="higher", apart=1.0):
    return Utility(
        name, variant, measure, "all", value, value - apart, value + apart, 60, measure.title(), "%", better
    )


def named(name, variant, attack, value):
    return Swept(name, variant, "none", attack, "attack_rank1", value, value - 2, value + 2, 60, name, 0.5)


@pytest.fixture
def record():
    """Three settings of `deform`, of which one is dominated by one clearly, beside the controls."""
    old = fake_record()
    ladder = [
        dataclasses.replace(
            old.identification[0], anonymizer=name, colorizer="none", attacker=attacker, recognizer="robust-vtm",
            input="silhouette", gallery="all-views", rank1=rank1, rank1_ci_low=rank1 - 2, rank1_ci_high=rank1 + 2,
            strangers_passed=None,
        )
        for name, attacker, rank1 in (
            ("original", "ignorant", 95.0), ("constant", "ignorant", 2.0),
            ("deform", "ignorant", 20.0), ("deform", "semi-informed", 40.0), ("deform", "informed", 70.0),
        )
    ]  # fmt: skip
    sweep = [
        named("deform", "strength=0.1", IGNORANT, 60.0), named("deform", "strength=0.1", KNOWING, 65.0),
        named("deform", "strength=0.2", IGNORANT, 61.0), named("deform", "strength=0.2", KNOWING, 75.0),
        named("deform", "strength=0.9", IGNORANT, 9.0), named("deform", "strength=0.9", KNOWING, 10.0),
    ]  # fmt: skip
    utility = [
        told("original", "", 99.0), told("constant", "", 10.0), told("deform", "", 80.0),
        told("deform", "strength=0.1", 90.0), told("deform", "strength=0.2", 85.0),
        told("deform", "strength=0.9", 30.0),
    ]  # fmt: skip
    return Record(
        old.provenance,
        {**old.tables, "identification": ladder, "sweep": sweep, "utility": utility, "galleries": []},
        scores=old.scores,
    )


def changed(record, **tables):
    return Record(record.provenance, {**record.tables, **tables}, scores=record.scores)


def places(table, section):
    return {row.cells[0].value: row.cells[1].value for row in table.rows if row.section.startswith(section)}


def test_the_front_names_who_is_not_dominated_and_by_whom_the_others_are(record):
    table = front(record)
    assert places(table, "Cadence") == {
        "deform[strength=0.9]": "front", "deform": "front", "deform[strength=0.1]": "front",
        "deform[strength=0.2]": "dominated by deform[strength=0.1] (clearly)",
    }  # fmt: skip
    assert table.rows[0].cells[0].value == "deform[strength=0.9]", "who is named least stands first"
    assert "original" not in to_csv(table) and "constant" not in to_csv(table)
    assert table.rows[0].cells[2].low == 29.0 and table.rows[0].cells[3].high == 12.0


def test_privacy_is_compared_under_the_attacks_that_all_met_and_the_strongest_stands_beside(record):
    row = next(row for row in front(record).rows if row.cells[0].value == "deform")
    assert (row.cells[3].value, row.cells[4].value) == (40.0, "semi-informed, robust-vtm")
    assert (row.cells[5].value, row.cells[6].value, row.cells[7].value) == (70.0, "informed, robust-vtm", 3)
    assert "ignorant with robust-vtm, semi-informed with robust-vtm" in " ".join(front(record).sentences)


def test_what_only_the_ignorant_attacker_met_is_named_and_lowers_the_bar_for_all(record):
    swept = [row for row in record.tables["sweep"] if (row.variant, row.attack) != ("strength=0.9", KNOWING)]
    table = front(changed(record, sweep=swept))
    assert any(
        "Only the ignorant attacker was run on deform[strength=0.9]" in text for text in table.sentences
    )
    row = next(row for row in table.rows if row.cells[0].value == "deform")
    assert row.cells[3].value == 20.0, "nobody is held against an attack that another did not meet"


def test_an_attack_that_fails_its_stranger_test_is_no_worst_case(record):
    ladder = [
        dataclasses.replace(row, strangers_passed=False)
        if (row.anonymizer, row.attacker) == ("deform", "informed")
        else row
        for row in record.identification
    ]
    point = next(p for p in front_of(changed(record, identification=ladder)).points if not p.variant)
    assert point.strongest.value == 40.0


def test_less_is_better_where_the_measure_says_so(record):
    turned = [
        dataclasses.replace(
            row, direction="lower", value=-row.value, ci_low=-row.ci_high, ci_high=-row.ci_low
        )
        for row in record.tables["utility"]
    ]
    other = changed(record, utility=turned)
    assert places(front(other), "Cadence") == places(front(record), "Cadence")
    with themed(LIGHT):
        assert privacy_utility(other, LIGHT).axes[0].xaxis_inverted()


def test_all_measures_together_spare_who_is_best_in_one(record):
    more = [
        told("deform", v, x, "pose", "lower", 0.1)
        for v, x in (("", 5), ("strength=0.1", 4), ("strength=0.2", 3))
    ]
    table = front(changed(record, utility=[*record.tables["utility"], *more]))
    assert places(table, "All measures")["deform[strength=0.2]"] == "front"
    assert places(table, "Cadence")["deform[strength=0.2]"] != "front"
    assert "deform[strength=0.9]" not in places(table, "Pose")


def test_the_figure_draws_the_front_and_hangs_the_strongest_attack_under_a_point(record):
    with themed(LIGHT):
        figure = privacy_utility(record, LIGHT)
    axes = figure.axes[0]
    steps = next(line for line in axes.lines if line.get_label() == "Pareto front")
    assert np.allclose(steps.get_xydata(), [(30, 90), (80, 60), (90, 35)])
    assert any(tuple(line.get_ydata()) == (60.0, 30.0) for line in axes.lines), "40 named, 70 by the informed"
    assert {"original (control)", "constant (control)"} <= {line.get_label() for line in axes.lines}


def test_older_records_count_the_strongest_attack_of_the_sweep_and_nothing_to_compare_is_no_table(record):
    old = [
        dataclasses.replace(row, measure="worst_rank1")
        for row in record.tables["sweep"]
        if row.attack == KNOWING
    ]
    assert front_of(changed(record, sweep=old)).shared == {
        ("semi-informed", "robust-vtm", "silhouette", "all-views")
    }
    assert front(changed(record, sweep=[])) is None and front(changed(record, utility=[])) is None


def test_labels_stand_where_a_suite_gives_them(record):
    entry = {"name": "deform", "settings": {"strength": 0.9}, "label": "much", "text": "deform[strength=0.9]"}
    suite = {**record.provenance["suite"], "extras": {"sweep": [entry]}}
    shown = Record({**record.provenance, "suite": suite}, record.tables, scores=record.scores)
    assert places(front(shown), "Cadence")["much"] == "front"


def test_the_order_is_that_of_the_definition_also_with_ties_and_unknown_figures():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 4, size=(40, 3)).astype(float)
    x[rng.random(x.shape) < 0.1] = np.nan
    found = dominators(x)
    for j, worse in enumerate(x):
        plain = []
        for i, better in enumerate(x):
            pairs = [(a, b) for a, b in zip(better, worse, strict=True) if not (np.isnan(a) or np.isnan(b))]
            if all(a >= b for a, b in pairs) and any(a > b for a, b in pairs):
                plain.append(i)
        assert found[j] == tuple(plain)
    assert any(found) and not all(found)


def test_equals_do_not_dominate_each_other_and_what_is_no_matrix_is_refused():
    assert dominators([[1.0, 2.0], [1.0, 2.0]]) == [(), ()]
    assert dominators([[1.0, np.nan], [np.nan, 2.0]]) == [(), ()]
    with pytest.raises(ValueError, match="matrix"):
        dominators([1.0, 2.0])
