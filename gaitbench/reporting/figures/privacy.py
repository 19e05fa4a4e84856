"""The figure of privacy against picture quality: one point per painted system under its strongest attack."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gaitbench.reporting.figures.style import DASHES, MARKERS
from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.reading.attacks import every_gallery, short_attack, system_text
from gaitbench.reporting.reading.selection import unique
from gaitbench.reporting.reading.series import spread
from gaitbench.reporting.reading.theme import Theme
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_attacks import worst_cases

__all__ = ["Point", "privacy_points", "privacy_quality"]

#: Systems of one figure that a legend tells apart; more share a mark for each anonymizer and a number for each painter.
_MOST = 7
#: Privacy changes the shape: `original` counts shape and colour together, where `overlap` knows colour alone.
_REFERENCE = "original"


@dataclass(frozen=True)
class Point:
    """One system: mean SSIM over the sets, and the share of probes (percent) that its strongest attack does not name.

    `low` and `high` are the interval of the latter, where there is one; `attack` says which attack it is.
    """

    anonymizer: str
    colorizer: str
    control: bool
    ssim: float
    hidden: float
    low: float | None
    high: float | None
    attack: str

    @property
    def label(self) -> str:
        """As tables name the system."""
        return system_text(self.anonymizer, self.colorizer)


def privacy_points(record: Record) -> list[Point]:
    """One point per painted system, worst-case attacker; the success rate stands in where no ladder was run.

    A control's privacy does not hang on the paint: without a row of its own it takes that of its silhouettes.
    """
    worst = worst_cases(every_gallery(record))
    points = []
    for anonymizer, colorizer in unique((row.anonymizer, row.colorizer) for row in record.quality):
        values = [
            row.ssim for row in record.quality
            if (row.anonymizer, row.colorizer, row.reference) == (anonymizer, colorizer, _REFERENCE)
            and row.ssim is not None
        ]  # fmt: skip
        if not values:
            continue
        control, ssim = anonymizer in CONTROLS, float(np.mean(values))
        row = worst.get((anonymizer, colorizer)) or worst.get((anonymizer, "none"))
        if row is not None and row.rank1 is not None:
            low = None if row.rank1_ci_high is None else 100 - row.rank1_ci_high
            high = None if row.rank1_ci_low is None else 100 - row.rank1_ci_low
            attack = short_attack(row)
            points.append(Point(anonymizer, colorizer, control, ssim, 100 - row.rank1, low, high, attack))
            continue
        rates = [
            one for one in record.success_rate
            if one.anonymizer == anonymizer and one.colorizer in (colorizer, "none") and one.rate is not None
        ]  # fmt: skip
        if rates and not worst:
            one = min(rates, key=lambda r: r.rate or 0.0)
            points.append(
                Point(
                    anonymizer,
                    colorizer,
                    control,
                    ssim,
                    one.rate or 0.0,
                    one.ci_low,
                    one.ci_high,
                    degrees(one.angle, " deg"),
                )
            )
    return points


def privacy_quality(record: Record, theme: Theme) -> Figure | None:
    """One point per painted system under its strongest attack, the controls hollow."""
    points = privacy_points(record)
    if len(points) < 2:
        return None
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    axes = figure.add_subplot()
    ladder = bool(record.identification)
    people = max((row.people for row in record.identification), default=0)
    chance = 100 - 100 / people if people else record.success_rate[0].chance
    axes.axhline(
        chance, color=theme.ink, linewidth=1, linestyle=(0, (1, 1.6)), label=f"chance {chance:.1f} %"
    )
    if len(points) > _MOST:
        _grouped(figure, axes, points, theme)
    for i, point in enumerate(points if len(points) <= _MOST else []):
        colour = theme.series[i % len(theme.series)]
        marker = MARKERS[(i + i // len(theme.series)) % len(MARKERS)]
        if point.low is not None and point.high is not None:
            bar = [[max(0.0, point.hidden - point.low)], [max(0.0, point.high - point.hidden)]]
            axes.errorbar(
                [point.ssim], [point.hidden], bar, fmt="none", ecolor=colour, elinewidth=0.9, capsize=2
            )
        text = f"{point.label}{' (control)' if point.control else ''}\n  {point.attack}"
        axes.plot(point.ssim, point.hidden, marker=marker, markersize=8, markeredgecolor=colour, markeredgewidth=1.6,
                  markerfacecolor="none" if point.control else colour, linestyle="none", clip_on=False, zorder=3,
                  label=text)  # fmt: skip
    axes.set_ylim(-4, 104)
    axes.grid(zorder=0)
    axes.set_xlabel(f"Mean SSIM over the sets (reference {_REFERENCE}); right is better")
    what = "Not named by the strongest attack (%)" if ladder else "Lowest success, all attacks and angles (%)"
    axes.set_ylabel(f"{what}; up is better", fontsize=8.5)
    axes.set_title("Privacy against picture quality")
    if len(points) <= _MOST:
        figure.legend(loc="outside right upper", fontsize=6.8, labelspacing=0.75)
    return figure


def _grouped(figure: Figure, axes: Axes, points: list[Point], theme: Theme) -> None:
    """Many systems: marker, dashes, colour and a name at the right for each anonymizer, a number for each colorizer."""
    painters = unique(point.colorizer for point in points)
    names = unique(point.anonymizer for point in points)
    apart = max(point.ssim for point in points) - min(point.ssim for point in points)
    ends = []
    for i, name in enumerate(names):
        own = [point for point in points if point.anonymizer == name]
        colour = theme.faint if own[0].control else theme.series[i % len(theme.series)]
        own.sort(key=lambda point: point.ssim)
        axes.plot([point.ssim for point in own], [point.hidden for point in own], color=colour, linewidth=0.8,
                  linestyle=DASHES[i % len(DASHES)], zorder=2)  # fmt: skip
        for point in own:
            if point.low is not None and point.high is not None:
                bar = [[max(0.0, point.hidden - point.low)], [max(0.0, point.high - point.hidden)]]
                axes.errorbar([point.ssim], [point.hidden], bar, fmt="none", ecolor=colour, elinewidth=0.7,
                              capsize=1.5, alpha=0.6, zorder=2)  # fmt: skip
            axes.plot(point.ssim, point.hidden, marker=MARKERS[i % len(MARKERS)], markersize=5.5,
                      markeredgecolor=colour, markeredgewidth=1.2, linestyle="none", zorder=3,
                      markerfacecolor="none" if point.control else colour)  # fmt: skip
        for near in _near(own, 0.03 * apart):
            text = ", ".join(str(n) for n in sorted(painters.index(point.colorizer) + 1 for point in near))
            top = max(point.hidden if point.high is None else point.high for point in near)
            axes.annotate(text, (float(np.mean([point.ssim for point in near])), top), xytext=(0, 2),
                          textcoords="offset points", color=theme.ink, fontsize=5.5, ha="center", va="bottom",
                          zorder=4)  # fmt: skip
        right = own[-1]
        ends.append((f"{name} (control)" if own[0].control else name, right, colour))
    low, high = axes.get_xlim()
    for (text, point, colour), place in zip(
        ends, spread([point.hidden for _, point, _ in ends], 4.6), strict=True
    ):
        axes.annotate(text, (point.ssim, point.hidden), xytext=(high + 0.04 * (high - low), place), color=colour,
                      fontsize=7.5, va="center", annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.4, "shrinkB": 4})  # fmt: skip
    axes.set_xlim(low, high)
    for i, painter in enumerate(painters):
        shown = "not painted" if painter == "none" else painter
        axes.plot([], [], linestyle="none", label=f"{i + 1} {shown}")
    figure.legend(loc="outside lower center", ncols=min(8, len(painters) + 1), fontsize=7, handletextpad=0.3,
                  columnspacing=1.2, handlelength=1.2)  # fmt: skip


def _near(points: list[Point], distance: float) -> list[list[Point]]:
    """Points, sorted by SSIM, in groups whose numbers would stand upon each other."""
    groups = [[points[0]]]
    for before, point in pairwise(points):
        if point.ssim - before.ssim < distance:
            groups[-1].append(point)
        else:
            groups.append([point])
    return groups
