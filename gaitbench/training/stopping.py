"""Early stopping on people that the training does not see."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ConfigError, ModelError

__all__ = ["BestWeights", "Validation"]


@dataclass(frozen=True)
class Validation:
    """When to look at the held-out people, and when to stop.

    Parameters
    ----------
    share : float
        Of the training subjects that are held out, in (0, 1); at least one, and at least one is left to learn from.
    every : int
        Steps between two looks.
    patience : int
        Looks without a better value after which the training stops.

    Raises
    ------
    ConfigError
        If a value is impossible.
    """

    share: float = 0.2
    every: int = 25
    patience: int = 6

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ConfigError(f"a validation share of {self.share} is not possible; take one between 0 and 1")
        if self.every < 1 or self.patience < 1:
            raise ConfigError("early stopping needs looks and a patience of 1 or more")

    def split(self, sequences: Sequence[GaitSequence], seed: int) -> tuple[list[int], list[int]]:
        """Numbers of the sequences to learn from, and of those held out; nobody is in both.

        Raises
        ------
        ModelError
            If there are fewer than two people.
        """
        return self.split_people([s.key.subject for s in sequences], seed)

    def split_people(self, subjects: Sequence[str], seed: int) -> tuple[list[int], list[int]]:
        """The same by the subject of each sample.

        Raises
        ------
        ModelError
            If there are fewer than two people.
        """
        people = sorted(set(subjects))
        if len(people) < 2:
            raise ModelError(
                f"early stopping holds out people, and there are only {len(people)}; train without validation"
            )
        count = min(len(people) - 1, max(1, round(self.share * len(people))))
        # another stream than the one that orders the batches
        order = np.random.default_rng([seed, 1]).permutation(len(people))
        held = {people[i] for i in order[:count]}
        learn = [i for i, subject in enumerate(subjects) if subject not in held]
        look = [i for i, subject in enumerate(subjects) if subject in held]
        return learn, look


class BestWeights:
    """The weights with the lowest validation value so far.

    Parameters
    ----------
    modules : mapping of str to Module
    patience : int

    Attributes
    ----------
    value, step : float, int
        Best value and the step after which it was seen (-1: none yet).
    waited : int
        Looks since.
    """

    def __init__(self, modules: Mapping[str, nn.Module], patience: int) -> None:
        self._modules = modules
        self._patience = patience
        self._kept: dict[str, torch.Tensor] = {}
        self.value, self.step, self.waited = math.inf, -1, 0

    def look(self, value: float, step: int) -> bool:
        """Take note of a value; True if it is time to stop."""
        if value < self.value:
            self.value, self.step, self.waited = value, step, 0
            self._kept = {
                f"{name}/{key}": tensor.detach().clone()
                for name, module in self._modules.items()
                for key, tensor in module.state_dict().items()
            }
        else:
            self.waited += 1
        return self.waited >= self._patience

    def put_back(self) -> None:
        """Give the modules their best weights."""
        if self.step < 0:
            return
        for name, module in self._modules.items():
            own = {k[len(name) + 1 :]: v for k, v in self._kept.items() if k.startswith(name + "/")}
            module.load_state_dict(own)

    def capture(self) -> tuple[dict[str, torch.Tensor], list[float]]:
        """Tensors and numbers for a checkpoint."""
        kept = {f"best/{key}": value.cpu().contiguous() for key, value in self._kept.items()}
        return kept, [self.value, self.step, self.waited] if self._kept else []

    def replay(self, tensors: Mapping[str, torch.Tensor], numbers: Sequence[float]) -> None:
        """Take over what `capture` returned."""
        self._kept = {key[5:]: value for key, value in tensors.items() if key.startswith("best/")}
        if numbers:
            self.value, self.step, self.waited = float(numbers[0]), int(numbers[1]), int(numbers[2])
