"""How the pictures are cut and scaled: a usual reason why two laboratories differ by points on one set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from gaitbench.doctor.reading.facts import Facts, Shape

__all__ = ["Framing", "framing_of"]

#: Share of the frames in which crops reach from the first row to the last, and sequences that must be so.
_FILLING, _OF_ALL = 0.8, 0.6
#: Share of the rows that a person fills in our crops, at least; of the width by which it may stand off the middle.
_FULL, _CENTRED = 0.95, 0.05
#: Width over height with closed legs between which people stay who are not stretched; those of the walkers, over all
#: views, coats and bags, lie between 0.24 and 0.40.
_SLIM, _BROAD = 0.15, 0.5
#: Frames that are scaled by their own rows alone reach both ends nearly always.
_EACH = 0.95


@dataclass(frozen=True)
class Framing:
    """What the frames seem to be.

    Parameters
    ----------
    pictures : str
        What they are, in words: whole frames or crops, and their size.
    crops : bool
    height : float
        Median height of people in pixels; 0 where nobody is seen.
    share : float
        The same as a share of the picture's height.
    ours : str
        What we make of people, in words.
    differences : tuple of str
        In what the data differ from it, a sentence each.
    stretched : str
        Why the ratio of width to height seems not kept; "" where it seems to be.
    """

    pictures: str
    crops: bool
    height: float
    share: float
    ours: str
    differences: tuple[str, ...] = ()
    stretched: str = ""


def framing_of(facts: Sequence[Facts], size: tuple[int, int]) -> Framing:
    """Tell crops from whole frames, and their cut and ratio from ours.

    Parameters
    ----------
    facts : sequence of Facts
    size : (int, int)
        Height and width of the suite's crops.
    """
    ours = (
        f"{size[0]} rows and {size[1]} columns: the person's rows, smoothed over time, fill the height, the ratio "
        "is kept, the middle of the mass is the middle column"
    )
    seen = [(one, one.shape) for one in facts if one.shape is not None and one.frames]
    if not seen:
        return Framing("nobody is seen in any picture", False, 0.0, 0.0, ours)
    sizes = Counter(one.size for one, _ in seen)
    (height, width), most = sizes.most_common(1)[0]
    odd = len(seen) - most
    others = "" if not odd else f" ({odd} {'sequence has' if odd == 1 else 'sequences have'} another size)"
    full = [one for one, shape in seen if shape.filling >= _FILLING * _pictures(one)]
    aligned = 2 * sum(one.aligned for one, _ in seen) > len(seen)
    crops = aligned or len(full) > _OF_ALL * len(seen)
    tall = median(shape.height for _, shape in seen)
    share = median(shape.height / one.size[0] for one, shape in seen)
    what = "crops" if crops else "whole frames"
    aspect = median(shape.narrow for _, shape in seen)
    differences = _of_crops(seen, size, aligned, share) if crops else _of_frames(tall, size)
    return Framing(
        f"{what} of {width} x {height} pixels{others}", crops, round(tall, 1), round(share, 3), ours,
        tuple(differences), _stretched(seen, crops, aspect),
    )  # fmt: skip


def _pictures(one: Facts) -> int:
    return max(one.frames - len(one.unreadable) - len(one.black), 1)


def _of_frames(tall: float, size: tuple[int, int]) -> list[str]:
    if tall >= size[0]:
        return []
    return [
        f"people are {tall:.0f} pixels high, fewer than the {size[0]} rows of the crops: they are enlarged"
    ]


def _of_crops(
    seen: Sequence[tuple[Facts, Shape]], size: tuple[int, int], aligned: bool, share: float
) -> list[str]:
    found = []
    height, width = Counter(one.size for one, _ in seen).most_common(1)[0][0]
    if not aligned:
        found.append(
            "they look like crops that somebody has aligned, and are read as whole frames: they are aligned again"
        )
    wanted = round(height * size[1] / size[0])
    if width < wanted:
        found.append(f"they are narrower than ours: {width} columns, {wanted} are needed")
    elif width > wanted:
        found.append(f"they are wider than ours: of {width} columns the middle {wanted} are taken")
    if height != size[0]:
        found.append(f"they have {height} rows, ours {size[0]}: they are scaled")
    if share < _FULL:
        found.append(f"people fill {100 * share:.0f} % of the rows, in ours all of them")
    filling = sum(shape.filling for _, shape in seen) / sum(_pictures(one) for one, _ in seen)
    if filling > _EACH:
        found.append(
            "each frame is scaled by its own rows, so that the body's bob is gone; ours are smoothed over time"
        )
    offset = median(shape.offset for _, shape in seen)
    if offset > _CENTRED:
        found.append(f"people stand off the middle by {100 * offset:.0f} % of the width")
    return found


def _stretched(seen: Sequence[tuple[Facts, Shape]], crops: bool, aspect: float) -> str:
    spanning = sum(shape.spanning for _, shape in seen) / sum(_pictures(one) for one, _ in seen)
    if crops and spanning > _FILLING:
        return "people reach all four borders: they are stretched to the crop, whatever their width"
    if not _SLIM <= aspect <= _BROAD:
        return f"people with closed legs are {aspect:.2f} times as wide as high, where 0.2 to 0.4 is usual"
    return ""
