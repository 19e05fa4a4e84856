"""The systems under test: train them or take them from the store, and let the anonymizers do their work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.context import RunContext, Stage
from gaitbench.evaluation.features import Features, feature_key, gei_of
from gaitbench.evaluation.sequences import Need, Prepared, load_prepared, unpack_masks
from gaitbench.registry import ANONYMIZERS, COLORIZERS
from gaitbench.store import code_digest, digest

__all__ = ["Anonymized", "Systems", "anonymize_probes", "load_masks", "noise"]

_ANONYMIZER_CODE = ("gaitbench.anonymizers", "gaitbench.training", "gaitbench.evaluation.systems")
_COLORIZER_CODE = ("gaitbench.colorizers", *_ANONYMIZER_CODE)


def noise(seed: int, anonymizer: str, key: SequenceKey, draw: str = "probe") -> np.random.Generator:
    """The noise of one sequence: a pure function of seed, anonymizer, sequence and draw."""
    return np.random.default_rng(int(digest("noise", seed, anonymizer, str(key), draw), 16))


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

    @cached_property
    def _prepared(self) -> list[Prepared]:
        found = [load_prepared(self.run, need, key) for need, key in self.training.items()]
        return [p for p in found if p.sequence is not None]

    @property
    def silhouettes(self) -> list[GaitSequence]:
        """Training sequences of the anonymizers: every frame, no pictures."""
        return [p.sequence for p in self._prepared if p.sequence is not None]

    @property
    def pictures(self) -> list[GaitSequence]:
        """Training sequences of the colorizers: the frames whose pictures are kept."""
        return [p.pictures for p in self._prepared if p.pictures is not None]

    def anonymizer_key(self, name: str) -> str:
        """Content hash of a trained anonymizer."""
        system = ANONYMIZERS.get(name)()
        code = [*_ANONYMIZER_CODE, ANONYMIZERS.get(name).__module__]
        return self._key("anonymizer", name, system, code)

    def colorizer_key(self, name: str) -> str:
        """Content hash of a trained colorizer; it depends on the anonymizer whose silhouettes it learns to paint."""
        system = COLORIZERS.get(name)()
        code = [*_COLORIZER_CODE, COLORIZERS.get(name).__module__]
        return self._key("colorizer", name, system, code, self.anonymizer_key(self._partner))

    @property
    def _partner(self) -> str:
        """The anonymizer whose output the colorizers are trained on: the suite's first."""
        return self.run.suite.systems.anonymizers[0]

    def _key(self, kind: str, name: str, system: Any, code: Sequence[str], *more: str) -> str:
        suite = self.run.suite
        effort = suite.effort if getattr(system, "trainable", True) else None
        return digest(
            kind, name, getattr(system, "settings", None), code_digest(*dict.fromkeys(code)),
            list(self.training.values()), suite.seed, effort, self.run.device, *more,
        )  # fmt: skip

    def anonymizer(self, name: str) -> Any:
        """The trained anonymizer `name`."""
        return self._build("anonymizer", name, ANONYMIZERS.get(name), self.anonymizer_key(name), {})

    def colorizer(self, name: str) -> Any:
        """The trained colorizer `name`."""

        def extra() -> dict[str, Any]:
            return {"anonymized": self._training_masks}

        return self._build("colorizer", name, COLORIZERS.get(name), self.colorizer_key(name), extra)

    @cached_property
    def _training_masks(self) -> list[NDArray[np.bool_]]:
        """What the partner makes of the colorizers' training frames."""
        partner = self.anonymizer(self._partner)
        seed = self.run.suite.seed
        return [
            partner.anonymize(p.sequence, noise(seed, self._partner, p.key, "training"))[p.index]
            for p in self._prepared
            if p.sequence is not None and p.pictures is not None
        ]

    def _build(
        self,
        kind: str,
        name: str,
        factory: Callable[[], Any],
        key: str,
        extra: dict[str, Any] | Callable[[], Any],
    ) -> Any:
        if (kind, name) in self._ready:
            return self._ready[kind, name]
        system = factory()
        if not getattr(system, "trainable", True):
            system.fit(self.silhouettes, seed=self.run.suite.seed)
        else:
            learn_from = self.silhouettes if kind == "anonymizer" else self.pictures
            arrays = self._train(system, f"train {name}", key, learn_from, extra)
            system = factory().load_state(arrays)
        self._ready[kind, name] = system
        return system

    def _train(
        self, system: Any, label: str, key: str, sequences: list[GaitSequence], extra: Any
    ) -> dict[str, NDArray[Any]]:
        run = self.run
        try:
            return run.store.load("models", key)[0]
        except KeyError:
            given = extra() if callable(extra) else extra  # trains the partner, under a stage of its own
        with run.stage(label) as stage:
            stage.made()
            system.fit(
                sequences, seed=run.suite.seed, device=run.device, effort=run.suite.effort,
                progress=run.progress.update, **given,
            )  # fmt: skip
            run.store.save("models", key, system.state(), getattr(system, "card", dict)())
            # read back, so that a first run and a second one use the same bytes
            return run.store.load("models", key)[0]


