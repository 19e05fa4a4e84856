"""Back into the frame: crops of any anonymizer become whole-frame silhouettes and pictures again.

A crop has fewer pixels than the person has in a frame of 1080 rows: enlarged as it is, the outline would be stairs.
The signed distance to the outline is enlarged instead (*ours*), and is smooth at the person's own resolution.
"""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError

__all__ = ["Region", "placed_coverage", "placed_picture", "uncrop"]

#: Rows and columns of a whole frame.
Region = tuple[slice, slice]
#: Background around a crop, in its pixels: the outline of a body that fills it lies there.
_RIM = 3
#: Distances, in pixels of the crop, beyond which nothing of the outline is near.
_REACH = 1.5
#: Standard deviation, per pixel of the frame that a pixel of the crop stands for, and its limits: it takes the steps of
#: single pixels off an outline, and no limb with them. Nothing needs smoothing that is not enlarged.
_SMOOTH, _LEAST, _MOST = 0.5, 0.4, 0.9


def _outline_field(crop: NDArray[np.bool_], sigma: float) -> NDArray[np.float32]:
    """Signed distance to the outline of a crop (h, w), clipped and smoothed: float32 (h + 6, w + 6), above 0 inside."""
    inside = cv2.copyMakeBorder(
        np.ascontiguousarray(crop).view(np.uint8), _RIM, _RIM, _RIM, _RIM, cv2.BORDER_CONSTANT
    )
    if not inside.any():
        return np.full(inside.shape, -_REACH, np.float32)
    within, beyond = (cv2.distanceTransform(m, cv2.DIST_L2, 5) for m in (inside, 1 - inside))
    field = cast("NDArray[np.float32]", cv2.subtract(within, beyond))
    field -= np.copysign(np.float32(0.5), field)
    np.clip(field, -_REACH, _REACH, out=field)
    return cast("NDArray[np.float32]", cv2.GaussianBlur(field, (0, 0), sigma))


def _place(
    box: NDArray[np.floating[Any]], crop_size: tuple[int, int], frame_size: tuple[int, int]
) -> tuple[Region, float, float, float]:
    """Where a crop lies in the frame, cut at the frame; the crop's corner there, and frame pixels to one of its own."""
    left, top, right, bottom = (float(v) for v in box)
    height, width = crop_size
    scale = (bottom - top) / height
    x = 0.5 * (left + right) - 0.5 * scale * width
    rows = slice(*(int(v) for v in np.clip([np.floor(top) - 1, np.ceil(bottom) + 1], 0, frame_size[0])))
    columns = slice(
        *(int(v) for v in np.clip([np.floor(x) - 1, np.ceil(x + scale * width) + 1], 0, frame_size[1]))
    )
    return (rows, columns), x, top, scale


def _continued(
    crop: NDArray[np.bool_], x: float, y: float, scale: float, frame: tuple[int, int]
) -> NDArray[np.bool_]:
    """The crop with what lies beyond the frame as at its border: no outline runs along the border then."""
    out = crop
    for axis, (start, end) in enumerate(((y, frame[0]), (x, frame[1]))):
        first = int(np.ceil(-start / scale - 1e-6))
        last = int(np.floor((end - start) / scale + 1e-6)) - 1
        count = crop.shape[axis]
        if first < count and last >= 0 and first <= last and (first > 0 or last < count - 1):
            out = out.take(np.clip(np.arange(count), first, last), axis=axis)
    return out


def _enlarged(
    image: NDArray[Any], region: Region, x: float, y: float, scale: float, border: int, flags: int
) -> NDArray[Any]:
    """The part of the frame that `region` is, read from an image whose corner lies at (x, y)."""
    rows, columns = region
    size = (columns.stop - columns.start, rows.stop - rows.start)
    # warpAffine speaks of pixel centres, boxes of edges.
    matrix = np.array(
        [
            [1 / scale, 0.0, (columns.start + 0.5 - x) / scale - 0.5],
            [0.0, 1 / scale, (rows.start + 0.5 - y) / scale - 0.5],
        ]
    )
    beyond = -_REACH if border == cv2.BORDER_CONSTANT else 0.0
    return cast(
        "NDArray[Any]",
        cv2.warpAffine(
            image, matrix, size, flags=flags | cv2.WARP_INVERSE_MAP, borderMode=border, borderValue=beyond
        ),
    )


