"""The plain training loop: counted steps, progress, and a stop at the first sign of divergence."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Mapping

import torch

from gaitbench.errors import ModelError
from gaitbench.training.checkpoints import Generators, Modules
from gaitbench.training.interrupts import StopRequest
from gaitbench.training.phase import Phase
from gaitbench.training.session import Session

__all__ = ["Progress", "run_steps", "warm_cosine"]

#: Seconds in which a launcher passes a signal on that the terminal has sent already.
_PASSED_ON = 10.0

#: Called with the finished fraction in [0, 1] and one line of text.
Progress = Callable[[float, str], None]


def warm_cosine(step: int, steps: int, *, warm: float = 0.05, floor: float = 0.02) -> float:
    """Factor of the learning rate: a linear rise, then half a cosine down to `floor`.

    Parameters
    ----------
    step, steps : int
        0-based step and number of steps.
    warm : float
        Share of the steps in which the rate rises.
    floor : float
        Factor at the end.

    Examples
    --------
    >>> round(warm_cosine(0, 100), 2), round(warm_cosine(5, 100), 2), round(warm_cosine(99, 100), 2)
    (0.2, 1.0, 0.02)
    """
    rise = max(1, round(warm * steps))
    if step < rise:
        return (step + 1) / rise
    share = (step - rise) / max(1, steps - 1 - rise)
    return floor + (1.0 - floor) * 0.5 * (1.0 + math.cos(math.pi * min(1.0, share)))


def run_steps(
    step: Callable[[int], Mapping[str, torch.Tensor]],
    steps: int,
    *,
    optimizers: Iterable[torch.optim.Optimizer],
    label: str,
    progress: Progress | None = None,
    every: int = 20,
    session: Session | None = None,
    modules: Modules | None = None,
    generators: Generators | None = None,
    validate: Callable[[], float] | None = None,
) -> list[dict[str, float]]:
    """Call `step` for 0, 1, ..., ``steps - 1`` with a warm cosine learning rate.

    Parameters
    ----------
    step : callable
        Takes the step's number, updates the weights, returns its losses by name (0-dimensional tensors).
    steps : int
    optimizers : iterable of Optimizer
        Their learning rates are scaled by `warm_cosine`.
    label : str
        Name of what is trained; begins the progress text and the error.
    progress : callable or None
        Called every `every` steps and at the end.
    every : int
        Steps between two looks at the losses.

    session : Session, optional
        Checkpoints, early stopping and log; nothing of the kind without it.
    modules : mapping of str to Module, optional
        Every network that `step` changes; a checkpoint holds them, `optimizers` and `generators`.
    generators : mapping of str to torch.Generator or numpy.random.Generator, optional
        Every generator that `step` draws from.
    validate : callable, optional
        Returns a value of held-out people, the lower the better; only called if the session stops early. It draws
        from no generator.

    Returns
    -------
    list of dict
        The losses at each look, with ``"step"``.

    Raises
    ------
    ModelError
        If a loss is not finite at a look, or a checkpoint belongs to another training.
    KeyboardInterrupt
        After Ctrl-C; where the session keeps checkpoints, the last step is finished and kept first.
    """
    optimizers = list(optimizers)
    base = [[group["lr"] for group in optimizer.param_groups] for optimizer in optimizers]
    session = session or Session()
    ranks = session.ranks
    phase = Phase(session, label, steps, optimizers, modules or {}, generators or {}, validate)
    begin, history = phase.restore()
    # several processes stop after the same step, or those that go on would wait for the others for ever
    noted = phase.path is not None or ranks.count > 1
    deaf = 0.0 if ranks.count == 1 else _PASSED_ON
    with StopRequest(deaf) if noted else contextlib.nullcontext() as interrupt:
        for number in range(begin, steps):
            factor = warm_cosine(number, steps)
            for optimizer, rates in zip(optimizers, base, strict=True):
                for group, rate in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = rate * factor
            losses = step(number)
            if number % every == 0 or number == steps - 1:
                values = _finite(losses, label, number, steps)
                history.append({"step": float(number), **values})
                phase.note(number, values)
                if progress is not None:
                    shown = ", ".join(f"{name} {value:.4f}" for name, value in values.items())
                    progress((number + 1) / steps, f"{label}: step {number + 1} of {steps}, {shown}")
            if phase.after(number, history):
                break
            if interrupt is not None and ranks.any(interrupt.asked, session.device_):
                phase.save(history)
                raise KeyboardInterrupt(f"{label} stopped after step {number + 1} of {steps}")
        phase.finish(history)
    return history


def _finite(losses: Mapping[str, torch.Tensor], label: str, number: int, steps: int) -> dict[str, float]:
    """The losses as numbers; an error if one is none."""
    values = {name: float(value) for name, value in losses.items()}
    if not all(math.isfinite(value) for value in values.values()):
        raise ModelError(
            f"training {label} diverged at step {number} of {steps} ({values}); try another seed or a lower rate"
        )
    return values
