"""Trunk: hips, waist, chest and shoulders as one tube, with the top, the trousers' seat and the straps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import SOLE
from gaitbench.datasets.walkers.figures.outfits import paint
from gaitbench.datasets.walkers.figures.surface import Patch, Tube, smoothstep, sweep
from gaitbench.datasets.walkers.figures.tailor import PART, Tailor, radius

__all__ = ["trunk"]

Array = NDArray[np.float64]


def trunk(t: Tailor) -> None:
    """Add the trunk with what covers it."""
    b, d, o = t.body, t.body.dims, t.outfit
    air, low_air = t.air, o.loose[1] if t.coat is None else t.coat.bulk
    hip, hip_z = d["hip_breadth"] / 2, d["trochanterion_height"] + SOLE
    acromion = d["acromial_height"] + SOLE - 0.6 * b.posture[2]
    chest_z = acromion - 0.115 * d["stature"]
    neck_z = d["cervicale_height"] + SOLE
    neck = radius(d["neck_circumference"])
    back = -b.posture[0]
    waist, wd, cd, bd = d["waist_breadth"] / 2, d["waist_depth"], d["chest_depth"], d["buttock_depth"]
    female = b.sex == "female"
    pinch = 0.93 if female else 0.975
    chest = d["chest_breadth"] / 2
    shoulder = d["biacromial_breadth"] / 2
    collar = 0.006 if t.coat is None else 0.012
    mid = 0.5 * (t.waist + chest_z)
    stations = [
        (t.groin - 0.035, 0.0, 0.0, 0.35 * hip, 0.22 * bd, 0.25 * bd),
        (t.groin + 0.01, 0.0, 0.0, 0.72 * hip, 0.36 * bd, 0.46 * bd),
        (0.5 * (t.groin + hip_z) + 0.01, 0.0, 0.0, 0.95 * hip + low_air, 0.43 * bd, 0.555 * bd + low_air),
        (hip_z + 0.02, 0.0, 0.0, hip + low_air, 0.45 * bd + low_air, 0.53 * bd + low_air),
        (0.45 * hip_z + 0.55 * t.waist, 0.0, 0.0, 0.55 * hip + 0.45 * waist + low_air,
         0.27 * bd + 0.25 * wd + low_air, 0.2 * bd + 0.24 * wd + low_air),
        (t.waist, 0.0, 0.0, waist + air, 0.54 * wd + air, 0.44 * wd + air),
        (mid, 0.3 * back, 0.0, (0.45 * waist + 0.55 * chest) * pinch + air,
         0.26 * wd + 0.27 * cd + air, 0.22 * wd + 0.24 * cd + air),
        (chest_z, 0.6 * back, 0.0, chest + air, (0.57 if female else 0.53) * cd + air, 0.45 * cd + air),
        (acromion - 0.09, back, 0.0, 1.03 * chest + 0.2 * (shoulder - chest) + air, 0.42 * cd + air,
         0.46 * cd + air),
        (acromion - 0.035, 1.1 * back, 0.0, 0.90 * shoulder + 0.5 * air, 0.30 * cd + air, 0.42 * cd + air),
        (acromion + 0.004, 1.2 * back - 0.008, 0.0, 0.70 * shoulder + 0.3 * air, 0.22 * cd + air,
         0.32 * cd + air),
        (0.5 * acromion + 0.5 * neck_z, 1.2 * back - 0.014, 0.0, 0.55 * neck + 0.34 * shoulder + collar,
         1.05 * neck + collar, 0.25 * cd + collar),
        (neck_z + 0.008, back - 0.014, 0.0, 1.06 * neck + collar, 1.08 * neck + collar, 1.1 * neck + collar),
    ]  # fmt: skip
    z_low, z_high = hip_z + 0.05, chest_z - 0.02

    def weigh(points: Array, phi: Array) -> Array:
        z, y = points[:, 2], points[:, 1]
        upper = smoothstep(z, z_low, z_high)
        leg = 0.42 * smoothstep(z, hip_z + 0.04, t.groin - 0.01)
        left = smoothstep(y, -0.06, 0.06)
        arm = 0.3 * smoothstep(np.abs(y), 0.72 * shoulder, shoulder) * smoothstep(z, chest_z, acromion - 0.05)
        return np.stack(
            [(1 - upper) * (1 - leg), upper * (1 - arm), (1 - upper) * leg * left,
             (1 - upper) * leg * (1 - left), upper * arm * (y > 0), upper * arm * (y <= 0)], axis=1,
        )  # fmt: skip

    def folds(s: Array, phi: Array) -> Array:
        ridge = 0.0022 * np.sin(2 * phi + 42 * s + 1.5 * np.sin(3 * phi)) * smoothstep(s, chest_z, t.waist)
        bust = 0.0 * s
        if female:
            bust = (
                0.020
                * np.exp(-(((s - chest_z) / 0.05) ** 2))
                * (np.exp(-(((phi - 0.5) / 0.38) ** 2)) + np.exp(-(((phi + 0.5) / 0.38) ** 2)))
            )
        blades = (
            0.006
            * np.exp(-(((s - acromion + 0.12) / 0.07) ** 2))
            * np.exp(-(((np.abs(phi) - 2.6) / 0.3) ** 2))
        )
        return ridge + bust + blades

    bones = ("pelvis", "thorax", "thigh_l", "thigh_r", "upperarm_l", "upperarm_r")
    patch = sweep(Tube(stations, 2.25), t.spacing, PART["torso"], bones, weigh, folds)
    z = patch.v
    tail = t.waist - o.shirt_tail
    if t.coat is not None:
        top = paint(t.coat.pattern, patch.u, patch.v)
        front = np.abs(patch.points[:, 1]) < 0.008
        top[front & (patch.points[:, 0] > 0)] *= 0.72
        if t.coat.collar == "plain":
            vee = (patch.points[:, 0] > 0) & (np.abs(patch.points[:, 1]) < 0.45 * (z - acromion + 0.13))
            top[vee] = paint(o.top, patch.u, patch.v)[vee]
    else:
        top = paint(o.top, patch.u, patch.v)
        top[np.abs(z - tail) < 0.006] *= 0.7
    bottom = paint(o.bottom, patch.u, patch.v)
    layers = [(np.ones(len(z), dtype=bool), bottom), (z > tail if t.coat is None else z > 0, top)]
    if t.coat is None:
        # The neckline: a ring about the neck, lower in front.
        x, y = patch.points[:, 0] - stations[-1][1], patch.points[:, 1]
        open_front = np.clip((x + neck) / (2 * neck), 0.0, 1.0)
        bare = (z > neck_z + 0.004 - 0.072 * open_front) & (np.hypot(0.8 * x, y) < 1.42 * neck)
        layers.append((bare, np.asarray(o.skin) * 0.95))
    if t.bag is not None and t.bag.kind in ("backpack", "shoulder"):
        layers.append((_strap(t, patch, chest_z, acromion), np.asarray(t.bag.pattern.base) * 0.8))
    t.split(patch, *layers)


def _strap(t: Tailor, patch: Patch, chest_z: float, acromion: float) -> NDArray[np.bool_]:
    y, z, x = patch.points[:, 1], patch.points[:, 2], patch.points[:, 0]
    assert t.bag is not None
    if t.bag.kind == "backpack":
        at = 0.6 * t.body["chest_breadth"] / 2
        return (np.abs(np.abs(y) - at) < 0.024) & (z > chest_z - 0.13) & (x > -0.05)
    sign = 1.0 if t.bag.side == "l" else -1.0
    share = (z - t.waist) / (acromion - t.waist)
    centre = sign * (0.17 - 0.27 * share)
    return (np.abs(y - centre) < 0.026) & (z > t.waist - 0.06)
