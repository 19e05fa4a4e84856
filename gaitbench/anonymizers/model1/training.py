"""Training of Model 1: ``L_Rec + L_Pur + L_S + L_T``, and the noise generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from gaitbench.anonymizers.model1.corpus import ContourCorpus, to_units
from gaitbench.anonymizers.model1.networks import ContourAutoEncoder, ContourJudge, NoiseGenerator
from gaitbench.anonymizers.model1.profiles import profile_displacement
from gaitbench.training import Progress, Session, run_steps

__all__ = ["ContourTraining", "energy_distance", "train_contours"]


@dataclass(frozen=True)
class ContourTraining:
    """How Model 1 is trained; all ours but the four terms of the loss.

    Parameters
    ----------
    steps : int
        At effort 1.
    clips : int
        Clips in a batch.
    length : int
        Frames of a clip.
    learning_rate : float
        Of Adam, with a warm cosine; the discriminators take half of it.
    adversarial_from : float
        Share of the steps before the discriminators join.
    rec_weight, pur_weight, spatial_weight, temporal_weight : float
        Of L_Rec, L_Pur, L_S and L_T. The first two are mean distances in units of half the crop's height, so
        they are small numbers.
    strongest : float
        Training draws strengths from 0 to this.
    draws : int
        Profiles that the noise generator draws at each of three angles in a step.
    """

    steps: int = 250
    clips: int = 12
    length: int = 8
    learning_rate: float = 3e-3
    adversarial_from: float = 0.4
    rec_weight: float = 20.0
    pur_weight: float = 20.0
    spatial_weight: float = 0.02
    temporal_weight: float = 0.02
    strongest: float = 0.35
    draws: int = 48


def energy_distance(drawn: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Squared energy distance between two samples (n, d) and (m, d): 0 when their distributions agree.

    ``2 E|X - Y| - E|X - X'| - E|Y - Y'|`` (Szekely & Rizzo 2013). Unlike a discriminator it cannot be fooled
    by one good body drawn over and over.
    """

    def mean_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        gaps = (a[:, None] - b[None]).square().sum(-1)
        return (gaps + 1e-8).sqrt().sum() / (len(a) * max(1, len(b) - (1 if a is b else 0)))

    return 2.0 * mean_distance(drawn, real) - mean_distance(drawn, drawn) - mean_distance(real, real)


def _steps_of(clips: torch.Tensor) -> torch.Tensor:
    """Motion from frame to frame (N, 2 (F - 1), P), scaled to about one."""
    return 10.0 * (clips[:, :, 1:] - clips[:, :, :-1]).flatten(1, 2)


