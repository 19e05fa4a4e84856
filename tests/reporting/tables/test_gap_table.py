"""Who is hidden less, as a table and as a sentence of the summary."""

import dataclasses

from fake_run import second_record

from gaitbench.reporting.formats.plain import to_csv
from gaitbench.reporting.formats.table import State
from gaitbench.reporting.reading.intervals import could_have_seen
from gaitbench.reporting.tables.gaps import gaps
from gaitbench.reporting.words.gaps import gap_lines
from gaitbench.reporting.words.summary import summarize
from gaitbench.results.record import Record
from gaitbench.results.schema_pooled import Gap, LeftOut

ATTACK = ("semi-informed", "robust-vtm", "silhouette", "all-views")
WOMEN = Gap(
    "model-2", "none", *ATTACK, "worst case", "women", "men", 27, 13, 1782, 858,
    12.0, 8.0, 17.0, 30.0, 22.0, 40.0, 86.0, 66.0, -18.0, -29.0, -8.0, 0.001, 0.002,
)  # fmt: skip
TALL = dataclasses.replace(
    WOMEN,
    first="tall",
    second="short",
    difference=-9.0,
    ci_low=-17.0,
    ci_high=-1.0,
    p_value=0.03,
    p_holm=0.06,
)


def record(rows=(WOMEN, TALL), left=()):
    return dataclasses.replace(second_record(), gaps=list(rows), left_out=list(left))


def test_both_groups_their_difference_and_what_could_have_been_seen():
    (table,) = gaps(record(left=[LeftOut("gaps", "height", "not known")]))
    first = table.rows[0]
    assert first.section == "Women (first) and men (second)"
    assert [(c.value, c.low, c.high) for c in first.cells[3:6]] == [
        (12.0, 8.0, 17.0), (30.0, 22.0, 40.0), (-18.0, -29.0, -8.0),
    ]  # fmt: skip
    assert first.cells[6].value == could_have_seen(-29.0, -8.0, 0.95)
    assert first.cells[-1].value == "27 and 13"
    assert "Left out: height (not known)." in table.sentences
    assert any(s.startswith("Tall: above the median") for s in table.sentences)
    assert to_csv(table).count("\n") >= 3


def test_an_undefined_difference_is_no_zero_and_no_rows_no_table():
    none = dataclasses.replace(WOMEN, difference=None, ci_low=None, ci_high=None, p_value=None, p_holm=None)
    (table,) = gaps(record([none]))
    assert {c.state for c in table.rows[0].cells[5:9]} == {State.UNDEFINED}
    assert gaps(second_record()) == []


def test_the_summary_speaks_only_where_the_difference_holds_after_correction():
    (line,) = gap_lines(record(), "model-2")
    assert line == (
        "Men are hidden less than women by model-2: in the worst case 30.0 % of their probes are named rightly, "
        "12.0 % of the others' (difference 18.0 points, 95 % interval 8.0 to 29.0; holds after correction for 2 "
        "comparisons)."
    )
    assert line in summarize(record()).hidden.lines
    tall = dataclasses.replace(TALL, p_holm=0.01)
    assert gap_lines(record([tall]), "model-2")[0].startswith(
        "The short are hidden less than the tall by model-2"
    )
    for silent in (
        [TALL],
        [dataclasses.replace(WOMEN, role="slides' cell")],
        [dataclasses.replace(WOMEN, p_holm=0.2)],
    ):
        assert gap_lines(record(silent), "model-2") == []
    assert gap_lines(record(), "deform") == [] and gap_lines(second_record(), "model-2") == []


def test_rows_are_read_again(tmp_path):
    record().save(tmp_path)
    assert Record.load(tmp_path).tables["gaps"] == (WOMEN, TALL)
