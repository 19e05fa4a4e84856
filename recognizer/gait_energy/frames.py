"""Gait energy images straight from whole pictures: size-normalise and centre every frame, then average.

What the per-frame loop of most gait code does (cut the person out, scale to 64 rows, centre on the column that
halves the mass, paste into a 64 x 44 picture), with identical pixels and in a fraction of the time: the people's boxes
are found for the whole sequence at once, the scaled people stand side by side in one array, where their masses are one
sum, and the only calls for each frame are the one that scales and the one that adds. Every frame is scaled by its own
height; where outlines are torn, a box that is smooth over time is the better choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.gait_energy._opencv import serial_cv2
from recognizer.gait_energy.image import gait_energy_image

__all__ = ["average_frames", "gei_from_frames", "normalize_frames"]

_STRIP = 8  # rows that are looked at together: numpy is faster on fewer, longer rows


def normalize_frames(frames: ArrayLike, *, size: tuple[int, int] = (64, 44)) -> NDArray[np.uint8]:
    """Cut the person out of every frame, scale to the height of `size` and centre.

    The person is the bounding box of all pixels that are not 0, so clean the frames first. It is scaled by
    ``cv2.resize`` (linear) to ``size[0]`` rows and ``round(size[0] * width / height)`` columns; the first column
    at which more than half of the mass is reached comes to column ``size[1] // 2``; what sticks out is cut off.

    Parameters
    ----------
    frames : bool or uint8 array (T, H, W)
        Foreground 1 or 255 (or grey), background 0.
    size : (int, int)
        Height and width of the result in pixels.

    Returns
    -------
    uint8 array (N, h, w)
        0 to 255, a copy; frames without foreground are left out, so N <= T.

    Raises
    ------
    ValueError
        If the shape or the type is another, `size` is not positive, or no frame has any foreground.
    ImportError
        If OpenCV is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> frames = np.zeros((2, 240, 320), bool)
    >>> frames[0, 60:188, 100:140] = True
    >>> normalize_frames(frames)[0, 0].nonzero()[0].tolist() == list(range(12, 32))
    True
    """
    height, width = _checked(size)
    with serial_cv2():
        people, edges = _people(_as_bytes(frames), height)
    out = np.zeros((len(edges) - 1, height, width), np.uint8)
    for picture, (i, j, left, right) in zip(out, _places(people, edges, width), strict=True):
        picture[:, left:right] = people[:, i:j]
    return out


def gei_from_frames(
    sequences: Iterable[ArrayLike],
    *,
    size: tuple[int, int] = (64, 44),
    cycles: bool = False,
    fps: float | None = None,
) -> NDArray[np.float32]:
    """Gait energy images of many sequences of whole pictures.

    Parameters
    ----------
    sequences : iterable of bool or uint8 arrays (T_i, H_i, W_i)
        As in `normalize_frames`. A generator keeps one sequence in memory, no more.
    size : (int, int)
        Height and width of the result in pixels.
    cycles : bool
        Average complete gait cycles only, where the period is sure (`gait_energy_image`); by default every
        frame.
    fps : float, optional
        Frames per second, read with `cycles`; 25 are assumed where it is not given.

    Returns
    -------
    float32 array (n, h, w) in [0, 1]

    Raises
    ------
    ValueError
        As `normalize_frames`, with the number of the sequence; or if there is none.
    """
    # No threads: the calls for each frame take microseconds, and handing Python to and fro takes longer.
    with serial_cv2():
        images = [
            average_frames(frames, f"sequence {n}", size, cycles, fps) for n, frames in enumerate(sequences)
        ]
    if not images:
        raise ValueError("no sequences given; pass at least one array (T, H, W)")
    return np.stack(images)


def average_frames(
    frames: ArrayLike, what: str, size: tuple[int, int], cycles: bool, fps: float | None = None
) -> NDArray[np.float32]:
    """The gait energy image of one sequence, as `gei_from_frames`; errors begin with `what`."""
    import cv2

    try:
        if cycles:
            return gait_energy_image(normalize_frames(frames, size=size), fps=fps)
        height, width = _checked(size)
        people, edges = _people(_as_bytes(frames), height)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error
    count = len(edges) - 1
    # float32 holds sums of so many bytes exactly, and is twice as fast.
    total = np.zeros((height, width), np.float32 if count <= 2**24 // 255 else np.float64)
    for i, j, left, right in _places(people, edges, width):
        if i < j:
            cv2.accumulate(people[:, i:j], total[:, left:right])
    return np.asarray(total.astype(np.float64) / (255.0 * count), dtype=np.float32)


def _as_bytes(frames: ArrayLike) -> NDArray[np.uint8]:
    x = np.asarray(frames)
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"frames must have shape (T, H, W) with at least one frame, got {x.shape}")
    if x.dtype == np.bool_:
        return np.ascontiguousarray(x).view(np.uint8)
    if x.dtype != np.uint8:
        raise ValueError(f"frames must be bool or uint8 (0/1 or 0/255), not {x.dtype}; threshold them first")
    return np.ascontiguousarray(x)


def _checked(size: Any) -> tuple[int, int]:
    height, width = (int(v) for v in size)
    if height < 1 or width < 1:
        raise ValueError(f"size must be a positive height and width in pixels, got {size}")
    return height, width


def _people(x: NDArray[np.uint8], height: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """The people of frames (T, H, W), scaled to `height` rows and set side by side, and the columns between them.

    Frames without foreground are left out.
    """
    import cv2

    boxes, highest = _boxes(x)
    if highest == 0:
        raise ValueError(
            f"none of the {len(x)} frames has any foreground; drop the sequence or mend its extraction"
        )
    _, top, bottom, left, right = boxes.T
    wide = np.maximum(np.rint(height * (right - left) / (bottom - top)).astype(np.intp), 1)
    edges = np.concatenate([[0], np.cumsum(wide)])
    people = np.empty((height, edges[-1]), np.uint8)
    columns = edges.tolist()
    for (n, a, b, i, j), start, stop in zip(boxes.tolist(), columns[:-1], columns[1:], strict=True):
        person = x[n, a:b, i:j]
        if highest == 1:
            person = person * np.uint8(255)
        cv2.resize(person, (stop - start, height), people[:, start:stop])
    return people, edges


def _boxes(x: NDArray[np.uint8]) -> tuple[NDArray[np.intp], int]:
    """Number, top, bottom, left and right (N, 5) of the frames with foreground, and the OR of pixels at its largest."""
    total, rows, columns = x.shape
    # Foreground is what is not 0, which is how numpy's searches for the first True read bytes; they stop there.
    flat = x.reshape(total, -1).view(np.bool_)
    first = flat.argmax(axis=1)
    numbers = np.flatnonzero(flat[np.arange(total), first])
    if not len(numbers):
        return np.zeros((0, 5), np.intp), 0
    top = first[numbers] // columns
    strip = min(_STRIP, rows)
    last = np.full(total, -1)  # first row of the lowest strip with foreground
    for stop in range(rows, 0, -strip):
        start = max(stop - strip, 0)
        found = flat[:, start * columns : (start + strip) * columns].any(axis=1)
        last[found & (last < 0)] = start
        if last[numbers].min() >= 0:
            break
    upwards = (numbers * rows + last[numbers])[:, None] + np.arange(strip)[::-1]
    ends = x.reshape(-1, columns).take(upwards.ravel(), axis=0).view(np.bool_).any(axis=1)
    bottom = last[numbers] + strip - ends.reshape(-1, strip).argmax(axis=1)
    fold = gcd(rows, _STRIP)
    used = x[:, top.min() // fold * fold : -(-bottom.max() // fold) * fold]
    shade = np.bitwise_or.reduce(used.reshape(total, -1, fold * columns), axis=1)
    shade = np.bitwise_or.reduce(shade.reshape(total, fold, columns), axis=1)[numbers]
    lit = shade.view(np.bool_)
    left, right = lit.argmax(axis=1), columns - lit[:, ::-1].argmax(axis=1)
    return np.array([numbers, top, bottom, left, right]).T, int(shade.max())


def _places(people: NDArray[np.uint8], edges: NDArray[np.intp], width: int) -> list[list[int]]:
    """For every person its columns in `people` that are seen, and where they go in a picture `width` wide."""
    import cv2

    mass = np.zeros(people.shape[1] + 1)
    np.cumsum(cv2.reduce(people, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0], out=mass[1:])
    before, after = mass[edges[:-1]], mass[edges[1:]]
    # The first column that takes the sum beyond the half; nothing may be left of a few faint pixels.
    middle = np.searchsorted(mass, (before + after) / 2, side="right") - 1
    shift = width // 2 - np.where(after > before, middle, edges[:-1])
    left, right = (np.minimum(np.maximum(e + shift, 0), width) for e in (edges[:-1], edges[1:]))
    places: list[list[int]] = np.array([left - shift, right - shift, left, right]).T.tolist()
    return places
