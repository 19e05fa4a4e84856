"""Feet on the floor: the pelvis rides over the standing foot, and legs bend so that no foot slides or sinks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import Body, rest_joints
from gaitbench.datasets.walkers.bodies.kinematics import INDEX, rotation

__all__ = ["anchor", "bend_leg", "lift", "ride", "sole_points", "tiptoe"]

Array = NDArray[np.float64]
#: Height in metres within which foot points share the contact with the floor.
_TOUCH = 0.006


def sole_points(body: Body, rotations: Array, origins: Array) -> Array:
    """Six points under the shoes (T, 6, 3): heel, ball and tip of left and right."""
    rest = rest_joints(body)
    points = []
    for side in "lr":
        length = body.side(side)["foot_length"]
        for bone, x in (("foot", -0.25), ("foot", 0.47), ("toes", 0.76)):
            i = INDEX[f"{bone}_{side}"]
            joint = rest[f"{bone}_{side}"]
            ankle_x = rest[f"foot_{side}"][0]
            local = np.array([ankle_x + x * length - joint[0], 0.0, -joint[2]])
            points.append(origins[:, i] + rotations[:, i] @ local)
    return np.stack(points, axis=1)


def _smooth(x: Array, sigma: float) -> Array:
    radius = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(x, (radius, radius), mode="edge")
    return np.convolve(padded, kernel, mode="valid")


def _window(phase: Array) -> Array:
    """Share of the weight a foot carries at its own phase: 1 in stance (0 to 0.6), 0 in swing."""
    at = (phase + 0.06) % 1.0
    rise = np.clip(at / 0.12, 0.0, 1.0)
    fall = np.clip((0.70 - at) / 0.10, 0.0, 1.0)
    both = np.minimum(rise, fall)
    share: Array = both * both * (3 - 2 * both)
    return share


def ride(soles: Array, phase: Array, dt: float) -> tuple[Array, Array, Array, Array, Array]:
    """Pelvis height and velocity over the standing foot.

    Returns
    -------
    z, v : float arrays (T,), (T, 2)
        Pelvis height, horizontal velocity.
    lowest : float array (T, 2)
        Lowest sole height under the pelvis, left and right.
    stance : float array (T, 2)
        Share of the weight on left and right.
    slip : float array (T, 2, 2)
        Horizontal velocity (x, y) of the contact point against the pelvis, left and right.
    """
    feet = soles.reshape(len(soles), 2, 3, 3)
    height = feet[..., 2]
    touch = np.exp(-(height - height.min(axis=2, keepdims=True)) / _TOUCH)
    touch /= touch.sum(axis=2, keepdims=True)
    lowest = (touch * height).sum(axis=2) - 0.002
    velocity = np.gradient(feet[..., :2], dt, axis=0)
    slip = (touch[..., None] * velocity).sum(axis=2)
    stance = np.stack([_window(phase + 0.5), _window(phase)], axis=1)
    share = stance / stance.sum(axis=1, keepdims=True)
    # In double support the pelvis rides at the height the straighter leg asks for; the other bends or tiptoes.
    higher = share * np.exp((lowest.min(axis=1, keepdims=True) - lowest) / _TOUCH)
    higher /= higher.sum(axis=1, keepdims=True)
    # Four millimetres higher: correcting the feet below bends nearly straight knees more often than it stretches
    # them, and this brings the mean knee angle back to the reference.
    z = 0.004 - _smooth((higher * lowest).sum(axis=1), 2.0)
    v = -(share[..., None] * slip).sum(axis=1)
    v = np.stack([_smooth(v[:, 0], 1.5), _smooth(v[:, 1], 1.5)], axis=1)
    return z, v, lowest, stance, slip


def lift(lowest: Array, stance: Array, phase: Array) -> Array:
    """Vertical correction of a foot: on the floor in stance, clear of it in swing.  (T,)"""
    at = phase % 1.0
    swing = np.clip((at - 0.60) / 0.40, 0.0, 1.0)
    clearance = 0.022 * np.sin(np.pi * swing) ** 2
    over = lowest - clearance
    # A corner-free max(over, 0): the foot may be higher than the least clearance, never lower.
    raised = 0.5 * (over + np.sqrt(over**2 + 0.008**2)) - 0.5 * 0.008
    return stance * -lowest + (1 - stance) * (raised - over)


def tiptoe(
    rotations: Array, origins: Array, rest: dict[str, Array], side: str, move: Array, phase: Array
) -> None:
    """Lift the heel of the hind foot where its leg is too short to bring it to the floor.  In place."""
    hip, ankle, toes = (INDEX[f"{b}_{side}"] for b in ("thigh", "foot", "toes"))
    length = sum(
        float(np.linalg.norm(rest[f"{b}_{side}"] - rest[f"{a}_{side}"]))
        for a, b in (("thigh", "shank"), ("shank", "foot"))
    )
    reach = np.linalg.norm(origins[:, ankle] + move - origins[:, hip], axis=1)
    at = phase % 1.0
    behind = np.clip((at - 0.30) / 0.12, 0.0, 1.0) * np.clip((0.72 - at) / 0.08, 0.0, 1.0)
    # The ball of the foot is about 0.15 m ahead of the ankle.
    extra = behind * np.degrees(np.minimum(np.maximum(reach - 0.998 * length, 0.0) / 0.15, 0.3))
    tilt = rotation(1, _smooth(extra, 1.5))
    rotations[:, ankle] = rotations[:, ankle] @ tilt
    origins[:, toes] = origins[:, ankle] + rotations[:, ankle] @ (rest[f"toes_{side}"] - rest[f"foot_{side}"])


def bend_leg(rotations: Array, origins: Array, rest: dict[str, Array], side: str, move: Array) -> None:
    """Move one foot by `move` (T, 3), turning thigh and knee to follow (two-link inverse kinematics)."""
    hip, knee, ankle, toes = (INDEX[f"{b}_{side}"] for b in ("thigh", "shank", "foot", "toes"))
    upper = rest[f"shank_{side}"] - rest[f"thigh_{side}"]
    lower = rest[f"foot_{side}"] - rest[f"shank_{side}"]
    l1, l2 = float(np.hypot(upper[0], upper[2])), float(np.hypot(lower[0], lower[2]))
    # The rest joints are not quite in a line; `bias` is the knee angle at which the links would be.
    bias = np.arctan2(upper[0], -upper[2]) - np.arctan2(lower[0], -lower[2])
    reach = origins[:, ankle] + move - origins[:, hip]
    distance = np.linalg.norm(reach, axis=1)
    distance = np.minimum(distance, (l1 + l2) * 0.9995)
    cosine = np.clip((l1**2 + l2**2 - distance**2) / (2 * l1 * l2), -1.0, 1.0)
    flexion = np.degrees(np.pi - np.arccos(cosine) + bias)
    thigh = rotations[:, hip]
    shank = thigh @ rotation(1, flexion)
    leg = thigh @ upper + shank @ lower
    a = leg / np.linalg.norm(leg, axis=1, keepdims=True)
    b = reach / np.linalg.norm(reach, axis=1, keepdims=True)
    axis = np.cross(a, b)
    cos = (a * b).sum(axis=1)[:, None, None]
    cross = np.zeros((len(a), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
    cross[:, 1, 0], cross[:, 2, 0], cross[:, 2, 1] = axis[:, 2], -axis[:, 1], axis[:, 0]
    swing = np.eye(3) + cross + cross @ cross / (1 + cos)
    rotations[:, hip] = swing @ thigh
    rotations[:, knee] = swing @ shank
    origins[:, knee] = origins[:, hip] + rotations[:, hip] @ upper
    origins[:, ankle] = origins[:, knee] + rotations[:, knee] @ lower
    origins[:, toes] = origins[:, ankle] + rotations[:, ankle] @ (rest[f"toes_{side}"] - rest[f"foot_{side}"])


def anchor(slide: Array, stance: Array, dt: float) -> Array:
    """Horizontal correction (T, 2) that undoes the sliding of a standing foot and fades while it swings."""
    out = np.zeros_like(slide)
    fade = np.exp(-dt * (1 - stance) / 0.06)
    for t in range(1, len(out)):
        out[t] = (out[t - 1] - stance[t] * slide[t] * dt) * fade[t]
    return out
