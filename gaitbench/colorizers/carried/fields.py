"""Smooth fields that carry one silhouette onto another, and what is sampled along them. Ours.

A row of a body is told by its leftmost and its rightmost pixel. Where the rows of two bodies are matched, these two
give a shift and a stretch across; both are smoothed down the body, so that the field is smooth wherever single
rows jump (an arm that swings out, a gap between legs). Pictures are widened past their silhouette before
sampling, each pixel outside taking the nearest one inside: no background can be reached. Sampling between pixels
blurs; `sharpen` gives back what it took, inside the new body alone.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gaitbench.colorizers.training_free import nearest_inside

__all__ = ["carry", "inner", "match_rows", "row_extents", "row_field", "sharpen", "smooth_rows", "widen"]

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
#: Heights in which lengths of the settings are given.
_ROWS = 64.0


def inner(silhouettes: NDArray[np.bool_], erosion: int) -> NDArray[np.bool_]:
    """Silhouettes without their outline, whose pixels are partly background.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
        What lies beyond the border counts as body.
    erosion : int
        Pixels taken off at 64 rows; more on larger crops.

    Returns
    -------
    bool array (T, h, w)
        Where nothing would be left of a frame, its silhouette as it is.
    """
    times = round(erosion * silhouettes.shape[1] / _ROWS) if erosion else 0
    if not times:
        return silhouettes
    out = np.empty_like(silhouettes)
    for t, mask in enumerate(silhouettes):
        left = cv2.erode(
            mask.astype(np.uint8), _CROSS, iterations=times, borderType=cv2.BORDER_CONSTANT, borderValue=1
        )
        out[t] = left > 0 if left.any() else mask
    return out


def row_extents(
    masks: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Leftmost and rightmost pixel of each row.

    Returns
    -------
    known : bool array (T, h)
        Whether the row has any pixel.
    left, right : float64 arrays (T, h)
        Columns; meaningless where not known.
    """
    width = masks.shape[2]
    known: NDArray[np.bool_] = np.any(masks, axis=2)
    return known, masks.argmax(2).astype(float), width - 1.0 - masks[:, :, ::-1].argmax(2)


def smooth_rows(values: NDArray[np.float64], known: NDArray[np.bool_], sigma: float) -> NDArray[np.float64]:
    """Smooth a quantity down the rows; unknown rows take the nearest known one's first, or 0 where none is.

    Parameters
    ----------
    values, known : arrays (T, h)
    sigma : float
        Of the Gaussian, in rows.
    """
    rows = np.arange(values.shape[1])
    away = np.where(known[:, None, :], np.abs(rows[:, None] - rows)[None], 2 * len(rows))
    filled = np.take_along_axis(values, away.argmin(2), axis=1) * known.any(1, keepdims=True)
    return cast("NDArray[np.float64]", ndimage.gaussian_filter1d(filled, sigma, axis=1, mode="nearest"))


def match_rows(
    old: NDArray[np.bool_], new: NDArray[np.bool_], *, reach: float, stiffness: float, sigma: float
) -> NDArray[np.float64]:
    """For each row of the new body the row of the old one that it corresponds to.

    Bodies differ in where neck, hem and hands are. The profiles of widths (over their means) are aligned by dynamic
    programming over vertical shifts that change by at most a pixel a row.

    Parameters
    ----------
    old, new : bool arrays (T, h, w)
    reach : float
        Largest shift, in 64ths of the height.
    stiffness : float
        Price of shifting, beside squared differences of the profiles.
    sigma : float
        Of the Gaussian that smooths the shifts, in 64ths of the height.

    Returns
    -------
    float64 array (T, h)
        Row coordinates within [0, h - 1].
    """
    count, height = new.shape[:2]
    unit = _ROWS / height
    rows = np.arange(height)
    most = max(1, round(reach / unit))
    shifts = np.arange(-most, most + 1)
    profiles = []
    for masks in (old, new):
        profile = ndimage.gaussian_filter1d(masks.sum(2).astype(float), 1.0 / unit, axis=1)
        profiles.append(profile / np.maximum(profile.mean(1, keepdims=True), 1e-6))
    source = np.clip(rows[:, None] + shifts, 0, height - 1)
    cost = (profiles[1][:, :, None] - profiles[0][:, source]) ** 2 * unit
    cost += 0.05 * stiffness * (shifts * unit) ** 2 * unit
    step = 10.0 * stiffness * unit
    # The crown belongs to the crown and the soles to the soles.
    held = 0.5 * np.abs(shifts) * unit
    total = cost[:, 0] + held
    way = np.zeros(cost.shape, np.int8)
    wall = np.full((count, 1), np.inf)
    for r in range(1, height):
        ways = np.stack(
            [
                np.concatenate([wall, total[:, :-1]], axis=1) + step,
                total,
                np.concatenate([total[:, 1:], wall], axis=1) + step,
            ]
        )
        best = ways.argmin(0)
        way[:, r] = best - 1
        total = ways.min(0) + cost[:, r]
    at = (total + held).argmin(1)
    frames = np.arange(count)
    found = np.empty((count, height))
    for r in range(height - 1, -1, -1):
        found[:, r] = shifts[at]
        at = at + way[frames, r, at]
    smooth = ndimage.gaussian_filter1d(found, sigma / unit, axis=1, mode="nearest")
    return cast("NDArray[np.float64]", np.clip(rows + smooth, 0, height - 1))


