"""The attacker `de-anonymize`: a small network learns to undo the anonymizer, and a recognizer names the result.

After SEBA (strong evaluation of biometric anonymizations, 2024). It learns from the recognizer-training people alone,
whose gaits the attacker has both as they are and as the system shows them. For recognizers of gait energy images it
undoes those; for recognizers of sequences it undoes every silhouette, in the light of those before and after it.
Ours: networks, losses and schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.attacks.features import Features, Rows
from gaitbench.evaluation.attacks.restoring.learning import RestoreSettings, learn
from gaitbench.evaluation.attacks.restoring.networks import WINDOW, GeiRestorer, SilhouetteRestorer
from gaitbench.evaluation.run.context import RunContext
from gaitbench.store import closure_digest, digest
from gaitbench.training import load_module_state, module_state, reproducible

__all__ = ["restore"]

#: GEIs, or frames, that are undone together.
_TOGETHER = 256
Silhouettes = Sequence[NDArray[np.bool_]]


def restore(
    run: RunContext, anonymized: Sequence[Features], original: Features, probes: Features, reads: str = "gei"
) -> Features:
    """Probes as the attacker thinks they were before.

    Parameters
    ----------
    run : RunContext
    anonymized : sequence of Features
        The recognizer-training people as the system shows them, once a draw of noise.
    original : Features
        The same rows as they are.
    probes : Features
        The anonymized probes.
    reads : {"gei", "silhouettes"}
        What all of them hold: GEIs float32 (n, h, w), or silhouettes bool (T, h, w) each.

    Raises
    ------
    DataError
        If fewer than two training people could be read both ways.
    """
    settings = RestoreSettings()
    suite = run.suite
    key = digest(
        "restorer", settings, closure_digest(restore), [one.digest for one in anonymized], original.digest, reads,
        suite.seed, suite.effort,
    )  # fmt: skip
    made: Callable[[int], nn.Module] = GeiRestorer if reads == "gei" else SilhouetteRestorer

    def train() -> tuple[dict[str, NDArray[Any]], None]:
        good = [one.good & original.good for one in anonymized]
        if not any(rows.any() for rows in good):
            raise DataError("no training sequence could be read before and after, so nothing can be undone")
        net = made(settings.width)
        with run.stage("train de-anonymize") as stage:
            stage.made()
            truth = original.x
            shown = [row for one, rows in zip(anonymized, good, strict=True) for row in _taken(one.x, rows)]
            wanted = [row for rows in good for row in _taken(truth, rows)]
            keys = [k for rows in good for k, there in zip(original.keys, rows, strict=True) if there]
            _learn(run, settings, net, keys, shown, wanted, reads)
            return module_state(net, "restorer"), None

    state = run.store.get("models", key, train)[0]

    def source() -> Rows:
        net = made(settings.width)
        load_module_state(net, state, "restorer")
        return undo_geis(net, np.asarray(probes.x)) if reads == "gei" else undone(net, probes.x)

    def undone(net: nn.Module, rows: Rows) -> list[NDArray[Any]]:
        """Kept in the store: several recognizers read them, and there are many frames."""
        place = digest("restored", key, probes.digest, [str(k) for k in probes.keys])

        def make() -> tuple[dict[str, NDArray[Any]], None]:
            with run.stage("de-anonymize") as stage:
                stage.made()
                found = [undo_silhouettes(net, row) for row in rows]
                return {"bits": np.concatenate([np.packbits(one) for one in found])}, None

        bits, start, found = run.store.get("features", place, make)[0]["bits"], 0, []
        for row in rows:
            size = -(-row.size // 8)
            one = np.unpackbits(bits[start : start + size], count=row.size)
            found.append(one.reshape(row.shape).view(np.bool_))
            start += size
        return found

    return Features(source, probes.keys, probes.failures, digest(key, probes.digest), probes.blank)


def _taken(rows: Rows, there: NDArray[np.bool_]) -> list[NDArray[Any]]:
    return [row for row, taken in zip(rows, there, strict=True) if taken]


def _learn(
    run: RunContext,
    s: RestoreSettings,
    net: nn.Module,
    keys: Sequence[SequenceKey],
    shown: Sequence[NDArray[Any]],
    truth: Sequence[NDArray[Any]],
    reads: str,
) -> int:
    """Train on pairs of rows; returns the steps taken."""

    def of_geis(rows: Sequence[int], draws: torch.Generator | None) -> torch.Tensor:
        given, wanted = (torch.from_numpy(np.stack([x[i] for i in rows]))[:, None] for x in (shown, truth))
        # Most pixels of both are 0 or 1 alike, so the least *absolute* error is to change nothing at all.
        missed: torch.Tensor = (net(given) - wanted).square().mean()
        return missed

    def of_silhouettes(rows: Sequence[int], draws: torch.Generator | None) -> torch.Tensor:
        given, wanted = [], []
        for number, i in enumerate(rows):
            count = min(len(shown[i]), len(truth[i]))
            at = number % count if draws is None else int(torch.randint(count, (1,), generator=draws))
            given.append(shown[i][_around(at, len(shown[i]))])
            wanted.append(truth[i][at])
        logits = net(torch.from_numpy(np.stack(given)).float())
        return functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(np.stack(wanted)).float())

    return learn(run, s, net, keys, of_geis if reads == "gei" else of_silhouettes)


def _around(at: int, count: int) -> NDArray[np.intp]:
    """The frames around one; the first and the last stand in for what is beyond them."""
    return np.clip(np.arange(at - WINDOW // 2, at + WINDOW // 2 + 1), 0, count - 1)


def undo_geis(net: nn.Module, shown: NDArray[np.float32]) -> NDArray[np.float32]:
    """GEIs float32 (n, h, w) in [0, 1] as the network makes them untouched again."""
    parts = torch.split(torch.from_numpy(np.array(shown, dtype=np.float32)), _TOGETHER)
    with reproducible(1), torch.no_grad():
        return torch.cat([net(part[:, None])[:, 0].clamp(0, 1) for part in parts]).numpy()


def undo_silhouettes(net: nn.Module, shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Silhouettes bool (T, h, w) as the network makes them untouched again.

    A sequence of which nothing is left is given back as it was shown: there must be somebody to look at.
    """
    windows = np.stack([_around(at, len(shown)) for at in range(len(shown))])
    found = []
    with reproducible(1), torch.no_grad():
        for start in range(0, len(shown), _TOGETHER):
            given = torch.from_numpy(shown[windows[start : start + _TOGETHER]]).float()
            found.append((net(given) > 0).numpy())
    out: NDArray[np.bool_] = np.concatenate(found)
    return out if out.any() else shown
