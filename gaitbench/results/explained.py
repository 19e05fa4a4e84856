"""What every attack made of one probe: who it was taken for before and after, and how near everybody was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.results.schema_attacks import Attack

__all__ = ["Explained", "Explanation", "Match"]


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
        The person's gallery walk seen from the probe's angle, as this attacker has enrolled it.
    """

    subject: str
    distance: float
    right: bool
    gei: NDArray[np.float32] | None


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
    """

    colorizer: str
    attack: Attack
    before: tuple[Match, ...]
    after: tuple[Match, ...]
    place_before: int | None
    place_after: int | None
    people: int
    failed: str | None = None


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
    """

    key: str
    anonymizer: str
    before: NDArray[np.float32] | None
    after: NDArray[np.float32] | None
    rows: tuple[Explanation, ...]
