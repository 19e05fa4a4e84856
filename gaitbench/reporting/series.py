"""The curves of success by angle: which systems, in which words, with which counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitbench.reporting.cells import attack_of, headline_attack, ordered, unique
from gaitbench.reporting.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["Series", "spread", "success_series"]


@dataclass(frozen=True)
class Series:
    """One curve.

    Parameters
    ----------
    label : str
        Anonymizer, what the attacker reads where that is not the headline's, and the colorizers.
    control : bool
        Whether the anonymizer is a control.
    rows : tuple of SuccessRate
        By rising angle; colorizers of equal counts share one curve.
    """

    label: str
    control: bool
    rows: tuple[SuccessRate, ...]


def success_series(record: Record, *, all_attacks: bool = False) -> list[Series]:
    """Curves under the headline attack, or under all; anonymizers first, then the controls."""
    headline = headline_attack(record)
    attacks = unique(map(attack_of, record.success_rate))
    names = ordered((row.anonymizer for row in record.success_rate), (SLIDES_SYSTEM[0],))
    names = [n for n in names if n not in CONTROLS] + [n for n in CONTROLS if n in names]
    found = []
    for attack in sorted(attacks, key=lambda one: one != headline):
        if attack != headline and not all_attacks:
            continue
        for name in names:
            own = [r for r in record.success_rate if r.anonymizer == name and attack_of(r) == attack]
            seen: dict[tuple[tuple[int, int, int], ...], tuple[list[str], list[SuccessRate]]] = {}
            for colorizer in unique(row.colorizer for row in own):
                rows = sorted((r for r in own if r.colorizer == colorizer), key=lambda r: r.angle)
                counts = tuple((row.angle, row.s, row.m) for row in rows)
                seen.setdefault(counts, ([], rows))[0].append(colorizer)
            for colorizers, rows in seen.values():
                painted = [one for one in colorizers if one != "none"]
                label = f"{name}, painted by {' or '.join(painted)}" if painted else name
                if attack != headline:
                    label += f" ({attack[0]}, {attack[1]}, reads {attack[2]}, {attack[3]})"
                found.append(Series(label, name in CONTROLS, tuple(rows)))
    return found


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Move labels apart until neighbours are `gap` away, keeping their order and their middle."""
    order = np.argsort(positions, kind="stable")
    placed = np.asarray(positions, float)[order]
    for _ in range(200):
        moved = False
        for i in range(len(placed) - 1):
            short = gap - (placed[i + 1] - placed[i])
            if short > 1e-6:
                placed[i] -= short / 2
                placed[i + 1] += short / 2
                moved = True
        if not moved:
            break
    result = np.empty_like(placed)
    result[order] = placed
    return [float(value) for value in result]
