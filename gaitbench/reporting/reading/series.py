"""The curves of success by angle: which systems, in which words, with which counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitbench.reporting.reading.attacks import system_text, worst_rows
from gaitbench.reporting.reading.selection import (
    attack_of,
    headline_anonymizer,
    headline_attack,
    ordered,
    unique,
)
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["Series", "chosen_series", "spread", "success_series"]

#: Curves of one figure; beyond these nobody tells them apart. Two of them are controls.
_SYSTEMS = 5
_SHOWN_CONTROLS = ("original", "someone-else")


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


def chosen_series(record: Record) -> tuple[list[Series], int]:
    """Curves of one figure, and how many more there are under the headline attack.

    At most five systems: the headline anonymizer, the strongest attack on it where that is another one (named *worst
    case*), then the others, one curve for each anonymizer, those that hide least first. Two controls at most.
    """
    everything = [one for one in success_series(record) if any(row.rate is not None for row in one.rows)]
    tested = [one for one in everything if not one.control]
    controls = [one for one in everything if one.control]
    worst = _worst_series(record)
    if len(everything) <= _SYSTEMS + len(_SHOWN_CONTROLS) and worst is None:
        return everything, 0
    firsts = {name: one for one in reversed(tested) for name in [one.rows[0].anonymizer]}
    head = [firsts[tested[0].rows[0].anonymizer]] if tested else []
    others = sorted((one for one in firsts.values() if one not in head), key=_mean_success)
    shown = [*head, *([worst] if worst is not None else []), *others][:_SYSTEMS]
    kept = [one for one in controls if one.rows[0].anonymizer in _SHOWN_CONTROLS][: len(_SHOWN_CONTROLS)]
    return [*shown, *kept], len(everything) - len([one for one in (*shown, *kept) if one is not worst])


def _mean_success(one: Series) -> float:
    rates = [row.rate for row in one.rows if row.rate is not None]
    return sum(rates) / len(rates)


def _worst_series(record: Record) -> Series | None:
    """Success under the strongest attack on the headline anonymizer, unless that is the headline attack.

    Of those under the suite's own gallery: success by angle is known of no other.
    """
    name, headline = headline_anonymizer(record), headline_attack(record)
    own = [row for (anonymizer, _), row in worst_rows(record).items() if anonymizer == name]
    worst = max(own, key=lambda row: row.rank1 or 0.0) if own else None
    if worst is None or (*worst.attack, worst.gallery) == headline:
        return None
    wanted = (worst.anonymizer, worst.colorizer, *worst.attack, worst.gallery)
    rows = [r for r in record.success_rate if (r.anonymizer, r.colorizer, *attack_of(r)) == wanted]
    if worst.colorizer == "none" and not rows:
        # What reads silhouettes alone has equal counts whatever paints them.
        alike = [r for r in record.success_rate if (r.anonymizer, *attack_of(r)) == (wanted[0], *wanted[2:])]
        rows = [row for row in alike if row.colorizer == alike[0].colorizer]
    if not any(row.rate is not None for row in rows):
        return None
    label = f"{system_text(worst.anonymizer, worst.colorizer)}, worst case: {', '.join(worst.attack)}"
    return Series(label, False, tuple(sorted(rows, key=lambda row: row.angle)))


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
