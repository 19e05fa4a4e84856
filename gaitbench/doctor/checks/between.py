"""Sequences that differ from the others of their view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gaitbench.doctor.findings import Finding
from gaitbench.doctor.reading.facts import Facts

__all__ = ["other_size"]

#: Share of a view's sequences that must agree before one of them is odd, and how many there must be.
_AGREE, _FEWEST = 0.7, 3


def other_size(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Sequences whose pictures have another size than nearly all others of that view."""
    by_view: dict[int, Counter[tuple[int, int]]] = {}
    for one in facts:
        if one.sizes:
            by_view.setdefault(one.key.angle, Counter())[one.size] += 1
    usual: dict[int, tuple[int, int]] = {}
    for view, sizes in by_view.items():
        size, count = sizes.most_common(1)[0]
        if sizes.total() >= _FEWEST and count >= _AGREE * sizes.total():
            usual[view] = size
    for one in facts:
        own = usual.get(one.key.angle)
        if one.sizes and own is not None and one.size != own:
            text = f"{one.size[1]} x {one.size[0]} pixels, the others of its view {own[1]} x {own[0]}"
            yield Finding("sizes", str(one.key), text)
