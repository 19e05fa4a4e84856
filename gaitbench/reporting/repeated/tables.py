"""Tables of a suite's repeats."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.results.repeated.comparing import PEOPLE, Repeated, Within

__all__ = ["repeated_table", "within_table"]

_COLUMNS = (
    Column("system", "System"), Column("figure", "Figure"), Column("runs", "Runs", 0),
    Column("mean", "Mean", 2, interval=True,
           meaning="mean: over the runs, with its interval by Student's t; the figure of one more run lies in the "
           "range beside it as often"),
    Column("next", "Next run", 2, interval=True),
    Column("sd", "SD", 2, meaning="SD: between the runs, as they are"),
    Column("within", "Own SE", 2, meaning="own SE: what each run's interval over its people says of itself, as a "
           "standard error (root of the mean square)"),
    Column("between", "SD beyond it", 2, meaning="SD beyond it: what of the SD that does not explain (moments)"),
    Column("lowest", "Lowest", 2), Column("highest", "Highest", 2), Column("unit", "Unit"),
)  # fmt: skip
_WITHIN = (
    Column("attack", "Attack"), Column("people", "People", 0), Column("n", "n", 0),
    Column("named", "Named (%)", 1),
    Column("person", "Person (%)", 1, "Share of the variance"), Column("walk", "Walk (%)", 1, "Share of the variance"),
    Column("rest", "Camera, chance (%)", 1, "Share of the variance"),
)  # fmt: skip


def repeated_table(rows: Sequence[Repeated], suite: str, confidence: float = 0.95) -> Table | None:
    """A block for each kind of draw; None without rows."""
    if not rows:
        return None
    caption = (
        f"Suite {suite}, run anew: {PEOPLE} are other rendered people in every role (recognizer, models and test), "
        "so that all is trained anew; training and noise keep the people and change the seed of both.",
        "The attack that names most is chosen on the first run and held in the others. An interval that a run prints "
        "is over its own people with what was trained held fixed: where SD beyond it is not small, it is too narrow "
        "for a claim about other people.",
        f"Intervals: {100 * confidence:g} %. Of a few runs an SD is itself unsure.",
    )
    return Table("table_repeated", "What another draw would give", caption, _COLUMNS, tuple(map(_row, rows)))


def _row(row: Repeated) -> Row:
    found = row.found
    return Row(
        (
            Cell(row.name[0]), Cell(row.name[1]), Cell(found.n), Cell(found.mean, found.low, found.high),
            Cell(found.mean, found.next_low, found.next_high), Cell(found.sd),
            _known(row.within), _known(found.between_sd),
            Cell(min(row.values)), Cell(max(row.values)), Cell(row.name[2]),
        ),
        f"Drawn anew: {row.drawn}", {"drawn": row.drawn, "values": " ".join(f"{v:.6g}" for v in row.values)},
    )  # fmt: skip


def _known(value: float) -> Cell:
    return Cell(state=State.UNDEFINED) if math.isnan(value) else Cell(value)


def within_table(rows: Sequence[Within], run: str) -> Table | None:
    """Where single answers vary within one run; None without rows."""
    if not rows:
        return None
    caption = (
        f"Run {run}. Each answer is one probe, named rightly or not. Person: some people are named more often in all "
        "their walks; walk: some walks of a person are, by all cameras; the rest is cameras and chance "
        "(nested analysis of variance by moments, Searle, Casella, McCulloch 1992).",
        "More cameras narrow the rest alone, more walks the walks, more people all three.",
    )
    cells = [
        (
            Cell(r.attack), Cell(r.people), Cell(r.n), Cell(r.named), Cell(100 * r.shares.person),
            Cell(100 * r.shares.walk), Cell(100 * r.shares.rest),
        )
        for r in rows
    ]  # fmt: skip
    return Table(
        "table_variance",
        "Where the variance lies within a run",
        caption,
        _WITHIN,
        tuple(Row(c) for c in cells),
    )
