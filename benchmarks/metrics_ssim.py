"""SSIM of 2,000 RGB pairs beside scikit-image, pytorch-msssim and torchmetrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import skimage
from skimage.metrics import structural_similarity

from benchmarks.harness import Case, Peer
from gaitbench.metrics import ssim

#: The peers hold some ten arrays of the batch's size; in parts of this many pairs they are fastest.
PART = 50
OPTIONS = {
    "gaussian_weights": True,
    "sigma": 1.5,
    "use_sample_covariance": False,
    "data_range": 1.0,
    "channel_axis": -1,
}


def pairs(count: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and their noisy copies (count, 128, 128, 3)."""
    rng = np.random.default_rng(0)
    a = rng.random((count, 128, 128, 3), dtype=np.float32)
    b = np.clip(a + 0.1 * rng.standard_normal(a.shape, dtype=np.float32), 0, 1)
    return a.astype(dtype, copy=False), b.astype(dtype, copy=False)


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def in_parts(a: np.ndarray, b: np.ndarray, measure: Callable[[Any, Any], Any]) -> np.ndarray:
    """`measure` of tensors (n, 3, H, W), part by part."""
    import torch

    x, y = (torch.from_numpy(p).permute(0, 3, 1, 2) for p in (a, b))
    with torch.no_grad():
        found = [measure(x[i : i + PART], y[i : i + PART]) for i in range(0, len(x), PART)]
    return torch.cat(found).numpy()


def peers(a: np.ndarray, b: np.ndarray, *, race: bool) -> Iterator[Peer]:
    """The other packages; where it is no `race`, only agreement counts."""
    yield Peer(
        "scikit-image",
        lambda: np.array([structural_similarity(x, y, **OPTIONS) for x, y in zip(a, b, strict=True)]),
        skimage.__version__,
        least_ratio=8 if race else None,
    )
    try:
        from pytorch_msssim import ssim as msssim

        yield Peer(
            "pytorch-msssim",
            lambda: in_parts(a, b, lambda x, y: msssim(x, y, data_range=1.0, size_average=False)),
            least_ratio=6 if race else None,
        )
    except ImportError:
        pass
    try:
        from torchmetrics.functional.image import structural_similarity_index_measure as measure

        # Another definition: it averages the reflected border too. The column "differ" shows by how much.
        yield Peer(
            "torchmetrics",
            lambda: in_parts(a, b, lambda x, y: measure(x, y, data_range=1.0, reduction="none")),
            least_ratio=6 if race else None,
        )
    except ImportError:
        pass


def case(count: int, dtype: str, goal: str, *, race: bool) -> Case:
    a, b = pairs(count, dtype)
    name = f"SSIM of {count:,} pairs 128 x 128, {dtype}"
    return Case(name, lambda: ssim(a, b), list(peers(a, b, race=race)), difference, goal, 3, most_mb=30)


def cases() -> Iterator[Case]:
    yield case(2000, "float32", "8 x scikit-image, 6 x the fastest other, under 30 MB", race=True)
    # torch filters float64 ten times slower than float32 here: fewer pairs
    yield case(60, "float64", "agrees to 1e-6 (torchmetrics: another border)", race=False)
