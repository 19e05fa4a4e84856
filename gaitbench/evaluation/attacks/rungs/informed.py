"""``informed``: the key leaked with the video; the attacker knows the noise of the probe in hand.

He shows *every* enrolled person's walks under the noise of that probe and looks who fits. Giving each person the noise
of that person's own probes, as we once did, is no attack: it names the owner of the noise, strangers too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.blocks.recognizers import BoundedRecognizers
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.rung import Seen
from gaitbench.evaluation.attacks.rungs.semi_informed import SemiInformed
from gaitbench.evaluation.attacks.views import Views
from gaitbench.store import digest

__all__ = ["Informed"]


class Informed(SemiInformed):
    """Learns from anonymized gaits; for each probe the gallery bears that probe's noise.

    The gallery is that of the probe's own view, which the attacker knows. Where the suite says so
    (`attacks.informed_probes`), a sample of the probes is attacked, drawn by hash; its size stands in every row.
    """

    name: ClassVar[str] = "informed"
    inputs: ClassVar[tuple[str, ...]] = ("silhouette",)
    #: the probe's own view alone
    usual_gallery: ClassVar[bool] = False
    galleries: ClassVar[tuple[str, ...]] = ("all-views", "same-view")

    def chosen(self, views: Views, probes: Sequence[SequenceKey]) -> NDArray[np.bool_]:
        """All probes, or the sample that the suite asks for: the same for every system and recognizer."""
        count = views.run.suite.attacks.informed_probes
        taken = np.ones(len(probes), dtype=bool)
        if 0 < count < len(probes):
            order = sorted(range(len(probes)), key=lambda i: digest("informed probes", str(probes[i])))
            taken[:] = False
            taken[order[:count]] = True
        return taken

    def enrolled_for(self, views: Views, cell: Cell, key: SequenceKey, ordinary: Features) -> Features:
        """The gallery under the noise of this probe."""
        return views.enrolled_under(cell, "gei", [key])[0]

    def look_ahead(
        self, views: Views, cell: Cell, reads: str, ordinary: Seen, noises: Sequence[SequenceKey]
    ) -> None:
        """The gallery under the noise of every probe, too."""
        self.training(views, cell, reads, ordinary.training)
        views.enrolled_under(cell, reads, noises)

    def distances(
        self,
        recognizers: BoundedRecognizers,
        views: Views,
        cell: Cell,
        reads: str,
        ordinary: Seen,
        shown: Features,
        noises: Sequence[SequenceKey],
    ) -> Distances:
        """Distance of every probe to every person under the noise that the probe bears."""
        training = self.training(views, cell, reads, ordinary.training)
        galleries = views.enrolled_under(cell, reads, noises)
        return recognizers.measured_each(
            cell.attack.recognizer, training, galleries, shown, ordinary.gallery.usable()
        )  # fmt: skip
