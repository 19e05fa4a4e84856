"""Figures of curves and maps: success by angle, recognition by condition."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from gaitbench.reporting.figures.style import MARKERS
from gaitbench.reporting.formats.shown_views import axis_title, spaced
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.selection import (
    attack_text,
    display,
    headline_attack,
    ordered,
    unique,
)
from gaitbench.reporting.reading.series import Series, chosen_series, spread
from gaitbench.reporting.reading.slides import BAND_SENTENCE, SUCCESS_HIGH, SUCCESS_LOW
from gaitbench.reporting.reading.theme import Theme
from gaitbench.reporting.tables.competence import CONDITION_ORDER
from gaitbench.results.record import Record

__all__ = ["recognition", "success_by_angle"]


def _curve(
    axes: object, one: Series, index: int, theme: Theme, places: Mapping[int, float]
) -> tuple[float, str]:
    """Draw one curve with its intervals; returns the height of its last point and its colour."""
    rows = [row for row in one.rows if row.rate is not None]
    angles = [places[row.angle] for row in rows]
    rates = np.array([row.rate for row in rows], float)
    colour = theme.series[index % len(theme.series)]
    style = {
        "color": colour,
        "linewidth": 1.1 if one.control else 2.0,
        "linestyle": "--" if one.control else "-",
    }
    axes.plot(  # type: ignore[attr-defined]
        angles,
        rates,
        marker=MARKERS[index % len(MARKERS)],
        markersize=4 if one.control else 5.5,
        zorder=3,
        **style,
    )
    with_interval = [i for i, row in enumerate(rows) if row.ci_low is not None]
    if with_interval:
        low = np.array([rows[i].ci_low for i in with_interval], float)
        high = np.array([rows[i].ci_high for i in with_interval], float)
        middle = rates[with_interval]
        below, above = np.maximum(middle - low, 0), np.maximum(high - middle, 0)
        axes.errorbar(  # type: ignore[attr-defined]
            [angles[i] for i in with_interval], middle, [below, above],
            fmt="none", ecolor=colour, elinewidth=0.9, capsize=2, alpha=0.75, zorder=2,
        )  # fmt: skip
    return (float(rates[-1]) if len(rates) else float("nan")), colour


def success_by_angle(record: Record, theme: Theme) -> Figure | None:
    """Success rate by angle with intervals, the slides' range as a band and the chance line."""
    series, more = chosen_series(record)
    attack = headline_attack(record)
    if not series or attack is None:
        return None
    figure = Figure(figsize=(7.2, 4.3), layout="constrained")
    axes = figure.add_subplot()
    angles = sorted({row.angle for one in series for row in one.rows})
    axes.axhspan(SUCCESS_LOW, SUCCESS_HIGH, color=theme.band, zorder=0, linewidth=0)
    places = spaced(angles)
    at = [places[angle] for angle in angles]
    ends = [_curve(axes, one, i, theme, places) for i, one in enumerate(series)]
    by_angle = {row.angle: row.chance for one in series for row in one.rows}
    chances = [by_angle[angle] for angle in angles]
    axes.plot(at, chances, color=theme.ink, linewidth=1.0, linestyle=(0, (1, 1.6)), zorder=2)
    heights = [height for height, _ in ends]
    texts = [f"chance {chances[-1]:.1f} %", *(one.label for one in series)]
    colours = [theme.ink, *(colour for _, colour in ends)]
    for text, height, place, colour in zip(
        texts, [chances[-1], *heights], spread([chances[-1], *heights], 5.2), colours, strict=True
    ):
        # Who paints does not move a rate that is read off the silhouette; the table says who shares a curve.
        name, _, rest = text.partition(", ")
        shown = f"{name}, worst case" if rest.startswith("worst case") else name
        axes.annotate(shown, (at[-1], height), xytext=(at[-1] + 7, place), color=colour, fontsize=8,
                      va="center", annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.5, "shrinkB": 4})  # fmt: skip
    axes.set_ylim(-4, 104)
    axes.set_xlim(at[0] - 4, at[-1] + 4)
    axes.set_xticks(at, [str(angle) for angle in angles])
    axes.grid(axis="y", zorder=0)
    axes.set_xlabel(axis_title(angles, "Viewing angle (degrees; 0 = towards the camera, 90 = side view)"))
    axes.set_ylabel("Success rate M/|S| (%)")
    axes.set_title("Success of the anonymization by viewing angle")
    notes = [f"{attack_text(attack)}; bars: {interval_name(record)}; {BAND_SENTENCE}"]
    notes += [one.label for one in series if ", worst case: " in one.label]
    notes += [f"{more} more curves stand in the table"] if more else []
    figure.supxlabel(
        "\n".join(["; ".join(notes[:1]), "; ".join(notes[1:])]).strip(), fontsize=7.5, color=theme.faint
    )
    return figure


def recognition(record: Record, theme: Theme) -> Figure | None:
    """Rank-1 on untouched probes as a map of walking condition and angle, one per gallery."""
    own = [row for row in record.competence if row.angle is not None]
    if not own:
        return None
    conditions = ordered((row.condition for row in own), CONDITION_ORDER)
    angles = sorted({row.angle for row in own if row.angle is not None})
    places = unique((row.recognizer, row.gallery) for row in own)
    figure = Figure(figsize=(7.2, 0.9 + 1.25 * len(places)), layout="constrained")
    grid = figure.subplots(len(places), 1, squeeze=False)[:, 0]
    image = None
    for axes, (recognizer, gallery) in zip(grid, places, strict=True):
        values = np.full((len(conditions), len(angles)), np.nan)
        for row in own:
            if (row.recognizer, row.gallery) == (recognizer, gallery) and row.rank1 is not None:
                values[conditions.index(row.condition), angles.index(row.angle or 0)] = row.rank1
        image = axes.imshow(values, cmap="cividis", vmin=0, vmax=100, aspect="auto")
        for i, j in np.ndindex(*values.shape):
            known = not np.isnan(values[i, j])
            # Not quite the theme's ink: the dark page exchanges that, and this lies on a coloured cell.
            ink = "#fefefe" if known and values[i, j] < 55 else "#101214" if known else theme.ink
            axes.text(
                j, i, f"{values[i, j]:.0f}" if known else "–", ha="center", va="center", fontsize=8, color=ink
            )
        axes.set_xticks(range(len(angles)), [str(angle) for angle in angles])
        axes.set_yticks(range(len(conditions)), [f"{display(c)} ({c})" for c in conditions])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_title(f"Rank-1 on untouched gaits (%): {recognizer}, gallery {gallery}")
    grid[-1].set_xlabel(axis_title(angles, "Viewing angle of the probe (degrees)"))
    if image is not None:
        bar = figure.colorbar(image, ax=list(grid), fraction=0.03, pad=0.02)
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0, labelsize=7.5)
    return figure
