"""Figures of the attacker ladder: ranks, the gallery's size."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gaitbench.reporting.figures.style import MARKERS
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.selection import unique
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.reporting.reading.theme import Theme
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, EXTRAPOLATION
from gaitbench.results.schema_attacks import CmcPoint, GallerySize

__all__ = ["cmc", "gallery_size"]

#: Curves of one figure; beyond these nobody tells them apart.
_MOST = 7
#: Percent within which a curve hides another.
_LINE = 1.0


_Key = tuple[str, str, str, str, str]


def _key(row: CmcPoint | GallerySize) -> _Key:
    return row.anonymizer, row.colorizer, row.attacker, row.recognizer, row.input


def _chosen(first: Mapping[_Key, float], *, untouched: bool) -> list[tuple[_Key, str]]:
    """Which attacks a figure shows, in which words: untouched probes, the slides' cell, the worst of each system.

    `first` is the rank-1 of each attack.
    """
    chosen: dict[_Key, str] = {}
    same = [key for key in first if key[0] == "original" and key[2:] == SLIDES_SYSTEM[1:]]
    same = same or [key for key in first if key[0] == "original"]
    if untouched and same:
        chosen[same[0]] = "untouched"
    slides = [key for key in first if (key[0], *key[2:]) == SLIDES_SYSTEM]
    for key in slides[:1]:
        chosen[key] = "slides' cell"
    systems = unique((key[0], key[1]) for key in first if key[0] not in CONTROLS)
    worst = [max((k for k in first if k[:2] == system), key=lambda k: first[k]) for system in systems]
    for key in sorted(worst, key=lambda k: -first[k]):
        chosen.setdefault(key, "worst case")
    return list(chosen.items())[:_MOST]


def _label(key: _Key, why: str) -> str:
    if key[0] == "original":
        return f"untouched probes\n  {key[3]}, {key[4]}"
    return f"{system_text(key[0], key[1])} ({why})\n  {key[2]}, {key[3]}, {key[4]}"


def _style(index: int, under: int, theme: Theme) -> dict[str, Any]:
    """`under`: how many later curves cover this one; it is drawn so much thicker that it is seen at their sides."""
    return {
        "color": theme.series[index % len(theme.series)], "marker": MARKERS[index % len(MARKERS)],
        "markersize": 4.5 + 2 * under, "linewidth": 1.6 + 1.9 * under, "zorder": 3 + 0.1 * index,
    }  # fmt: skip


def _covered(curves: Sequence[Mapping[int, float]]) -> list[int]:
    """For each curve, how many of the later ones lie on it (at most three count)."""
    return [min(3, sum(_equal(curve, later) for later in curves[i + 1 :])) for i, curve in enumerate(curves)]


def _equal(one: Mapping[int, float], two: Mapping[int, float]) -> bool:
    shared = one.keys() & two.keys()
    return bool(shared) and max(abs(one[x] - two[x]) for x in shared) < _LINE


def _legend(figure: Figure) -> None:
    figure.legend(loc="outside right upper", fontsize=6.8, labelspacing=0.75)


def cmc(record: Record, theme: Theme) -> Figure | None:
    """Share of probes whose subject is among the first ranks: untouched, the slides' cell, the worst of each system."""
    first = {_key(row): row.rate for row in record.cmc if row.rank == 1}
    chosen = _chosen(first, untouched=True)
    if not chosen or max(row.rank for row in record.cmc) < 2:
        return None
    figure = Figure(figsize=(7.2, 3.8), layout="constrained")
    axes = figure.add_subplot()
    last = 1
    covered = _covered([{r.rank: r.rate for r in record.cmc if _key(r) == key} for key, _ in chosen])
    for i, (key, why) in enumerate(chosen):
        rows = sorted((row for row in record.cmc if _key(row) == key), key=lambda row: row.rank)
        last = max(last, rows[-1].rank)
        step = max(1, len(rows) // 10)
        axes.plot([r.rank for r in rows], [r.rate for r in rows], markevery=(i % step, step),
                  label=_label(key, why), **_style(i, covered[i], theme))  # fmt: skip
    people = max((row.people for row in record.identification), default=0)
    if people:
        ends = [1, min(last, people)]
        axes.plot(ends, [100 * rank / people for rank in ends], color=theme.ink, linewidth=1,
                  linestyle=(0, (1, 1.6)), label="blind guess")  # fmt: skip
    _percent_axis(axes, "Subject among the first candidates (%)")
    axes.set_xlim(0.5, last + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))  # nobody is half a person
    axes.set_xlabel("Rank")
    axes.set_title("Cumulative match characteristic")
    _legend(figure)
    return figure


def _percent_axis(axes: Axes, text: str) -> None:
    axes.set_ylim(-3, 103)
    axes.grid(axis="y", zorder=0)
    axes.set_ylabel(text)


def gallery_size(record: Record, theme: Theme) -> Figure | None:
    """Success against the number of people in the gallery; dashed where extrapolated."""
    own = [row for row in record.gallery_size if row.success is not None]
    strongest = {key: max(r.rank1 for r in own if _key(r) == key) for key in unique(map(_key, own))}
    chosen = _chosen(strongest, untouched=False)
    sizes = sorted({row.size for row in own})
    if not chosen or len(sizes) < 2:
        return None
    figure = Figure(figsize=(7.2, 3.8), layout="constrained")
    axes = figure.add_subplot()
    covered = _covered([{r.size: r.success or 0.0 for r in own if _key(r) == key} for key, _ in chosen])
    for i, (key, why) in enumerate(chosen):
        rows = sorted((row for row in own if _key(row) == key), key=lambda row: row.size)
        seen = [row for row in rows if not row.extrapolated]
        rest = [*seen[-1:], *(row for row in rows if row.extrapolated)]
        style = _style(i, covered[i], theme)
        axes.plot(
            [r.size for r in seen],
            [r.success or 0.0 for r in seen],
            label=_label(key, why),
            **style,
        )
        if len(rest) > 1:
            axes.plot([r.size for r in rest], [r.success or 0.0 for r in rest], linestyle="--", markerfacecolor="none",
                      **(style | {"zorder": 2 + 0.1 * i}))  # fmt: skip
    axes.plot(sizes, [100 - 100 / size for size in sizes], color=theme.ink, linewidth=1, linestyle=(0, (1, 1.6)),
              label="blind guess")  # fmt: skip
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    _percent_axis(axes, "Success (%)")
    axes.set_xlabel("People in the gallery (hollow, dashed: extrapolated)")
    axes.set_title("Success against the gallery's size")
    if any(row.extrapolated for row in own):
        said = textwrap.fill(f"Extrapolated: {EXTRAPOLATION}.", 110)
        figure.supxlabel(said, fontsize=6.8, color=theme.faint, x=0.02, ha="left")
    _legend(figure)
    return figure
