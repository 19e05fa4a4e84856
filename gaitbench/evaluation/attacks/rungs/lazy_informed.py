"""``lazy-informed``: has the system, and shows the people whom he knows as it would, under other noise."""

from __future__ import annotations

from typing import ClassVar

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.evaluation.attacks.views import Views

__all__ = ["LazyInformed"]


class LazyInformed(Rung):
    """Enrols anonymized gaits; his recognizer learnt from untouched ones."""

    name: ClassVar[str] = "lazy-informed"

    def gallery(self, views: Views, cell: Cell, reads: str, ordinary: Features) -> Features:
        """The gallery under noise of the attacker's own."""
        return views.shown(cell, "gallery", "gallery", reads)
