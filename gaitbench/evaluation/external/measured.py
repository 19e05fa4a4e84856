"""What the whole frames of an anonymized sequence look like beside its original: measured as they are read.

Figures without a judgement: `gaitbench.evaluation.external.gate` says which of them no anonymizer can have.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.alignment import has_person

__all__ = ["FrameFigures", "figures_of"]


@dataclass(frozen=True)
class FrameFigures:
    """Of one sequence; shares are in [0, 1] over its frames.

    Parameters
    ----------
    frames : int
    area : float
        Median over the frames of the white pixels, anonymized over original.
    share, share_original : float
        Median share of the frame that is white.
    filled : float
        Share of frames whose white pixels reach all four edges of the frame; the original's own are taken off.
    vanished : float
        Share of frames that show nobody though the original does.
    copied : float
        Share of frames that are the original, pixel by pixel.
    frozen : bool
        All anonymized frames are one picture, though the original's are not.
    mark : str
        Hash of the anonymized frames.
    """

    frames: int
    area: float
    share: float
    share_original: float
    filled: float
    vanished: float
    copied: float
    frozen: bool
    mark: str

    def as_meta(self) -> dict[str, Any]:
        """As an artifact's metadata keeps it."""
        return asdict(self)


def figures_of(original: NDArray[np.bool_], shown: NDArray[np.bool_]) -> FrameFigures:
    """Measure a sequence.

    Parameters
    ----------
    original, shown : bool arrays (T, H, W)
        Silhouettes of the same frames, of the same size, T at least 1. They are gone through frame by frame, several
        times: nothing of their size is held.
    """
    before, after = _counts(original), _counts(shown)
    pixels = original.shape[1] * original.shape[2]
    seen = before > 0
    ratio = after[seen] / before[seen]
    there = has_person(original)
    frozen = len(shown) > 1 and _one_picture(shown) and not _one_picture(original)
    copied = [np.array_equal(a, b) for a, b in zip(original, shown, strict=True)]
    mark = blake2b(digest_size=16)
    for mask in shown:
        mark.update(np.packbits(mask).tobytes())
    return FrameFigures(
        frames=len(shown),
        area=float(np.median(ratio)) if seen.any() else 0.0,
        share=float(np.median(after)) / pixels,
        share_original=float(np.median(before)) / pixels,
        filled=float(np.mean(_fills(shown) & ~_fills(original))),
        vanished=float(np.mean(there & ~has_person(shown))),
        copied=float(np.mean(copied)),
        frozen=bool(frozen),
        mark=mark.hexdigest(),
    )


def _counts(masks: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.fromiter((np.count_nonzero(mask) for mask in masks), np.int64, len(masks))


def _one_picture(masks: NDArray[np.bool_]) -> bool:
    first = masks[0]
    return all(np.array_equal(mask, first) for mask in masks)


def _fills(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frames (T,) with white pixels at all four edges."""
    edges = (bool(m[0].any() and m[-1].any() and m[:, 0].any() and m[:, -1].any()) for m in masks)
    return np.fromiter(edges, np.bool_, len(masks))
