"""Gait energy images of many sequences, kept in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.context import RunContext, Stage
from gaitbench.evaluation.sequences import Need, load_prepared
from gaitbench.store import code_digest, digest

__all__ = ["Features", "feature_key", "gei_of", "original_features"]


@dataclass(frozen=True)
class Features:
    """GEIs with what is known of each.

    Parameters
    ----------
    x : float32 array (n, h, w)
        Gait energy images in [0, 1]; zeros where `failures` has the key.
    keys : tuple of SequenceKey
    failures : dict of str to str
        Sequence name -> why it has no GEI.
    digest : str
        Content hash of what they were made from.
    """

    x: NDArray[np.float32]
    keys: tuple[SequenceKey, ...]
    failures: dict[str, str]
    digest: str

    @property
    def subjects(self) -> NDArray[np.str_]:
        """Subject of each row."""
        return np.array([k.subject for k in self.keys], dtype=str)

    @property
    def angles(self) -> NDArray[np.int64]:
        """Angle of each row in degrees."""
        return np.array([k.angle for k in self.keys], dtype=np.int64)

    @property
    def walks(self) -> NDArray[np.str_]:
        """Walk of each row."""
        return np.array([k.walk for k in self.keys], dtype=str)

    def usable(self) -> Features:
        """Without the rows that failed."""
        keep = [i for i, k in enumerate(self.keys) if str(k) not in self.failures]
        return Features(self.x[keep], tuple(self.keys[i] for i in keep), {}, self.digest)


def gei_of(silhouettes: NDArray[np.bool_]) -> NDArray[np.float32]:
    """GEI of one aligned sequence; an empty sequence or one without a white pixel is an error of the caller."""
    from recognizer import gait_energy_image

    return np.asarray(gait_energy_image(silhouettes), dtype=np.float32)


def feature_key(parts: Sequence[str]) -> str:
    """Content hash of GEIs made from artifacts with these keys."""
    return digest(
        "gei",
        list(parts),
        code_digest("recognizer.gei", "recognizer.period", "gaitbench.evaluation.features"),
    )


def original_features(run: RunContext, needs: dict[Need, str], stage: Stage) -> Features:
    """GEIs of prepared sequences (silhouettes as extracted), from the store or made now."""
    ordered = sorted(needs, key=lambda n: n.key)
    key = feature_key([needs[n] for n in ordered])

    def make() -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
        stage.made()
        x = np.zeros((len(ordered), *run.suite.data.size), dtype=np.float32)
        failures: dict[str, str] = {}
        for i, need in enumerate(ordered):
            prepared = load_prepared(run, need, needs[need])
            if prepared.sequence is None:
                failures[str(need.key)] = prepared.failure or "not prepared"
            else:
                x[i] = gei_of(prepared.sequence.silhouettes)
            if i % 50 == 0:
                run.progress.update(i / len(ordered), f"{i} of {len(ordered)} GEIs")
        return {"x": x}, failures

    arrays, failures, _ = run.store.get("features", key, make)
    return Features(arrays["x"], tuple(n.key for n in ordered), failures, key)
