"""A film of systems side by side: frames in, MP4 and an animated WebP out. Takes arrays only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError

__all__ = ["side_by_side", "write_mp4", "write_webp"]

#: Encoders that browsers play, the best first; which one PyAV has hangs on how it was built.
_ENCODERS = ("libx264", "libopenh264", "h264")
_GAP = 6
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def _caption(text: str, width: int, height: int) -> NDArray[np.uint8]:
    """White words on dark grey, as large as fits the width, in ASCII (what the font has)."""
    strip = np.full((height, width, 3), 32, np.uint8)
    shown = text.encode("ascii", "replace").decode("ascii")
    (wide, tall), _ = cv2.getTextSize(shown, _FONT, 1.0, 1)
    scale = min(0.9 * width / max(wide, 1), 0.42 * height / max(tall, 1))
    (wide, tall), _ = cv2.getTextSize(shown, _FONT, scale, 1)
    place = ((width - wide) // 2, (height + tall) // 2)
    cv2.putText(strip, shown, place, _FONT, scale, (235, 235, 235), 1, cv2.LINE_AA)
    return strip


def side_by_side(
    systems: Mapping[str, NDArray[np.uint8]], *, title: str = "", scale: int | None = None
) -> NDArray[np.uint8]:
    """Frames of several systems beside each other, each under its name.

    Parameters
    ----------
    systems : mapping of str to uint8 array (T, h, w, 3) or (T, h, w)
        Name -> RGB or grey frames; all of one shape (T, h, w).
    title : str
        A line over everything.
    scale : int, optional
        Whole enlargement of the pixels; by default so that a frame is at least 240 pixels high.

    Returns
    -------
    uint8 array (T, H, W, 3)
        `H` and `W` are even, as H.264 wants them.

    Raises
    ------
    DataError
        If there is nothing to show, or the shapes differ.
    """
    if not systems:
        raise DataError("a film needs at least one system")
    frames = {
        name: one if one.ndim == 4 else np.repeat(one[..., None], 3, 3) for name, one in systems.items()
    }
    shapes = {name: one.shape for name, one in frames.items()}
    if len(set(shapes.values())) > 1 or not all(min(shape) > 0 for shape in shapes.values()):
        told = ", ".join(f"{name} {'x'.join(map(str, shape))}" for name, shape in shapes.items())
        raise DataError(f"the frames of a film must be of one shape and not empty: {told}")
    count, height, width, _ = next(iter(shapes.values()))
    scale = scale or max(1, -(-240 // height))
    panel_h, panel_w, band = height * scale, width * scale, max(20, 14 * scale // 2)
    total_w = len(frames) * (panel_w + _GAP) + _GAP
    top = band if title else 0
    total_h = top + band + panel_h + _GAP
    film = np.full((count, total_h + total_h % 2, total_w + total_w % 2, 3), 32, np.uint8)
    if title:
        film[:, :top, :total_w] = _caption(title, total_w, top)
    for number, (name, pictures) in enumerate(frames.items()):
        left = _GAP + number * (panel_w + _GAP)
        film[:, top : top + band, left : left + panel_w] = _caption(name, panel_w, band)
        film[:, top + band : top + band + panel_h, left : left + panel_w] = pictures.repeat(scale, 1).repeat(
            scale, 2
        )
    return film


def _looped(film: NDArray[np.uint8], loops: int) -> Iterator[NDArray[np.uint8]]:
    for _ in range(loops):
        yield from film


def write_mp4(path: Path, film: NDArray[np.uint8], *, fps: int = 25, loops: int = 1) -> str:
    """Write frames as MP4 (H.264, yuv420p, the index first so that a browser starts at once).

    Parameters
    ----------
    path : Path
    film : uint8 array (T, H, W, 3)
        `H` and `W` even.
    fps : int
        Frames a second.
    loops : int
        How often the frames are shown one after another: a walk is short.

    Returns
    -------
    str
        Name of the encoder.

    Raises
    ------
    DataError
        If the sizes are odd, there is no encoder, or the file cannot be written.
    """
    import av

    if film.ndim != 4 or film.shape[1] % 2 or film.shape[2] % 2 or not len(film):
        raise DataError(
            f"a film of shape {film.shape} cannot be written: (T, H, W, 3) with even H and W is needed"
        )
    names = [name for name in _ENCODERS if name in av.codecs_available]
    if not names:
        raise DataError("PyAV here has no H.264 encoder; take the WebP, or install the wheel of 'av'")
    part = path.with_name(f".{path.stem}.part.mp4")
    try:
        with av.open(str(part), "w", format="mp4", options={"movflags": "faststart"}) as out:
            stream: Any = out.add_stream(names[0], rate=Fraction(fps))
            stream.height, stream.width, stream.pix_fmt = film.shape[1], film.shape[2], "yuv420p"
            # One thread, so that equal frames are equal bytes.
            stream.codec_context.thread_count = 1
            if names[0] == "libx264":
                stream.options = {"crf": "18", "preset": "medium"}
            else:
                stream.bit_rate = 4_000_000
            for picture in _looped(film, loops):
                out.mux(
                    stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24"))
                )
            out.mux(stream.encode(None))
        part.replace(path)
    except (OSError, av.FFmpegError) as error:
        raise DataError(f"the film {path} cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return names[0]


def write_webp(path: Path, film: NDArray[np.uint8], *, fps: int = 25) -> None:
    """Write frames as an endless animated WebP, for places that play no film (an ``<img>`` shows it).

    Raises
    ------
    DataError
        If PyAV has no encoder for it, or the file cannot be written.
    """
    import av

    if "libwebp_anim" not in av.codecs_available:
        raise DataError("PyAV here has no WebP encoder; take the MP4, or install the wheel of 'av'")
    part = path.with_name(f".{path.stem}.part.webp")
    try:
        with av.open(str(part), "w", format="webp", options={"loop": "0"}) as out:
            stream: Any = out.add_stream("libwebp_anim", rate=Fraction(fps))
            stream.height, stream.width, stream.pix_fmt = film.shape[1], film.shape[2], "yuv420p"
            stream.options = {"quality": "80"}
            for picture in film:
                out.mux(
                    stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24"))
                )
            out.mux(stream.encode(None))
        part.replace(path)
    except (OSError, av.FFmpegError) as error:
        raise DataError(f"the film {path} cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
