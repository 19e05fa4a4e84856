"""Gait energy images straight from files of whole pictures, in little more time than decoding them takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer._blocks import workers
from recognizer.gait_energy._opencv import serial_cv2
from recognizer.gait_energy.frames import average_frames
from recognizer.gait_energy.masks import read_masks

__all__ = ["gei_from_files"]


def gei_from_files(
    sequences: Iterable[Sequence[str | Path]],
    *,
    size: tuple[int, int] = (64, 44),
    cycles: bool = False,
    fps: float | None = None,
) -> NDArray[np.float32]:
    """Gait energy images of many sequences of silhouette files (PNG and what else OpenCV reads).

    However the files hold the silhouette (0 and 255, 0 and 1, 16 bits, palette, alpha channel, JPEG), the same person
    is read; see `read_masks`, which also says how.

    Parameters
    ----------
    sequences : iterable of lists of paths
        One list per sequence, in the order of time; all pictures of a sequence of one size.
    size, cycles, fps
        As in `gei_from_frames`.

    Returns
    -------
    float32 array (n, h, w) in [0, 1]

    Raises
    ------
    ValueError
        If there is no sequence, or a file cannot be read, or has another size than the first of its sequence;
        the file is named.
    """
    lists = [list(paths) for paths in sequences]
    if not lists:
        raise ValueError("no sequences given; pass at least one list of picture files")

    def one(paths: list[str | Path]) -> NDArray[np.float32]:
        frames, _ = read_masks(paths)
        return average_frames(frames.view(np.uint8), f"the sequence of {paths[0]}", size, cycles, fps)

    with serial_cv2(), ThreadPoolExecutor(workers()) as pool:  # decoding leaves Python free
        return np.stack(list(pool.map(one, lists)))
