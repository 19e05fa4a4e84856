"""What the walks of a film are called: by a table, else by the film's name and by what is seen. Ours.

A film's name says whom it shows. Walks one after the other are that person's; where two people are seen at once they
cannot all be, and everybody gets a name of their own. A name that is shared by mistake spoils what is measured, one
that is split costs a sample: where it is not known who comes out on which side of a meeting, names are split.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.importing.films.passes import Pass
from gaitbench.importing.films.walks import Film, Walk

__all__ = ["Named", "by_film", "by_table"]


@dataclass(frozen=True)
class Named:
    """A walk, or what of several walks belongs together, with its name.

    Parameters
    ----------
    key : SequenceKey
    walks : tuple of Walk
        Of which at each moment the largest person is taken.
    first, last : int
        Places among the film's frames between which it lies.
    note : str
    """

    key: SequenceKey
    walks: tuple[Walk, ...]
    first: int
    last: int
    note: str = ""


def by_film(
    key: SequenceKey, walks: Sequence[Walk], people: str = "auto"
) -> tuple[list[Named], list[Walk], str]:
    """Names from that of the film.

    Parameters
    ----------
    key : SequenceKey
        The film's.
    walks : sequence of Walk
        Those that look like people, in the order in which they begin.
    people : str
        ``one``, ``many`` or ``auto``.

    Returns
    -------
    named : list of Named
    others : list of Walk
        Of somebody else, where there is to be one person.
    said : str
        How names were given; "" where the film has one walk.
    """
    together = any(one.last >= other.first for one, other in itertools.pairwise(walks))
    if people == "one" and together:
        kept, others = _largest(walks)
        named, _, said = by_film(key, kept, "one")
        return named, others, said
    if len(walks) < 2:
        return [Named(key, (walk,), walk.first, walk.last) for walk in walks], [], ""
    if people == "many" or (people == "auto" and together):
        named = [
            Named(replace(key, subject=f"{key.subject}.{i}"), (walk,), walk.first, walk.last)
            for i, walk in enumerate(walks, start=1)
        ]
        said = f"{len(walks)} walks of people called {named[0].key.subject} to {named[-1].key.subject}"
        why = "more than one person at once" if together else "as --people says"
        return named, [], f"{said} ({why}); --passes gives other names"
    named = [
        Named(_of_take(key, f"p{i}"), (walk,), walk.first, walk.last) for i, walk in enumerate(walks, start=1)
    ]
    said = f"{len(walks)} walks one after the other, all taken for {key.subject}'s"
    return named, [], f"{said}; --people many or --passes says otherwise"


def _of_take(key: SequenceKey, pass_name: str) -> SequenceKey:
    take = pass_name if key.take is None else f"{key.take}.{pass_name}"
    view = key.view if key.degrees is None else key.degrees
    return SequenceKey.of(key.subject, key.condition, view, take=take, session=key.session)


def _largest(walks: Sequence[Walk]) -> tuple[list[Walk], list[Walk]]:
    """Walks of which no two are at once, the largest people first; and the others."""
    kept: list[Walk] = []
    for walk in sorted(walks, key=lambda one: -one.area * one.frames):
        if all(walk.last < other.first or walk.first > other.last for other in kept):
            kept.append(walk)
    return sorted(kept, key=lambda one: one.first), [walk for walk in walks if walk not in kept]


def by_table(film: Film, rows: Sequence[Pass]) -> tuple[list[Named], list[str]]:
    """Names as a table gives them, and the rows for which nobody is found."""
    named, lacking = [], []
    for row in rows:
        walks = film.walks if row.track is None else film.walks[row.track - 1 : row.track]
        seconds = (film.numbers - 1) / RATE
        places = np.flatnonzero((seconds >= row.start - 1e-6) & (seconds <= row.end)).tolist()
        inside = [w for w in walks if w.last >= places[0] and w.first <= places[-1]] if places else []
        if not inside:
            who = "nobody is seen" if row.track is None else f"track {row.track} is not seen"
            lacking.append(
                f"{row.key}: {who} then (line {row.line} of --passes; the film has {_tracks(film)})"
            )
            continue
        first = max(places[0], min(w.first for w in inside))
        last = min(places[-1], max(w.last for w in inside))
        named.append(Named(row.key, tuple(inside), first, last, f"line {row.line} of --passes"))
    return named, lacking


def _tracks(film: Film) -> str:
    if not film.walks:
        return "no walk"
    shown = [
        f"track {i}: {film.seconds(w.first):.1f} to {film.seconds(w.last):.1f} s"
        for i, w in enumerate(film.walks[:6], start=1)
    ]
    more = len(film.walks) - len(shown)
    return "; ".join(shown) + (f"; {more} more" if more else "")
