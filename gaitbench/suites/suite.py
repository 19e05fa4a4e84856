"""The suite: a frozen description of a run."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Annotated, Any

from msgspec import Meta

from gaitbench.datasets.splits import Split
from gaitbench.datasets.views import View
from gaitbench.suites.attacks_part import AttacksPart
from gaitbench.suites.parts import (
    AtLeastOne,
    DataPart,
    ExtrasPart,
    QualityPart,
    Seed,
    SystemsPart,
    WalksPart,
)
from gaitbench.system_value import SystemValue

__all__ = ["Suite"]


@dataclass(frozen=True)
class Suite:
    """A whole run.

    Parameters
    ----------
    name : str
    split : Split
        Subjects by role.
    walks : WalksPart
    data : DataPart
    systems : SystemsPart
    attacks : AttacksPart
    quality : QualityPart
    extras : ExtrasPart
    effort : float
        Training effort of the learned systems; 1 is what `quick` takes.
    training_pictures : int
        Frames a training sequence whose pictures the colorizers learn from, evenly spread.
    resamples : int
        Bootstrap resamples over subjects.
    confidence : float
        Level of every interval, in (0, 1).
    seed : int
        Seed of training, noise draws and bootstrap. The walkers have their own, `data.seed`.
    seeds : tuple of int
        Every anonymizer and colorizer that is trained is trained once under each; those of a system
        (`SystemValue.seeds`) win. Empty: once, under `seed`.
    samples : int
        Sequences whose pictures are kept beside the record for the page.
    """

    name: str
    split: Split
    walks: WalksPart
    data: DataPart = field(default_factory=DataPart)
    systems: SystemsPart = field(default_factory=SystemsPart)
    attacks: AttacksPart = field(default_factory=AttacksPart)
    quality: QualityPart = field(default_factory=QualityPart)
    extras: ExtrasPart = field(default_factory=ExtrasPart)
    effort: Annotated[float, Meta(gt=0)] = 1.0
    training_pictures: AtLeastOne = 16
    resamples: Annotated[int, Meta(ge=100, le=100_000, description="a whole number from 100 to 100000")] = (
        2000
    )
    confidence: Annotated[float, Meta(gt=0, lt=1, description="a number between 0 and 1, such as 0.95")] = (
        0.95
    )
    seed: Seed = 0
    seeds: tuple[Seed, ...] = ()
    samples: Annotated[int, Meta(ge=0, le=1000, description="a number of sequences from 0 to 1000")] = 8

    def with_seed(self, seed: int | None) -> Suite:
        """The same suite under another seed (None: unchanged)."""
        return self if seed is None else dataclasses.replace(self, seed=seed)

    def trained_once(self) -> Suite:
        """The same suite without repeated trainings: everything is trained under `seed`."""
        systems = dataclasses.replace(
            self.systems,
            anonymizers=tuple(dataclasses.replace(v, seeds=()) for v in self.systems.anonymizers),
            colorizers=tuple(dataclasses.replace(v, seeds=()) for v in self.systems.colorizers),
        )
        return dataclasses.replace(self, systems=systems, seeds=())

    def resolved(self) -> dict[str, Any]:
        """Every value, as plain JSON."""
        return {one.name: _plain(getattr(self, one.name)) for one in dataclasses.fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, SystemValue):
        return value.plain()
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, View):
        return value.label
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value
