"""From a recording (whole frames) to a gait sequence (aligned crops): extraction, boxes, crops.

Every data set takes this one way, so that silhouettes read from disk and silhouettes extracted in memory are
the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import stretch
from gaitbench.datasets.sequence import GaitSequence, Recording
from gaitbench.datasets.silhouettes.aligned import fitted
from gaitbench.datasets.silhouettes.alignment import (
    LEAST_PIXELS,
    AlignmentSettings,
    crop,
    has_person,
    track_boxes,
)
from gaitbench.datasets.silhouettes.empty_scene import empty_frames, empty_scene
from gaitbench.datasets.silhouettes.extraction import UNCONTROLLED, ExtractionSettings, extract_silhouettes
from gaitbench.errors import DataError

__all__ = ["full_silhouettes", "prepare"]

_log = logging.getLogger(__name__)


def full_silhouettes(
    recording: Recording, *, settings: ExtractionSettings | None = None
) -> NDArray[np.bool_]:
    """Whole-frame silhouettes: those that came with the data, else extracted from the frames.

    Parameters
    ----------
    recording : Recording
    settings : ExtractionSettings, optional

    Returns
    -------
    bool array (T, H, W)
        As many as the recording has frame numbers; frames without a person may be among them.

    Raises
    ------
    DataError
        If the recording has neither silhouettes nor frames, or they differ in size or number.
    """
    frames, given, total = recording.frames, recording.silhouettes, len(recording.frame_numbers)
    if given is None and frames is None:
        raise DataError(f"{recording.key}: neither video frames nor silhouettes; nothing to read a gait from")
    for name, array in (("frames", frames), ("silhouettes", given)):
        if array is not None and len(array) != total:
            raise DataError(
                f"{recording.key}: {len(array)} {name} for {total} frame numbers; they must match"
            )
    if given is not None and frames is not None and given.shape != frames.shape[:3]:
        raise DataError(
            f"{recording.key}: silhouettes are {given.shape[2]} x {given.shape[1]} pixels but the video is "
            f"{frames.shape[2]} x {frames.shape[1]}; use silhouettes of this video, or leave the video out"
        )
    if given is not None:
        return given
    assert frames is not None
    background = recording.background
    if background is not None and len(background) and background.shape[1:3] != frames.shape[1:3]:
        raise DataError(
            f"{recording.key}: the background clip is {background.shape[2]} x {background.shape[1]} but "
            f"the video {frames.shape[2]} x {frames.shape[1]}; they must come from one camera"
        )
    return extract_silhouettes(frames, background, settings=settings)


def prepare(
    recording: Recording,
    *,
    size: tuple[int, int] = (64, 44),
    rgb: bool | Callable[[NDArray[np.int32]], Iterable[int]] = True,
    frames: int | None = None,
    extraction: ExtractionSettings | None = None,
    alignment: AlignmentSettings | None = None,
) -> GaitSequence:
    """Make a gait sequence of a recording.

    Parameters
    ----------
    recording : Recording
    size : (int, int)
        Height and width of the crops: (64, 44) or (128, 88).
    rgb : bool or callable
        Keep the colour crops, where the recording has frames. A callable is given the numbers (T,) of the frames that
        are kept and names positions among them: only those have colours and plate, the others' are zeros.
    frames : int, optional
        Only the first so many frames that show the person, see `gaitbench.datasets.clock.stretch`.
    extraction, alignment : optional
        Settings of the two steps.

    Returns
    -------
    GaitSequence
        Frames without a person are left out; `frame_numbers` says which remain. Aligned silhouettes stay as they
        are. `plate` is there with the colours where the recording has a background of the frames' size or
        silhouettes were extracted.

    Raises
    ------
    DataError
        If nobody is visible in any frame, the person is there for less than half of `frames`, or the arrays contradict
        each other.
    """
    recording, extraction = _with_background(recording, extraction)
    silhouettes = full_silhouettes(recording, settings=extraction)
    keep = has_person(silhouettes)
    if not keep.any():
        raise DataError(
            f"{recording.key}: nobody is visible (no silhouette of {LEAST_PIXELS} white pixels in "
            f"{len(silhouettes)} frames); leave this sequence out or look at its video"
        )
    keep = stretch(keep, frames)
    if frames is not None and 2 * np.count_nonzero(keep) < frames:
        raise DataError(
            f"{recording.key}: only {np.count_nonzero(keep)} of {len(keep)} frames show the person in one stretch, the "
            f"suite reads {frames}; leave this sequence out or film longer"
        )
    if not keep.all():
        _log.debug("%s: %d of %d frames show nobody", recording.key, np.count_nonzero(~keep), len(keep))
        silhouettes = silhouettes[keep]
    numbers = np.asarray(recording.frame_numbers, np.int32)[keep]
    if recording.aligned:
        crops = fitted(silhouettes, size, str(recording.key))
        return GaitSequence(recording.key, crops, None, numbers, recording.frame_count)
    boxes = track_boxes(silhouettes, frame_numbers=numbers, settings=alignment)
    colours = plate = None
    if rgb and recording.frames is not None:
        shown = np.arange(len(boxes)) if rgb is True else np.unique(np.fromiter(rgb(numbers), np.intp))
        whole = len(shown) == len(recording.frames)
        pictures = recording.frames if whole else recording.frames[np.flatnonzero(keep)[shown]]
        colours = _placed(crop(pictures, boxes[shown], size), shown, len(boxes))
        empty = recording.background
        if empty is not None and len(empty) and empty.shape[1:] == pictures.shape[1:]:
            scene = np.broadcast_to(empty_scene(empty, extraction), pictures.shape)
            plate = _placed(crop(scene, boxes[shown], size), shown, len(boxes))
    return GaitSequence(
        key=recording.key,
        silhouettes=crop(silhouettes, boxes, size),
        rgb=colours,
        frame_numbers=numbers,
        frame_count=recording.frame_count,
        plate=plate,
        boxes=boxes,
    )


def _placed(crops: NDArray[np.uint8], at: NDArray[np.intp], total: int) -> NDArray[np.uint8]:
    """Crops at their positions among `total`, zeros elsewhere."""
    if len(crops) == total:
        return crops
    out = np.zeros((total, *crops.shape[1:]), np.uint8)
    out[at] = crops
    return out


def _with_background(
    recording: Recording, settings: ExtractionSettings | None
) -> tuple[Recording, ExtractionSettings | None]:
    """Where silhouettes must be learnt from the frames alone: the empty scene found among them, once."""
    frames, given = recording.frames, recording.background
    if (
        frames is None
        or frames.ndim != 4
        or recording.silhouettes is not None
        or (given is not None and len(given))
    ):
        return recording, settings
    settings = settings or UNCONTROLLED
    return replace(recording, background=frames[empty_frames(frames, settings)]), settings
