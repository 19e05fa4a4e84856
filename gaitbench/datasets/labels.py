"""Four labels of a sequence: plain or textural clothes, complete or incomplete silhouettes.

[T20] reports picture quality on these four sets without saying how they were chosen (given: the sets' names;
everything here is *ours*). Each label is a score of the sequence and a published threshold, so that it can be
repeated on any set; hand-made labels in a CSV file win over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import percentile_filter

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.datasets.sources.tables.table_text import read_table
from gaitbench.errors import DataError
from gaitbench.validation import convert

__all__ = [
    "COMPLETE_FROM",
    "TEXTURAL_FROM",
    "SequenceLabels",
    "completeness_score",
    "label_sequences",
    "read_label_file",
    "sets_of_scores",
    "texture_frames",
    "texture_score",
    "walk_scores",
]

#: A sequence of at least this texture score is textural, under it plain.
TEXTURAL_FROM = 3.2
#: A sequence of at least this completeness score is complete, under it incomplete.
COMPLETE_FROM = 0.985

#: Scores are taken on crops of this height, whatever the size of the sequence.
_ROWS = 64
#: The label under the threshold, and the one from it on.
TEXTURES, WHOLENESS = ("plain", "textural"), ("incomplete", "complete")
_SQUARE = np.ones((3, 3), np.uint8)


class _LabelRow(msgspec.Struct, frozen=True):
    """A row of a file of hand-made labels; it may have further columns."""

    key: str
    label: Literal["plain", "textural", "incomplete", "complete"]


@dataclass(frozen=True)
class SequenceLabels:
    """Scores and sets of one sequence.

    Parameters
    ----------
    key : SequenceKey
    scores : dict of str to float
        ``"completeness"`` (0 to 1) and, where the sequence has colours, ``"texture"``.
    sets : tuple of str
        One of ``"plain"``, ``"textural"`` (not without colours) and one of ``"complete"``, ``"incomplete"``.
    by_hand : tuple of str
        Those of `sets` that came from a file.
    """

    key: SequenceKey
    scores: dict[str, float]
    sets: tuple[str, ...]
    by_hand: tuple[str, ...] = ()


def texture_frames(total: int, *, frames: int = 12) -> NDArray[np.int64]:
    """Which of `total` frames `texture_score` looks at: at most `frames`, spread evenly."""
    return np.unique(np.linspace(0, total - 1, min(frames, total)).round().astype(np.int64))


def texture_score(sequence: GaitSequence, *, frames: int = 12) -> float:
    """How much colour varies within the clothes, from 0 (one colour).

    Of the trunk and the legs (rows 10 to 55 of 64) inside the silhouette eroded by a pixel: the 60th percentile, over
    pixels and frames, of the difference between the picture and itself blurred within the silhouette
    (Gaussian, 0.8 pixels; largest channel). Taken on ten times the square root of the grey levels, on which
    noise and the contrast of a pattern do not depend on brightness. Smooth shading leaves no difference; the
    borders between garments and limbs are fewer than four pixels in ten.

    Parameters
    ----------
    sequence : GaitSequence
        With colours, at least in the frames that `texture_frames` names.
    frames : int
        At most so many frames, spread evenly.

    Raises
    ------
    DataError
        If the sequence has no colours.
    """
    if sequence.rgb is None:
        raise DataError(f"{sequence.key}: no colours to tell plain from textural clothes; read the video too")
    total = len(sequence.silhouettes)
    differences = []
    for i in texture_frames(total, frames=frames):
        mask, picture = _at_rows(sequence.silhouettes[i], sequence.rgb[i])
        inside = cv2.erode(mask, _SQUARE) > 0
        inside[:10] = False
        inside[56:] = False
        if np.count_nonzero(inside) < 20:
            continue
        values = 10.0 * np.sqrt(picture.astype(np.float32))
        weight = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)
        blurred = (
            cv2.GaussianBlur(values * mask[..., None], (0, 0), 0.8) / np.maximum(weight, 1e-3)[..., None]
        )
        differences.append(np.abs(values - blurred).max(axis=2)[inside])
    return float(np.percentile(np.concatenate(differences), 60)) if differences else 0.0


def _at_rows(
    mask: NDArray[np.bool_], picture: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Mask (0/1) and picture shrunk to 64 rows."""
    small = mask.view(np.uint8)
    if mask.shape[0] != _ROWS:
        size = (round(mask.shape[1] * _ROWS / mask.shape[0]), _ROWS)
        small = np.asarray(
            cv2.resize(small * np.uint8(255), size, interpolation=cv2.INTER_AREA) >= 128, np.uint8
        )
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return small, picture


