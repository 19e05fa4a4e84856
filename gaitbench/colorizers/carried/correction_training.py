"""How the field correction of the colorizer `gaitbench` is learned: the clothes of one body, rendered on another. Ours.

The answer is known only for rendered walkers, so the network is trained once, on walkers whom no suite contains, and
comes with the package (``python -m gaitbench.making.bundled_colorizer``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gaitbench.colorizers.carried.correction import FieldCorrection, carried
from gaitbench.colorizers.carried.gaitbench_colorizer import GaitbenchColorizerSettings, base_field
from gaitbench.colorizers.learned.pairs import ColorPairs, vary_colors
from gaitbench.training import Progress, initialise, reproducible, run_steps, torch_generator
from gaitbench.training.images import pad_frames

__all__ = ["CorrectionSettings", "TruePairs", "train_correction"]


@dataclass(frozen=True)
class CorrectionSettings:
    """Choices of the training; all ours.

    Parameters
    ----------
    width, steps, batch : int
        Channels of the network, optimiser steps, pictures in each.
    learning_rate : float
        Of Adam, with a warm cosine.
    edges : float
        Weight of the differences between neighbouring pixels beside those of the pixels.
    """

    width: int = 24
    steps: int = 6000
    batch: int = 16
    learning_rate: float = 2e-3
    edges: float = 0.3


@dataclass(frozen=True)
class TruePairs:
    """Training pictures, 64 rows high.

    Parameters
    ----------
    rgb, truth : uint8 arrays (N, h, w, 3)
        The original, and the same clothes on the other body (outside it anything).
    old, new : bool arrays (N, h, w)
        Silhouettes of both bodies.
    """

    rgb: NDArray[np.uint8]
    truth: NDArray[np.uint8]
    old: NDArray[np.bool_]
    new: NDArray[np.bool_]


def train_correction(
    pairs: TruePairs, settings: CorrectionSettings, *, seed: int, progress: Progress | None = None
) -> tuple[FieldCorrection, list[dict[str, float]]]:
    """Learn to correct the field; returns the network and the losses over the steps.

    The same pairs, settings and seed give the same weights on one kind of processor.
    """
    s = settings
    with reproducible(1):
        draws = torch_generator(seed)
        wide, x, y = base_field(pairs.rgb, pairs.old, pairs.new, GaitbenchColorizerSettings())
        pictures = np.rint(wide * 255.0).astype(np.uint8)
        with torch.random.fork_rng(devices=[]):
            network = FieldCorrection(s.width)
        initialise(network, draws)
        with torch.no_grad():
            network.leave.weight *= 0.1  # begins at the field as it is
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        learn = torch.optim.Adam(network.parameters(), s.learning_rate, betas=(0.9, 0.99))
        margin = (-pairs.rgb.shape[2]) % 16 // 2

        def step(number: int) -> dict[str, torch.Tensor]:
            index = torch.randint(len(pairs.rgb), (s.batch,), generator=draws).numpy()
            fields = [_padded(x[index], margin) + margin, _padded(y[index], margin)]
            chosen = ColorPairs(
                pad_frames(pictures[index], edge=True), pad_frames(pairs.old[index]), pad_frames(pairs.new[index]),
                pad_frames(pairs.truth[index], edge=True),
            )  # fmt: skip
            chosen, fields = _flipped(chosen, fields, draws)
            batch = vary_colors(chosen, draws, colors=True, flips=False)
            assert batch.targets is not None
            old, new = batch.silhouettes, batch.anonymized
            at_x, at_y, shade = network(batch.originals, old, new, fields[0], fields[1])
            taken = carried(batch.originals, at_x, at_y)
            losses = _losses(taken, taken * shade[:, None], batch.targets, new, s)
            learn.zero_grad()
            torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            learn.step()
            return {name: value.detach() for name, value in losses.items()}

        history = run_steps(step, s.steps, optimizers=(learn,), label="gaitbench", progress=progress)
    return network.eval(), history


def _padded(field: NDArray[np.float32], margin: int) -> torch.Tensor:
    """A field of columns or rows (N, h, w) with `margin` columns on each side; at 64 rows none are added above."""
    return torch.from_numpy(np.pad(field, ((0, 0), (0, 0), (margin, margin)), mode="edge"))


def _flipped(
    pairs: ColorPairs, fields: list[torch.Tensor], draws: torch.Generator
) -> tuple[ColorPairs, list[torch.Tensor]]:
    """Half of the pictures flipped, and the field of columns and rows with them."""
    width = pairs.originals.shape[-1]
    flip = torch.rand(len(pairs.originals), generator=draws) < 0.5

    def turned(value: torch.Tensor) -> torch.Tensor:
        return torch.where(flip.view(-1, *(1,) * (value.ndim - 1)), value.flip(-1), value)

    x = torch.where(flip[:, None, None], width - 1 - fields[0].flip(-1), fields[0])
    assert pairs.targets is not None
    masks = turned(pairs.silhouettes), turned(pairs.anonymized)
    return ColorPairs(turned(pairs.originals), *masks, turned(pairs.targets)), [x, turned(fields[1])]


def _losses(
    taken: torch.Tensor, made: torch.Tensor, truth: torch.Tensor, new: torch.Tensor, s: CorrectionSettings
) -> dict[str, torch.Tensor]:
    """Terms over the new body: colours, colours before shading, edges."""
    inside = new[:, None]
    count = 3.0 * inside.sum().clamp_min(1.0)
    losses = {
        "colours": ((made - truth).abs() * inside).sum() / count,
        "taken": 0.3 * ((taken - truth).abs() * inside).sum() / count,
    }
    steps = [(_along(made, a), _along(truth, a), _both(inside, a)) for a in (2, 3)]
    losses["edges"] = s.edges * torch.stack([((m - t).abs() * b).sum() for m, t, b in steps]).sum() / count
    return losses


def _along(x: torch.Tensor, axis: int) -> torch.Tensor:
    return x.diff(dim=axis)


def _both(inside: torch.Tensor, axis: int) -> torch.Tensor:
    size = inside.shape[axis] - 1
    return inside.narrow(axis, 0, size) * inside.narrow(axis, 1, size)
