"""Sequences of CASIA-B's kind with videos: the video beside the silhouettes, or silhouettes extracted from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.prepare import full_silhouettes
from gaitbench.datasets.sequence import Dataset, Recording, SequenceKey
from gaitbench.datasets.silhouettes.empty_scene import empty_frames
from gaitbench.datasets.silhouettes.extraction import UNCONTROLLED
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.video import frame_rate, iter_video
from gaitbench.doctor.reading.facts import Facts, Film
from gaitbench.doctor.reading.measure import facts_of_masks, holes
from gaitbench.errors import DataError

__all__ = ["facts_of_source", "film_of", "rate_of"]


def film_of(dataset: Dataset, key: SequenceKey) -> Film | None:
    """The video of a sequence, gone through once, a frame at a time; None where there is none."""
    clip = dataset.layout.videos.get(key) if isinstance(dataset, CasiaB) else None
    if clip is None:
        return None
    count, size = 0, None
    try:
        for frame in iter_video(clip):
            count += 1
            size = frame.shape[:2]
    except DataError as error:
        return Film(count, size, str(error))
    return Film(count, size)


def rate_of(dataset: Dataset, key: SequenceKey) -> float | None:
    """Frames a second of a sequence: its video's, else what the source was told; None where nobody says."""
    clip = dataset.layout.videos.get(key) if isinstance(dataset, CasiaB) else None
    if clip is not None:
        try:
            return frame_rate(clip)
        except DataError:
            return None  # the video's own fault is told elsewhere
    told: float | None = getattr(dataset, "rate", None)
    return told


def facts_of_source(dataset: Dataset, key: SequenceKey, rate: float | None) -> Facts:
    """Facts of a sequence that the source itself must read: a video, or a third party's format."""
    filmed = isinstance(dataset, CasiaB)
    place = str(dataset.layout.videos[key]) if isinstance(dataset, CasiaB) else str(key)
    try:
        read = dataset.load(key)
        silhouettes = _extracted(read)
    except DataError as error:
        return Facts(key, place, refused="video" if filmed else "unreadable", why=str(error))
    except Exception as error:
        if type(dataset).__module__.startswith("gaitbench."):
            raise
        why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return Facts(key, place, refused="unreadable", why=f"the format's package cannot read it ({why})")
    numbers = np.asarray(read.frame_numbers, np.int64)
    size = silhouettes.shape[1:]
    facts = Facts(
        key, place, frames=len(silhouettes), sizes=(((int(size[0]), int(size[1])), len(silhouettes)),),
        aligned=read.aligned, extracted=read.silhouettes is None, notes=read.notes, **holes(numbers.tolist()),
        **facts_of_masks(silhouettes, numbers, None if filmed else rate),
    )  # fmt: skip
    if facts.shape is None:
        return replace(facts, refused="empty", why=f"{key}: nobody is found in the video")
    # nobody has made these masks: frames before the person enters, and between, are no damage
    return replace(facts, black=()) if facts.extracted else facts


def _extracted(read: Recording) -> NDArray[np.bool_]:
    """Silhouettes as `prepare` has them: where no clip shows the empty scene, it is learnt from the frames."""
    given = read.background is not None and len(read.background)
    if read.silhouettes is not None or read.frames is None or given:
        return full_silhouettes(read)
    scene = read.frames[empty_frames(read.frames, UNCONTROLLED)]
    return full_silhouettes(replace(read, background=scene), settings=UNCONTROLLED)
