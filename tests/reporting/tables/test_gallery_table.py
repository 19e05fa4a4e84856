"""Galleries side by side: which is bold, what is said where another than the suite's gives the stronger attack."""

from __future__ import annotations

import csv
import dataclasses
import io

from fake_attacks import attack_row
from fake_run import rate_row, second_record, small_record

from gaitbench.reporting.figures.privacy import privacy_points
from gaitbench.reporting.formats.plain import to_csv
from gaitbench.reporting.reading.attacks import headline_worst, worst_rows
from gaitbench.reporting.reading.series import chosen_series
from gaitbench.reporting.tables.protocols.galleries import galleries
from gaitbench.reporting.words.galleries import gallery_lines
from gaitbench.reporting.words.headline import headline_facts
from gaitbench.reporting.words.summary import summarize
from gaitbench.results.record import Record
from gaitbench.results.schema import Competence

SLIDES = ("ignorant", "robust-vtm", "silhouette")


def _elsewhere(attack, same, cross, anonymizer="model-2", **changes):
    return [
        attack_row(
            anonymizer, *attack, rank1, gallery=gallery, eer=None, d_sys=None, d_sys_null=None, **changes
        )
        for gallery, rank1 in (("same-view", same), ("cross-view", cross))
    ]


def _record(*rows):
    old = second_record()
    return dataclasses.replace(old, tables={**old.tables, "galleries": tuple(rows)})


def _csv(table):
    return list(csv.DictReader(io.StringIO(to_csv(table))))


def test_each_attack_stands_under_each_gallery_and_the_strongest_is_bold():
    record = _record(*_elsewhere(SLIDES, 12.0, 5.0), *_elsewhere(SLIDES, 95.0, 60.0, "original"))
    table = galleries(record)
    rows = {(r["anonymizer"], r["attacker"], r["recognizer"], r["input"]): r for r in _csv(table)}
    slides = rows["model-2", *SLIDES]
    assert [slides[f"rank1_{g}_view{s}"] for g, s in (("all", "s"), ("same", ""), ("cross", ""))] == [
        "8",
        "12",
        "5",
    ]
    assert (slides["success_same_view"], slides["chance"], slides["strongest"]) == ("88", "2.5", "same-view")
    assert rows["original", *SLIDES]["strongest"] == "same-view"
    assert {r["anonymizer"] for r in _csv(table)} == {"original", "model-2"}  # controls have no headline
    line = next(row for row in table.rows if row.labels["anonymizer"] == "model-2")
    assert [cell.bold for cell in line.cells[3:6]] == [False, True, False]
    alone = rows["model-2", "semi-informed", "robust-vtm", "silhouette"]
    assert (alone["rank1_same_view"], alone["strongest"]) == ("", "all-views")  # not run is no figure


def test_an_attack_that_names_strangers_is_never_the_strongest():
    record = _record(*_elsewhere(SLIDES, 90.0, 5.0, strangers=80.0, strangers_passed=False))
    mine = [r for r in _csv(galleries(record)) if r["anonymizer"] == "model-2"]
    row = next(r for r in mine if (r["attacker"], r["recognizer"]) == SLIDES[:2])
    assert (row["rank1_same_view"], row["strongest"]) == ("90", "all-views")
    assert headline_worst(record, "model-2").rank1 == 62.5


def test_a_record_with_one_gallery_has_no_such_table():
    assert galleries(second_record()) is None and gallery_lines(second_record(), "model-2") == []
    assert galleries(small_record()) is None


def test_the_worst_case_is_the_worst_over_the_galleries_and_the_summary_says_which():
    record = _record(*_elsewhere(("ignorant", "appearance", "appearance"), 81.0, 40.0, colorizer="proposed"))
    assert headline_worst(record, "model-2").gallery == "same-view"
    assert worst_rows(record)["model-2", "proposed"].gallery == "all-views"  # tables that have one gallery
    fact = headline_facts(record)[0]
    assert fact.value == "81.0 %" and "gallery same-view" in fact.detail
    (line,) = gallery_lines(record, "model-2")
    assert (
        "another gallery" in line and "81.0 % [77.0, 85.0]" in line and "under all-views names 62.5 %" in line
    )
    point = next(p for p in privacy_points(record) if p.colorizer == "proposed")
    assert point.hidden == 19.0 and point.attack.endswith("same-view")
    assert chosen_series(record) == chosen_series(
        second_record()
    )  # success by angle is of the suite's gallery


def test_a_weaker_gallery_changes_nothing_and_the_slides_attack_has_a_line_of_its_own():
    assert gallery_lines(_record(*_elsewhere(SLIDES, 7.0, 5.0)), "model-2") == []
    (line,) = gallery_lines(_record(*_elsewhere(SLIDES, 12.0, 5.0)), "model-2")
    assert "under same-view, 12.0 %" in line and "than under all-views, 8.0 %" in line


def test_the_answer_is_no_better_than_the_worst_gallery_allows():
    rates = [rate_row("model-2", a, 60, 50, 45) for a in (0, 90)]
    known = (Competence("robust-vtm", "all-views", "nm", None, 40, 85.0, None, None),)
    plain = dataclasses.replace(
        small_record(), success_rate=tuple(rates), competence=known,
        identification=(attack_row("model-2", *SLIDES, 10.0),),
    )  # fmt: skip
    assert summarize(plain).hidden.short.startswith("Partly hidden: over all angles")
    worse = Record.from_dict(
        dataclasses.replace(
            plain, tables={**plain.tables, "galleries": tuple(_elsewhere(SLIDES, 70.0, 5.0))}
        ).to_dict()
    )
    said = summarize(worse)
    assert said.hidden.mark == said.cards[0].lines[0].mark == "bad"
    assert "still names 70.0 % of all walks" in said.hidden.short
