"""Views as reports show them: degrees as degrees, and a view that has only a label under its label.

Records hold every view as a whole number; which label a number stands for is noted in ``provenance.views``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["NAMES", "ShownView", "axis_title", "degrees", "label_of_number", "shown_views", "spaced"]

#: Columns of rows, samples and scores that hold a view.
NAMES = ("angle", "gallery_angle", "probe_angle")
#: Views with a label stand behind all degrees and all numbers of three digits, in the order of their labels.
_BEHIND = 1000


class ShownView(int):
    """A view with a label: sorts behind degrees, in the order of the labels, and prints as its label."""

    label: str

    @classmethod
    def of(cls, place: int, label: str) -> ShownView:
        """The view at a place of the order."""
        found = cls(_BEHIND + place)
        found.label = label
        return found

    def __str__(self) -> str:
        return self.label

    def __format__(self, spec: str) -> str:
        return format(self.label, spec) if spec in ("", "s") else super().__format__(spec)

    def __reduce__(self) -> tuple[Any, ...]:
        return ShownView.of, (int(self) - _BEHIND, self.label)


def label_of_number(provenance: Mapping[str, Any]) -> dict[int, str]:
    """Labels by the number that stands for each in the record; empty where all views are degrees."""
    return {int(number): str(label) for label, number in (provenance.get("views") or {}).items()}


def shown_views(provenance: Mapping[str, Any]) -> dict[int, ShownView]:
    """Views by the number that stands for them in the record; empty where all are degrees."""
    held = provenance.get("views") or {}
    labels = sorted(held, key=_natural)
    return {int(held[label]): ShownView.of(place, label) for place, label in enumerate(labels)}


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """Order in which ``cam2`` comes before ``cam10``."""
    parts = re.split(r"([0-9]+)", text)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def degrees(view: object, sign: str = "°") -> str:
    """A view in words: ``90°``, or its label.

    Parameters
    ----------
    view : int
        Of a record that `gaitbench.reporting.reading.labels.labelled` has seen; or what a cell holds of it.
    sign : str

    Examples
    --------
    >>> degrees(90), degrees(90, " deg"), degrees(ShownView.of(0, "cam3"))
    ('90°', '90 deg', 'cam3')
    """
    known = isinstance(view, int) and not isinstance(view, ShownView)
    return f"{view}{sign}" if known else str(view)


def axis_title(
    views: Iterable[int],
    title: str = "viewing angle (0° towards the camera, 90° from the side)",
    without: str = "View",
) -> str:
    """The title of an axis of views: `title`, or `without` degrees where one is only a label."""
    return without if any(isinstance(view, ShownView) for view in views) else title


def spaced(views: Iterable[int]) -> dict[int, float]:
    """Where each view stands on an axis: at its degrees, or evenly where one is only a label."""
    found = sorted(views)
    if not any(isinstance(view, ShownView) for view in found):
        return {view: float(view) for view in found}
    return {view: 18.0 * place for place, view in enumerate(found)}
