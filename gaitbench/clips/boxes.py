"""Where the whole person is, also in frames that show a part: boxes, and how the person walks past the camera.

The usual box is that of the silhouette. A head that enters the picture would then fill a crop, and be drawn as a whole
small body. Here (*ours*) an edge of the silhouette that lies at the border of the frame tells nothing of the body: the
height is that of the frames that show all of it, and the box reaches beyond the frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.alignment import AlignmentSettings, robust_lines

__all__ = ["Extent", "View", "extent_of", "smoothing", "view_of", "whole_boxes"]

#: Pixels from the border of the frame within which an edge of a silhouette counts as cut.
_BORDER = 2
#: A silhouette this many times as tall as wide is nearly a whole person; that share of it lies beyond the picture.
_UPRIGHT, _BEYOND = 2.0, 0.04


@dataclass(frozen=True)
class Extent:
    """Of one silhouette: its edges and its middle column, in pixels of the frame; NaN where the frame cuts them.

    Parameters
    ----------
    left, top, right, bottom, centre : float
    """

    left: float
    top: float
    right: float
    bottom: float
    centre: float


@dataclass(frozen=True)
class View:
    """How somebody walks past the camera.

    Parameters
    ----------
    angle : int
        0 towards the camera, 90 from the side, 180 away, in degrees.
    mirrored : bool
        From the left to the right, where the walks that the systems know go from the right to the left.
    """

    angle: int
    mirrored: bool


def extent_of(silhouette: NDArray[np.bool_]) -> Extent:
    """Edges of a silhouette (H, W) that is not empty."""
    height, width = silhouette.shape
    rows, mass = np.flatnonzero(silhouette.any(axis=1)), np.cumsum(silhouette.sum(axis=0))
    columns = np.flatnonzero(np.diff(mass, prepend=0))
    left, right = float(columns[0]), float(columns[-1] + 1)
    top, bottom = float(rows[0]), float(rows[-1] + 1)
    aside = left < _BORDER or right > width - _BORDER
    centre = float(np.searchsorted(mass, mass[-1] / 2)) + 0.5
    return Extent(
        np.nan if left < _BORDER else left,
        np.nan if top < _BORDER else top,
        np.nan if right > width - _BORDER else right,
        np.nan if bottom > height - _BORDER else bottom,
        np.nan if aside else centre,
    )


def smoothing(rate: float) -> AlignmentSettings:
    """The usual windows, which are in frames at 25 a second, for another rate."""
    s, times = AlignmentSettings(), max(rate, 2.0) / 25.0
    return replace(
        s,
        size_window=s.size_window * times,
        centre_window=s.centre_window * times,
        longest_gap=max(2, round(s.longest_gap * times)),
    )


def whole_boxes(
    extents: list[Extent],
    numbers: NDArray[np.int64],
    frame_size: tuple[int, int],
    rate: float,
) -> NDArray[np.float32] | None:
    """Boxes (T, 4) around the whole person of one track, smooth over time, as `track_boxes` gives them.

    Parameters
    ----------
    extents : list of T Extent
    numbers : int array (T,)
        Of the frames, increasing.
    frame_size : (int, int)
        Height and width.
    rate : float
        Frames a second: boxes are smooth over the same time whatever it is.

    Returns
    -------
    float32 array (T, 4) or None
        None where no frame shows the whole person, or nearly: nobody knows then how tall the body is.
    """
    s = smoothing(rate)
    left, top, right, bottom, centre = (
        np.array([getattr(e, name) for e in extents]) for name in ("left", "top", "right", "bottom", "centre")
    )
    times = np.asarray(numbers, np.float64)
    whole = np.isfinite(top) & np.isfinite(bottom) & np.isfinite(centre)
    most = np.where(np.isfinite(bottom), bottom, frame_size[0]) - np.where(np.isfinite(top), top, 0.0)
    if not whole.any():
        # somebody whose hair or shoes alone are out of the picture is tall for the width
        once = (
            np.isfinite(centre)
            & (np.isfinite(top) | np.isfinite(bottom))
            & (most > _UPRIGHT * (right - left))
        )
        if not once.any():
            return None
        top[once & ~np.isfinite(top)] = -_BEYOND * float(np.median(most[once]))
        bottom[once & ~np.isfinite(bottom)] = frame_size[0] + _BEYOND * float(np.median(most[once]))
        whole = once
    height = _through(times, whole, bottom - top, s.size_window, s.rounds)
    aside = ~np.isfinite(centre)
    if (
        not aside.all()
    ):  # nobody is shorter than what is seen of them: a head that is missed makes no small body
        height = np.maximum(height, _through(times, ~aside, most, s.size_window, s.rounds))
    # what is seen of somebody at the side of the frame may be an arm: its top is not the head's
    top[aside], bottom[aside] = np.nan, np.nan
    bottom = np.where(np.isfinite(bottom), bottom, top + height)
    known = np.isfinite(bottom)
    bottom = np.interp(times, times[known], bottom[known])
    half = float(np.median((right - left)[whole])) / 2.0
    centre = np.where(np.isfinite(centre), centre, np.where(np.isfinite(left), left + half, right - half))
    known = np.isfinite(centre)
    centre = np.interp(times, times[known], centre[known])
    height, bottom = robust_lines(times, np.stack([height, bottom]), s.size_window, s.rounds)
    (centre,) = robust_lines(times, centre[None], s.centre_window, s.rounds)
    height = np.maximum(height, 2.0)
    half_width = 0.5 * s.aspect * height
    return np.stack([centre - half_width, bottom - height, centre + half_width, bottom], axis=1).astype(
        np.float32
    )


def _through(
    times: NDArray[np.float64],
    known: NDArray[np.bool_],
    values: NDArray[np.float64],
    window: float,
    rounds: int,
) -> NDArray[np.float64]:
    """A smooth line through the known values, level beyond the first and the last."""
    (line,) = robust_lines(times[known], values[known][None], window, rounds)
    return np.asarray(np.interp(times, times[known], line))


def view_of(boxes: NDArray[np.float32], frame_size: tuple[int, int]) -> View | None:
    """Estimate the view from where the box goes and how it grows (ours).

    A body's height is the measure of all lengths; the picture is taken to be as wide as it is far away, as usual lenses
    have it.

    Parameters
    ----------
    boxes : float array (T, 4)
    frame_size : (int, int)
        Height and width.

    Returns
    -------
    View or None
        None where the person hardly moves.
    """
    height = (boxes[:, 3] - boxes[:, 1]).astype(np.float64)
    across = (0.5 * (boxes[:, 0] + boxes[:, 2]) - 0.5 * frame_size[1]) / height
    away = frame_size[1] / height
    part = max(1, len(boxes) // 5)
    ends = np.array([[np.median(v[:part]), np.median(v[-part:])] for v in (across, away)])
    step = ends[:, 1] - ends[:, 0]
    if np.hypot(*step) < 0.3:
        return None
    back = -ends.mean(axis=1)
    cosine = float(step @ back / (np.linalg.norm(step) * np.linalg.norm(back)))
    angle = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    turn = step[0] * back[1] - step[1] * back[0]
    return View(round(angle), mirrored=bool(turn < 0))
