"""The figures of a run by name, each drawn when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from gaitbench.reporting.figures.attacks import cmc, gallery_size
from gaitbench.reporting.figures.curves import recognition, success_by_angle
from gaitbench.reporting.figures.front import privacy_utility
from gaitbench.reporting.figures.matrices import naturalness, recognition_maps
from gaitbench.reporting.figures.pictures import gei_before_after, picture_grid
from gaitbench.reporting.figures.pooled import pooled
from gaitbench.reporting.figures.privacy import privacy_quality
from gaitbench.reporting.figures.sweep import sweep
from gaitbench.reporting.reading.theme import Theme
from gaitbench.results.record import Record

__all__ = ["drawings"]


def drawings(record: Record, run_dir: Path) -> dict[str, Callable[[Theme], Figure | None]]:
    """Name -> what draws the figure in a theme, inside `gaitbench.reporting.figures.style.themed`.

    It gives None where the record has nothing for it, and raises DataError where a picture cannot be read.

    Parameters
    ----------
    record : Record
    run_dir : path
        Where the record's pictures lie.
    """
    return {
        "success_by_angle": lambda theme: success_by_angle(record, theme),
        "picture_grid": lambda theme: picture_grid(record, run_dir, theme),
        "recognition": lambda theme: recognition(record, theme),
        "gei": lambda theme: gei_before_after(record, run_dir, theme),
        "privacy_quality": lambda theme: privacy_quality(record, theme),
        "cmc": lambda theme: cmc(record, theme),
        "gallery_size": lambda theme: gallery_size(record, theme),
        "pooled": lambda theme: pooled(record, theme),
        "recognition_maps": lambda theme: recognition_maps(record, theme),
        "naturalness": lambda theme: naturalness(record, theme),
        "sweep": lambda theme: sweep(record, theme),
        "privacy_utility": lambda theme: privacy_utility(record, theme),
    }
