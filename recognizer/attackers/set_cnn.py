"""A small set-based convolutional network in the style of GaitSet and GaitBase, behind the attackers' interface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from recognizer.attackers.learned import LearnedAttacker, check_counts
from recognizer.checks import check_count

if TYPE_CHECKING:
    import torch

    from recognizer.networks.sets import SetNetwork

__all__ = ["SetCnn"]

#: The usual cuts of the pyramid (GaitSet has 16, too), and the rows of the picture that a strip has at least.
_PYRAMID, _ROWS = (1, 2, 4, 8), 8


class SetCnn(LearnedAttacker):
    """Name people by a convolutional network that reads sets of silhouettes, whatever their order and number.

    Parameters
    ----------
    frames : int
        Of each set in training, drawn anew at each step.
    looks : int
        Frames of a set, evenly spread, that are looked at when people are enrolled and named; all of a shorter set.
    channels : three ints
        Of the frame-level convolution and of the two residual blocks that read the pooled set.
    strips : sequence of int
        Cuts of the horizontal pyramid; each strip has at least eight rows of the pictures. Of the usual ones, 1, 2, 4
        and 8, those are taken that fit the pictures' height; others are refused where they do not.
    others
        See `LearnedAttacker`.

    References
    ----------
    Chao, He, Zhang, Feng: GaitSet: regarding gait as a set for cross-view gait recognition, AAAI 2019.
    Fan, Liang, Shen, Hou, Huang, Yu: OpenGait: revisiting gait recognition toward better practicality, CVPR 2023.
    Hermans, Beyer, Leibe: In defense of the triplet loss for person re-identification, arXiv:1703.07737, 2017.
    """

    name: ClassVar[str] = "set-cnn"

    def __init__(
        self,
        *,
        steps: int = 400,
        people: int = 8,
        samples: int = 4,
        frames: int = 8,
        looks: int = 30,
        channels: Sequence[int] = (16, 48, 64),
        strips: Sequence[int] = _PYRAMID,
        code: int = 64,
        learning_rate: float = 6e-3,
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
        self.frames = frames
        self.looks = looks
        self.channels = channels
        self.strips = strips
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
        for name in ("frames", "looks"):
            check_count(name, getattr(self, name), 1, 10**6, "see the class")
        check_counts("channels", self.channels, 3)
        height, width = x[0].shape[1:]
        most = max(self._cuts(height))
        if height < _ROWS * most or width < 8:
            raise ValueError(
                f"pictures of {(height, width)} are too small for {most} strips; give at least "
                f"{_ROWS * most} rows and 8 columns, or fewer strips"
            )
        super()._fit(x, subjects, angles, walks)

    def _network(self, classes: int) -> SetNetwork:
        from recognizer.networks.sets import SetNetwork

        channels = check_counts("channels", self.channels, 3)
        return SetNetwork(channels, self._cuts(int(self.size_[0])), self.code, classes)

    def _cuts(self, height: int) -> tuple[int, ...]:
        """The cuts of the pyramid for pictures of this height: of the usual ones those that fit."""
        cuts = check_counts("strips", self.strips)
        return tuple(n for n in cuts if n == 1 or height >= _ROWS * n) if cuts == _PYRAMID else cuts

    def _draws(
        self, x: list[NDArray[np.uint8]], rng: np.random.Generator
    ) -> Callable[[NDArray[np.int64], np.random.Generator], torch.Tensor]:
        from recognizer.networks.augment import augment

        def draw(rows: NDArray[np.int64], rng: np.random.Generator) -> torch.Tensor:
            sets = [x[i] for i in rows]
            some = [s[rng.choice(len(s), self.frames, replace=len(s) < self.frames)] for s in sets]
            return self._tensor(np.stack([augment(one, rng) for one in some]))

        return draw

    def _looked_at(self, x: list[NDArray[np.uint8]]) -> Sequence[NDArray[np.uint8]]:
        return [
            one[np.unique(np.linspace(0, len(one) - 1, min(self.looks, len(one))).round().astype(int))]
            for one in x
        ]

    def _tensor(self, batch: NDArray[Any]) -> torch.Tensor:
        import torch

        return torch.from_numpy(batch).float().div_(255)
