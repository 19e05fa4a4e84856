"""Motion: joint angles over time, limbs set in order, the lowest foot on the floor and standing still."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies import BONES, Body, rest_joints
from gaitbench.datasets.walkers.gait import LIMB, MIDLINE, GaitStyle, basis, cycle_noise

__all__ = ["Course", "Motion", "sample_course", "walk_motion"]

Array = NDArray[np.float64]
#: Time steps per frame in which the pelvis is integrated over the standing foot.
SUBSTEPS = 4
#: Height in metres within which foot points share the contact with the floor.
_TOUCH = 0.006
#: Longest way in metres a person may go in one sequence and stay in every camera's picture.
MAX_TRAVEL = 3.75
_INDEX = {name: i for i, name in enumerate(BONES)}


@dataclass(frozen=True)
class Course:
    """Where and when a walk starts; shared by an original and another body put in its place.

    Parameters
    ----------
    phase : float
        Gait phase at the first frame (cycles, 0 = right heel strike).
    heading : float
        Direction of walking off the path's axis in degrees.
    lateral, along : float
        Offset of the middle of the walk from the middle of the path in metres.
    """

    phase: float
    heading: float
    lateral: float
    along: float


@dataclass(frozen=True)
class Motion:
    """Poses of one walk.

    Parameters
    ----------
    rotations : float64 array (T, B, 3, 3)
        Rotation of each bone of `BONES` from its rest pose.
    origins : float64 array (T, B, 3)
        Joint positions in world metres (x along the path, y to the left, z up).
    rest : float64 array (B, 3)
        Joint positions of the standing person.
    phase : float64 array (T,)
        Gait phase in cycles; grows without wrapping, 0 = right heel strike.
    period : float
        Length of one cycle in frames.
    """

    rotations: Array
    origins: Array
    rest: Array
    phase: Array
    period: float


def sample_course(rng: np.random.Generator) -> Course:
    """Start phase, heading (SD 1.5 degrees), and offsets of one walk (ours)."""
    return Course(
        float(rng.random()),
        float(np.clip(rng.normal(0.0, 1.5), -3.5, 3.5)),
        float(np.clip(rng.normal(0.0, 0.10), -0.25, 0.25)),
        float(np.clip(rng.normal(0.0, 0.07), -0.15, 0.15)),
    )


def _rot(axis: int, degrees: Array | float) -> Array:
    """Right-handed rotations about x (0), y (1) or z (2): (..., 3, 3)."""
    a = np.radians(np.asarray(degrees, dtype=np.float64))
    c, s = np.cos(a), np.sin(a)
    out = np.zeros((*a.shape, 3, 3))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    out[..., axis, axis] = 1.0
    out[..., i, i] = out[..., j, j] = c
    out[..., i, j], out[..., j, i] = -s, s
    return out


def _corrected(style: GaitStyle, thigh_scale: float, adduction: float) -> GaitStyle:
    """Apply the table's `suggested_correction` and the fit to this person's stride and step width."""

    def limb(side: dict[str, Array]) -> dict[str, Array]:
        out = {n: c.copy() for n, c in side.items()}
        out["thigh_flexion"][1:] *= 0.9 * thigh_scale
        out["thigh_flexion"][0] -= 7.0
        out["knee_flexion"][0] -= 14.0
        out["thigh_adduction"][0] += adduction
        return out

    return replace(style, right=limb(style.right), left=limb(style.left))


def _angles(style: GaitStyle, phase: Array, noise: dict[str, Array] | None) -> dict[str, Array]:
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


def _pose(
    body: Body, a: dict[str, Array], toe_out: float, carry: str, girth: float = 0.0
) -> tuple[Array, Array]:
    """Rotations (T, B, 3, 3) and origins (T, B, 3) with the pelvis at the origin, heading along x."""
    rest = rest_joints(body)
    t = len(a["pelvis_tilt"])
    rotations = np.broadcast_to(np.eye(3), (t, len(BONES), 3, 3)).copy()
    origins = np.zeros((t, len(BONES), 3))

    def put(bone: str, rotation: Array, parent: str | None) -> None:
        i = _INDEX[bone]
        rotations[:, i] = rotation
        if parent is not None:
            p = _INDEX[parent]
            origins[:, i] = origins[:, p] + rotations[:, p] @ (rest[bone] - rest[parent])

    pelvis = _rot(2, a["pelvis_rotation"]) @ _rot(0, 0.4 * a["pelvis_list"]) @ _rot(1, a["pelvis_tilt"])
    put("pelvis", pelvis, None)
    thorax = _rot(2, a["trunk_rotation"]) @ _rot(0, a["trunk_lateral"]) @ _rot(1, a["trunk_lean"])
    put("thorax", thorax, "pelvis")
    put(
        "neck",
        _rot(2, 0.4 * a["trunk_rotation"]) @ _rot(1, 0.5 * (a["trunk_lean"] + a["head_pitch"])),
        "thorax",
    )
    put("head", _rot(2, 0.15 * a["trunk_rotation"]) @ _rot(1, a["head_pitch"]), "neck")
    reach = rest["upperarm_l"][2] - rest["hand_l"][2] + 0.08
    clear = np.degrees((0.5 * body["hip_breadth"] + 0.045 + girth - rest["upperarm_l"][1]) / reach)
    for side, sign in (("l", 1.0), ("r", -1.0)):
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
        upper = thorax @ _rot(1, -flexion) @ _rot(0, sign * (abduction + low))
        put(f"upperarm_{side}", upper, "thorax")
        fore = upper @ _rot(2, -sign * (turn + 15.0)) @ _rot(1, -np.maximum(elbow, 2.0))
        put(f"forearm_{side}", fore, f"upperarm_{side}")
        put(f"hand_{side}", fore @ _rot(1, -4.0 - 0.1 * (elbow - elbow.mean())), f"forearm_{side}")
        thigh_at = a[f"thigh_flexion_{side}"]
        adduction = a[f"thigh_adduction_{side}"]
        thigh = _rot(1, -thigh_at) @ _rot(0, -sign * adduction)
        thigh = thigh @ _rot(2, -sign * (a[f"hip_rotation_{side}"] - 0.5 * toe_out))
        put(f"thigh_{side}", thigh, "pelvis")
        put(f"shank_{side}", thigh @ _rot(1, a[f"knee_flexion_{side}"]), f"thigh_{side}")
        pitch = a[f"foot_pitch_{side}"]
        yaw = _rot(2, sign * toe_out + 0.3 * a["pelvis_rotation"])
        put(f"foot_{side}", yaw @ _rot(1, -pitch), f"shank_{side}")
        bend = 35.0 * np.tanh(np.maximum(-pitch - 4.0, 0.0) / 40.0)
        put(f"toes_{side}", yaw @ _rot(1, -pitch - bend), f"foot_{side}")
        soft = np.sqrt(thigh_at**2 + 25.0)
        spread = _rot(0, -0.5 * sign * adduction)
        put(f"panel_f{side}", _rot(1, -0.5 * (thigh_at + soft)) @ spread, "pelvis")
        put(f"panel_b{side}", _rot(1, -0.5 * (thigh_at - soft)) @ spread, "pelvis")
    if carry.startswith("hand_"):
        side = carry[-1]
        hand = _INDEX[f"hand_{side}"]
        origins[:, _INDEX["bag"]] = origins[:, hand] + rotations[:, hand] @ np.array([0.012, 0.0, -0.085])
        rotations[:, _INDEX["bag"]] = _rot(1, -0.35 * (a[f"shoulder_flexion_{side}"] + 8.0))
    return rotations, origins


def _soles(body: Body, rotations: Array, origins: Array) -> Array:
    """Six points under the shoes (T, 6, 3): heel, ball and tip of left and right."""
    rest, length = rest_joints(body), body["foot_length"]
    points = []
    for side in "lr":
        for bone, x in (("foot", -0.25), ("foot", 0.47), ("toes", 0.76)):
            i = _INDEX[f"{bone}_{side}"]
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
    return both * both * (3 - 2 * both)


def _carry(soles: Array, phase: Array, dt: float) -> tuple[Array, Array, Array, Array]:
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
    z = -_smooth((share * lowest).sum(axis=1), 2.0)
    v = -(share[..., None] * slip).sum(axis=1)
    v = np.stack([_smooth(v[:, 0], 1.5), _smooth(v[:, 1], 1.5)], axis=1)
    return z, v, lowest, stance, slip


def _lift(lowest: Array, stance: Array, phase: Array) -> Array:
    """Vertical correction of a foot: on the floor in stance, clear of it in swing.  (T,)"""
    at = phase % 1.0
    swing = np.clip((at - 0.60) / 0.40, 0.0, 1.0)
    clearance = 0.022 * np.sin(np.pi * swing) ** 2
    over = lowest - clearance
    # A corner-free max(over, 0): the foot may be higher than the least clearance, never lower.
    raised = 0.5 * (over + np.sqrt(over**2 + 0.008**2)) - 0.5 * 0.008
    return stance * -lowest + (1 - stance) * (raised - over)


def _bend_leg(rotations: Array, origins: Array, rest: dict[str, Array], side: str, move: Array) -> None:
    """Move one foot by `move` (T, 3), turning thigh and knee to follow (two-link inverse kinematics)."""
    hip, knee, ankle, toes = (_INDEX[f"{b}_{side}"] for b in ("thigh", "shank", "foot", "toes"))
    upper = rest[f"shank_{side}"] - rest[f"thigh_{side}"]
    lower = rest[f"foot_{side}"] - rest[f"shank_{side}"]
    l1, l2 = float(np.hypot(upper[0], upper[2])), float(np.hypot(lower[0], lower[2]))
    # The rest joints are not quite in a line; `bias` is the knee angle at which the links would be.
    bias = np.arctan2(upper[0], -upper[2]) - np.arctan2(lower[0], -lower[2])
    reach = origins[:, ankle] + move - origins[:, hip]
    distance = np.linalg.norm(reach, axis=1)
    distance = np.minimum(distance, (l1 + l2) * 0.9985)
    cosine = np.clip((l1**2 + l2**2 - distance**2) / (2 * l1 * l2), -1.0, 1.0)
    flexion = np.degrees(np.pi - np.arccos(cosine) + bias)
    thigh = rotations[:, hip]
    shank = thigh @ _rot(1, flexion)
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


def _anchor(slide: Array, stance: Array, dt: float) -> Array:
    """Horizontal correction (T, 2) that undoes the sliding of a standing foot and fades while it swings."""
    out = np.zeros_like(slide)
    fade = np.exp(-dt * (1 - stance) / 0.06)
    for t in range(1, len(out)):
        out[t] = (out[t - 1] - stance[t] * slide[t] * dt) * fade[t]
    return out


def _fit_stride(body: Body, style: GaitStyle, carry: str) -> GaitStyle:
    """Scale the thigh's swing and set its lateral zero so that stride and step width come out as drawn."""
    rest = rest_joints(body)
    leg = rest["thigh_l"][2] - rest["foot_l"][2]
    phase = np.arange(96) / 96.0
    scale, adduction = 1.0, 0.0
    for _ in range(3):
        one = _corrected(style, scale, adduction)
        rotations, origins = _pose(body, _angles(one, phase, None), one.toe_out, carry)
        soles = _soles(body, rotations, origins)
        wrapped = np.concatenate([soles[-8:], soles, soles[:8]])
        v = _carry(wrapped, np.arange(-8, 104) / 96, 1 / 96)[1]
        stride = float(v[8:-8, 0].mean()) / leg
        scale = float(np.clip(scale * style.stride / stride, 0.82, 1.2))
        left, right = origins[:, _INDEX["foot_l"], 1], origins[:, _INDEX["foot_r"], 1]
        stance_r, stance_l = phase < 0.6, (phase > 0.5) | (phase < 0.1)
        gap = float(left[stance_l].mean() - right[stance_r].mean()) / leg
        adduction += float(np.clip(np.degrees(gap - style.step_width) / 2, -4.0, 4.0))
    return _corrected(style, scale, adduction)


