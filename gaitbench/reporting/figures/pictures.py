"""Figures of pictures: the grid original / binary / painted for the four sets, gait energy images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gaitbench.errors import DataError
from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.reading.samples import (
    pick_frames,
    read_picture,
    sample_of_set,
    shown_anonymizer,
    split_strip,
    strip_label,
    systems,
)
from gaitbench.reporting.reading.selection import SET_ORDER, ordered
from gaitbench.reporting.reading.theme import Theme
from gaitbench.results.record import Record

__all__ = ["gei_before_after", "picture_grid"]

_FRAMES = 7


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _stack(rows: list[NDArray[np.uint8] | None], gap: int) -> tuple[NDArray[np.uint8], list[float]]:
    """Rows of pixels as one RGBA picture with clear gaps between, and the middle of each row.

    One picture for each panel: drawing every strip by itself takes several times as long.
    """
    known = [row for row in rows if row is not None]
    height, width = known[0].shape[:2]
    picture = np.zeros((len(rows) * (height + gap) - gap, width, 4), np.uint8)
    middles = []
    for number, row in enumerate(rows):
        top = number * (height + gap)
        middles.append(top + height / 2)
        if row is not None:
            picture[top : top + height, :, :3] = row
            picture[top : top + height, :, 3] = 255
    return picture, middles


def _show(axes: Axes, rows: list[NDArray[np.uint8] | None], names: list[str], gap: int) -> None:
    picture, middles = _stack(rows, gap)
    axes.imshow(picture, interpolation="nearest")
    _bare(axes)
    axes.set_yticks(middles, names, fontsize=8)
    axes.tick_params(length=0)
    for row, middle in zip(rows, middles, strict=True):
        if row is None:
            axes.text(picture.shape[1] / 2, middle, "not made", ha="center", va="center", fontsize=8)


def picture_grid(record: Record, run_dir: Path, theme: Theme) -> Figure | None:
    """One panel per set as in the slides: rows are systems, columns are frames of one walk."""
    names = ordered((name for sample in record.samples for name in sample.sets), SET_ORDER)
    # As in the slides: the original silhouette is left out, the anonymized one is shown.
    # Other anonymizers are in the player.
    rows = [name for name in systems(record.samples) if name != "silhouette" and ": " not in name]
    labels = {name: strip_label(name, shown_anonymizer(record)).replace(", ", ",\n") for name in rows}
    taken: list[str] = []
    panels = []
    for name in names:
        sample = sample_of_set(record, name, taken)
        if sample is not None and set(rows) & set(sample.strips):
            taken.append(sample.key)
            panels.append((name, sample))
    if not panels:
        return None
    columns = 2 if len(panels) > 1 else 1
    lines = -(-len(panels) // columns)
    figure = Figure(figsize=(3.9 * columns, (0.68 * len(rows) + 0.35) * lines), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False)
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    for axes, (name, sample) in zip(grid.flat, panels, strict=False):
        numbers = pick_frames(sample.frames, _FRAMES)
        strips: list[NDArray[np.uint8] | None] = [
            np.concatenate(
                list(split_strip(sample, read_picture(run_dir, sample.strips[system]))[numbers]), axis=1
            )
            if system in sample.strips
            else None
            for system in rows
        ]
        _show(axes, strips, [labels[system] for system in rows], max(2, sample.height // 12))
        axes.set_title(f"{name}: {sample.key}", fontsize=9, color=theme.ink)
    return figure


def gei_before_after(record: Record, run_dir: Path, theme: Theme) -> Figure | None:
    """Gait energy images of up to six samples, before and after: what the recognizer reads."""
    own = [sample for sample in record.samples if {"before", "after"} <= set(sample.gei)][:6]
    if not own:
        return None
    lines: list[NDArray[np.uint8] | None] = []
    size = read_picture(run_dir, own[0].gei["before"]).shape[:2]
    gap = max(2, size[1] // 8)
    for which in ("before", "after"):
        pictures = [_framed(read_picture(run_dir, sample.gei[which]), size, gap) for sample in own]
        lines.append(np.concatenate(pictures, axis=1))
    # Wide enough for a sequence's name over each picture, whose shape is kept.
    figure = Figure(figsize=(0.9 + 1.25 * len(own), 0.7 + 1.25 * 2 * size[0] / size[1]), layout="constrained")
    axes = figure.add_subplot()
    _show(axes, lines, ["before", "after"], gap)
    step = size[1] + gap
    names = [f"{s.key.rpartition('-')[0]}\n{degrees(s.angle)}" if "-" in s.key else s.key for s in own]
    axes.set_xticks([size[1] / 2 + i * step for i in range(len(own))], names, fontsize=7)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_title("Gait energy images before and after anonymization", fontsize=9, color=theme.ink)
    return figure


def _framed(picture: NDArray[np.uint8], size: tuple[int, ...], gap: int) -> NDArray[np.uint8]:
    """A gait energy image, of the first one's size as all are, with a black margin on its right."""
    if picture.shape[:2] != size:
        found = "x".join(map(str, picture.shape[:2]))
        raise DataError(f"a gait energy image has {found} pixels, the first one {size[0]}x{size[1]}")
    return np.pad(picture, ((0, 0), (0, gap), (0, 0)))
