"""The stage `train`: what a run will need and is not in the store, trained several systems at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.worker_processes import share_out
from gaitbench.evaluation.stages.systems import Systems

__all__ = ["train_ahead"]

#: A training to be done: kind and text of the system, and what else its `fit` gets.
_Training = tuple[str, str, dict[str, Any]]


def train_ahead(systems: Systems, kind: str, names: Iterable[str]) -> None:
    """Train what is missing in `run.jobs` processes, a system each.

    A training takes one thread: two trainings side by side make more steps a second than one that has both
    processors. What cannot be made or trained is left alone, and is named where it is asked for; so are systems that
    must stay in this process (third parties', and all of them on a GPU). A single training is left alone as well.

    Parameters
    ----------
    systems : Systems
    kind : str
        ``"anonymizer"`` or ``"colorizer"``.
    names : iterable of str
        Texts of systems; every training of each is made, and the anonymizers that teach colorizers before them.
    """
    run = systems.run
    if run.jobs == 1 or run.device != "cpu":
        return
    missing = _missing(systems, kind, names)
    if kind == "colorizer":
        train_ahead(systems, "anonymizer", dict.fromkeys(systems.partner(name) for name in missing))
    if len(missing) < 2:
        return
    tasks: list[_Training] = [(kind, name, systems.given(kind, name)) for name in missing]
    with run.stage("train") as stage:
        stage.made()
        labels = [systems.trained_as(kind, name) for name in missing]
        run.progress.update(0.0, f"{len(labels)} systems, {min(run.jobs, len(labels))} at a time")
        done = share_out(run, stage, _train, [(systems.training, *task) for task in tasks], fewest=2)
        for number, _ in enumerate(done, start=1):
            run.progress.update(number / len(labels), f"{number} of {len(labels)}: {labels[number - 1]}")


def _missing(systems: Systems, kind: str, names: Iterable[str]) -> list[str]:
    """The trainings whose weights are not in the store; weights that several systems share are named once."""
    found: dict[str, str] = {}
    for name in names:
        with contextlib.suppress(GaitbenchError):
            texts = systems.trainings(kind, name) if systems.seeds(kind, name) else ()
            for text in texts:
                if systems.may_move(kind, text):
                    key = systems.weights_key(kind, text)
                    if not systems.run.store.has("models", key):
                        found.setdefault(key, text)
    return list(found.values())


def _train(run: RunContext, training: dict[Need, str], kind: str, name: str, given: dict[str, Any]) -> None:
    """Train one system and keep it (runs in a worker)."""
    # a training that fails is tried again where its system is asked for, and named there
    with contextlib.suppress(GaitbenchError):
        Systems(run, training).train(kind, name, given)
