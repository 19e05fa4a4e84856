"""The run behind a judgement of embeddings: a suite as it fits them, over people of whom there are only numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gaitbench.datasets.sequence import Recording, SequenceKey, TrueMasks
from gaitbench.errors import DataError
from gaitbench.evaluation.embeddings.handed_in import HandedIn
from gaitbench.evaluation.external.split import OpenSplit
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.progress import Progress
from gaitbench.store.remote.opening import open_store
from gaitbench.suites import Suite
from gaitbench.suites.attacks_part import AttacksPart
from gaitbench.suites.parts import ExtrasPart, SystemsPart, WalksPart
from gaitbench.system_value import SystemValue

__all__ = ["NumbersOnly", "context_of"]


class NumbersOnly:
    """A data set without pictures.

    Parameters
    ----------
    name, mark : str
    keys : sequence of SequenceKey
    """

    rendered = False

    def __init__(self, name: str, mark: str, keys: Sequence[SequenceKey]) -> None:
        self.name, self._mark, self._keys = name, mark, sorted(keys)

    def fingerprint(self) -> str:
        """Hash of the numbers."""
        return self._mark

    def keys(self) -> list[SequenceKey]:
        """The originals that are used, sorted."""
        return self._keys

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """There is nothing to load."""
        raise DataError(f"{key}: there are no pictures of it, only numbers")

    def load_walk(
        self, subject: str, walk: str, angles: Sequence[int], *, frames: int | None = None, video: bool = True
    ) -> Iterable[Recording]:
        """There is nothing to load."""
        raise DataError(f"{subject}-{walk}: there are no pictures of it, only numbers")

    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks | None:
        """None: there is no ground truth."""
        return None


def context_of(
    suite: Suite,
    recognizer: str,
    name: str,
    handed: HandedIn,
    rungs: Sequence[str],
    views: str | None,
    noise: str,
    source: tuple[str, str],
    progress: Progress,
) -> RunContext:
    """The run of a judgement.

    Parameters
    ----------
    suite : Suite
        As it was asked for.
    recognizer, name : str
        What tables call the recognizer and the anonymizer.
    handed : HandedIn
    rungs : sequence of str
        That attack.
    views : str or None
        Gallery protocol; the suite's if None.
    noise : str
        As declared.
    source : (str, str)
        Name and hash of what was handed in.
    progress : Progress
    """
    angles = sorted({k.angle for k in (*handed.gallery, *handed.probes)})
    fitted = replace(
        suite,
        split=OpenSplit((), (), tuple(handed.people.tolist())),
        walks=WalksPart((), (), handed.walks["gallery"], handed.walks["probe"]),
        data=replace(suite.data, angles=tuple(angles)),
        systems=SystemsPart(
            (SystemValue(name),), ("original",), (), (SystemValue.parse(recognizer),), views or suite.systems.gallery,
            {"per-subject": "person", "per-frame": "frame"}.get(noise, "sequence"),
        ),
        attacks=AttacksPart(tuple(rungs), (SystemValue.parse(recognizer),)),
        extras=ExtrasPart(),
        samples=0,
    )  # fmt: skip
    probed = tuple(sorted({k.angle for k in handed.probes}))
    people = NumbersOnly(source[0], source[1], (*handed.gallery, *handed.probes))
    return RunContext(
        suite=fitted, dataset=people, store=open_store(), device="cpu", probe_angles=probed,
        progress=progress,
    )  # fmt: skip
