"""The picture of one explained probe: its gait energy images, and those of whom each attack took it for."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gaitbench.errors import DataError
from gaitbench.reporting.figures.style import themed
from gaitbench.reporting.reading.theme import LIGHT
from gaitbench.results.explained import Explained, Explanation, Match, PooledProbe
from gaitbench.store.atomic import write_bytes

__all__ = ["LARGEST", "write_picture"]

#: Attacks drawn; further ones stand in the table on the terminal.
LARGEST = 12
#: Inches of one GEI with its three lines of text, of the words in front of a row, and of the head.
_WIDE, _HIGH, _WORDS, _HEAD = 0.86, 1.72, 1.75, 2.2
#: Dots per inch: a crop of 64 rows is shown at about twice its size.
_DPI = 120


def write_picture(found: Explained, path: Path, *, rendered: bool) -> None:
    """Write the PNG: the probe before and after on top, then one row an attack with its nearest people.

    A person's name, distance and gallery walk stand under each image; the right person has a thick frame and the word
    "right".

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    rows = found.rows[:LARGEST]
    count = max([1, *(len(m) for r in rows for m in (r.before, r.after))])
    longest = max([0, *(len(r.pooled.geis) for r in rows if r.pooled is not None)])
    width = _WORDS + max(2 * count + 0.5, longest) * _WIDE + 0.15
    bands = len(rows) + sum(row.pooled is not None for row in rows)
    height = _HEAD + max(1, bands) * _HIGH + 0.15
    with themed(LIGHT):
        figure = Figure(figsize=(width, height), dpi=_DPI)
        page = _Page(figure, width, height)
        people = "rendered walkers" if rendered else "filmed people"
        page.words(0.12, 0.22, f"{found.key} through {found.anonymizer}", size=12, weight="bold")
        text = (
            f"Gait energy images (the mean of all silhouettes) of {people}. Of each person the gallery walk that is "
            "nearest, as the attacker has enrolled it."
        )
        page.words(0.12, 0.46, text, size=8)
        for i, (label, image) in enumerate((("probe before", found.before), ("probe after", found.after))):
            page.image(_WORDS + i * 1.3 * _WIDE, 0.62, image, [label], strong=False)
        for i, label in enumerate(("nearest before", "nearest after")):
            page.words(_WORDS + i * (count + 0.5) * _WIDE, _HEAD - 0.08, label, size=9, weight="bold")
        top = _HEAD
        for row in rows:
            _draw_row(page, row, top, count)
            top += _HIGH
            if row.pooled is not None:
                _draw_pool(page, row.pooled, top)
                top += _HIGH
        if len(found.rows) > len(rows):
            page.words(
                0.12, height - 0.06, f"{len(found.rows) - len(rows)} more attacks: see the table", size=8
            )
        out = io.BytesIO()
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(out, metadata={"Software": None})
    try:
        write_bytes(path, out.getvalue())
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}); give another --output"
        ) from None


def _draw_row(page: _Page, row: Explanation, top: float, count: int) -> None:
    a = row.attack
    painted = [] if row.colorizer == "none" else [f"painted: {row.colorizer}"]
    lines = [a.attacker, a.recognizer, f"reads {a.input}", *painted]
    page.words(0.12, top + 0.3, "\n".join(lines), size=8.5)
    if row.failed:
        page.words(_WORDS, top + 1.6, row.failed[:110], size=7.5)
    for side, (matches, place) in enumerate(((row.before, row.place_before), (row.after, row.place_after))):
        left = _WORDS + side * (count + 0.5) * _WIDE
        for i, match in enumerate(matches):
            page.image(left + i * _WIDE, top, match.gei, _label(match), strong=match.right)
        if matches and place is not None and not any(m.right for m in matches):
            page.words(left, top + 1.6, f"the right person is number {place} of {row.people}", size=7.5)


def _draw_pool(page: _Page, pool: PooledProbe, top: float) -> None:
    """The pooled sequences in their order; under those that fill a pool, whom it names."""
    lines = ["together:", f"{pool.over},", f"drawn pool {pool.draw} of {pool.draws}"]
    page.words(0.12, top + 0.3, "\n".join(lines), size=8.5)
    steps = {step.size: step for step in pool.steps}
    for i, image in enumerate(pool.geis, start=1):
        label = pool.steps[-1].sequences[i - 1].rsplit("-", 3)[1:]
        text = ["-".join(label[:2]) + f" {label[2]}"]
        step = steps.get(i)
        if step is not None:
            who = "failed" if step.failed else step.named or "nobody"
            text += [f"k={i}: {who}", "right" if step.right else "wrong"]
        page.image(_WORDS + (i - 1) * _WIDE, top, image, text, strong=step is not None and step.right)


def _label(match: Match) -> list[str]:
    name = f"{match.subject} right" if match.right else match.subject
    if match.entry is None:
        return [name, f"{match.distance:.3g}"]
    return [name, f"{match.distance:.3g}", f"{match.entry.walk} {match.entry.key.rpartition('-')[2]}"]


class _Page:
    """A figure measured in inches from its upper left corner."""

    def __init__(self, figure: Figure, width: float, height: float) -> None:
        self.figure, self.width, self.height = figure, width, height

    def words(self, x: float, y: float, text: str, **style: Any) -> None:
        """Write text whose first line stands at (x, y)."""
        self.figure.text(
            x / self.width, 1 - y / self.height, text, va="center" if "\n" not in text else "top", **style
        )

    def image(
        self, x: float, y: float, image: NDArray[np.float32] | None, label: list[str], *, strong: bool
    ) -> None:
        """Draw a GEI with its lines of text below; a grey field where there is none."""
        wide, high = 0.74 * _WIDE, 0.74 * _WIDE * 64 / 44
        axes = self.figure.add_axes(
            (x / self.width, 1 - (y + high + 0.12) / self.height, wide / self.width, high / self.height)
        )
        axes.set_xticks([])
        axes.set_yticks([])
        shown = np.full((64, 44), 0.5) if image is None else image
        axes.imshow(shown, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
        for spine in axes.spines.values():
            spine.set_visible(True)
            spine.set_linewidth(3.0 if strong else 0.6)
            spine.set_color(LIGHT.series[2] if strong else LIGHT.ink)
        for i, line in enumerate(label):
            self.figure.text(
                (x + wide / 2) / self.width, 1 - (y + high + 0.24 + 0.14 * i) / self.height, line, ha="center",
                va="center", size=7.5, weight="bold" if strong else "normal",
            )  # fmt: skip
