"""The noise draw: one random stream a sequence, a pure function of what it is for (PROTOCOL, Attackers)."""

from __future__ import annotations

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.store import digest

__all__ = ["GRANULARITY", "draw_noise", "same_noise"]

#: Declared with every result.
GRANULARITY = "per sequence"

_AS_WALK = "as "


def same_noise(walk: str) -> str:
    """The draw that gives a sequence the noise of the probe `walk` of the same person at the same angle."""
    return _AS_WALK + walk


def draw_noise(seed: int, anonymizer: str, key: SequenceKey, draw: str = "probe") -> np.random.Generator:
    """The noise of one sequence: a pure function of seed, anonymizer, sequence and draw.

    Parameters
    ----------
    draw : str
        ``probe`` (what is tested), ``training`` (what colorizers and attackers learn from), ``gallery`` (other noise
        than the probes'), or `same_noise` of a probe walk (the attacker knows the noise).
    """
    if draw.startswith(_AS_WALK):
        key, draw = SequenceKey(key.subject, draw.removeprefix(_AS_WALK), key.angle), "probe"
    return np.random.default_rng(int(digest("noise", seed, anonymizer, str(key), draw), 16))
