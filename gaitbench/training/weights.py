"""Weights as plain arrays: what safetensors stores and what a content hash covers; trained systems on disk."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from gaitbench.errors import ModelError
from gaitbench.training.systems import load_system, save_system

__all__ = ["load_module_state", "load_system", "module_state", "save_system"]


def module_state(module: nn.Module, prefix: str) -> dict[str, np.ndarray]:
    """Copy a module's state dict into contiguous arrays named ``prefix.parameter``."""
    return {
        f"{prefix}.{name}": np.ascontiguousarray(value.detach().cpu().contiguous().numpy())
        for name, value in module.state_dict().items()
    }


def load_module_state(module: nn.Module, state: Mapping[str, np.ndarray], prefix: str) -> None:
    """Copy arrays named ``prefix.parameter`` into `module`.

    Raises
    ------
    ModelError
        If an array is missing, left over or of another shape: the file is of another version or setting.
    """
    own = module.state_dict()
    given = {name[len(prefix) + 1 :]: value for name, value in state.items() if name.startswith(prefix + ".")}
    wrong = sorted(set(own) ^ set(given))
    wrong += [name for name in own if name in given and tuple(own[name].shape) != tuple(given[name].shape)]
    if wrong:
        raise ModelError(
            f"stored weights do not fit {prefix!r} (first at {prefix}.{wrong[0]}); they belong to other settings "
            "or another version, so train again"
        )
    module.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in given.items()})
