"""Versions of the libraries that compute: other bits may come out of another version of the same function."""

from __future__ import annotations

from functools import cache
from importlib import metadata

__all__ = ["versions"]

#: The distribution of a module, where its name does not say it; the first that is installed counts.
_DISTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "cv2": (
        "opencv-python-headless", "opencv-python", "opencv-contrib-python-headless", "opencv-contrib-python",
    ),
    "skimage": ("scikit-image",),
    "sklearn": ("scikit-learn",),
    "PIL": ("pillow",),
}  # fmt: skip

#: Libraries that share out, show or write, and change no value.
_CARRY = {
    "click", "jinja2", "joblib", "loky", "matplotlib", "msgspec", "numpydoc", "platformdirs", "pydantic", "rich",
    "safetensors", "threadpoolctl", "tqdm", "typing_extensions", "yaml",
}  # fmt: skip


def versions(modules: set[str]) -> list[tuple[str, str]]:
    """Name and version of the libraries among top-level modules, sorted; numpy is always among them."""
    return sorted((name, _version(name)) for name in (modules | {"numpy"}) - _CARRY)


@cache
def _version(module: str) -> str:
    for name in _DISTRIBUTIONS.get(module, (module,)):
        try:
            return f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            continue
    owners = metadata.packages_distributions().get(module, [])  # slow: reads every package that is installed
    return ", ".join(f"{name} {metadata.version(name)}" for name in sorted(set(owners))) or "unknown"
