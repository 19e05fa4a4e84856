"""How uneven people and cameras are: standard deviations, from what is published where anything is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AMOUNTS", "UNEVEN_VERSION", "Amounts"]

#: Grows whenever a pixel may change that `RENDER_VERSION` does not tell of: part of the fingerprint.
UNEVEN_VERSION = 1


@dataclass(frozen=True)
class Amounts:
    """How much left and right of a person, the walks of a person and the places of cameras differ.

    Parameters
    ----------
    limbs : float
        Share of the measured difference of left and right joint angles; `Walkers` have 0.7 of it, without a reason.
    arm_swing, arm_swing_mean : float
        Natural logarithm of the left arm's swing over the right one's. Killeen et al. 2018, 334 people: a symmetry
        index of 21.9, SD 39.5 percent (left larger, two of three).
    legs : float
        Metres of difference in leg length. Knutson 2005, by x-ray: 5.2 mm, SD 4.1, in size, so that with its sign
        the SD is 6.6 mm. Here the pelvis tilts by as much and one knee is more bent: bones stay.
    girth, length : float
        Natural logarithm of a limb's girth and length, left over right (ours).
    shoulders : float
        Metres by which a shoulder stands higher (ours).
    lean, turn : float
        Degrees by which the trunk leans to a side and turns (ours).
    toes : float
        Degrees by which a foot turns out more (ours).
    cloth, hair : float
        Between the walks of a person: metres by which clothes stand off, and the hair's volume as a logarithm (ours).
    radius, height, arc, aim : float
        Of each camera: metres nearer or farther and higher or lower, degrees along the arc, and degrees of tilt, pan
        and roll off the mark (ours).

    References
    ----------
    Killeen et al.: Arm swing asymmetry in overground walking, Scientific Reports 8:12803, 2018.
    Knutson: Anatomic and functional leg-length inequality, Chiropractic & Osteopathy 13:11, 2005.
    """

    limbs: float = 1.0
    arm_swing: float = 0.395
    arm_swing_mean: float = 0.219
    legs: float = 0.0066
    girth: float = 0.02
    length: float = 0.008
    shoulders: float = 0.010
    lean: float = 1.5
    turn: float = 2.0
    toes: float = 4.0
    cloth: float = 0.004
    hair: float = 0.05
    radius: float = 0.35
    height: float = 0.15
    arc: float = 2.5
    aim: float = 0.8


AMOUNTS = Amounts()
