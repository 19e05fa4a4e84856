"""What a table answers, and what it says in one line: made from its own figures."""

from __future__ import annotations

import re
from collections import Counter

from gaitbench.reporting.formats.plain import cell_words, interval_text
from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.formats.table import Column, Row, State, Table
from gaitbench.results.schema import CONTROLS

__all__ = ["question_of", "says"]

#: Beginning of a table's name -> the question that it answers.
_QUESTIONS = {
    "table_verdict": "Who is still named by the strongest attack?",
    "table_worst_case": "Is the strongest attack only strongest by luck?",
    "table_galleries": "Does it matter what the attacker compares with?",
    "table_gallery_size": "What if there are more people to choose from?",
    "table_slides_claims": "Which claims of the slides hold?",
    "table_subject_tail": "Who is not hidden?",
    "table_pooled": "What if the attacker has more than one video of a person?",
    "table_assigned": "What if the attacker knows that each person is there once?",
    "table_open_set": "What if some people are strangers to the attacker?",
    "table_linkability": "Can two walks be told to be of one person?",
    "table_singling_out": "Can one person be singled out in a group?",
    "table_attributes": "What else does the walk give away?",
    "table_competence": "Does the attacker know these people at all?",
    "table_controls": "Does the measure give the known answers?",
    "table_attacks_by_worst_angle": "Which attack is strongest, and from which angle?",
    "table_success_other_attacks": "How do the other attacks fare by angle?",
    "table_cmc": "Is the right person among the first few guesses?",
    "table_recognition": "From which angles is a walk recognized?",
    "table_differences": "Does one colorizer beat another?",
    "table_quality_all_references": "How good is the picture, whatever it is compared with?",
    "table_picture_measures": "What do other measures of the picture say?",
    "table_naturalness": "Does the walk still look natural?",
    "table_gaps": "Who is hidden less than others?",
    "table_front": "Which system is best where privacy and use pull apart?",
    "table_margins": "Which system was shown to be no worse than another?",
    "table_sessions": "Does it matter whether the gallery was filmed on the same day?",
    "table_equal_success": "How good is the picture where all hide alike?",
    "table_utility": "What is the anonymized walk still good for?",
    "table_utility_again": "What is the painted film still good for?",
    "table_sweep": "What does more strength cost?",
    "table1_": "How good is the picture on plain and textural clothes?",
    "table2_": "How good is the picture of incomplete silhouettes?",
    "table3_": "How often is the slides' attacker fooled, by angle?",
    "table4_": "Which attack names most people?",
    "table5_": "What do the attacks say where the answer is known?",
    "table6_": "Which part of the method does what?",
}
#: Beginning of a table's name -> the column that its line speaks of, where it is not the first with an interval.
_LEAD = {
    "table_worst_case": "rank1",
    "table_attacks_by_worst_angle": "lowest",
    "table_controls": "mean",
    "table_gaps": "difference",
    "table_attributes": "after",
}
#: Tables whose rows are of several measures: only their verdicts are counted.
_MIXED = ("table_slides_claims", "table_differences")
#: Tables of several measures without verdicts: the first figures of systems are said one by one.
_EACH = ("table_utility", "table_utility_again", "table_naturalness", "table_picture_measures")
#: Columns that name a row.
_NAMING = ("system", "anonymizer", "control", "changed", "variant", "colorizer", "pair", "measure", "set", "attacker",
           "recognizer", "claim", "gallery_angle")  # fmt: skip
_PIECES = 3
_FEW = 3


def question_of(table: Table) -> str:
    """The question that the table answers; the title of a table that we do not know."""
    fitting = [name for name in _QUESTIONS if table.name.startswith(name)]
    return _QUESTIONS[max(fitting, key=len)] if fitting else table.title


def says(table: Table) -> str:
    """What the table says, in one line made from the rows that it shows; empty where it holds no figure."""
    rows = [row for row in table.shown if _counts(row)]
    # Of made systems the answer is known: they are spoken of only where there is nothing else.
    rows = [row for row in rows if not _made(table, row)] or rows
    verdicts = _verdicts(table, rows)
    if table.name == "table_subject_tail":
        return _people(table, rows)
    lead = None if table.name in _MIXED else _lead(table, rows)
    if lead is None:
        return verdicts.strip()
    place, column = lead
    if table.name in _EACH:
        return _each(table, rows, place, column)
    found = [row for row in rows if _figure(row, place) is not None]
    name = f"{column.group}, {column.title}" if column.group else column.title
    high, low = (choose(found, key=lambda row: _figure(row, place) or 0.0) for choose in (max, min))
    if _figure(high, place) == _figure(low, place):
        count = "" if len(found) == 1 else f" in all {len(found)} rows"
        return f"{verdicts}{name}: {_value(high, place, column)}{count or _named(table, high)}."
    return (
        f"{verdicts}{name}: highest {_value(high, place, column)}{_named(table, high)}, "
        f"lowest {_value(low, place, column)}{_named(table, low)}, of {len(found)} rows."
    )


