"""The attacker `de-anonymize`: a small network learns to undo the anonymizer, and a recognizer names the result.

After SEBA (strong evaluation of biometric anonymizations, 2024). Ours: it works on gait energy images, which is what
the recognizers read; network, loss and schedule. It learns from the recognizer-training people alone, whose gaits the
attacker has both as they are and as the system shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from gaitbench.errors import DataError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.run.context import RunContext
from gaitbench.store import closure_digest, digest
from gaitbench.training import (
    initialise,
    load_module_state,
    module_state,
    reproducible,
    run_steps,
    torch_generator,
)

__all__ = ["RestoreSettings", "restore"]


@dataclass(frozen=True)
class RestoreSettings:
    """Choices of ours.

    Parameters
    ----------
    width : int
        Channels of the finest level.
    steps, batch : int
        Optimiser steps at effort 1, and GEIs in each.
    learning_rate : float
    """

    width: int = 24
    steps: int = 300
    batch: int = 32
    learning_rate: float = 1e-3


class _Restorer(nn.Module):
    """An hourglass of convolutions on GEIs folded two by two; what it adds to its input is the correction."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fold = nn.PixelUnshuffle(4)
        self.layers = nn.Sequential(
            nn.Conv2d(16, 2 * width, 3, padding=1), nn.LeakyReLU(0.1),
            nn.Conv2d(2 * width, 4 * width, 3, padding=1), nn.LeakyReLU(0.1),
            nn.Conv2d(4 * width, 4 * width, 5, padding=2), nn.LeakyReLU(0.1),
            nn.Conv2d(4 * width, 2 * width, 3, padding=1), nn.LeakyReLU(0.1),
            nn.Conv2d(2 * width, 16, 3, padding=1),
        )  # fmt: skip
        self.unfold = nn.PixelShuffle(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = x + 0.1 * self.unfold(self.layers(self.fold(x)))
        return out


def restore(run: RunContext, anonymized: Features, original: Features, probes: Features) -> Features:
    """GEIs of probes as the attacker thinks they were before.

    Parameters
    ----------
    run : RunContext
    anonymized, original : Features
        GEIs float32 (n, h, w) of the recognizer-training people, as the system shows them and as they are, row by row.
    probes : Features
        GEIs of the anonymized probes.

    Raises
    ------
    DataError
        If no training sequence could be read both ways.
    """
    settings = RestoreSettings()
    suite = run.suite
    key = digest(
        "restorer", settings, closure_digest(restore),
        anonymized.digest, original.digest, suite.seed, suite.effort,
    )  # fmt: skip

    def learn() -> tuple[dict[str, NDArray[Any]], None]:
        both = anonymized.good & original.good
        if not both.any():
            raise DataError("no training sequence could be read before and after, so nothing can be undone")
        with run.stage("train de-anonymize") as stage:
            stage.made()
            shown = torch.from_numpy(np.asarray(anonymized.x)[both])
            truth = torch.from_numpy(np.asarray(original.x)[both])
            return module_state(_learn(run, settings, shown, truth), "restorer"), None

    state = run.store.get("models", key, learn)[0]

    def source() -> NDArray[Any]:
        net = _Restorer(settings.width)
        load_module_state(net, state, "restorer")
        return _undo(net, torch.from_numpy(np.array(probes.x, dtype=np.float32)))

    return Features(source, probes.keys, probes.failures, digest(key, probes.digest))


def _undo(net: _Restorer, shown: torch.Tensor) -> NDArray[np.float32]:
    with reproducible(1), torch.no_grad():
        parts = [net(part[:, None])[:, 0].clamp(0, 1) for part in torch.split(shown, 256)]
    return torch.cat(parts).numpy()


def _learn(run: RunContext, s: RestoreSettings, shown: torch.Tensor, truth: torch.Tensor) -> _Restorer:
    with reproducible(1):
        draws = torch_generator(run.suite.seed)
        net = _Restorer(s.width)
        initialise(net, draws)
        optimizer = torch.optim.Adam(net.parameters(), lr=s.learning_rate)

        def step(number: int) -> dict[str, torch.Tensor]:
            rows = torch.randint(len(shown), (s.batch,), generator=draws)
            # Most pixels of both are 0 or 1 alike, so the least *absolute* error is to change nothing at all.
            loss = (net(shown[rows, None]) - truth[rows, None]).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return {"difference": loss.detach()}

        steps = max(1, round(s.steps * run.suite.effort))
        run_steps(step, steps, optimizers=[optimizer], label="de-anonymize", progress=run.progress.update)
        return net
