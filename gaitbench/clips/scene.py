"""The empty scene of a clip: learned from a sample of its frames, or given as a clip or a picture.

The clip is read, never held: thumbnails of a sample tell which frames show the empty scene, a second reading keeps
those. All choices are *ours*.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.empty_scene import (
    UNCONTROLLED,
    ExtractionSettings,
    Plate,
    empty_scene,
    fit_plate,
    returning_frames,
    thumbnail,
)
from gaitbench.datasets.video import iter_timed, iter_video
from gaitbench.errors import DataError

__all__ = ["LEAST_FRAMES", "Scene", "background_scene", "learned_scene"]

#: Shorter clips show too little of a walk and of the scene.
LEAST_FRAMES = 8
#: Frames that are looked at, and most bytes of those that are kept.
_LOOKS, _MOST_BYTES = 204, 128_000_000
#: In pictures 160 wide: levels across three pixels that make an edge, levels by which a pixel of one has changed, and
#: the share of blocks with edges that change from look to look if the camera moves; people change fewer.
_EDGE, _CHANGED, _MOVES = 16, 10, 0.6
#: Film of any camera: glossy floors, cast shadows, flicker and compression are to be expected. Floors lower
#: than those of `UNCONTROLLED` find small compressed people and those in the ground's colours.
FILMED = replace(UNCONTROLLED, low_floor=14.0, high_floor=28.0, shadow_colour=0.03)
#: Grey film tells less apart, and has no noise of colours.
FILMED_GREY = replace(FILMED, low_floor=10.0, high_floor=20.0)
_PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}


@dataclass(frozen=True)
class Scene:
    """The scene without people.

    Parameters
    ----------
    plate : Plate
        What frames are compared with.
    picture : uint8 array (H, W, 3)
        As sharp as the frames.
    settings : ExtractionSettings
    seen_empty : bool
        Frames of the empty scene were found, or given; False: the median of a scene that was never seen empty.
    frames : int
        Frames of the clip.
    times : float array (T,)
        Seconds of each frame from the first; empty where the file has no clock.
    """

    plate: Plate
    picture: NDArray[np.uint8]
    settings: ExtractionSettings
    seen_empty: bool
    frames: int
    times: NDArray[np.float64]

    def relit(self, frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The empty scene in the light of a frame: per channel the median ratio of the two over the scene."""
        samples = self.plate.samples
        if len(samples) < 20:
            return self.picture.copy()
        here = np.maximum(frame.reshape(-1, 3)[samples], 1).astype(np.float32)
        there = np.maximum(self.plate.sample_colour.T, 1)
        gain = np.clip(np.median(here / there, axis=0), 0.5, 2.0)
        if np.abs(gain - 1.0).max() < 0.02:
            return self.picture.copy()
        levels = np.arange(256, dtype=np.float32)[:, None] * gain
        table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)[None]
        lit: NDArray[np.uint8] = np.asarray(cv2.LUT(self.picture, table), np.uint8)
        return lit


def learned_scene(path: Path) -> Scene:
    """Learn the empty scene from the clip itself.

    Raises
    ------
    DataError
        If the file is no video, too short, or the camera moves.
    """
    looks, times, count = _looks(path)
    _check(path, [small for _, small in looks])
    found = returning_frames(np.stack([thumb for thumb, _ in looks]), UNCONTROLLED)
    places = np.unique(np.linspace(0, count - 1, len(looks)).round().astype(np.int64))
    wanted = places if found is None else places[found]
    kept = _kept(path, wanted)
    return _scene(kept, found is not None, count, times)


def background_scene(path: Path, background: Path) -> Scene:
    """Take the empty scene from a clip or a picture of it.

    Raises
    ------
    DataError
        As `learned_scene`, or if the background cannot be read or is of another size.
    """
    looks, times, count = _looks(path)
    _check(path, [small for _, small in looks])
    if background.suffix.lower() in _PICTURES:
        read = cv2.imread(str(background), cv2.IMREAD_COLOR) if background.is_file() else None
        if read is None:
            raise DataError(f"--background {background}: not a readable picture; give a picture or a clip")
        frames = np.asarray(read[None, :, :, ::-1], np.uint8)
    else:
        total = sum(1 for _ in iter_video(background))
        frames = _kept(background, np.unique(np.linspace(0, total - 1, 51).round().astype(np.int64)))
    first = next(iter_video(path, 1))
    if frames.shape[1:] != first.shape:
        raise DataError(
            f"--background {background} is {frames.shape[2]} x {frames.shape[1]} pixels, {path.name} "
            f"{first.shape[1]} x {first.shape[0]}; film it with the same camera"
        )
    return _scene(frames, True, count, times)