def _counts(row: Row) -> bool:
    mean = row.cells[0].value == "mean"
    return not (row.slides or mean or row.labels.get("source") in ("slides", "chance"))


def _each(table: Table, rows: list[Row], place: int, column: Column) -> str:
    """The first few figures, each with its block and row; rows of one name, of other walks, are one."""
    found: list[Row] = []
    told: set[tuple[str, str]] = set()
    for row in rows:
        whose = (row.section or row.labels.get("measure", ""), _named(table, row))
        if _figure(row, place) is not None and whose not in told:
            found.append(row)
            told.add(whose)
    said = []
    for row in found[:_FEW]:
        block = row.section or row.labels.get("measure", "") or column.title
        said.append(f"{block}: {_value(row, place, column)}{_named(table, row)}")
    more = f"; {len(found) - _FEW} more" if len(found) > _FEW else ""
    return f"{'; '.join(said)}{more}."


def _made(table: Table, row: Row) -> bool:
    names = [row.labels.get("anonymizer"), row.labels.get("control")]
    names += [
        str(cell.value)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.key in ("system", "anonymizer", "control")
    ]
    return any((name or "").split(" (")[0] in CONTROLS for name in names)


def _people(table: Table, rows: list[Row]) -> str:
    """Who of all is named most often, by which attack."""
    place = next((i for i, column in enumerate(table.columns) if column.key == "person_1"), None)
    found = []
    for row in rows if place is not None else []:
        parts = re.fullmatch(r"(.+): ([\d.]+) of (\d+)", str(row.cells[place or 0].value))
        if parts:
            found.append((float(parts[2]), parts, row))
    if not found:
        return ""
    _, parts, row = max(found, key=lambda one: one[0])
    return f"Named most often: person {parts[1]}, {parts[2]} % of {parts[3]} walks{_named(table, row)}."


def _figure(row: Row, place: int) -> float | None:
    cell = row.cells[place]
    number = cell.state is State.VALUE and isinstance(cell.value, int | float)
    return float(cell.value) if number and cell.value is not None else None


def _lead(table: Table, rows: list[Row]) -> tuple[int, Column] | None:
    """The column that the line speaks of, with its place: one that holds figures."""
    key = next((key for name, key in _LEAD.items() if table.name == name), None)
    usable = [
        (i, column)
        for i, column in enumerate(table.columns)
        if column.digits is not None
        and column.key not in ("angle", "gallery_angle")
        and any(_figure(row, i) is not None for row in rows)
    ]
    named = [one for one in usable if one[1].key == key]
    return next(iter(named or [one for one in usable if one[1].interval] or usable), None)


def _verdicts(table: Table, rows: list[Row]) -> str:
    """How many rows have which verdict, where the table gives any."""
    place = next((i for i, column in enumerate(table.columns) if column.key == "verdict"), None)
    if place is None:
        return ""
    counts = Counter(str(row.cells[place].value) for row in rows if row.cells[place].value)
    text = "; ".join(f"{word}: {count} of {len(rows)}" for word, count in counts.most_common(4))
    return f"{text[:1].upper()}{text[1:]}. " if text else ""


def _value(row: Row, place: int, column: Column) -> str:
    cell = row.cells[place]
    return f"{cell_words(column, cell)} {interval_text(column, cell)}".strip()


def _named(table: Table, row: Row) -> str:
    """Which row, in brackets."""
    pieces = []
    for column, cell in zip(table.columns, row.cells, strict=True):
        if column.key == "angle" and cell.value is not None:
            pieces.append(degrees(cell.value))
        elif column.key in _NAMING and cell.value not in (None, "", "none"):
            pieces.append(degrees(cell.value) if column.key == "gallery_angle" else str(cell.value))
    whose = row.labels.get("anonymizer") or row.labels.get("control")
    if whose and whose not in pieces:
        pieces.insert(0, whose)
    return f" ({', '.join(pieces[:_PIECES])})" if pieces else ""
