"""A fitted recognizer asked: distance of every probe to every person at each gallery angle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.stages.checked import checked_distances, checked_ranks, sealed_rows
from gaitbench.metrics.identification import average_precisions, subject_distances
from gaitbench.systems import MeasuringRecognizer, RankingRecognizer, Recognizer

__all__ = ["by_entries", "by_ranks"]


def by_entries(
    model: MeasuringRecognizer,
    name: str,
    gallery: Features,
    probes: Features,
    angles: NDArray[np.int64],
    people: NDArray[np.str_],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """By a model that has the gallery and gives the distance to each of its entries.

    Returns
    -------
    values : float32 array (n, A, P)
    precisions : float32 array (n, A + 1)
        See `gaitbench.evaluation.attacks.identify.Distances`.
    """
    values = np.full((len(probes.keys), len(angles), len(people)), np.inf, dtype=np.float32)
    found = model.distances(sealed_rows(probes.x), angle=probes.angles)
    entries = checked_distances(found, f"recognizer {name}", len(probes.keys), len(gallery.keys))
    for a, angle in enumerate(angles):
        here = gallery.angles == angle
        if not here.any():
            continue
        names, nearest = subject_distances(entries[:, here], gallery.subjects[here])
        values[:, a, np.searchsorted(people, names)] = nearest
    columns = [gallery.angles == angle for angle in angles] + [np.ones(len(gallery.keys), dtype=bool)]
    precisions = np.full((len(probes.keys), len(columns)), np.nan, dtype=np.float32)
    for i, here in enumerate(columns):
        there = np.isin(probes.subjects, gallery.subjects[here])
        if there.any():
            precisions[there, i] = average_precisions(
                entries[there][:, here], probes.subjects[there], gallery.subjects[here]
            )
    return values, precisions


def by_ranks(
    model: Recognizer,
    name: str,
    gallery: Features,
    probes: Features,
    angles: NDArray[np.int64],
    people: NDArray[np.str_],
) -> NDArray[np.float32]:
    """The same by a recognizer of a third party that offers `rank` alone: it is asked angle by angle."""
    if not isinstance(model, RankingRecognizer):
        raise GaitbenchError(f"recognizer {name} has neither distances nor rank; give it one of them")
    values = np.full((len(probes.keys), len(angles), len(people)), np.inf, dtype=np.float32)
    place = {str(name): i for i, name in enumerate(people)}
    for a, angle in enumerate(angles):
        here = gallery.take(gallery.angles == angle)
        if not here.keys:
            continue
        model.enroll(sealed_rows(here.x), here.subjects, angle=here.angles)
        ranked = model.rank(sealed_rows(probes.x), angle=probes.angles)
        enrolled = np.unique(here.subjects)
        subjects, found = checked_ranks(ranked, f"recognizer {name}", len(probes.keys), enrolled)
        columns = np.vectorize(place.__getitem__, otypes=[np.intp])(subjects)
        np.put_along_axis(values[:, a, :], columns, found, axis=1)
    return values
