"""Motion: joint angles over time, limbs set in order, the lowest foot on the floor and standing still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import Body, rest_joints
from gaitbench.datasets.walkers.bodies.footing import anchor, bend_leg, lift, ride, sole_points, tiptoe
from gaitbench.datasets.walkers.bodies.gait import LIMB, MIDLINE, GaitStyle, cycle_noise
from gaitbench.datasets.walkers.bodies.kinematics import INDEX, angles, corrected, pose, rotation

__all__ = ["Course", "Motion", "sample_course", "walk_motion"]

Array = NDArray[np.float64]
#: Time steps per frame in which the pelvis is integrated over the standing foot.
SUBSTEPS = 4
#: Longest way in metres a person may go in one sequence and stay in every camera's picture.
MAX_TRAVEL = 3.45


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


def _fit_stride(body: Body, style: GaitStyle, carry: str) -> GaitStyle:
    """Scale the thigh's swing and set its lateral zero so that stride and step width come out as drawn."""
    rest = rest_joints(body)
    leg = rest["thigh_l"][2] - rest["foot_l"][2]
    phase = np.arange(96) / 96.0
    scale, adduction = 1.0, 0.0
    for _ in range(3):
        one = corrected(style, scale, adduction)
        rotations, origins = pose(body, angles(one, phase, None), one.toes, carry)
        soles = sole_points(body, rotations, origins)
        wrapped = np.concatenate([soles[-8:], soles, soles[:8]])
        v = ride(wrapped, np.arange(-8, 104) / 96, 1 / 96)[1]
        stride = float(v[8:-8, 0].mean()) / leg
        scale = float(np.clip(scale * style.stride / stride, 0.82, 1.2))
        left, right = origins[:, INDEX["foot_l"], 1], origins[:, INDEX["foot_r"], 1]
        stance_r, stance_l = phase < 0.6, (phase > 0.5) | (phase < 0.1)
        gap = float(left[stance_l].mean() - right[stance_r].mean()) / leg
        adduction += float(np.clip(np.degrees(gap - style.step_width) / 2, -4.0, 4.0))
    return corrected(style, scale, adduction)


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
    phase: Array = course.phase + cadence * dt * np.arange(steps, dtype=np.float64)
    cycles = int(np.ceil(cadence * seconds)) + 3
    names = [*MIDLINE, *(f"{n}_{s}" for n in LIMB for s in "lr")]
    noise = {n: cycle_noise(n.removesuffix("_l").removesuffix("_r"), cycles, rng) for n in names}
    fitted = _fit_stride(body, style, carry)
    rotations, origins = pose(body, angles(fitted, phase, noise), fitted.toes, carry, girth)
    z, v, lowest, stance, slip = ride(sole_points(body, rotations, origins), phase, dt)
    joints = rest_joints(body)
    own = {"l": phase + 0.5, "r": phase}
    for i, side in enumerate("lr"):
        move = np.zeros((steps, 3))
        move[:, 2] = lift(lowest[:, i] + z, stance[:, i], own[side])
        tiptoe(rotations, origins, joints, side, move, own[side])
    # The hind foot may stand on its toes now: look again where the soles are.
    _, v, lowest, stance, slip = ride(sole_points(body, rotations, origins), phase, dt)
    for i, side in enumerate("lr"):
        move = np.empty((steps, 3))
        move[:, :2] = anchor(slip[:, i] + v, stance[:, i], dt)
        move[:, 2] = lift(lowest[:, i] + z, stance[:, i], own[side])
        bend_leg(rotations, origins, joints, side, move)
    xy = np.cumsum(v, axis=0) * dt
    xy[:, 1] -= np.linspace(0.0, xy[-1, 1] - xy[0, 1], steps)  # the heading alone says where the walk goes
    xy -= 0.5 * (xy.max(axis=0) + xy.min(axis=0))
    origins += np.concatenate([xy, z[:, None]], axis=1)[:, None]
    turn = rotation(2, course.heading)
    origins = origins @ turn.T + np.array([course.along, course.lateral, 0.0])
    rotations = turn @ rotations
    rest = np.stack(list(joints.values()))
    if carry.startswith("hand_"):
        rest[INDEX["bag"]] = rest[INDEX[f"hand_{carry[-1]}"]] + np.array([0.012, 0.0, -0.085])
    return Motion(rotations[::SUBSTEPS], origins[::SUBSTEPS], rest, phase[::SUBSTEPS], 1.0 / (cadence / fps))
