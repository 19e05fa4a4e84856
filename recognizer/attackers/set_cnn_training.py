"""Training of `SetCnn`: batches of few people with many sets, triplets and classes, and spoiled silhouettes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from recognizer.attackers.set_cnn_network import SetNetwork

__all__ = ["Schedule", "augment", "batch_all_triplets", "train"]


@dataclass(frozen=True)
class Schedule:
    """How `train` goes; see `SetCnn` for the meaning."""

    steps: int
    people: int
    samples: int
    frames: int
    learning_rate: float
    weight_decay: float
    margin: float
    smoothing: float
    class_weight: float


def train(
    network: SetNetwork,
    sets: Sequence[NDArray[np.uint8]],
    subjects: NDArray[np.int64],
    schedule: Schedule,
    rng: np.random.Generator,
) -> list[float]:
    """Fit the network in place; returns the loss of each step.

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
    network.train()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
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
        batch = np.stack([augment(_some_frames(sets[i], schedule.frames, rng), rng) for i in rows])
        frames = torch.from_numpy(batch.reshape(-1, 1, *batch.shape[2:])).float().div_(255)
        frames = frames.contiguous(memory_format=torch.channels_last)
        labels = torch.from_numpy(np.repeat(np.arange(people), schedule.samples))
        codes = network(frames, [schedule.frames] * len(rows))
        loss = batch_all_triplets(codes, labels, schedule.margin)
        if schedule.class_weight:
            scores = network.logits(codes)
            target = torch.from_numpy(subjects[rows])[:, None].expand(-1, scores.shape[1])
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


def batch_all_triplets(codes: torch.Tensor, labels: torch.Tensor, margin: float) -> torch.Tensor:
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
    near = ~torch.eye(len(labels), dtype=torch.bool) & same
    # (parts, anchor, positive, negative)
    violation = functional.relu(distance[:, :, :, None] - distance[:, :, None, :] + margin)
    violation = violation * (near[:, :, None] & ~same[:, None, :])
    active = (violation > 0).sum(dim=(1, 2, 3)).clamp_min(1)
    return (violation.sum(dim=(1, 2, 3)) / active).mean()


def augment(frames: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """One set as another camera, another coat, a bag or a fault of the extraction might have shown it.

    The same change is made in every frame: a set has one camera and one coat. Ours; the chances are fixed here.

    Parameters
    ----------
    frames : uint8 array (T, h, w)
    rng : numpy.random.Generator
        Always asked for the same number of draws.

    Returns
    -------
    uint8 array (T, h, w)
    """
    _, h, w = frames.shape
    mirror, coat, bag, hole = rng.random(4) < (0.5, 0.5, 0.3, 0.3)
    shift = rng.integers(-2, 3)
    spots = rng.random((3, 4))
    out = np.roll(frames[:, :, ::-1] if mirror else frames, shift, axis=2)
    if coat:  # the trunk a pixel or two wider, down to somewhere between hip and knee
        top, bottom = int(h * 0.18), int(h * (0.5 + 0.3 * spots[0, 0]))
        trunk = out[:, top:bottom].copy()
        for _ in range(1 + int(spots[0, 1] < 0.5)):
            wide = trunk.copy()
            np.maximum(wide[:, :, 1:], trunk[:, :, :-1], out=wide[:, :, 1:])
            np.maximum(wide[:, :, :-1], trunk[:, :, 1:], out=wide[:, :, :-1])
            trunk = wide
        out[:, top:bottom] = trunk
    if (
        bag
    ):  # an ellipse at the height of the trunk, at most two fifths of the picture to a side of its middle
        y, x = h * (0.25 + 0.35 * spots[1, 0]), w * (0.1 + 0.8 * spots[1, 1])
        tall, wide_ = h * (0.05 + 0.1 * spots[1, 2]), w * (0.06 + 0.12 * spots[1, 3])
        rows, columns = np.ogrid[:h, :w]
        out[:, ((rows - y) / tall) ** 2 + ((columns - x) / wide_) ** 2 <= 1] = 255
    if hole:
        tall, across = h * (0.05 + 0.25 * spots[2, 2]), w * (0.1 + 0.4 * spots[2, 3])
        y, x = spots[2, 0] * (h - tall), spots[2, 1] * (w - across)
        out[:, int(y) : int(y + tall), int(x) : int(x + across)] = 0
    return out


def _some_frames(frames: NDArray[np.uint8], count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    return frames[rng.choice(len(frames), count, replace=len(frames) < count)]


def _pace(step: int, steps: int) -> float:
    """Linear rise over a twentieth of the steps, then half a cosine down to a fiftieth."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))
