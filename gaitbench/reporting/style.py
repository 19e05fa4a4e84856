"""The look of all figures, and how they are saved so that equal results give equal bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gaitbench.reporting.files import write_bytes
from gaitbench.reporting.theme import Theme

__all__ = ["MARKERS", "save_figure", "themed"]

#: Markers and line styles differ as well, so that a grey print tells the series apart.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")


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
        "svg.fonttype": "path", "pdf.fonttype": 42, "pdf.compression": 9, "path.simplify": True,
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield theme


#: What is written into a file about itself: no date, no program version.
_METADATA: dict[str, dict[str, str | None]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": "gaitbench"},
    "svg": {"Date": None, "Creator": "gaitbench"},
    "png": {"Software": None},
}


def _bytes(figure: Figure, kind: str) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=kind, metadata=_METADATA[kind], dpi=200)
    return out.getvalue()


def save_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write PDF, SVG and PNG (200 dpi) without dates, so that equal figures are equal files."""
    FigureCanvasAgg(figure)
    paths = []
    for kind in _METADATA:
        path = folder / f"{name}.{kind}"
        write_bytes(path, _bytes(figure, kind))
        paths.append(path)
        # The layout is settled by the first drawing; solving it again would cost a second each time.
        figure.set_layout_engine("none")
    return paths
