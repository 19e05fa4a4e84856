"""Two runs side by side: in what their protocols differ, and paired differences of the cells they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gaitbench.metrics.uncertainty.bootstrap import SubjectBootstrap
from gaitbench.metrics.uncertainty.multiple_tests import holm
from gaitbench.results.record import Record

__all__ = ["Change", "Comparison", "ProtocolDifference", "compare_records"]

#: What stands for a protocol that a record does not have.
_ABSENT = "not recorded (an older gaitbench)"
#: What makes a cell of the scores; sequences are paired within it.
_CELL = ["anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery", "reference", "measure"]


@dataclass(frozen=True)
class ProtocolDifference:
    """One named part of the protocol that two records do not share."""

    name: str
    a: Any
    b: Any


@dataclass(frozen=True)
class Change:
    """Paired difference ``b - a`` of one cell; shares in percent, pictures in the unit of their measure.

    `p_value` is two-sided (Student's t over subjects), `p_holm` corrected over all cells of the comparison.
    """

    cell: dict[str, str]
    a: float
    b: float
    difference: float
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    p_holm: float | None
    sequences: int


@dataclass(frozen=True)
class Comparison:
    """What `compare_records` found."""

    differs: tuple[ProtocolDifference, ...]
    changes: tuple[Change, ...]
    confidence: float

    @property
    def comparable(self) -> bool:
        """Whether both records mean the same by their figures."""
        return not self.differs

    @property
    def unknown(self) -> str:
        """Why nobody can tell whether they mean the same: a record of an older gaitbench has no protocol."""
        texts = {
            (False, False): "neither run has its protocol", (False, True): "the first run has no protocol",
            (True, False): "the second run has no protocol",
        }  # fmt: skip
        for one in self.differs:
            if one.name == "protocol" and _ABSENT in (one.a, one.b):
                return f"{texts[one.a != _ABSENT, one.b != _ABSENT]} (an older gaitbench wrote no protocol)"
        return ""


def compare_records(
    a: Record, b: Record, *, resamples: int = 5000, confidence: float | None = None, seed: int = 0
) -> Comparison:
    """Compare two runs.

    Parameters
    ----------
    a, b : Record
        Differences are ``b - a``.
    resamples, confidence, seed
        Of the bootstrap over subjects; the confidence is the first record's unless told.

    Returns
    -------
    Comparison
        `differs` names every part of the protocol in which they do not agree; `changes` has a row for every cell with
        sequences in both, whether or not the protocols agree: the reader of `differs` decides.
    """
    level = a.confidence if confidence is None else confidence
    return Comparison(_protocol(a, b), _changes(a.scores, b.scores, resamples, level, seed), level)


def _protocol(a: Record, b: Record) -> tuple[ProtocolDifference, ...]:
    found: list[ProtocolDifference] = []
    first, second = a.provenance.get("protocol"), b.provenance.get("protocol")
    if not isinstance(first, Mapping) or not isinstance(second, Mapping):
        known = ["recorded" if isinstance(p, Mapping) else _ABSENT for p in (first, second)]
        return (ProtocolDifference("protocol", *known),)
    for name in dict.fromkeys([*first, *second]):
        one, two = first.get(name, {}), second.get(name, {})
        if one.get("hash") != two.get("hash"):
            found += _narrowed(name, one.get("value"), two.get("value"))
    return tuple(found)


def _narrowed(name: str, a: Any, b: Any) -> list[ProtocolDifference]:
    """Only the entries of a part that differ, where it has entries."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        keys = dict.fromkeys([*a, *b])
        return [ProtocolDifference(f"{name}.{k}", a.get(k), b.get(k)) for k in keys if a.get(k) != b.get(k)]
    return [ProtocolDifference(name, a, b)]


def _changes(
    a: pd.DataFrame, b: pd.DataFrame, resamples: int, confidence: float, seed: int
) -> tuple[Change, ...]:
    both = a.merge(b, on=[*_CELL, "key"], suffixes=("_a", "_b"))
    values = both[["value_a", "value_b"]].to_numpy(dtype=np.float64)
    both = both[np.isfinite(values).all(axis=1)]
    if both.empty:
        return ()
    boot = SubjectBootstrap(
        both["subject_a"].to_numpy(dtype=str), resamples=resamples, confidence=confidence, seed=seed
    )
    cells: list[dict[str, str]] = []
    counts: list[int] = []
    columns: list[np.ndarray[Any, Any]] = []
    for names, rows in both.groupby(_CELL, sort=True):
        who = rows["subject_a"].to_numpy(dtype=str)
        x, y = (rows[f"value_{side}"].to_numpy(dtype=np.float64) for side in "ab")
        cells.append({k: str(v) for k, v in zip(_CELL, names, strict=True)})
        counts.append(len(rows))
        columns.append(boot.sums(who, np.stack([y, x, np.ones(len(x))], axis=1)))
    tops, under, ones = (np.stack([c[:, i] for c in columns], axis=1) for i in range(3))
    result = boot.differences(tops, ones, under, ones)
    assert result.p_value is not None
    corrected = holm(result.p_value)
    changes = []
    for i, cell in enumerate(cells):
        scale = 100.0 if cell["measure"].startswith("correct") else 1.0
        low, high = scale * result.low[i], scale * result.high[i]
        first = scale * float(under[:, i].sum() / counts[i])
        second = scale * float(tops[:, i].sum() / counts[i])
        changes.append(
            Change(
                cell, first, second, second - first, _known(low), _known(high), _known(result.p_value[i]),
                _known(corrected[i]), counts[i],
            )
        )  # fmt: skip
    return tuple(changes)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
