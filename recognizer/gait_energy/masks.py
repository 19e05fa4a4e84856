"""One reader of silhouettes: however a file holds them, the same person comes out, or the cause is named.

A sequence is read as one: what holds the silhouette (levels of grey, colours, the alpha channel) and where levels are
cut is decided over all of its pictures. Ours throughout; nothing is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.gait_energy.mask_files import MaskError, decode

__all__ = ["MaskReport", "masks_of_levels", "masks_of_pictures", "read_masks"]

Levels = NDArray[Any]

#: Share of the levels' range that counts as its end: JPEG moves black and white by so much.
_END = 0.2
#: Pixels between the ends, as a share of the white ones, up to which a picture is black and white with soft edges.
_SOFT = 0.25
#: Share of the picture that no person fills, and of frames from which on a sequence is called by it.
_FILLED = 0.9
_MOST = 0.5
#: Pixels from which on a patch may be a person.
_PERSON = 40
#: Patches under so many pixels are specks; extraction keeps none smaller.
_SPECK = 6
#: Patches further from the person than this share of its height do not belong to it; as far as in extraction, so
#: that a person whom a post cuts in two is one and the same on disk and in memory.
_GAP = 0.2


@dataclass(frozen=True)
class MaskReport:
    """How a sequence of silhouettes was read.

    Parameters
    ----------
    held : str
        What holds the silhouette, in words: ``black and white``, ``alpha channel``, ``colours``, ...
    cut : str
        Where levels were cut; "" where there were only two.
    specks : int
        Pixels of specks that were taken away.
    apart : int
        Frames in which a larger patch apart from the person was left out.
    """

    held: str
    cut: str = ""
    specks: int = 0
    apart: int = 0

    @property
    def converted(self) -> str:
        """What was done beyond reading black and white, in one phrase; "" if nothing was."""
        parts = [] if self.held == "black and white" else [f"read from {self.held}"]
        parts += [self.cut] if self.cut else []
        parts += ["specks beside the person taken away"] if self.specks else []
        parts += ["a second patch apart from the person left out"] if self.apart else []
        return ", ".join(parts)


def read_masks(
    paths: Sequence[str | Path], *, name: str | None = None, size: tuple[int, int] | None = None
) -> tuple[NDArray[np.bool_], MaskReport]:
    """Silhouettes of one sequence.

    Parameters
    ----------
    paths : sequence of paths
        In the order of time; all pictures of one size.
    name : str, optional
        How messages call the sequence; its first file if not given.
    size : (int, int), optional
        Height and width that they must have.

    Returns
    -------
    masks : bool array (T, H, W)
        The person alone; frames may be empty.
    report : MaskReport

    Raises
    ------
    MaskError
        If a file is no picture or of another size, colours and alpha channel hold two different silhouettes, or the
        sequence shows no person: inverted, filled, all alike in every pixel.
    """
    if not paths:
        raise MaskError("empty", f"{name or 'a sequence'} has no files; drop it")
    name = name or str(paths[0])
    pictures: list[NDArray[Any]] = []
    for path in paths:
        picture = decode(path)
        first = size or pictures[0].shape[:2] if pictures or size else picture.shape[:2]
        if picture.shape[:2] != tuple(first):
            raise MaskError(
                "size",
                f"{path} is {picture.shape[1]} x {picture.shape[0]} pixels, expected {first[1]} x {first[0]}; "
                "bring its pictures to one size",
            )
        pictures.append(picture)
    return masks_of_pictures(pictures, name=name)


def masks_of_pictures(pictures: Sequence[NDArray[Any]], *, name: str) -> tuple[NDArray[np.bool_], MaskReport]:
    """Silhouettes of one sequence from its pictures, of one size and decoded as they are; see `read_masks`.

    Raises
    ------
    MaskError
    """
    levels, held = _levels(pictures, name)
    masks, cut = _cut(levels, name)
    _refuse_implausible(masks, name)
    specks, apart = _person_alone(masks)
    return masks, MaskReport(held, cut, specks, apart)


def masks_of_levels(
    levels: NDArray[Any], *, name: str, alone: bool = True
) -> tuple[NDArray[np.bool_], MaskReport]:
    """Silhouettes of one sequence that is in memory.

    Parameters
    ----------
    levels : array (T, H, W) of bool, whole numbers from 0 on, or floats from 0 to 255
    name : str
        How messages call the sequence.
    alone : bool
        Take away specks and patches apart from the person; False where somebody did so and cropped the person.

    Returns
    -------
    masks : bool array (T, H, W)
    report : MaskReport

    Raises
    ------
    MaskError
        As `read_masks`; also for another shape or type, of kind ``unreadable``.
    """
    if levels.ndim != 3 or not levels.size or levels.dtype.kind not in "buif":
        raise MaskError(
            "unreadable",
            f"{name}: an array of {levels.dtype} {levels.shape}, no silhouettes (frames, height, width)",
        )
    if levels.dtype.kind == "f":
        if not np.isfinite(levels).all():
            raise MaskError("unreadable", f"{name}: holds NaN or infinity")
        scale = 255.0 if levels.max() <= 1.0 else 1.0
        levels = np.rint(levels * scale).astype(np.int64)
    if levels.dtype.kind == "i" and int(levels.min()) < 0:
        raise MaskError("unreadable", f"{name}: holds negative levels")
    masks, cut = _cut(levels.view(np.uint8) if levels.dtype.kind == "b" else levels, name)
    _refuse_implausible(masks, name)
    specks, apart = _person_alone(masks) if alone else (0, 0)
    return masks, MaskReport("black and white", cut, specks, apart)


def _levels(pictures: Sequence[NDArray[Any]], name: str) -> tuple[Levels, str]:
    """One level a pixel (T, H, W), and what held it."""
    if any(p.ndim != pictures[0].ndim or p.shape[2:] != pictures[0].shape[2:] for p in pictures):
        pictures = [_alike(p) for p in pictures]
    tops = [int(p.max()) for p in pictures]
    if (top := max(tops)) > 1:  # frames of 0 and 1 among frames of 0 and 255
        pictures = [
            p * p.dtype.type(top) if p.ndim == 2 and own == 1 else p
            for p, own in zip(pictures, tops, strict=True)
        ]
    stack = np.stack(pictures)
    if stack.ndim == 3:
        return stack, "black and white"
    if stack.shape[3] == 2:
        colour, alpha = stack[..., :1], stack[..., 1]
    elif stack.shape[3] == 4:
        colour, alpha = stack[..., :3], stack[..., 3]
    else:
        colour, alpha = stack, None
    level = colour.max(axis=3)
    plain = "black and white" if (colour == colour[..., :1]).all() else "colours"
    if alpha is None or alpha.min() == alpha.max():
        return level, plain
    opaque = alpha > alpha.max() // 2
    inside = level[opaque]
    if inside.min() == inside.max():  # one colour all over, or a silhouette that only its own pixels show
        return alpha, "the alpha channel"
    black, white = level.min(), level.max()
    two = ((level == black) | (level == white)).all()
    if two and np.mean((level == white) != opaque) > 0.01 * np.mean(opaque):
        raise MaskError(
            "ambiguous",
            f"{name}: colours and alpha channel hold two different silhouettes; write one of them as black and white",
        )
    return alpha, "the alpha channel"


def _alike(picture: NDArray[Any]) -> NDArray[Any]:
    """Any picture as four channels, so that grey and coloured ones of one sequence can be read together."""
    full = 255 if picture.dtype == np.uint8 else 65535
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    if picture.shape[2] == 3:
        picture = np.dstack([picture, np.full(picture.shape[:2], full, picture.dtype)])
    return picture


def _cut(levels: Levels, name: str) -> tuple[NDArray[np.bool_], str]:
    """Black and white, and how it was cut."""
    top, low = int(levels.max()), int(levels.min())
    if top == low:
        what = "black" if top == 0 else "of one level"
        raise MaskError(
            "empty" if top == 0 else "constant", f"{name}: every pixel is {what}; nobody is visible"
        )
    masks = levels == top
    lowest = levels.size - np.count_nonzero(levels) if low == 0 else np.count_nonzero(levels == low)
    if np.count_nonzero(masks) + lowest == levels.size:
        plain = (low, top) in ((0, 255), (0, 1), (0, 65535))
        return masks, "" if plain else f"levels {low} and {top} taken for black and white"
    half = low + (top - low + 1) // 2
    masks = levels >= half
    margin = _END * (top - low)
    between = np.count_nonzero((levels > low + margin) & (levels < top - margin))
    soft = between <= _SOFT * np.count_nonzero(masks)
    what = "noise about black and white" if soft else "levels of grey"
    return masks, f"{what} cut at one half ({half} of {top})"


def _refuse_implausible(masks: NDArray[np.bool_], name: str) -> None:
    share = np.array([np.count_nonzero(mask) for mask in masks]) / masks[0].size
    border = np.concatenate([masks[:, 0], masks[:, -1], masks[:, :, 0], masks[:, :, -1]], axis=1).mean(axis=1)
    shown = share > 0
    black = masks[0].size * (1 - share)
    if np.mean((border > _FILLED) & (black >= _PERSON) & (share > _MOST)) > _MOST:
        raise MaskError(
            "inverted",
            f"{name}: white around a black person; invert the silhouettes, the person must be white",
        )
    if shown.any() and np.mean(share[shown] > _FILLED) > _MOST:
        raise MaskError("filled", f"{name}: white fills the frame; these are no silhouettes of a person")


def _person_alone(masks: NDArray[np.bool_]) -> tuple[int, int]:
    """Take away, in place, what is not the person: specks, and patches apart; how many pixels, how many frames."""
    import cv2

    specks = apart = 0
    for whole in masks:
        # where anything is white, from an even row and column on: patches are numbered as those of the whole picture
        x, y, w, h = cv2.boundingRect(whole.view(np.uint8))
        mask = whole[y & ~1 : y + h, x & ~1 : x + w]
        if not mask.size:
            continue
        bits = np.ascontiguousarray(mask).view(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(bits, connectivity=8, ltype=cv2.CV_16U)
        if count <= 2:
            continue
        left, top, wide, high, area = (stats[1:, i].astype(np.int64) for i in range(5))
        keep = np.zeros(count, bool)
        main = int(area.argmax())
        keep[main + 1] = True
        box = [left[main], top[main], left[main] + wide[main], top[main] + high[main]]
        small = area < min(_SPECK, area[main])
        far = False
        for i in np.argsort(-area, kind="stable"):
            if i == main or small[i]:
                continue
            gap = _GAP * (max(box[3], top[i] + high[i]) - min(box[1], top[i]))
            sideways = max(left[i] - box[2], box[0] - left[i] - wide[i], 0)
            upright = max(top[i] - box[3], box[1] - top[i] - high[i], 0)
            if sideways > gap or upright > gap:
                far = True
                continue
            keep[i + 1] = True
            box = [
                min(box[0], left[i]), min(box[1], top[i]),
                max(box[2], left[i] + wide[i]), max(box[3], top[i] + high[i]),
            ]  # fmt: skip
        if keep[1:].all():
            continue
        specks += int(area[small].sum())
        apart += far
        mask &= keep[labels]
    return specks, apart
