"""How natural the gaits of a system look, sequence by sequence, kept in the store."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.anonymize import Anonymized, beside_originals
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.metrics.naturalness import NearestReal, relative_smoothness, unbroken
from gaitbench.store import closure_digest, digest
from recognizer import gait_period

__all__ = ["RealSilhouettes", "naturalness_key", "naturalness_of", "period_difference"]

#: Silhouettes of each angle that stand for real people.
_BANK = 300


class RealSilhouettes:
    """What real people look like: silhouettes of the people who train the systems.

    Parameters
    ----------
    run : RunContext
    needs : dict of Need to str
        Their prepared sequences.
    """

    def __init__(self, run: RunContext, needs: dict[Need, str]) -> None:
        self.run, self.needs = run, needs

    @cached_property
    def banks(self) -> dict[int, NearestReal]:
        """By angle, evenly taken; angles with fewer than two people are left out."""
        frames: dict[int, list[NDArray[np.bool_]]] = {}
        owners: dict[int, list[str]] = {}
        for need in sorted(self.needs, key=lambda n: n.key):
            sequence = load_prepared(self.run, need, self.needs[need]).sequence
            if sequence is not None:
                whole = sequence.silhouettes[sequence.silhouettes.any(axis=(1, 2))]
                frames.setdefault(need.key.angle, []).append(whole)
                owners.setdefault(need.key.angle, []).extend([need.key.subject] * len(whole))
        banks: dict[int, NearestReal] = {}
        for angle, parts in frames.items():
            bank, owner = np.concatenate(parts), np.array(owners[angle], dtype=str)
            chosen = np.unique(np.linspace(0, len(bank) - 1, min(_BANK, len(bank))).round().astype(int))
            if len(np.unique(owner[chosen])) > 1:
                banks[angle] = NearestReal.fit(bank[chosen], owner[chosen])
        return banks


def naturalness_key(shown: Anonymized, real: RealSilhouettes) -> str:
    """Where the measures of a system are kept."""
    code = closure_digest(naturalness_of, RealSilhouettes)
    return digest("naturalness", sorted(shown.keys.values()), list(real.needs.values()), code)


def naturalness_of(
    run: RunContext, shown: Anonymized, real: RealSilhouettes
) -> tuple[NDArray[np.float64], list[str]]:
    """Measures float64 (4, n) of every sequence that was anonymized, and the names of those."""

    def make() -> tuple[dict[str, NDArray[Any]], list[str]]:
        values: list[list[float]] = []
        names: list[str] = []
        banks = real.banks
        with run.stage("naturalness") as stage:
            stage.made()
            for need, silhouettes, original, _ in beside_originals(run, shown):
                names.append(str(need.key))
                bank = banks.get(need.key.angle)
                values.append(
                    [
                        100.0 * unbroken(silhouettes),
                        relative_smoothness(silhouettes, original.silhouettes),
                        abs(period_difference(silhouettes, original.silhouettes)),
                        bank.ratio(silhouettes) if bank is not None else float("nan"),
                    ]
                )
        return {"values": np.array(values, dtype=np.float64).reshape(-1, 4).T.copy()}, names

    arrays, names, _ = run.store.get("naturalness", naturalness_key(shown, real), make)
    return arrays["values"], names


def period_difference(anonymized: NDArray[np.bool_], original: NDArray[np.bool_]) -> float:
    """Difference of the gait periods in frames per cycle, anonymized minus original.

    Parameters
    ----------
    anonymized, original : bool arrays (T, h, w)

    Returns
    -------
    float
        NaN where either period is not sure (see `recognizer.gait_period`): short sequences, views along the
        walking direction. State how many sequences were sure beside a mean.
    """
    after, before = gait_period(anonymized, fps=RATE).frames, gait_period(original, fps=RATE).frames
    return float("nan") if after is None or before is None else after - before
