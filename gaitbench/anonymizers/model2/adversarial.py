"""Training of Model 2: generator against clip discriminator, then the encoder that reads poses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from gaitbench.anonymizers.model2.corpus import GaitCorpus
from gaitbench.anonymizers.model2.networks import ClipDiscriminator, PoseEncoder, SilhouetteGenerator
from gaitbench.anonymizers.model2.occlusion import damage, damage_styles
from gaitbench.anonymizers.model2.redraw import pad_styles
from gaitbench.anonymizers.model2.styles import distance_fields
from gaitbench.errors import ModelError
from gaitbench.training import Progress, Session, run_steps
from gaitbench.training.images import pad_frames

__all__ = ["AdversarialSettings", "train_encoder", "train_generator"]


@dataclass(frozen=True)
class AdversarialSettings:
    """How Model 2 is trained; all ours.

    Parameters
    ----------
    steps, encoder_steps : int
        Of the generator and of the encoder, at effort 1.
    clips : int
        Clips of three frames in a batch of the generator.
    windows : int
        Windows in a batch of the encoder.
    learning_rate : float
        Of Adam, with a warm cosine; the discriminator takes half of it.
    adversarial_from : float
        Share of the steps before the discriminator joins.
    adversarial_weight : float
        Of the generator's adversarial term beside binary cross-entropy plus Dice.
    code_noise, style_noise : float
        Standard deviation of the noise on the codes in training, whose components have about unit variance:
        with it the pose code holds few bits, and neighbouring styles look alike.
    damaged : float
        Share of the encoder's training inputs that are damaged.
    damaged_styles : float
        Share of the generator's own styles that are damaged, while what it shall draw is whole.
    """

    steps: int = 450
    encoder_steps: int = 320
    clips: int = 20
    windows: int = 64
    learning_rate: float = 3e-3
    adversarial_from: float = 0.6
    adversarial_weight: float = 0.03
    code_noise: float = 0.15
    style_noise: float = 0.2
    damaged: float = 0.5
    damaged_styles: float = 0.3


def _soften(clips: torch.Tensor) -> torch.Tensor:
    """Blur a little, real and generated alike: else grey values alone would give the generated away."""
    return functional.avg_pool2d(clips, 3, stride=1, padding=1, count_include_pad=False)


def _overlap_loss(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy plus one minus Dice."""
    chance = torch.sigmoid(logits)
    both = (chance * target).sum((1, 2))
    dice = (2.0 * both + 1.0) / (chance.sum((1, 2)) + target.sum((1, 2)) + 1.0)
    return functional.binary_cross_entropy_with_logits(logits, target) + (1.0 - dice).mean()


def _clips(corpus: GaitCorpus, index: np.ndarray) -> torch.Tensor:
    """Frames (n, F) by number as padded clips (n, F, H, W)."""
    flat = pad_frames(corpus.frames[index.ravel()])
    return flat.view(*index.shape, *flat.shape[1:])


