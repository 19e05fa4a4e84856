"""What surrounds a training: checkpoints, the other processes, precision, early stopping, the log.

A learned system takes a session as an optional argument of ``fit`` and hands it on. Without one nothing is kept,
and the same operations run in the same order.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from gaitbench import __version__
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ConfigError
from gaitbench.store.hashing import digest
from gaitbench.training.parallel import Ranks
from gaitbench.training.stopping import Validation

__all__ = ["PRECISIONS", "ScalarLog", "Session"]

PRECISIONS: dict[str, torch.dtype | None] = {"full": None, "bf16": torch.bfloat16, "fp16": torch.float16}


class ScalarLog(Protocol):
    """Where losses are drawn; TensorBoard's SummaryWriter is one."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        """Note one value."""


class Session:
    """How one system is trained beyond its own settings.

    Parameters
    ----------
    folder : path, optional
        Where checkpoints lie; without it there are none.
    every : int
        Steps between two checkpoints.
    resume : bool
        Go on from the checkpoints in `folder`.
    ranks : Ranks, optional
        The processes that train together.
    precision : {"full", "bf16", "fp16"}
        Of the networks' arithmetic; losses and weights stay float32. "fp16" scales its gradients and needs a GPU.
    validation : Validation, optional
        Stop early; without it every step is taken.
    log : ScalarLog, optional

    Attributes
    ----------
    phases_ : list of dict
        What became of each call of `run_steps`: label, steps, taken, and with validation best_step and best.
    identity_ : dict
        What a checkpoint must agree with.
    device_ : torch.device
    scaler_ : GradScaler or None
        Only for "fp16".
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        every: int = 100,
        resume: bool = False,
        ranks: Ranks | None = None,
        precision: str = "full",
        validation: Validation | None = None,
        log: ScalarLog | None = None,
    ) -> None:
        if precision not in PRECISIONS:
            raise ConfigError(f"unknown precision {precision!r}; choose {', '.join(PRECISIONS)}")
        if every < 1:
            raise ConfigError(f"a checkpoint every {every} steps is not possible; take 1 or more")
        self.folder = folder
        self.every = every
        self.resume = resume
        self.ranks = ranks or Ranks()
        self.precision = precision
        self.validation = validation
        self.log = log
        self.phases_: list[dict[str, Any]] = []
        self.identity_: dict[str, Any] = {}
        self.device_ = torch.device("cpu")
        self.scaler_: torch.amp.GradScaler | None = None

    def begin(
        self,
        name: str,
        settings: Any,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        effort: float,
        device: torch.device,
        also: Iterable[NDArray[Any]] = (),
    ) -> None:
        """Say what is trained, on what: a checkpoint of anything else is refused.

        Parameters
        ----------
        name : str
            Of the system.
        settings : dataclass
        sequences : sequence of GaitSequence
            Their content is hashed, not their names alone.
        seed, effort, device
            As in `fit`.
        also : iterable of arrays
            Further training data.

        Raises
        ------
        ConfigError
            If the precision does not go with the device.
        """
        if self.precision == "fp16" and device.type != "cuda":
            raise ConfigError("precision fp16 needs a GPU; take bf16 or full on the processor")
        self.device_ = device
        self.scaler_ = torch.amp.GradScaler("cuda") if self.precision == "fp16" else None
        self.phases_ = []
        if self.folder is not None:
            self.identity_ = {
                "system": name, "settings": digest(settings), "data": _content(sequences, also), "seed": seed,
                "effort": effort, "device": device.type, "precision": self.precision,
                "processes": self.ranks.count, "validation": digest(self.validation), "version": __version__,
            }  # fmt: skip

    def threads(self, wanted: int) -> int:
        """Threads of this process: the processes of one machine share what the settings ask for."""
        return max(1, wanted // self.ranks.count)

    def run(self, network: nn.Module, *inputs: torch.Tensor, group: int = 1) -> torch.Tensor:
        """Run a network on a whole batch: this process its own rows, the others theirs.

        Parameters
        ----------
        *inputs : tensors (N, ...)
            The whole batch, the same in every process.
        group : int
            Rows that stay in one process. A network whose output another one reads must be cut at the same places.

        Returns
        -------
        float32 tensor (N, ...)
            Gradients flow through the own rows only; `descend` adds the processes up.
        """
        rows = self.ranks.rows(len(inputs[0]), group=group)
        kind = PRECISIONS[self.precision]
        own = inputs if self.ranks.count == 1 else tuple(value[rows] for value in inputs)
        mixed = contextlib.nullcontext() if kind is None else torch.autocast(self.device_.type, dtype=kind)
        with mixed:
            made: torch.Tensor = network(*own)
        return self.ranks.gather(made.float(), len(inputs[0]), rows)

    def descend(
        self, loss: torch.Tensor, optimizer: torch.optim.Optimizer, *, clip: float | None = None
    ) -> None:
        """One step of an optimiser down a loss that was computed from outputs of `run`.

        Parameters
        ----------
        clip : float, optional
            Largest norm of the gradient of all its weights together.
        """
        weights = [p for group in optimizer.param_groups for p in group["params"]]
        optimizer.zero_grad(set_to_none=True)
        scaled = loss if self.scaler_ is None else self.scaler_.scale(loss)
        scaled.backward()  # type: ignore[no-untyped-call]
        self.ranks.sum_gradients(weights)
        if self.scaler_ is not None:
            self.scaler_.unscale_(optimizer)
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(weights, clip)
        if self.scaler_ is None:
            optimizer.step()
        else:
            self.scaler_.step(optimizer)
            self.scaler_.update()

    @property
    def taken_(self) -> int:
        """Steps that the last call of `run_steps` took."""
        return int(self.phases_[-1]["taken"])

    def summary(self) -> dict[str, Any]:
        """For the card: how it was trained, and where it stopped."""
        return {
            "processes": self.ranks.count,
            "precision": self.precision,
            "validation": None if self.validation is None else dict(vars(self.validation)),
            "phases": self.phases_,
        }


def _content(sequences: Sequence[GaitSequence], also: Iterable[NDArray[Any]]) -> str:
    """Hash of all training data."""
    total = hashlib.sha256()
    for s in sequences:
        total.update(f"{s.key} {s.silhouettes.shape} {s.rgb is not None}".encode())
        total.update(np.packbits(s.silhouettes).tobytes())
        if s.rgb is not None:
            total.update(np.ascontiguousarray(s.rgb).tobytes())
    for array in also:
        total.update(f"{array.shape} {array.dtype}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()[:32]
