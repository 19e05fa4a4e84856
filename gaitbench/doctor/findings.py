"""What may be wrong with data, as typed values. The kinds and their limits are ours."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "Finding", "listed"]

#: Kind -> its title, and what to do about it.
KINDS: dict[str, tuple[str, str]] = {
    "missing": ("Missing sequences", "download or unpack them again; no figure has them"),
    "empty": ("Nobody there: no picture, or all are black", "make them again, or take them away"),
    "unreadable": ("Files that cannot be read", "copy them again, or take them away"),
    "video": ("Videos that do not fit", "copy them again; silhouettes and video must be of one recording"),
    "short": ("Too short", "leave them out, or give a suite that reads fewer frames"),
    "black": ("Black frames in the middle of a walk", "they are skipped; make them again where that can be done"),
    "cut": ("Cut at the border of the picture", "frames that hold a part of a person spoil a gait"),
    "doubled": ("The same content under two names", "find out whose it is: a person would be named by a copy"),
    "inverted": ("Inverted: white around a black person", "invert them; the person must be white"),
    "filled": ("White fills the picture", "these show nobody; make them again"),
    "grey": ("Levels of grey instead of black and white", "they are cut at one half, and said; write two levels"),
    "numbers": ("Frame numbers", "gaps break a gait's rhythm; two files of one number cannot be read"),
    "sizes": ("Pictures of several sizes", "bring them to one size"),
    "still": ("Standing still: one frame over and over", "make them again"),
    "ratio": ("The ratio of width to height seems not kept", "scale people without stretching them"),
    "left-out": ("Lies there and is not read", "rename, unpack or remove it"),
}  # fmt: skip

#: Frames that a text names; the rest is counted.
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    where : str
        Name of the sequence, or the path.
    text : str
        What is wrong, in a phrase.
    frames : int
        How many frames it concerns; 0 where it is of the whole.
    known : str
        Why it is no alarm: damage that is known of the released set; "" otherwise.
    """

    kind: str
    where: str
    text: str
    frames: int = 0
    known: str = ""


def listed(numbers: tuple[int, ...] | list[int]) -> str:
    """Frame numbers in words, runs joined, the first few named.

    Examples
    --------
    >>> listed([3, 4, 5, 9]), listed([7])
    ('3-5, 9', '7')
    >>> listed(range(1, 20, 2))
    '1, 3, 5, 7 and 6 more'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    named = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs[:_NAMED])
    rest = sum(b - a + 1 for a, b in runs[_NAMED:])
    return f"{named} and {rest} more" if rest else named
