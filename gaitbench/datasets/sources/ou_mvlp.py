"""OU-MVLP as it is distributed: ``Silhouette_000-00/00001/0001.png``, a folder for each view and sequence.

The view is degrees (000 to 270), the sequence (``00``, ``01``) stands as the walk. Facts from public descriptions and
public code that reads the set; the set itself is licensed. Its archives have a password: unpack them with it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gaitbench.datasets.sources.member_source import first_names
from gaitbench.datasets.sources.pattern import PatternFolder

__all__ = ["OuMvlp"]

_NAME = re.compile(
    r"(?:.*/)?Silhouette_(?P<view>[0-9]{3})-(?P<type>[^/]+)/(?P<subject>[^/]+)/(?P<frame>[^/]+)\.png"
)


class OuMvlp(PatternFolder):
    """OU-MVLP under one folder, or in an archive (the `Dataset` protocol).

    Parameters
    ----------
    root : Path or str
    rate : float, optional
        Frames a second; 25, which is the set's own, if not given.
    """

    label = "ou-mvlp"

    def __init__(self, root: Path | str, *, rate: float | None = None) -> None:
        super().__init__(root, pattern="Silhouette_{view}-{type}/{subject}/{frame}.png", rate=rate)
        self._form = _NAME  # a view is digits, whatever stands in the sequence's name

    def settings(self) -> dict[str, Any]:
        """What it was opened with, beside the root."""
        return {"rate": self.rate}

    @staticmethod
    def fits(root: Path) -> bool:
        """Folders with the names that the set has."""
        return any(_NAME.fullmatch(name) for name in first_names(root))
