"""Exported walkers: which frames the export wrote is known from its note, so that one lost file shows."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.exported import ExportedTruth
from gaitbench.errors import DataError

__all__ = ["lost_of"]


def lost_of(dataset: Dataset, key: SequenceKey, numbers: Sequence[int]) -> tuple[int, ...] | None:
    """Frames that an export wrote, between the first and the last that are there, and that are gone.

    Walkers drop frames as CASIA-B does, up to nine in a row: those are no loss. None where it is not known: filmed
    people, and sequences that the export cannot have written.
    """
    if not isinstance(dataset, ExportedTruth) or dataset.export_note is None or not numbers:
        return None
    try:
        written, _ = dataset._exported._numbers(key, dataset.export_note.frames)
    except (DataError, ValueError, LookupError):  # somebody put more beside the export
        return None
    there = set(numbers)
    return tuple(n for n in written.tolist() if numbers[0] < n < numbers[-1] and n not in there)
