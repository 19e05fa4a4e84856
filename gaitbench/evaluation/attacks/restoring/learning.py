"""How a restorer learns: pairs of a gait as the system shows it and as it was, until held-out people gain no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.training import Session, Validation, initialise, reproducible, run_steps, torch_generator

__all__ = ["RestoreSettings", "learn"]


@dataclass(frozen=True)
class RestoreSettings:
    """Choices of ours.

    Parameters
    ----------
    width : int
        A quarter of the channels on GEIs, half of those on silhouettes.
    steps : int
        Optimiser steps at effort 1, at most: the training ends when held-out people gain no more.
    batch : int
        GEIs, or windows of frames, in each.
    learning_rate : float
    held_out : float
        Share of the training people, in (0, 1).
    every, patience : int
        Steps between two looks at them, and looks without a gain at which it ends.
    """

    width: int = 16
    steps: int = 2000
    batch: int = 32
    learning_rate: float = 2e-3
    held_out: float = 0.2
    every: int = 50
    patience: int = 5


def learn(
    run: RunContext,
    s: RestoreSettings,
    net: nn.Module,
    keys: Sequence[SequenceKey],
    loss: Callable[[Sequence[int], torch.Generator | None], torch.Tensor],
) -> int:
    """Train a restorer in place; it ends with the weights that were best on held-out people.

    Parameters
    ----------
    net : nn.Module
        Its weights are drawn anew.
    keys : sequence of SequenceKey
        Whose gait each pair (n) shows.
    loss : callable
        (pairs, generator) -> the mean loss of these pairs: of what the generator draws of them, or, without one, of the
        same each time.

    Returns
    -------
    int
        Steps taken.

    Raises
    ------
    DataError
        If there are fewer than two people.
    """
    if len({k.subject for k in keys}) < 2:
        raise DataError(
            "fewer than two training people were read before and after; there is nobody to hold out"
        )
    validation = Validation(s.held_out, every=s.every, patience=s.patience)
    learning, looking = validation.split_people([k.subject for k in keys], run.suite.seed)
    # as many as a few batches, spread over all people, walks and views
    looked = [
        looking[i] for i in np.unique(np.linspace(0, len(looking) - 1, 8 * s.batch).round().astype(int))
    ]
    with reproducible(1):
        draws = torch_generator(run.suite.seed)
        initialise(net, draws)
        optimizer = torch.optim.Adam(net.parameters(), lr=s.learning_rate)

        def step(number: int) -> dict[str, torch.Tensor]:
            rows = torch.randint(len(learning), (s.batch,), generator=draws).tolist()
            value = loss([learning[i] for i in rows], draws)
            optimizer.zero_grad(set_to_none=True)
            value.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            return {"difference": value.detach()}

        def held_out() -> float:
            with torch.no_grad():
                return float(loss(looked, None))

        session = Session(validation=validation)
        steps = max(1, round(s.steps * run.suite.effort))
        run_steps(
            step, steps, optimizers=[optimizer], label="de-anonymize", progress=run.progress.update,
            session=session, modules={"restorer": net}, validate=held_out,
        )  # fmt: skip
        return session.taken_