@dataclass(frozen=True)
class Anonymized:
    """The anonymized probes of one anonymizer.

    Parameters
    ----------
    features : Features
        GEIs of the anonymized silhouettes; failures named.
    keys : dict of str to str
        Subject -> artifact with the silhouettes of that subject's probes.
    """

    name: str
    features: Features
    keys: dict[str, str]


def anonymize_probes(run: RunContext, systems: Systems, name: str, probes: dict[Need, str]) -> Anonymized:
    """Anonymize every probe, subject by subject, and take the GEIs of the result.

    A sequence whose anonymization fails is kept as a failure: the protocol counts it as identified.
    """
    by_subject: dict[str, list[Need]] = {}
    for need in sorted(probes, key=lambda n: n.key):
        by_subject.setdefault(need.key.subject, []).append(need)
    system_key = systems.anonymizer_key(name)
    keys = {
        subject: digest("anonymized", name, system_key, run.suite.seed, [probes[n] for n in needs])
        for subject, needs in by_subject.items()
    }
    todo = [s for s in by_subject if not run.store.has("anonymized", keys[s])]
    system: Any = None
    if todo:
        try:
            system = systems.anonymizer(name)
        except GaitbenchError as error:
            return _failed(run, name, by_subject, keys, str(error))
    with run.stage("anonymize") as stage:
        if todo:
            stage.made()
        for i, subject in enumerate(todo):
            arrays, meta = _one_subject(run, system, name, {n: probes[n] for n in by_subject[subject]})
            run.store.save("anonymized", keys[subject], arrays, meta)
            run.progress.update((i + 1) / len(todo), f"{name}: subject {subject}")
        features = _features(run, name, by_subject, keys, stage)
    return Anonymized(name, features, keys)


def _failed(
    run: RunContext, name: str, by_subject: dict[str, list[Need]], keys: dict[str, str], message: str
) -> Anonymized:
    """All probes of an anonymizer that could not be made ready: failures, hence identified. Nothing is kept."""
    ordered = tuple(n.key for needs in by_subject.values() for n in needs)
    x = np.zeros((len(ordered), *run.suite.data.size), dtype=np.float32)
    features = Features(x, ordered, {str(k): message for k in ordered}, digest("failed", name, message))
    return Anonymized(name, features, keys)


def _one_subject(
    run: RunContext, system: Any, name: str, probes: dict[Need, str]
) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    arrays: dict[str, NDArray[Any]] = {}
    failures: dict[str, str] = {}
    for need, key in probes.items():
        prepared: Prepared = load_prepared(run, need, key)
        if prepared.sequence is None:
            failures[str(need.key)] = prepared.failure or "not prepared"
            continue
        try:
            masks = np.asarray(system.anonymize(prepared.sequence, noise(run.suite.seed, name, need.key)))
            if masks.shape != prepared.sequence.silhouettes.shape or masks.dtype != bool:
                raise GaitbenchError(
                    f"{name} returned {masks.dtype} {masks.shape} for {need.key}; "
                    f"expected bool {prepared.sequence.silhouettes.shape}"
                )
            if not masks.any():
                raise GaitbenchError(f"{name} left {need.key} empty")
        except GaitbenchError as error:
            failures[str(need.key)] = str(error)
            continue
        arrays[str(need.key)] = np.packbits(masks.reshape(len(masks), -1), axis=1)
    return arrays, failures


def _features(
    run: RunContext, name: str, by_subject: dict[str, list[Need]], keys: dict[str, str], stage: Stage
) -> Features:
    ordered = tuple(n.key for needs in by_subject.values() for n in needs)
    key = feature_key(["anonymized", name, *keys.values()])
    size = run.suite.data.size

    def make() -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
        stage.made()
        x = np.zeros((len(ordered), *size), dtype=np.float32)
        failures: dict[str, str] = {}
        row = {k: i for i, k in enumerate(map(str, ordered))}
        for subject in by_subject:
            masks, failed = load_masks(run, keys[subject])
            failures.update(failed)
            for text, silhouettes in masks.items():
                x[row[text]] = gei_of(silhouettes)
        return {"x": x}, failures

    arrays, failures, _ = run.store.get("features", key, make)
    return Features(arrays["x"], ordered, failures, key)


def load_masks(run: RunContext, key: str) -> tuple[dict[str, NDArray[np.bool_]], dict[str, str]]:
    """Anonymized silhouettes of one subject: sequence name -> bool (T, h, w); and what failed."""
    arrays, failures = run.store.load("anonymized", key)
    size = run.suite.data.size
    return {name: unpack_masks(bits, size) for name, bits in arrays.items()}, failures
