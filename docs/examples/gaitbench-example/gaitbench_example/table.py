"""Table ``example-median-rank``: an identification measure of our own, from the attacks' outcomes to the report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitbench.evaluation.experiment import Experiment
from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable

__all__ = ["MEDIAN_RANK", "MedianRank"]


@dataclass(frozen=True)
class MedianRank:
    """A row of the record: how far down the list of suspects the right one stands, in the middle of all probes."""

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    people: int
    before: float
    after: float


def make(experiment: Experiment) -> list[MedianRank]:
    """Rows for ``run.json``. An outcome is one attack on one system, with ranks, distances, subjects and angles."""
    return [
        MedianRank(
            one.anonymizer, one.colorizer, one.attack.attacker, one.attack.recognizer, len(one.people),
            float(np.median(one.ranks_before)), float(np.median(one.ranks_after)),
        )
        for one in experiment.outcomes
    ]  # fmt: skip


def show(record: Record) -> Table | None:
    """The table of a record, from its rows alone; None where the run had none."""
    rows = record.tables.get("example_median_rank", ())
    if not rows:
        return None
    columns = (
        Column("anonymizer", "Anonymizer"), Column("colorizer", "Painted by"), Column("attacker", "Attacker"),
        Column("recognizer", "Recognizer"), Column("before", "before", 1, "Median rank"),
        Column("after", "after", 1, "Median rank"), Column("people", "People", 0),
    )  # fmt: skip
    names = tuple(column.key for column in columns)
    cells = [tuple(Cell(getattr(row, name)) for name in names) for row in rows]
    caption = (
        "1: the right person comes first; (people + 1)/2: a blind guess.",
        "No figure here has an interval.",
    )
    return Table(
        "table_example_median_rank", "Rank of the right person", caption, columns, tuple(map(Row, cells))
    )


#: What the entry point names: the rows' type, their name in the record, who makes and who shows them.
MEDIAN_RANK = ReportTable("details", show, row=MedianRank, rows="example_median_rank", make=make)
