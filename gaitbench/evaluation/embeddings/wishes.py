"""How a judgement of embeddings is wished for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gaitbench.errors import ConfigError
from gaitbench.evaluation.embeddings.spaces import METRICS
from gaitbench.evaluation.external.plan import NOISE
from gaitbench.protocol import GALLERIES
from gaitbench.registry import ANONYMIZERS, COLORIZERS
from gaitbench.suites import Suite, load_suite
from gaitbench.suites.parts import INPUTS

__all__ = ["Wishes"]


@dataclass(frozen=True)
class Wishes:
    """How to judge.

    Parameters
    ----------
    name : str
        What the tables call the anonymizer.
    recognizer : str
        What they call the recognizer.
    reads : str
        What it reads: ``silhouette``, ``resegmented`` (silhouettes out of painted pictures) or ``appearance``.
    metric : {"cosine", "euclidean"}
        How embeddings are compared.
    views : {"all-views", "same-view", "cross-view"}
        Gallery protocol; the suite's if None.
    gallery, probe : sequence of str, optional
        Walks; the suite's, as far as they are there.
    noise : str
        How the system draws its noise, as declared.
    suite : str
        Whose walks, statistics and seed are used.
    seed : int, optional
        Instead of the suite's.
    """

    name: str = "external"
    recognizer: str = "embeddings"
    reads: str = "silhouette"
    metric: str = "cosine"
    views: str | None = None
    gallery: Sequence[str] | None = None
    probe: Sequence[str] | None = None
    noise: str = "undeclared"
    suite: str = "quick"
    seed: int | None = None

    def loaded(self) -> Suite:
        """The suite, after every wish was looked at.

        Raises
        ------
        ConfigError
            If one is unknown.
        """
        for option, value, known in (
            ("metric", self.metric, METRICS), ("views", self.views or GALLERIES[0], GALLERIES),
            ("reads", self.reads, INPUTS), ("noise", self.noise, NOISE),
        ):  # fmt: skip
            if value not in known:
                raise ConfigError(f"{option} {value!r} is unknown; take {', '.join(known)}")
        for option, text in (("name", self.name), ("recognizer", self.recognizer)):
            if not text or any(sign in text for sign in ",=|()\n"):
                raise ConfigError(f"{option} {text!r} is not possible; take letters, digits, - and _")
        if self.name in ANONYMIZERS.names() or self.name in COLORIZERS.names():
            raise ConfigError(f"name {self.name} is a system of gaitbench; take another name")
        suite = load_suite(self.suite).with_seed(self.seed)
        if not 0 <= suite.seed < 2**32:
            raise ConfigError(f"seed {suite.seed} is not possible; take 0 to {2**32 - 1}")
        return suite
