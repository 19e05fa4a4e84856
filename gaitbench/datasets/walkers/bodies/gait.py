"""Gait styles: a person's joint-angle curves, drawn from the measured spread between walkers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.reference import gait_table

__all__ = [
    "ASYMMETRY",
    "HARMONICS",
    "LIMB",
    "MIDLINE",
    "WALK_SCALE",
    "GaitStyle",
    "basis",
    "sample_style",
    "vary_walk",
]

#: Fourier harmonics of a curve: coefficients are [a0, c1, s1, ..., c5, s5].
HARMONICS = 5
#: Curves with one copy per side, and curves of the midline.
LIMB = (
    "thigh_flexion", "thigh_adduction", "hip_rotation", "knee_flexion", "foot_pitch",
    "shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion",
)  # fmt: skip
MIDLINE = (
    "pelvis_tilt", "pelvis_list", "pelvis_rotation", "trunk_lean", "trunk_lateral", "trunk_rotation", "head_pitch",
)  # fmt: skip
#: SD between two walks of a person as a share of the table's `sd_clips`. Several walkers' clips differ in
#: speed on purpose; the two most recorded walkers show 0.6 to 0.7 of it (`sd_of_curves` of the source).
WALK_SCALE = 0.65
#: Share of the measured difference of left and right that a walker's limbs have (ours).
ASYMMETRY = 0.7
#: z-scores are cut here: fifteen measured walkers say nothing about rarer people.
_CUT = 2.2


def basis(phase: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fourier basis (..., 11) at `phase` (cycles; 0 = right heel strike)."""
    k = np.arange(1, HARMONICS + 1)
    turn = 2 * np.pi * np.asarray(phase)[..., None] * k
    out = np.empty((*np.shape(phase), 2 * HARMONICS + 1))
    out[..., 0] = 1.0
    out[..., 1::2] = np.cos(turn)
    out[..., 2::2] = np.sin(turn)
    return out


@dataclass(frozen=True)
class GaitStyle:
    """Curves and scalars of one walker, or of one walk of a walker.

    Parameters
    ----------
    right, left : dict of str to float array (11,)
        Coefficients of the limb curves in degrees on the limb's own phase (0 = heel strike of that side).
    midline : dict of str to float array (11,)
        Coefficients of the midline curves in degrees on the right side's phase.
    stride : float
        Stride length in leg lengths.
    cadence : float
        Strides per second.
    step_width, toe_out : float
        Step width in leg lengths, toe-out in degrees.
    toe_apart : float
        By how many degrees the left foot turns out more than the right.
    """

    right: dict[str, NDArray[np.float64]]
    left: dict[str, NDArray[np.float64]]
    midline: dict[str, NDArray[np.float64]]
    stride: float
    cadence: float
    step_width: float
    toe_out: float
    toe_apart: float = 0.0

    @property
    def toes(self) -> dict[str, float]:
        """Toe-out of each foot in degrees."""
        return {"l": self.toe_out + 0.5 * self.toe_apart, "r": self.toe_out - 0.5 * self.toe_apart}


def _normal(rng: np.random.Generator, size: int | tuple[int, ...]) -> NDArray[np.float64]:
    return np.clip(rng.standard_normal(size), -_CUT, _CUT)


@lru_cache(maxsize=1)
def _spread() -> dict[str, dict[str, NDArray[np.float64]]]:
    """Per curve: mean, loadings (8, 11), residual SD and the SDs of clips, cycles and sides."""
    table = gait_table()
    components = table["between_walker_components"]["coefficients"]
    width = 2 * HARMONICS + 1
    out: dict[str, dict[str, NDArray[np.float64]]] = {}
    for name in (*LIMB, *MIDLINE):
        pooled = table["pooled_symmetric"][name]
        one = {key: np.asarray(pooled[key], dtype=np.float64) for key in pooled}
        loadings, residual = np.zeros((8, width)), np.zeros(width)
        if name in components:
            index = np.asarray(components[name]["index"])
            loadings[:, index] = components[name]["loadings"]
            residual[index] = components[name]["residual_sd"]
        else:  # shoulder rotation has no components; its spread is taken as independent
            residual = one["sd_walkers"].copy()
        out[name] = {**one, "loadings": loadings, "residual": residual}
    return out


