"""The colours of all figures, by day and by night; needs no plotting library."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "Theme", "dark_pairs"]


@dataclass(frozen=True)
class Theme:
    """Colours of one mode; the series are Okabe and Ito's, which colour-blind readers tell apart."""

    ink: str
    faint: str
    grid: str
    band: str
    paper: str
    series: tuple[str, ...]


LIGHT = Theme(
    "#1f2328", "#5b636c", "#e3e5e8", "#e8ecef", "#ffffff",
    ("#0072b2", "#d55e00", "#00795a", "#8a5a8f", "#a6761d", "#333333", "#56b4e9"),
)  # fmt: skip
DARK = Theme(
    "#e6e4de", "#a3a8ae", "#33393f", "#2a3037", "#1a1d21",
    ("#6cb4e8", "#f08a4b", "#3fc7a0", "#d9a3d3", "#e3c25f", "#cccccc", "#9bd0f5"),
)  # fmt: skip


def dark_pairs() -> list[tuple[str, str]]:
    """(light colour, dark colour) for every colour of a figure."""
    light = (LIGHT.ink, LIGHT.faint, LIGHT.grid, LIGHT.band, LIGHT.paper, *LIGHT.series)
    dark = (DARK.ink, DARK.faint, DARK.grid, DARK.band, DARK.paper, *DARK.series)
    return list(zip(light, dark, strict=True))
