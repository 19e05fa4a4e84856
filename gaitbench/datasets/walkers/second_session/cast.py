"""Who walks in the second session: the people of the first, changed, and a cast that knows both sessions."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gaitbench.datasets.sequence import WALKS
from gaitbench.datasets.walkers.bodies.body import Body
from gaitbench.datasets.walkers.bodies.gait import GaitStyle
from gaitbench.datasets.walkers.bodies.motion import Motion
from gaitbench.datasets.walkers.figures.figure import Figure
from gaitbench.datasets.walkers.figures.outfits import Bag, Coat, Outfit, sample_coat
from gaitbench.datasets.walkers.people import SHARED_PURPOSES, Cast, cast_of
from gaitbench.datasets.walkers.second_session.amounts import Amounts, first_walk
from gaitbench.datasets.walkers.second_session.changes import later_body, later_outfit, later_style

__all__ = ["BothCasts", "LaterCast", "both_casts"]

#: One generator each; none depends on another, nor on those of the first session.
_PURPOSES = (*SHARED_PURPOSES, "light")
_SESSION = 2


class LaterCast(Cast):
    """The people of the first session weeks later; walks are named without their session.

    Parameters
    ----------
    first : Cast
    amounts : Amounts
    """

    def __init__(self, first: Cast, amounts: Amounts) -> None:
        super().__init__(first.seed, first.length, first.fps)
        self.first, self.amounts = first, amounts

    def rng(self, purpose: str, subject: str, walk: str = "", angle: int = -1) -> np.random.Generator:
        """The random numbers of one purpose: no draw depends on another."""
        walk_number = WALKS.index(walk) if walk else len(WALKS)
        # one number more than in the first session
        entropy = (self.seed, int(subject), walk_number, angle + 1, _PURPOSES.index(purpose), _SESSION)
        return np.random.default_rng(np.random.SeedSequence(entropy))

    def _make_person(self, subject: str) -> tuple[Body, GaitStyle, Outfit, Coat]:
        body, style, outfit, _ = self.first.person(subject)
        return (
            later_body(body, self.rng("body", subject), self.amounts),
            later_style(style, self.rng("style", subject), self.amounts),
            later_outfit(outfit, body.sex, self.rng("outfit", subject), self.amounts),
            sample_coat(self.rng("coat", subject)),
        )


class BothCasts(Cast):
    """The casts of two sessions as one: a walk says by its name which it is of.

    Parameters
    ----------
    first, later : Cast
    """

    def __init__(self, first: Cast, later: Cast) -> None:
        super().__init__(first.seed, first.length, first.fps)
        self.first, self.later = first, later

    def of(self, walk: str) -> tuple[Cast, str]:
        """The cast of a walk, and the walk as that cast names it."""
        later, plain = first_walk(walk)
        return (self.later if later else self.first), plain

    def rng(self, purpose: str, subject: str, walk: str = "", angle: int = -1) -> np.random.Generator:
        """The random numbers of one purpose, in the session of `walk`."""
        cast, plain = self.of(walk)
        return cast.rng(purpose, subject, plain, angle)

    def bag(self, subject: str, walk: str) -> Bag | None:
        """What `subject` carries on `walk`."""
        cast, plain = self.of(walk)
        return cast.bag(subject, plain)

    def figure(self, subject: str, walk: str, body: str, near: bool) -> Figure:
        """`body` in the clothes of `subject` on `walk`, sampled finely or coarsely."""
        cast, plain = self.of(walk)
        return cast.figure(subject, plain, body, near)

    def _make_person(self, subject: str) -> tuple[Body, GaitStyle, Outfit, Coat]:
        """Who somebody is: in the first session."""
        return self.first.person(subject)

    def _make_motion(self, subject: str, walk: str, body: str) -> Motion:
        cast, plain = self.of(walk)
        return cast.motion(subject, plain, body)


@lru_cache(maxsize=4)
def both_casts(seed: int, length: int, fps: float, amounts: Amounts) -> BothCasts:
    """The casts of a data set of two sessions, the same object for equal parameters."""
    first = cast_of(seed, length, fps)
    return BothCasts(first, LaterCast(first, amounts))
