"""Identification against the number of videos that are known to show one person."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from gaitbench.reporting.figures.style import MARKERS
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.selection import unique
from gaitbench.reporting.reading.theme import Theme
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_pooled import Pooled

__all__ = ["pooled"]

#: Curves; beyond these nobody tells them apart.
_MOST = 7
_OVER = "walks and cameras"
_Key = tuple[str, str, str, str, str]


def _key(row: Pooled) -> _Key:
    return row.anonymizer, row.colorizer, row.attacker, row.recognizer, row.input


def _chosen(rows: list[Pooled]) -> list[_Key]:
    """Of each system the attack that names most over the numbers of videos that all attacks on it were given.

    With all videos many attacks name everybody, and some are told of few videos alone. Systems that nobody paints come
    first, painted ones where there is room; `constant` and untouched probes beside them.
    """
    best: dict[tuple[str, str], tuple[float, _Key]] = {}
    for place in unique(_key(row)[:2] for row in rows):
        own: dict[_Key, dict[int, float]] = {}
        for row in rows:
            if _key(row)[:2] == place:
                own.setdefault(_key(row), {})[row.k] = row.rank1 or 0.0
        shared = set.intersection(*map(set, own.values()))
        mean = {key: sum(rates[k] for k in shared) / max(1, len(shared)) for key, rates in own.items()}
        key = max(own, key=lambda one: mean[one])
        best[place] = (mean[key], key)
    tested = sorted(
        (v for p, v in best.items() if p[0] not in CONTROLS), key=lambda v: (v[1][1] != "none", -v[0])
    )
    held = [best[place] for place in (("original", "none"), ("constant", "none")) if place in best]
    return [key for _, key in [*tested[: _MOST - len(held)], *held]]


def pooled(record: Record, theme: Theme) -> Figure | None:
    """Rank-1 by k sequences together, with intervals: the strongest attack on each system, and two controls."""
    rows = [r for r in record.tables["pooled"] if r.over == _OVER and r.rank1 is not None]
    sizes = sorted({r.k for r in rows})
    if len(sizes) < 2:
        return None
    figure = Figure(figsize=(7.2, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for i, key in enumerate(_chosen(rows)):
        mine = sorted((r for r in rows if _key(r) == key), key=lambda r: r.k)
        control = key[0] in CONTROLS
        value = np.array([r.rank1 for r in mine], float)
        low = np.array([r.rank1 if r.ci_low is None else r.ci_low for r in mine], float)
        high = np.array([r.rank1 if r.ci_high is None else r.ci_high for r in mine], float)
        name = "untouched probes" if key[0] == "original" else system_text(key[0], key[1])
        axes.errorbar(
            [r.k for r in mine], value, [np.maximum(value - low, 0), np.maximum(high - value, 0)],
            label=f"{name}\n  {key[2]}, {key[3]}, {key[4]}", color=theme.series[i % len(theme.series)],
            marker=MARKERS[i % len(MARKERS)], markersize=4.5, linewidth=1.1 if control else 1.8,
            linestyle="--" if control else "-", elinewidth=0.9, capsize=2, zorder=3,
        )  # fmt: skip
    chance = max(r.chance for r in rows)
    axes.axhline(chance, color=theme.ink, linewidth=1, linestyle=(0, (1, 1.6)), label="blind guess")
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_ylim(-3, 103)
    axes.grid(axis="y", zorder=0)
    axes.set_xlabel("Sequences of one person together (walks and cameras)")
    axes.set_ylabel("People named rightly (%)")
    axes.set_title("More than one video of a person")
    figure.supxlabel(
        f"bars: {interval_name(record)} over people", fontsize=6.8, color=theme.faint, x=0.02, ha="left"
    )
    figure.legend(loc="outside right upper", fontsize=6.8, labelspacing=0.75)
    return figure
