"""A prepared sequence as the store gives it back."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
        The frames whose pictures are kept, with RGB and, where there is one, the oracle.
    index : int array (K,)
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
    )
    pictures = None
    if "rgb" in arrays:
        pictures = replace(
            sequence,
            silhouettes=sequence.silhouettes[index],
            rgb=arrays["rgb"],
            plate=arrays.get("plate"),
            frame_numbers=sequence.frame_numbers[index],
            oracle_silhouettes=None if oracle is None else oracle[index],
            oracle_rgb=arrays.get("oracle_rgb"),
        )
    return Prepared(need.key, sequence, pictures, index, None, meta["scores"])
