"""``linked``: asks whether two published videos show one person.

Honest only where the publisher draws noise per person (a pseudonym): with noise per sequence it is `lazy-informed`,
and suites refuse it.
"""

from __future__ import annotations

from typing import ClassVar

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.semi_informed import SemiInformed
from gaitbench.evaluation.attacks.views import Views

__all__ = ["Linked"]


class Linked(SemiInformed):
    """Learns from anonymized gaits; the gallery is what the publisher published of the same people."""

    name: ClassVar[str] = "linked"
    noise_is_published: ClassVar[bool] = True

    def gallery(self, views: Views, cell: Cell, reads: str, ordinary: Features) -> Features:
        """The gallery under the noise that the publisher drew for each person."""
        return views.shown(cell, "gallery", "probe", reads)
