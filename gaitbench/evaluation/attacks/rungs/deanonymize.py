"""``de-anonymize``: a network learns to undo the system; an ordinary recognizer names the result."""

from __future__ import annotations

from typing import ClassVar

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.restoring.restore import restore
from gaitbench.evaluation.attacks.rungs.draws import training_draws
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.evaluation.attacks.views import Views

__all__ = ["DeAnonymize"]


class DeAnonymize(Rung):
    """Learns from and enrols untouched gaits; undoes what was done to the probes, as GEIs or frame by frame."""

    name: ClassVar[str] = "de-anonymize"
    reads: ClassVar[tuple[str, ...]] = ("gei", "silhouettes")
    inputs: ClassVar[tuple[str, ...]] = ("silhouette",)
    #: there is nothing to undo in a control
    controls: ClassVar[tuple[str, ...]] = ()

    def restored(self, views: Views, cell: Cell, reads: str, ordinary: Features, shown: Features) -> Features:
        """The probes as the network makes them untouched again."""
        return restore(views.run, training_draws(views, cell, "recognizer", reads), ordinary, shown, reads)
