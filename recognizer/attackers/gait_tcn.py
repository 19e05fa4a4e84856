"""A network of convolutions over time: an attacker who learns what the order of frames tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from recognizer.attackers.learned import LearnedAttacker, check_counts
from recognizer.checks import check_count
from recognizer.dynamics.poses import pose_components, small_pictures

if TYPE_CHECKING:
    import torch

    from recognizer.networks.temporal import TemporalNetwork

__all__ = ["GaitTcn"]

#: Other looks of each training walk (coat, bag, mirror, fault) that are kept beside its own (ours).
_LOOKS = 2


class GaitTcn(LearnedAttacker):
    """Name people by a temporal convolutional network that reads how their pose moves.

    Each frame becomes a code (principal components of small silhouettes, as in `GaitDynamics`); the network reads the
    series of codes and gives one code at each scale of time. There is one space for all views; angles are not used.
    What the mean of a set shows, other attackers read: by default each series is taken less its own mean, so that only
    movement is left. Ours.

    Frames must stand in their order and follow each other without gaps, at one rate; blank frames are bridged by
    straight lines.

    Parameters
    ----------
    components : int
        Numbers in the code of a frame, at most.
    frames : int
        Frames in a row that training looks at; sequences that are shorter are looked at whole, and their batch with
        them.
    centred : bool
        Take each series less its mean pose.
    channels : int
        Of the convolutions.
    dilations : sequence of int
        Frames between the taps of each residual block, each a scale of time.
    others
        See `LearnedAttacker`.

    Attributes
    ----------
    frame_mean_ : float32 array (cells,)
    basis_ : float32 array (cells, components)
        Principal components, divided by the standard deviation of the training poses from their sequence's mean.

    References
    ----------
    Bai, Kolter, Koltun: An empirical evaluation of generic convolutional and recurrent networks for sequence modeling,
    arXiv:1803.01271, 2018.
    """

    name: ClassVar[str] = "gait-tcn"
    version: ClassVar[int] = 1
    #: Frames must follow each other.
    reads_order: ClassVar[bool] = True
    _shapes: ClassVar[dict[str, str]] = {
        **LearnedAttacker._shapes, "frame_mean_": "cells", "basis_": "cells components",
    }  # fmt: skip

    def __init__(
        self,
        *,
        steps: int = 600,
        people: int = 12,
        samples: int = 4,
        components: int = 32,
        frames: int = 40,
        centred: bool = True,
        channels: int = 96,
        dilations: Sequence[int] = (1, 2, 4, 8),
        code: int = 64,
        learning_rate: float = 3e-3,
        weight_decay: float = 5e-4,
        margin: float = 0.3,
        class_weight: float = 1.0,
        smoothing: float = 0.1,
        energy: float = 0.99,
        shrinkage: float = 0.1,
        threads: int = 1,
        device: str = "cpu",
        seed: int = 0,
    ) -> None:
        self.steps = steps
        self.people = people
        self.samples = samples
        self.components = components
        self.frames = frames
        self.centred = centred
        self.channels = channels
        self.dilations = dilations
        self.code = code
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.margin = margin
        self.class_weight = class_weight
        self.smoothing = smoothing
        self.energy = energy
        self.shrinkage = shrinkage
        self.threads = threads
        self.device = device
        self.seed = seed

    def _fit(
        self,
        x: list[NDArray[np.uint8]],
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        check_count("components", self.components, 1, 10**4, "numbers in the code of a frame")
        check_count("frames", self.frames, 2, 10**6, "frames in a row")
        check_count("channels", self.channels, 1, 4096, "a size of the network")
        check_counts("dilations", self.dilations)
        if not isinstance(self.centred, bool | np.bool_):
            raise ValueError(f"centred must be true or false, got {self.centred!r}")
        super()._fit(x, subjects, angles, walks)

    def _network(self, classes: int) -> TemporalNetwork:
        from recognizer.networks.temporal import TemporalNetwork

        dilations = check_counts("dilations", self.dilations)
        return TemporalNetwork(self.basis_.shape[1], self.channels, dilations, self.code, classes)

    def _draws(
        self, x: list[NDArray[np.uint8]], rng: np.random.Generator
    ) -> Callable[[NDArray[np.int64], np.random.Generator], torch.Tensor]:
        from recognizer.networks.augment import augment

        pictures = [small_pictures(one) for one in x]
        self.frame_mean_, self.basis_ = pose_components(pictures, self.components)
        # one scale for all components: the weak ones, which are noise of the outline, stay weak
        moved = np.concatenate([found - found.mean(axis=0) for found in map(self._series, pictures)])
        self.basis_ = self.basis_ / np.float32(max(float(moved.std(dtype=np.float64)), 1e-6))
        # half precision: a suite's training walks, each in several looks, are hundreds of megabytes otherwise
        looks = [[self._series(one).astype(np.float16)] for one in pictures]
        for mine, one in zip(looks, x, strict=True):
            for _ in range(_LOOKS):
                mine.append(self._series(small_pictures(augment(one, rng))).astype(np.float16))

        def draw(rows: NDArray[np.int64], rng: np.random.Generator) -> torch.Tensor:
            series = [looks[i][rng.integers(len(looks[i]))] for i in rows]
            length = min(self.frames, *(len(one) for one in series))
            starts = [int(rng.integers(len(one) - length + 1)) for one in series]
            return self._tensor(
                np.stack([one[start : start + length] for one, start in zip(series, starts, strict=True)])
            )

        return draw

    def _series(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """Pose codes (T, components) of the frames of a sequence."""
        return np.asarray((pictures - self.frame_mean_) @ self.basis_, dtype=np.float32)

    def _looked_at(self, x: list[NDArray[np.uint8]]) -> Sequence[NDArray[np.float32]]:
        return [self._series(small_pictures(one)) for one in x]

    def _tensor(self, batch: NDArray[Any]) -> torch.Tensor:
        import torch

        series = torch.from_numpy(batch).float()
        return series - series.mean(dim=1, keepdim=True) if self.centred else series

    def _about(self, arrays: dict[str, NDArray[Any]]) -> None:
        super()._about(arrays)
        if arrays["basis_"].ndim != 2:
            raise ValueError("basis_ is no matrix of components")
        self.basis_ = arrays["basis_"]
