"""The vectorised style loss beside a plain loop over images and masks: time, memory, agreement.

Goals: at least ten times as fast, at most an eighth of the memory, equal to 1e-6 in value and gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.harness import Case, Peer
from gaitbench.colorizers.learned.masks import grid_masks, nearest_masks, regions
from gaitbench.colorizers.learned.style_loss import StyleLoss


def loop(
    x_rgb: torch.Tensor, phi: torch.Tensor, centre: torch.Tensor, edge: torch.Tensor, masks: torch.Tensor
) -> torch.Tensor:
    """Equations 2 to 4 mask by mask, all images of the batch at once: what one would write first."""
    away = nearest_masks(masks)
    total = phi.new_zeros(())
    masses = torch.stack([(centre * mask).sum((1, 2)) for mask in masks], dim=1)
    for index, mask in enumerate(masks):
        near = torch.where(masses > 0, away[index], torch.inf).argmin(1)
        theirs = masks[near]
        inner = (x_rgb * centre[:, None] * theirs[:, None]).flatten(2)
        outer = (phi * edge[:, None] * mask).flatten(2)
        m = masses.gather(1, near[:, None])[:, 0]
        n = (edge * mask).sum((1, 2))
        use = ((m > 0) & (n > 0)).to(phi.dtype)
        first = inner @ inner.transpose(1, 2) / m.clamp_min(1e-12)[:, None, None]
        second = outer @ outer.transpose(1, 2) / n.clamp_min(1e-12)[:, None, None]
        total = total + ((first - second).abs().sum((1, 2)) * use).sum()
    return total / len(x_rgb)


def example(batch: int, size: tuple[int, int]) -> tuple[torch.Tensor, ...]:
    """Random pictures and two bodies of about a real one's area, shifted against each other."""
    generator = torch.Generator().manual_seed(0)
    x_rgb, phi = torch.rand(2, batch, 3, *size, generator=generator)
    y = torch.linspace(-1, 1, size[0])[:, None]
    x = torch.linspace(-1, 1, size[1])[None]
    shift = torch.rand(2, batch, 1, 1, generator=generator) * 0.2
    bodies = ((x - shift).abs() < 0.4 - 0.1 * y.abs()).float() * (y.abs() < 0.97)
    return x_rgb, phi.requires_grad_(), *bodies


def peak_mb(call: Callable[[], object]) -> float:
    """Highest sum of live tensor memory during a call, from the allocator's own record."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        call()
    live = highest = 0
    for event in sorted(seen.profiler.kineto_results.events(), key=lambda e: e.start_ns()):
        if event.name() == "[memory]":
            live += event.nbytes()
            highest = max(highest, live)
    return highest / 2**20


def cases(batch: int = 16, size: tuple[int, int] = (128, 88)) -> Iterator[Case]:
    """Forward and backward of a batch, with masks that tile and with masks that overlap."""
    x_rgb, phi, new, old = example(batch, size)
    centre, edge = regions(new, old, radius=2, center="overlap")
    grid = grid_masks(8, 4, size)
    wide = torch.nn.functional.max_pool2d(grid[None], 9, stride=1, padding=4)[0]
    for name, masks in (("32 grid cells", grid), ("32 overlapping masks", wide)):
        loss = StyleLoss(masks)

        def once(measure: Callable[[], torch.Tensor]) -> np.ndarray:
            """Value and gradient."""
            phi.grad = None
            value = measure()
            value.backward()
            return torch.cat([value.detach().reshape(1), phi.grad.reshape(-1)]).numpy()

        def ours(loss: StyleLoss = loss) -> np.ndarray:
            return once(lambda: loss(x_rgb, phi, centre, edge))

        def theirs(masks: torch.Tensor = masks) -> np.ndarray:
            return once(lambda: loop(x_rgb, phi, centre, edge, masks))

        # torch keeps freed memory, so that the process does not grow in later rounds: ask its allocator
        share = peak_mb(ours) / peak_mb(theirs)
        yield Case(
            f"style loss, {name}, batch {batch}, {size[0]} x {size[1]}, {share:.3f} of the loop's memory",
            ours,
            [Peer("loop over masks", theirs, torch.__version__, least_ratio=10)],
            lambda a, b: float(np.abs(a - b).max()),
            "10 x, 1/8 memory (in the case's name), 1e-6",
            9,
            most_difference=1e-6,
        )
