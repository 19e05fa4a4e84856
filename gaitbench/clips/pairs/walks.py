"""Which walks are the gallery and which are tested, where people have named their walks themselves. Ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from gaitbench.clips.pairs.table import FilmPairs
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Problem
from gaitbench.errors import DataError

__all__ = ["WalkRoles", "only_judged", "share_walks"]


@dataclass(frozen=True)
class WalkRoles:
    """Walks by role, and that in a line; no line where the suite's own fit.

    Parameters
    ----------
    gallery, probe : tuple of str
    said : str
    """

    gallery: tuple[str, ...]
    probe: tuple[str, ...]
    said: str = ""


def share_walks(
    keys: Iterable[SequenceKey],
    usual: WalkRoles,
    gallery: tuple[str, ...] | None = None,
    probe: tuple[str, ...] | None = None,
) -> WalkRoles:
    """Give walks their roles: as asked, else the suite's where both are among them, else one walk against the others.

    That one is the walk that most people have, of several the first by name.

    Parameters
    ----------
    keys : iterable of SequenceKey
    usual : WalkRoles
        The suite's.
    gallery, probe : tuple of str, optional
        As asked.

    Raises
    ------
    DataError
        If there is one walk alone.
    """
    people = Counter(walk for _, walk in {(k.subject, k.walk) for k in keys})
    if gallery is None and probe is None:
        if set(usual.gallery) & set(people) and set(usual.probe) & set(people):
            return usual
        gallery = (min(people, key=lambda walk: (-people[walk], _natural(walk))),)
    if gallery is None:
        gallery = tuple(sorted(set(people) - set(probe or ()), key=_natural))
    if probe is None:
        probe = tuple(sorted(set(people) - set(gallery), key=_natural))
    if not gallery or not probe:
        only = ", ".join(sorted(people, key=_natural))
        raise DataError(
            f"cannot be judged: every video shows the walk {only}; naming somebody needs a second walk of the same "
            "people to compare with, so film everybody twice and name the walks apart (anna_1.mp4, anna_2.mp4)"
        )
    said = f"Walks: people are known from {', '.join(gallery)} and looked for in {', '.join(probe)}"
    return WalkRoles(gallery, probe, f"{said}; --gallery and --probe say otherwise.")


def only_judged(pairs: FilmPairs, roles: WalkRoles, train: tuple[str, ...] = ()) -> list[str]:
    """Take out of `pairs` whom nobody can know, with a problem each; returns the people who can be tested.

    Parameters
    ----------
    pairs : FilmPairs
        Changed.
    roles : WalkRoles
    train : tuple of str
        People who teach, and need no second walk.

    Raises
    ------
    DataError
        If fewer than two people can be tested.
    """
    walks: dict[str, set[str]] = {}
    for key in pairs.before:
        walks.setdefault(key.subject, set()).add(key.walk)
    tested = []
    for subject, own in sorted(walks.items()):
        known, looked_for = own & set(roles.gallery), own & set(roles.probe)
        if subject in train:
            continue
        if known and looked_for:
            tested.append(subject)
            continue
        what = f"{len(own)} walk{'s' * (len(own) > 1)} ({', '.join(sorted(own))})"
        lack = "none to look for them in" if known else "none that they are known from"
        text = f"{subject}: {what}, {lack}: not judged"
        pairs.problems.append(Problem("one walk", f"subject={subject}", text))
        if not known:
            for key in [k for k in pairs.before if k.subject == subject]:
                del pairs.before[key]
                pairs.after.pop(key, None)
    if len(tested) < 2:
        raise DataError(
            f"cannot be judged: {len(tested)} of {len(walks)} people have a walk in {', '.join(roles.gallery)} and one "
            f"in {', '.join(roles.probe)}; naming somebody needs two people with two walks each (--gallery, --probe)"
        )
    return tested


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """Order in which 2 comes before 10."""
    return [
        (part.isascii() and part.isdecimal(), int(part) if part.isascii() and part.isdecimal() else 0, part)
        for part in re.split(r"(\d+)", text)
    ]
