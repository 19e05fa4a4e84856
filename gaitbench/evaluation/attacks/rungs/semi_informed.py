"""``semi-informed``: his recognizer, too, learns from what the system makes of people, under other noise."""

from __future__ import annotations

from typing import ClassVar

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.draws import learnt
from gaitbench.evaluation.attacks.rungs.lazy_informed import LazyInformed
from gaitbench.evaluation.attacks.views import Views

__all__ = ["SemiInformed"]


class SemiInformed(LazyInformed):
    """Learns from and enrols anonymized gaits."""

    name: ClassVar[str] = "semi-informed"

    def training(self, views: Views, cell: Cell, reads: str, ordinary: Features) -> Features:
        """The training people as the system shows them."""
        return learnt(views, cell, "recognizer", reads)
