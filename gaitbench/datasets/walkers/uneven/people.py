"""The people of `Walkers`, uneven: sides that differ, and clothes that hang otherwise on every walk."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import WALKS
from gaitbench.datasets.walkers.bodies.body import Body
from gaitbench.datasets.walkers.bodies.gait import ASYMMETRY, LIMB, GaitStyle
from gaitbench.datasets.walkers.cameras.raster import SPACING
from gaitbench.datasets.walkers.figures.figure import Figure, build_figure
from gaitbench.datasets.walkers.figures.outfits import Coat, Outfit
from gaitbench.datasets.walkers.people import Cast, cast_of
from gaitbench.datasets.walkers.single_thread import one_thread
from gaitbench.datasets.walkers.uneven.amounts import Amounts

__all__ = ["UnevenCast", "uneven_body", "uneven_cast", "uneven_style"]

GIRTHS = (
    "biceps_circumference_flexed", "forearm_circumference_flexed", "wrist_circumference", "thigh_circumference",
    "lower_thigh_circumference", "calf_circumference", "ankle_circumference",
)  # fmt: skip
LENGTHS = ("upper_arm_length", "forearm_length", "hand_length", "foot_length", "knee_height_midpatella")
#: z-scores are cut here, as those of gaits.
_CUT = 2.2
#: The pose takes this share of the pelvis' list.
_LIST = 0.4
_PURPOSES, _UNEVEN = ("body", "style", "hang"), 3  # tell these random numbers from those of `Walkers`


def _normal(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    return np.clip(rng.standard_normal(size), -_CUT, _CUT)


def uneven_body(body: Body, rng: np.random.Generator, amounts: Amounts) -> Body:
    """The same body with sides that differ; the mean of both is what it was."""
    girths = amounts.girth * _normal(rng, len(GIRTHS))
    lengths = amounts.length * _normal(rng, len(LENGTHS))
    shoulder = amounts.shoulders * float(_normal(rng, 1)[0]) / body["acromial_height"]
    sides = {**dict(zip(GIRTHS, girths, strict=True)), **dict(zip(LENGTHS, lengths, strict=True))}
    return replace(body, apart={**{n: float(v) for n, v in sides.items()}, "acromial_height": shoulder})


def uneven_style(style: GaitStyle, body: Body, rng: np.random.Generator, amounts: Amounts) -> GaitStyle:
    """The same gait with all of the measured difference of its limbs, and with a posture of one's own."""
    more = amounts.limbs / ASYMMETRY
    swing, leg, lean, turn, toes = _normal(rng, 5).tolist()
    right, left = {}, {}
    for name in LIMB:
        mean, half = (
            0.5 * (style.right[name] + style.left[name]),
            0.5 * (style.right[name] - style.left[name]),
        )
        right[name], left[name] = mean + more * half, mean - more * half
    by = 0.5 * (amounts.arm_swing_mean + amounts.arm_swing * swing)
    for name in ("shoulder_flexion", "elbow_flexion"):
        for side, sign in ((left, 1.0), (right, -1.0)):
            side[name][1:] *= np.exp(sign * by)
    midline = {name: curve.copy() for name, curve in style.midline.items()}
    hips = 0.5 * body["hip_breadth"]
    midline["pelvis_list"][0] += np.degrees(amounts.legs * leg / hips) / _LIST
    midline["trunk_lateral"][0] += amounts.lean * lean
    midline["trunk_rotation"][0] += amounts.turn * turn
    return replace(style, right=right, left=left, midline=midline, toe_apart=amounts.toes * toes)


class UnevenCast(Cast):
    """The people of a cast, uneven.

    Parameters
    ----------
    even : Cast
    amounts : Amounts
    """

    def __init__(self, even: Cast, amounts: Amounts) -> None:
        super().__init__(even.seed, even.length, even.fps)
        self.even, self.amounts = even, amounts

    def _own(self, purpose: str, subject: str, walk: str = "") -> np.random.Generator:
        """Random numbers that `Walkers` have none of."""
        walk_number = WALKS.index(walk) if walk else len(WALKS)
        entropy = (self.seed, int(subject), walk_number, 0, _PURPOSES.index(purpose), _UNEVEN)
        return np.random.default_rng(np.random.SeedSequence(entropy))

    def _make_person(self, subject: str) -> tuple[Body, GaitStyle, Outfit, Coat]:
        body, style, outfit, coat = self.even.person(subject)
        return (
            uneven_body(body, self._own("body", subject), self.amounts),
            uneven_style(style, body, self._own("style", subject), self.amounts),
            outfit,
            coat,
        )

    def figure(self, subject: str, walk: str, body: str, near: bool) -> Figure:
        """`body` in the clothes of `subject` as they hang on this very walk, sampled finely or coarsely."""
        return self._figure(subject, walk, body, near)

    @one_thread
    def _make_figure(self, subject: str, walk: str, body: str, near: bool) -> Figure:
        _, _, outfit, coat = self.person(subject)
        top, bottom, hair = _normal(self._own("hang", subject, walk), 3).tolist()
        loose = tuple(
            max(0.0, own + self.amounts.cloth * z) for own, z in zip(outfit.loose, (top, bottom), strict=True)
        )
        build = self.person(body)[0]
        volume = float(np.clip(build.hair_volume * np.exp(self.amounts.hair * hair), 0.65, 1.45))
        return build_figure(
            replace(build, hair_volume=volume), replace(outfit, loose=loose), coat if walk.startswith("cl") else None,
            self.bag(subject, walk), SPACING[near],
        )  # fmt: skip


@lru_cache(maxsize=4)
def uneven_cast(seed: int, length: int, fps: float, amounts: Amounts) -> UnevenCast:
    """The cast of a data set, the same object for equal parameters."""
    return UnevenCast(cast_of(seed, length, fps), amounts)
