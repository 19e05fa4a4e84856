"""Rung ``example-half-informed``: an attacker who learnt from anonymized gaits and enrols untouched ones."""

from __future__ import annotations

from typing import ClassVar

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.evaluation.attacks.views import Views

__all__ = ["HalfInformed"]


class HalfInformed(Rung):
    """Knows the anonymizer, not the people: he can anonymize walkers of his own, and has old videos of the suspects.

    A rung says what differs from the ignorant attacker: `training`, `gallery`, `restored` (what he undoes), `chosen`
    (which probes). All else stays as it is.
    """

    name: ClassVar[str] = "example-half-informed"

    def training(self, views: Views, cell: Cell, reads: str, ordinary: Features) -> Features:
        """The recognizer's training people as the system under attack shows them, under noise of their own."""
        return views.shown(cell, "recognizer", "training", reads)
