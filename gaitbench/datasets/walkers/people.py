"""Who walks: people, their walks and their dressed figures, all drawn from the seed and kept while they are in use.

The walks of a person share the person and most figures, and a process that renders many walks gets them in
pieces; therefore the casts are kept per process and not per data set object.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gaitbench.datasets.sequence import WALKS
from gaitbench.datasets.walkers.bodies.body import Body, sample_body
from gaitbench.datasets.walkers.bodies.gait import GaitStyle, sample_style, vary_walk
from gaitbench.datasets.walkers.bodies.motion import Motion, sample_course, walk_motion
from gaitbench.datasets.walkers.cameras.raster import SPACING
from gaitbench.datasets.walkers.figures.figure import Figure, build_figure
from gaitbench.datasets.walkers.figures.outfits import (
    Bag,
    Coat,
    Outfit,
    sample_bag,
    sample_coat,
    sample_outfit,
)
from gaitbench.datasets.walkers.single_thread import one_thread

__all__ = ["SHARED_PURPOSES", "Cast", "cast_of"]

#: What is drawn, one generator each, in the first session and in the second.
SHARED_PURPOSES = (
    "body",
    "style",
    "outfit",
    "coat",
    "bag",
    "walk",
    "course",
    "cycles",
    "scene",
    "film",
    "drops",
)
_PURPOSES = (*SHARED_PURPOSES, "cctv")


class Cast:
    """The people of one seed, on walks of one length and frame rate.

    Parameters
    ----------
    seed, length, fps
        As in `Walkers`.
    """

    def __init__(self, seed: int, length: int, fps: float) -> None:
        self.seed, self.length, self.fps = seed, length, fps
        # Sizes: a person and the body that stands in for it, near and far, on the walks of two subjects.
        self.person = lru_cache(maxsize=16)(self._make_person)
        self.motion = lru_cache(maxsize=8)(self._make_motion)
        self._figure = lru_cache(maxsize=12)(self._make_figure)

    def rng(self, purpose: str, subject: str, walk: str = "", angle: int = -1) -> np.random.Generator:
        """The random numbers of one purpose: no draw depends on another."""
        walk_number = WALKS.index(walk) if walk else len(WALKS)
        entropy = (self.seed, int(subject), walk_number, angle + 1, _PURPOSES.index(purpose))
        return np.random.default_rng(np.random.SeedSequence(entropy))

    @one_thread
    def _make_person(self, subject: str) -> tuple[Body, GaitStyle, Outfit, Coat]:
        body = sample_body(self.rng("body", subject))
        return (
            body,
            sample_style(self.rng("style", subject)),
            sample_outfit(self.rng("outfit", subject), body.sex),
            sample_coat(self.rng("coat", subject)),
        )

    def bag(self, subject: str, walk: str) -> Bag | None:
        """What `subject` carries on `walk`."""
        return sample_bag(self.rng("bag", subject, walk)) if walk.startswith("bg") else None

    @one_thread
    def _make_motion(self, subject: str, walk: str, body: str) -> Motion:
        person, style = self.person(body)[:2]
        coat = self.person(subject)[3]
        bag = self.bag(subject, walk)
        carry = ""
        if bag is not None:
            carry = {"handbag": f"hand_{bag.side}", "shoulder": f"shoulder_{bag.side}", "backpack": "back"}[
                bag.kind
            ]
        return walk_motion(
            person,
            vary_walk(style, self.rng("walk", body, walk)),
            sample_course(self.rng("course", subject, walk)),
            self.rng("cycles", body, walk),
            self.length,
            self.fps,
            carry,
            coat.bulk + 0.3 * coat.flare if walk.startswith("cl") else 0.0,
        )

    def figure(self, subject: str, walk: str, body: str, near: bool) -> Figure:
        """`body` in the clothes of `subject` on `walk`, sampled finely or coarsely.

        The six normal walks share one figure; so do the two in a coat.
        """
        return self._figure(subject, walk if walk.startswith("bg") else walk[:2], body, near)

    @one_thread
    def _make_figure(self, subject: str, walk: str, body: str, near: bool) -> Figure:
        _, _, outfit, coat = self.person(subject)
        worn = coat if walk == "cl" else None
        return build_figure(self.person(body)[0], outfit, worn, self.bag(subject, walk), SPACING[near])


@lru_cache(maxsize=4)
def cast_of(seed: int, length: int, fps: float) -> Cast:
    """The cast of a data set, the same object for equal parameters."""
    return Cast(seed, length, fps)
