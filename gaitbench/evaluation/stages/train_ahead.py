"""What a run will need and is not in the store, trained several systems at a time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from typing import Any

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.log import StageTimer
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
    labels = [systems.trained_as(kind, name) for name in missing]
    work = [(systems.training, *task) for task in tasks]
    run.progress.start("train")
    run.progress.update(0.0, f"{len(labels)} systems, {min(run.jobs, len(labels))} at a time")
    started, workers = time.perf_counter(), StageTimer("train")
    for number, seconds in enumerate(share_out(run, workers, _train, work, fewest=2)):
        # a row a training, as where they are trained one after another: its own seconds, side by side with others
        if seconds is not None:
            row = StageTimer(f"train {labels[number]}", seconds, workers.workers_mb, cached=False)
            run.log.stages.append(row)
        run.progress.update((number + 1) / len(labels), f"{number + 1} of {len(labels)}: {labels[number]}")
    run.progress.finish("train", time.perf_counter() - started, False)


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


def _train(
    run: RunContext, training: dict[Need, str], kind: str, name: str, given: dict[str, Any]
) -> float | None:
    """Train one system and keep it (runs in a worker); seconds, or None where it failed."""
    started = time.perf_counter()
    # a training that fails is tried again where its system is asked for, and named there
    with contextlib.suppress(GaitbenchError):
        Systems(run, training).train(kind, name, given)
        return time.perf_counter() - started
    return None
