"""Figures of pictures: the grid original / binary / painted for the four sets, gait energy images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from gaitbench.reporting.cells import SET_ORDER, ordered
from gaitbench.reporting.samples import pick_frames, read_picture, sample_of_set, split_strip, systems
from gaitbench.reporting.style import Theme
from gaitbench.results.record import Record

__all__ = ["gei_before_after", "picture_grid"]

_FRAMES = 7
_ROW_NAMES = {"anonymized": "binary\nanonymized", "silhouette": "binary\noriginal"}


def _bare(axes: object) -> None:
    axes.set_xticks([])  # type: ignore[attr-defined]
    axes.set_yticks([])  # type: ignore[attr-defined]
    axes.spines[:].set_visible(False)  # type: ignore[attr-defined]


def picture_grid(record: Record, run_dir: Path, theme: Theme) -> Figure | None:
    """One panel per set as in the slides: rows are systems, columns are frames of one walk."""
    names = ordered((name for sample in record.samples for name in sample.sets), SET_ORDER)
    # As in the slides: the original silhouette is left out, the anonymized one is shown.
    rows = [name for name in systems(record.samples) if name != "silhouette"]
    taken: list[str] = []
    panels = []
    for name in names:
        sample = sample_of_set(record, name, taken)
        if sample is not None:
            taken.append(sample.key)
            panels.append((name, sample))
    if not panels or not rows:
        return None
    columns = 2 if len(panels) > 1 else 1
    lines = -(-len(panels) // columns)
    figure = Figure(figsize=(3.75 * columns, (0.68 * len(rows) + 0.35) * lines), layout="constrained")
    outer = figure.subfigures(lines, columns, squeeze=False, wspace=0.03, hspace=0.03)
    for panel, (name, sample) in zip(outer.flat, panels, strict=False):
        panel.set_facecolor(theme.paper)
        panel.suptitle(f"{name}: {sample.key}", fontsize=9, x=0.01, ha="left", fontweight="bold")
        grid = panel.subplots(len(rows), 1, squeeze=False)[:, 0]
        numbers = pick_frames(sample.frames, _FRAMES)
        for axes, system in zip(grid, rows, strict=True):
            _bare(axes)
            label = _ROW_NAMES.get(system, system)
            axes.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=8, labelpad=4)
            if system in sample.strips:
                frames = split_strip(sample, read_picture(run_dir, sample.strips[system]))[numbers]
                axes.imshow(np.concatenate(list(frames), axis=1), interpolation="nearest")
            else:
                axes.text(
                    0.5, 0.5, "not made", ha="center", va="center", transform=axes.transAxes, fontsize=8
                )
    return figure


def gei_before_after(record: Record, run_dir: Path, theme: Theme) -> Figure | None:
    """Gait energy images of up to six samples, before and after: what the recognizer reads."""
    own = [sample for sample in record.samples if {"before", "after"} <= set(sample.gei)][:6]
    if not own:
        return None
    figure = Figure(figsize=(0.9 + 1.05 * len(own), 3.3), layout="constrained")
    figure.suptitle("Gait energy images", fontsize=10, fontweight="bold", x=0.01, ha="left", color=theme.ink)
    grid = figure.subplots(2, len(own), squeeze=False)
    for column, sample in enumerate(own):
        for line, which in enumerate(("before", "after")):
            axes = grid[line, column]
            _bare(axes)
            picture = read_picture(run_dir, sample.gei[which])[..., 0]
            axes.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            if column == 0:
                axes.set_ylabel(which, fontsize=8)
            if line == 0:
                axes.set_title(sample.key, fontsize=6.5, fontweight="normal", loc="center", color=theme.ink)
    return figure
