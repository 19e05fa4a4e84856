"""Reading and writing videos (PyAV).

Reading gives RGB frames whatever the file holds. Two kinds are written: lossless AVI (FFV1 in RGB, bit-exact
when read back) for data, and MP4 (H.264, 4:2:0) or animated WebP for looking at. Same frames, same bytes. Writing
is atomic: a file of the final name is a whole file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import av.container
import av.error
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from gaitbench.errors import DataError
from gaitbench.store.atomic import whole_file

__all__ = [
    "count_frames",
    "frame_rate",
    "iter_video",
    "read_timed",
    "read_video",
    "write_lossless_avi",
    "write_mp4",
    "write_webp",
]

#: Encoders of H.264, the best first; which of them PyAV has hangs on how it was built.
_H264 = ("libx264", "libopenh264", "h264")

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
        raise DataError(
            f"{path}: not a readable video ({_reason(error)}); copy or convert it again"
        ) from None
    if not container.streams.video:
        container.close()
        raise DataError(f"{path}: holds no video stream; give a video file")
    return container


def _reason(error: Exception) -> str:
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
                    f"{path}: breaks off at frame {number + 1} ({_reason(error)}); copy or convert it again"
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


def _write(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    fps: float,
    *,
    container_format: str,
    codec: str,
    pix_fmt: str,
    options: dict[str, str],
    even: bool,
    muxer: dict[str, str] | None = None,
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rate = Fraction(fps).limit_denominator(1001)
    with whole_file(path) as part:
        # bitexact: no version of the library in the file, so that the bytes depend on the frames alone.
        whole = {"fflags": "+bitexact", **(muxer or {})}
        with av.open(str(part), "w", format=container_format, options=whole) as container:
            stream: VideoStream | None = None
            for number, frame in enumerate(frames):
                if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
                    raise DataError(
                        f"{path}: a video needs uint8 RGB frames (H, W, 3), not {frame.dtype} {frame.shape}"
                    )
                if even:
                    frame = frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]
                if stream is None:
                    extra = {"flags": "+bitexact", **options}
                    stream = cast("VideoStream", container.add_stream(codec, rate=rate, options=extra))
                    stream.height, stream.width = frame.shape[:2]
                    stream.pix_fmt = pix_fmt
                    stream.codec_context.thread_count = 1
                if frame.shape[:2] != (stream.height, stream.width):
                    raise DataError(f"{path}: frame {number + 1} has another size than the first")
                picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
                picture = picture.reformat(format=pix_fmt)
                picture.pts = number
                picture.time_base = 1 / rate
                container.mux(stream.encode(picture))
            if stream is None:
                raise DataError(f"{path}: no frames to write")
            container.mux(stream.encode(None))


def write_lossless_avi(path: Path | str, frames: Iterable[NDArray[np.uint8]], fps: float = 25.0) -> None:
    """Write RGB frames without loss (FFV1 version 3 in AVI, checksummed slices).

    Parameters
    ----------
    path : Path or str
        Written atomically; folders are made.
    frames : uint8 array (T, H, W, 3) or iterable of (H, W, 3)
    fps : float

    Raises
    ------
    DataError
        If there are no frames, or they are not uint8 RGB of one size.
    """
    # Golomb-Rice with the small context: on noisy frames 10 % smaller and twice as fast as range coding.
    options = {"level": "3", "coder": "0", "context": "0", "slices": "4", "slicecrc": "1", "g": "1"}
    _write(
        Path(path), frames, fps,
        container_format="avi", codec="ffv1", pix_fmt="bgr0", options=options, even=False,
    )  # fmt: skip


def write_mp4(
    path: Path | str, frames: Iterable[NDArray[np.uint8]], fps: float = 25.0, *, crf: int = 20
) -> None:
    """Write a video that browsers play (H.264, 4:2:0, index at the front).

    An odd last row or column is left out, which 4:2:0 cannot hold.

    Parameters
    ----------
    path : Path or str
        Written atomically; folders are made.
    frames : uint8 array (T, H, W, 3) or iterable of (H, W, 3)
    fps : float
    crf : int
        Quality, 0 (lossless) to 51.

    Raises
    ------
    DataError
        If there are no frames, or they are not uint8 RGB of one size, or the file cannot be written.
    """
    codec = _encoder(path, _H264)
    quality = {"crf": str(crf), "preset": "medium"} if codec == "libx264" else {"b": "4000000"}
    _write_shown(path, frames, fps, "mp4", codec, quality, {"movflags": "faststart"})


def write_webp(path: Path | str, frames: Iterable[NDArray[np.uint8]], fps: float = 25.0) -> None:
    """Write frames as an endless animated WebP, for places that play no video (an ``<img>`` shows it).

    Parameters and errors are those of `write_mp4`.
    """
    codec = _encoder(path, ("libwebp_anim",))
    _write_shown(path, frames, fps, "webp", codec, {"quality": "80"}, {"loop": "0"})


def _encoder(path: Path | str, names: tuple[str, ...]) -> str:
    for name in names:
        if name in av.codecs_available:
            return name
    raise DataError(
        f"{path}: PyAV here has no encoder for it ({', '.join(names)}); install the wheel of 'av'"
    )


def _write_shown(
    path: Path | str,
    frames: Iterable[NDArray[np.uint8]],
    fps: float,
    container_format: str,
    codec: str,
    options: dict[str, str],
    muxer: dict[str, str],
) -> None:
    """Write what is looked at in 4:2:0; a place that cannot be written is one line."""
    try:
        _write(
            Path(path), frames, fps,
            container_format=container_format, codec=codec, pix_fmt="yuv420p", options=options, even=True,
            muxer=muxer,
        )  # fmt: skip
    except (OSError, av.error.FFmpegError) as error:
        raise DataError(
            f"{path}: the video cannot be written ({_reason(error)}); give another place"
        ) from error
