"""Who is named: train the recognizer, enrol the gallery, name every probe before and after anonymization."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError, ModelError
from gaitbench.evaluation.context import RunContext
from gaitbench.evaluation.features import Features
from gaitbench.registry import RECOGNIZERS
from gaitbench.store import code_digest, digest

__all__ = ["Attack", "Naming"]


@dataclass(frozen=True)
class Naming:
    """Who was named for each probe.

    Parameters
    ----------
    named : str array (n,)
        The subject at rank 1; "" where there was nothing to look at.
    """

    named: NDArray[np.str_]


@contextlib.contextmanager
def _mendable(recognizer: str) -> Iterator[None]:
    """Turn what a recognizer says of its data into an error of one line."""
    try:
        yield
    except ValueError as error:
        raise ModelError(f"recognizer {recognizer}: {error}") from error


class Attack:
    """The attacker `ignorant`: trained on originals, gallery of originals, reads silhouettes.

    Parameters
    ----------
    run : RunContext
    recognizer : str
        Name in the registry of recognizers.
    training, gallery : Features
        GEIs of the role `recognizer`, and of the test subjects' gallery walks.
    gallery_protocol : str
        `all-views` (the gallery holds every angle) or `same-view` (only the angle of the probe).
    """

    name = "ignorant"

    def __init__(
        self, run: RunContext, recognizer: str, training: Features, gallery: Features, gallery_protocol: str
    ) -> None:
        self.run = run
        self.recognizer = recognizer
        self.training = training
        self.gallery = gallery.usable()
        if not len(self.gallery.keys):
            raise DataError(
                "no gallery sequence could be read, so nobody can be named; see the failures of `prepare`"
            )
        self.gallery_protocol = gallery_protocol
        self._fitted: Any = None

    @property
    def key(self) -> str:
        """Content hash of the fitted and enrolled attacker."""
        factory = RECOGNIZERS.get(self.recognizer)
        own = "gaitbench.evaluation.identification"
        code = list(dict.fromkeys(["recognizer", own, factory.__module__.split(".")[0]]))
        return digest(
            self.name, self.recognizer, code_digest(*code), self.training.digest, self.gallery.digest
        )

    def fitted(self) -> Any:
        """The recognizer, trained (once a run, under a stage of its own)."""
        if self._fitted is None:
            with self.run.stage("train recognizer") as stage:
                stage.made()
                train = self.training.usable()
                model = RECOGNIZERS.get(self.recognizer)()
                with _mendable(self.recognizer):
                    model.fit(train.x, train.subjects, angle=train.angles, walk=train.walks)
                self._fitted = model
        return self._fitted

    def name_probes(self, probes: Features) -> Naming:
        """Name every probe; results are kept in the store."""
        key = digest(self.key, self.gallery_protocol, probes.digest)
        if not self.run.store.has("identified", key):
            self.fitted()
        with self.run.stage("identify") as stage:

            def make() -> tuple[dict[str, NDArray[Any]], list[str]]:
                stage.made()
                with _mendable(self.recognizer):
                    return {}, self._name(probes).tolist()

            _, named, _ = self.run.store.get("identified", key, make)
        return Naming(np.array(named, dtype=str))

    def _name(self, probes: Features) -> NDArray[np.str_]:
        model = self.fitted()
        usable = np.array([str(k) not in probes.failures for k in probes.keys])
        named = np.full(len(probes.keys), "", dtype=self.gallery.subjects.dtype)
        if not usable.any():
            return named
        if self.gallery_protocol == "all-views":
            g = self.gallery
            model.enroll(g.x, g.subjects, angle=g.angles)
            named[usable] = model.predict(probes.x[usable], angle=probes.angles[usable])
            return named
        for angle in np.unique(probes.angles):  # same-view
            here = usable & (probes.angles == angle)
            seen = self.gallery.angles == angle
            if here.any() and seen.any():
                model.enroll(
                    self.gallery.x[seen], self.gallery.subjects[seen], angle=self.gallery.angles[seen]
                )
                named[here] = model.predict(probes.x[here], angle=probes.angles[here])
        return named
