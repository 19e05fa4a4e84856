"""What an attack looks at, in the order in which it does: the one walk that runs, foresees and rehearses it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.rung import Rung, Seen
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.noise import as_next_of

__all__ = ["FEWEST_PEOPLE", "Sight", "ordinary"]

#: In a gallery of fewer, strangers cannot be named as somebody else than the next one.
FEWEST_PEOPLE = 3

T = TypeVar("T")


def ordinary(views: Views, reads: str, source: str) -> Seen:
    """The untouched rows that a recognizer reads."""
    return Seen(*(views.originals(role, reads, source) for role in ("recognizer", "gallery", "probe")))


class Sight:
    """The rows of one attack; each set is made when it is first asked for.

    Parameters
    ----------
    views : Views
    rung : Rung
        The attacker.
    cell : Cell
    reads : str
        What the recognizer takes.
    found : dict, optional
        Kept by whoever looks at attack after attack: which probes are chosen, and who bears whose noise, is the same
        for most of them.
    """

    def __init__(
        self, views: Views, rung: Rung, cell: Cell, reads: str, found: dict[Hashable, Any] | None = None
    ) -> None:
        self.views, self.rung, self.cell, self.reads = views, rung, cell, reads
        self._found = {} if found is None else found

    @cached_property
    def ordinary(self) -> Seen:
        """He learns from, and enrols, untouched people as he sees the probes: the same frames, the same scene."""
        return ordinary(self.views, self.reads, self.cell.attack.input)

    @cached_property
    def shown(self) -> Features:
        """All probes as the system publishes them."""
        return self.views.shown(self.cell, "probe", "probe", self.reads)

    @cached_property
    def chosen(self) -> NDArray[np.bool_]:
        """Which of them are attacked, bool (n,)."""
        keys = self.shown.keys
        return self._once(("chosen", type(self.rung)), (keys,), lambda: self.rung.chosen(self.views, keys))

    @cached_property
    def published(self) -> Features:
        """Those that are attacked."""
        return self.shown if self.chosen.all() else self.shown.take(self.chosen)

    @cached_property
    def probes(self) -> Features:
        """The same ones untouched."""
        probes = self.ordinary.probes
        return probes if self.chosen.all() else probes.take(self.chosen)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The gallery, sorted."""
        return tuple(map(str, np.unique(self.ordinary.gallery.usable().subjects)))

    @property
    def tests_strangers(self) -> bool:
        """Whether there are people enough for the stranger test."""
        return len(self.people) >= FEWEST_PEOPLE

    @property
    def noise_is_borrowed(self) -> bool:
        """Whether strangers bear the noise of another person, and not their own.

        Not where a system cannot be run again, one person's videos bear one noise anyway, or painted pictures are read.
        """
        once = self.rung.noise_is_published or not self.views.redraws(self.cell)
        return self.cell.attack.input == "silhouette" and not once

    @cached_property
    def strangers(self) -> tuple[Features, list[SequenceKey]]:
        """The probes shown as strangers, and whose noise each bears; see `gaitbench.evaluation.attacks.strangers`."""
        after = dict(zip(self.people, [*self.people[1:], *self.people[:1]], strict=True))
        attacked = self.published.keys
        if self.noise_is_borrowed:
            shown = self.views.shown(self.cell, "probe", as_next_of(self.people), self.reads)
            rows, bears = self._once(
                ("borrowed", len(shown.keys), len(attacked)), (shown.keys, self.people, attacked),
                lambda: _borrowed(shown.keys, after, attacked),
            )  # fmt: skip
            return shown.take(rows), bears
        bears = [replace(k, subject=after[k.subject]) for k in attacked if k.subject in after]
        return self.published.take([k.subject in after for k in attacked]), bears

    def _once(self, place: Hashable, of: tuple[Any, ...], find: Callable[[], T]) -> T:
        """What was found at a place before, unless it was of others: names that are the same objects equal soon."""
        before = self._found.get(place)
        if before is None or before[0] != of:
            self._found[place] = before = (of, find())
        found: T = before[1]
        return found

    def walk(self, step: Callable[[Features, Sequence[SequenceKey]], T]) -> tuple[T, T | None]:
        """Take a step on the published probes, and one on the strangers where these have to be looked at themselves.

        Parameters
        ----------
        step : callable
            Of shown probes, and whose noise each of them bears.
        """
        own = step(self.published, self.published.keys)
        if not (self.tests_strangers and self.noise_is_borrowed):
            return own, None
        return own, step(*self.strangers)


def _borrowed(
    shown: Sequence[SequenceKey], after: dict[str, str], attacked: Sequence[SequenceKey]
) -> tuple[NDArray[np.bool_], list[SequenceKey]]:
    """Which of those shown under the noise of the next person are strangers: who bears that of an attacked probe.

    Returns
    -------
    rows : bool array (n,)
        Of `shown`.
    bears : list of SequenceKey
        Whose noise each of those rows bears.
    """
    wanted = set(attacked)
    owners = [replace(k, subject=after[k.subject]) if k.subject in after else None for k in shown]
    rows = np.array([owner in wanted for owner in owners], dtype=bool)
    return rows, [owner for owner in owners if owner is not None and owner in wanted]
