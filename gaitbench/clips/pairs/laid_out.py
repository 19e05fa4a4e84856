"""Pairs of videos whose silhouettes lie in folders, as the data sets that `evaluate` reads: frame by frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE, frames_at
from gaitbench.datasets.containers.frame_rows import VideoRows, as_array
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.silhouettes.alignment import has_person
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.judged.shown import mask_rows
from gaitbench.datasets.sources.tables.manifest import ManifestSet
from gaitbench.datasets.video import count_frames, frame_rate, iter_video
from gaitbench.errors import DataError

__all__ = ["FilmOriginals", "FilmShown"]


class FilmOriginals(ManifestSet):
    """Videos before a tool, with silhouettes that were extracted from them (the `Dataset` protocol)."""

    @property
    def name(self) -> str:
        """``videos``."""
        return "videos"

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """As `CasiaB.load`, but that frames are read when they are looked at (`frame_rows`), and nothing is noted.

        Frames that show nobody are missing: that is no matter of the clock, which the film's own is told of.
        """
        files, clip = frame_files(self.layout.silhouettes[key]).files, self.layout.videos[key]
        numbers = np.array(list(files), np.int32)
        taken = numbers[frames_at(numbers / (frame_rate(clip) or RATE))]
        masks = as_array(mask_rows(key, [files[n] for n in taken.tolist()]))
        seen = np.flatnonzero(has_person(masks))[:frames]
        if not len(seen):
            raise DataError(f"{key}: nobody is visible in {len(taken)} silhouettes; leave this sequence out")
        shown = taken[seen]
        whole = frames is None or shown[-1] == taken[-1]
        total = max(count_frames(clip), int(numbers[-1])) if whole else int(shown[-1])
        colours = None
        if video:
            height, width, channels = next(iter_video(clip, 1)).shape
            colours = as_array(VideoRows(clip, (height, width, channels), shown - 1))
        return Recording(key, colours, None, masks[seen], shown, total)


class FilmShown(ManifestSet):
    """The same videos after the tool: silhouettes of the frames that the originals' walks have, nobody among them."""

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read the silhouettes of a walk, those that show nobody, too; colours are not among them.

        Raises
        ------
        ProblemError
            If they can be nobody's: inverted, or filling the frame.
        """
        files = frame_files(self.layout.silhouettes[key]).files
        masks = mask_rows(key, list(files.values()))
        numbers: NDArray[np.int32] = np.array(list(files), np.int32)
        return Recording(key, None, None, as_array(masks), numbers, int(numbers[-1]))
