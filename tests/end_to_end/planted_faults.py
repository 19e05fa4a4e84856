"""Twenty kinds of fault, planted in a set of two hundred sequences: each twice, each in a sequence of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

__all__ = ["FAULTS", "plant"]


def _each(folder: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    for file in sorted(folder.glob("*.png")):
        cv2.imwrite(str(file), change(cv2.imread(str(file), 0)))


def _first(folder: Path) -> Path:
    return min(folder.glob("*.png"))


def _doubled(folder: Path) -> None:
    for file in sorted(folder.glob("*.png")):
        shutil.copy(file, file.with_name(file.name.replace(".png", "5.png")))


def _another_size(folder: Path) -> None:
    _each(folder, lambda m: m[:-4, :-6])


def _one_frame(folder: Path) -> None:
    first = _first(folder).read_bytes()
    for file in folder.glob("*.png"):
        file.write_bytes(first)


def _archive(folder: Path) -> None:
    shutil.make_archive(str(folder), "zip", folder)
    shutil.rmtree(folder)


def _odd_name(folder: Path) -> None:
    folder.rename(folder.with_name(f"side {folder.name}"))


def _empty_folder(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def _other_pictures(folder: Path) -> None:
    for file in sorted(folder.glob("*.png")):
        file.rename(file.with_suffix(".raw"))


def _no_link(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to("nowhere")


def _mostly_nobody(folder: Path) -> None:
    for file in sorted(folder.glob("*.png"))[1:]:
        cv2.imwrite(str(file), np.zeros((60, 90), np.uint8))


def _noise(mask: np.ndarray) -> np.ndarray:
    return ((np.random.default_rng(int(mask.sum())).random(mask.shape) < 0.5) * 255).astype(np.uint8)


#: Kind -> what is done to the folder of an anonymized sequence.
FAULTS: dict[str, Callable[[Path], object]] = {
    "no folder": shutil.rmtree,
    "empty folder": _empty_folder,
    "a frame missing": lambda f: _first(f).unlink(),
    "half of the frames": lambda f: [p.unlink() for p in sorted(f.glob("*.png"))[::2]],
    "frames doubled": _doubled,
    "another size": _another_size,
    "one frame of another size": lambda f: cv2.imwrite(str(_first(f)), np.zeros((9, 9), np.uint8)),
    "a text for a picture": lambda f: _first(f).write_text("version https://git-lfs.github.com/spec/v1"),
    "a picture cut off": lambda f: _first(f).write_bytes(_first(f).read_bytes()[:40]),
    "a picture of no bytes": lambda f: _first(f).write_bytes(b""),
    "a folder for a picture": lambda f: (_first(f).rename(f.parent / "x"), (f / (f.parent / "x").name).mkdir()),
    "all black": lambda f: _each(f, np.zeros_like),
    "all white": lambda f: _each(f, lambda m: np.full_like(m, 255)),
    "nobody in most frames": _mostly_nobody,
    "one frame over and over": _one_frame,
    "noise": lambda f: _each(f, _noise),
    "packed": _archive,
    "a view that is no number": _odd_name,
    "pictures of another kind": _other_pictures,
    "a link to nowhere": _no_link,
}  # fmt: skip


def plant(root: Path, sequences: list[tuple[str, str, str]]) -> dict[str, str]:
    """Plant every fault twice, one a sequence; returns the kind by the name of the sequence."""
    kinds = [kind for kind in FAULTS for _ in (0, 1)]
    planted = {}
    for kind, parts in zip(kinds, sequences, strict=True):
        FAULTS[kind](root.joinpath(*parts))
        planted["-".join(parts)] = kind
    return planted
