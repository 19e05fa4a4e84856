"""The same content under two names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gaitbench.doctor.findings import Finding
from gaitbench.doctor.reading.facts import Facts

__all__ = ["doubled"]


def doubled(facts: Iterable[Facts]) -> Iterator[Finding]:
    """Sequences whose silhouettes are, frame by frame, those of an earlier one: one finding a copy."""
    first: dict[str, Facts] = {}
    for one in facts:
        if one.digest and first.setdefault(one.digest, one) is not one:
            text = f"holds the same silhouettes as {first[one.digest].key}"
            yield Finding("doubled", str(one.key), text, one.frames)