def train_contours(
    corpus: ContourCorpus,
    networks: tuple[ContourAutoEncoder, NoiseGenerator, ContourJudge, ContourJudge],
    settings: ContourTraining,
    *,
    noise: int,
    gain: float,
    steps: int,
    draws: torch.Generator,
    device: torch.device,
    progress: Progress | None,
    session: Session,
) -> list[dict[str, float]]:
    """Train the networks in place; return the history of the losses.

    - L_Rec (given by name): where nothing is asked for, the contour comes back as it was.
    - L_Pur (given by name; inferred: the *purpose*, a perturbation): the contour moves from the input's body
      towards the body that the noise drew, by a share that grows with the strength.
    - L_S, L_T (given by name): single contours, and the motion between them, pass for real ones.

    Parameters
    ----------
    corpus : ContourCorpus
    networks
        Auto-encoder, noise generator, spatial and temporal discriminator, initialised, on `device`.
    settings : ContourTraining
    noise : int
        Random numbers that the noise generator reads.
    gain : float
        Share of the way to the drawn body per unit of strength.
    steps : int
        Steps to take.
    draws : torch.Generator
        Every random choice comes from here.
    device, progress, session
        As in `Anonymizer.fit`. An adversarial loss does not say when to stop, so that every step is taken.
    """
    coder, inventor, frame_judge, motion_judge = networks
    rate, count = settings.learning_rate, settings.clips
    make = torch.optim.Adam(coder.parameters(), rate, betas=(0.7, 0.99))
    invent = torch.optim.Adam(inventor.parameters(), rate, betas=(0.9, 0.99))
    judges = [*frame_judge.parameters(), *motion_judge.parameters()]
    tell = torch.optim.Adam(judges, 0.5 * rate, betas=(0.5, 0.99))
    begin = round(settings.adversarial_from * steps)
    codes = torch.from_numpy(corpus.codes)
    at_angle = [np.flatnonzero(corpus.angle == a) for a in range(len(corpus.angles))]

    def imagine(angle: NDArray[np.int64]) -> torch.Tensor:
        z = torch.randn(len(angle), noise, generator=draws)
        return session.run(inventor, z.to(device), torch.from_numpy(angle).to(device))

    def learn_noise() -> torch.Tensor:
        gaps = []
        for a in torch.randint(len(at_angle), (3,), generator=draws).tolist():
            drawn = imagine(np.full(settings.draws, a))
            gaps.append(energy_distance(drawn, codes[torch.from_numpy(at_angle[a])].to(device)))
        loss = torch.stack(gaps).mean()
        session.descend(loss, invent)
        return loss.detach()

    def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Clips (N, 2, F, P), the displacements wanted of them, and angle indices; a quarter stays as it is."""
        chosen = torch.randint(len(corpus.clips), (count,), generator=draws).numpy()
        owner = corpus.clip_sequence[chosen]
        angle = corpus.angle[owner]
        with torch.no_grad():
            bodies = imagine(angle).cpu().numpy()
        share = gain * settings.strongest * torch.rand(count, generator=draws).numpy()
        share[: count // 4] = 0.0
        clips, wanted = [], []
        for clip, who, a, body, part in zip(corpus.clips[chosen], owner, angle, bodies, share, strict=True):
            line, size = corpus.outlines[clip], corpus.sizes[who]
            change = part * corpus.space.change(body, corpus.codes[who], int(a))
            moved = profile_displacement(line, change, size) / np.float32(size[0] / 2)
            clips.append(to_units(line, size))
            wanted.append(np.stack([moved, np.zeros_like(moved)], axis=-1))
        tensors = (torch.from_numpy(np.stack(v)).permute(0, 3, 1, 2) for v in (clips, wanted))
        x, goal = (t.contiguous().to(device) for t in tensors)
        return x, goal, torch.from_numpy(angle).to(device)

    def judged(clips: torch.Tensor, angle: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        frames = clips.permute(0, 2, 1, 3).flatten(0, 1)
        length = clips.shape[2]
        each = angle.repeat_interleave(length)
        motion = session.run(motion_judge, _steps_of(clips), angle)
        return session.run(frame_judge, frames, each, group=length), motion

    def step(number: int) -> dict[str, torch.Tensor]:
        losses = {"noise": learn_noise()}
        x, wanted, angle = batch()
        y = session.run(coder, x, wanted, angle)
        still = max(1, count // 4)
        losses["rec"] = settings.rec_weight * (y[:still] - x[:still]).abs().mean()
        losses["pur"] = settings.pur_weight * (y - x - wanted).abs().mean()
        total = losses["rec"] + losses["pur"]
        if number >= begin:
            # Real clips of other people than those that are changed: the judges must not compare.
            real, _, real_angle = batch()
            told = functional.softplus(-torch.cat(judged(real, real_angle))).mean()
            told = told + functional.softplus(torch.cat(judged(y.detach(), angle))).mean()
            session.descend(told, tell)
            losses["judges"] = told
            for weight in judges:
                weight.requires_grad_(False)
            spatial, temporal = (functional.softplus(-score).mean() for score in judged(y, angle))
            for weight in judges:
                weight.requires_grad_(True)
            losses["spatial"] = settings.spatial_weight * spatial
            losses["temporal"] = settings.temporal_weight * temporal
            total = total + losses["spatial"] + losses["temporal"]
        session.descend(total, make, clip=5.0)
        return {name: value.detach() for name, value in losses.items()}

    names = ("coder", "inventor", "frame_judge", "motion_judge")
    return run_steps(
        step, steps, optimizers=(make, invent, tell), label="model-1", progress=progress, session=session,
        modules=dict(zip(names, networks, strict=True)), generators={"draws": draws},
    )  # fmt: skip
