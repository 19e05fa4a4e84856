"""What a gait tells besides the name, as a table; what is left out stands in it with a word."""

import dataclasses

import pytest
from fake_run import second_record

from gaitbench.reporting.formats.plain import to_csv
from gaitbench.reporting.formats.table import State
from gaitbench.reporting.tables.attributes import attributes
from gaitbench.reporting.words.attributes import attribute_lines
from gaitbench.reporting.words.summary import summarize
from gaitbench.results.record import Record
from gaitbench.results.schema_pooled import Inference, LeftOut

SEX = Inference(
    "model-2", "semi-informed", "sex", "female", "male", 240, 162, 40, 50, 81.0, 76.0, 86.0, 57.0, 51.0, 63.0
)
CONSTANT = dataclasses.replace(SEX, anonymizer="constant", after=50.0, after_ci_low=45.0, after_ci_high=55.0)
BAG = LeftOut("attributes", "bag", "among the people to learn from nobody walks with a bag")
OTHER = LeftOut("other", "x", "not ours")


def record(rows=(SEX, CONSTANT), left=(BAG, OTHER)):
    return dataclasses.replace(second_record(), attributes=list(rows), left_out=list(left))


def test_one_row_a_system_with_both_intervals_and_what_is_left_out_last():
    table = attributes(record())
    first, control, last = table.rows
    assert [c.value for c in first.cells] == ["sex", "model-2", "semi-informed", 81.0, 57.0, 240, 162, 40, 50]
    assert [(c.low, c.high) for c in first.cells[3:5]] == [(76.0, 86.0), (51.0, 63.0)]
    assert control.detail and not first.detail
    assert last.cells[0].value == "bag" and {c.state for c in last.cells[1:]} == {State.NOT_RUN}
    assert "Left out: bag (among the people to learn from nobody walks with a bag)." in table.sentences
    assert "sex: female or male." in table.sentences
    assert to_csv(table).count("\n") >= 4


def test_nothing_told_is_said_and_nothing_asked_shows_nothing():
    table = attributes(record(rows=()))
    assert [row.cells[0].value for row in table.rows] == ["bag"]
    assert attributes(second_record()) is None
    assert attributes(record(rows=(), left=(OTHER,))) is None


def test_rows_are_read_again_and_checked(tmp_path):
    record().save(tmp_path)
    found = Record.load(tmp_path)
    assert found.tables["attributes"] == (SEX, CONSTANT) and found.tables["left_out"][0] == BAG
    for wrong in ({"after": 101.0}, {"n_of": 240}, {"after_ci_low": None}, {"learnt": 0}):
        with pytest.raises(ValueError, match=r"balanced accuracy"):
            dataclasses.replace(SEX, **wrong)


def test_the_summary_names_the_best_attacker_of_each_attribute():
    weaker = dataclasses.replace(SEX, attacker="ignorant", after=49.0)
    coat = dataclasses.replace(
        SEX, attribute="coat", after=84.0, after_ci_low=72.0, after_ci_high=92.0, before=95.0
    )
    (line,) = attribute_lines(record(rows=(weaker, SEX, coat, CONSTANT)), "model-2")
    assert line == (
        "Besides the name, the strongest attacker tells of model-2: sex 57.0 % (semi-informed, 95 % interval 51.0 to "
        "63.0, untouched 81.0 %); coat 84.0 % (semi-informed, 95 % interval 72.0 to 92.0, untouched 95.0 %). That is "
        "balanced accuracy: a blind guess has 50 %."
    )
    assert line in summarize(record(rows=(weaker, SEX, coat, CONSTANT))).hidden.lines
    assert attribute_lines(second_record(), "model-2") == []
