"""Training of networks that name people: batches of few people with many samples, triplets and classes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from recognizer.networks.heads import CodedNetwork

__all__ = ["Schedule", "train", "triplets"]


@dataclass(frozen=True)
class Schedule:
    """How `train` goes; see `recognizer.attackers.learned.LearnedAttacker` for the meaning."""

    steps: int
    people: int
    samples: int
    learning_rate: float
    weight_decay: float
    margin: float
    smoothing: float
    class_weight: float


def train(
    network: CodedNetwork,
    draw: Callable[[NDArray[np.int64], np.random.Generator], torch.Tensor],
    subjects: NDArray[np.int64],
    schedule: Schedule,
    rng: np.random.Generator,
    device: torch.device,
) -> list[float]:
    """Fit the network in place; returns the loss of each step.

    Parameters
    ----------
    draw : callable
        (samples, generator) -> what the network reads of these samples, spoiled anew each time.
    subjects : int array (n,)
        Of all samples, 0 to classes - 1.

    Raises
    ------
    FloatingPointError
        If the loss is no longer a number.
    """
    of_subject = [np.flatnonzero(subjects == s) for s in range(subjects.max() + 1)]
    people = min(schedule.people, len(of_subject))
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay
    )
    labels = torch.from_numpy(np.repeat(np.arange(people), schedule.samples)).to(device)
    network.train()
    losses = []
    for step in range(schedule.steps):
        for group in optimizer.param_groups:
            group["lr"] = schedule.learning_rate * _pace(step, schedule.steps)
        chosen = rng.choice(len(of_subject), people, replace=False)
        rows = np.concatenate(
            [
                rng.choice(of_subject[s], schedule.samples, replace=len(of_subject[s]) < schedule.samples)
                for s in chosen
            ]
        )
        codes = network(draw(rows, rng).to(device))
        loss = triplets(codes, labels, schedule.margin)
        if schedule.class_weight:
            scores = network.logits(codes)
            target = torch.from_numpy(subjects[rows]).to(device)[:, None].expand(-1, scores.shape[1])
            loss = loss + schedule.class_weight * functional.cross_entropy(
                scores.flatten(0, 1), target.flatten(), label_smoothing=schedule.smoothing
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        if not math.isfinite(losses[-1]):
            raise FloatingPointError(f"the loss is {losses[-1]} at step {step}")
    network.eval()
    return losses


def triplets(codes: torch.Tensor, labels: torch.Tensor, margin: float) -> torch.Tensor:
    """Mean over the triplets that still violate the margin, part by part (Hermans et al. 2017).

    Parameters
    ----------
    codes : float tensor (n, parts, c)
    labels : int tensor (n,)
    margin : float
    """
    parts = codes.transpose(0, 1)
    squares = (parts * parts).sum(dim=2)
    distance = squares[:, :, None] + squares[:, None, :] - 2 * parts @ parts.transpose(1, 2)
    distance = distance.clamp_min(1e-8).sqrt()
    same = labels[:, None] == labels[None, :]
    near = ~torch.eye(len(labels), dtype=torch.bool, device=labels.device) & same
    # (parts, anchor, positive, negative)
    violation = functional.relu(distance[:, :, :, None] - distance[:, :, None, :] + margin)
    violation = violation * (near[:, :, None] & ~same[:, None, :])
    active = (violation > 0).sum(dim=(1, 2, 3)).clamp_min(1)
    return (violation.sum(dim=(1, 2, 3)) / active).mean()


def _pace(step: int, steps: int) -> float:
    """Linear rise over a twentieth of the steps, then half a cosine down to a fiftieth."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))
