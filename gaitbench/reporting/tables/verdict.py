"""The first table: what the strongest attack still names of every system."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import short_attack
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, rate_cell
from gaitbench.reporting.reading.verdicts import WEAK, broken_controls, system_verdicts
from gaitbench.reporting.words.verdicts import LEVELS
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import BROKEN

__all__ = ["verdicts"]

_COLUMNS = (
    Column("system", "System"), Column("verdict", "Verdict"),
    Column("named", "Still named (%)", 1, interval=True,
           meaning="still named: rank-1 of the strongest attack, all angles together"),
    Column("untouched", "Untouched (%)", 1, meaning="untouched: the same attack where nothing was done"),
    Column("guess", "Guess (%)", 1), Column("attack", "By"),
    Column("slides", "Slides' attacker (%)", 1, meaning="slides' attacker: what the slides' own attack still names"),
)  # fmt: skip


def verdicts(record: Record) -> Table | None:
    """One row an anonymizer, who is named most first; None where no ladder was run."""
    found, broken = system_verdicts(record), broken_controls(record)
    if not found:
        return None
    rows = []
    for one in found:
        worst, slides = one.worst, one.slides
        cells = (
            Cell(one.system), Cell(LEVELS["unknown" if broken else one.level][2]),
            rate_cell(worst.rank1, worst.rank1_ci_low, worst.rank1_ci_high), rate_cell(one.untouched),
            Cell(one.chance), Cell(short_attack(worst)),
            Cell(state=State.NOT_RUN) if slides is None else rate_cell(slides.rank1),
        )  # fmt: skip
        rows.append(Row(cells, "", {"source": "here"}))
    caption = (
        "A lower bound of the risk: a stronger attack may exist. Hidden: the interval reaches down to a blind guess; "
        f"not hidden: the attack keeps {100 * BROKEN:.0f} % or more of what it has over a guess on untouched walks; "
        "partly hidden: between the two; cannot be told: the interval holds both, nobody is named untouched, or "
        f"hidden from recognizers of which none names {WEAK:.0f} % of the normal walks untouched.",
        *(["A control broke: no figure here is to be trusted."] if broken else []),
        brackets(record),
        data_sentence(record),
    )
    title = "What the strongest attack still names"
    return Table("table_verdict", title, caption, _COLUMNS, tuple(rows))


VERDICT = ReportTable("privacy", verdicts)
