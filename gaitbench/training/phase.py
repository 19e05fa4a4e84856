"""One training loop of a session: where it begins, what it leaves behind, when it ends."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from gaitbench.errors import ModelError
from gaitbench.training.checkpoints import (
    Generators,
    Modules,
    capture,
    read_checkpoint,
    replay,
    write_checkpoint,
)
from gaitbench.training.session import Session
from gaitbench.training.stopping import BestWeights

__all__ = ["Phase"]


class Phase:
    """One training loop of a session: its checkpoint file, its best weights.

    Raises
    ------
    ModelError
        If checkpoints are wanted and it is not said of what, or the checkpoint there is another training's.
    """

    def __init__(
        self,
        session: Session,
        label: str,
        steps: int,
        optimizers: Sequence[torch.optim.Optimizer],
        modules: Modules,
        generators: Generators,
        validate: Callable[[], float] | None,
    ) -> None:
        if session.folder is not None and not (modules and generators and session.identity_):
            raise ModelError(
                f"{label} cannot be resumed: its training names no modules and generators; train without checkpoints"
            )
        self._session = session
        self._label = label
        self._steps = steps
        self._parts = modules, optimizers, generators
        looks = session.validation
        self._validate = validate if looks is not None else None
        self._best = BestWeights(modules, 1 if looks is None else looks.patience)
        self._done = False
        self.path: Path | None = None
        if session.folder is not None:
            slug = re.sub(r"[^a-z0-9]+", "-", label.lower())
            self.path = session.folder / f"{len(session.phases_):02d}-{slug}.safetensors"
        self._row: dict[str, Any] = {"label": label, "steps": steps, "taken": 0}
        session.phases_.append(self._row)

    def restore(self) -> tuple[int, list[dict[str, float]]]:
        """First step to take and the history before it: 0 and nothing, or where the checkpoint stands."""
        session = self._session
        if self.path is None or not session.resume or not self.path.is_file():
            return 0, []
        tensors, scalars = read_checkpoint(self.path)
        now = {**session.identity_, "steps": self._steps}
        for key, value in now.items():
            if scalars.get("identity", {}).get(key) != value:
                raise ModelError(
                    f"the checkpoint {self.path} belongs to another training (its {key} is "
                    f"{scalars.get('identity', {}).get(key)}, now {value}); train the same again, or remove it"
                )
        replay(tensors, scalars["state"], *self._parts)
        self._best.replay(tensors, scalars["best"])
        if session.scaler_ is not None and scalars["scaler"]:
            session.scaler_.load_state_dict(scalars["scaler"])
        self._done = bool(scalars["done"])
        self._row.update(scalars["row"])
        taken = self._row["taken"]
        self._row["resumed_at"] = taken
        return (self._steps if self._done else taken), list(scalars["history"])

    def after(self, number: int, history: list[dict[str, float]]) -> bool:
        """Look at the held-out people and save if it is time; True if the training stops early."""
        self._row["taken"] = number + 1
        stop = False
        looks = self._session.validation
        if self._validate is not None and looks is not None:
            last = number + 1 == self._steps
            if (number + 1) % looks.every == 0 or last:
                ranks = self._session.ranks
                value = ranks.agree(self._validate(), self._session.device_)
                if not math.isfinite(value):
                    raise ModelError(
                        f"validation of {self._label} is not finite at step {number + 1}; try another seed"
                    )
                history.append({"step": float(number), "validation": value})
                self.note(number, {"validation": value})
                stop = self._best.look(value, number + 1) and not last
                self._row.update(best_step=self._best.step, best=self._best.value, stopped_early=stop)
        if not stop and (number + 1) % self._session.every == 0:
            self.save(history)
        return stop

    def note(self, number: int, values: dict[str, float]) -> None:
        """Send values to the log."""
        if self._session.log is not None:
            for name, value in values.items():
                self._session.log.add_scalar(f"{self._label}/{name}", value, number)

    def finish(self, history: list[dict[str, float]]) -> None:
        """Put the best weights back and keep the end."""
        if self._done:
            return
        self._best.put_back()
        self._done = True
        self.save(history)

    def save(self, history: list[dict[str, float]]) -> None:
        """Write the checkpoint; the first process does."""
        session = self._session
        if self.path is None or not session.ranks.first:
            return
        tensors, state = capture(*self._parts)
        kept, numbers = self._best.capture()
        scalars = {
            "identity": {**session.identity_, "steps": self._steps}, "state": state, "best": numbers,
            "scaler": None if session.scaler_ is None else session.scaler_.state_dict(),
            "done": self._done, "row": self._row, "history": history,
        }  # fmt: skip
        write_checkpoint(self.path, {**tensors, **kept}, scalars)
