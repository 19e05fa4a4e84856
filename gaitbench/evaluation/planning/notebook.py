"""Where tasks are written down as a plan grows: who makes what, and so who needs whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gaitbench.evaluation.planning.rehearsal import RehearsedStore
from gaitbench.evaluation.planning.task import KINDS, Artifact, Task

__all__ = ["Notebook", "chunks"]


class Notebook:
    """Tasks, each artifact made by the first that asks for it.

    Parameters
    ----------
    store : RehearsedStore
        What is there.
    device : str
        The run's device.
    """

    def __init__(self, store: RehearsedStore, device: str) -> None:
        self.store = store
        self.device = device
        self.tasks: dict[str, Task] = {}
        self.maker: dict[Artifact, str] = {}

    def add(
        self,
        kind: str,
        label: str,
        what: str,
        makes: Iterable[Artifact],
        needs: Iterable[Artifact],
        arguments: tuple[Any, ...],
        *,
        known: bool = True,
    ) -> None:
        """Write a task down, unless others make all that it would make."""
        asked = list(dict.fromkeys(makes))
        own = [one for one in asked if one not in self.maker]
        if not own and known:
            return
        others = [one for one in asked if one in self.maker]
        before = dict.fromkeys(self.maker[one] for one in [*others, *needs] if one in self.maker)
        there = self.store.there
        task = Task(
            kind, label, what, tuple(own), tuple(before),
            sum(not (there[one] if one in there else self.store.note(*one)) for one in own), known,
            self.device != "cpu" and kind in ("train", "anonymize", "noise", "observe", "attack", "paint"), arguments,
        )  # fmt: skip
        assert task.name not in self.tasks, f"two tasks are called {task.name}"
        self.tasks[task.name] = task
        self.maker.update(dict.fromkeys(own, task.name))

    def in_order(self) -> tuple[Task, ...]:
        """Tasks by kind; those of one kind as they were written down. What a task needs stands before it."""
        place = {kind: number for number, kind in enumerate(KINDS)}
        return tuple(sorted(self.tasks.values(), key=lambda task: place[task.kind]))


def chunks(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """The items in groups of `size`, the last one smaller."""
    return [items[i : i + size] for i in range(0, len(items), size)]
