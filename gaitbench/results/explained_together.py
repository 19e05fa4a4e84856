"""What is made of one probe together with others: pools of one person's sequences, and one-to-one assignment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["AssignedProbe", "PoolStep", "PooledProbe"]


@dataclass(frozen=True)
class PoolStep:
    """A pool of one size.

    Parameters
    ----------
    size : int
    sequences : tuple of str
        In the order in which they are pooled.
    nearest : tuple of (str, float)
        The nearest people and the sum of the distances to them, each sequence's over their mean.
    named : str
        "" where there is nothing to look at.
    right : bool
        Counted as named rightly.
    failed : int
        Sequences whose anonymization failed: one is enough to count as named.
    share : float
        Of all drawn pools of this person and size, how many are named rightly, in 0..1.
    """

    size: int
    sequences: tuple[str, ...]
    nearest: tuple[tuple[str, float], ...]
    named: str
    right: bool
    failed: int
    share: float


@dataclass(frozen=True)
class PooledProbe:
    """The pools of the probe's person, growing.

    Parameters
    ----------
    over : str
        One of `gaitbench.metrics.pooling.POOLS`.
    gallery_angle : int
        Under ``cross-view`` the gallery angle that is shown; -1 otherwise.
    draw, draws : int
        Which of the run's drawn pools is shown (from 1), of how many.
    place : int or None
        Where the probe stands in it, from 1; None if no drawn pool over this holds it.
    steps : tuple of PoolStep
    geis : tuple of float32 array (h, w) or None
        The first sequences of the pool as published.
    """

    over: str
    gallery_angle: int
    draw: int
    draws: int
    place: int | None
    steps: tuple[PoolStep, ...]
    geis: tuple[NDArray[np.float32] | None, ...] = ()


@dataclass(frozen=True)
class AssignedProbe:
    """The probe's answer when all probes of its walk and angle are named together, each person once.

    Parameters
    ----------
    walk : str
    angle, gallery_angle : int
        `gallery_angle` is -1 but under ``cross-view``.
    probes : int
        Assigned together, this one among them.
    alone : str
        Who is named when the probe is looked at alone; "" where there is nothing to look at.
    named : str
        Who is named most often in `rounds` orders; "" where the probe is not assigned.
    share : float
        Of the rounds, how many name it rightly, in 0..1.
    rounds : int
    taken_by : str or None
        The probe that took the right name; None if this one has it, or nobody took it.
    failed : bool
        The anonymization failed: counts as named.
    """

    walk: str
    angle: int
    gallery_angle: int
    probes: int
    alone: str
    named: str
    share: float
    rounds: int
    taken_by: str | None
    failed: bool
