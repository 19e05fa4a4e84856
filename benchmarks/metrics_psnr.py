"""PSNR of 2,000 RGB pairs beside a loop over scikit-image's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import skimage
from skimage.metrics import peak_signal_noise_ratio

from benchmarks.harness import Case, Peer
from benchmarks.metrics_ssim import difference, pairs
from gaitbench.metrics import psnr


def cases() -> Iterator[Case]:
    a, b = pairs(2000, "float32")
    yield Case(
        "PSNR of 2,000 pairs 128 x 128, float32",
        lambda: psnr(a, b),
        [
            Peer(
                "scikit-image",
                lambda: np.array(
                    [peak_signal_noise_ratio(x, y, data_range=1.0) for x, y in zip(a, b, strict=True)]
                ),
                skimage.__version__,
                least_ratio=2,
            )
        ],
        difference,
        "2 x scikit-image",
        5,
    )
