"""gaitbench: does a gait anonymizer hide the people in a video, and is the picture still good?

The package imports nothing heavy by itself, so that ``gaitbench --help`` answers at once.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["__version__", "load"]

__version__ = "0.1.0"


def load(folder: Any) -> Any:
    """Read the results of a run for a notebook; see `gaitbench.reporting.loaded.load`.

    Parameters
    ----------
    folder : str or path
        Such as ``reports/quick``.

    Returns
    -------
    gaitbench.reporting.loaded.LoadedRun
    """
    # by its name, as the verbs are: nothing heavy is imported, and no arrow leads up from here
    return importlib.import_module("gaitbench.reporting.loaded").load(folder)
