"""The named reference pictures of PROTOCOL, and the measures taken against them.

Pictures are measured as they are published, rounded to 8 bits. Under a reference with a region both pictures are black
outside it: the windows of SSIM reach over the region's border, and what they find there must not count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.stages.checked import guarded, sealed
from gaitbench.evaluation.stages.paint import to_bytes
from gaitbench.metrics import flicker, ssim
from gaitbench.registry import METRICS

__all__ = ["View", "compare_pictures", "view_of"]

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
) -> NDArray[np.float64] | None:
    """Every measure of every picture under one reference: float64 (measures, K), or None where it does not exist.

    NaN where a measure says nothing of a picture: an empty region, or `flicker` where no next frame is at hand.
    """
    view = view_of(painted, pictures, anonymized, reference)
    if view is None:
        return None
    shown, target, region = view
    return np.stack([_measure(name, shown, target, region, pictures) for name in measures])


def _measure(
    name: str,
    shown: NDArray[np.float64],
    target: NDArray[np.float64],
    region: NDArray[np.bool_] | None,
    pictures: GaitSequence,
) -> NDArray[np.float64]:
    if name == "flicker":
        return _flicker(shown, target, region, pictures)
    measure: Callable[..., Any] = METRICS.get(name)
    # Crowns and shoes touch the border of the crop: there, too, every pixel counts.
    border = {"border": "mirror"} if measure is ssim else {}
    with guarded(f"metric {name}"):
        sealed_region = None if region is None else sealed(region)
        values = np.array(measure(sealed(shown), sealed(target), region=sealed_region, **border))
    if values.shape != (len(shown),) or not np.issubdtype(values.dtype, np.number):
        raise GaitbenchError(
            f"metric {name} returned {values.dtype} {values.shape} for {len(shown)} pictures; expected one number each"
        )
    return values.astype(np.float64, copy=False)


def _flicker(
    shown: NDArray[np.float64], target: NDArray[np.float64], region: Any, pictures: GaitSequence
) -> NDArray[np.float64]:
    """Flicker of each picture with the next one, where that is the very next frame of the video."""
    values = np.full(len(shown), np.nan)
    for i in np.flatnonzero(np.diff(pictures.frame_numbers) == 1):
        pair = slice(i, i + 2)
        values[i] = flicker(shown[pair], target[pair], region=None if region is None else region[pair])[0]
    return values
