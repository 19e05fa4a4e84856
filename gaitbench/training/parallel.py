"""Several processes train one network: each computes its share of every batch, all keep the same weights.

Every process draws the whole batch from the same seed, runs the network on its own rows, and gets the others'
results as constants. Each then takes the loss of the *whole* batch, whose gradient flows through its own rows
alone, so that the sum of the gradients over the processes is the gradient of one process, for any loss: also for
one that divides by a sum over the batch, which averaged gradients of shares would get wrong.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta
from typing import Self

import torch
from torch import distributed as dist

from gaitbench.errors import ConfigError, ModelError

__all__ = ["Ranks"]


class Ranks:
    """The processes of a training; one alone by default, and then every method leaves its input as it is.

    Parameters
    ----------
    rank, count : int
        This process's number, 0 to ``count - 1``, and how many there are.

    Examples
    --------
    >>> Ranks().rows(6)
    slice(0, 6, None)
    >>> Ranks(1, 4).rows(6, group=3)
    Traceback (most recent call last):
        ...
    gaitbench.errors.ModelError: a batch of 2 cannot be shared by 4 processes; start fewer of them
    >>> Ranks(1, 2).rows(6, group=3)
    slice(3, 6, None)
    """

    def __init__(self, rank: int = 0, count: int = 1) -> None:
        self.rank = rank
        self.count = count

    @classmethod
    def from_launcher(cls, device: str = "cpu") -> Self:
        """Join the processes that ``torchrun`` started; without it this process is alone.

        Parameters
        ----------
        device : str
            ``cpu`` talks over gloo, ``cuda`` over NCCL.

        Raises
        ------
        ConfigError
            If the launcher's variables contradict each other.
        """
        names = ("RANK", "WORLD_SIZE")
        given = [os.environ.get(name) for name in names]
        if given == [None, None]:
            return cls()
        try:
            rank, count = (int(value or "") for value in given)
        except ValueError:
            raise ConfigError(
                f"the launcher's variables RANK and WORLD_SIZE are {given}; start with torchrun"
            ) from None
        if device.startswith("cuda"):
            # "cuda" without a number then means the GPU of this process
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        if count > 1 and not dist.is_initialized():
            # the first process may prepare data for hours before the others are let in
            backend = "nccl" if device.startswith("cuda") else "gloo"
            dist.init_process_group(backend, rank=rank, world_size=count, timeout=timedelta(hours=24))
        return cls(rank, count)

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes and reports."""
        return self.rank == 0

    def rows(self, number: int, *, group: int = 1) -> slice:
        """Share of this process in `number` rows; rows of one group stay together.

        Raises
        ------
        ModelError
            If there are fewer groups than processes.
        """
        groups = number // group
        if groups < self.count:
            raise ModelError(
                f"a batch of {groups} cannot be shared by {self.count} processes; start fewer of them"
            )
        begin, end = (group * (groups * r // self.count) for r in (self.rank, self.rank + 1))
        return slice(begin, end)

    def gather(self, own: torch.Tensor, number: int, rows: slice) -> torch.Tensor:
        """All rows of a batch: this process's with their gradient, the others' as constants.

        Parameters
        ----------
        own : tensor (n, ...)
            Results of `rows`.
        number : int
            Rows of the whole batch.
        """
        if self.count == 1:
            return own
        whole = own.new_zeros((number, *own.shape[1:]))
        whole[rows] = own.detach()
        dist.all_reduce(whole)
        return torch.cat([whole[: rows.start], own, whole[rows.stop :]])

    def sum_gradients(self, parameters: Iterable[torch.Tensor]) -> None:
        """Add up the gradients of all processes, in place."""
        if self.count == 1:
            return
        grads = [p.grad for p in parameters if p.grad is not None]
        if not grads:
            return
        # one message, not one for each layer
        flat = torch.cat([g.reshape(-1) for g in grads])
        dist.all_reduce(flat)
        for grad, total in zip(grads, torch.split(flat, [g.numel() for g in grads]), strict=True):
            grad.copy_(total.view_as(grad))

    def agree(self, value: float, device: torch.device) -> float:
        """The first process's value, so that all decide alike."""
        if self.count == 1:
            return value
        told = torch.tensor([value], dtype=torch.float64, device=device)
        dist.broadcast(told, src=0)
        return float(told)

    def any(self, value: bool, device: torch.device) -> bool:
        """Whether it is true in any process; all get the same answer."""
        if self.count == 1:
            return value
        told = torch.tensor([float(value)], device=device)
        dist.all_reduce(told, op=dist.ReduceOp.MAX)
        return bool(told)

    def wait(self) -> None:
        """Wait until every process has come here."""
        if self.count > 1:
            dist.barrier()

    def leave(self) -> None:
        """End the connection to the other processes."""
        if self.count > 1 and dist.is_initialized():
            dist.destroy_process_group()
