"""What the learned colorizers have in common: data, augmentation, optimiser, steps, network, inference.

A fair fight: all rivals are this class; with the same shared settings they differ in what they are taught and in their
loss, and draw pictures in the same order from the same seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray

from gaitbench.colorizers.learned.adversarial import AdversarialTerm
from gaitbench.colorizers.learned.encoder_decoder import EncoderDecoder
from gaitbench.colorizers.learned.networks import ColorNet
from gaitbench.colorizers.learned.pairs import ColorPairs, PairSet, collect_pairs, vary_colors
from gaitbench.colorizers.learned.settings import ColorizerSettings
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ModelError
from gaitbench.training import (
    Session,
    Validation,
    initialise,
    load_module_state,
    module_state,
    reproducible,
    resolve_device,
    run_steps,
    to_device,
    torch_generator,
)
from gaitbench.training.images import pad_frames, unpad

__all__ = ["LearnedColorizer"]


class LearnedColorizer:
    """Base of the learned colorizers; a subclass brings `name`, `settings` and `_loss`."""

    name: ClassVar[str]
    trainable: ClassVar[bool] = True
    #: What was tried before its settings were chosen, for the card: rivals shall get the same care.
    tuning: ClassVar[str] = ""
    #: Whether training needs the colours that Model 1 extracts.
    _needs_targets: ClassVar[bool] = False
    settings: ColorizerSettings

    @property
    def taught_by(self) -> str | None:
        """The anonymizer whose silhouettes it learns to paint; None: the one that it will paint."""
        return None

    @property
    def _adversarial_weight(self) -> float:
        """Of the adversarial term; 0: no critic is trained."""
        return 0.0

    def _real(self, batch: ColorPairs) -> tuple[torch.Tensor, torch.Tensor]:
        """Pictures and silhouettes that the critic takes for real."""
        raise NotImplementedError

    def _loss(self, batch: ColorPairs, outputs: torch.Tensor) -> dict[str, torch.Tensor]:
        """Terms of the loss by name; their sum is minimised. Tensors are cropped to (N, ..., h, w)."""
        raise NotImplementedError

    def _prepare(self, size: tuple[int, int], device: torch.device) -> None:
        """Make whatever `_loss` needs once."""

    def fit(
        self,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        device: str = "cpu",
        effort: float = 1.0,
        progress: Callable[[float, str], None] | None = None,
        anonymized: Sequence[NDArray[np.bool_]] | None = None,
        session: Session | None = None,
    ) -> Self:
        """Learn to paint.

        Parameters
        ----------
        sequences : sequence of GaitSequence
            Of the training subjects, with RGB, all of one size.
        seed, device, effort, progress
            As in the anonymizers.
        anonymized : sequence of bool arrays (T, h, w), optional
            x_bi for each sequence, by the anonymizer of `taught_by`; smooth deformations of the contours if None.
        session : Session, optional
            Checkpoints, several processes, precision, early stopping, log.

        Raises
        ------
        ModelError
            If there is no picture to learn from, sizes differ, or the training diverges.
        """
        s = self.settings
        session = session or Session()
        target = resolve_device(device)
        session.begin(self.name, s, sequences, seed=seed, effort=effort, device=target, also=anonymized or ())
        with reproducible(session.threads(s.threads)):
            draws = torch_generator(seed)
            pairs, looks = self._pairs(sequences, anonymized, seed, session.validation)
            size = pairs.anonymized.shape[1], pairs.anonymized.shape[2]
            self._build(target, draws)
            self._prepare(size, target)
            learn = torch.optim.Adam(self._network.parameters(), s.learning_rate, betas=(0.9, 0.99))
            optimizers: list[torch.optim.Optimizer] = [learn]
            modules: dict[str, torch.nn.Module] = {"network": self._network}
            term: AdversarialTerm | None = None
            if self._adversarial_weight > 0:
                term = AdversarialTerm(
                    s.width, 0.5 * s.learning_rate, self._adversarial_weight, target, draws, session
                )
                optimizers.append(term.optimizer)
                modules["critic"] = term.critic

            def step(number: int) -> dict[str, torch.Tensor]:
                index = torch.randint(len(pairs), (s.batch,), generator=draws).numpy()
                batch = vary_colors(pairs.tensors(index), draws, colors=s.vary).to(target)
                masks = self._masks(batch.anonymized, batch.silhouettes)
                painted = session.run(self._network, batch.originals, masks)
                losses = self._loss(batch.cropped(size), unpad(painted, size))
                if term is not None:
                    losses["fooled"] = term(painted, batch.anonymized, *self._real(batch))
                session.descend(torch.stack(list(losses.values())).sum(), learn, clip=5.0)
                return {name: value.detach() for name, value in losses.items()}

            self.history_: list[dict[str, float]] = run_steps(
                step, max(1, round(s.steps * effort)), optimizers=optimizers, label=self.name, progress=progress,
                session=session, modules=modules, generators={"draws": draws},
                validate=None if looks is None else lambda: self._held_out_loss(looks, target),
            )  # fmt: skip
            self.images_seen_ = session.taken_ * s.batch
        return self

    def _pairs(
        self,
        sequences: Sequence[GaitSequence],
        anonymized: Sequence[NDArray[np.bool_]] | None,
        seed: int,
        validation: Validation | None,
    ) -> tuple[PairSet, PairSet | None]:
        """Pictures to learn from, and those of the people held out to say when to stop."""
        if anonymized is not None and len(anonymized) != len(sequences):
            raise ModelError(
                f"{self.name}: {len(anonymized)} anonymized sequences do not match {len(sequences)} originals"
            )

        def collect(of: Sequence[int], frames: int) -> PairSet:
            return collect_pairs(
                [sequences[i] for i in of], None if anonymized is None else [anonymized[i] for i in of],
                rng=np.random.default_rng(seed), frames=frames, strength=self.settings.strength,
                targets=self._needs_targets,
            )  # fmt: skip

        if validation is None:
            return collect(range(len(sequences)), self.settings.frames), None
        learn, look = validation.split(sequences, seed)
        return collect(learn, self.settings.frames), collect(look, 256)

    def _held_out_loss(self, looks: PairSet, device: torch.device) -> float:
        """Mean loss of unaltered pictures, batch by batch."""
        size = looks.anonymized.shape[1], looks.anonymized.shape[2]
        total = 0.0
        with torch.inference_mode():
            for begin in range(0, len(looks), 32):
                index = np.arange(begin, min(begin + 32, len(looks)))
                batch = looks.tensors(index).to(device)
                masks = self._masks(batch.anonymized, batch.silhouettes)
                losses = self._loss(batch.cropped(size), unpad(self._network(batch.originals, masks), size))
                total += len(index) * float(torch.stack(list(losses.values())).sum())
        return total / len(looks)

    def colorize(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Paint anonymized silhouettes.

        Parameters
        ----------
        rgb : uint8 array (T, h, w, 3)
            Crops of the original frames, with their background.
        silhouettes : bool array (T, h, w)
            Of the originals; not looked at unless ``settings.sees_silhouette``.
        anonymized : bool array (T, h, w)

        Returns
        -------
        float32 array (T, h, w, 3)
            In [0, 1], zero outside `anonymized`.

        Raises
        ------
        ModelError
            If the model is not fitted or the arrays do not go together.
        """
        if not hasattr(self, "_network"):
            raise ModelError(f"{self.name} is not trained yet; call fit or load_state first")
        if not rgb.shape[:3] == silhouettes.shape == anonymized.shape:
            raise ModelError(
                f"{self.name} needs pictures and silhouettes of one length and size, not {rgb.shape[:3]}, "
                f"{silhouettes.shape} and {anonymized.shape}"
            )
        size = anonymized.shape[1], anonymized.shape[2]
        painted = np.zeros(rgb.shape, np.float32)
        with reproducible(1), torch.inference_mode():
            for begin in range(0, len(rgb), 32):
                part = slice(begin, begin + 32)
                originals = pad_frames(rgb[part], edge=True).to(self._device)
                new, old = (pad_frames(m[part]).to(self._device) for m in (anonymized, silhouettes))
                made = unpad(self._network(originals, self._masks(new, old)), size)
                painted[part] = made.permute(0, 2, 3, 1).cpu().numpy()
        return painted

    def _masks(self, anonymized: torch.Tensor, silhouettes: torch.Tensor) -> torch.Tensor:
        """Binary inputs of the network, (N, 1 or 2, H, W)."""
        given = [anonymized, silhouettes] if self.settings.sees_silhouette else [anonymized]
        return torch.stack(given, dim=1)

    def _build(self, device: torch.device, draws: torch.Generator | None = None) -> None:
        # Construction draws from torch's global generator; fork it so that nothing outside notices.
        with torch.random.fork_rng(devices=[]):
            s = self.settings
            masks = 2 if s.sees_silhouette else 1
            network: ColorNet | EncoderDecoder = (
                EncoderDecoder(s.width, masks)
                if s.network == "encoder-decoder"
                else ColorNet(s.width, masks, s.network == "gate", s.guarded)
            )
        if draws is not None:
            initialise(network, draws)
            # Colours begin grey and gates half open: far out on a sigmoid they hardly learn.
            with torch.no_grad():
                network.leave.weight *= 0.5
        self._device = device
        self._network = to_device(network, device)

    def state(self) -> dict[str, np.ndarray]:
        """Everything fitted, as arrays."""
        if not hasattr(self, "_network"):
            raise ModelError(f"{self.name} is not trained yet; call fit or load_state first")
        return {
            "images_seen": np.array([self.images_seen_], np.int64),
            **module_state(self._network, "network"),
        }

    def load_state(self, state: Mapping[str, np.ndarray], *, device: str = "cpu") -> Self:
        """Take over what `state` returned.

        Raises
        ------
        ModelError
            If it belongs to other settings or another version.
        """
        if "images_seen" not in state:
            raise ModelError(
                f"stored {self.name} lacks 'images_seen'; it is of another version, so train again"
            )
        self._build(resolve_device(device))
        load_module_state(self._network, state, "network")
        self.images_seen_ = int(state["images_seen"][0])
        self.history_ = []
        return self

    def card(self) -> dict[str, Any]:
        """What was trained, for the record: settings, images seen, size of the network."""
        return {
            "name": self.name,
            "settings": asdict(self.settings),
            "tuning": self.tuning,
            "steps": self.images_seen_ // self.settings.batch,
            "images_seen": self.images_seen_,
            "parameters": sum(p.numel() for p in self._network.parameters()),
        }
