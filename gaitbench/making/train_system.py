"""Train one system by itself, on the data that a suite would train it on, and keep its weights and its card."""

from __future__ import annotations

import dataclasses
import inspect
import shutil
import time
from pathlib import Path
from typing import Any

import torch

from gaitbench.errors import ConfigError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.making.resuming import check_resumable
from gaitbench.registry import ANONYMIZERS, COLORIZERS, Registry
from gaitbench.suites.building import apart, build, checked_value
from gaitbench.system_value import SystemValue
from gaitbench.training import Session, save_system

__all__ = ["check_trainable", "checkpoint_folder", "train_system"]

_REGISTRIES: dict[str, Registry] = {"anonymizer": ANONYMIZERS, "colorizer": COLORIZERS}


def checkpoint_folder(output: Path) -> Path:
    """Where an unfinished training keeps its checkpoints; gone when it is finished."""
    return output / "checkpoints"


def check_trainable(kind: str, name: str) -> None:
    """Refuse a system that is unknown, has nothing to train, or does not take its settings.

    Raises
    ------
    ConfigError
        With the systems that have something to train.
    """
    registry, value = _REGISTRIES[kind], SystemValue.parse(name)
    if getattr(registry.get(value.name), "trainable", True):
        checked_value(registry, value)
        return
    some = [n for n in registry.names() if getattr(registry.get(n), "trainable", True)]
    raise ConfigError(
        f"{kind} {name!r} has nothing to train: suites use it as it is. To be trained: {', '.join(some)}"
    )


def train_system(
    run: RunContext, kind: str, name: str, output: Path, session: Session | None = None
) -> dict[str, Any]:
    """Prepare the role `models` of the run's suite, train, write weights and card.

    Where the training is the one that a suite would do (one process, full precision, every step), the store
    gets the weights too, so that a run of the same suite, data, seed, effort and device finds them.

    Parameters
    ----------
    run : RunContext
    kind : {"anonymizer", "colorizer"}
    name : str
        As registered, or with settings: ``proposed[steps=900]``. ``proposed[seed=3]`` trains under 3; else the suite's
        `seed` counts, whatever trainings it repeats.
    output : path
        Folder of ``weights.safetensors`` and ``card.json``; checkpoints lie in it while the training lasts.
    session : Session, optional
        Checkpoints, processes, precision, early stopping and log. Without it there are no checkpoints.

    Returns
    -------
    dict
        What the card says of the training.

    Raises
    ------
    ConfigError
        If there is nothing to train, `output` cannot be written, or it holds an unfinished training that is not to
        be resumed.
    KeyboardInterrupt
        After Ctrl-C; the checkpoints are kept.
    """
    check_trainable(kind, name)
    name, run = str(checked_value(_REGISTRIES[kind], SystemValue.parse(name))), _once(run)
    session = session or Session()
    system = build(_REGISTRIES[kind], SystemValue.parse(name))
    seed = _seed(run, kind, name)
    check_resumable(session, output, system, seed=seed, effort=run.suite.effort, device=run.device)
    first = session.ranks.first
    if not first:
        session.ranks.wait()  # the first process prepares the data, the others find them in the store
    needs = needs_of_role(run, "models")
    systems = Systems(run, prepare_all(run, needs))
    sequences = systems.silhouettes if kind == "anonymizer" else systems.pictures
    partner = systems.partner(name) if kind == "colorizer" else None
    given: dict[str, Any] = {} if partner is None else {"anonymized": systems.training_masks(partner)}
    if first:
        session.ranks.wait()
    if "session" in inspect.signature(system.fit).parameters:
        given["session"] = session
    elif session.ranks.count > 1:
        raise ConfigError(f"{kind} {name!r} trains in one process only; start it without torchrun")
    begun = time.perf_counter()
    with run.stage(f"train {name}") as stage:
        stage.made()
        system.fit(
            sequences, seed=seed, device=run.device, effort=run.suite.effort,
            progress=run.progress.update, **given,
        )  # fmt: skip
    training = {
        **_data_card(run, systems),
        "partner": partner,
        "seed": seed,
        "effort": run.suite.effort,
        "device": run.device,
        "torch": torch.__version__,
        "seconds": round(time.perf_counter() - begun, 2),
        **(session.summary() if "session" in given else {}),
        "losses": getattr(system, "history_", []),
    }
    if not first:
        return training
    save_system(system, kind, output, {"training": training})
    if session.ranks.count == 1 and session.precision == "full" and session.validation is None:
        run.store.save("models", systems.weights_key(kind, name), system.state(), system.card())
    if session.folder is not None:
        shutil.rmtree(session.folder, ignore_errors=True)
    return training


def _once(run: RunContext) -> RunContext:
    """The run without repeated trainings: one is made here, and a suite that begins with its seed finds it."""
    return dataclasses.replace(run, suite=run.suite.trained_once())


def _seed(run: RunContext, kind: str, name: str) -> int:
    """The seed of the training: the value's own, else the suite's."""
    own = apart(_REGISTRIES[kind], SystemValue.parse(name))[1]
    return run.suite.seed if own is None else own


def _data_card(run: RunContext, systems: Systems) -> dict[str, Any]:
    """What was learned from."""
    suite = run.suite
    return {
        "suite": suite.name,
        "dataset": {
            "name": run.dataset.name,
            "rendered": run.dataset.rendered,
            "fingerprint": run.dataset.fingerprint(),
        },
        "subjects": sorted({n.key.subject for n in systems.training}),
        "walks": list(suite.walks.models),
        "angles": list(suite.data.angles),
        "size": list(suite.data.size),
        "frames": suite.data.frames,
        "sequences": len(systems.silhouettes),
        "unusable": len(systems.training) - len(systems.silhouettes),
        "missing": len(run.log.missing),
    }
