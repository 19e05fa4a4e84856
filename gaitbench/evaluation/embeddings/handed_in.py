"""What was handed in: which sequences are probes and gallery, what is missing, and every one of them counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Problem
from gaitbench.errors import DataError
from gaitbench.evaluation.embeddings.arrays import Labels
from gaitbench.evaluation.external.counts import Counts, Handed

__all__ = ["KINDS", "HandedIn", "Side", "counted", "look_through"]

#: What can be wrong: kind -> what is counted, and what it means for the figures.
KINDS: dict[str, str] = {
    "missing": "sequences without an anonymized counterpart (count as identified)",
    "blank": "anonymized sequences whose numbers are NaN, infinite or all zero (count as identified)",
    "original": "originals whose numbers are NaN, infinite or all zero (not judged)",
    "not enrolled": "probes of people without a gallery sequence among the originals (not judged)",
    "no original": "anonymized sequences without an original (not judged)",
    "double": "sequences that stand in a file twice (the first is read)",
}


@dataclass(frozen=True)
class Side:
    """One side of what was handed in.

    Parameters
    ----------
    labels : Labels
    usable : bool array (n,)
    source : str
    """

    labels: Labels
    usable: NDArray[np.bool_]
    source: str

    def rows(self) -> dict[SequenceKey, int]:
        """First row of each sequence."""
        found: dict[SequenceKey, int] = {}
        for row, key in enumerate(self.labels.keys):
            found.setdefault(key, row)
        return found


@dataclass
class HandedIn:
    """A judgement that can start.

    Parameters
    ----------
    people : str array (P,)
        Enrolled, sorted.
    walks : dict of role to tuple of str
        `gallery` and `probe`.
    gallery, probes : tuple of SequenceKey
        Of the originals, usable.
    failed : bool array (n,)
        Probes without a usable anonymized counterpart.
    lazy : bool
        Every enrolled person's gallery was handed in anonymized.
    """

    people: NDArray[np.str_]
    walks: dict[str, tuple[str, ...]]
    gallery: tuple[SequenceKey, ...]
    probes: tuple[SequenceKey, ...]
    failed: NDArray[np.bool_]
    lazy: bool
    counts: Counts
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def look_through(
    original: Side,
    anonymized: Side,
    gallery_walks: Sequence[str] | None,
    probe_walks: Sequence[str] | None,
    usual: tuple[Sequence[str], Sequence[str]],
) -> HandedIn:
    """Decide who is a probe and who is enrolled.

    Parameters
    ----------
    original, anonymized : Side
    gallery_walks, probe_walks : sequence of str or None
        As asked for; the `usual` ones that are there if None.
    usual : (gallery, probe) walks

    Raises
    ------
    DataError
        If nothing can be judged: no person, view or walk in common, one walk a person, fewer than two people.
    """
    before, after = original.rows(), anonymized.rows()
    _check_common(original, anonymized, before, after)
    walks = _walks(original, before, gallery_walks, probe_walks, usual)
    problems = _doubles(original, before) + _doubles(anonymized, after)
    good = {k for k, row in before.items() if original.usable[row]}
    problems += [
        _problem("original", k, f"no usable numbers in {original.source}")
        for k in sorted(set(before) - good)
        if k.walk in walks["gallery"] + walks["probe"]
    ]
    gallery = tuple(sorted(k for k in good if k.walk in walks["gallery"]))
    people = np.unique(np.array([k.subject for k in gallery], dtype=str))
    if len(people) < 2:
        raise DataError(
            f"{original.source}: {len(people)} people have a usable sequence of the gallery walks "
            f"{', '.join(walks['gallery'])}; identification needs at least two"
        )
    enrolled = set(people.tolist())
    tested = sorted(k for k in good if k.walk in walks["probe"])
    problems += [
        _problem("not enrolled", k, f"nobody is enrolled as {k.subject}")
        for k in tested
        if k.subject not in enrolled
    ]
    probes = tuple(k for k in tested if k.subject in enrolled)
    fine = {k for k, row in after.items() if anonymized.usable[row]}
    failed = np.array([k not in fine for k in probes], dtype=bool)
    if failed.all():
        raise DataError(
            f"{anonymized.source}: none of the {len(probes)} probes (walks {', '.join(walks['probe'])}, first: "
            f"{probes[0] if probes else 'none'}) has usable anonymized embeddings; name the walks with --probe"
        )
    problems += [
        _problem("blank", k, f"no usable numbers in {anonymized.source}")
        if k in after
        else _problem("missing", k, f"not in {anonymized.source}")
        for k, bad in zip(probes, failed.tolist(), strict=True)
        if bad
    ]
    problems += [
        _problem("no original", k, f"in {anonymized.source}, but there is no original")
        for k in sorted(set(after) - set(before))
    ]
    lazy = all(k in fine for k in gallery)
    counts = _count(before, after, gallery, probes, fine, lazy, good, walks)
    found = HandedIn(people, walks, gallery, probes, failed, lazy, counts, problems)
    if not lazy:
        some = sum(k in fine for k in gallery)
        found.left_out.append(
            f"lazy-informed: {some} of {len(gallery)} gallery sequences were handed in anonymized; it needs all"
        )
    return found


def _problem(kind: str, key: SequenceKey, why: str) -> Problem:
    return Problem(kind, f"key={key}", f"{key}: {why}")


def _doubles(side: Side, rows: dict[SequenceKey, int]) -> list[Problem]:
    again = [k for row, k in enumerate(side.labels.keys) if rows[k] != row]
    return [_problem("double", k, f"again in {side.source}; the first is read") for k in again]


def _check_common(
    original: Side, anonymized: Side, before: dict[SequenceKey, int], after: dict[SequenceKey, int]
) -> None:
    for name, said in (("subject", "person"), ("angle", "view"), ("walk", "walk")):
        one, two = ({getattr(k, name) for k in keys} for keys in (before, after))
        if not one & two:
            raise DataError(
                f"{original.source} and {anonymized.source} have no {said} in common (first: {min(one)} and "
                f"{min(two)}); name both alike"
            )
    if not set(before) & set(after):
        raise DataError(
            f"{original.source} and {anonymized.source} have no sequence in common (first: {min(before)} and "
            f"{min(after)}); subject, walk and angle must be the same"
        )


def _walks(
    original: Side,
    before: dict[SequenceKey, int],
    gallery: Sequence[str] | None,
    probe: Sequence[str] | None,
    usual: tuple[Sequence[str], Sequence[str]],
) -> dict[str, tuple[str, ...]]:
    of_person: dict[str, set[str]] = {}
    for key in before:
        of_person.setdefault(key.subject, set()).add(key.walk)
    there = set().union(*of_person.values())
    if all(len(walks) < 2 for walks in of_person.values()):
        raise DataError(
            f"{original.source}: every person has one walk only; one is needed to enrol, another as probe"
        )
    chosen: dict[str, tuple[str, ...]] = {}
    for role, asked, own in (("gallery", gallery, usual[0]), ("probe", probe, usual[1])):
        chosen[role] = tuple(w for w in asked or own if w in there)
        if not chosen[role]:
            raise DataError(
                f"{original.source}: none of the {role} walks {', '.join(asked or own)} is there "
                f"({_few(sorted(there))}); name them with --{role}"
            )
        if asked is not None and set(asked) - there:
            absent = ", ".join(w for w in asked if w not in there)
            raise DataError(
                f"{original.source} has no walk {absent} (--{role}); it has {_few(sorted(there))}"
            )
    both = set(chosen["gallery"]) & set(chosen["probe"])
    if both:
        raise DataError(f"walk {min(both)} is both gallery and probe; name others with --gallery or --probe")
    return chosen


def _few(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f", ... {len(names) - 12} more" if len(names) > 12 else "")


def _count(
    before: dict[SequenceKey, int],
    after: dict[SequenceKey, int],
    gallery: tuple[SequenceKey, ...],
    probes: tuple[SequenceKey, ...],
    fine: set[SequenceKey],
    lazy: bool,
    good: set[SequenceKey],
    walks: dict[str, tuple[str, ...]],
) -> Counts:
    """As `evaluate` counts files: handed in, judged, left out, with reasons and names."""
    used = frozenset((*gallery, *probes))
    judged = frozenset(k for k in (*probes, *(gallery if lazy else ())) if k in fine)

    def why(key: SequenceKey, shown: bool) -> str:
        if shown and key not in before:
            return "without an original"
        if key.walk not in walks["gallery"] + walks["probe"]:
            return "on walks that are not tested"
        if key not in good or (shown and key not in fine):
            return "not to be used: NaN, infinite or all zero"
        if key.walk in walks["gallery"]:
            return "of a gallery that no attacker could use whole"
        return "of people who are not enrolled"

    sides = []
    for keys, mine, shown in ((before, used, False), (after, judged, True)):
        left: dict[str, list[str]] = {}
        for key in sorted(set(keys) - mine):
            left.setdefault(why(key, shown), []).append(str(key))
        sides.append(Handed(frozenset(keys), mine, {r: tuple(names) for r, names in sorted(left.items())}))
    lines = (
        f"Handed in: {sides[1].sentence('anonymized', 'judged')}.",
        f"Originals: {sides[0].sentence('untouched', 'used')}.",
    )
    return Counts(lines, sides[0], sides[1], (), 0)


def counted(problems: Sequence[Problem]) -> dict[str, int]:
    """How many there are of each kind, in the order of `KINDS`."""
    found: dict[str, Any] = {kind: sum(p.kind == kind for p in problems) for kind in KINDS}
    return {kind: n for kind, n in found.items() if n}
