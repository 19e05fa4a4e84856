"""A prepared sequence as the store gives it back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need

__all__ = ["Prepared", "load_prepared", "unpack_masks"]


@dataclass(frozen=True)
class Prepared:
    """A prepared sequence as the store gives it.

    Parameters
    ----------
    sequence : GaitSequence or None
        All frames, without pictures; None if the preparation failed.
    pictures : GaitSequence or None
        The frames that are measured or learnt from, with RGB and, where there is one, the oracle.
    index : int array (K,)
        Which frames of `sequence` those are.
    kept : GaitSequence or None
        All frames whose pictures are kept, those that attackers see among them, with RGB.
    kept_index : int array (N,)
        Which frames of `sequence` those are.
    failure : str or None
        Why there is no sequence.
    scores : dict of str to float
        Label scores (`texture`, `completeness`), where pictures were read.
    """

    key: SequenceKey
    sequence: GaitSequence | None
    pictures: GaitSequence | None
    index: NDArray[np.int64]
    failure: str | None
    scores: dict[str, float]
    kept: GaitSequence | None = None
    kept_index: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def watched(self, need: Need) -> tuple[GaitSequence | None, NDArray[np.int64]]:
        """The frames that attackers see, with RGB, and which of `sequence` they are; None where no picture is kept."""
        if self.kept is None or self.sequence is None or not need.watched:
            return None, np.zeros(0, dtype=np.int64)
        index = need.watched_frames(len(self.sequence.silhouettes))
        return _some(self.kept, np.searchsorted(self.kept_index, index)), index


def _some(kept: GaitSequence, rows: NDArray[np.intp]) -> GaitSequence:
    """Some frames of those whose pictures are kept."""
    assert kept.rgb is not None
    return replace(
        kept,
        silhouettes=kept.silhouettes[rows],
        rgb=kept.rgb[rows],
        plate=None if kept.plate is None else kept.plate[rows],
        frame_numbers=kept.frame_numbers[rows],
        boxes=None if kept.boxes is None else kept.boxes[rows],
        oracle_silhouettes=None if kept.oracle_silhouettes is None else kept.oracle_silhouettes[rows],
    )


def unpack_masks(bits: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Silhouettes bool (T, h, w) from the store's packed bits uint8 (T, bytes)."""
    h, w = size
    return np.unpackbits(bits, axis=1, count=h * w).reshape(-1, h, w).view(np.bool_)


def load_prepared(run: RunContext, need: Need, key: str) -> Prepared:
    """Read a prepared sequence from the store."""
    arrays, meta = run.store.expect("sequences", key)
    index = np.asarray(meta["index"], dtype=np.int64)
    if meta["failure"] is not None:
        return Prepared(need.key, None, None, index, meta["failure"], {})
    size = (int(meta["size"][0]), int(meta["size"][1]))
    oracle = unpack_masks(arrays["oracle_silhouettes"], size) if "oracle_silhouettes" in arrays else None
    sequence = GaitSequence(
        key=need.key,
        silhouettes=unpack_masks(arrays["silhouettes"], size),
        rgb=None,
        frame_numbers=arrays["frame_numbers"],
        frame_count=meta["frame_count"],
        oracle_silhouettes=oracle,
        boxes=arrays.get("boxes"),
    )
    if "rgb" not in arrays:
        return Prepared(need.key, sequence, None, index, None, meta["scores"])
    kept = replace(
        sequence,
        silhouettes=sequence.silhouettes[index],
        rgb=arrays["rgb"],
        plate=arrays.get("plate"),
        frame_numbers=sequence.frame_numbers[index],
        boxes=None if sequence.boxes is None else sequence.boxes[index],
        oracle_silhouettes=None if oracle is None else oracle[index],
    )
    measured = need.frames(len(sequence.silhouettes))
    pictures = None
    if len(measured):
        pictures = replace(_some(kept, np.searchsorted(index, measured)), oracle_rgb=arrays.get("oracle_rgb"))
    return Prepared(need.key, sequence, pictures, measured, None, meta["scores"], kept, index)
