"""The main part of the LaTeX document: long tables by the rows that lead, whole in the appendix."""

import re
from pathlib import Path

import pytest

from gaitbench.reporting.formats.latex import to_latex
from gaitbench.reporting.formats.latex_document import main_part
from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.report import make_tables, write_tables
from gaitbench.results.record import Record

REPORTS = Path(__file__).parents[3] / "reports"


def table(leads, **more):
    columns = (Column("who", "Who"), Column("rate", "Rate (%)", 1))
    rows = tuple(Row((Cell(f"row {i}"), Cell(float(i))), leads=lead) for i, lead in enumerate(leads))
    return Table("table4_attackers", "Ladder", ("What it says.",), columns, rows, **more)


@pytest.mark.parametrize("leads", [[True, False] * 10, [True] * 60, [False] * 60])
def test_what_is_short_or_has_nothing_that_leads_stays_whole(leads):
    assert main_part(table(leads)) is None


def test_a_long_table_shows_what_leads_and_says_where_the_rest_is():
    whole = table([i % 4 == 0 for i in range(60)], leading="every fourth")
    short = main_part(whole)
    assert short is not None and short.name == "table4_attackers_main" and short.title == whole.title
    assert [row.cells[0].value for row in short.rows] == [f"row {i}" for i in range(0, 60, 4)]
    text = " ".join(to_latex(short).split())
    assert "Shown: every fourth; the whole table stands in the appendix." in text
    assert short.file == whole.file == "table4_attackers.csv"  # nobody is sent to a file that is not there
    # a detail that only the CSV file holds does not come back by leading
    rows = tuple(
        Row(row.cells, leads=True, detail=i % 8 == 0) for i, row in enumerate(table([True] * 70).rows)
    )
    assert main_part(Table("t", "T", (), whole.columns, rows)) is None


def test_the_document_sets_the_leading_rows_first_and_the_whole_tables_behind(tmp_path):
    write_tables(Record.load(REPORTS / "standard"), tmp_path)
    for folder in (tmp_path, tmp_path / "twocolumn"):
        main, appendix = (folder / "all.tex").read_text().split("Appendix: further tables")[:2]
        for name in ("table2_incomplete_complete", "table4_attackers", "table5_controls"):
            assert f"\\input{{{name}_main}}" in main and f"\\input{{{name}}}" in appendix
        assert r"\input{table_verdict}" in main
        inputs = re.findall(r"\\input{(\w+)}", main + appendix)
        assert len(inputs) == len(set(inputs))
        assert all((folder / f"{name}.tex").is_file() for name in inputs)
        labels = re.findall(r"\\label{([^}]*)}", "".join((folder / f"{n}.tex").read_text() for n in inputs))
        assert len(labels) == len(set(labels))


def test_what_leads_in_the_tables_of_a_whole_run():
    tables = {t.name: t for own in make_tables(Record.load(REPORTS / "standard")).values() for t in own}
    ladder = [row for row in tables["table4_attackers"].rows if row.leads and not row.slides]
    first = ladder[0].labels["anonymizer"]
    systems = {row.labels["anonymizer"] for row in tables["table4_attackers"].rows}
    assert {row.labels["anonymizer"] for row in ladder} == systems, "the worst case of every system leads"
    marks = {(row.labels["anonymizer"], row.cells[3].value) for row in ladder}
    assert (first, "slides' cell") in marks
    assert all(any(one == s and str(mark).startswith("worst") for one, mark in marks) for s in systems)
    success = tables["table3_success_by_angle"]
    for row in success.rows:
        assert row.leads == (row.slides or row.labels["anonymizer"] == first or row.cells[0].value == "mean")
    for name in ("table1_plain_textural", "table2_incomplete_complete"):
        led = [row for row in tables[name].rows if row.leads]
        assert {row.labels["anonymizer"] for row in led} == {first} and any(row.slides for row in led)
        assert {"overlap", "original"} <= {row.labels["reference"] for row in led}
    named = {}
    for row in tables["table5_controls"].rows:
        place = (row.labels["control"], row.attacker, row.cells[2].value)
        named.setdefault(place, []).append((row.leads, row.cells[4].value))
    for rows in named.values():
        (led,) = [rate for leads, rate in rows if leads]
        assert led == max(rate for _, rate in rows)
