"""The named reference pictures of PROTOCOL, and the measures taken against them.

Pictures are measured as they are published, rounded to 8 bits. Under a reference with a region both pictures are black
outside it: the windows of SSIM reach over the region's border, and what they find there must not count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ConfigError, GaitbenchError
from gaitbench.evaluation.stages.checked import guarded, sealed
from gaitbench.evaluation.stages.paint import to_bytes
from gaitbench.metrics.measure import Measure, as_measure
from gaitbench.registry import METRICS

__all__ = ["View", "compare_pictures", "measure_of", "view_of"]

#: What is shown, what it is held against, and the pixels that count (None: all).
View = tuple[NDArray[np.float64], NDArray[np.float64], "NDArray[np.bool_] | None"]


def view_of(
    painted: NDArray[np.float64], pictures: GaitSequence, anonymized: NDArray[np.bool_], reference: str
) -> View | None:
    """The pictures that a named reference compares, or None where it does not exist.

    Parameters
    ----------
    painted : float64 array (K, h, w, 3)
        In [0, 1], black outside `anonymized`.
    pictures : GaitSequence
        The frames that are measured, with RGB.
    anonymized : bool array (K, h, w)
    reference : str
        `original`: the original over black by its own silhouette, whole crop. `overlap`: the original, where
        anonymized and original silhouettes overlap. `scene`: the original frame, against the painted person put back
        over the empty scene, whole crop. `truth`: the rendering of the same clothes on the other body, inside the
        anonymized silhouette (oracle only).

    Returns
    -------
    (shown, target, region) or None
        Multiples of 1/255; black outside the region where there is one.
    """
    assert pictures.rgb is not None
    shown = to_bytes(painted) / 255.0
    original = pictures.rgb / 255.0
    if reference == "original":
        return shown, original * pictures.silhouettes[..., None], None
    if reference == "scene" and pictures.plate is not None:
        return np.where(anonymized[..., None], shown, pictures.plate / 255.0), original, None
    if reference == "overlap":
        region, target = anonymized & pictures.silhouettes, original
    elif reference == "truth" and pictures.oracle_rgb is not None:
        region, target = anonymized, pictures.oracle_rgb / 255.0
    else:
        return None
    return shown * region[..., None], target * region[..., None], region


def compare_pictures(
    painted: NDArray[np.float64],
    pictures: GaitSequence,
    anonymized: NDArray[np.bool_],
    reference: str,
    measures: list[str],
    trouble: list[str] | None = None,
) -> NDArray[np.float64] | None:
    """Every measure of every picture under one reference: float64 (measures, K), or None where it does not exist.

    NaN where a measure says nothing of a picture: an empty region, or a temporal one where no next frame is at hand.
    A measure that fails costs its own figures alone: they are NaN, and `trouble` says why (raised where none is given).
    """
    view = view_of(painted, pictures, anonymized, reference)
    if view is None:
        return None
    shown, target, region = view
    rows = []
    for name in measures:
        try:
            rows.append(_measure(name, shown, target, region, pictures))
        except GaitbenchError as error:
            if trouble is None or METRICS.origin(name) == "built in":
                raise
            trouble.append(str(error))
            rows.append(np.full(len(shown), np.nan))
    return np.stack(rows)


def measure_of(name: str) -> Measure:
    """A registered picture measure.

    Raises
    ------
    ConfigError
        If the name is unknown, or names neither a function nor a `Measure`.
    """
    try:
        return as_measure(name, METRICS.get(name))
    except ValueError as error:
        raise ConfigError(str(error)) from error


def _measure(
    name: str,
    shown: NDArray[np.float64],
    target: NDArray[np.float64],
    region: NDArray[np.bool_] | None,
    pictures: GaitSequence,
) -> NDArray[np.float64]:
    measure = measure_of(name)
    if not measure.temporal:
        return _taken(measure, shown, target, region, len(shown))
    # Of each picture with the next one, where that is the very next frame of the video.
    values = np.full(len(shown), np.nan)
    for i in np.flatnonzero(np.diff(pictures.frame_numbers) == 1):
        pair = slice(i, i + 2)
        values[i] = _taken(measure, shown[pair], target[pair], None if region is None else region[pair], 1)[0]
    return values


def _taken(
    measure: Measure,
    shown: NDArray[np.float64],
    target: NDArray[np.float64],
    region: NDArray[np.bool_] | None,
    count: int,
) -> NDArray[np.float64]:
    """`count` values of one measure, whose maker is not trusted with the pictures nor with its result."""
    with guarded(f"metric {measure.name}"):
        sealed_region = None if region is None else sealed(region)
        values = np.array(measure(sealed(shown), sealed(target), region=sealed_region))
    if values.shape != (count,) or not np.issubdtype(values.dtype, np.number):
        each = f"{len(shown)} consecutive frames" if measure.temporal else f"{len(shown)} pictures"
        raise GaitbenchError(
            f"metric {measure.name} returned {values.dtype} {values.shape} for {each}; expected {count} "
            f"number{'s' if count > 1 else ''}, one each"
        )
    return values.astype(np.float64, copy=False)