def completeness_score(sequence: GaitSequence) -> float:
    """How whole the silhouettes are, 1 (nothing seems to be missing) to 0.

    One minus the mean, over all frames of the video, of the share of a person that seems to be missing:

    - *break*: the share outside the largest connected part;
    - *holes*: their area over the person's, above the sequence's median (arms and legs make holes too);
    - *ends*: rows without a white pixel at top and bottom over the crop's height, above 1/32 (the body's bob);
    - *drop*: how far the area lies under the 75th percentile of the 25 frames around, above 12 % (what the
      swing of the legs takes);

    and 1 for a frame that is not there at all. The crops' boxes are smooth over time, which is why a lost head
    or foot shows at the ends.
    """
    silhouettes = sequence.silhouettes
    total, height = len(silhouettes), silhouettes.shape[1]
    area = np.maximum(silhouettes.sum(axis=(1, 2)), 1).astype(float)
    broken, holes, ends = np.empty((3, total))
    for i, silhouette in enumerate(silhouettes):
        mask = silhouette.view(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        parts = stats[1:, cv2.CC_STAT_AREA]
        broken[i] = 1.0 - parts.max() / area[i] if len(parts) else 1.0
        holes[i] = _hole_area(mask) / area[i]
        rows = np.flatnonzero(silhouette.any(axis=1))
        ends[i] = 1.0 - (rows[-1] + 1 - rows[0]) / height if len(rows) else 1.0
    holes = np.clip(holes - np.median(holes), 0.0, None)
    ends = np.clip(ends - 1.0 / 32.0, 0.0, None)
    usual = percentile_filter(area, 75, size=25, mode="nearest")
    drop = np.clip(1.0 - area / usual - 0.12, 0.0, None)
    missing = np.minimum(broken + holes + ends + drop, 1.0).sum()
    filmed = max(sequence.frame_count, total)
    return float(1.0 - (missing + filmed - total) / filmed)


def _hole_area(mask: NDArray[np.uint8]) -> int:
    """Pixels of background that the person encloses."""
    empty = cv2.copyMakeBorder(1 - mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, patches = cv2.connectedComponents(empty, connectivity=4)
    outside = np.count_nonzero(patches == patches[0, 0])
    return int(np.count_nonzero(empty)) - int(outside)


def sets_of_scores(scores: Mapping[str, float], by_hand: Sequence[str] = ()) -> tuple[str, ...]:
    """The sets a sequence belongs to, by the published thresholds; hand-made labels win, each over its own kind.

    Parameters
    ----------
    scores : mapping
        ``"texture"`` and ``"completeness"``; one that is missing gives no set.
    by_hand : sequence of str
        Labels from `read_label_file`.

    Examples
    --------
    >>> sets_of_scores({"texture": 5.0, "completeness": 0.95})
    ('textural', 'incomplete')
    >>> sets_of_scores({"texture": 5.0, "completeness": 0.95}, by_hand=["plain"])
    ('plain', 'incomplete')
    """
    sets = []
    for (low, high), name, start in (
        (TEXTURES, "texture", TEXTURAL_FROM),
        (WHOLENESS, "completeness", COMPLETE_FROM),
    ):
        chosen = next((label for label in by_hand if label in (low, high)), None)
        if chosen is None and name in scores:
            chosen = high if scores[name] >= start else low
        if chosen is not None:
            sets.append(chosen)
    return tuple(sets)


def walk_scores(
    scores: Mapping[SequenceKey, Mapping[str, float]],
) -> dict[SequenceKey, dict[str, float]]:
    """Scores with the texture of the whole walk: the median over its cameras, the same for each of them.

    Clothes do not change with the camera, the score of one view does (a stripe on the flank, a folded shade): sequence
    by sequence, every fourth walk was plain to one camera and textural to another. Completeness is a property of the
    silhouettes of one camera and stays.

    Examples
    --------
    >>> keys = [SequenceKey("001", "nm-01", a) for a in (0, 54, 90)]
    >>> found = walk_scores({k: {"texture": t, "completeness": t / 10} for k, t in zip(keys, (2.0, 4.0, 9.0))})
    >>> found[keys[0]]
    {'texture': 4.0, 'completeness': 0.2}
    """
    textures: dict[tuple[str, str], list[float]] = {}
    for key, own in scores.items():
        if "texture" in own:
            textures.setdefault((key.subject, key.walk), []).append(own["texture"])
    found = {}
    for key, own in scores.items():
        found[key] = dict(own)
        if "texture" in own:
            found[key]["texture"] = float(np.median(textures[key.subject, key.walk]))
    return found


def label_sequences(
    sequences: Iterable[GaitSequence], *, label_file: Path | str | None = None
) -> dict[SequenceKey, SequenceLabels]:
    """Score sequences, one at a time, and label them; plain or textural is told of a walk (`walk_scores`).

    Parameters
    ----------
    sequences : iterable of GaitSequence
        With the views of a walk that shall share a label.
    label_file : Path or str, optional
        Hand-made labels, see `read_label_file`.

    Raises
    ------
    DataError
        If the file is wrong or names a sequence that is not among `sequences`.
    """
    scores: dict[SequenceKey, dict[str, float]] = {}
    for sequence in sequences:
        scores[sequence.key] = {"completeness": completeness_score(sequence)}
        if sequence.rgb is not None:
            scores[sequence.key]["texture"] = texture_score(sequence)
    by_hand = {} if label_file is None else read_label_file(label_file, scores)
    scores = walk_scores(scores)
    return {
        key: SequenceLabels(
            key, own, sets_of_scores(own, by_hand.get(str(key), ())), by_hand.get(str(key), ())
        )
        for key, own in scores.items()
    }


def read_label_file(path: Path | str, keys: Iterable[SequenceKey]) -> dict[str, tuple[str, ...]]:
    """Hand-made labels by sequence name.

    A CSV file (or one with ``;`` or tabs) with the columns ``key`` (such as 007-nm-01-090) and ``label`` (plain,
    textural, complete or incomplete); a sequence may have one row of each kind.

    Parameters
    ----------
    path : Path or str
    keys : iterable of SequenceKey
        Sequences that exist.

    Raises
    ------
    DataError
        If the file is missing, has other columns, names an unknown label or sequence, or contradicts itself.
    """
    path = Path(path)
    names, lines = read_table(path)
    if not {"key", "label"} <= set(names):
        raise DataError(f"{path}: needs the columns key,label; write them in its first line")
    known = {str(key) for key in keys}
    found: dict[str, tuple[str, ...]] = {}
    for line, cells in lines:
        named = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        row = convert(_LabelRow, named, f"{path}, line {line}:", noun="column")
        name, label = row.key, row.label
        pair = TEXTURES if label in TEXTURES else WHOLENESS
        if name not in known:
            raise DataError(
                f"{path}, line {line}: no sequence {name!r} in the data; correct or remove the line"
            )
        if any(other in pair for other in found.get(name, ())):
            raise DataError(
                f"{path}, line {line}: {name} is labelled twice; keep one of {' and '.join(pair)}"
            )
        found[name] = (*found.get(name, ()), label)
    return found
