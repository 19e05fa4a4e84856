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

__all__ = ["Systems"]

_REGISTRIES = {"anonymizer": ANONYMIZERS, "colorizer": COLORIZERS}


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
        self._weights_of: dict[tuple[str, str], str] = {}
        self._training_masks: dict[str, list[NDArray[np.bool_]]] = {}
        self._variants: dict[tuple[str, str], Callable[[], Any]] = {}

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

    def vary(
        self, kind: str, label: str, factory: Callable[[], Any], *, trained_as: str | None = None
    ) -> None:
        """Offer a system with other settings under a label of its own (ablations, strengths).

        Parameters
        ----------
        trained_as : str, optional
            The system whose weights serve it too; by default it is trained with its own settings.
        """
        self._variants[kind, label] = factory
        if trained_as is not None:
            self._weights_of[kind, label] = trained_as

    def _factory(self, kind: str, name: str) -> Callable[[], Any]:
        make = self._variants.get((kind, name)) or _REGISTRIES[kind].get(name)

        def made() -> Any:
            with guarded(name):
                return make()

        return made

    def anonymizer_key(self, name: str) -> str:
        """Content hash of a trained anonymizer."""
        return self._key("anonymizer", name)

    def colorizer_key(self, name: str) -> str:
        """Content hash of a trained colorizer; it depends on the anonymizer whose silhouettes it learns to paint."""
        return self._key("colorizer", name, self.anonymizer_key(self.partner(name)))

    def partner(self, colorizer: str) -> str:
        """The anonymizer whose silhouettes a colorizer is trained on: its teacher, or the suite's first."""
        taught_by: str | None = getattr(self._factory("colorizer", colorizer)(), "taught_by", None)
        return taught_by or self.run.suite.systems.anonymizers[0]

    def _key(self, kind: str, name: str, *more: str) -> str:
        suite = self.run.suite
        system = self._factory(kind, name)()
        own = type(system)
        effort = suite.effort if getattr(system, "trainable", True) else None
        key = digest(
            kind, getattr(own, "name", name), getattr(system, "settings", None),
            closure_digest(Systems, own), list(self.training.values()), suite.seed, effort,
            self.run.device, *more,
        )  # fmt: skip
        self.run.store.path("models", key)  # in use, also where all that it makes is in the store
        return key

    def anonymizer(self, name: str) -> Any:
        """The trained anonymizer `name`."""
        return self._build("anonymizer", name, self.anonymizer_key(name), dict)

    def colorizer(self, name: str) -> Any:
        """The trained colorizer `name`."""

        def extra() -> dict[str, Any]:
            return {"anonymized": self.training_masks(self.partner(name))}

        return self._build("colorizer", name, self.colorizer_key(name), extra)

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

    def _build(self, kind: str, name: str, key: str, extra: Callable[[], dict[str, Any]]) -> Any:
        if (kind, name) in self._ready:
            return self._ready[kind, name]
        factory = self._factory(kind, name)
        system = factory()
        if not getattr(system, "trainable", True):
            with guarded(name):
                system.fit(self.silhouettes, seed=self.run.suite.seed)
        else:
            learn_from = self.silhouettes if kind == "anonymizer" else self.pictures
            taught = self._weights_of.get((kind, name))
            if taught is not None:
                name_key = self.anonymizer_key(taught) if kind == "anonymizer" else self.colorizer_key(taught)
                arrays = self._train(
                    self._factory(kind, taught)(), f"train {taught}", name_key, learn_from, extra
                )
            else:
                arrays = self._train(system, f"train {name}", key, learn_from, extra)
            from gaitbench.training import (
                restore_state,
            )  # torch is imported when something is trained or loaded

            system = restore_state(factory(), arrays, self.run.device)
        self._ready[kind, name] = system
        return system

    def _train(
        self,
        system: Any,
        label: str,
        key: str,
        sequences: list[GaitSequence],
        extra: Callable[[], dict[str, Any]],
    ) -> dict[str, NDArray[Any]]:
        run = self.run
        try:
            return run.store.load("models", key)[0]
        except KeyError:
            given = extra()  # trains the partner, under a stage of its own
        with run.stage(label) as stage:
            stage.made()
            with guarded(label.removeprefix("train ")):
                system.fit(
                    sequences, seed=run.suite.seed, device=run.device, effort=run.suite.effort,
                    progress=run.progress.update, **given,
                )  # fmt: skip
                state: dict[str, NDArray[Any]] = system.state()
                card: dict[str, Any] = getattr(system, "card", dict)()
            run.store.save("models", key, state, card)
            # read back, so that a first run and a second one use the same bytes
            return run.store.expect("models", key)[0]