def placed_coverage(
    crop: NDArray[np.bool_],
    box: NDArray[np.floating[Any]],
    frame_size: tuple[int, int],
    *,
    smooth: float | None = None,
) -> tuple[Region, NDArray[np.float32]]:
    """How much of each pixel of the frame the person covers.

    Parameters
    ----------
    crop : bool array (h, w)
    box : float array (4,)
        Left, top, right, bottom in pixels of the frame, as `track_boxes` gives them.
    frame_size : (int, int)
        Height and width of the frame.
    smooth : float, optional
        Standard deviation in pixels of the crop by which the outline is smoothed; by default what enlarging needs.

    Returns
    -------
    region : pair of slices
        The rows and columns in which the person is; empty where the box lies outside of the frame.
    coverage : float32 array
        Of that region, in [0, 1].
    """
    region, x, y, scale = _place(box, (crop.shape[0], crop.shape[1]), frame_size)
    if region[0].start >= region[0].stop or region[1].start >= region[1].stop:
        return region, np.zeros((0, 0), np.float32)
    sigma = min(max(_SMOOTH * scale, _LEAST), _MOST) if smooth is None else smooth
    field = _outline_field(_continued(crop, x, y, scale, frame_size), sigma)
    corner = _RIM * scale
    there = _enlarged(
        field,
        region,
        x - corner,
        y - corner,
        scale,
        cv2.BORDER_CONSTANT,
        cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR,
    )
    return region, np.clip(0.5 + there * np.float32(scale), 0.0, 1.0)


def placed_picture(
    crop: NDArray[Any], box: NDArray[np.floating[Any]], frame_size: tuple[int, int]
) -> tuple[Region, NDArray[Any]]:
    """A picture's crop (h, w, 3) at its place and size in the frame: the region, and the part of the frame.

    Beyond the crop its edge is repeated.
    """
    region, x, y, scale = _place(box, (crop.shape[0], crop.shape[1]), frame_size)
    if region[0].start >= region[0].stop or region[1].start >= region[1].stop:
        return region, np.zeros((0, 0, *crop.shape[2:]), crop.dtype)
    flags = cv2.INTER_CUBIC if scale > 1 and crop.dtype == np.uint8 else cv2.INTER_LINEAR
    return region, _enlarged(np.ascontiguousarray(crop), region, x, y, scale, cv2.BORDER_REPLICATE, flags)


def uncrop(
    crops: NDArray[Any], boxes: NDArray[np.floating[Any]], frame_size: tuple[int, int]
) -> NDArray[Any]:
    """Put crops back to where they were cut out: the way back of `gaitbench.datasets.silhouettes.alignment.crop`.

    Parameters
    ----------
    crops : bool array (T, h, w), or uint8 or float array (T, h, w, 3)
        Silhouettes or pictures, of an original or of anything that an anonymizer made of it.
    boxes : float array (T, 4)
        `GaitSequence.boxes`: left, top, right, bottom in pixels of the frame.
    frame_size : (int, int)
        Height and width of the frames.

    Returns
    -------
    array (T, H, W) or (T, H, W, 3) of the crops' dtype
        Silhouettes are smooth at the frame's resolution, and end where the frame does. Pictures are 0 outside of
        their crop.

    Raises
    ------
    DataError
        If there is another number of boxes than crops, or a box is not finite or has no height.
    """
    if len(crops) != len(boxes) or boxes.shape[1:] != (4,) or not np.isfinite(boxes).all():
        raise DataError(f"{len(crops)} crops need as many boxes (T, 4) without gaps, not {boxes.shape}")
    if len(boxes) and not (boxes[:, 3] > boxes[:, 1]).all():
        raise DataError("a box ends above its beginning; boxes are left, top, right, bottom")
    binary = crops.dtype == np.bool_
    if crops.ndim != (3 if binary else 4):
        raise DataError(
            f"crops are silhouettes (T, h, w) of bool or pictures (T, h, w, 3), not {crops.dtype} {crops.shape}"
        )
    out = np.zeros((len(crops), *frame_size, *crops.shape[3:]), crops.dtype)
    for frame, one, box in zip(out, np.ascontiguousarray(crops), boxes, strict=True):
        if binary:
            region, coverage = placed_coverage(one, box, frame_size)
            frame[region] = coverage >= 0.5 if coverage.size else False
        else:
            region, picture = placed_picture(one, box, frame_size)
            if picture.size:
                frame[region] = picture
    return out
