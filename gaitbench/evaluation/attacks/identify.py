"""Who looks like whom: train a recognizer, enrol a gallery, and measure every probe against it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.recognizers.asking import by_entries, by_ranks
from gaitbench.evaluation.attacks.recognizers.enrolments import Enrolments
from gaitbench.evaluation.attacks.recognizers.lending import lend, lender_key
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.checked import guarded, sealed_rows
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.registry import RECOGNIZERS
from gaitbench.store import closure_digest, digest
from gaitbench.suites.building import build
from gaitbench.system_value import SystemValue, base_name
from gaitbench.systems import MeasuringRecognizer, Recognizer

__all__ = [
    "Distances", "Recognizers", "by_protocol", "entries_of", "learns_on_device", "precisions_by_protocol",
    "reads_of", "reads_order",
]  # fmt: skip


@dataclass(frozen=True)
class Distances:
    """Distance of each probe to each person, by the angle of the gallery.

    Parameters
    ----------
    values : float32 array (n, A, P)
        Of the person's nearest gallery entry at that angle; infinite where there is none, NaN for probes without
        anything to look at.
    angles : int array (A,)
        Gallery angles in degrees.
    people : str array (P,)
        Subjects of the gallery.
    precisions : float32 array (n, A + 1), optional
        Average precision of each probe's ranking of the *entries*, at each gallery angle and (last) at all of them;
        NaN where the person has no entry there, or the recognizer ranks people alone.
    """

    values: NDArray[np.float32]
    angles: NDArray[np.int64]
    people: NDArray[np.str_]
    precisions: NDArray[np.float32] | None = None


def reads_of(recognizer: str) -> str:
    """What a recognizer takes: ``gei``, ``silhouettes`` or ``pictures``."""
    return str(getattr(RECOGNIZERS.get(base_name(recognizer)), "reads", "gei"))


def reads_order(recognizer: str) -> bool:
    """Whether a recognizer reads the order and the rate of frames, and so needs frames that follow each other."""
    return bool(getattr(RECOGNIZERS.get(base_name(recognizer)), "reads_order", False))


def learns_on_device(recognizer: str) -> bool:
    """Whether a recognizer may learn on a GPU: a network, which takes longest on a processor."""
    return _takes(RECOGNIZERS.get(base_name(recognizer)), "device")


def precisions_by_protocol(
    distances: Distances, probe_angles: NDArray[np.int64], protocol: str
) -> list[NDArray[np.float32]]:
    """Average precisions over entries of the groups of `by_protocol`, in their order."""
    n, found = len(probe_angles), distances.precisions
    if found is None:
        found = np.full((n, len(distances.angles) + 1), np.nan, dtype=np.float32)
    places = {int(a): i for i, a in enumerate(distances.angles)}
    groups = []
    for angle, probes, _ in by_protocol(distances, probe_angles, protocol):
        if angle is not None:
            columns = np.full(len(probes), places[angle])
        elif protocol == "all-views":
            columns = np.full(len(probes), len(places))
        else:
            columns = np.array([places[int(probe_angles[i])] for i in probes], dtype=np.intp)
        groups.append(found[probes, columns])
    return groups


def by_protocol(
    distances: Distances, probe_angles: NDArray[np.int64], protocol: str
) -> list[tuple[int | None, NDArray[np.intp], NDArray[np.float32]]]:
    """Distances under a named gallery protocol (PROTOCOL, Gallery and probe).

    Returns
    -------
    list of (gallery angle or None, probes, float32 array (probes, P))
        One group for ``all-views`` (nearest entry of any angle) and ``same-view``; one a gallery angle, without the
        probes of that very angle, for ``cross-view``.
    """
    everyone = np.arange(len(probe_angles))
    if protocol == "all-views":
        return [(None, everyone, distances.values.min(axis=1))]
    place = {int(a): i for i, a in enumerate(distances.angles)}
    if protocol == "same-view":
        there = np.array([i for i in everyone if int(probe_angles[i]) in place], dtype=np.intp)
        own = np.array([place[int(probe_angles[i])] for i in there], dtype=np.intp)
        return [(None, there, distances.values[there, own])]
    groups: list[tuple[int | None, NDArray[np.intp], NDArray[np.float32]]] = []
    for angle, i in place.items():
        probes = np.flatnonzero(probe_angles != angle)
        groups.append((angle, probes, distances.values[probes, i]))
    return groups


def entries_of(gallery: Features) -> Features:
    """Those of a gallery that can be enrolled; one of many people is not copied to leave nobody out.

    Raises
    ------
    DataError
        If there is none.
    """
    entries = gallery if gallery.good.all() else gallery.usable()
    if not entries.keys:
        raise DataError(
            "no gallery sequence could be read, so nobody can be named; see the failures of `prepare`"
        )
    return entries


class Recognizers:
    """The recognizers of a run, each trained once on each set of training rows.

    Parameters
    ----------
    run : RunContext
    systems : Systems, optional
        Of whose anonymizers recognizers may borrow (`gaitbench.systems.Borrower`).
    """

    def __init__(self, run: RunContext, systems: Systems | None = None) -> None:
        self.run = run
        self.systems = systems
        self._fitted: dict[tuple[str, str], Recognizer] = {}
        #: Gallery that is enrolled in each: the rungs attack system after system with the same one.
        self._enrolled: dict[tuple[str, str], str] = {}
        self._each = Enrolments()
        #: Called once, before the first distances that are not in the store: measures others of the run beside them.
        self.ahead: Callable[[], None] | None = None

    def _wanted(self, key: str) -> bool:
        """Whether distances are still to be measured, when all that can be measured ahead is."""
        if self.ahead is not None and not self.run.store.has("distances", key):
            ahead, self.ahead = self.ahead, None
            ahead()
        return not self.run.store.has("distances", key)

    def _fit(self, recognizer: str, training: Features) -> Recognizer:
        place = (recognizer, training.digest)
        if place not in self._fitted:
            model = _new(recognizer, self.run.suite.seed, self.run.device)
            lend(self.systems, model, recognizer)
            with self.run.stage(f"train {recognizer}") as stage:
                stage.made()
                train = training.usable()
                with guarded(f"recognizer {recognizer}"):
                    model.fit(sealed_rows(train.x), train.subjects, angle=train.angles, walk=train.walks)
                self._fitted[place] = model
        return self._fitted[place]

    def _enrol(self, recognizer: str, training: Features, gallery: Features) -> None:
        place = (recognizer, training.digest)
        if self._enrolled.get(place) != gallery.digest:
            self._enrolled.pop(place, None)  # nothing is half enrolled if this one is refused
            self._fitted[place].enroll(sealed_rows(gallery.x), gallery.subjects, angle=gallery.angles)
            self._enrolled[place] = gallery.digest

    def distances(
        self, recognizer: str, training: Features, gallery: Features, probes: Features
    ) -> Distances:
        """Measure every probe against every person of the gallery; kept in the store.

        Raises
        ------
        DataError
            If no gallery sequence could be read.
        GaitbenchError
            If the recognizer refuses the data, fails, or returns what are no distances.
        """
        entries = entries_of(gallery)
        people = np.unique(entries.subjects)
        angles = np.unique(entries.angles)
        key = digest(
            "distances", recognizer, self._code(recognizer), training.digest, gallery.digest, probes.digest
        )
        if self._wanted(key):
            self._fit(recognizer, training)

        def make() -> tuple[dict[str, NDArray[Any]], None]:
            values = np.full((len(probes.keys), len(angles), len(people)), np.nan, dtype=np.float32)
            precisions = np.full((len(probes.keys), len(angles) + 1), np.nan, dtype=np.float32)
            good = probes.good
            if good.any():
                model = self._fit(recognizer, training)
                seen = probes.take(good)
                with self.run.stage("identify") as stage, guarded(f"recognizer {recognizer}"):
                    stage.made()
                    if isinstance(model, MeasuringRecognizer):
                        self._enrol(recognizer, training, entries)
                        values[good], precisions[good] = by_entries(
                            model, recognizer, entries, seen, angles, people
                        )
                    else:
                        values[good] = by_ranks(model, recognizer, entries, seen, angles, people)
            return {"values": values, "precisions": precisions}, None

        arrays, _, _ = self.run.store.get("distances", key, make)
        return Distances(arrays["values"], angles, people, arrays["precisions"])

    def distances_each(
        self,
        recognizer: str,
        training: Features,
        galleries: Sequence[Features],
        probes: Features,
        ordinary: Features,
    ) -> Distances:
        """Measure each probe against a gallery of its own; kept in the store.

        Parameters
        ----------
        galleries : sequence of Features
            One a probe.
        ordinary : Features
            Whose people and angles the result has; who lacks in a gallery is infinitely far.

        Raises
        ------
        GaitbenchError
            If the recognizer refuses the data, fails, or returns what are no distances.
        """
        people, angles = np.unique(ordinary.subjects), np.unique(ordinary.angles)
        key = digest(
            "distances each", recognizer, self._code(recognizer), training.digest, [g.digest for g in galleries],
            probes.digest, [str(k) for k in probes.keys],
        )  # fmt: skip
        self._wanted(key)

        def make() -> tuple[dict[str, NDArray[Any]], None]:
            model = self._fit(recognizer, training)
            values = np.full((len(probes.keys), len(angles), len(people)), np.nan, dtype=np.float32)
            precisions = np.full((len(probes.keys), len(angles) + 1), np.nan, dtype=np.float32)
            good = np.flatnonzero(probes.good).tolist()
            with self.run.stage("identify") as stage, guarded(f"recognizer {recognizer}"):
                stage.made()
                self._enrolled.pop((recognizer, training.digest), None)
                rows = probes.x
                for i in good:
                    entries = galleries[i].usable()
                    if not entries.keys:
                        continue
                    one = Features(rows[i : i + 1], probes.keys[i : i + 1], {}, "")
                    if isinstance(model, MeasuringRecognizer):
                        knows = self._each.enrolled(model, recognizer, training.digest, galleries[i])
                        found = by_entries(knows, recognizer, entries, one, angles, people)
                        values[i], precisions[i] = found[0][0], found[1][0]
                    else:
                        values[i] = by_ranks(model, recognizer, entries, one, angles, people)[0]
            return {"values": values, "precisions": precisions}, None

        arrays, _, _ = self.run.store.get("distances", key, make)
        return Distances(arrays["values"], angles, people, arrays["precisions"])

    def _code(self, recognizer: str) -> str:
        made = RECOGNIZERS.get(base_name(recognizer))
        seed = self.run.suite.seed
        lent = lender_key(self.systems, _new(recognizer, seed), recognizer)
        # on a processor all machines agree; what a GPU has learnt is another's
        gpu = ["gpu"] if self.run.device != "cpu" and _takes(made, "device") else []
        return digest(
            closure_digest(Recognizers, made),
            seed if _takes(made, "seed") else None,
            *([lent] if lent else []),
            *gpu,
        )


def _takes(made: Any, parameter: str) -> bool:
    """Whether a recognizer has a parameter: who draws anything has ``seed``, who may learn on a GPU ``device``."""
    try:
        return parameter in inspect.signature(made).parameters
    except (TypeError, ValueError):
        return False


def _new(recognizer: str, seed: int, device: str = "cpu") -> Recognizer:
    """A recognizer that is not fitted, under the suite's seed where it draws anything and its settings have none."""
    value = SystemValue.parse(recognizer)
    made = RECOGNIZERS.get(value.name)
    offered = {"seed": seed, "device": device}
    more = {name: value for name, value in offered.items() if _takes(made, name)}
    model: Recognizer = build(RECOGNIZERS, value, **more)
    return model
