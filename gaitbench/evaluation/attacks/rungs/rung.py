"""What every rung is: an attacker by what he learns from, whom he enrols under which noise, and what he undoes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.blocks.recognizers import BoundedRecognizers
from gaitbench.evaluation.attacks.blocks.searched import AnyDistances
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.protocol import GALLERIES

__all__ = ["Rung", "Seen"]


class Seen:
    """The three sets of rows that an attack stands on.

    Parameters
    ----------
    training, gallery, probes : Features
    """

    def __init__(self, training: Features, gallery: Features, probes: Features) -> None:
        self.training = training
        self.gallery = gallery
        self.probes = probes


class Rung:
    """A rung whose attacker does nothing but what the four methods say; each rung changes some of them.

    A third party's rung is a subclass, registered under the entry-point group ``gaitbench.rungs``.
    """

    #: As suites and tables spell it.
    name: ClassVar[str]
    #: Whether published videos of one person bear one noise: then a stranger is shown under his own.
    noise_is_published: ClassVar[bool] = False
    #: Whether its gallery holds what the suite's does; on an untouched system it is then the ordinary recognizer.
    usual_gallery: ClassVar[bool] = True
    #: Whether he learns from the people that the suite's recognizers learn from, and on an untouched system the same.
    usual_training: ClassVar[bool] = True
    #: Gallery protocols that what it enrols can be read under.
    galleries: ClassVar[tuple[str, ...]] = GALLERIES
    #: What its recognizers may read, and which inputs it attacks.
    reads: ClassVar[tuple[str, ...]] = ("gei", "silhouettes", "pictures")
    inputs: ClassVar[tuple[str, ...]] = ("silhouette", "resegmented", "appearance")
    #: Controls that it attacks too: the one that changes nothing, and the one at chance.
    controls: ClassVar[tuple[str, ...]] = ("original", "someone-else")

    def training(self, views: Views, cell: Cell, reads: str, ordinary: Features) -> Features:
        """What the recognizer learns from; the untouched gaits unless a rung says otherwise."""
        return ordinary

    def gallery(self, views: Views, cell: Cell, reads: str, ordinary: Features) -> Features:
        """Who is enrolled, and how; the untouched gaits unless a rung says otherwise."""
        return ordinary

    def restored(self, views: Views, cell: Cell, reads: str, ordinary: Features, shown: Features) -> Features:
        """What the attacker makes of the probes before he looks at them."""
        return shown

    def chosen(self, views: Views, probes: Sequence[SequenceKey]) -> NDArray[np.bool_]:
        """Which probes are attacked, bool (n,); all unless a rung draws a sample."""
        return np.ones(len(probes), dtype=bool)

    def enrolled_for(self, views: Views, cell: Cell, key: SequenceKey, ordinary: Features) -> Features:
        """The gallery that one probe is held against, as GEIs."""
        return self.gallery(views, cell, "gei", ordinary)

    def look_ahead(
        self, views: Views, cell: Cell, reads: str, ordinary: Seen, noises: Sequence[SequenceKey]
    ) -> None:
        """Have all that he learns from and enrols anonymized, drawn and painted; `noises` as in `distances`."""
        self.training(views, cell, reads, ordinary.training)
        self.gallery(views, cell, reads, ordinary.gallery)

    def distances(
        self,
        recognizers: BoundedRecognizers,
        views: Views,
        cell: Cell,
        reads: str,
        ordinary: Seen,
        shown: Features,
        noises: Sequence[SequenceKey],
    ) -> AnyDistances:
        """Distance of every shown probe to every enrolled person, or what a search in blocks leaves of it.

        Parameters
        ----------
        ordinary : Seen
            The untouched training, gallery and probe rows.
        shown : Features
            The probes as the system publishes them.
        noises : sequence of SequenceKey
            Whose noise each probe bears: its own, but for strangers in the stranger test.
        """  # fmt: skip
        training = self.training(views, cell, reads, ordinary.training)
        gallery = self.gallery(views, cell, reads, ordinary.gallery)
        probes = self.restored(views, cell, reads, ordinary.training, shown)
        return recognizers.measured(cell.attack.recognizer, training, gallery, probes)
