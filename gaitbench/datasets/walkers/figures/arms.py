"""Arms and hands, bare, in sleeves or in a coat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.figures.outfits import paint
from gaitbench.datasets.walkers.figures.surface import Patch, Tube, smoothstep, sweep
from gaitbench.datasets.walkers.figures.tailor import PART, Tailor, radius

__all__ = ["arm"]

Array = NDArray[np.float64]


def arm(t: Tailor, side: str) -> None:
    """Add the arm and hand of one side."""
    d, o = t.body.side(side), t.outfit
    sign = 1.0 if side == "l" else -1.0
    shoulder, elbow, wrist = (t.joints[f"{n}_{side}"] for n in ("upperarm", "forearm", "hand"))
    x, y = shoulder[0], shoulder[1]
    r1 = radius(0.90 * d["biceps_circumference_flexed"])
    r2 = radius(0.94 * d["forearm_circumference_flexed"])
    r3 = radius(d["wrist_circumference"])
    deltoid = max(d["bideltoid_breadth"] / 2 - abs(y), 0.9 * r1)
    length = shoulder[2] - elbow[2]
    fore = elbow[2] - wrist[2]
    end = elbow[2] + length * (1 - o.sleeve) if o.sleeve <= 1 else elbow[2] - fore * (o.sleeve - 1)
    bulk = 0.0 if t.coat is None else 0.55 * t.coat.bulk + 0.004
    if t.coat is not None:
        end = wrist[2] + 0.01
    air = 0.8 * o.loose[0] + bulk
    top = shoulder[2] + 0.62 * deltoid + 0.6 * (air - 0.008)
    raw = [
        (wrist[2] - 0.012, 0.0, r3, 1.08 * r3),
        (wrist[2] + 0.03, 0.0, 0.98 * r3, 1.12 * r3),
        (wrist[2] + 0.45 * fore, -0.002, 0.82 * r2, 0.86 * r2),
        (elbow[2] - 0.25 * fore, 0.0, r2, r2),
        (elbow[2], 0.0, 0.88 * r2, 0.92 * r2),
        (elbow[2] + 0.25 * length, 0.002, 0.90 * r1, 0.94 * r1),
        (elbow[2] + 0.55 * length, 0.004, r1, 1.06 * r1),
        (shoulder[2] - 0.03, 0.002, 0.96 * deltoid, 1.06 * deltoid),
        (shoulder[2] + 0.20 * deltoid, 0.0, 0.88 * deltoid, 0.95 * deltoid),
        (shoulder[2] + 0.45 * deltoid, -0.002, 0.62 * deltoid, 0.68 * deltoid),
        (top, -0.004, 0.012, 0.012),
    ]
    cuff = 0.5 * bulk

    def clothed(z: float) -> float:
        inside = float(smoothstep(np.array(z), end - 0.004, end + 0.004))
        inside *= float(smoothstep(np.array(z), top + 0.001, shoulder[2] + 0.3 * deltoid))
        flare = 0.5 * cuff * float(smoothstep(np.array(z), elbow[2], wrist[2]))
        return inside * (air + flare)

    knots = sorted([*raw, _between(raw, end - 0.006), _between(raw, end + 0.006)])
    # Towards its top the muscle leans on the trunk: shoulders slope, they carry no epaulettes.
    lean = [0.55 * deltoid * float(smoothstep(np.array(z), shoulder[2] - 0.02, top)) for z, *_ in knots]
    stations = [
        (z, x + cx, y - sign * inward, a + clothed(z), b + clothed(z), b + clothed(z))
        for (z, cx, a, b), inward in zip(knots, lean, strict=True)
    ]

    def weigh(points: Array, phi: Array) -> Array:
        z = points[:, 2]
        lower = smoothstep(z, elbow[2] + 0.035, elbow[2] - 0.035)
        body = 0.75 * smoothstep(z, shoulder[2] - 0.02, top)
        hand = 0.5 * smoothstep(z, wrist[2] + 0.02, wrist[2] - 0.012)
        return np.stack([body, (1 - body) * (1 - lower), lower * (1 - hand), lower * hand], axis=1)

    bones = ("thorax", f"upperarm_{side}", f"forearm_{side}", f"hand_{side}")
    patch = sweep(Tube(stations), t.spacing, PART[f"upperarm_{side}"], bones, weigh)
    skin = np.broadcast_to(np.asarray(o.skin), (len(patch.points), 3))
    pattern = o.top if t.coat is None else t.coat.pattern
    cloth = paint(pattern, patch.u, patch.v)
    if pattern.kind == "print":
        cloth[:] = np.asarray(pattern.base)
    cloth[np.abs(patch.v - end) < 0.008] *= 0.75
    color = np.where((patch.v > end)[:, None], cloth, skin)
    upper = patch.v > elbow[2]
    t.add(patch.keep(upper), color[upper])
    low = patch.keep(~upper)
    t.add(
        Patch(low.points, low.normals, PART[f"forearm_{side}"], low.u, low.v, low.bones, low.weights),
        color[~upper],
    )
    _hand(t, side, sign, wrist, r3)


def _between(raw: list[tuple[float, float, float, float]], z: float) -> tuple[float, float, float, float]:
    table = np.asarray(raw)
    z = float(np.clip(z, table[0, 0] + 0.001, table[-1, 0] - 0.001))
    return (z, *(float(np.interp(z, table[:, 0], table[:, i])) for i in (1, 2, 3)))  # type: ignore[return-value]


def _hand(t: Tailor, side: str, sign: float, wrist: Array, r3: float) -> None:
    n = t.body.side(side)["hand_length"]
    x, y, z = wrist
    palm = [
        (z - 0.93 * n, x + 0.030, y - 0.022 * sign, 0.003, 0.006, 0.006),
        (z - 0.88 * n, x + 0.028, y - 0.020 * sign, 0.011, 0.020, 0.018),
        (z - 0.66 * n, x + 0.018, y - 0.010 * sign, 0.014, 0.033, 0.030),
        (z - 0.45 * n, x + 0.010, y - 0.002 * sign, 0.017, 0.041, 0.037),
        (z - 0.22 * n, x + 0.004, y, 0.019, 0.038, 0.034),
        (z - 0.04 * n, x, y, 0.88 * r3, r3, r3),
        (z + 0.012, x, y, 0.8 * r3, 0.9 * r3, 0.9 * r3),
    ]
    thumb = [
        (z - 0.56 * n, x + 0.062, y - 0.018 * sign, 0.003, 0.004, 0.004),
        (z - 0.50 * n, x + 0.060, y - 0.017 * sign, 0.010, 0.011, 0.011),
        (z - 0.32 * n, x + 0.042, y - 0.010 * sign, 0.011, 0.013, 0.013),
        (z - 0.14 * n, x + 0.020, y - 0.004 * sign, 0.010, 0.012, 0.012),
    ]
    for tube in (palm, thumb):
        patch = sweep(Tube(tube, 2.3), t.spacing, PART[f"hand_{side}"], (f"hand_{side}",))
        t.add(patch, 0.96 * np.asarray(t.outfit.skin))
