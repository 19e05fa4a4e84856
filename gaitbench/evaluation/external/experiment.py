"""Somebody else's anonymizer as one more system: its silhouettes and pictures are read instead of computed.

Everything else - attackers, controls, measures, tables - is the evaluation of `run-all`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.datasets.sources.anonymized_files import Problem
from gaitbench.errors import DataError
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.external.allowed import allowed_rungs
from gaitbench.evaluation.external.files import ExternalFiles
from gaitbench.evaluation.external.plan import ExternalPlan
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.pictures.samples import choose
from gaitbench.evaluation.run.needs import Need, needs_of_role
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.training_free import TrainingFree

__all__ = ["ExternalAnonymizer", "ExternalColorizer", "ExternalExperiment", "ExternalSettings"]

#: The label under which the aligned silhouettes are kept; it stands in no table.
_ALIGNED = "{} (aligned)"


@dataclass(frozen=True)
class ExternalSettings:
    """What decides the output of an external system.

    Parameters
    ----------
    fingerprint : str
        Hash of its files.
    aligned : bool
        Silhouettes cut by their own box, not by the original's.
    """

    fingerprint: str
    aligned: bool = False


class ExternalAnonymizer(TrainingFree):
    """Shows what somebody else's system made of a sequence.

    Parameters
    ----------
    files : ExternalFiles
    aligned : bool
        See `ExternalSettings`.
    """

    #: It holds the run's files and progress, see `gaitbench.evaluation.run.worker_processes`.
    stays_here: ClassVar[bool] = True

    def __init__(self, files: ExternalFiles, *, aligned: bool = False) -> None:
        self.files = files
        self.settings = ExternalSettings(files.fingerprint, aligned)

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """The anonymized silhouettes of these frames, bool (T, h, w); `rng` is not used.

        Raises
        ------
        DataError
            If the sequence cannot be judged.
        """
        return self.files.masks(sequence.key, sequence.frame_numbers, aligned=self.settings.aligned)


#: Anonymized files, and the originals' artifact keys of the sequences they were read for.
_Source = tuple[ExternalFiles, dict[Need, str]]


class ExternalColorizer:
    """Shows what somebody else painted, cut off at the anonymized silhouette.

    A colorizer is a function of frames, without names; this one is a table of that function, looked up by the
    content of the three crops.

    Parameters
    ----------
    sources : list of (ExternalFiles, dict of Need to str)
        Where painted pictures are, and of which originals.
    """

    trainable: ClassVar[bool] = False
    #: Its table of all frames is made once, see `gaitbench.evaluation.run.worker_processes`.
    stays_here: ClassVar[bool] = True

    def __init__(self, sources: list[_Source]) -> None:
        self.sources = sources
        self.settings = ExternalSettings(sources[0][0].fingerprint)
        self._last: tuple[Any, NDArray[np.uint8]] = (None, np.zeros((0, 0, 0, 3), np.uint8))

    def fit(self, sequences: Sequence[GaitSequence], *, seed: int) -> ExternalColorizer:
        """Nothing to learn."""
        return self

    @cached_property
    def _table(self) -> dict[bytes, tuple[int, SequenceKey, int]]:
        """Content of a frame -> source, sequence, and number among its pictures."""
        found: dict[bytes, tuple[int, SequenceKey, int]] = {}
        for source, (files, needs) in enumerate(self.sources):
            for need in [n for n in needs if n.key in files.keys]:
                pictures = load_prepared(files.run, need, needs[need]).kept
                if pictures is None or pictures.rgb is None:
                    continue
                try:
                    masks = files.masks(need.key, pictures.frame_numbers, aligned=False)
                except DataError:
                    continue
                for i, frame in enumerate(zip(pictures.rgb, pictures.silhouettes, masks, strict=True)):
                    found.setdefault(_content(*frame), (source, need.key, i))
        return found

    def colorize(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """The painted frames, float64 (T, h, w, 3), zero outside `anonymized`; bytes over 255, as the originals are.

        Raises
        ------
        DataError
            If they were not handed in, or cannot be used.
        """
        out = np.zeros(rgb.shape, dtype=np.float64)
        for i, frame in enumerate(zip(rgb, silhouettes, anonymized, strict=True)):
            place = self._table.get(_content(*frame))
            if place is None:
                raise DataError("no painted picture belongs to these silhouettes")
            *where, number = place
            if self._last[0] != where:
                self._last = (where, self.sources[place[0]][0].painted(place[1]))
            out[i] = self._last[1][number] / 255.0
        return out * anonymized[..., None]


def _content(rgb: NDArray[np.uint8], silhouette: NDArray[np.bool_], anonymized: NDArray[np.bool_]) -> bytes:
    mark = blake2b(rgb.tobytes(), digest_size=16)
    mark.update(np.packbits(silhouette).tobytes())
    mark.update(np.packbits(anonymized).tobytes())
    return mark.digest()


class ExternalExperiment(Experiment):
    """All stages of the judgement of one external system.

    Parameters
    ----------
    plan : ExternalPlan
        See `gaitbench.evaluation.external.plan.plan_evaluation`.
    """

    def __init__(self, plan: ExternalPlan) -> None:
        self.files = ExternalFiles(plan.run, plan.counterparts)
        self._needs = _needs(plan)
        read = {"probe": self.files.read(self._needs["probe"])}
        for role in ("gallery", "recognizer"):
            if role in plan.roles_shown:
                read[role] = self.files.read(self._needs[role])
        # which attackers there are follows from what can be read: the suite is decided here, before anything runs
        self.plan = replace(plan, run=replace(plan.run, suite=allowed_rungs(plan, self._needs, read)))
        super().__init__(self.plan.run)

    @property
    def needs(self) -> dict[str, dict[Need, str]]:
        """Prepared sequences by role; a role that nobody has needs none."""
        return self._needs

    @cached_property
    def systems(self) -> Systems:
        """The systems of the suite, the external one among them."""
        systems = Systems(self.run, self.needs["models"])
        name, files = self.plan.name, self.files
        systems.offer("anonymizer", name, lambda: ExternalAnonymizer(files))
        systems.offer("anonymizer", _ALIGNED.format(name), lambda: ExternalAnonymizer(files, aligned=True))
        if self.plan.painted:
            keys = {n: k for role in ("gallery", "probe", "recognizer") for n, k in self.needs[role].items()}
            sources: list[_Source] = [(files, keys), self._samples]
            systems.offer("colorizer", name, lambda: ExternalColorizer(sources))
        return systems

    @cached_property
    def _samples(self) -> _Source:
        """The probes that are shown with all their frames, and their anonymized files."""
        probes = choose(self.needs["probe"], self.sets, self.run.suite.samples)
        whole = prepare_all(self.run, [Need(n.key, -1) for n in probes])
        files = ExternalFiles(self.run, self.plan.counterparts)
        files.read(whole)
        return files, whole

    @cached_property
    def ladder(self) -> Ladder:
        """The attacks."""
        # attackers of silhouettes align what they see by itself; those of pictures see the original's crop
        name = self.plan.name
        aligned = {name: _ALIGNED.format(name)}
        return Ladder(self.run, Views(self.run, self.systems, self.needs, aligned, fixed=[name]))

    @cached_property
    def picture_scores(self) -> list[PictureScores]:
        """Picture measures of what was painted, and of the untouched original."""
        found: list[PictureScores] = []
        for name, colorizer in (("original", "none"), (self.plan.name, self.plan.name)):
            if name in self.anonymized:
                found += quality.measure(self.run, self.systems, self.anonymized[name], colorizer)
        return found

    @property
    def problems(self) -> list[Problem]:
        """Everything wrong with what was handed in: known before reading, then found by reading."""
        return list(dict.fromkeys([*self.plan.problems, *self.files.problems]))


def _needs(plan: ExternalPlan) -> dict[str, dict[Need, str]]:
    people = {"recognizer": plan.run.suite.split.recognizer, "models": plan.run.suite.split.models}
    by_role = {
        role: needs_of_role(plan.run, role) if people.get(role, True) else []
        for role in ("recognizer", "models", "gallery", "probe")
    }
    keys = prepare_all(plan.run, [n for needs in by_role.values() for n in needs])
    return {role: {n: keys[n] for n in needs} for role, needs in by_role.items()}