def walk_motion(
    body: Body,
    style: GaitStyle,
    course: Course,
    rng: np.random.Generator,
    length: int,
    fps: float,
    carry: str,
    girth: float = 0.0,
) -> Motion:
    """Move `body` in `style` along `course` for `length` frames.

    Parameters
    ----------
    body, style, course
        Who walks, how on this walk, and where.
    rng : numpy.random.Generator
        For the variation from cycle to cycle (the table's `sd_cycles`).
    length : int
        Frames.
    fps : float
        Frames per second.
    carry : str
        ``""``, ``"hand_l"``, ``"hand_r"``, ``"shoulder_l"``, ``"shoulder_r"`` or ``"back"``: what the arms feel.
    girth : float
        Metres of cloth at the hips that keep the hands out.
    """
    steps = length * SUBSTEPS
    dt = 1.0 / (fps * SUBSTEPS)
    leg = body["trochanterion_height"] - body["lateral_malleolus_height"]
    seconds = (length - 1) / fps
    # Who would leave the picture walks a little slower instead.
    cadence = min(style.cadence, MAX_TRAVEL / (style.stride * leg * seconds))
    phase = course.phase + cadence * dt * np.arange(steps)
    cycles = int(np.ceil(cadence * seconds)) + 3
    names = [*MIDLINE, *(f"{n}_{s}" for n in LIMB for s in "lr")]
    noise = {n: cycle_noise(n.removesuffix("_l").removesuffix("_r"), cycles, rng) for n in names}
    fitted = _fit_stride(body, style, carry)
    rotations, origins = _pose(body, _angles(fitted, phase, noise), fitted.toe_out, carry, girth)
    z, v, lowest, stance, slip = _carry(_soles(body, rotations, origins), phase, dt)
    joints = rest_joints(body)
    for i, side in enumerate("lr"):
        move = np.empty((steps, 3))
        move[:, :2] = _anchor(slip[:, i] + v, stance[:, i], dt)
        move[:, 2] = _lift(lowest[:, i] + z, stance[:, i], phase + (0.5 if side == "l" else 0.0))
        _bend_leg(rotations, origins, joints, side, move)
    xy = np.cumsum(v, axis=0) * dt
    xy[:, 1] -= np.linspace(0.0, xy[-1, 1] - xy[0, 1], steps)  # the heading alone says where the walk goes
    xy -= 0.5 * (xy.max(axis=0) + xy.min(axis=0))
    origins += np.concatenate([xy, z[:, None]], axis=1)[:, None]
    turn = _rot(2, course.heading)
    origins = origins @ turn.T + np.array([course.along, course.lateral, 0.0])
    rotations = turn @ rotations
    rest = np.stack(list(joints.values()))
    if carry.startswith("hand_"):
        rest[_INDEX["bag"]] = rest[_INDEX[f"hand_{carry[-1]}"]] + np.array([0.012, 0.0, -0.085])
    return Motion(rotations[::SUBSTEPS], origins[::SUBSTEPS], rest, phase[::SUBSTEPS], 1.0 / (cadence / fps))
