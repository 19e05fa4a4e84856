"""Distance of a block of probes to every person: as `recognizers.asking`, with the labels read once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.stages.checked import checked_distances, sealed_rows
from gaitbench.metrics.identification import average_precisions
from gaitbench.systems import MeasuringRecognizer

__all__ = ["Entries"]


class Entries:
    """The entries of a gallery, which a recognizer has enrolled in their order.

    Parameters
    ----------
    gallery : Features
        Usable ones (m).
    angles : int array (A,)
        Those that it has, sorted.
    people : str array (P,)
        As `angles`.
    """

    def __init__(self, gallery: Features, angles: NDArray[np.int64], people: NDArray[np.str_]) -> None:
        self.count, self.people = len(gallery.keys), people
        persons = np.searchsorted(people, gallery.subjects)
        self._labels = people[persons]
        of_angle = gallery.angles
        self._columns = [np.flatnonzero(of_angle == angle) for angle in angles]
        self._order = [columns[np.argsort(persons[columns], kind="stable")] for columns in self._columns]
        self._there, self._starts = [], []
        for order in self._order:
            there, starts = np.unique(persons[order], return_index=True)
            self._there.append(there)
            self._starts.append(starts)

    def measure(
        self, model: MeasuringRecognizer, name: str, probes: Features
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """As `gaitbench.evaluation.attacks.recognizers.asking.by_entries`, of a block.

        Returns
        -------
        values : float32 array (b, A, P)
        precisions : float32 array (b, A + 1)
        """
        found = model.distances(sealed_rows(probes.x), angle=probes.angles)
        block = checked_distances(found, f"recognizer {name}", len(probes.keys), self.count)
        subjects = probes.subjects
        values = np.full((len(block), len(self._columns), len(self.people)), np.inf, dtype=np.float32)
        precisions = np.full((len(block), len(self._columns) + 1), np.nan, dtype=np.float32)
        for a, (columns, order) in enumerate(zip(self._columns, self._order, strict=True)):
            there, starts = self._there[a], self._starts[a]
            nearest = block[:, order]
            if len(starts) < len(order):
                nearest = np.minimum.reduceat(nearest, starts, axis=1)
            values[:, a, there] = nearest
            if (np.diff(order) > 0).all() and len(starts) == len(order):
                precisions[:, a] = _of_single_entries(nearest, subjects, self.people[there])
            else:
                precisions[:, a] = self._precision(block, columns, subjects, self.people[there])
        precisions[:, -1] = self._precision(block, None, subjects, self.people)
        return values, precisions

    def _precision(
        self,
        block: NDArray[np.float32],
        columns: NDArray[np.intp] | None,
        subjects: NDArray[np.str_],
        enrolled: NDArray[np.str_],
    ) -> NDArray[np.float64]:
        """Average precision over some entries, or all; NaN where the own person has none there."""
        found = np.full(len(block), np.nan)
        there = np.isin(subjects, enrolled)
        if there.any():
            rows = block if there.all() else block[there]
            labels = self._labels if columns is None else self._labels[columns]
            found[there] = average_precisions(
                rows if columns is None else rows[:, columns], subjects[there], labels
            )
        return found


def _of_single_entries(
    nearest: NDArray[np.float32], subjects: NDArray[np.str_], enrolled: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Average precision where each person has one entry: one over its rank, an earlier entry winning a tie."""
    own = np.minimum(np.searchsorted(enrolled, subjects), len(enrolled) - 1)
    value = nearest[np.arange(len(own)), own][:, None]
    before = np.count_nonzero(nearest < value, axis=1)
    # two at one distance are rare: looked at where more than the own one lies there
    for i in np.flatnonzero(np.count_nonzero(nearest == value, axis=1) > 1).tolist():
        before[i] += np.count_nonzero(nearest[i, : own[i]] == value[i])
    return np.where(enrolled[own] == subjects, 1.0 / (1 + before), np.nan)
