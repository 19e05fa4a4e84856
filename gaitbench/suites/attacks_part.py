"""The part of a suite that says who attacks, with what, and what they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from gaitbench.suites.parts import AtLeastOne, Names, Systems, to_values
from gaitbench.system_value import SystemValue

__all__ = ["AttacksPart", "Kept"]


@dataclass(frozen=True)
class Kept:
    """A recognizer that a suite keeps to some of its attackers, to save time.

    Parameters
    ----------
    recognizer : str
        Text of one of `attacks.recognizers`.
    attackers : tuple of str
        Those of `attacks.attackers` that attack with it; ``ignorant`` does in any case.
    """

    recognizer: str
    attackers: Names


@dataclass(frozen=True)
class AttacksPart:
    """The attacker ladder: who attacks, and what they read.

    Parameters
    ----------
    attackers : tuple of str
        Rungs; ``ignorant`` is always run, because the slides' figure is its.
    recognizers : tuple of SystemValue
        What the rungs above ``ignorant`` attack with; recognizers that are not among `systems.recognizers` attack
        nowhere else.
    inputs : tuple of str
        ``resegmented`` and ``appearance`` read what the colorizers painted.
    resegmented_painted_by : tuple of SystemValue
        Colorizers whose pictures are extracted again for ``resegmented``; all of `systems.colorizers` if empty.
    informed_probes : int
        Probes that ``informed`` attacks, drawn by hash; 0: all of them.
    informed_recognizers : tuple of SystemValue
        Those of `recognizers` that ``informed`` attacks with; all of them if empty. It shows every enrolled person anew
        for each probe, and a network reads all of that.
    kept : tuple of Kept
        Recognizers that not all of the attackers attack with.
    training_draws : int
        Draws of noise under which each training walk is shown to who learns from anonymized silhouettes.
    frames_per_sequence : int
        Frames of each walk, evenly spread, that attackers of pictures see: of training, gallery and probes alike.
    distances_mb : int
        What the distances of one attack may take, in MB (10^6 bytes): four bytes a probe and gallery entry, and 800 a
        pair of people. An attack beyond it goes through blocks of probes and keeps names and ranks alone; what needs
        all distances at once (pools, one-to-one assignment, criteria, ``distances.parquet``) leaves it out.
    """

    attackers: Names = ("ignorant",)
    recognizers: Systems = (SystemValue("robust-vtm"),)
    inputs: Names = ("silhouette",)
    resegmented_painted_by: Systems = ()
    informed_probes: Annotated[int, Meta(ge=0, description="0 (all of them) or more")] = 0
    informed_recognizers: Systems = ()
    kept: tuple[Kept, ...] = ()
    training_draws: Annotated[int, Meta(ge=1, le=16, description="a number of draws from 1 to 16")] = 2
    frames_per_sequence: AtLeastOne = 8
    distances_mb: Annotated[int, Meta(ge=0, description="a whole number of MB, 0 or more")] = 1000

    def __post_init__(self) -> None:
        to_values(self, "recognizers", "resegmented_painted_by", "informed_recognizers")
        object.__setattr__(
            self, "kept", tuple(Kept(one.recognizer, tuple(one.attackers)) for one in self.kept)
        )

    @property
    def recognizer_names(self) -> tuple[str, ...]:
        """Texts of the recognizers."""
        return tuple(map(str, self.recognizers))

    def asks(self, attacker: str, recognizer: str) -> bool:
        """Whether the suite has this attacker attack with this recognizer."""
        chosen = self.informed_recognizers if attacker == "informed" else ()
        if chosen and recognizer not in map(str, chosen):
            return False
        kept = next((one.attackers for one in self.kept if one.recognizer == recognizer), None)
        return kept is None or attacker in ("ignorant", *kept)

    def looks_at(self, source: str, colorizer: str) -> bool:
        """Whether attackers that read this input look at what the colorizer painted."""
        chosen = self.resegmented_painted_by if source == "resegmented" else ()
        return not chosen or colorizer in map(str, chosen)
