"""A table says in one line what its figures say; rows have names of words; words of a text lead to the glossary."""

import dataclasses
import re

from fake_run import fake_record, second_record

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.page.folded import fold, row_system
from gaitbench.reporting.report import make_tables
from gaitbench.reporting.words.reader.glossary import GLOSSARY, with_terms
from gaitbench.reporting.words.reader.questions import question_of, says

COLUMNS = (Column("system", "System"), Column("rank1", "Rank-1 (%)", 1, interval=True), Column("n", "n", 0))


def _row(name, value, **more):
    return Row((Cell(name), Cell(value, value - 1, value + 1), Cell(9)), **more)


def _table(*rows, name="table_x", columns=COLUMNS):
    return Table(name, "A title", (), columns, rows)


def test_the_line_names_highest_and_lowest_and_moves_with_the_figures():
    table = _table(_row("a", 12.0), _row("b", 40.0), _row("c", 3.0))
    assert says(table) == "Rank-1 (%): highest 40.0 [39.0, 41.0] (b), lowest 3.0 [2.0, 4.0] (c), of 3 rows."
    assert "highest 50.0" in says(_table(_row("a", 50.0), _row("b", 40.0)))
    assert says(_table(_row("a", 5.0))) == "Rank-1 (%): 5.0 [4.0, 6.0] (a)."


def test_made_systems_chance_slides_means_and_words_are_not_extremes():
    rows = (_row("a", 12.0), _row("original", 99.0), _row("mean", 98.0), _row("b", 97.0, slides=True),
            _row("blind guess", 0.5, labels={"source": "chance"}),
            Row((Cell("c"), Cell(state=State.FAILED), Cell(9))))  # fmt: skip
    assert says(_table(*rows)) == "Rank-1 (%): 12.0 [11.0, 13.0] (a)."
    assert "99.0" in says(_table(_row("original", 99.0))), (
        "of nothing but made systems it speaks all the same"
    )


def test_verdicts_are_counted():
    columns = (*COLUMNS, Column("verdict", "Verdict"))
    rows = [dataclasses.replace(_row("a", 1.0), cells=(*_row("a", 1.0).cells, Cell(word))) for word in "xyx"]
    table = _table(*rows, name="table_slides_claims", columns=columns)
    assert says(table) == "X: 2 of 3; y: 1 of 3."


def test_every_table_of_a_run_has_a_question_of_its_own_and_a_line_with_figures():
    for record in (fake_record(), second_record()):
        tables = [table for chapter in make_tables(record).values() for table in chapter]
        for table in tables:
            assert question_of(table).endswith("?"), table.name
            assert re.search(r"\d", says(table)), table.name
    assert question_of(_table(_row("a", 1.0))) == "A title"


def test_rows_have_names_of_words_that_are_their_own():
    again = fold(_table(_row("a b", 1.0), _row("a b", 2.0), _row("c", 3.0)), ["c"])
    assert again.ids == [["table_x/a-b", "table_x/a-b/2", "table_x/c"]]
    assert again.systems == [["", "", "c"]]
    assert fold(_table(_row("a b", 5.0)), []).ids == [["table_x/a-b"]], "a figure does not move the link"


def test_a_row_is_about_the_system_that_it_names_and_no_other():
    systems = ["model-2", "model-2x", "blur"]
    table = _table(_row("model-2 + proposed", 1.0))
    assert row_system(table, table.rows[0], systems) == "model-2"
    assert row_system(table, _row("model-2x", 1.0), systems) == "model-2x"
    assert row_system(table, _row("", 1.0, section="blur: silhouettes alone"), systems) == "blur"
    assert row_system(table, _row("blurred", 1.0), systems) == ""


def test_terms_are_linked_once_escaped_and_defined_once():
    text = str(with_terms("<b> rank-1 and Rank-1 (%) of a gallery"))
    assert text.startswith("&lt;b&gt; <a") and text.count("#term-rank-1") == 1 and "#term-gallery" in text
    ids = [term.id for term in GLOSSARY]
    assert len(ids) == len(set(ids)) and all(not term.meaning.endswith(".") for term in GLOSSARY)


def test_a_measure_is_said_once_of_a_system_however_many_walks_it_was_taken_of():
    rows = (
        _row("a", 12.0, section="Cadence"),
        _row("a", 13.0, section="Cadence"),
        _row("a", 14.0, section="Step"),
    )
    said = says(_table(*rows, name="table_utility"))
    assert said == "Cadence: 12.0 [11.0, 13.0] (a); Step: 14.0 [13.0, 15.0] (a)."
