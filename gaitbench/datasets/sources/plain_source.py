"""What all sources of silhouettes without videos share: a data set of sequences that lie in places."""

from __future__ import annotations

import functools
import hashlib
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE, frames_at, said_of
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.silhouettes.aligned import said_of_size
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS, has_person
from gaitbench.datasets.sources.casia_layout import MARKER
from gaitbench.datasets.sources.export_note import ExportNote, read_note
from gaitbench.datasets.sources.exported import ExportedTruth
from gaitbench.datasets.sources.tree import REASONS, LeftOut
from gaitbench.errors import DataError
from gaitbench.store.file_hashes import content_hashes
from recognizer.gait_energy.mask_files import MaskError
from recognizer.gait_energy.masks import MaskReport, masks_of_levels

__all__ = ["Levels", "PlainSource"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Levels:
    """A sequence as its files hold it.

    Parameters
    ----------
    levels : array (T, H, W)
        Black and white, levels of grey, or bool.
    numbers : int array (T,)
        1-based frame numbers, ascending.
    notes : tuple of str
        What was understood or is odd.
    aligned : bool
        Crops that somebody has aligned.
    ready : bool
        The person stands alone in `levels` already, which are bool.
    report : MaskReport, optional
        How `levels` were read, where they are `ready`.
    """

    levels: NDArray[Any]
    numbers: NDArray[np.int32]
    notes: tuple[str, ...] = ()
    aligned: bool = False
    ready: bool = False
    report: MaskReport | None = None


class PlainSource(ExportedTruth):
    """Sequences of silhouettes below a root (the `Dataset` protocol); what lies where is a subclass's.

    A subclass has a `label`, finds the sequences (`_scan`), reads one (`_read`) and names its files (`_files`).

    Parameters
    ----------
    root : Path or str
    rate : float, optional
        Frames a second; 25, and said, if not given.

    Raises
    ------
    DataError
        On first use, where nothing can be read.
    """

    #: There are no pictures to judge.
    has_colours: ClassVar[bool] = False
    #: What the report calls such data.
    label: ClassVar[str] = ""

    def __init__(self, root: Path | str, *, rate: float | None = None) -> None:
        self.root = Path(root)
        self.rate = rate
        self.left_out: list[LeftOut] = []
        self._fingerprint: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """For worker processes: each looks for the files once, rather than be sent a million names with every task."""
        return _reopened, (type(self), str(self.root), tuple(sorted(self.settings().items())))

    def settings(self) -> dict[str, Any]:
        """What it was opened with, beside the root."""
        return {"rate": self.rate}

    # -- what a subclass has ----------------------------------------------------------------------------
    def _scan(self) -> dict[SequenceKey, Any]:
        """Where each sequence lies."""
        raise NotImplementedError

    def _read(self, key: SequenceKey, place: Any) -> Levels:
        """One sequence."""
        raise NotImplementedError

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Every file that is read, under a name that does not depend on the folders around it."""
        raise NotImplementedError

    # -- the data set -----------------------------------------------------------------------------------
    @property
    def name(self) -> str:
        """The kind of the source; ``walkers`` where it holds exported walkers, whose figures are theirs."""
        return "walkers" if self.rendered else self.label

    @cached_property
    def export_note(self) -> ExportNote | None:
        """The note of an export of walkers; None for filmed people."""
        path = (self.root if self.root.is_dir() else self.root.parent) / MARKER
        return read_note(path) if path.is_file() else None

    @cached_property
    def places(self) -> dict[SequenceKey, Any]:
        """Where each sequence lies (scanned once); what is not read is said."""
        found = self._scan()
        for kind, count in Counter(one.kind for one in self.left_out).items():
            first = next(one.text for one in self.left_out if one.kind == kind)
            _log.warning("%s: not read: %d %s (first: %s)", self.root, count, REASONS[kind], first)
        return found

    def keys(self) -> list[SequenceKey]:
        """Sequences that exist, sorted."""
        return sorted(self.places)

    def fingerprint(self) -> str:
        """Hash of the names and contents of all files that are read, and of `rate`."""
        if self._fingerprint is None:
            try:
                files = sorted(self._files())
                contents = content_hashes([path for _, path in files])
            except OSError as error:
                raise DataError(
                    f"{error.filename or self.root} cannot be read ({error.strerror or error}); check the disk"
                ) from error
            marker = self.root / MARKER
            known = f"{self.label} 1{'' if self.rate is None else f' at {self.rate!r}'}"
            digest = hashlib.sha256(known.encode())
            if self.rendered and marker.is_file():
                digest.update(marker.read_bytes())
            for (name, _), content in zip(files, contents, strict=True):
                digest.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    def held(self, key: SequenceKey) -> Levels:
        """A sequence as its files hold it, all frames, those that show nobody among them.

        Raises
        ------
        DataError
            If it is not there or cannot be read.
        """
        if key not in self.places:
            raise DataError(f"{key}: no such sequence under {self.root}; see its keys")
        return self._read(key, self.places[key])

    def numbers(self, key: SequenceKey) -> list[int]:
        """Numbers of all its frames, ascending.

        Raises
        ------
        DataError
            If it is not there or cannot be read.
        """
        return [int(n) for n in self.held(key).numbers]

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence: the first `frames` silhouettes that show somebody; there are no colours.

        Raises
        ------
        DataError
            If it is not there, cannot be read, or shows nobody.
        """
        found = self.held(key)
        masks, said = self._masks(key, found)
        clock = found.numbers / (self.rate or RATE)
        at = frames_at(clock)
        shown = has_person(masks[at])
        if not shown.any():
            raise DataError(
                f"{key}: nobody is visible, all {len(masks)} silhouettes are black (under {LEAST_PIXELS} white "
                "pixels); leave this sequence out"
            )
        taken = at[shown][:frames]
        numbers = found.numbers[taken]
        whole = frames is None or np.count_nonzero(shown) <= frames
        total = self._total(found) if whole else int(numbers[-1])
        clock_said = said_of(clock) if self.rate else "frame rate assumed: 25 a second"
        size = said_of_size(masks.shape) if found.aligned else ""
        notes = (*found.notes, *(part for part in (said, size, clock_said) if part))
        return Recording(key, None, None, masks[taken], numbers, total, notes, found.aligned)

    def _masks(self, key: SequenceKey, found: Levels) -> tuple[NDArray[np.bool_], str]:
        if found.ready:
            return found.levels, ""
        try:
            masks, report = masks_of_levels(found.levels, name=str(key), alone=not found.aligned)
        except MaskError as error:
            raise DataError(f"{error} ({self.places[key]})") from None
        return masks, report.converted

    def _total(self, found: Levels) -> int:
        """Frames of the video behind a sequence: an export notes them, unless it broke a sequence off."""
        note = self.export_note
        last = int(found.numbers[-1])
        if note is None or (note.frames is not None and len(found.numbers) >= note.frames):
            return last
        return max(note.parameters.length, last)


@functools.lru_cache(maxsize=4)
def _reopened(kind: type[PlainSource], root: str, settings: tuple[tuple[str, Any], ...]) -> PlainSource:
    return kind(root, **dict(settings))
