"""The pictures stored beside a record: strips of frames and gait energy images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError
from gaitbench.reporting.reading.labels import system_of
from gaitbench.reporting.reading.selection import headline_anonymizer, ordered
from gaitbench.results.record import Record
from gaitbench.results.schema import Sample

__all__ = [
    "SYSTEM_ORDER",
    "pick_frames",
    "picture_path",
    "read_picture",
    "sample_of_set",
    "shown_anonymizer",
    "split_strip",
    "strip_label",
    "systems",
]

#: The slides' order, left to right: original, binary, what was painted.
SYSTEM_ORDER = ("original", "silhouette", "anonymized", "baseline", "proposed")


def systems(samples: Sequence[Sample]) -> list[str]:
    """Every system of any sample, in the slides' order."""
    return ordered((name for sample in samples for name in sample.strips), SYSTEM_ORDER)


def shown_anonymizer(record: Record) -> str:
    """Whose silhouettes the strip ``anonymized`` holds: the first anonymizer of the suite."""
    part: object = record.provenance["suite"]
    for name in ("systems", "anonymizers"):
        part = part.get(name) if isinstance(part, Mapping) else None
    if isinstance(part, Sequence) and part and not isinstance(part, str):
        text, label = system_of(part[0])
        return label or text
    return headline_anonymizer(record) or "anonymized"


def strip_label(name: str, anonymizer: str) -> str:
    """What stands below a strip; `anonymizer` is `shown_anonymizer`.

    Examples
    --------
    >>> [strip_label(name, "model-2") for name in ("silhouette", "anonymized", "deform: silhouette", "proposed")]
    ['original silhouette', 'model-2, binary', 'deform, binary', 'proposed']
    """
    other, sign, what = name.partition(": ")
    if sign and what == "silhouette":
        return f"{other}, binary"
    return {"silhouette": "original silhouette", "anonymized": f"{anonymizer}, binary"}.get(name, name)


def picture_path(run_dir: Path, relative: str) -> Path:
    """Path of a stored picture.

    Raises
    ------
    DataError
        If the record points outside the run's folder, or the file is missing.
    """
    root = run_dir.resolve()
    path = (root / relative).resolve()
    if not path.is_relative_to(root):
        raise DataError(f"the record points to a picture outside its folder: {relative}")
    if not path.is_file():
        raise DataError(f"the picture {relative} is missing in {run_dir}; copy the whole folder of the run")
    return path


def read_picture(run_dir: Path, relative: str) -> NDArray[np.uint8]:
    """A stored picture as uint8 RGB (h, w, 3).

    Raises
    ------
    DataError
        If it is missing or cannot be read.
    """
    data = np.frombuffer(picture_path(run_dir, relative).read_bytes(), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise DataError(f"the picture {relative} in {run_dir} cannot be read; run the suite again")
    return np.ascontiguousarray(picture[..., ::-1]).astype(np.uint8, copy=False)


def split_strip(sample: Sample, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A strip as frames, uint8 (T, h, w, 3).

    Raises
    ------
    DataError
        If its size is not `frames` frames of `height` x `width` pixels.
    """
    expected = (sample.height, sample.frames * sample.width)
    if picture.shape[:2] != expected:
        found = "x".join(map(str, picture.shape[:2]))
        raise DataError(f"a strip of {sample.key} has {found} pixels, not {expected[0]}x{expected[1]}")
    frames = picture.reshape(sample.height, sample.frames, sample.width, 3)
    return np.ascontiguousarray(frames.transpose(1, 0, 2, 3))


def pick_frames(count: int, wanted: int) -> list[int]:
    """Up to `wanted` frame numbers evenly over the first cycle or so (at most 24 frames)."""
    span = min(count, 24)
    return sorted({int(i) for i in np.linspace(0, span - 1, min(wanted, span)).round()})


def sample_of_set(record: Record, name: str, taken: Sequence[str] = ()) -> Sample | None:
    """The sample that shows a set: of those not yet taken, the one seen most from the side."""
    found = [sample for sample in record.samples if name in sample.sets]
    if not found:
        return None
    return min(found, key=lambda s: (s.key in taken, abs(s.angle - 90), s.condition != "nm", s.key))
