"""The figure of privacy against utility: every system at every setting, and the front that nobody dominates."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gaitbench.reporting.figures.style import MARKERS
from gaitbench.reporting.reading.front import Front, Point, front_of
from gaitbench.reporting.reading.selection import unique
from gaitbench.reporting.reading.theme import Theme
from gaitbench.results.record import Record

__all__ = ["privacy_utility"]

_COLUMNS = 3


def privacy_utility(record: Record, theme: Theme) -> Figure | None:
    """One panel a measure of utility; up and to the right is better. None where there is nothing to compare."""
    found = front_of(record)
    if found is None:
        return None
    lines = math.ceil(len(found.measures) / _COLUMNS)
    columns = min(_COLUMNS, len(found.measures))
    figure = Figure(figsize=(2.6 * columns + 0.8, 2.7 * lines + 1.0), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    people = max((row.people for row in record.identification), default=0)
    for place, measure in enumerate(found.measures):
        axes = grid[place // _COLUMNS][place % _COLUMNS]
        _panel(axes, found, measure, theme)
        if people:
            axes.axhline(
                100 - 100 / people, color=theme.ink, linewidth=1, linestyle=(0, (1, 1.6)), label="guess"
            )
    for place in range(len(found.measures), lines * columns):
        grid[place // _COLUMNS][place % _COLUMNS].set_visible(False)
    for line in grid:
        line[0].set_ylabel("Not named (%)", fontsize=8)
    handles: dict[str, Any] = {}
    for axes in grid.flat:
        for handle, text in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(text, handle)
    figure.legend(
        list(handles.values()),
        list(handles),
        loc="outside lower center",
        ncols=min(5, len(handles)),
        fontsize=7,
    )
    figure.suptitle("Privacy against utility", fontsize=10)
    return figure


def _panel(axes: Axes, found: Front, measure: str, theme: Theme) -> None:
    points = [p for p in found.points if measure in p.utility]
    for i, name in enumerate(unique(p.anonymizer for p in found.points)):
        colour, marker = theme.series[i % len(theme.series)], MARKERS[i % len(MARKERS)]
        own = [p for p in points if p.anonymizer == name]
        for point in own:
            _bars(axes, found, point, measure, colour)
        along = sorted((p for p in own if p.at is not None), key=lambda p: p.at or 0.0)
        axes.plot(*_places(found, along, measure), color=colour, linewidth=0.9, zorder=2)
        axes.plot(*_places(found, own, measure), color=colour, marker=marker, markersize=4.5, linestyle="none",
                  zorder=3, label=name)  # fmt: skip
        for point in own:
            (x,), (y,) = _places(found, [point], measure)
            text = ", ".join(part.partition("=")[2] for part in point.variant.split(","))
            axes.annotate(text, (x, y), xytext=(3, 3), textcoords="offset points", fontsize=5.5, color=colour)
    for i, control in enumerate(p for p in found.controls if measure in p.utility):
        axes.plot(*_places(found, [control], measure), marker="ox+*"[i % 4], markersize=5, markerfacecolor="none",
                  markeredgecolor=theme.faint, linestyle="none", label=f"{control.label} (control)")  # fmt: skip
    _front(axes, found, measure, theme)
    row = next(p.utility[measure] for p in found.points + found.controls if measure in p.utility)
    if row.direction == "lower":
        axes.invert_xaxis()
    axes.set_xlabel(f"{row.title} ({row.unit})", fontsize=7)
    axes.set_ylim(-4, 104)
    axes.grid(zorder=0)


def _places(found: Front, points: list[Point], measure: str) -> tuple[list[float], list[float]]:
    values = [point.utility[measure].value or 0.0 for point in points]
    return values, [100 - point.under(found.shared).value for point in points]


def _bars(axes: Axes, found: Front, point: Point, measure: str, colour: str) -> None:
    """Intervals both ways; dotted down to what the strongest of all attacks on it leaves, where that is more."""
    (x,), (y,) = _places(found, [point], measure)
    row, named = point.utility[measure], point.under(found.shared)
    style: Any = {"fmt": "none", "ecolor": colour, "elinewidth": 0.7, "alpha": 0.6, "zorder": 2}
    if row.ci_low is not None and row.ci_high is not None:
        axes.errorbar([x], [y], xerr=[[max(0.0, x - row.ci_low)], [max(0.0, row.ci_high - x)]], **style)
    if named.low is not None and named.high is not None:
        below, above = max(0.0, named.high - named.value), max(0.0, named.value - named.low)
        axes.errorbar([x], [y], yerr=[[below], [above]], **style)
    if point.strongest.value > named.value:
        bottom = 100 - point.strongest.value
        axes.plot([x, x], [y, bottom], color=colour, linewidth=0.8, linestyle=(0, (1, 1.2)), zorder=1)
        axes.plot([x], [bottom], color=colour, marker="_", markersize=5, linestyle="none", zorder=1)


def _front(axes: Axes, found: Front, measure: str, theme: Theme) -> None:
    """The steps under which everything is dominated."""
    over = found.dominators((measure,))
    best = [p for p, by in zip(found.points, over, strict=True) if not by and measure in p.utility]
    best.sort(key=lambda p: p.gain(measure))
    x, y = _places(found, best, measure)
    axes.plot(x, y, color=theme.ink, linewidth=1.1, linestyle="-", alpha=0.55, drawstyle="steps-pre", zorder=1,
              label="Pareto front")  # fmt: skip