def row_field(
    old: NDArray[np.bool_], new: NDArray[np.bool_], rows: NDArray[np.float64], *, sigma: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel of the new body comes from in the old one.

    Parameters
    ----------
    old, new : bool arrays (T, h, w)
    rows : float array (T, h)
        Corresponding rows of the old body, see `match_rows`.
    sigma : float
        Of the Gaussian that smooths shift and stretch down the body, in 64ths of the height.

    Returns
    -------
    x, y : float32 arrays (T, h, w)
        Column and row in the old picture; they may lie outside the old silhouette. The same place where the
        bodies share no row.
    """
    height, width = new.shape[1:]
    spread = sigma * height / _ROWS
    nearest = np.rint(rows).astype(np.int64)
    there, left, right = row_extents(old)
    known_old = np.take_along_axis(there, nearest, axis=1)
    left_old, right_old = (np.take_along_axis(side, nearest, axis=1) for side in (left, right))
    known_new, left_new, right_new = row_extents(new)
    known = known_old & known_new
    middle = smooth_rows((left_new + right_new) / 2, known_new, spread)
    shift = smooth_rows((left_old + right_old - left_new - right_new) / 2, known, spread)
    # Widths of rows without a pixel mean nothing and are not looked at.
    ratio = np.where(known, (right_old - left_old + 1) / np.maximum(right_new - left_new + 1, 1), 1.0)
    stretch = np.exp(smooth_rows(np.log(np.maximum(ratio, 1e-6)), known, spread))
    columns = np.arange(width)
    x = columns + shift[..., None] + (columns - middle[..., None]) * (stretch - 1.0)[..., None]
    y = np.broadcast_to(rows[..., None], new.shape)
    return x.astype(np.float32), np.ascontiguousarray(y, dtype=np.float32)


def widen(rgb: NDArray[np.uint8], masks: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Pictures in which every pixel outside a mask has the colour of the nearest one inside.

    Parameters
    ----------
    rgb : uint8 array (T, h, w, 3)
    masks : bool array (T, h, w)

    Returns
    -------
    float32 array (T, h, w, 3)
        In [0, 1]; black in frames whose mask is empty.
    """
    out = np.zeros(rgb.shape, np.float32)
    for t, mask in enumerate(masks):
        if mask.any():
            out[t] = rgb[t].reshape(-1, 3)[nearest_inside(mask)]
    out /= 255.0
    return out


def carry(
    pictures: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32], *, cubic: bool
) -> NDArray[np.float32]:
    """Sample pictures along a field, bilinearly or with cubic splines (sharper; clipped to [0, 1])."""
    how = cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR
    out = np.empty_like(pictures)
    for t, picture in enumerate(pictures):
        cv2.remap(picture, x[t], y[t], how, dst=out[t], borderMode=cv2.BORDER_REPLICATE)
    return np.clip(out, 0.0, 1.0, out=out)


def sharpen(
    pictures: NDArray[np.float32], masks: NDArray[np.bool_], *, strength: float, sigma: float
) -> NDArray[np.float32]:
    """Unsharp masking inside a mask: ``p + strength * (p - smooth)``, where only the mask's pixels are averaged.

    Parameters
    ----------
    pictures : float32 array (T, h, w, 3)
        In [0, 1]; what lies outside the masks is not looked at.
    masks : bool array (T, h, w)
    strength : float
        0 keeps the pictures as they are inside.
    sigma : float
        Of the Gaussian, in 64ths of the height.

    Returns
    -------
    float32 array (T, h, w, 3)
        In [0, 1]; black outside the masks. A colour that the neighbours share stays as it is.
    """
    spread = sigma * masks.shape[1] / _ROWS
    out = pictures * masks[..., None]
    for picture, mask in zip(out, masks, strict=True):
        share = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), spread)
        smooth = cv2.GaussianBlur(picture, (0, 0), spread) / np.maximum(share, 1e-6)[..., None]
        picture += strength * (picture - smooth) * mask[..., None]
    return np.clip(out, 0.0, 1.0, out=out)
