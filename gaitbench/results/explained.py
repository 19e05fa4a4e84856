"""What every attack made of one probe: who it was taken for before and after, and how near everybody was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.results.schema_attacks import Attack

__all__ = [
    "AssignedProbe", "Enrolled", "Entry", "Explained", "Explanation", "Match", "PoolStep", "PooledProbe",
]  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A walk of the gallery.

    Parameters
    ----------
    key : str
        Name of the sequence.
    subject, walk : str
    angle : int
        In degrees.
    distance : float
        In the recognizer's own scale.
    """

    key: str
    subject: str
    walk: str
    angle: int
    distance: float


@dataclass(frozen=True)
class Match:
    """A person of the gallery as one attack sees the probe.

    Parameters
    ----------
    subject : str
    distance : float
        Of the person's nearest entry, in the recognizer's own scale; under ``cross-view`` the mean over the angles.
    right : bool
        It is the person of the probe.
    gei : float32 array (h, w) or None
        The person's nearest entry as this attacker has enrolled it; where that is not known, the first gallery walk
        seen from the probe's angle.
    entry : Entry or None
        The person's nearest entry; None where the recognizer gives distances to people alone.
    """

    subject: str
    distance: float
    right: bool
    gei: NDArray[np.float32] | None
    entry: Entry | None = None


@dataclass(frozen=True)
class Enrolled:
    """How an attacker shows whom he enrols.

    Parameters
    ----------
    draw : str or None
        The draw of noise: ``gallery`` (his own), ``probe`` (the published one), ``probe in hand`` (everybody under the
        noise of the probe that is looked at); None for untouched walks.
    """

    draw: str | None

    def words(self, key: str, anonymizer: str, level: str) -> str:
        """For people to read.

        Parameters
        ----------
        key : str
            The probe.
        anonymizer : str
        level : str
            At which the suite draws noise.
        """
        if self.draw is None:
            return "untouched"
        each = "one draw a person" if level == "person" else "one draw a sequence"
        known = {
            "gallery": f"noise of the attacker's own, {each}",
            "probe": f"the published noise, {each}",
            "probe in hand": f"everybody under the noise of {key}",
        }
        return f"through {anonymizer}, {known.get(self.draw, f'draw {self.draw!r}, {each}')}"


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


@dataclass(frozen=True)
class Explanation:
    """What one attack made of the probe.

    Parameters
    ----------
    colorizer : str
        Who painted what the attack read; ``none`` where it read silhouettes.
    attack : Attack
    before, after : tuple of Match
        The nearest people, nearest first; empty where there was nothing to look at.
    place_before, place_after : int or None
        Rank of the right person, from 1.
    people : int
        In the gallery.
    failed : str or None
        Why the attack, or the anonymization of this probe, failed.
    enrolled : Enrolled
        The gallery that is met after anonymization; before it is untouched.
    entries_before, entries_after : tuple of Entry
        The nearest entries, whoever they show; empty where the recognizer gives distances to people alone.
    assigned : AssignedProbe or None
        All probes of its walk and angle named together.
    pooled : PooledProbe or None
        Several sequences of its person together; None if not asked for.
    """

    colorizer: str
    attack: Attack
    before: tuple[Match, ...]
    after: tuple[Match, ...]
    place_before: int | None
    place_after: int | None
    people: int
    failed: str | None = None
    enrolled: Enrolled = Enrolled(None)
    entries_before: tuple[Entry, ...] = ()
    entries_after: tuple[Entry, ...] = ()
    assigned: AssignedProbe | None = None
    pooled: PooledProbe | None = None


@dataclass(frozen=True)
class Explained:
    """A probe with all its explanations.

    Parameters
    ----------
    key : str
        Name of the sequence.
    anonymizer : str
    before, after : float32 array (h, w) or None
        Its gait energy images.
    rows : tuple of Explanation
    level : str
        At which noise is drawn: ``frame``, ``sequence`` or ``person``.
    """

    key: str
    anonymizer: str
    before: NDArray[np.float32] | None
    after: NDArray[np.float32] | None
    rows: tuple[Explanation, ...]
    level: str = "sequence"
