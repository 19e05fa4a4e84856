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


def missing_keys(keys: Sequence[SequenceKey], asked: Iterable[SequenceKey] = ()) -> list[SequenceKey]:
    """Sequences that are not there: of each person, the walks and views that more than half of all people have.

    Where only half or fewer have a walk and view, those of them that a suite asks for (`asked`).
    """
    people = sorted({key.subject for key in keys})
    have = Counter((key.walk, key.angle) for key in keys)
    usual = [cell for cell, count in have.items() if 2 * count > len(people)]
    there = set(keys)
    wanted = {SequenceKey(person, walk, angle) for person in people for walk, angle in usual}
    wanted |= {key for key in asked if key.subject in people and (key.walk, key.angle) in have}
    return sorted(wanted - there)


def left_out(
    found: Iterable[LeftOut], missing: list[SequenceKey], keys: Sequence[SequenceKey]
) -> Iterator[Finding]:
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
    yield from _missing(unexplained, keys)


def _missing(missing: Sequence[SequenceKey], keys: Sequence[SequenceKey]) -> Iterator[Finding]:
    """Sequences that are missing; those of a walk of which nothing is there are one finding."""
    walks = {(key.subject, key.walk) for key in keys}
    gone: dict[tuple[str, str], list[SequenceKey]] = {}
    for key in missing:
        if (key.subject, key.walk) in walks:
            yield Finding("missing", str(key), "is not there; other people have this walk and view")
        else:
            gone.setdefault((key.subject, key.walk), []).append(key)
    for (subject, walk), views in gone.items():
        where = str(views[0]) if len(views) == 1 else f"{subject}-{walk}"
        text = "is not there" if len(views) == 1 else f"none of the {len(views)} views of this walk is there"
        yield Finding("missing", where, text)


def _instead(place: str, missing: list[SequenceKey]) -> SequenceKey | None:
    """The missing sequence that a path may stand for: of its subject and walk, and of its view if it names one."""
    parts = PurePath(place).parts
    near = [k for k in missing if any(pair == (k.subject, k.walk) for pair in pairwise(parts))]
    exact = [k for k in near if parts[-1] in (view_label(k.angle), str(k.angle))]
    return next(iter(exact or near), None)
