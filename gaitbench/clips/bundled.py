"""The weights that come with the package, so that nothing has to be trained: model-2, model-1, proposed."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FOLDER", "bundled_names"]

#: A folder for each system, as `gaitbench.training.save_system` writes it.
FOLDER = Path(__file__).parent / "pretrained"


def bundled_names() -> list[str]:
    """Systems whose weights are here, sorted."""
    return sorted(path.parent.name for path in FOLDER.glob("*/card.json"))
