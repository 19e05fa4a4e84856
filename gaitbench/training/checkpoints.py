"""Everything that a training needs to go on as if it had never stopped, in one file without code in it.

Tensors lie in a safetensors file, all else as JSON in its header; the file is written under another name and
renamed, so that it is whole or absent.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from gaitbench.errors import ConfigError, ModelError
from gaitbench.store.atomic import write_whole

__all__ = ["Generators", "Modules", "capture", "read_checkpoint", "replay", "write_checkpoint"]

FORMAT = "gaitbench-checkpoint"
FORMAT_VERSION = 1

Modules = Mapping[str, nn.Module]
Generators = Mapping[str, torch.Generator | np.random.Generator]


def capture(
    modules: Modules, optimizers: Sequence[torch.optim.Optimizer], generators: Generators
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Copy weights, buffers, optimiser states and generator states: tensors, and JSON values."""
    tensors: dict[str, torch.Tensor] = {}
    scalars: dict[str, Any] = {}
    for name, module in modules.items():
        for key, value in module.state_dict().items():
            tensors[f"module/{name}/{key}"] = value
    for number, optimizer in enumerate(optimizers):
        for index, entries in optimizer.state_dict()["state"].items():
            for key, value in entries.items():
                at = f"optimizer/{number}/{index}/{key}"
                if isinstance(value, torch.Tensor):
                    tensors[at] = value
                else:
                    scalars[at] = value
    for name, generator in generators.items():
        if isinstance(generator, torch.Generator):
            tensors[f"generator/{name}"] = generator.get_state()
        else:
            scalars[f"generator/{name}"] = generator.bit_generator.state
    copies = {
        key: value.detach().to("cpu", copy=True).contiguous(memory_format=torch.contiguous_format)
        for key, value in tensors.items()
    }
    return copies, scalars


def replay(
    tensors: Mapping[str, torch.Tensor],
    scalars: Mapping[str, Any],
    modules: Modules,
    optimizers: Sequence[torch.optim.Optimizer],
    generators: Generators,
) -> None:
    """Put back what `capture` copied; the memory layout of every tensor stays as it was, and so do the bits.

    Raises
    ------
    ModelError
        If it does not fit.
    """
    try:
        for name, module in modules.items():
            module.load_state_dict(_below(tensors, f"module/{name}/"))
        for number, optimizer in enumerate(optimizers):
            _replay_optimizer(optimizer, _below({**scalars, **tensors}, f"optimizer/{number}/"))
        for name, generator in generators.items():
            if isinstance(generator, torch.Generator):
                generator.set_state(tensors[f"generator/{name}"])
            else:
                generator.bit_generator.state = scalars[f"generator/{name}"]
    except (KeyError, RuntimeError, ValueError, TypeError) as error:
        first = str(error).splitlines()[0]
        raise ModelError(
            f"the checkpoint does not fit the networks ({first}); remove it and train again"
        ) from error


def _below(entries: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {key[len(prefix) :]: value for key, value in entries.items() if key.startswith(prefix)}


def _replay_optimizer(optimizer: torch.optim.Optimizer, entries: Mapping[str, Any]) -> None:
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    state: dict[int, dict[str, Any]] = {}
    for key, value in entries.items():
        index, _, name = key.partition("/")
        if isinstance(value, torch.Tensor) and value.shape == parameters[int(index)].shape and value.ndim:
            # strides as the weights have them, for a sum over another order has other last bits
            value = torch.empty_like(parameters[int(index)], device="cpu", dtype=value.dtype).copy_(value)
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def write_checkpoint(path: Path, tensors: Mapping[str, torch.Tensor], scalars: Mapping[str, Any]) -> None:
    """Write tensors and JSON values, all or nothing.

    Raises
    ------
    ConfigError
        If the folder cannot be written.
    """
    header = {"format": FORMAT, "format_version": str(FORMAT_VERSION), "scalars": json.dumps(scalars)}
    data = save(dict(tensors), metadata=header)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise ConfigError(
            f"the checkpoint {path} cannot be written ({error.strerror or error}); free some space or choose "
            "another folder"
        ) from error


def read_checkpoint(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Read what `write_checkpoint` wrote.

    Raises
    ------
    ModelError
        If the file is damaged, foreign or of another version.
    """
    try:
        raw = path.read_bytes()
        tensors = load(raw)
        (size,) = struct.unpack("<Q", raw[:8])
        header = json.loads(raw[8 : 8 + size]).get("__metadata__", {})
        if header.get("format") != FORMAT:
            raise ModelError(f"{path} is no checkpoint of a training; remove it and train again")
        if header.get("format_version") != str(FORMAT_VERSION):
            raise ModelError(
                f"{path} is a checkpoint of version {header.get('format_version')}, this package reads "
                f"{FORMAT_VERSION}; remove it and train again"
            )
        scalars = json.loads(header["scalars"])
    except (OSError, SafetensorError, ValueError, KeyError, struct.error) as error:
        raise ModelError(f"the checkpoint {path} is damaged ({error}); remove it and train again") from error
    return tensors, scalars
