"""Writing videos (PyAV).

Two kinds are written: lossless AVI (FFV1 in RGB, bit-exact when read back) for data, and MP4 (H.264, 4:2:0) or animated
WebP for looking at. Same frames, same bytes. Writing is atomic: a file of the final name is a whole file.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import av.container
import av.error
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from gaitbench.datasets.video import reason
from gaitbench.errors import DataError
from gaitbench.store.atomic import whole_file

__all__ = ["write_lossless_avi", "write_mp4", "write_webp"]

#: Encoders of H.264, the best first; which of them PyAV has hangs on how it was built.
_H264 = ("libx264", "libopenh264", "h264")
#: OpenCV's number of the instruction set AVX-512F.
_AVX_512F = 13

#: Seconds of a tick of clips with times of their own: all usual rates are whole numbers of them.
_TICK = Fraction(1, 90_000)


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
    times: Iterable[float] | None = None,
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rate = Fraction(fps).limit_denominator(1001)
    with whole_file(path) as part:
        # bitexact: no version of the library in the file, so that the bytes depend on the frames alone.
        whole = {"fflags": "+bitexact", **(muxer or {})}
        with av.open(str(part), "w", format=container_format, options=whole) as container:
            stream: VideoStream | None = None
            clock = iter(times) if times is not None else None
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
                    if clock is not None:
                        stream.time_base = stream.codec_context.time_base = _TICK
                if frame.shape[:2] != (stream.height, stream.width):
                    raise DataError(f"{path}: frame {number + 1} has another size than the first")
                picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
                picture = picture.reformat(format=pix_fmt)
                picture.pts = number if clock is None else round(next(clock) / _TICK)
                picture.time_base = 1 / rate if clock is None else _TICK
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
    path: Path | str,
    frames: Iterable[NDArray[np.uint8]],
    fps: float = 25.0,
    *,
    crf: int = 20,
    times: Iterable[float] | None = None,
    odd: bool = False,
    live: bool = False,
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
    times : iterable of float, optional
        Seconds of each frame, increasing, for a rate that varies; `fps` is then what the header says.
    odd : bool
        Keep an odd last row or column: such a video is written in 4:4:4, which not every browser plays.
    live : bool
        Encode each frame without a look at the next, as cameras do: the first frames do not depend on what follows.

    Raises
    ------
    DataError
        If there are no frames, or they are not uint8 RGB of one size, or the file cannot be written.
    """
    codec = _encoder(path, _H264)
    quality = {"crf": str(crf), "preset": "medium"} if codec == "libx264" else {"b": "4000000"}
    if live and codec == "libx264":
        quality["tune"] = "zerolatency"
    if codec == "libx264" and cv2.checkHardwareSupport(_AVX_512F):
        # x264's code for AVX-512 encodes the same frames now and then as other bytes (3 of 60 times on a Zen 5); that
        # for AVX2 never did, and gives what processors without AVX-512 give
        quality["x264-params"] = "asm=avx2"
    _write_shown(path, frames, fps, "mp4", codec, quality, {"movflags": "faststart"}, times, odd=odd)


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
    times: Iterable[float] | None = None,
    *,
    odd: bool = False,
) -> None:
    """Write what is looked at in 4:2:0; a place that cannot be written is one line."""
    try:
        _write(
            Path(path), frames, fps,
            container_format=container_format, codec=codec, pix_fmt="yuv444p" if odd else "yuv420p",
            options=options, even=not odd, muxer=muxer, times=times,
        )  # fmt: skip
    except (OSError, av.error.FFmpegError) as error:
        raise DataError(
            f"{path}: the video cannot be written ({reason(error)}); give another place"
        ) from error
