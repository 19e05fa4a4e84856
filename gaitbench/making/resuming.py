"""Whether a training can go on where a checkpoint stands, looked at before any data are prepared."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from gaitbench import __version__
from gaitbench.errors import ConfigError, ModelError
from gaitbench.store import digest
from gaitbench.training import Session
from gaitbench.training.checkpoints import read_checkpoint

log = logging.getLogger(__name__)

__all__ = ["check_resumable"]


def check_resumable(
    session: Session, output: Path, system: Any, *, seed: int, effort: float, device: str
) -> None:
    """Refuse at once what the training itself would refuse after its data are prepared, but for the data.

    Parameters
    ----------
    session : Session
    output : path
        Folder of the finished weights.
    system : Anonymizer or Colorizer
        Unfitted, with the settings that are asked for.
    seed, effort, device
        As they will be given to ``fit``.

    Raises
    ------
    ConfigError
        If an unfinished training is there and not to be resumed, or a finished one is.
    ModelError
        If a checkpoint belongs to another training or cannot be read.
    """
    if session.folder is None:
        return
    found = sorted(session.folder.glob("*.safetensors"))
    if not session.resume:
        if found:
            raise ConfigError(
                f"{session.folder} holds an unfinished training; go on with --resume, or remove that folder to begin "
                "anew"
            )
        return
    if not found and (output / "card.json").is_file():
        raise ConfigError(
            f"{output} holds a finished training and no checkpoint; leave --resume out to train it anew"
        )
    if not found:
        if session.ranks.first:
            log.warning("there is no checkpoint in %s: the training begins anew", session.folder)
        return
    now = {
        "system": system.name, "seed": seed, "effort": effort, "device": device.partition(":")[0],
        "precision": session.precision, "processes": session.ranks.count, "validation": digest(session.validation),
        "version": __version__,
    }  # fmt: skip
    if hasattr(system, "settings"):
        now["settings"] = digest(system.settings)
    for path in found:
        held = read_checkpoint(path)[1].get("identity", {})
        for key, value in now.items():
            if held.get(key) != value:
                raise ModelError(
                    f"the checkpoint {path} belongs to another training (its {key} is {held.get(key)}, now {value}); "
                    "train the same again, or remove it"
                )
