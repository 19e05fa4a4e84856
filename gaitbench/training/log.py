"""Losses for TensorBoard, where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gaitbench.errors import ConfigError

__all__ = ["open_log"]


def open_log(folder: Path) -> Any:
    """Make a SummaryWriter: what a session takes as `log`.

    Parameters
    ----------
    folder : path
        Of the event files.

    Raises
    ------
    ConfigError
        If TensorBoard is not installed, or the folder cannot be written.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ConfigError(
            "--log-dir needs TensorBoard, which is not installed; run `pip install tensorboard`, or leave "
            "--log-dir out"
        ) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return SummaryWriter(str(folder))
    except OSError as error:
        raise ConfigError(f"--log-dir {folder} cannot be written ({error.strerror or error})") from error
