"""Sequences that most people have, and some lack; and what lies there instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.tree import LeftOut
from gaitbench.datasets.views import view_label
from gaitbench.doctor.findings import Finding

__all__ = ["left_out", "missing_keys"]

#: What lies there and is told as another kind of finding.
_KINDS = {"empty": "empty", "double": "doubled", "unreadable": "unreadable"}
#: What may lie there in place of a sequence.
_INSTEAD = ("name", "empty", "archive", "link", "unreadable")


def missing_keys(keys: Sequence[SequenceKey]) -> list[SequenceKey]:
    """Sequences that are not there: of each person, the walks and views that more than half of all people have."""
    people = sorted({key.subject for key in keys})
    have = Counter((key.walk, key.angle) for key in keys)
    usual = [cell for cell, count in have.items() if 2 * count > len(people)]
    there = set(keys)
    wanted = (SequenceKey(person, walk, angle) for person in people for walk, angle in usual)
    return sorted(key for key in wanted if key not in there)


def left_out(found: Iterable[LeftOut], missing: list[SequenceKey]) -> Iterator[Finding]:
    """What is not read, with the sequence that is missing for it; and sequences that are missing for no reason seen."""
    unexplained = list(missing)
    for one in found:
        if one.kind == "other":
            continue
        place, _, why = one.text.partition(": ")
        gone = _instead(place, unexplained) if one.kind in _INSTEAD else None
        if gone is not None:
            unexplained.remove(gone)
        kind = _KINDS.get(one.kind, "left-out")
        yield Finding(kind, place if gone is None else str(gone), why if gone is None else f"{place}: {why}")
    for key in unexplained:
        yield Finding("missing", str(key), "is not there; most people have this walk and view")


def _instead(place: str, missing: list[SequenceKey]) -> SequenceKey | None:
    """The missing sequence that a path may stand for: of its subject and walk, and of its view if it names one."""
    parts = PurePath(place).parts
    near = [k for k in missing if any(pair == (k.subject, k.walk) for pair in pairwise(parts))]
    exact = [k for k in near if parts[-1] in (view_label(k.angle), str(k.angle))]
    return next(iter(exact or near), None)
