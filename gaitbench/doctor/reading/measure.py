"""From the pictures of a sequence to facts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.datasets.clock import RATE, frames_at
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS
from gaitbench.doctor.reading.facts import Facts, Shape
from gaitbench.doctor.reading.raw import Raw
from recognizer.gait_energy.mask_files import MaskError
from recognizer.gait_energy.masks import masks_of_levels, masks_of_pictures

__all__ = ["facts_of_masks", "facts_of_raw", "holes"]

#: As the reader of silhouettes (`recognizer.gait_energy.masks`) has them, of a sequence; here of a frame.
_FILLED, _MOST, _END, _SOFT = 0.9, 0.5, 0.2, 0.25


def facts_of_raw(key: SequenceKey, raw: Raw, rate: float | None) -> Facts:
    """Facts of a sequence of pictures.

    Parameters
    ----------
    key : SequenceKey
    raw : Raw
        Its pictures; nothing of them is kept.
    rate : float or None
        Frames a second.
    """
    sizes = Counter(p.shape[:2] for p in raw.pictures if p is not None).most_common()
    usual = sizes[0][0] if sizes else None
    at = [i for i, p in enumerate(raw.pictures) if p is not None and p.shape[:2] == usual]
    pictures = [p for i in at if (p := raw.pictures[i]) is not None]
    numbers = np.array([raw.numbers[i] for i in at], dtype=np.int64)
    told: dict[str, Any] = {
        "frames": len(raw.pictures), "unreadable": tuple(raw.unreadable), "refused": raw.refused, "why": raw.why,
        "sizes": tuple(((int(h), int(w)), n) for (h, w), n in sizes), "aligned": raw.aligned, **holes(raw.numbers),
    }  # fmt: skip
    if not pictures:
        return Facts(key, raw.place, **told)
    try:
        if raw.levels:
            masks, report = masks_of_levels(np.stack(pictures), name=str(key), alone=not raw.aligned)
        else:
            masks, report = masks_of_pictures(pictures, name=str(key))
    except MaskError as error:
        masks = np.zeros((0, 1, 1), bool)
        kind = error.kind if error.kind in ("inverted", "filled", "empty") else "unreadable"
        told |= {"refused": kind, "why": str(error)}
        if error.kind == "constant":
            told["refused"] = "filled"
        report = None
    if report is not None:
        told["notes"] = (*raw.notes, *((report.converted,) if report.converted else ()))
    if report is None or report.held != "the alpha channel":
        told |= _of_levels(pictures, numbers)
    return Facts(key, raw.place, **told, **facts_of_masks(masks, numbers, rate))


def holes(numbers: Sequence[int]) -> dict[str, Any]:
    """First and last number, how many are missing between, and the longest run of those."""
    if not numbers:
        return {}
    steps = np.diff(np.asarray(numbers, dtype=np.int64))
    worst = int(steps.argmax()) if len(steps) else 0
    return {
        "numbers": (int(numbers[0]), int(numbers[-1])),
        "missing": int(numbers[-1]) - int(numbers[0]) + 1 - len(numbers),
        "hole": int(steps[worst]) - 1 if len(steps) else 0,
        "after": int(numbers[worst]),
    }


def facts_of_masks(masks: NDArray[np.bool_], numbers: ArrayLike, rate: float | None) -> dict[str, Any]:
    """What the silhouettes (T, H, W) themselves tell; `numbers` (T,) are theirs."""
    numbers = np.asarray(numbers, dtype=np.int64)
    if not len(masks):
        return {}
    counts = np.count_nonzero(masks.reshape(len(masks), -1), axis=1)
    seen = counts >= LEAST_PIXELS
    if not seen.any():
        return {}
    places = np.flatnonzero(seen)
    between = np.arange(places[0], places[-1] + 1)
    person = masks[seen]
    return {
        "shown": int(np.count_nonzero(seen[frames_at(numbers / (rate or RATE))])),
        "black": tuple(numbers[between[~seen[between]]].tolist()),
        "seen": (int(numbers[places[0]]), int(numbers[places[-1]])),
        "prints": b"".join(_print(mask) for mask in person),
        "shape": _shape(person, numbers[seen], counts[seen]),
    }


def _print(mask: NDArray[np.bool_]) -> bytes:
    content = repr(mask.shape).encode() + np.packbits(mask).tobytes()
    return hashlib.blake2b(content, digest_size=8).digest()


def _shape(masks: NDArray[np.bool_], numbers: NDArray[np.int64], counts: NDArray[np.int64]) -> Shape:
    rows: NDArray[np.bool_] = np.asarray(masks.any(axis=2))
    columns: NDArray[np.bool_] = np.asarray(masks.any(axis=1))
    width = columns.shape[1]
    first, last = rows.argmax(1), rows.shape[1] - rows[:, ::-1].argmax(1)
    left, right = columns.argmax(1), width - columns[:, ::-1].argmax(1)
    middle = np.array([(m.sum(axis=0) * np.arange(width)).sum() for m in masks]) / counts + 0.5
    edges = {
        "top": rows[:, 0], "bottom": rows[:, -1], "left": columns[:, 0], "right": columns[:, -1],
    }  # fmt: skip
    return Shape(
        **{name: tuple(numbers[touch].tolist()) for name, touch in edges.items()},
        filling=int(np.count_nonzero(edges["top"] & edges["bottom"])),
        spanning=int(np.count_nonzero(edges["left"] & edges["right"])),
        height=float(np.median(last - first)),
        narrow=float(np.percentile((right - left) / (last - first), 10)),
        offset=float(np.median(np.abs(middle - width / 2)) / width),
    )


def _of_levels(pictures: Sequence[NDArray[Any]], numbers: NDArray[np.int64]) -> dict[str, Any]:
    """Frames that are inverted, filled, or of more than two levels."""
    planes = [_plane(p) for p in pictures]
    top = max(float(p.max()) for p in planes)
    low = min(float(p.min()) for p in planes)
    found: dict[str, list[int]] = {"inverted": [], "filled": [], "grey": [], "throughout": []}
    if top == low:
        return {}
    for number, plane in zip(numbers.tolist(), planes, strict=True):
        if top > 1 and plane.max() == 1:  # 0 and 1 among 0 and 255
            plane = plane * top
        white = plane >= low + (top - low) / 2
        share = float(white.mean())
        rim = np.concatenate([white[0], white[-1], white[:, 0], white[:, -1]])
        if float(rim.mean()) > _FILLED and share > _MOST and plane.size * (1 - share) >= LEAST_PIXELS:
            found["inverted"].append(number)
        elif share > _FILLED:
            found["filled"].append(number)
        if ((plane != low) & (plane != top)).any():
            found["grey"].append(number)
            margin = _END * (top - low)
            inside = np.count_nonzero((plane > low + margin) & (plane < top - margin))
            if inside > _SOFT * np.count_nonzero(white):
                found["throughout"].append(number)
    return {name: tuple(frames) for name, frames in found.items()}


def _plane(picture: NDArray[Any]) -> NDArray[Any]:
    """One level a pixel, without the alpha channel."""
    if picture.dtype == np.bool_:
        return picture.view(np.uint8)
    if picture.ndim == 2:
        return picture
    return np.asarray(picture[..., 0] if picture.shape[2] == 2 else picture[..., :3].max(axis=2))
