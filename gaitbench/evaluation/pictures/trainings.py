"""Several trainings of one colorizer as one system: its pictures' values are means over the trainings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gaitbench.evaluation.pictures.quality import PictureScores

__all__ = ["over_trainings"]


def over_trainings(
    found: Sequence[Sequence[PictureScores]], colorizer: str, *, trained: bool
) -> list[PictureScores]:
    """One `PictureScores` a reference from those of each training.

    Parameters
    ----------
    found : sequence of sequence of PictureScores
        What `quality.measure` gave of each training; one that failed gave nothing, and was noted.
    colorizer : str
        Text of the system.
    trained : bool
        It learns; a system that learns nothing has no trainings.

    Returns
    -------
    list of PictureScores
        Of the pictures that every training has. A value is the mean over the trainings, not finite where one of them is
        not finite.
    """
    by_reference: dict[str, list[PictureScores]] = {}
    for part in [part for parts in found for part in parts]:
        by_reference.setdefault(part.reference, []).append(part)
    return [_joined(parts, colorizer, trained) for parts in by_reference.values()]


def _joined(parts: Sequence[PictureScores], colorizer: str, trained: bool) -> PictureScores:
    if len(parts) == 1:
        return replace(parts[0], colorizer=colorizer, trained=trained)
    places = [
        {(str(key), number): row for row, (key, number) in enumerate(zip(p.keys, p.numbers, strict=True))}
        for p in parts
    ]
    first = parts[0]
    shared = [
        (row, place)
        for place, row in places[0].items()
        if all(place in other for other in places[1:])
    ]  # fmt: skip
    rows = [np.array([own[place] for _, place in shared], dtype=int) for own in places]
    each = tuple(
        {measure: values[own] for measure, values in part.values.items()}
        for part, own in zip(parts, rows, strict=True)
    )
    return replace(
        first, colorizer=colorizer, trained=trained,
        keys=tuple(first.keys[row] for row, _ in shared), numbers=tuple(first.numbers[row] for row, _ in shared),
        values={measure: np.mean([one[measure] for one in each], axis=0) for measure in first.values},
        trainings=each,
    )  # fmt: skip
