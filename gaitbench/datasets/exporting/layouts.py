"""Layouts without videos: where a sequence lies, and how it is written whole."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.prepare import full_silhouettes, prepare
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.sources.opengait import NUMBERS
from gaitbench.store.atomic import whole_folder, write_text, write_whole

__all__ = ["LAYOUTS", "FileLayout"]


@dataclass(frozen=True)
class FileLayout:
    """One layout.

    Parameters
    ----------
    place : callable
        Folder or file of a sequence, below the root.
    write : callable
        ``write(root, place, recording)``: the place appears when it is whole.
    """

    place: Callable[[SequenceKey], Path]
    write: Callable[[Path, Path, Recording], None]


def _in_opengait(key: SequenceKey) -> Path:
    return Path(key.subject, key.walk, key.view, f"{key.view}.pkl")


def _write_pickle(root: Path, place: Path, recording: Recording) -> None:
    """Crops of 64 x 44 with 0 and 255; the frame numbers, of which a pickle says nothing, beside the ids."""
    sequence = prepare(recording, rgb=False)
    numbers = root / NUMBERS / f"{recording.key}.json"
    for folder in (numbers.parent, place.parent):
        folder.mkdir(parents=True, exist_ok=True)
    write_text(numbers, json.dumps(sequence.frame_numbers.tolist()) + "\n")
    levels = sequence.silhouettes.view(np.uint8) * np.uint8(255)
    write_whole(place, pickle.dumps(levels, protocol=4), shared=True)


def _write_pictures(place: Path, recording: Recording, name: Callable[[int], str]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with whole_folder(place) as part:
        for number, mask in zip(recording.frame_numbers, full_silhouettes(recording), strict=True):
            (part / name(int(number))).write_bytes(_png(mask))


def _png(mask: NDArray[np.bool_]) -> bytes:
    content: bytes = cv2.imencode(".png", mask.view(np.uint8) * np.uint8(255))[1].tobytes()
    return content


def _in_ou_mvlp(key: SequenceKey) -> Path:
    return Path(f"Silhouette_{key.view}-{key.walk}", key.subject)


def _write_ou_mvlp(_root: Path, place: Path, recording: Recording) -> None:
    _write_pictures(place, recording, lambda number: f"{number:04d}.png")


def _in_pictures(key: SequenceKey) -> Path:
    return Path(key.subject, key.walk, key.view)


def _write_numbered(_root: Path, place: Path, recording: Recording) -> None:
    _write_pictures(place, recording, lambda number: f"{number}.png")


def _in_npz(key: SequenceKey) -> Path:
    return Path(f"{key}.npz")


def _write_npz(_root: Path, place: Path, recording: Recording) -> None:
    """Whole frames, as they are extracted; zip's own dates are fixed, so that the same call gives the same bytes."""
    out = io.BytesIO()
    silhouettes = full_silhouettes(recording).view(np.uint8) * np.uint8(255)
    np.savez_compressed(
        out, silhouettes=silhouettes, frame_numbers=np.asarray(recording.frame_numbers, np.int32)
    )
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, out.getvalue(), shared=True)


#: Layouts by name; the one of CASIA-B, with videos, is `gaitbench.datasets.exporting.export`'s own.
LAYOUTS: dict[str, FileLayout] = {
    "opengait": FileLayout(_in_opengait, _write_pickle),
    "ou-mvlp": FileLayout(_in_ou_mvlp, _write_ou_mvlp),
    "pictures": FileLayout(_in_pictures, _write_numbered),
    "npz": FileLayout(_in_npz, _write_npz),
}
