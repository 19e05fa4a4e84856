"""Recognition between angles as matrices: rank-1 by gallery angle and probe angle, and its mean off the diagonal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.reporting.reading.selection import ordered, unique
from gaitbench.results.record import Record

__all__ = ["Matrix", "recognition_matrices"]

_CONDITIONS = ("nm", "bg", "cl")


@dataclass(frozen=True)
class Matrix:
    """Rank-1 in percent of one recognizer on untouched probes of one condition.

    Parameters
    ----------
    recognizer, condition : str
    gallery_angles, probe_angles : tuple of int
    rank1 : float array (gallery, probe)
        NaN where there is no figure.
    present : bool array (gallery, probe)
        Whether the record has a row there.
    n : tuple of int
        The numbers of probes that occur in its cells, sorted.
    """

    recognizer: str
    condition: str
    gallery_angles: tuple[int, ...]
    probe_angles: tuple[int, ...]
    rank1: NDArray[np.float64]
    present: NDArray[np.bool_]
    n: tuple[int, ...]

    @property
    def cross(self) -> NDArray[np.bool_]:
        """Where gallery and probe angle differ: the cells of the mean."""
        different: NDArray[np.bool_] = np.array(self.gallery_angles)[:, None] != np.array(self.probe_angles)
        return different

    def mean(self, gallery: int | None = None, probe: int | None = None) -> float | None:
        """Mean of the cells off the diagonal, as they are (unrounded), of all or of one row or column.

        Returns
        -------
        float or None
            None where no such cell has a figure.
        """
        wanted = self.cross & np.isfinite(self.rank1)
        if gallery is not None:
            wanted &= (np.array(self.gallery_angles) == gallery)[:, None]
        if probe is not None:
            wanted &= (np.array(self.probe_angles) == probe)[None]
        return float(self.rank1[wanted].mean()) if wanted.any() else None


def recognition_matrices(record: Record) -> list[Matrix]:
    """Every matrix of a record, by recognizer and condition."""
    found = []
    for recognizer in unique(row.recognizer for row in record.recognition):
        mine = [row for row in record.recognition if row.recognizer == recognizer]
        for condition in ordered((row.condition for row in mine), _CONDITIONS):
            rows = [row for row in mine if row.condition == condition]
            gallery = sorted({row.gallery_angle for row in rows})
            probe = sorted({row.probe_angle for row in rows})
            values = np.full((len(gallery), len(probe)), np.nan)
            present = np.zeros(values.shape, bool)
            for row in rows:
                place = gallery.index(row.gallery_angle), probe.index(row.probe_angle)
                present[place] = True
                if row.rank1 is not None:
                    values[place] = row.rank1
            found.append(
                Matrix(
                    recognizer, condition, tuple(gallery), tuple(probe), values, present,
                    tuple(sorted({row.n for row in rows})),
                )
            )  # fmt: skip
    return found
