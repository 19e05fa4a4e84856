"""Which connected patches of a moving region make up the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Outlines", "Patches", "fill_small_holes", "find_patches", "person_component", "select_patches", "trace_outlines",
]  # fmt: skip


@dataclass(frozen=True)
class Outlines:
    """The outlines of the patches of a mask, and of their holes.

    Parameters
    ----------
    lines : sequence of int32 arrays (n, 1, 2)
        As OpenCV gives them: x and y of each pixel.
    hole : bool array (N,)
        Which of them are round a hole; every other one is round a patch of its own (8-connected).
    """

    lines: Sequence[NDArray[np.int32]]
    hole: NDArray[np.bool_]

    @property
    def patches(self) -> int:
        """Number of patches: a third of the time in which OpenCV labels them."""
        return len(self.hole) - int(np.count_nonzero(self.hole))


def trace_outlines(mask: NDArray[np.uint8]) -> Outlines:
    """All outlines of a mask (h, w) of 0 and 1."""
    lines, kinds = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    hole = kinds[0, :, 3] >= 0 if len(lines) else np.zeros(0, bool)
    return Outlines(cast("Sequence[NDArray[np.int32]]", lines), hole)


@dataclass(frozen=True)
class Patches:
    """The connected patches of a moving region.

    Parameters
    ----------
    mask : uint8 array (h, w)
        0 or 1.
    labels : uint8 or uint16 array (h, w)
        Each pixel's patch; 0 is the rest. Pixels outside `mask` may bear a label of a patch with no area.
    areas : list of int
        Pixels of each patch by its label; that of the rest is 0.
    """

    mask: NDArray[np.uint8]
    labels: NDArray[Any]
    areas: list[int]

    def box(self, label: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the patch (the two latter just outside)."""
        x, y, w, h = cv2.boundingRect((self.labels == label).view(np.uint8))
        return x, y, x + w, y + h


def select_patches(patches: NDArray[Any], keep: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels (h, w) of the labelled patches whose entry in `keep` (n,) is 1; the others are 0."""
    if patches.dtype == np.uint8:  # a table on bytes is five times faster than indexing
        table = np.zeros(256, np.uint8)
        table[: len(keep)] = keep
        return cast("NDArray[np.uint8]", cv2.LUT(patches, table))
    return np.take(keep, patches)


def find_patches(region: NDArray[np.uint8], sure: NDArray[np.uint8] | None = None) -> Patches:
    """Connected patches of a region (h, w) of 0 and 1.

    With `sure` (h, w; 0 or 255) only those that hold a sure pixel; the others have no area.
    """
    count, labels = cv2.connectedComponents(region, connectivity=8, ltype=cv2.CV_16U)
    named: NDArray[Any] = labels
    if count <= 128:  # the usual case: label and whether a pixel is sure fit one byte, counted in one go
        named = labels.astype(np.uint8)
        code = named if sure is None else cv2.bitwise_or(named, sure & np.uint8(128))
        counts = cv2.calcHist([code], [0], None, [256], [0, 256]).ravel().astype(np.int64).reshape(2, 128)
        totals, seen = counts.sum(axis=0)[:count], counts[1, :count]
    else:
        totals = np.bincount(labels.ravel(), minlength=count)
        seen = totals if sure is None else np.bincount(labels[sure > 0], minlength=count)
    totals[0] = 0
    if sure is None:
        return Patches(region, named, totals.tolist())
    holds = (seen > 0).view(np.uint8)
    holds[0] = 0
    return Patches(select_patches(named, holds), named, (totals * holds).tolist())


def fill_small_holes(
    mask: NDArray[np.uint8], largest: float, outlines: Outlines | None = None
) -> NDArray[np.uint8]:
    """Fill holes of at most `largest` pixels; larger ones (between arm and trunk) stay.

    Parameters
    ----------
    mask : uint8 array (h, w)
        0 or 1.
    largest : float
        Area in pixels.
    outlines : Outlines, optional
        Of `mask`, where they are known.

    Returns
    -------
    uint8 array (h, w)
    """
    found = trace_outlines(mask) if outlines is None else outlines
    filled = mask
    for i in np.flatnonzero(found.hole).tolist():
        outline = found.lines[i]
        # Pick's theorem: lattice points inside an outline through the hole's surrounding pixels.
        if cv2.contourArea(outline) - len(outline) / 2 + 1 <= largest:
            filled = filled.copy() if filled is mask else filled
            cv2.drawContours(filled, found.lines, i, 1, cv2.FILLED)
    return filled


def person_component(
    region: NDArray[np.uint8] | Patches,
    before: Sequence[NDArray[np.uint8]],
    *,
    smallest_person: float,
    smallest_part: float,
    join_gap: float,
    largest_hole: float,
) -> NDArray[np.bool_] | None:
    """Pick the person out of a moving region: the largest patch and the parts that belong to it.

    A part belongs to the person when it is near enough (a body split along a belt, a foot cut off by a dark
    shoe) and something moved near its place in one of the frames before (flicker has no past).

    Parameters
    ----------
    region : uint8 array (h, w) or Patches
        Moving pixels, 0 or 1.
    before : sequence of uint8 arrays (h, w)
        Moving pixels at the same place in up to two earlier frames.
    smallest_person : float
        Area in pixels under which the largest patch is not a person.
    smallest_part, join_gap, largest_hole : float
        As in `ExtractionSettings`.

    Returns
    -------
    bool array (h, w) or None
        None when no patch is large enough.
    """
    found = region if isinstance(region, Patches) else find_patches(region)
    patches, areas = found.labels, found.areas
    area = max(areas)
    if not area or area < smallest_person:
        return None
    main = areas.index(area)
    keep = np.zeros(len(areas), np.uint8)
    keep[main] = 1
    least = max(6.0, smallest_part * area)
    # The largest first; of equal ones the one with the lower label.
    large = sorted((i for i, a in enumerate(areas) if a >= least and i != main), key=lambda i: -areas[i])
    if large:
        past = _near_past(before)
        left, top, right, bottom = found.box(main)
        for i in large:
            x, y, x_end, y_end = found.box(i)
            gap = join_gap * max(bottom - top, y_end - y)
            apart = max(x - right, left - x_end, 0.0) > gap or max(y - bottom, top - y_end, 0.0) > gap
            place = slice(y, y_end), slice(x, x_end)
            if apart or (past is not None and not past[place][patches[place] == i].any()):
                continue
            keep[i] = 1
            left, top = min(left, x), min(top, y)
            right, bottom = max(right, x_end), max(bottom, y_end)
    return fill_small_holes(select_patches(patches, keep), largest_hole * area) > 0


def _near_past(before: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8] | None:
    """Where something moved lately, widened by what a limb moves between frames; None without a past."""
    if not before:
        return None
    past = before[0]
    for other in before[1:]:
        past = past | other
    if not past.any():
        return None
    reach = max(3, past.shape[0] // 20)
    wide = cv2.dilate(past, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return cast("NDArray[np.uint8]", wide)
