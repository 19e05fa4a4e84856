"""Neck, head, face and hair."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.figures.outfits import paint
from gaitbench.datasets.walkers.figures.surface import Patch, Station, Tube, smoothstep, sweep
from gaitbench.datasets.walkers.figures.tailor import PART, Tailor, blend, radius

__all__ = ["head"]

Array = NDArray[np.float64]


def head(t: Tailor) -> None:
    """Add neck, scarf, head and hair."""
    d, o = t.body.dims, t.outfit
    top, hb, hl = t.crown, d["head_breadth"] / 2, d["head_length"]
    chin = top - (d["menton_sellion_length"] + 0.112)
    neck = radius(d["neck_circumference"])
    joint = t.joints["neck"]
    c = t.joints["head"][0]
    stations = [
        (joint[2] - 0.03, joint[0], 0.0, neck, neck, neck),
        (joint[2] + 0.03, 0.7 * joint[0] + 0.3 * c, 0.0, 0.98 * neck, neck, neck),
        (chin + 0.02, 0.3 * joint[0] + 0.7 * c - 0.008, 0.0, 0.97 * neck, 1.0 * neck, 0.98 * neck),
    ]
    column = sweep(
        Tube(stations), t.spacing, PART["neck"], ("thorax", "neck", "head"), _neck_weights(joint, chin)
    )
    scarf = t.coat.scarf if t.coat is not None else None
    skin = np.asarray(o.skin)
    t.add(column, 0.90 * skin)
    if scarf is not None:
        ring = [
            (joint[2] - 0.02, joint[0], 0.0, neck + 0.012, neck + 0.012, neck + 0.012),
            (joint[2] + 0.01, joint[0], 0.0, neck + 0.034, neck + 0.036, neck + 0.03),
            (joint[2] + 0.05, joint[0] + 0.004, 0.0, neck + 0.03, neck + 0.032, neck + 0.028),
            (joint[2] + 0.068, joint[0] + 0.006, 0.0, neck + 0.008, neck + 0.01, neck + 0.008),
        ]
        shawl = sweep(
            Tube(ring), t.spacing, PART["neck"], ("thorax", "neck"), blend(joint[2] + 0.05, joint[2])
        )
        t.add(shawl, paint(scarf, shawl.u, shawl.v))
    face: list[Station] = [
        (chin - 0.008, c + 0.022, 0.0, 0.25 * hb, 0.16 * hl, 0.10 * hl),
        (chin + 0.006, c + 0.012, 0.0, 0.52 * hb, 0.36 * hl, 0.22 * hl),
        (chin + 0.040, c + 0.004, 0.0, 0.76 * hb, 0.45 * hl, 0.32 * hl),
        (chin + 0.085, c, 0.0, 0.92 * hb, 0.475 * hl, 0.45 * hl),
        (top - 0.105, c, 0.0, 0.99 * hb, 0.485 * hl, 0.51 * hl),
        (top - 0.070, c, 0.0, 1.00 * hb, 0.47 * hl, 0.515 * hl),
        (top - 0.035, c - 0.002, 0.0, 0.86 * hb, 0.395 * hl, 0.45 * hl),
        (top - 0.012, c - 0.006, 0.0, 0.56 * hb, 0.26 * hl, 0.30 * hl),
        (top, c - 0.01, 0.0, 0.05 * hb, 0.02 * hl, 0.02 * hl),
    ]
    nose_z = chin + 0.075

    def nose(s: Array, phi: Array) -> Array:
        ridge = 0.021 * np.exp(-(((s - nose_z) / 0.014) ** 2)) * np.exp(-((phi / 0.16) ** 2))
        ears = (
            0.014
            * np.exp(-(((s - nose_z - 0.012) / 0.024) ** 2))
            * np.exp(-(((np.abs(phi) - 1.72) / 0.10) ** 2))
        )
        return ridge + ears

    skull = sweep(Tube(face, 2.1), t.spacing, PART["head"], ("head",), None, nose)
    phi = np.arctan2(skull.points[:, 1], skull.points[:, 0] - c)
    z = skull.v
    colors = np.broadcast_to(skin, (len(z), 3)).copy()
    a = np.abs(phi)
    colors[(np.abs(z - chin - 0.037) < 0.007) & (a < 0.30)] = 0.55 * skin + np.array([60.0, 10, 14])
    colors[(np.abs(z - chin - 0.112) < 0.006) & (np.abs(a - 0.37) < 0.12)] = 0.42 * skin
    colors[(np.abs(z - chin - 0.132) < 0.005) & (np.abs(a - 0.38) < 0.22)] = (
        0.45 * np.asarray(o.hair) + 0.4 * skin
    )
    t.add(skull, colors)
    _hair(t, face, c, chin, top, hb, hl)


def _neck_weights(joint: Array, chin: float) -> Callable[[Array, Array], Array]:
    def weigh(points: Array, phi: Array) -> Array:
        z = points[:, 2]
        low = smoothstep(z, joint[2] + 0.02, joint[2] - 0.02)
        high = smoothstep(z, chin - 0.02, chin + 0.03)
        return np.stack([low, (1 - low) * (1 - high), (1 - low) * high], axis=1)

    return weigh


def _hair(t: Tailor, face: list[Station], c: float, chin: float, top: float, hb: float, hl: float) -> None:
    style, vol = t.body.hair, t.body.hair_volume
    thick = {
        "cropped": 0.006,
        "short": 0.014,
        "full": 0.026,
        "bob": 0.024,
        "long": 0.020,
        "bun": 0.010,
        "ponytail": 0.011,
        "curly": 0.040,
    }[style] * vol
    reach = {
        "cropped": 0.10,
        "short": 0.06,
        "full": 0.04,
        "curly": 0.02,
        "bun": 0.07,
        "ponytail": 0.07,
        "bob": -0.02,
        "long": -0.04,
    }[style]
    lowest = chin + reach
    stations = [(s, x, y, a, f, k) for s, x, y, a, f, k in face if s > chin]
    stations[-1] = (top + thick, *stations[-1][1:])
    stations[-2] = (top + 0.6 * thick - 0.012, *stations[-2][1:])
    if lowest < chin + 0.006:
        neck = radius(t.body["neck_circumference"])
        stations.insert(0, (lowest, c - 0.012, 0.0, 0.95 * hb, 0.2 * hl, 1.25 * neck))

    def volume(s: Array, phi: Array) -> Array:
        wave = 1.0 + (0.16 * np.sin(9 * phi + 140 * s) if style == "curly" else 0.05 * np.sin(14 * phi))
        return thick * wave

    cap = sweep(Tube(stations, 2.1), t.spacing, PART["hair"], ("head",), None, volume)
    phi = np.abs(np.arctan2(cap.points[:, 1], cap.points[:, 0] - c))
    # The hairline runs from the brow over the ear to the nape.
    line = np.where(
        phi < 0.9, top - 0.052, np.where(phi < 1.45, top - 0.052 - (phi - 0.9) * 0.09, top - 0.11)
    )
    line = np.where(phi > 1.95, lowest, line)
    if style in ("bob", "long", "curly"):
        line = np.where(phi > 1.15, lowest, line)
    cap = cap.keep(cap.v > line)
    t.add(cap, _strands(t, cap))
    joint = t.joints["neck"]
    if style == "long":
        fall = [
            (joint[2] - 0.10 * vol, joint[0] - 0.055, 0.0, 0.35 * hb, 0.012, 0.015),
            (joint[2] - 0.05, joint[0] - 0.05, 0.0, 0.95 * hb, 0.02, 0.04),
            (joint[2] + 0.04, joint[0] - 0.035, 0.0, 1.12 * hb, 0.03, 0.048),
            (chin + 0.05, c - 0.05, 0.0, 1.02 * hb, 0.03, 0.06),
            (chin + 0.09, c - 0.05, 0.0, 0.8 * hb, 0.03, 0.05),
        ]
        tail = sweep(
            Tube(fall), t.spacing, PART["hair"], ("thorax", "head"), blend(chin + 0.05, joint[2] - 0.06)
        )
        t.add(tail, _strands(t, tail))
    elif style in ("bun", "ponytail"):
        z, x = (top - 0.055, c - 0.52 * hl - 0.015) if style == "bun" else (top - 0.11, c - 0.5 * hl - 0.02)
        r = 0.036 * vol
        if style == "bun":
            blob = [
                (z - r, x, 0.0, 0.002, 0.002, 0.002),
                (z - 0.7 * r, x, 0.0, 0.7 * r, 0.7 * r, 0.7 * r),
                (z, x, 0.0, r, r, r),
                (z + 0.7 * r, x, 0.0, 0.7 * r, 0.7 * r, 0.7 * r),
                (z + r, x, 0.0, 0.002, 0.002, 0.002),
            ]
        else:
            blob = [
                (z - 0.20 * vol, x - 0.012, 0.0, 0.004, 0.004, 0.004),
                (z - 0.13 * vol, x - 0.016, 0.0, 0.02, 0.02, 0.02),
                (z - 0.03 * vol, x - 0.012, 0.0, 0.024, 0.024, 0.026),
                (z + 0.02, x, 0.0, 0.018, 0.02, 0.018),
                (z + 0.035, x + 0.01, 0.0, 0.002, 0.002, 0.002),
            ]
        knot = sweep(Tube(blob), t.spacing, PART["hair"], ("head",))
        t.add(knot, _strands(t, knot))


def _strands(t: Tailor, patch: Patch) -> Array:
    shade = 1.0 + 0.13 * np.sin(160 * patch.u + 23 * patch.v) + 0.06 * np.sin(371 * patch.u)
    return np.clip(np.asarray(t.outfit.hair) * shade[:, None], 0, 255)
