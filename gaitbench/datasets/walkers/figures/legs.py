"""Legs and shoes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.figures.outfits import paint
from gaitbench.datasets.walkers.figures.surface import Patch, Tube, smoothstep, sweep
from gaitbench.datasets.walkers.figures.tailor import PART, Tailor, radius

__all__ = ["leg"]

Array = NDArray[np.float64]


def leg(t: Tailor, side: str) -> None:
    """Add the leg and shoe of one side."""
    d, o = t.body.side(side), t.outfit
    sign = 1.0 if side == "l" else -1.0
    hip, knee, ankle = (t.joints[f"{n}_{side}"] for n in ("thigh", "shank", "foot"))
    rt, rl = radius(d["thigh_circumference"]), radius(d["lower_thigh_circumference"])
    rc, ra = radius(d["calf_circumference"]), radius(d["ankle_circumference"])
    thigh, shank = t.groin - knee[2], knee[2] - ankle[2]
    outer = d["hip_breadth"] / 2 - 0.94 * rt
    shift = sign * outer - hip[1]
    end = knee[2] + thigh * (1 - o.hem) if o.hem <= 1 else knee[2] - shank * (o.hem - 1)
    air, cover = o.loose[1], not o.skirt
    raw = [
        (ankle[2] - 0.02, -0.004, 0.0, 0.95 * ra, 1.1 * ra),
        (ankle[2] + 0.03, -0.006, 0.0, 0.92 * ra, 1.08 * ra),
        (ankle[2] + 0.30 * shank, -0.008, 0.0, 0.66 * rc + 0.2 * ra, 0.72 * rc + 0.2 * ra),
        (knee[2] - 0.30 * shank, -0.014, 0.0, 0.97 * rc, 1.03 * rc),
        (knee[2] - 0.12 * shank, -0.008, 0.0, 0.9 * rc, 0.97 * rc),
        (knee[2], 0.002, 0.0, 0.90 * rl, 0.95 * rl),
        (knee[2] + 0.20 * thigh, 0.004, 0.1, rl, 1.03 * rl),
        (knee[2] + 0.55 * thigh, 0.003, 0.45, 0.45 * rl + 0.52 * rt, 0.45 * rl + 0.58 * rt),
        (t.groin - 0.02, 0.0, 1.0, 0.93 * rt, 1.06 * rt),
        (t.groin + 0.4 * (hip[2] - t.groin), -0.004, 1.0, 0.92 * rt, 1.02 * rt),
        (hip[2] + 0.03, 0.0, 1.0, 0.80 * rt, 0.86 * rt),
        (hip[2] + 0.075, 0.0, 1.0, 0.3 * rt, 0.3 * rt),
    ]
    stations = []
    for z, cx, share, a, b in raw:
        flare = 1.0 + 1.3 * float(smoothstep(np.array(z), knee[2] + 0.05, ankle[2] + 0.03))
        extra = air * flare if (z > end and cover) else 0.0
        stations.append((z, hip[0] + cx + 0.004, hip[1] + share * shift, a + extra, b + extra, b + extra))
    if cover:
        table = np.asarray(stations)
        for z, wide in ((end + 0.006, True), (end - 0.006, False)):
            row = [float(np.interp(z, table[:, 0], table[:, i])) for i in range(1, 6)]
            bare = [float(np.interp(z, [r[0] for r in raw], [r[i] for r in raw])) for i in (3, 4)]
            extra = (
                air * (1.0 + 1.3 * float(smoothstep(np.array(z), knee[2] + 0.05, ankle[2] + 0.03)))
                if wide
                else 0.0
            )
            stations.append((z, row[0], row[1], bare[0] + extra, bare[1] + extra, bare[1] + extra))
        stations.sort()

    def weigh(points: Array, phi: Array) -> Array:
        z = points[:, 2]
        low = smoothstep(z, knee[2] + 0.05, knee[2] - 0.05)
        high = 0.75 * smoothstep(z, t.groin + 0.01, hip[2] + 0.075)
        foot = 0.6 * smoothstep(z, ankle[2] + 0.05, ankle[2] - 0.02)
        return np.stack([high, (1 - high) * (1 - low), low * (1 - foot), low * foot], axis=1)

    def folds(s: Array, phi: Array) -> Array:
        ridge: Array = 0.0011 * np.sin(2 * phi + 61 * s + 2 * np.sin(phi + 19 * s)) * (s > end) * cover
        return ridge

    bones = ("pelvis", f"thigh_{side}", f"shank_{side}", f"foot_{side}")
    patch = sweep(Tube(stations), t.spacing, PART[f"thigh_{side}"], bones, weigh, folds)
    z = patch.v
    cloth = paint(o.bottom, patch.u, patch.v)
    skin = np.broadcast_to(np.asarray(o.skin), cloth.shape).copy()
    if o.boots:
        skin[z < ankle[2] + 0.3 * shank] = np.asarray(o.shoes)
    else:
        skin[z < ankle[2] + 0.07] = 0.5 * np.asarray(o.sole) + 40
    color = np.where((z > end)[:, None] & cover, cloth, skin)
    visible = np.ones(len(z), dtype=bool)
    if t.coat is not None:
        visible = z < t.coat_hem + 0.07
    elif o.skirt:
        visible = z < end + 0.07
    upper = z > knee[2]
    t.add(patch.keep(visible & upper), color[visible & upper])
    low = patch.keep(visible & ~upper)
    t.add(
        Patch(low.points, low.normals, PART[f"shank_{side}"], low.u, low.v, low.bones, low.weights),
        color[visible & ~upper],
    )
    _shoe(t, side, ankle)


def _shoe(t: Tailor, side: str, ankle: Array) -> None:
    d, o = t.body.side(side), t.outfit
    n, w = d["foot_length"], 0.5 * d["foot_breadth"] + 0.004
    x, y, top = ankle[0], ankle[1], ankle[2] + 0.012

    def at(share: float, half: float, high: float) -> tuple[float, float, float, float, float, float]:
        # The sole is flat: the section reaches down to the floor whatever its height.
        mid = 0.38 * high
        return (x + share * n, mid, y, half * w, high - mid, mid - 0.001)

    stations = [
        at(-0.275, 0.12, 0.045),
        at(-0.262, 0.48, 0.068),
        at(-0.21, 0.70, 0.9 * top),
        at(-0.09, 0.74, top),
        at(0.06, 0.76, 0.96 * top),
        at(0.20, 0.84, 0.79 * top),
        at(0.36, 0.97, 0.60 * top),
        at(0.50, 1.02, 0.056),
        at(0.64, 0.88, 0.046),
        at(0.74, 0.60, 0.038),
        at(0.775, 0.20, 0.028),
    ]
    ball = t.joints[f"toes_{side}"][0]

    def weigh(points: Array, phi: Array) -> Array:
        toe = smoothstep(points[:, 0], ball - 0.025, ball + 0.025)
        shin = 0.5 * smoothstep(points[:, 2], ankle[2] - 0.015, ankle[2] + 0.015)
        return np.stack([(1 - toe) * (1 - shin), toe, (1 - toe) * shin], axis=1)

    bones = (f"foot_{side}", f"toes_{side}", f"shank_{side}")
    tube = Tube([(s, z, y0, a, up, down) for s, z, y0, a, up, down in stations], 2.7, "x")
    patch = sweep(tube, t.spacing, PART[f"foot_{side}"], bones, weigh)
    color = np.broadcast_to(np.asarray(o.shoes), (len(patch.points), 3)).copy()
    color[patch.points[:, 2] < 0.020] = np.asarray(o.sole)
    t.add(patch, color)