def train_generator(
    corpus: GaitCorpus,
    generator: SilhouetteGenerator,
    judge: ClipDiscriminator,
    settings: AdversarialSettings,
    *,
    steps: int,
    draws: torch.Generator,
    device: torch.device,
    progress: Progress | None,
    session: Session,
) -> list[dict[str, float]]:
    """Train generator and discriminator in place; return the history of the losses.

    Half of the task is to draw complete clips again from their own pose and style; the other half, judged by
    the discriminator alone, is to draw the same poses in styles mixed from two people of that angle.

    Parameters
    ----------
    corpus : GaitCorpus
    generator, judge
        Initialised, on `device`.
    settings : AdversarialSettings
    steps : int
        Steps to take.
    draws : torch.Generator
        Every random choice comes from here.
    device, progress, session
        As in `Anonymizer.fit`. An adversarial loss does not say when to stop, so that every step is taken.
    """
    make = torch.optim.Adam(generator.parameters(), settings.learning_rate, betas=(0.7, 0.99))
    tell = torch.optim.Adam(judge.parameters(), 0.5 * settings.learning_rate, betas=(0.5, 0.99))
    begin = round(settings.adversarial_from * steps)
    count = settings.clips
    order = np.argsort(corpus.angle[corpus.targets], kind="stable")
    by_angle = corpus.targets[order]
    first = np.searchsorted(corpus.angle[by_angle], np.arange(len(corpus.angles) + 1))
    poses, styles = torch.from_numpy(corpus.poses), torch.from_numpy(corpus.styles)
    space = corpus.space

    def noisy(values: torch.Tensor, deviation: float) -> torch.Tensor:
        return (values + deviation * torch.randn(values.shape, generator=draws)).to(device)

    def mixed_styles(angle: np.ndarray) -> torch.Tensor:
        """Two people of the angle, mixed so that the variance stays."""
        span = torch.from_numpy(first[angle + 1] - first[angle])
        pick = (torch.rand(2, count, generator=draws) * span).long().numpy() + first[angle]
        two = styles[torch.from_numpy(corpus.sequence[by_angle[pick]])]
        share = torch.rand(count, 1, generator=draws) * (np.pi / 2)
        return torch.cos(share) * two[0] + torch.sin(share) * two[1]

    def step(number: int) -> dict[str, torch.Tensor]:
        chosen = corpus.targets[torch.randint(len(corpus.targets), (count,), generator=draws).numpy()]
        window = corpus.window[chosen]
        wanted = _clips(corpus, window).to(device)
        angle = torch.from_numpy(corpus.angle[chosen]).to(device)
        angle3 = angle.repeat_interleave(3)
        code = noisy(poses[torch.from_numpy(window)].flatten(0, 1), settings.code_noise)
        sequence = corpus.sequence[chosen]
        noise = settings.style_noise * torch.randn((count, styles.shape[1]), generator=draws)
        shift = np.tensordot(noise.numpy(), space.directions, axes=1)
        # how much of each frame is told beyond the walk's mean: nothing in half of the clips, all in a tenth
        told = (torch.rand(count, generator=draws) * 2.5 - 1.25).clamp(0.0, 1.0)
        mean = corpus.images[sequence]
        fields = distance_fields(corpus.frames[window.ravel()]).reshape(count, 3, *mean.shape[1:])
        bodies = (mean + shift)[:, None] + told.numpy()[:, None, None, None] * (fields - mean[:, None])
        seen = pad_styles(bodies.clip(-1.0, 1.0).reshape(-1, *mean.shape[1:]).astype(np.float32))
        seen = damage_styles(seen, draws, share=settings.damaged_styles).to(device)
        own = (styles[torch.from_numpy(sequence)] + noise).to(device)
        logits = session.run(
            generator,
            code,
            own.repeat_interleave(3, 0),
            seen,
            told.to(device).repeat_interleave(3),
            angle3,
            group=3,
        )
        losses = {"overlap": _overlap_loss(logits, wanted.flatten(0, 1))}
        total = losses["overlap"]
        if number >= begin and settings.adversarial_weight > 0:
            other = mixed_styles(corpus.angle[chosen])
            drawn_bodies = pad_styles(space.images(corpus.angle[chosen], other.numpy())).to(device)
            drawn = session.run(
                generator, code, other.to(device).repeat_interleave(3, 0), drawn_bodies.repeat_interleave(3, 0),
                torch.zeros(3 * count, device=device), angle3,
                group=3,
            )  # fmt: skip
            fake = torch.sigmoid(drawn).view_as(wanted)
            real, fake = _soften(wanted), _soften(fake)
            scores = session.run(judge, torch.cat([real, fake.detach()]), angle.repeat(2))
            truth = torch.cat([torch.full((count,), 0.9), torch.zeros(count)]).to(device)
            losses["judge"] = functional.binary_cross_entropy_with_logits(scores, truth)
            session.descend(losses["judge"], tell)
            judge.requires_grad_(False)
            losses["fooled"] = functional.softplus(-session.run(judge, fake, angle)).mean()
            judge.requires_grad_(True)
            total = total + settings.adversarial_weight * losses["fooled"]
        session.descend(total, make, clip=5.0)
        return {name: value.detach() for name, value in losses.items()}

    return run_steps(
        step, steps, optimizers=(make, tell), label="model-2 generator", progress=progress, session=session,
        modules={"generator": generator, "judge": judge}, generators={"draws": draws},
    )  # fmt: skip


def train_encoder(
    corpus: GaitCorpus,
    encoder: PoseEncoder,
    settings: AdversarialSettings,
    *,
    steps: int,
    draws: torch.Generator,
    device: torch.device,
    progress: Progress | None,
    session: Session,
    held: Sequence[int] = (),
) -> list[dict[str, float]]:
    """Teach the encoder to read pose codes from silhouettes, damaged ones too; parameters as above.

    Parameters
    ----------
    held : sequence of int
        Numbers of the sequences that say when to stop and are not learned from.
    """
    apart = np.isin(corpus.sequence[corpus.targets], np.asarray(held, np.int64))
    targets, look = corpus.targets[~apart], corpus.targets[apart]
    if not len(targets) or (held and not len(look)):
        raise ModelError("too few complete silhouettes to hold some people out; train without validation")
    learn = torch.optim.Adam(encoder.parameters(), settings.learning_rate, betas=(0.9, 0.99))
    poses = torch.from_numpy(corpus.poses)

    def step(number: int) -> dict[str, torch.Tensor]:
        drawn = torch.randint(len(targets), (settings.windows,), generator=draws)
        chosen = targets[drawn.numpy()]
        shown = damage(_clips(corpus, corpus.window[chosen]), draws, share=settings.damaged)
        angle = torch.from_numpy(corpus.angle[chosen])
        read = session.run(encoder, shown.to(device), angle.to(device))
        # Early components carry the swing of the legs; a robust loss keeps spoiled frames from ruling.
        loss = functional.smooth_l1_loss(read, poses[torch.from_numpy(chosen)].to(device))
        session.descend(loss, learn)
        return {"pose": loss.detach()}

    some = look[:: max(1, len(look) // 512)]

    def validate() -> float:
        with torch.inference_mode():
            angle = torch.from_numpy(corpus.angle[some]).to(device)
            read = encoder(_clips(corpus, corpus.window[some]).to(device), angle)
            return float(functional.smooth_l1_loss(read, torch.from_numpy(corpus.poses[some]).to(device)))

    return run_steps(
        step, steps, optimizers=(learn,), label="model-2 encoder", progress=progress, session=session,
        modules={"encoder": encoder}, generators={"draws": draws}, validate=validate if held else None,
    )  # fmt: skip
