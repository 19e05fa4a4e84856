"""Joint angles over time, and the figure they make: rotations and joint positions about the pelvis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import BONES, Body, rest_joints
from gaitbench.datasets.walkers.bodies.gait import LIMB, MIDLINE, GaitStyle, basis

__all__ = ["INDEX", "angles", "corrected", "pose", "rotation"]

Array = NDArray[np.float64]
INDEX = {name: i for i, name in enumerate(BONES)}


def rotation(axis: int, degrees: Array | float) -> Array:
    """Right-handed rotations about x (0), y (1) or z (2): (..., 3, 3)."""
    a = np.radians(np.asarray(degrees, dtype=np.float64))
    c, s = np.cos(a), np.sin(a)
    out = np.zeros((*a.shape, 3, 3))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    out[..., axis, axis] = 1.0
    out[..., i, i] = out[..., j, j] = c
    out[..., i, j], out[..., j, i] = -s, s
    return out


def corrected(style: GaitStyle, thigh_scale: float, adduction: float) -> GaitStyle:
    """Apply the table's `suggested_correction` and the fit to this person's stride and step width."""

    def limb(side: dict[str, Array]) -> dict[str, Array]:
        out = {n: c.copy() for n, c in side.items()}
        out["thigh_flexion"][1:] *= 0.9 * thigh_scale
        out["thigh_flexion"][0] -= 7.0
        out["knee_flexion"][0] -= 14.0
        out["thigh_adduction"][0] += adduction
        return out

    return replace(style, right=limb(style.right), left=limb(style.left))


def angles(style: GaitStyle, phase: Array, noise: dict[str, Array] | None) -> dict[str, Array]:
    """Every curve at `phase`; limb curves come as NAME_r and NAME_l."""

    def curve(name: str, key: str, coefficients: Array, at: Array) -> Array:
        c = coefficients
        if noise is not None:
            per = noise[key]
            place = np.clip(at - phase.min(), 0.0, len(per) - 1.001)
            low = place.astype(np.intp)
            share = (place - low)[:, None]
            # Smooth blending between the cycles' own curves: no jump at heel strike.
            share = share * share * (3 - 2 * share)
            c = coefficients + (1 - share) * per[low] + share * per[low + 1]
        value: Array = (basis(at) * c).sum(-1)
        return value

    out = {n: curve(n, n, style.midline[n], phase) for n in MIDLINE}
    for n in LIMB:
        out[f"{n}_r"] = curve(n, f"{n}_r", style.right[n], phase)
        out[f"{n}_l"] = curve(n, f"{n}_l", style.left[n], phase + 0.5)
    for side in "lr":
        k = out[f"knee_flexion_{side}"]
        out[f"knee_flexion_{side}"] = 0.5 * (k + np.sqrt(k * k + 9.0))  # clipped at 0, without a corner
    return out


def pose(
    body: Body, a: dict[str, Array], toes: dict[str, float], carry: str, girth: float = 0.0
) -> tuple[Array, Array]:
    """Rotations (T, B, 3, 3) and origins (T, B, 3) with the pelvis at the origin, heading along x."""
    rest = rest_joints(body)
    t = len(a["pelvis_tilt"])
    rotations = np.broadcast_to(np.eye(3), (t, len(BONES), 3, 3)).copy()
    origins = np.zeros((t, len(BONES), 3))

    def put(bone: str, rotation: Array, parent: str | None) -> None:
        i = INDEX[bone]
        rotations[:, i] = rotation
        if parent is not None:
            p = INDEX[parent]
            origins[:, i] = origins[:, p] + rotations[:, p] @ (rest[bone] - rest[parent])

    pelvis = (
        rotation(2, a["pelvis_rotation"])
        @ rotation(0, 0.4 * a["pelvis_list"])
        @ rotation(1, a["pelvis_tilt"])
    )
    put("pelvis", pelvis, None)
    thorax = rotation(2, a["trunk_rotation"]) @ rotation(0, a["trunk_lateral"]) @ rotation(1, a["trunk_lean"])
    put("thorax", thorax, "pelvis")
    put(
        "neck",
        rotation(2, 0.4 * a["trunk_rotation"]) @ rotation(1, 0.5 * (a["trunk_lean"] + a["head_pitch"])),
        "thorax",
    )
    put("head", rotation(2, 0.15 * a["trunk_rotation"]) @ rotation(1, a["head_pitch"]), "neck")
    reach = rest["upperarm_l"][2] - rest["hand_l"][2] + 0.08
    clear = np.degrees((0.5 * body["hip_breadth"] + 0.045 + girth - rest["upperarm_l"][1]) / reach)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        toe_out = toes[side]
        flexion, abduction = a[f"shoulder_flexion_{side}"], a[f"shoulder_abduction_{side}"]
        elbow, turn = a[f"elbow_flexion_{side}"], a[f"shoulder_rotation_{side}"]
        if carry == f"hand_{side}":  # a weight in the hand stills and straightens the arm
            flexion = flexion.mean() + 5.0 + 0.3 * (flexion - flexion.mean())
            elbow = 12.0 + 0.25 * (elbow - elbow.mean())
            abduction, turn = abduction + 5.0, 0.3 * turn
        elif carry == f"shoulder_{side}":
            flexion = flexion.mean() + 0.7 * (flexion - flexion.mean())
            abduction = abduction + 3.0
        low = np.maximum(clear - abduction.mean(), 0.0)
        upper = thorax @ rotation(1, -flexion) @ rotation(0, sign * (abduction + low))
        put(f"upperarm_{side}", upper, "thorax")
        fore = upper @ rotation(2, -sign * (turn + 15.0)) @ rotation(1, -np.maximum(elbow, 2.0))
        put(f"forearm_{side}", fore, f"upperarm_{side}")
        put(f"hand_{side}", fore @ rotation(1, -4.0 - 0.1 * (elbow - elbow.mean())), f"forearm_{side}")
        thigh_at = a[f"thigh_flexion_{side}"]
        adduction = a[f"thigh_adduction_{side}"]
        thigh = rotation(1, -thigh_at) @ rotation(0, -sign * adduction)
        thigh = thigh @ rotation(2, -sign * (a[f"hip_rotation_{side}"] - 0.5 * toe_out))
        put(f"thigh_{side}", thigh, "pelvis")
        put(f"shank_{side}", thigh @ rotation(1, a[f"knee_flexion_{side}"]), f"thigh_{side}")
        pitch = a[f"foot_pitch_{side}"]
        yaw = rotation(2, sign * toe_out + 0.3 * a["pelvis_rotation"])
        put(f"foot_{side}", yaw @ rotation(1, -pitch), f"shank_{side}")
        bend = 35.0 * np.tanh(np.maximum(-pitch - 4.0, 0.0) / 40.0)
        put(f"toes_{side}", yaw @ rotation(1, -pitch - bend), f"foot_{side}")
        soft = np.sqrt(thigh_at**2 + 25.0)
        spread = rotation(0, -0.5 * sign * adduction)
        put(f"panel_f{side}", rotation(1, -0.5 * (thigh_at + soft)) @ spread, "pelvis")
        put(f"panel_b{side}", rotation(1, -0.5 * (thigh_at - soft)) @ spread, "pelvis")
    if carry.startswith("hand_"):
        side = carry[-1]
        hand = INDEX[f"hand_{side}"]
        origins[:, INDEX["bag"]] = origins[:, hand] + rotations[:, hand] @ np.array([0.012, 0.0, -0.085])
        rotations[:, INDEX["bag"]] = rotation(1, -0.35 * (a[f"shoulder_flexion_{side}"] + 8.0))
    return rotations, origins
