"""A task of a run, and the plan: all of them in an order in which they can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["KINDS", "Artifact", "Plan", "Task"]

#: In the order in which a run comes to them, with what is said of each.
KINDS: dict[str, str] = {
    "prepare": "extract and align walks",
    "train": "train anonymizers and colorizers",
    "anonymize": "anonymize",
    "noise": "anonymize under the noise of a probe (informed)",
    "observe": "what attackers see",
    "attack": "attack",
    "paint": "paint and measure pictures",
    "utility": "measure what stays useful",
    "naturalness": "measure how natural gaits look",
    "rest": "tables, figures and the page",
}

#: Stage of the store and key.
Artifact = tuple[str, str]


@dataclass(frozen=True)
class Task:
    """What one process does in one go.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    label : str
        What it is done by: a system, a recognizer; "" where there is nothing to name.
    what : str
        What it is done to. Kind, label and this tell a task from every other of its plan.
    makes : tuple of (str, str)
        Stage and key of the artifacts that it leaves in the store.
    needs : tuple of str
        Names of the tasks whose artifacts it reads.
    missing : int
        How many of its artifacts are not in the store.
    known : bool
        Whether all of its keys are sure before it is done. What learning attackers read depends on whether a system
        shows another draw of noise otherwise; until something is anonymized under both it is taken to do so.
    device : bool
        Whether it computes on the run's device where that is no processor.
    arguments : tuple
        For `gaitbench.evaluation.planning.doing`; no part of what is printed.
    """

    kind: str
    label: str
    what: str
    makes: tuple[Artifact, ...]
    needs: tuple[str, ...] = ()
    missing: int = 0
    known: bool = True
    device: bool = False
    arguments: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    @property
    def name(self) -> str:
        """The task in one line."""
        return " ".join(filter(None, (self.kind, self.label, self.what)))

    @property
    def done(self) -> bool:
        """Whether all that it makes was in the store when the plan was made."""
        return self.known and not self.missing

    @property
    def units(self) -> int:
        """Artifacts to be made: what its time goes by; one where they are not known."""
        return self.missing if self.known else max(1, self.missing)


@dataclass(frozen=True)
class Plan:
    """Tasks of a run, each behind those that it needs.

    Parameters
    ----------
    suite : str
        The suite's name.
    data : str
        The data set's name.
    tasks : tuple of Task
    missing_data : tuple of str
        Sequences that the suite asks for and the data lack.
    troubles : tuple of str
        What cannot be planned, and why: it will be a failed cell of the run.
    """

    suite: str
    data: str
    tasks: tuple[Task, ...]
    missing_data: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Task]:
        """Tasks by their names."""
        return {task.name: task for task in self.tasks}

    def todo(self) -> Iterator[Task]:
        """The tasks of which something is not in the store."""
        return (task for task in self.tasks if not task.done)

    @property
    def unknown(self) -> int:
        """Tasks whose keys show themselves later."""
        return sum(not task.known for task in self.tasks if task.kind != "rest")
