"""Picture batches as the measures take them: numpy arrays or torch tensors, checked once."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["as_input_kind", "check_values", "checked_pair", "checked_region", "is_tensor", "to_numpy"]


def is_tensor(x: Any) -> bool:
    """Whether `x` is a torch tensor; torch is not imported for the question."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.Tensor)


def to_numpy(x: Any) -> NDArray[Any]:
    """A numpy array of the same values; shares memory with an array or a tensor on the CPU."""
    return np.asarray(x.detach().cpu().numpy() if is_tensor(x) else x)


def as_input_kind(values: NDArray[np.float64], like: Any) -> Any:
    """`values` as they are, or as a float64 tensor on the device of `like` if that is a tensor."""
    if not is_tensor(like):
        return values
    import torch

    # float64 is not on every device (mps): what it does not hold comes back as float32
    dtype = torch.float32 if like.device.type == "mps" else torch.float64
    return torch.from_numpy(np.ascontiguousarray(values)).to(device=like.device, dtype=dtype)


def checked_pair(a: Any, b: Any, *, values: bool = True) -> tuple[NDArray[Any], NDArray[Any]]:
    """Two batches of pictures of one shape (N, H, W, 3), floats in [0, 1], as numpy arrays.

    `values` False leaves `check_values` to the caller, who reads the pictures one by one anyway.

    Raises
    ------
    ValueError
        If shapes differ, or values are not floats in [0, 1].
    """
    x, y = to_numpy(a), to_numpy(b)
    if x.shape != y.shape or x.ndim != 4 or x.shape[-1] != 3:
        raise ValueError(
            f"expected two arrays of one shape (N, H, W, 3), not {x.shape} and {y.shape}; x[None] adds a batch axis"
        )
    for array in (x, y):
        if array.dtype.kind not in "f":
            raise ValueError(f"expected floats in [0, 1], got {array.dtype}; divide 8-bit pictures by 255")
        if values:
            check_values(array)
    return x, y


def check_values(pictures: NDArray[Any]) -> None:
    """Refuse what is not in [0, 1]; rounding is forgiven."""
    if pictures.size and not (pictures.min() >= -1e-6 and pictures.max() <= 1 + 1e-6):
        raise ValueError("expected values in [0, 1] and no NaN; divide 8-bit pictures by 255")


def checked_region(region: Any, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    """A region of the pictures, bool (N, H, W), as numpy array; None stays None."""
    if region is None:
        return None
    mask = to_numpy(region)
    if mask.dtype != bool or mask.shape != shape[:3]:
        raise ValueError(f"expected a bool region of shape {shape[:3]}, got {mask.dtype} {mask.shape}")
    return mask
