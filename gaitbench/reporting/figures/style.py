"""The look of all figures, and how they are saved so that equal results give equal bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from gaitbench.reporting.reading.theme import Theme
from gaitbench.store.atomic import write_bytes

__all__ = ["DASHES", "MARKERS", "save_figure", "themed"]

#: Markers and line styles differ as well, so that a grey print tells the series apart.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", "p")
DASHES: tuple[Any, ...] = (
    "-", (0, (5, 1.5)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)), (0, (2.5, 1.2)),
    (0, (8, 2)), (0, (8, 1.5, 1, 1.5, 1, 1.5)),
)  # fmt: skip


@contextmanager
def themed(theme: Theme) -> Iterator[Theme]:
    """Matplotlib's settings of one theme, for as long as the block lasts."""
    settings: dict[Any, Any] = {
        "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 9,
        "axes.titlesize": 10, "axes.titlelocation": "left",
        "axes.labelcolor": theme.ink, "axes.edgecolor": theme.faint, "axes.linewidth": 0.8,
        "axes.spines.top": False, "axes.spines.right": False, "axes.facecolor": theme.paper,
        "axes.titlecolor": theme.ink, "text.color": theme.ink, "xtick.color": theme.faint,
        "ytick.color": theme.faint, "xtick.labelcolor": theme.ink, "ytick.labelcolor": theme.ink,
        "grid.color": theme.grid, "grid.linewidth": 0.8, "figure.facecolor": theme.paper,
        "savefig.facecolor": theme.paper, "legend.frameon": False, "svg.hashsalt": "gaitbench",
        # A name may hold any number of dollar signs.
        "text.parse_math": False,
        "svg.fonttype": "path", "pdf.fonttype": 42, "pdf.compression": 9, "path.simplify": True,
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield theme


#: What is written into a file about itself: no date, no program version.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": "gaitbench"},
    "svg": {"Date": None, "Creator": "gaitbench"},
}


#: The coordinates of a path in an SVG, and a number of more than two decimals (Inkscape's glyphs are scaled, not cut).
_PATH = re.compile(rb' d="[^"]*"')
_DIGITS = re.compile(rb"(\.\d\d)\d+")
#: Dots per inch of the PNG files.
_DPI = 200


def save_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write PDF, SVG and PNG (200 dpi) without dates, so that equal figures are equal files.

    The layout is settled once, by Agg, which measures text fastest; then each backend draws once. (``savefig`` draws
    everything twice for each kind, and solves the layout again.)
    """
    figure.set_dpi(_DPI)
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    paths = []
    backends = {"png": FigureCanvasAgg, "pdf": FigureCanvasPdf, "svg": FigureCanvasSVG}
    for kind in _METADATA:
        out = io.BytesIO()
        backend: Any = backends[kind]
        getattr(backend(figure), f"print_{kind}")(out, metadata=_METADATA[kind])
        path = folder / f"{name}.{kind}"
        data = out.getvalue()
        if kind == "svg":
            # A hundredth of a point is finer than any screen; half of a file is digits beyond that.
            data = _PATH.sub(lambda found: _DIGITS.sub(rb"\1", found[0]), data)
        write_bytes(path, data)
        paths.append(path)
    return paths
