"""Reading videos (PyAV): RGB frames whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import av.container
import av.error
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from gaitbench.errors import DataError

__all__ = [
    "count_frames",
    "frame_rate",
    "iter_timed",
    "iter_video",
    "read_timed",
    "read_video",
    "reason",
]

#: Pixels of one frame; the head of a damaged file may say anything.
MOST_PIXELS = 64_000_000
#: A file that decodes to less than this share of the frames its header promises is called truncated. Not 1:
#: cameras and old converters are off by a few.
_LEAST_SHARE = 0.9


def _open(path: Path) -> av.container.InputContainer:
    if not path.is_file():  # a pipe or a device never ends
        raise DataError(
            f"{path}: no such video" if not path.exists() else f"{path}: no regular file, so no video"
        )
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise DataError(f"{path}: not a readable video ({reason(error)}); copy or convert it again") from None
    if not container.streams.video:
        container.close()
        raise DataError(f"{path}: holds no video stream; give a video file")
    return container


def reason(error: Exception) -> str:
    """What PyAV or the system says is wrong, on one line."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0]


def _iter(path: Path, frames: int | None) -> Iterator[tuple[NDArray[np.uint8], float | None]]:
    """Frames as a player shows them (edit lists and rotation notes kept to), with their times in seconds."""
    number, shape = 0, None
    with _open(path) as container:
        stream = container.streams.video[0]
        promised = _promised(stream)
        decoder = iter(container.decode(stream))
        while frames is None or number < frames:
            try:
                frame = next(decoder)
                if frame.width * frame.height > MOST_PIXELS:
                    raise DataError(
                        f"{path}: {frame.width} x {frame.height} pixels; at most {MOST_PIXELS} are read"
                    )
                picture = _upright(frame)
            except StopIteration:
                break
            except (av.error.FFmpegError, ValueError) as error:
                raise DataError(
                    f"{path}: breaks off at frame {number + 1} ({reason(error)}); copy or convert it again"
                ) from None
            if shape not in (None, picture.shape):
                raise DataError(
                    f"{path}: the picture size changes at frame {number + 1}; cut the video there"
                )
            shape = picture.shape
            number += 1
            yield picture, frame.time
    wanted = promised if frames is None else min(promised, frames)
    if number < max(1, _LEAST_SHARE * wanted):
        raise DataError(f"{path}: truncated, {number} of {promised or '?'} frames can be read; copy it again")


def _upright(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """RGB, turned as the file says that it is to be shown: phones store upright clips sideways."""
    picture = cast("NDArray[np.uint8]", frame.to_ndarray(format="rgb24"))
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture


def _promised(stream: VideoStream) -> int:
    """Frames that a player will show: the header's, or fewer where an edit list hides some."""
    held = int(stream.frames)
    if stream.duration and stream.time_base and stream.average_rate:
        shown = round(float(stream.duration * stream.time_base * stream.average_rate))
        return min(held, shown) if held else shown
    return held


def iter_video(path: Path | str, frames: int | None = None) -> Iterator[NDArray[np.uint8]]:
    """Frames of a video one at a time, as a player shows them.

    Parameters
    ----------
    path : Path or str
    frames : int, optional
        Stop after so many.

    Yields
    ------
    uint8 array (H, W, 3)
        RGB, upright.

    Raises
    ------
    DataError
        If the file is missing, is no video, breaks off, or changes its picture size.
    """
    for picture, _ in _iter(Path(path), frames):
        yield picture


def iter_timed(path: Path | str) -> Iterator[tuple[NDArray[np.uint8], float | None]]:
    """Frames of a video one at a time, with their times in seconds; None where the file has no clock.

    Yields and errors are those of `iter_video`.
    """
    yield from _iter(Path(path), None)


def read_video(path: Path | str, frames: int | None = None) -> NDArray[np.uint8]:
    """Read a whole video, or its first `frames` frames.

    Returns
    -------
    uint8 array (T, H, W, 3)
        RGB, upright.

    Raises
    ------
    DataError
        As `iter_video`.
    """
    return np.stack(list(iter_video(path, frames)))


def read_timed(path: Path | str, frames: int | None = None) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Read a video with the time of each frame.

    Returns
    -------
    frames : uint8 array (T, H, W, 3)
    times : float array (T,)
        Seconds from the first; all 0 where the file has no clock.

    Raises
    ------
    DataError
        As `iter_video`.
    """
    found = list(_iter(Path(path), frames))
    times = [t for _, t in found]
    clock = np.array([t if t is not None else np.nan for t in times], dtype=np.float64)
    if np.isnan(clock).any() or np.any(np.diff(clock) <= 0):
        clock = np.zeros(len(found))
    return np.stack([p for p, _ in found]), clock - clock[0]


def frame_rate(path: Path | str) -> float | None:
    """Frames a second on average, as the header says; None where it does not.

    Raises
    ------
    DataError
        As `iter_video`.
    """
    with _open(Path(path)) as container:
        rate = container.streams.video[0].average_rate
    return float(rate) if rate else None


def count_frames(path: Path | str) -> int:
    """Frames of a video that a player shows, from its header where that says so, else by reading it.

    Raises
    ------
    DataError
        As `iter_video`.
    """
    with _open(Path(path)) as container:
        stream = container.streams.video[0]
        held, shown = int(stream.frames), _promised(stream)
    return held if held and held == shown else sum(1 for _ in iter_video(path))
