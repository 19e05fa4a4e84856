"""What every source knows of exported walkers: that they are rendered, and their truth, rendered again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import msgspec

from gaitbench.datasets.attributes import Person
from gaitbench.datasets.sequence import Recording, SequenceKey, TrueMasks
from gaitbench.datasets.sources.export_note import ExportNote

__all__ = ["ExportedTruth"]


class ExportedTruth:
    """The part of a `Dataset` that is the same in all layouts; a subclass has `export_note` and `load`."""

    @cached_property
    def export_note(self) -> ExportNote | None:
        """The note of an export of walkers; None for filmed people."""
        raise NotImplementedError

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence."""
        raise NotImplementedError

    @property
    def rendered(self) -> bool:
        """True for exported walkers."""
        return self.export_note is not None

    def load_walk(
        self, subject: str, walk: str, angles: Sequence[int], *, frames: int | None = None, video: bool = True
    ) -> Iterable[Recording]:
        """Read a walk as several cameras saw it, one recording at a time."""
        for angle in angles:
            yield self.load(SequenceKey(subject, walk, angle), frames=frames, video=video)

    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks | None:
        """Ground truth of exported walkers, rendered again from the export's seed; None for filmed people."""
        note = self.export_note
        if note is None:
            return None
        wanted = note.frames if frames is None else frames
        truth: TrueMasks | None = self._exported.true_masks(key, body=body, frames=wanted, rgb=rgb)
        return truth

    def person(self, subject: str) -> Person:
        """Sex and stature of exported walkers; nothing of filmed people."""
        if self.export_note is None:
            return Person()
        found: Person = self._exported.person(subject)
        return found

    @property
    def made_of(self) -> Any:
        """The walkers that were exported, who know joints and cycles (`gaitbench.datasets.truth`); None for others."""
        return None if self.export_note is None else self._exported

    @cached_property
    def _exported(self) -> Any:
        """The walkers that an export was made of."""
        from gaitbench.datasets.walkers.kinds import walkers_of

        assert self.export_note is not None
        note = self.export_note
        return walkers_of(note.kind or "", note.film or "", **msgspec.structs.asdict(note.parameters))
