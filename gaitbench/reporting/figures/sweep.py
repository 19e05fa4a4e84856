"""The figure of a sweep: privacy against quality, one curve for each system over its settings."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gaitbench.reporting.figures.style import MARKERS
from gaitbench.reporting.reading.selection import unique
from gaitbench.reporting.reading.theme import Theme
from gaitbench.results.record import Record
from gaitbench.results.schema_sweep import Swept

__all__ = ["sweep"]

_AXES = {
    "psnr": "PSNR (dB, reference original)",
    "ssim": "SSIM (reference original)",
    "iou": "IoU of silhouettes",
}
_PRIVACY = {
    "success": "Success under the slides' attacker (%)",
    "worst_rank1": "Still named by the strongest (%)",
}


def sweep(record: Record, theme: Theme) -> Figure | None:
    """Success, and what the strongest attack still names, against each measure of quality that was swept."""
    rows: tuple[Swept, ...] = record.tables.get("sweep", ())
    columns = [m for m in _AXES if any(r.measure == m and r.value is not None for r in rows)]
    curves = [c for c in unique(r.curve for r in rows) if len({r.variant for r in rows if r.curve == c}) > 1]
    if not columns or not curves:
        return None
    figure = Figure(figsize=(2.5 * len(columns) + 1.2, 5.2), layout="constrained")
    grid = figure.subplots(len(_PRIVACY), len(columns), squeeze=False, sharey="row", sharex="col")
    for line, (privacy, title) in zip(grid, _PRIVACY.items(), strict=True):
        for axes, measure in zip(line, columns, strict=True):
            for i, curve in enumerate(curves):
                _curve(axes, [r for r in rows if r.curve == curve], privacy, measure, i, theme)
            axes.grid(zorder=0)
            people = max((row.people for row in record.identification), default=0)
            if people and privacy == "worst_rank1":
                axes.axhline(
                    100 / people, color=theme.ink, linewidth=1, linestyle=(0, (1, 1.6)), label="guess"
                )
        line[0].set_ylabel(title, fontsize=8)
    for axes, measure in zip(grid[-1], columns, strict=True):
        painter = next((r.colorizer for r in rows if r.measure == measure), "none")
        by = f", painted by {painter}" if painter != "none" else ""
        axes.set_xlabel(f"{_AXES[measure]}{by}", fontsize=7)
    handles, texts = grid[-1][0].get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside lower center", ncols=min(5, len(texts)), fontsize=7.5)
    figure.suptitle("Privacy against quality over the settings", fontsize=10)
    return figure


def _curve(axes: Axes, rows: list[Swept], privacy: str, measure: str, index: int, theme: Theme) -> None:
    """One curve: a point for each setting, with intervals on both axes, joined in the order of the setting."""
    painter = next((r.colorizer for r in rows if r.measure == measure), None)
    points: list[tuple[float, float, float, str]] = []
    colour = theme.series[index % len(theme.series)]
    for variant in unique(r.variant for r in rows):
        own = [r for r in rows if r.variant == variant]
        x = next((r for r in own if (r.measure, r.colorizer) == (measure, painter)), None)
        y = next((r for r in own if r.measure == privacy), None)
        if x is None or y is None or x.value is None or y.value is None:
            continue
        points.append((0.0 if x.at is None else x.at, y.value, x.value, variant))
        style: Any = {"fmt": "none", "ecolor": colour, "elinewidth": 0.7, "alpha": 0.6, "zorder": 2}
        axes.errorbar([x.value], [y.value], xerr=_bar(x), yerr=_bar(y), **style)
    points.sort()
    axes.plot([x for _, _, x, _ in points], [y for _, y, _, _ in points], color=colour, linewidth=1.2,
              marker=MARKERS[index % len(MARKERS)], markersize=4.5, zorder=3,
              label=rows[0].curve)  # fmt: skip
    for _, y_at, x_at, variant in points:
        text = ", ".join(part.partition("=")[2] for part in variant.split(",")) or "as run"
        axes.annotate(text, (x_at, y_at), xytext=(3, 3), textcoords="offset points",
                      fontsize=5.5, color=colour)  # fmt: skip


def _bar(row: Swept) -> list[list[float]] | None:
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return None
    return [[max(0.0, row.value - row.ci_low)], [max(0.0, row.ci_high - row.value)]]
