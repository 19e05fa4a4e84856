"""Model 1: the contour of the walk, moved towards the body that noise has drawn.

In the style of ST-GAN (Tieu, Nguyen, Nguyen-Son, Yamagishi, Echizen, *Spatio-temporal generative adversarial
network for gait anonymization*, J. Inf. Sec. Appl. 46, 2019), which [T20] calls Model 1. Given: contours, an
auto-encoder without a latent layer, a noise generator that brings random noise into the gait distribution, a
spatial and a temporal discriminator, ``L_Rec + L_Pur + L_S + L_T``, strengths 0.1, 0.2 and 0.3. Ours: all the
rest, see ``docs/anonymizers.md``. It follows the contour it is given: a broken one comes out broken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from gaitbench.anonymizers.model1.corpus import build_contour_corpus, from_units, to_units
from gaitbench.anonymizers.model1.networks import ContourAutoEncoder, ContourJudge, NoiseGenerator
from gaitbench.anonymizers.model1.profiles import ProfileSpace, body_profile, profile_displacement
from gaitbench.anonymizers.model1.training import ContourTraining, train_contours
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.silhouettes.contour_parts import fill_parts, trace_parts
from gaitbench.errors import ConfigError, ModelError
from gaitbench.training import (
    Session,
    initialise,
    load_module_state,
    module_state,
    reproducible,
    resolve_device,
    torch_generator,
)

__all__ = ["Model1", "Model1Settings"]


@dataclass(frozen=True)
class Model1Settings:
    """Choices of Model 1.

    Parameters
    ----------
    strength : float
        Given: 0.1, 0.2 or 0.3; more hides better and looks less natural. Used when anonymizing only, so one
        set of weights serves all strengths.
    gain : float
        Ours: share of the way from the own body to the drawn one per unit of strength. At 4 a strength of 0.3
        goes a fifth beyond the drawn body.
    points : int
        Ours: points of a contour, a multiple of 4.
    heights : int
        Ours: heights at which noise draws the body's reach.
    noise : int
        Ours: random numbers that the noise generator reads.
    width : int
        Ours: channels of the networks' first layers.
    threads : int
        Threads of torch; part of what makes two runs equal to the last bit.
    training : ContourTraining
    """

    strength: float = 0.3
    gain: float = 4.0
    points: int = 192
    heights: int = 16
    noise: int = 16
    width: int = 16
    threads: int = 1
    training: ContourTraining = field(default_factory=ContourTraining)


class Model1:
    """Silhouette anonymizer on contours, in the style of ST-GAN.

    Parameters
    ----------
    settings : Model1Settings, optional

    Attributes
    ----------
    angles_ : int array (A,)
        Angles it knows, in degrees; another angle is treated as the nearest.
    space_ : ProfileSpace
        The training people's bodies.
    history_ : list of dict
        Losses during training (empty when loaded).

    Raises
    ------
    ConfigError
        If the strength is negative or `points` is no multiple of 4.
    """

    name = "model-1"
    trainable = True
    #: Settings that play no part in training.
    applied = ("strength",)

    def __init__(self, settings: Model1Settings | None = None) -> None:
        self.settings = settings or Model1Settings()
        if self.settings.strength < 0 or self.settings.points % 4 or self.settings.points < 16:
            raise ConfigError(
                f"model-1 needs a strength of 0 or more and points that divide by 4 (16 or more), not "
                f"{self.settings.strength} and {self.settings.points}"
            )

    def fit(
        self,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        device: str = "cpu",
        effort: float = 1.0,
        progress: Callable[[float, str], None] | None = None,
        session: Session | None = None,
    ) -> Self:
        """Learn from the silhouettes of `sequences`.

        Parameters
        ----------
        sequences : sequence of GaitSequence
            Of the training subjects; sizes may differ.
        seed : int
            Decides weights, order and noise: the same seed and data give the same weights.
        device : str
            ``auto``, ``cpu`` or ``cuda``.
        effort : float
            Scales the number of steps; 1 is the suite ``quick``.
        progress : callable, optional
            Called with a fraction in [0, 1] and a line of text.
        session : Session, optional
            Checkpoints, several processes, precision, log.

        Raises
        ------
        ModelError
            If there is nothing to learn from, or the training diverges.
        """
        s = self.settings
        session, target = session or Session(), resolve_device(device)
        session.begin(self.name, s, sequences, seed=seed, effort=effort, device=target)
        with reproducible(session.threads(s.threads)):
            length = max(2, s.training.length)
            corpus = build_contour_corpus(sequences, points=s.points, length=length, heights=s.heights)
            self.angles_, self.space_ = corpus.angles, corpus.space
            draws = torch_generator(seed)
            self._build(target, draws)
            with torch.random.fork_rng(devices=[]):
                judges = [
                    ContourJudge(channels, s.points, len(self.angles_), s.width)
                    for channels in (2, 2 * (length - 1))
                ]
            for judge in judges:
                initialise(judge, draws)
                judge.to(target)
            self.history_: list[dict[str, float]] = train_contours(
                corpus, (self._coder, self._inventor, judges[0], judges[1]), s.training, noise=s.noise,
                gain=s.gain, steps=max(1, round(s.training.steps * effort)), draws=draws, device=target,
                progress=progress, session=session,
            )  # fmt: skip
        return self

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Move the walk's contours towards a body drawn from `rng`.

        Parameters
        ----------
        sequence : GaitSequence
            Only its silhouettes and its angle are read; any size.
        rng : numpy.random.Generator
            Source of the noise.

        Returns
        -------
        bool array (T, h, w)
            As broken as the input; empty where the input is empty.

        Raises
        ------
        ModelError
            If the model is not fitted.
        """
        return self.anonymize_draws(sequence, [rng])[0]

    def anonymize_draws(
        self, sequence: GaitSequence, rngs: Sequence[np.random.Generator]
    ) -> list[NDArray[np.bool_]]:
        """`anonymize` under many draws: the contours are traced once.

        Returns
        -------
        list of bool array (T, h, w)
            One a generator, the same as `anonymize` gives with it.
        """
        self._require_fitted()
        s, silhouettes, size = self.settings, sequence.silhouettes, sequence.size
        seen = silhouettes.any(axis=(1, 2))
        found = [np.zeros_like(silhouettes) for _ in rngs]
        noises = [rng.standard_normal((1, s.noise)).astype(np.float32) for rng in rngs]
        if not seen.any():
            return found
        angle = int(np.argmin(np.abs(self.angles_ - sequence.key.angle)))
        index = torch.tensor([angle], device=self._device)
        frames = silhouettes[seen]
        outlines, parts = trace_parts(frames, s.points)
        own = self.space_.code(body_profile(frames, s.heights), angle)
        clip = torch.from_numpy(np.ascontiguousarray(to_units(outlines, size).transpose(2, 0, 1)[None]))
        given = clip.to(self._device)
        with reproducible(1), torch.inference_mode():
            for out, noise in zip(found, noises, strict=True):
                body = self._inventor(torch.from_numpy(noise).to(self._device), index)[0].cpu().numpy()
                change = s.strength * s.gain * self.space_.change(body, own, angle)
                moved = profile_displacement(outlines, change, size) / np.float32(size[0] / 2)
                wanted = torch.from_numpy(np.stack([moved, np.zeros_like(moved)])[None]).to(self._device)
                drawn = self._coder(given, wanted, index)[0].permute(1, 2, 0).cpu().numpy()
                out[seen] = fill_parts(from_units(drawn, size), parts, size)
        return found

    def _build(self, device: torch.device, draws: torch.Generator | None = None) -> None:
        s, angles = self.settings, len(self.angles_)
        # Construction draws from torch's global generator; fork it so that nothing outside notices.
        with torch.random.fork_rng(devices=[]):
            coder = ContourAutoEncoder(angles, s.width)
            inventor = NoiseGenerator(s.noise, 2 * s.heights, angles)
        if draws is not None:
            initialise(coder, draws)
            initialise(inventor, draws)
            # Begin with contours as they are.
            with torch.no_grad():
                coder.leave.convolution.weight *= 0.01
        self._device = device
        self._coder, self._inventor = coder.to(device), inventor.to(device)

    def _require_fitted(self) -> None:
        if not hasattr(self, "space_"):
            raise ModelError("model-1 is not trained yet; call fit or load_state first")

    def state(self) -> dict[str, np.ndarray]:
        """Everything fitted, as arrays."""
        self._require_fitted()
        return {
            "angles": np.asarray(self.angles_, np.int64),
            "profile_mean": self.space_.mean,
            "profile_spread": self.space_.spread,
            **module_state(self._coder, "coder"),
            **module_state(self._inventor, "inventor"),
        }

    def load_state(self, state: Mapping[str, np.ndarray], *, device: str = "cpu") -> Self:
        """Take over what `state` returned, at whatever strength it was fitted.

        Raises
        ------
        ModelError
            If it belongs to other settings or another version.
        """
        missing = {"angles", "profile_mean", "profile_spread"} - set(state)
        if missing:
            raise ModelError(
                f"stored model-1 lacks {sorted(missing)}; it is of another version, so train again"
            )
        self.angles_ = np.array(state["angles"])
        self.space_ = ProfileSpace(np.array(state["profile_mean"]), np.array(state["profile_spread"]))
        self.history_ = []
        self._build(resolve_device(device))
        load_module_state(self._coder, state, "coder")
        load_module_state(self._inventor, state, "inventor")
        return self

    def card(self) -> dict[str, Any]:
        """What was trained, for the record: settings and frames seen."""
        s = self.settings
        return {
            "name": self.name,
            "settings": asdict(s),
            "frames_at_effort_1": s.training.clips * s.training.length * s.training.steps,
            "parameters": sum(v.size for v in self.state().values()),
        }
