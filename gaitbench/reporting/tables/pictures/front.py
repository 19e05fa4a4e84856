"""Who is not dominated: no other system hides as much and leaves as much that is useful."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.front import Front, front_of
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, rate_cell
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable

__all__ = ["front"]

_COLUMNS = (
    Column("system", "System"),
    Column("place", "Place",
           meaning="place: front, where no other setting or system names as few and is as useful; else who does"),
    Column("utility", "Useful", 2, interval=True),
    Column("named", "Still named (%)", 1, interval=True,
           meaning="still named: rank-1 of the strongest of the attacks that every row met"),
    Column("by", "By"),
    Column("strongest", "Strongest of all (%)", 1, interval=True,
           meaning="strongest of all: of every attack on its silhouettes under every gallery, more on some rows than "
           "on others"),
    Column("strongest_by", "By (of all)", minor=True),
    Column("attacks", "Attacks", 0),
)  # fmt: skip


def front(record: Record) -> Table | None:
    """One block a measure of utility, the front first; None without two systems or settings to compare."""
    found = front_of(record)
    if found is None:
        return None
    rows = []
    if len(found.measures) > 1:
        rows += _block(found, found.measures, "All measures of utility together")
    for measure in found.measures:
        known = next(p.utility[measure] for p in found.points + found.controls if measure in p.utility)
        head = f"{known.title} ({known.unit}; {known.direction} is better)"
        rows += _block(found, (measure,), head)
    alone = [p.label for p in found.points if p.ignorant_only]
    shared = sorted({f"{key[0]} with {key[1]}" for key in found.shared})
    caption = (
        "A system dominates another if it leaves no more named and is as useful, and better in one of both. Ordered by "
        "the figures themselves; clearly: the intervals lie apart in every one of them (careful: the same people walk "
        "under both).",
        f"Compared under the attacks that every row met: {', '.join(shared)}. A lower bound of the risk.",
        *(
            [
                f"Only the ignorant attacker was run on {', '.join(alone)}: no worst case, and not to be read as one."
            ]
            if alone
            else []
        ),
        *([f"Left out, as not attacked: {', '.join(found.left_out)}."] if found.left_out else []),
        "Controls take no part: `constant` would hide best, and `original` be most useful.",
        brackets(record),
        data_sentence(record),
    )
    title = "Privacy against utility: who is not dominated"
    return Table("table_front", title, caption, _COLUMNS, tuple(rows), "the fronts")


def _block(found: Front, measures: tuple[str, ...], head: str) -> list[Row]:
    """Those that are not dominated, who is named least first; then the others."""
    over = found.dominators(measures)
    order = sorted(
        (i for i, p in enumerate(found.points) if any(m in p.utility for m in measures)),
        key=lambda i: (bool(over[i]), found.points[i].under(found.shared).value),
    )
    rows = []
    for i in order:
        point = found.points[i]
        named, most = point.under(found.shared), point.strongest
        row = point.utility.get(measures[0]) if len(measures) == 1 else None
        cells = (
            Cell(point.label), Cell(_place(found, measures, i, over[i])),
            Cell(state=State.NOT_RUN) if row is None else rate_cell(row.value, row.ci_low, row.ci_high),
            rate_cell(named.value, named.low, named.high), Cell(named.text),
            rate_cell(most.value, most.low, most.high), Cell(most.text), Cell(len(point.attacks)),
        )  # fmt: skip
        labels = {"source": "here", "measure": ", ".join(measures), "anonymizer": point.anonymizer}
        rows.append(Row(cells, head, labels, detail=bool(over[i])))
    return rows


def _place(found: Front, measures: tuple[str, ...], own: int, over: tuple[int, ...]) -> str:
    if not over:
        return "front"
    said = []
    for j in over:
        clear = found.clearly(found.points[j], found.points[own], measures)
        said.append(f"{found.points[j].label}{' (clearly)' if clear else ''}")
    return f"dominated by {', '.join(said)}"


FRONT = ReportTable("quality", front)
