"""Bags: on the back, over the shoulder, in the hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import SOLE
from gaitbench.datasets.walkers.figures.outfits import paint
from gaitbench.datasets.walkers.figures.surface import Station, Tube, sweep
from gaitbench.datasets.walkers.figures.tailor import PART, Tailor

__all__ = ["baggage"]

Array = NDArray[np.float64]


def baggage(t: Tailor) -> None:
    """Add what is carried, if anything."""
    bag, d = t.bag, t.body.dims
    if bag is None:
        return
    k = bag.size
    sign = 1.0 if bag.side == "l" else -1.0
    bulk = 0.0 if t.coat is None else t.coat.bulk
    if bag.kind == "backpack":
        acromion = d["acromial_height"] + SOLE
        z1, h, w, deep = acromion - 0.015, 0.43 * k, 0.150 * k, 0.085 * k
        x = -t.body.posture[0] - 0.46 * d["chest_depth"] - bulk - deep + 0.01
        box = _box(z1 - h, z1, x, 0.0, w, deep, 0.6)
        patch = sweep(Tube(box, 3.2), t.spacing, PART["bag"], ("thorax",))
    elif bag.kind == "shoulder":
        z1, h, w, deep = t.waist - 0.02, 0.27 * k, 0.055 * k, 0.16 * k
        y = sign * (d["hip_breadth"] / 2 + bulk + w + 0.012)
        box = _box(z1 - h, z1, -0.02, y, w, deep, 0.9)
        patch = sweep(Tube(box, 3.4), t.spacing, PART["bag"], ("pelvis", "thorax"), _constant(0.6))
    else:
        grip = t.joints[f"hand_{bag.side}"] + np.array([0.012, 0.0, -0.085])
        h, w, deep = 0.27 * k, 0.055 * k, 0.17 * k
        z1 = grip[2] - 0.10
        box = _box(z1 - h, z1, grip[0], grip[1], w, deep, 0.85)
        patch = sweep(Tube(box, 3.4), t.spacing, PART["bag"], ("bag",))
        for dx in (-0.4 * deep, 0.4 * deep):
            handle = [
                (z1 - 0.01, grip[0] + dx, grip[1], 0.009, 0.009, 0.009),
                (z1 + 0.05, grip[0] + 0.8 * dx, grip[1], 0.008, 0.008, 0.008),
                (grip[2] - 0.005, grip[0] + 0.25 * dx, grip[1], 0.009, 0.009, 0.009),
            ]
            t.add(sweep(Tube(handle), t.spacing, PART["bag"], ("bag",)), 0.7 * np.asarray(bag.pattern.base))
    color = paint(bag.pattern, patch.u, patch.v)
    middle = 0.5 * (patch.v.min() + patch.v.max())
    color[np.abs(patch.v - middle) < 0.006] *= 0.6
    color[patch.v > patch.v.max() - 0.03] *= 0.82
    t.add(patch, color)


def _box(low: float, high: float, x: float, y: float, w: float, deep: float, top: float) -> list[Station]:
    h = high - low
    return [
        (low, x, y, 0.2 * w, 0.2 * deep, 0.2 * deep),
        (low + 0.03 * h, x, y, 0.85 * w, 0.85 * deep, 0.85 * deep),
        (low + 0.12 * h, x, y, w, deep, deep),
        (low + 0.6 * h, x, y, w, deep, deep),
        (low + 0.9 * h, x, y, (0.4 + 0.6 * top) * w, top * deep, top * deep),
        (low + 0.97 * h, x, y, 0.7 * w, 0.6 * top * deep, 0.6 * top * deep),
        (high, x, y, 0.2 * w, 0.1 * deep, 0.1 * deep),
    ]


def _constant(share: float) -> Callable[[Array, Array], Array]:
    def weigh(points: Array, phi: Array) -> Array:
        return np.broadcast_to(np.array([share, 1 - share]), (len(points), 2)).copy()

    return weigh
