"""Model 2: an unbroken silhouette of nobody in particular, in the pose of the one it is given.

In the style of the silhouette anonymizer that [T20] calls Model 2 and takes its silhouettes from. Given: it works
on silhouettes, is based on DCGAN, and is trained on complete silhouettes, so that its output is unbroken
whatever comes in. Ours: all the rest, see ``docs/anonymizers.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from gaitbench.anonymizers.model2.adversarial import AdversarialSettings, train_encoder, train_generator
from gaitbench.anonymizers.model2.corpus import build_corpus
from gaitbench.anonymizers.model2.drawing import WalkDrawer
from gaitbench.anonymizers.model2.networks import ClipDiscriminator, PoseEncoder, SilhouetteGenerator
from gaitbench.anonymizers.model2.redraw import draw_frames, pad_styles, read_poses
from gaitbench.anonymizers.model2.styles import StyleSpace, distance_fields, mean_style
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.silhouettes.completeness import complete_frames, tidy
from gaitbench.errors import ConfigError, ModelError
from gaitbench.training import (
    Progress,
    Session,
    initialise,
    load_module_state,
    module_state,
    reproducible,
    resolve_device,
    to_device,
    torch_generator,
)
from gaitbench.training.images import padded_size

__all__ = ["Model2", "Model2Settings"]

#: Frames that the network draws in one batch.
_TOGETHER = 120


@dataclass(frozen=True)
class Model2Settings:
    """Choices of Model 2; all ours.

    Parameters
    ----------
    code, style : int
        Numbers in the pose code and in the style code (body).
    width : int
        Channels of the networks' first layers.
    granularity : {"sequence", "frame"}
        How often a style is drawn. ``"frame"`` makes a body that flickers; it is there to be measured.
    strength : float
        From the walk's own style (0: the network draws the walk again, and hides nobody) to the drawn one (1: nothing
        of the own body is used).
    style_scale : float
        Spread of the drawn styles: 1 spreads them as the training people are spread. It is no strength: less of it
        gives everybody the same mean body.
    smoothing : float
        Standard deviation in frames of the Gaussian over the pose codes of a sequence.
    outline_blur : int
        Passes of a 3 x 3 binomial filter over the logits: without any, outlines are frayed by a pixel.
    threads : int
        Threads of torch; part of what makes two runs equal to the last bit.
    training : AdversarialSettings
    """

    code: int = 12
    style: int = 24
    width: int = 16
    granularity: str = "sequence"
    strength: float = 0.8
    style_scale: float = 1.0
    smoothing: float = 0.7
    outline_blur: int = 1
    threads: int = 1
    training: AdversarialSettings = field(default_factory=AdversarialSettings)

    def __post_init__(self) -> None:
        if not 0.0 <= self.strength <= 1.0:
            raise ConfigError(
                f"model-2 needs a strength from 0 (the own body) to 1 (a drawn one), not {self.strength}"
            )


class Model2:
    """Silhouette anonymizer: pose encoder, style noise and DCGAN generator.

    Parameters
    ----------
    settings : Model2Settings, optional

    Attributes
    ----------
    size_ : (int, int)
        Height and width of the crops that it was trained on.
    angles_ : int array (A,)
        Angles it knows, in degrees; another angle is treated as the nearest.
    history_ : list of dict
        Losses during training (empty when loaded).
    """

    name = "model-2"
    trainable = True
    #: Settings that play no part in training.
    applied = ("granularity", "strength", "style_scale", "smoothing", "outline_blur")

    def __init__(self, settings: Model2Settings | None = None) -> None:
        self.settings = settings or Model2Settings()

    def fit(
        self,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        device: str = "cpu",
        effort: float = 1.0,
        progress: Callable[[float, str], None] | None = None,
        labels: Sequence[NDArray[np.bool_]] | None = None,
        session: Session | None = None,
    ) -> Self:
        """Learn from the silhouettes of `sequences`.

        Parameters
        ----------
        sequences : sequence of GaitSequence
            Of the training subjects, all of one size.
        seed : int
            Decides weights, order and noise: the same seed and data give the same weights.
        device : str
            ``auto``, ``cpu`` or ``cuda``.
        effort : float
            Scales the number of steps; 1 is the suite ``quick``.
        progress : callable, optional
            Called with a fraction in [0, 1] and a line of text.
        labels : sequence of bool arrays (T,), optional
            Which frames are complete; only those become targets. Found by a simple check if None.
        session : Session, optional
            Checkpoints, several processes, precision, early stopping of the encoder, log.

        Raises
        ------
        ModelError
            If there is nothing to learn from, or the training diverges.
        """
        s = self.settings
        session = session or Session()
        where = resolve_device(device)
        session.begin(self.name, s, sequences, seed=seed, effort=effort, device=where, also=labels or ())
        with reproducible(session.threads(s.threads)):
            corpus = build_corpus(sequences, code=s.code, style=s.style, labels=labels)
            self.size_ = (corpus.frames.shape[1], corpus.frames.shape[2])
            self.angles_ = corpus.angles
            self.space_ = corpus.space
            draws = torch_generator(seed)
            self._build(where, draws)
            with torch.random.fork_rng(devices=[]):
                judge = ClipDiscriminator(len(self.angles_), s.width, padded_size(self.size_))
            initialise(judge, draws)
            judge = to_device(judge, self._device)
            how = s.training
            steps, more = (max(1, round(n * effort)) for n in (how.steps, how.encoder_steps))
            self.history_: list[dict[str, float]] = train_generator(
                corpus, self._generator, judge, how, steps=steps, draws=draws, device=self._device,
                progress=_part(progress, 0.0, 0.7), session=session,
            )  # fmt: skip
            held: list[int] = []
            if session.validation is not None:
                held = session.validation.split([q for q in sequences if len(q.silhouettes)], seed)[1]
            self.history_ += train_encoder(
                corpus, self._encoder, how, steps=more, draws=draws, device=self._device,
                progress=_part(progress, 0.7, 1.0), session=session, held=held,
            )  # fmt: skip
        self._encoder.eval()
        self._generator.eval()
        return self

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Give the walk of `sequence` a body drawn from `rng`.

        Parameters
        ----------
        sequence : GaitSequence
            Only its silhouettes and its angle are read.
        rng : numpy.random.Generator
            Source of the style.

        Returns
        -------
        bool array (T, h, w)
            One component per frame; empty where the input is empty.

        Raises
        ------
        ModelError
            If the model is not fitted, or the crops have another size than it was trained on.
        """
        return self.anonymize_draws(sequence, [rng])[0]

    def anonymize_draws(
        self, sequence: GaitSequence, rngs: Sequence[np.random.Generator]
    ) -> list[NDArray[np.bool_]]:
        """`anonymize` under many draws: the poses are read once, the bodies drawn from them in one batch each.

        Returns
        -------
        list of bool array (T, h, w)
            One a generator, the same as `anonymize` gives with it.
        """
        self._check(sequence.silhouettes, f"{sequence.key} has")
        s = self.settings
        silhouettes = sequence.silhouettes
        seen = silhouettes.any(axis=(1, 2))
        if not seen.any():
            return [np.zeros_like(silhouettes) for _ in rngs]
        angle = self._nearest(sequence.key.angle)
        frames = silhouettes[seen]
        share, own, mean = np.float32(1.0 - s.strength), None, None
        if share > 0.0:
            fields = distance_fields(frames)
            mean, own = mean_style(fields, complete_frames(frames)), share * fields
        found = [np.zeros_like(silhouettes) for _ in rngs]
        places = np.flatnonzero(seen)
        with reproducible(1), torch.inference_mode():
            codes = read_poses(self._encoder, frames, angle, smoothing=s.smoothing, device=self._device)
            bodies = [self._body(len(frames), angle, mean, rng) for rng in rngs]
            for i in range(0, len(frames), _TOGETHER):
                part = slice(i, i + _TOGETHER)
                walk = WalkDrawer(
                    self._generator, torch.from_numpy(codes[part]).to(self._device),
                    None if own is None else pad_styles(own[part]).to(self._device), float(share), angle,
                )  # fmt: skip
                for out, (style, drawn) in zip(found, bodies, strict=True):
                    here = part if len(drawn) > 1 else slice(None)
                    logits = draw_frames(
                        walk, style[here], drawn[here], size=self.size_, blur=s.outline_blur,
                        device=self._device,
                    )  # fmt: skip
                    out[places[part]] = tidy(logits > 0.0)
        return found

    def pose_codes(self, silhouettes: NDArray[np.bool_], angle: int) -> NDArray[np.float32]:
        """Poses of frames as `anonymize` reads them, float32 (T, code); see `gaitbench.systems.PoseReader`."""
        self._check(silhouettes, "these silhouettes have")
        with reproducible(1), torch.inference_mode():
            return read_poses(
                self._encoder, silhouettes, self._nearest(angle), smoothing=self.settings.smoothing,
                device=self._device,
            )  # fmt: skip

    def _check(self, silhouettes: NDArray[np.bool_], who: str) -> None:
        self._require_fitted()
        if (size := silhouettes.shape[1:]) != self.size_:
            text = f"model-2 was trained on crops of {self.size_}, {who} {size}; prepare both at one size"
            raise ModelError(text)

    def _nearest(self, angle: int) -> int:
        return int(np.argmin(np.abs(self.angles_ - angle)))

    def _body(
        self, count: int, angle: int, mean: NDArray[np.float32] | None, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """A body for `count` frames: codes (n, K) of its style, and the drawn style (n, h, w) times its share.

        n is 1, or `count` where each frame has a body of its own. `mean`: the walk's own style, None where it has no
        share.
        """
        s = self.settings
        draws = count if s.granularity == "frame" else 1
        share = np.float32(1.0 - s.strength)
        drawn = (np.float32(1.0) - share) * self.space_.sample(angle, draws, rng, scale=s.style_scale)
        mixed = drawn if mean is None else share * mean + drawn
        return self.space_.codes(np.full(draws, angle), mixed), np.ascontiguousarray(drawn)

    def _build(self, device: torch.device, draws: torch.Generator | None = None) -> None:
        s, padded = self.settings, padded_size(self.size_)
        # Construction draws from torch's global generator; fork it so that nothing outside notices.
        with torch.random.fork_rng(devices=[]):
            encoder = PoseEncoder(s.code, len(self.angles_), s.width, padded)
            generator = SilhouetteGenerator(s.code, s.style, len(self.angles_), s.width, padded)
        if draws is not None:
            initialise(encoder, draws)
            initialise(generator, draws)
        self._device = device
        self._encoder = to_device(encoder, device)
        self._generator = to_device(generator, device)

    def _require_fitted(self) -> None:
        if not hasattr(self, "size_"):
            raise ModelError("model-2 is not trained yet; call fit or load_state first")

    def state(self) -> dict[str, np.ndarray]:
        """Everything fitted, as arrays."""
        self._require_fitted()
        return {
            "size": np.array(self.size_, np.int64),
            "angles": np.asarray(self.angles_, np.int64),
            **{f"style_{name}": value for name, value in vars(self.space_).items()},
            **module_state(self._encoder, "encoder"),
            **module_state(self._generator, "generator"),
        }

    def load_state(self, state: Mapping[str, np.ndarray], *, device: str = "cpu") -> Self:
        """Take over what `state` returned.

        Raises
        ------
        ModelError
            If it belongs to other settings or another version.
        """
        parts = [f"style_{field.name}" for field in fields(StyleSpace)]
        missing = {"size", "angles", *parts} - set(state)
        if missing:
            raise ModelError(
                f"stored model-2 lacks {sorted(missing)}; it is of another version, so train again"
            )
        self.size_ = (int(state["size"][0]), int(state["size"][1]))
        self.angles_ = np.array(state["angles"])
        self.space_ = StyleSpace(*(np.array(state[name]) for name in parts))
        self.history_ = []
        self._build(resolve_device(device))
        load_module_state(self._encoder, state, "encoder")
        load_module_state(self._generator, state, "generator")
        self._encoder.eval()
        self._generator.eval()
        return self

    def card(self) -> dict[str, Any]:
        """What was trained, for the record: settings and images seen."""
        s = self.settings
        return {
            "name": self.name,
            "settings": asdict(s),
            "images_at_effort_1": 3 * s.training.clips * s.training.steps
            + s.training.windows * s.training.encoder_steps,
            "parameters": sum(v.size for v in self.state().values()),
        }


def _part(progress: Progress | None, begin: float, end: float) -> Progress | None:
    """Squeeze a stage's progress into its share of the whole."""
    if progress is None:
        return None
    tell = progress
    return lambda fraction, text: tell(begin + (end - begin) * fraction, text)
