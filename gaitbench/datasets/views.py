"""Views by name: degrees where a view is known in degrees, else any label.

Arrays, rows and distances hold views as whole numbers. Three digits are a number, 0 to 999: degrees, or somebody's own
numbering of the cameras. Any other label has a number of its own, from 2**51 on, which is computed from the label and
so is the same everywhere; it says which views are the same view, and nothing of where a camera stood.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from gaitbench.errors import DataError

__all__ = ["LABELS_FROM", "View", "degrees_of", "labels_of_views", "view_label", "view_of_label", "view_text"]

#: From it on, and below its double, numbers stand for labels: exact as floats, in JSON and in JavaScript, and nothing
#: that a slip of the finger makes of degrees.
LABELS_FROM = 2**51
_NUMBER = re.compile(r"[0-9]{3}\Z")
#: The labels that this process has met, by number.
_met: dict[int, str] = {}


class View(int):
    """The number of a view that has a label; in arithmetic and arrays an ordinary whole number.

    Examples
    --------
    >>> view_of_label("left-front").label
    'left-front'
    """

    label: str

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return view_of_label, (self.label,)


def view_of_label(label: str) -> int:
    """The number of a view from its label: three digits are that number, all else gets one of its own.

    Raises
    ------
    DataError
        If two labels had one number (one chance in 2e15 for a pair).

    Examples
    --------
    >>> view_of_label("090")
    90
    >>> view_of_label("seq0") == view_of_label("seq0") >= LABELS_FROM
    True
    """
    if _NUMBER.match(label):
        return int(label)
    hashed = int.from_bytes(hashlib.sha256(label.encode("utf-8", "surrogatepass")).digest()[:8])
    found = View(LABELS_FROM + hashed % LABELS_FROM)
    found.label = label
    if _met.setdefault(int(found), label) != label:
        raise DataError(f"the views {label!r} and {_met[int(found)]!r} cannot be told apart; rename one")
    return found


def view_label(number: int) -> str:
    """The label of a view from its number, as names of sequences print it.

    Examples
    --------
    >>> view_label(90), view_label(view_of_label("seq0"))
    ('090', 'seq0')
    """
    if isinstance(number, View):
        return number.label
    return _met.get(int(number), f"{number:03d}")


def view_text(number: int) -> str:
    """A view in a message: its degrees without zeros before them, or its label.

    Examples
    --------
    >>> view_text(0), view_text(view_of_label("seq0"))
    ('0', 'seq0')
    """
    return str(int(number)) if degrees_of(number) is not None else view_label(number)


def labels_of_views(numbers: Iterable[int]) -> dict[str, int]:
    """The labels of those views that have no number of their own, and the number that stands for each.

    Examples
    --------
    >>> labels_of_views([90, view_of_label("seq0")]) == {"seq0": view_of_label("seq0")}
    True
    """
    return {view_label(number): int(number) for number in numbers if number >= LABELS_FROM}


def degrees_of(number: int) -> int | None:
    """The degrees of a view; None where it is only a label.

    Examples
    --------
    >>> degrees_of(90), degrees_of(view_of_label("seq0"))
    (90, None)
    """
    return int(number) if 0 <= number <= 360 else None
