"""What weeks do to a person: weight, shoes and posture, clothes, the mood of the walk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import Body
from gaitbench.datasets.walkers.bodies.gait import LIMB, MIDLINE, GaitStyle
from gaitbench.datasets.walkers.bodies.reference import gait_table
from gaitbench.datasets.walkers.figures.outfits import Outfit, sample_outfit
from gaitbench.datasets.walkers.second_session.amounts import Amounts

__all__ = ["later_body", "later_outfit", "later_style"]

#: What moves with the sole under it.
HEIGHTS = (
    "stature", "cervicale_height", "acromial_height", "trochanterion_height", "crotch_height",
    "knee_height_midpatella", "lateral_malleolus_height", "waist_height_omphalion",
)  # fmt: skip
#: What follows the weight: a body of one height has a cross-section in proportion to it.
SOFT = (
    "chest_depth", "waist_breadth", "waist_depth", "hip_breadth", "buttock_depth", "neck_circumference",
    "biceps_circumference_flexed", "forearm_circumference_flexed", "thigh_circumference",
    "lower_thigh_circumference", "calf_circumference",
)  # fmt: skip
#: z-scores are cut here: nobody gains eight centimetres of heel.
_CUT = 2.2


def _normal(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    return np.clip(rng.standard_normal(size), -_CUT, _CUT)


def later_body(body: Body, rng: np.random.Generator, amounts: Amounts) -> Body:
    """The same body weeks later, in other shoes and another posture; bones and the kind of hair stay."""
    dims = dict(body.dims)
    weight, sole, hair, *posture = _normal(rng, 6).tolist()
    grown = 1.0 + amounts.weight * weight
    dims["weight"] *= grown
    for name in SOFT:
        dims[name] *= float(np.sqrt(grown))
    # The thinnest sole that there is lies under the foot already.
    lift = max(amounts.shoes * sole, -0.015)
    for name in HEIGHTS:
        dims[name] += lift
    dims["foot_length"] += 2.0 * lift
    moved = [own + amounts.posture * z for own, z in zip(body.posture, posture, strict=True)]
    volume = float(np.clip(body.hair_volume * (1.0 + amounts.hair * hair), 0.65, 1.45))
    return replace(body, dims=dims, posture=(moved[0], moved[1], moved[2]), hair_volume=volume)


def later_outfit(outfit: Outfit, sex: str, rng: np.random.Generator, amounts: Amounts) -> Outfit:
    """Other clothes and shoes in the same skin and hair; how much they stand off is another season's."""
    other = sample_outfit(rng, sex)
    top, bottom = amounts.layers * rng.random(2)
    loose = (other.loose[0] + float(top), other.loose[1] + float(bottom))
    return replace(other, skin=outfit.skin, hair=outfit.hair, loose=loose)


def later_style(style: GaitStyle, rng: np.random.Generator, amounts: Amounts) -> GaitStyle:
    """The same walker in another mood: one shift for all walks of the session, which vary about it as ever."""
    table = gait_table()
    spread, scalars = table["pooled_symmetric"], table["scalars"]

    def shift(name: str) -> NDArray[np.float64]:
        sd = np.asarray(spread[name]["sd_clips"], dtype=np.float64)
        return amounts.curves * sd * _normal(rng, sd.size)

    moves = {name: shift(name) for name in (*LIMB, *MIDLINE)}
    pace, lean, head, arms = _normal(rng, 4).tolist()
    moves["trunk_lean"][0] += amounts.lean * lean
    moves["head_pitch"][0] += amounts.head * head
    swing = float(np.exp(amounts.arms * arms))

    def limb(side: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        out = {name: side[name] + moves[name] for name in LIMB}
        for name in ("shoulder_flexion", "elbow_flexion"):
            out[name][1:] *= swing
        return out

    def at_pace(name: str, value: float, low: float, high: float) -> float:
        sd = scalars[name]["sd_clips_two_most_recorded_walkers"]
        return float(np.clip(value + amounts.mood * sd * pace, low, high))

    return GaitStyle(
        limb(style.right),
        limb(style.left),
        {name: style.midline[name] + moves[name] for name in MIDLINE},
        at_pace("stride_over_leg", style.stride, 1.3, 2.05),
        at_pace("cadence_strides_hz", style.cadence, 0.68, 1.1),
        style.step_width,
        style.toe_out,
    )
