"""How far a run is, by its plan: which tasks are done, how long the others take, and what a stage was for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitbench.evaluation.planning.estimates import Forecast
    from gaitbench.evaluation.planning.task import Plan, Task
    from gaitbench.store import Store

__all__ = ["Following", "said_of"]

_ALL = ("prepare", "train", "anonymize", "noise", "observe", "attack", "paint", "utility", "naturalness")
#: Which kinds of task a stage works at; others, such as ``train model-2``, begin with their kind or are of the rest.
_KINDS = {
    "prepare": ("prepare",), "anonymize": ("anonymize",), "known noise": ("noise",), "gei": ("observe",),
    "observe": ("observe",), "identify": ("attack",), "de-anonymize": ("attack",), "attack": ("attack",),
    "quality": ("paint",), "train": ("train",), "utility": ("utility",), "naturalness": ("naturalness",),
    "dask": _ALL, "processes": _ALL,
}  # fmt: skip
#: Looking at the store takes at most one in so many seconds of a run.
_THRIFT = 50
#: Share of the work from which on the time that is left goes by the time that was taken, and not by records.
_TRUSTED = 0.25


class Following:
    """A plan that is being worked off by whomever: what is done is seen in the store.

    Parameters
    ----------
    plan : Plan
    ahead : Forecast
        What its tasks are thought to take.
    store : Store
    again : callable, optional
        Makes the plan again when more of it can be known: of some tasks the keys show themselves when people are
        anonymized.
    clock : callable
        Seconds.
    """

    def __init__(
        self, plan: Plan, ahead: Forecast, store: Store, *, again: Callable[[], Plan] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:  # fmt: skip
        self.store, self.again, self.clock = store, again, clock
        self.takes = {name: max(one.seconds, 1e-3) for name, one in ahead.each.items()}
        self.whole, self.expected = sum(self.takes.values()), ahead.seconds
        self.open: dict[str, Task] = {task.name: task for task in plan.todo()}
        self.began = clock()
        self._next = 0.0

    @property
    def share(self) -> float:
        """How much of the work that was to be done is done, in [0, 1]."""
        left = sum(self.takes.get(name, 0.0) for name in self.open)
        return 1.0 - left / self.whole if self.whole else 1.0

    @property
    def left(self) -> float:
        """Seconds that are thought to be left: by records of earlier runs first, then by what this one has taken."""
        share, taken = self.share, self.clock() - self.began
        trust = min(share / _TRUSTED, 1.0)
        whole = (1 - trust) * self.expected + (trust * taken / share if share else 0.0)
        return max((1.0 - share) * whole, 0.0)

    def look(self, stage: str, *, now: bool = False) -> list[Task]:
        """See which tasks that a stage works at are done by now; not at every call, for looking takes time.

        Parameters
        ----------
        now : bool
            Whether to look in any case.

        Returns
        -------
        list of Task
            Those that were open until now.
        """
        began = self.clock()
        if not now and began < self._next:
            return []
        kinds = _kinds_of(stage)
        if "attack" in kinds:
            self._know_more()
        done = [t for t in self.open.values() if t.kind in kinds and t.known and self._is_there(t)]
        for task in done:
            del self.open[task.name]
        self._next = self.clock() + max(0.5, _THRIFT * (self.clock() - began))
        return done

    def end(self, stage: str) -> list[Task]:
        """A stage has ended: which tasks are done now."""
        done = self.look(stage, now=True)
        own = self.open.pop(f"rest {stage}", None)
        return [*done, *([own] if own else [])]

    def _know_more(self) -> None:
        """Once, when people are anonymized: by then it shows which systems draw any noise."""
        if self.again is None or any(task.kind == "anonymize" for task in self.open.values()):
            return
        again, self.again = self.again, None
        if all(task.known for task in self.open.values() if task.kind != "rest"):
            return
        self.open = {task.name: task for task in again().todo()}
        self.takes = {name: self.takes.get(name, self._usual(task)) for name, task in self.open.items()} | {
            name: seconds for name, seconds in self.takes.items() if name not in self.open
        }
        self.whole = sum(self.takes.values())

    def _usual(self, task: Task) -> float:
        """What tasks of its kind take: one that the first plan did not have."""
        same = [s for name, s in self.takes.items() if name.partition(" ")[0] == task.kind]
        return sum(same) / len(same) if same else 1.0

    def _is_there(self, task: Task) -> bool:
        # the newest artifact is the last: most tasks that are not done are told by one look
        return all(self.store.has(*artifact) for artifact in reversed(task.makes))


def _kinds_of(stage: str) -> tuple[str, ...]:
    return _KINDS.get(stage) or _KINDS.get(stage.partition(" ")[0], ())


def said_of(tasks: Iterable[Task]) -> str:
    """What tasks were for, in a few words; "" where there are none."""
    found = [task for task in tasks if task.kind != "rest"]
    if len(found) == 1:
        return ": ".join(filter(None, (found[0].label, found[0].what)))
    labels = list(dict.fromkeys(task.label for task in found if task.label))
    if not found:
        return ""
    more = f" and {len(labels) - 3} more" if len(labels) > 3 else ""
    return f"{len(found)} tasks{': ' if labels else ''}{', '.join(labels[:3])}{more}"
