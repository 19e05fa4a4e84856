"""``joint``: his recognizer learns from all who train anything here, as they are and as the system shows them."""

from __future__ import annotations

from typing import ClassVar

from gaitbench.evaluation.attacks.features import Features, as_other_walks, join
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.draws import learnt
from gaitbench.evaluation.attacks.rungs.lazy_informed import LazyInformed
from gaitbench.evaluation.attacks.views import Views
from gaitbench.store import digest

__all__ = ["Joint"]


class Joint(LazyInformed):
    """Learns from the people who train recognizers and those who train systems, untouched and anonymized together.

    A person has one name in both, so the recognizer learns what the system leaves of people. Enrols anonymized gaits,
    as ``semi-informed`` does. Of a system whose output was handed in the second group is not there, and is left out.
    """

    name: ClassVar[str] = "joint"
    #: those who train systems are not painted
    inputs: ClassVar[tuple[str, ...]] = ("silhouette",)
    #: on an untouched system he has still learnt from more people than the ordinary recognizer
    usual_training: ClassVar[bool] = False

    def training(self, views: Views, cell: Cell, reads: str, ordinary: Features) -> Features:
        """Untouched and anonymized gaits of both groups; an anonymized walk is a walk of its own."""
        parts = [ordinary, as_other_walks(learnt(views, cell, "recognizer", reads), "anonymized")]
        if views.needs.get("models") and views.redraws(cell):
            parts += [
                views.originals("models", reads),
                as_other_walks(learnt(views, cell, "models", reads), "anonymized"),
            ]
        # rows that failed are taken out first: the untouched walk must not go with the anonymized one
        return join([part.usable() for part in parts], digest("joint", [part.digest for part in parts]))
