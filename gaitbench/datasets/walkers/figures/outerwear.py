"""Coats and skirts: tails that the thighs push, collars, hoods."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.figures.outfits import Coat, paint
from gaitbench.datasets.walkers.figures.surface import Patch, Tube, smoothstep, sweep
from gaitbench.datasets.walkers.figures.tailor import PART, Tailor, blend, radius

__all__ = ["outerwear"]

Array = NDArray[np.float64]


def _apron(
    t: Tailor, part: str, low: float, flare: float, bulk: float, top: float, color: Callable[[Patch], Array]
) -> None:
    """A coat's or dress's tail around both legs, hung on four panels that the thighs push."""
    d = t.body.dims
    hip, bd = d["hip_breadth"] / 2, d["buttock_depth"]
    hip_z = t.joints["thigh_l"][2]
    waist = 0.5 * (d["hip_breadth"] + d["waist_breadth"]) / 2
    span = hip_z - low
    stations = [
        (low, 0.0, 0.0, hip + bulk + flare, 0.46 * bd + bulk + flare, 0.50 * bd + bulk + flare),
        (
            low + 0.5 * span,
            0.0,
            0.0,
            hip + bulk + 0.5 * flare,
            0.46 * bd + bulk + 0.5 * flare,
            0.52 * bd + bulk + 0.45 * flare,
        ),
        (hip_z, 0.0, 0.0, hip + bulk + 0.004, 0.455 * bd + bulk + 0.004, 0.54 * bd + bulk + 0.004),
        (
            top,
            0.0,
            0.0,
            waist + bulk,
            0.22 * bd + 0.27 * d["waist_depth"] + bulk,
            0.20 * bd + 0.24 * d["waist_depth"] + bulk,
        ),
    ]

    def weigh(points: Array, phi: Array) -> Array:
        follow = 0.92 * smoothstep(points[:, 2], hip_z + 0.04, hip_z - 0.16)
        left = smoothstep(np.sin(phi), -0.55, 0.55)
        front = smoothstep(np.cos(phi), -0.6, 0.6)
        return np.stack(
            [
                1 - follow,
                follow * front * left,
                follow * front * (1 - left),
                follow * (1 - front) * left,
                follow * (1 - front) * (1 - left),
            ],
            axis=1,
        )

    def folds(s: Array, phi: Array) -> Array:
        return 0.005 * np.sin(6 * phi + 4 * s) * smoothstep(s, hip_z, low)

    bones = ("pelvis", "panel_fl", "panel_fr", "panel_bl", "panel_br")
    patch = sweep(Tube(stations, 2.2), t.spacing, PART[part], bones, weigh, folds)
    # The hem is open: its inside is seen from below when the legs part, so it needs points facing inwards.
    inside = patch.keep(patch.v < low + 0.12)
    lining = Patch(
        inside.points - 0.004 * inside.normals,
        -inside.normals,
        inside.part,
        inside.u,
        inside.v,
        inside.bones,
        inside.weights,
    )
    shade = color(patch)
    shade[np.abs(patch.v - low) < 0.008] *= 0.75
    t.add(patch, shade)
    t.add(lining, 0.45 * color(lining))


def outerwear(t: Tailor) -> None:
    """Add the coat's tail and collar, or the skirt."""
    if t.coat is not None:
        coat = t.coat

        def cloth(patch: Patch) -> Array:
            c = paint(coat.pattern, patch.u, patch.v)
            opening = (np.abs(patch.points[:, 1]) < 0.008) & (patch.points[:, 0] > 0)
            c[opening] *= 0.7
            return c

        _apron(t, "coat", t.coat_hem, coat.flare, coat.bulk, t.waist, cloth)
        _collar(t, coat)
    elif t.outfit.skirt:
        knee = t.joints["shank_l"][2]
        low = knee + (t.groin - knee) * (1 - t.outfit.hem)
        flare = 0.02 + 1.5 * t.outfit.loose[1]
        _apron(t, "skirt", low, flare, 0.006, t.waist, lambda p: paint(t.outfit.bottom, p.u, p.v))


def _collar(t: Tailor, coat: Coat) -> None:
    neck = radius(t.body["neck_circumference"])
    x, _, z = t.joints["neck"]
    base = np.asarray(coat.pattern.base)
    if coat.collar == "collar":
        ring = [
            (z - 0.035, x, 0.0, neck + 0.05, neck + 0.045, neck + 0.045),
            (z + 0.0, x, 0.0, neck + 0.03, neck + 0.03, neck + 0.03),
            (z + 0.05, x + 0.004, 0.0, neck + 0.022, neck + 0.028, neck + 0.024),
            (z + 0.058, x + 0.004, 0.0, neck + 0.004, neck + 0.01, neck + 0.004),
        ]
        patch = sweep(Tube(ring), t.spacing, PART["coat"], ("thorax", "neck"), blend(z + 0.06, z - 0.02))
        front = (patch.points[:, 0] > x + 0.5 * neck) & (
            np.abs(patch.points[:, 1]) < 0.6 * (patch.v - z + 0.05)
        )
        patch = patch.keep(~front)
        t.add(patch, np.clip(0.86 * base, 0, 255))
    elif coat.collar == "hood":
        bag = [
            (z - 0.13, x - 0.075, 0.0, 0.02, 0.01, 0.012),
            (z - 0.09, x - 0.08, 0.0, 0.085, 0.03, 0.04),
            (z - 0.03, x - 0.075, 0.0, 0.11, 0.04, 0.05),
            (z + 0.025, x - 0.055, 0.0, 0.10, 0.04, 0.045),
            (z + 0.055, x - 0.045, 0.0, 0.06, 0.02, 0.02),
        ]
        patch = sweep(Tube(bag, 2.3), t.spacing, PART["coat"], ("thorax",))
        t.add(patch, np.clip(0.9 * base, 0, 255))
