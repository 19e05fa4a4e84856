"""Figures of recognition between angles and of naturalness by strength."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matplotlib.figure import Figure

from gaitbench.reporting.figures.style import MARKERS
from gaitbench.reporting.formats.shown_views import axis_title
from gaitbench.reporting.reading.attacks import every_gallery
from gaitbench.reporting.reading.matrices import recognition_matrices
from gaitbench.reporting.reading.selection import display, unique
from gaitbench.reporting.reading.theme import Theme
from gaitbench.reporting.words.assumptions import NATURAL_BETTER
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_attacks import worst_cases

__all__ = ["naturalness", "recognition_maps", "strength_of"]


def _ticks(angles: Sequence[int]) -> tuple[list[int], list[str]]:
    """Places and names of up to six angles; the figures themselves stand in the tables."""
    places = list(range(0, len(angles), -(-len(angles) // 6)))
    return places, [str(angles[place]) for place in places]


def recognition_maps(record: Record, theme: Theme) -> Figure | None:
    """Rank-1 by gallery angle and probe angle: a row of maps per recognizer, a column per condition.

    The cells hold no figures: nine maps of 121 would take most of a report's time, and nobody could read them.
    """
    found = recognition_matrices(record)
    if not found:
        return None
    recognizers = unique(matrix.recognizer for matrix in found)
    conditions = unique(matrix.condition for matrix in found)
    size = (1.0 + 2.6 * len(conditions), 0.5 + 2.55 * len(recognizers))
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(recognizers), len(conditions), squeeze=False)
    for axes in grid.flat:
        axes.set_visible(False)
    image = None
    for matrix in found:
        axes = grid[recognizers.index(matrix.recognizer), conditions.index(matrix.condition)]
        axes.set_visible(True)
        image = axes.imshow(matrix.rank1, cmap="cividis", vmin=0, vmax=100)
        axes.set_xticks(*_ticks(matrix.probe_angles), fontsize=7)
        axes.set_yticks(*_ticks(matrix.gallery_angles), fontsize=7)
        axes.tick_params(length=0, pad=1.5)
        axes.spines[:].set_visible(False)
        mean = matrix.mean()
        tail = "" if mean is None else f" ({mean:.1f})"
        axes.set_title(f"{matrix.recognizer}, {display(matrix.condition)}{tail}", fontsize=7.5)
    title = "Recognition between angles (mean without the diagonal, %)"
    figure.suptitle(title, fontsize=9 if len(conditions) > 1 else 7.5)
    seen = found[0].probe_angles
    figure.supxlabel(axis_title(seen, "Probe angle (degrees)", "Probe view"), fontsize=8)
    figure.supylabel(axis_title(seen, "Gallery angle (degrees)", "Gallery view"), fontsize=8)
    if image is not None:
        bar = figure.colorbar(image, ax=grid, fraction=0.03, pad=0.02)
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0, labelsize=7)
        bar.set_label("Rank-1 on untouched probes (%)", fontsize=7.5)
    return figure


def strength_of(variant: str) -> float | None:
    """The strength that a variant names.

    Examples
    --------
    >>> strength_of("strength=0.2"), strength_of("strength 0.2"), strength_of("")
    (0.2, 0.2, None)
    """
    found = re.fullmatch(r"strength[ =](\d+(?:\.\d+)?(?:e-?\d+)?)", variant)
    return float(found[1]) if found else None


def naturalness(record: Record, theme: Theme) -> Figure | None:
    """Each measure of naturalness by strength, and privacy beside it where the ladder knows the strengths.

    An anonymizer at a strength is known to the ladder as ``NAME[strength=0.1]``.
    """
    curves = [
        row for row in record.naturalness if strength_of(row.variant) is not None and row.value is not None
    ]
    names = unique(row.anonymizer for row in curves)
    measures = unique(row.measure for row in curves)
    if not curves:
        return None
    worst = worst_cases(every_gallery(record))
    private = {
        (name, float(strength_of(row.variant) or 0.0)): 100 - (one.rank1 or 0.0)
        for name in names
        for row in curves
        if row.anonymizer == name and (one := worst.get((f"{name}[{row.variant}]", "none"))) is not None
    }
    count = len(measures) + bool(private)
    figure = Figure(figsize=(min(12.0, 1.1 + 2.3 * count), 3.1), layout="constrained")
    grid = figure.subplots(1, count, squeeze=False)[0]
    for axes, measure in zip(grid, measures, strict=False):
        for i, name in enumerate(names):
            own = [row for row in curves if (row.anonymizer, row.measure) == (name, measure)]
            points = sorted((strength_of(row.variant) or 0.0, row.value or 0.0) for row in own)
            axes.plot(*zip(*points, strict=True), marker=MARKERS[i % len(MARKERS)], label=name,
                      color=theme.series[i % len(theme.series)])  # fmt: skip
        untouched = [
            row.value for row in record.naturalness
            if row.anonymizer in CONTROLS and row.anonymizer == "original" and row.measure == measure
            and row.value is not None
        ]  # fmt: skip
        if untouched:
            axes.axhline(
                untouched[0], color=theme.ink, linewidth=1, linestyle=(0, (1, 1.6)), label="untouched"
            )
        axes.set_title(measure, fontsize=9)
        axes.set_ylabel(NATURAL_BETTER.get(measure, measure), fontsize=7.5)
        axes.set_xlabel("Strength")
        axes.grid(axis="y", zorder=0)
    if private:
        axes = grid[-1]
        for i, name in enumerate(names):
            points = sorted((strength, value) for (who, strength), value in private.items() if who == name)
            if points:
                axes.plot(*zip(*points, strict=True), marker=MARKERS[i % len(MARKERS)],
                          color=theme.series[i % len(theme.series)])  # fmt: skip
        axes.set_title("privacy", fontsize=9)
        axes.set_ylabel("not named by the strongest attack (%)", fontsize=7.5)
        axes.set_xlabel("Strength")
        axes.set_ylim(-3, 103)
        axes.grid(axis="y", zorder=0)
    figure.suptitle("How natural the anonymized gaits look, by strength", fontsize=10)
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", fontsize=7)
    return figure