def sample_style(rng: np.random.Generator) -> GaitStyle:
    """Draw one walker's style.

    `between_walker_components` gives the covariance of the curves, strides and cadence; the table's
    `suggested_correction` (its biased knee and thigh zeros) is applied by `motion`. Zeros that depend on the
    skeleton fit, not the person (pelvis tilt, head pitch), are replaced by small ones of ours.
    """
    spread = _spread()
    z = _normal(rng, 8)
    curves: dict[str, NDArray[np.float64]] = {}
    sides: dict[str, NDArray[np.float64]] = {}
    for name in (*LIMB, *MIDLINE):
        s = spread[name]
        curves[name] = s["mean"] + z @ s["loadings"] + s["residual"] * _normal(rng, s["residual"].size)
        sides[name] = ASYMMETRY * s["asymmetry_sd_walkers"] * _normal(rng, s["residual"].size)
    # The constants below follow the skeleton fit of the source; ours: posture of one's own.
    curves["pelvis_tilt"][0] = 0.0
    curves["head_pitch"][0] = rng.normal(4.0, 4.0)
    curves["trunk_lean"][0] += 5.6
    curves["hip_rotation"] = 0.4 * curves["hip_rotation"]
    for name in ("pelvis_list", "pelvis_rotation", "trunk_lateral", "trunk_rotation", "pelvis_tilt"):
        sides[name][0] *= 0.5
    scalars = gait_table()["between_walker_components"]["scalars"]
    drawn = {
        name: float(one["mean"] + z @ np.asarray(one["loadings"]) + one["residual_sd"] * _normal(rng, 1)[0])
        for name, one in scalars.items()
    }
    # A forbidden harmonic of the midline is its asymmetry; for limbs it is half the right-left difference.
    return GaitStyle(
        {n: curves[n] + sides[n] for n in LIMB},
        {n: curves[n] - sides[n] for n in LIMB},
        {n: curves[n] + sides[n] for n in MIDLINE},
        float(np.clip(drawn["stride_over_leg"], 1.35, 2.0)),
        float(np.clip(drawn["cadence_strides_hz"], 0.72, 1.05)),
        float(np.clip(drawn["step_width_over_leg"], 0.05, 0.2)),
        5.0 + drawn["toe_out_deg"],
    )


def vary_walk(style: GaitStyle, rng: np.random.Generator) -> GaitStyle:
    """The same walker on another walk: `WALK_SCALE` times the spread between recordings."""
    spread, scalars = _spread(), gait_table()["scalars"]

    def shift(name: str) -> NDArray[np.float64]:
        sd = spread[name]["sd_clips"]
        return WALK_SCALE * sd * _normal(rng, sd.size)

    moves = {n: shift(n) for n in LIMB}
    # Pace couples stride and cadence (faster means longer and quicker steps).
    pace = float(_normal(rng, 1)[0])
    own = _normal(rng, 3)
    stride_sd = scalars["stride_over_leg"]["sd_clips_two_most_recorded_walkers"]
    cadence_sd = scalars["cadence_strides_hz"]["sd_clips_two_most_recorded_walkers"]
    width_sd = scalars["step_width_over_leg"]["sd_clips_two_most_recorded_walkers"]
    return GaitStyle(
        {n: style.right[n] + moves[n] for n in LIMB},
        {n: style.left[n] + moves[n] for n in LIMB},
        {n: style.midline[n] + shift(n) for n in MIDLINE},
        style.stride + stride_sd * (0.8 * pace + 0.6 * float(own[0])),
        style.cadence + cadence_sd * (0.8 * pace + 0.6 * float(own[1])),
        max(0.04, style.step_width + 0.7 * width_sd * float(own[2])),
        style.toe_out,
        style.toe_apart,
    )


def cycle_noise(name: str, cycles: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Deviations (cycles, 11) of the single cycles of one walk from its mean curve, degrees."""
    sd = _spread()[name]["sd_cycles"]
    return sd * _normal(rng, (cycles, sd.size))
