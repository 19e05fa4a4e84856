"""The silhouettes of a folder in CASIA-B's layout, written in every other format that is read."""

from __future__ import annotations

import csv
import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import Recording, SequenceKey

__all__ = ["FORMATS", "Levels", "write_as"]

#: How masks (T, H, W), 0 or 255, are held.
Levels = Callable[[np.ndarray], np.ndarray]


def _sequences(root: Path):
    for folder in sorted({p.parent for p in root.rglob("*.png")}):
        files = sorted(folder.iterdir())
        masks = np.stack([cv2.imread(str(f), 0) for f in files])
        yield folder.relative_to(root).parts, [int(f.stem.rsplit("-", 1)[-1]) for f in files], masks


def _png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


def _crops(parts, numbers, masks, size) -> np.ndarray:
    recording = Recording(
        SequenceKey.parse("-".join(parts)), None, None, masks > 0, np.array(numbers, np.int32), len(numbers)
    )
    return prepare(recording, size=size, rgb=False).silhouettes.view(np.uint8) * np.uint8(255)


def _files(root: Path, kind: str, levels: Levels) -> dict[str, bytes]:
    """Name -> content below the root."""
    found: dict[str, bytes] = {}
    for (subject, walk, view), numbers, masks in _sequences(root):
        name = f"{subject}-{walk}-{view}"
        if kind.startswith("opengait"):
            size = (128, 88) if "128" in kind else (64, 44)
            crops = levels(_crops((subject, walk, view), numbers, masks, size))
            if "64 x 64" in kind:
                crops = np.pad(crops, ((0, 0), (0, 0), (10, 10)), constant_values=crops[0, 0, 0])
            found[f"{subject}/{walk}/{view}/{view}.pkl"] = pickle.dumps(crops, protocol=4)
        elif kind.startswith("npz"):
            crops = kind == "npz of crops"
            held = _crops((subject, walk, view), numbers, masks, (64, 44)) if crops else masks
            out = io.BytesIO()
            np.savez_compressed(out, silhouettes=levels(held), aligned=np.bool_(crops))
            found[f"{name}.npz"] = out.getvalue()
        else:
            for number, picture in zip(numbers, levels(masks), strict=True):
                place = {
                    "ou-mvlp": f"Silhouette_{view}-{walk}/{subject}/{number:04d}.png",
                    "pictures": f"{subject}_{walk}/cam{view}_f{number}.png",
                }.get(kind, f"{subject}/{walk}/{view}/{name}-{number:03d}.png")
                found[place] = _png(picture)
    return found


def write_as(
    kind: str, originals: Path, target: Path, levels: Levels = lambda masks: masks
) -> tuple[Path, list[str]]:
    """Write every sequence in a format; its root, and the options that the command needs to read it."""
    files = _files(originals, kind, levels)
    target.mkdir(parents=True)
    if kind.endswith(".zip"):
        with zipfile.ZipFile(target / "set.zip", "w") as held:
            for name, content in files.items():
                held.writestr(name, content)
        return target / "set.zip", []
    if kind.endswith(".tar.gz"):
        with tarfile.open(target / "set.tar.gz", "w:gz") as held:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                held.addfile(info, io.BytesIO(content))
        return target / "set.tar.gz", []
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    if kind == "manifest":
        table = target / "set.csv"
        with table.open("w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["subject", "walk", "angle", "original"])
            for (subject, walk, view), _, _ in _sequences(originals):
                rows.writerow([subject, walk, int(view), f"{subject}/{walk}/{view}"])
        return table, []
    if kind == "pictures":
        return target, ["{subject}_{type}/cam{view}_f{frame}.png"]
    return target, []


#: Every format, the usual one first.
FORMATS = (
    "casia-b", "opengait", "opengait 64 x 64", "opengait 128 x 88", "ou-mvlp", "pictures", "npz", "npz of crops",
    "manifest", "casia-b.zip", "opengait.tar.gz",
)  # fmt: skip
