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

__all__ = ["gei_from_files"]


def gei_from_files(
    sequences: Iterable[Sequence[str | Path]], *, size: tuple[int, int] = (64, 44), cycles: bool = False
) -> NDArray[np.float32]:
    """Gait energy images of many sequences of picture files (PNG and what else OpenCV reads), read as grey.

    Parameters
    ----------
    sequences : iterable of lists of paths
        One list per sequence, in the order of time; all pictures of a sequence of one size.
    size, cycles
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
        frames = _read(paths)
        return average_frames(frames, f"the sequence of {paths[0]}", size, cycles)

    with serial_cv2(), ThreadPoolExecutor(workers()) as pool:  # decoding leaves Python free
        return np.stack(list(pool.map(one, lists)))


def _read(paths: list[str | Path]) -> NDArray[np.uint8]:
    import cv2

    if not paths:
        raise ValueError("a sequence has no files; drop it")
    frames: NDArray[np.uint8] | None = None
    for number, path in enumerate(paths):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise ValueError(f"{path} is not a picture that can be read; mend or drop it")
        if frames is None:
            frames = np.empty((len(paths), *picture.shape), np.uint8)
        if picture.shape != frames.shape[1:]:
            raise ValueError(
                f"{path} is {picture.shape} pixels, the sequence began with {frames.shape[1:]}; "
                "bring its pictures to one size"
            )
        frames[number] = picture
    assert frames is not None
    return frames
