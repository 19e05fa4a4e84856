"""The systems under test: train them, or take them from the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.stages.checked import checked_masks, guarded, sealed_sequence
from gaitbench.evaluation.stages.prepared import Prepared, load_prepared
from gaitbench.registry import ANONYMIZERS, COLORIZERS
from gaitbench.store import closure_digest, digest
from gaitbench.suites.building import apart, build
from gaitbench.system_value import SystemValue, base_name
from gaitbench.systems import Anonymizer, Colorizer

__all__ = ["Systems"]

_REGISTRIES = {"anonymizer": ANONYMIZERS, "colorizer": COLORIZERS}
#: What is offered by hand may be called as no registered system may.
_NO_SIGNS = str.maketrans("", "", ",=|[]()\n\r")


class Systems:
    """Anonymizers and colorizers of a run, trained on the subjects of the role `models`.

    Each is built when it is first asked for: a run whose results are all in the store trains and loads nothing.

    Parameters
    ----------
    run : RunContext
    training : dict of Need to str
        Prepared sequences of the role `models` and their artifact keys.
    """

    def __init__(self, run: RunContext, training: dict[Need, str]) -> None:
        self.run = run
        self.training = dict(sorted(training.items(), key=lambda item: item[0].key))
        self._ready: dict[tuple[str, str], Any] = {}
        self._training_masks: dict[str, list[NDArray[np.bool_]]] = {}
        self._offered: dict[tuple[str, str], Callable[[], Any]] = {}

    @cached_property
    def _prepared(self) -> list[Prepared]:
        found = [load_prepared(self.run, need, key) for need, key in self.training.items()]
        return [
            replace(
                p, sequence=sealed_sequence(p.sequence),
                pictures=None if p.pictures is None else sealed_sequence(p.pictures),
            )
            for p in found if p.sequence is not None
        ]  # fmt: skip

    @property
    def silhouettes(self) -> list[GaitSequence]:
        """Training sequences of the anonymizers: every frame, no pictures."""
        return [p.sequence for p in self._prepared if p.sequence is not None]

    @property
    def pictures(self) -> list[GaitSequence]:
        """Training sequences of the colorizers: the frames whose pictures are kept."""
        return [p.pictures for p in self._prepared if p.pictures is not None]

    def offer(self, kind: str, name: str, factory: Callable[[], Any]) -> None:
        """Offer what is in no registry under a name of this run: a system that was handed in as files.

        Other settings of a registered system need no offer: their value names them, ``model-2[strength=0.5]``.
        """
        self._offered[kind, name] = factory

    def _value(self, kind: str, name: str, *, to_train: bool = False) -> SystemValue:
        """A system's value; to be trained, without the settings that its class names in ``applied``.

        Those play no part in training: one set of weights serves all their values.
        """
        if (kind, name) in self._offered:
            return SystemValue(name.translate(_NO_SIGNS))
        value = apart(_REGISTRIES[kind], SystemValue.parse(name))[0]
        if not to_train or not value.settings:
            return value
        applied = getattr(_REGISTRIES[kind].get(value.name), "applied", ())
        return replace(value, settings=tuple(pair for pair in value.settings if pair[0] not in applied))

    def seeds(self, kind: str, name: str) -> tuple[int, ...]:
        """Under which seeds a system is trained; empty where it learns nothing."""
        suite = self.run.suite
        if not getattr(self._new(kind, name), "trainable", True):
            return ()
        if (kind, name) in self._offered:
            return (suite.seed,)
        value = SystemValue.parse(name)
        own = apart(_REGISTRIES[kind], value)[1]
        if own is not None:
            return (own,)
        held = suite.systems.anonymizers if kind == "anonymizer" else suite.systems.colorizers
        given = next((one.seeds for one in held if one == value), ())
        return given or suite.seeds or (suite.seed,)

    def trainings(self, kind: str, name: str) -> tuple[str, ...]:
        """The trainings of a system, as texts; its own text is the first."""
        return (name, *(str(SystemValue.parse(name).under(seed)) for seed in self.seeds(kind, name)[1:]))

    def _new(self, kind: str, name: str, *, to_train: bool = False) -> Any:
        """An unfitted system."""
        with guarded(name):
            offered = self._offered.get((kind, name))
            return (
                offered() if offered else build(_REGISTRIES[kind], self._value(kind, name, to_train=to_train))
            )

    def anonymizer_key(self, name: str) -> str:
        """Content hash of a trained anonymizer."""
        return self._key("anonymizer", name)

    def colorizer_key(self, name: str) -> str:
        """Content hash of a trained colorizer; it depends on the anonymizer whose silhouettes it learns to paint."""
        return self._key("colorizer", name)

    def weights_key(self, kind: str, name: str) -> str:
        """Content hash of the weights alone: systems that differ in what plays no part in training share them."""
        return self._key(kind, name, to_train=True)

    def partner(self, colorizer: str) -> str:
        """The anonymizer whose silhouettes a colorizer is trained on: its teacher, or the suite's first."""
        taught_by: str | None = getattr(self._new("colorizer", colorizer), "taught_by", None)
        return taught_by or self.run.suite.systems.anonymizer_names[0]

    def _key(self, kind: str, name: str, *, to_train: bool = False) -> str:
        suite, value = self.run.suite, self._value(kind, name, to_train=to_train)
        system = self._new(kind, name, to_train=to_train)
        own = type(system)
        effort = suite.effort if getattr(system, "trainable", True) else None
        seed = next(iter(self.seeds(kind, name)), suite.seed)
        more: list[Any] = [self.anonymizer_key(self.partner(name))] if kind == "colorizer" else []
        if value.settings:  # a class that keeps no settings says nothing of them
            more.append(value.settings)
        key = digest(
            kind, getattr(own, "name", base_name(name)), getattr(system, "settings", None),
            closure_digest(Systems, own), list(self.training.values()), seed, effort,
            self.run.device, *more,
        )  # fmt: skip
        if not to_train and value.settings:
            self._key(kind, name, to_train=True)
        else:
            self.run.store.path("models", key)  # in use, also where all that it makes is in the store
        return key

    def anonymizer(self, name: str) -> Anonymizer:
        """The trained anonymizer `name`."""
        found: Anonymizer = self._build("anonymizer", name)
        return found

    def colorizer(self, name: str) -> Colorizer:
        """The trained colorizer `name`."""
        found: Colorizer = self._build("colorizer", name)
        return found

    def given(self, kind: str, name: str) -> dict[str, Any]:
        """What else the training of a system gets: for colorizers the silhouettes of their partner, which it trains."""
        return {"anonymized": self.training_masks(self.partner(name))} if kind == "colorizer" else {}

    def training_masks(self, name: str) -> list[NDArray[np.bool_]]:
        """What the anonymizer `name` makes of the colorizers' training frames."""
        if name not in self._training_masks:
            self._training_masks[name] = self._masks_by(name)
        return self._training_masks[name]

    def _masks_by(self, name: str) -> list[NDArray[np.bool_]]:
        partner = self.anonymizer(name)
        seed, level = self.run.suite.seed, self.run.suite.systems.noise
        return [
            checked_masks(partner, name, p.sequence, draw_noise(seed, name, p.key, "training", level=level))[
                p.index
            ]
            for p in self._prepared
            if p.sequence is not None and p.pictures is not None
        ]

    def _build(self, kind: str, name: str) -> Any:
        if (kind, name) in self._ready:
            return self._ready[kind, name]
        system = self._new(kind, name)
        if not getattr(system, "trainable", True):
            with guarded(name):
                system.fit(self.silhouettes, seed=self.run.suite.seed)
        else:
            arrays = self._weights(kind, name)
            # torch is imported when something is trained or loaded
            from gaitbench.training import restore_state

            system = restore_state(system, arrays, self.run.device)
        self._ready[kind, name] = system
        return system

    def _weights(self, kind: str, name: str) -> dict[str, NDArray[Any]]:
        """Of the store; trained first where they are not there."""
        run, key = self.run, self.weights_key(kind, name)
        try:
            return run.store.load("models", key)[0]
        except KeyError:
            given = self.given(kind, name)  # trains the partner, under a stage of its own
        with run.stage(f"train {self.trained_as(kind, name)}") as stage:
            stage.made()
            self.train(kind, name, given)
            # read back, so that a first run and a second one use the same bytes
            return run.store.expect("models", key)[0]

    def trained_as(self, kind: str, name: str) -> str:
        """How a training is called: its system, with the seed where that is not the suite's."""
        value, seed = self._value(kind, name, to_train=True), self.seeds(kind, name)[0]
        return str(value if seed == self.run.suite.seed else value.under(seed))

    def may_move(self, kind: str, name: str) -> bool:
        """Whether another process can train it: third parties' systems and those offered by hand stay in this one."""
        system = self._new(kind, name)
        return (kind, name) not in self._offered and type(system).__module__.startswith("gaitbench.")

    def train(self, kind: str, name: str, given: dict[str, Any]) -> None:
        """Train a system and keep its weights and its card in the store."""
        run = self.run
        system = self._new(kind, name, to_train=True)
        with guarded(self.trained_as(kind, name)):
            system.fit(
                self.silhouettes if kind == "anonymizer" else self.pictures,
                seed=self.seeds(kind, name)[0], device=run.device, effort=run.suite.effort,
                progress=run.progress.update, **given,
            )  # fmt: skip
            state: dict[str, NDArray[Any]] = system.state()
            card: dict[str, Any] = getattr(system, "card", dict)()
        run.store.save("models", self.weights_key(kind, name), state, card)