def _scene(frames: NDArray[np.uint8], seen_empty: bool, count: int, times: NDArray[np.float64]) -> Scene:
    """The scene that frames (B, H, W, 3) show."""
    plate, settings = fit_plate(frames, FILMED), FILMED
    if plate.grey:
        plate, settings = fit_plate(frames, FILMED_GREY), FILMED_GREY
    return Scene(plate, empty_scene(frames, settings), settings, seen_empty, count, times)


def _looks(
    path: Path,
) -> tuple[list[tuple[NDArray[np.uint8], NDArray[np.uint8]]], NDArray[np.float64], int]:
    """Thumbnails and small grey pictures of evenly spread frames, all times, and the number of frames.

    How many frames there are is known at the end: every second one is dropped whenever there are twice too many.
    """
    held: list[tuple[int, NDArray[np.uint8], NDArray[np.uint8]]] = []
    clock: list[float] = []
    step, count = 1, 0
    for count, (frame, time) in enumerate(iter_timed(path), start=1):
        clock.append(np.nan if time is None else time)
        if (count - 1) % step == 0:
            held.append((count - 1, thumbnail(frame), _grey(frame)))
            if len(held) >= 4 * _LOOKS:
                held, step = held[::2], 2 * step
    if count < LEAST_FRAMES:
        raise DataError(
            f"{path.name}: {count} frames are too few to find a person; at least {LEAST_FRAMES} are needed"
        )
    times = np.array(clock)
    if np.isnan(times).any() or np.any(np.diff(times) <= 0):
        times = np.zeros(0)
    wanted = np.unique(np.linspace(0, count - 1, min(count, _LOOKS)).round().astype(np.int64))
    at = np.array([number for number, _, _ in held])
    nearest = np.abs(at[None, :] - wanted[:, None]).argmin(axis=1)
    return [held[i][1:] for i in nearest], times - times[0] if len(times) else times, count


def _grey(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = (160, max(16, round(160 * frame.shape[0] / frame.shape[1])))
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def _check(path: Path, greys: list[NDArray[np.uint8]]) -> None:
    """Refuse a camera that moves: from look to look most parts of the picture that have edges change."""
    some = [
        greys[i].astype(np.float32) for i in np.unique(np.linspace(0, len(greys) - 1, 24).round().astype(int))
    ]
    shares = []
    for a, b in itertools.pairwise(some):
        apart = a - b
        apart = np.abs(apart - np.median(apart))  # another light changes everything and moves nothing
        steep = cv2.morphologyEx(a, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        edges, changed = (_blocks(m) for m in (steep > _EDGE, (steep > _EDGE) & (apart > _CHANGED)))
        here = edges > 4
        if np.count_nonzero(here) >= here.size / 4:
            shares.append(float((changed[here] > 0.3 * edges[here]).mean()))
    if len(shares) > len(some) / 2 and np.median(shares) > _MOVES:
        raise DataError(
            f"{path.name}: the camera moves, or the scene changes throughout; only clips of a still camera can be read"
        )


def _blocks(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pixels of a mask in each block of 10 x 10."""
    height, width = (n // 10 * 10 for n in mask.shape)
    return np.asarray(mask[:height, :width].reshape(height // 10, 10, width // 10, 10).sum(axis=(1, 3)))


def _kept(path: Path, wanted: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Frames by number, fewer of them where they are large."""
    frames: list[NDArray[np.uint8]] = []
    most = 51
    chosen: set[int] = set()
    for number, frame in enumerate(iter_video(path)):
        if not number:
            most = int(np.clip(_MOST_BYTES // frame.nbytes, 7, 51))
            chosen = set(
                wanted[np.unique(np.linspace(0, len(wanted) - 1, most).round().astype(int))].tolist()
            )
        if number in chosen:
            frames.append(frame)
    return np.stack(frames)
