"""The noise draw: one random stream a sequence, a pure function of what it is for (PROTOCOL, Attackers).

The level at which noise is drawn is the suite's (`systems.noise`): ``sequence`` (each video its own), ``person`` (all
videos of a person share one draw, a pseudonym) or ``frame`` (each frame its own; a matter of the anonymizer's own
settings, so the stream is that of the sequence).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.store import digest
from gaitbench.system_value import base_name

__all__ = ["as_next_of", "draw_noise", "next_of"]

_AS_NEXT = "as the next of "
#: Stands in no subject's name.
_BETWEEN = "\x1f"


def next_of(subject: str, people: Sequence[str]) -> str:
    """Whose noise a stranger is shown under in the stranger test: the next of `people`, the first after the last."""
    ring = list(people)
    return ring[(ring.index(subject) + 1) % len(ring)]


def as_next_of(people: Sequence[str]) -> str:
    """The draw that shows everybody under the noise of the next person's probe of the same walk and angle."""
    return _AS_NEXT + _BETWEEN.join(people)


def draw_noise(
    seed: int, anonymizer: str, key: SequenceKey, draw: str = "probe", *, level: str = "sequence"
) -> np.random.Generator:
    """The noise of one sequence: a pure function of seed, anonymizer, sequence, draw and level.

    Parameters
    ----------
    anonymizer : str
        Text of a system. Systems that differ in settings alone see the same noise, so that their figures differ by the
        settings and not by luck.
    draw : str
        ``probe`` (what is published), ``training`` (what colorizers and attackers learn from; ``training 2`` and so on
        are further draws of it), ``gallery`` (other noise than what is published), or `as_next_of` people (the
        stranger test).
    level : str
        One of `gaitbench.suites.parts.LEVELS`; at ``person`` all sequences of a subject share one draw.
    """
    if draw.startswith(_AS_NEXT):
        people = draw.removeprefix(_AS_NEXT).split(_BETWEEN)
        key, draw = replace(key, subject=next_of(key.subject, people)), "probe"
    name = key.subject if level == "person" else str(key)
    return np.random.default_rng(int(digest("noise", seed, base_name(anonymizer), name, draw), 16))
