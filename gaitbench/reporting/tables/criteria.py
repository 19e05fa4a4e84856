"""Open set, and the criteria of the Article 29 working party, of every attack."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, rate_cell, unique
from gaitbench.reporting.tables.pooled import BRIEF, SYSTEM, attack_key, attack_texts, main_attacks
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema_pooled import Criterion

__all__ = ["criteria"]

_WORDS = {
    "open set": "Open set: rightly named probes of enrolled people, strangers named at most",
    "singling out": "Singling out",
    "linkability": "Linkability",
}


def _at(row: Criterion) -> str:
    return f"{row.at:g} %" if row.criterion == "open set" else f"{row.at:g} people"


def criteria(record: Record) -> list[Table]:
    """One table a criterion: one row an attack, one column a rate of false alarms or a number of people."""
    made = []
    for criterion in unique(row.criterion for row in record.tables["criteria"]):
        own = [row for row in record.tables["criteria"] if row.criterion == criterion]
        made.append(_table(record, criterion, own))
    return made


def _table(record: Record, criterion: str, own: list[Criterion]) -> Table:
    steps = sorted({row.at for row in own})
    found = {(attack_key(row), row.at): row for row in own}
    main = main_attacks(record)
    heads = {row.at: _at(row) for row in own}
    rows = []
    for key in unique(map(attack_key, own)):
        cells = []
        for at in steps:
            row = found.get((key, at))
            cells.append(rate_cell(row.value, row.ci_low, row.ci_high) if row else Cell(state=State.NOT_RUN))
        rows.append(
            Row((*attack_texts(key), *cells), "", {"source": "here"}, attacker=key[2], detail=key not in main)
        )
    blind = {row.at: row.blind for row in own}
    words = (Cell("blind guess"), *(Cell(state=State.NOT_RUN),) * 3)
    rows.append(Row((*words, *(Cell(blind[at]) for at in steps)), "", {"source": "chance"}))
    columns = (
        *SYSTEM,
        *(
            Column(f"at_{at:g}".replace(".", "_"), heads[at], 1, f"{_WORDS[criterion]} (%)", interval=True)
            for at in steps
        ),
    )  # fmt: skip
    said = {
        "open set": "Half of the people are enrolled, the others are strangers, in 20 drawn halves: a probe is named "
        "where its nearest person lies under the distance that lets no more than this share of the strangers' probes "
        "pass. One minus the figure is the false negative identification rate.",
        "singling out": "Article 29 working party, opinion 05/2014: share of predicates (nearer to an enrolled person "
        "than a threshold that one of N calibration sequences passes) that pick out exactly one of N people, "
        "whether or not the right one. A random predicate does so in 37 % as N grows.",
        "linkability": "Article 29 working party, opinion 05/2014: chance that a probe is linked to its person among N "
        "people, the own one and others drawn at random (exact, no draw is made).",
    }[criterion]  # fmt: skip
    measured = () if criterion == "open set" else (
        "Computed as Vauquier et al. (2025) do; a measured risk, and no judgement in the sense of any law.",
    )  # fmt: skip
    caption = (said, *measured, brackets(record), data_sentence(record), "The slides give no such figures.")
    name = f"table_{criterion.replace(' ', '_')}"
    title = {
        "open set": "Strangers among the probes",
        "singling out": "Singling out",
        "linkability": "Linkability",
    }
    return Table(name, title[criterion], caption, columns, tuple(rows), BRIEF)


CRITERIA = ReportTable("privacy", criteria)
