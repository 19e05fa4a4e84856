"""How much a second session differs: every size of it, in one place."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

__all__ = ["AMOUNTS", "SESSION", "SESSION_VERSION", "Amounts", "first_walk", "later_walk"]

#: The second session in the names of walks: ``2@nm-01``. Walks of the first have no session in their names.
SESSION = "2"
#: Grows whenever a pixel or a label of the second session may change: part of the fingerprint.
SESSION_VERSION = 1


@dataclass(frozen=True)
class Amounts:
    """What changes between two sessions; SDs over people unless it says otherwise.

    The kinds of change are those of the sets that were filmed in two sessions. Their sizes are ours, all but `curves`
    and `mood` (multiples of measured spreads); together they are set so that recognition falls as far as is published
    (``docs/second-session.md``).

    Parameters
    ----------
    weight : float
        Share of the body's weight; girths and depths of trunk and limbs follow its square root.
    shoes : float
        Thickness of the sole in metres: all heights move with it, and the foot's length twice as far.
    layers : float
        At most so much more air under top and bottom in metres, evenly distributed: another season's clothes.
    posture : float
        Rounding of the back, set of the head and slope of the shoulders, metres each.
    lean, head : float
        Lean of the trunk and pitch of the head in degrees.
    arms : float
        Of the logarithm of the arms' swing.
    curves : float
        Every joint-angle curve, in units of the measured spread between recordings of one person (`sd_clips`); walks
        of one session differ by 0.65 of it.
    mood : float
        Pace of the whole session (stride and cadence together), in units of the spread between recordings of the two
        most recorded walkers; walks of one session differ by 1.
    hair : float
        Share of the hair's thickness.
    camera : float
        Place of each camera in metres, along each axis; drawn once for the session.
    aim : float
        Where each camera points, degrees along each axis, roll among them; drawn once for the session.
    sun : float
        Direction of the light in degrees; by person, for everybody comes on a day of his own.
    exposure : float
        Of the logarithm of each colour channel's gain.
    """

    weight: float = 0.012
    shoes: float = 0.007
    layers: float = 0.016
    posture: float = 0.005
    lean: float = 1.6
    head: float = 2.5
    arms: float = 0.12
    curves: float = 0.8
    mood: float = 0.8
    hair: float = 0.09
    camera: float = 0.05
    aim: float = 0.5
    sun: float = 20.0
    exposure: float = 0.05

    def __post_init__(self) -> None:
        for one in dataclasses.fields(self):
            if not 0.0 <= getattr(self, one.name) < 90.0:
                raise ValueError(
                    f"{one.name} is {getattr(self, one.name)!r}; give 0 or a small positive number"
                )

    def times(self, factor: float) -> Amounts:
        """Every amount so many times as large."""
        values = {one.name: factor * getattr(self, one.name) for one in dataclasses.fields(self)}
        return Amounts(**values)

    def only(self, *names: str) -> Amounts:
        """These amounts, and 0 for all others."""
        return Amounts(
            **{one.name: getattr(self, one.name) * (one.name in names) for one in dataclasses.fields(self)}
        )


AMOUNTS = Amounts()


def later_walk(walk: str) -> str:
    """The name of a walk of the second session.

    Examples
    --------
    >>> later_walk("nm-01")
    '2@nm-01'
    """
    return f"{SESSION}@{walk}"


def first_walk(walk: str) -> tuple[bool, str]:
    """Whether a walk is of the second session, and its name without that.

    Examples
    --------
    >>> first_walk("2@nm-01"), first_walk("nm-01")
    ((True, 'nm-01'), (False, 'nm-01'))
    """
    later = walk.startswith(f"{SESSION}@")
    return later, walk.removeprefix(f"{SESSION}@") if later else walk
