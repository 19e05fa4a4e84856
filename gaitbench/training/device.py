"""Where the networks run."""

from __future__ import annotations

from typing import TypeVar, cast

import torch
from torch import nn

from gaitbench.errors import ConfigError

__all__ = ["resolve_device", "to_device"]

_Module = TypeVar("_Module", bound=nn.Module)


def resolve_device(name: str) -> torch.device:
    """Turn a ``--device`` value into a torch device.

    Parameters
    ----------
    name : str
        ``"auto"`` (a GPU if there is one, else the processor), ``"cpu"``, ``"cuda"`` or ``"cuda:N"``.

    Raises
    ------
    ConfigError
        If the name is unknown, or the GPU asked for is not there.

    Examples
    --------
    >>> resolve_device("cpu")
    device(type='cpu')
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kind, _, index = name.partition(":")
    if kind not in ("cpu", "cuda") or (index and not index.isdigit()):
        raise ConfigError(f"unknown device {name!r}; choose auto, cpu or cuda")
    if kind == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if count <= int(index or 0):
            raise ConfigError(
                f"device {name!r} asked for, but torch sees {count} GPUs here; use --device cpu or auto"
            )
    return torch.device(name)


def to_device(module: _Module, device: torch.device) -> _Module:
    """Move a network, its weights channels last: 10 to 40 % faster convolutions on the processor."""
    # torch's stubs know the two arguments only apart.
    return cast("_Module", module.to(device).to(memory_format=torch.channels_last))  # type: ignore[call-overload]
