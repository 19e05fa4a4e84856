"""Contact sheets: pictures of a walker to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.prepare import full_silhouettes
from gaitbench.datasets.sequence import ANGLES, SequenceKey
from gaitbench.datasets.walkers.dataset import Walkers

__all__ = ["contact_sheet", "cut_out", "headed"]

#: Width of a cell over its height, and how much higher than the person it is.
_ASPECT, _MARGIN = 0.76, 1.14
#: Pixels between two cells.
_LINE = 2
_ROWS = ("picture", "true silhouette", "extracted silhouette")


def cut_out(picture: NDArray[Any], person: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The part of a picture about the person, enlarged to a cell.

    Parameters
    ----------
    picture : uint8 array (H, W, 3) or bool array (H, W)
        A silhouette comes out white on black.
    person : bool array (H, W)
        Where the person is; without one the whole height is shown about the middle.
    size : (int, int)
        Height and width of the cell.

    Returns
    -------
    uint8 array (height, width, 3)
    """
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None].astype(np.uint8) * np.uint8(255), 3, axis=2)
    rows, columns = np.flatnonzero(person.any(axis=1)), np.flatnonzero(person.any(axis=0))
    total, across = person.shape
    if not len(rows):
        rows, columns = np.array([0, total - 1]), np.array([across // 2])
    shape = size[1] / size[0]
    # As high as the person, or as wide where a stride or a bag needs it.
    high = _MARGIN * max(np.ptp(rows) + 1, (np.ptp(columns) + 1) / shape)
    height = min(round(high), total)
    width = min(max(1, round(height * shape)), across)
    top = int(np.clip((rows[0] + rows[-1] + 1 - height) / 2, 0, total - height))
    left = int(np.clip((columns[0] + columns[-1] + 1 - width) / 2, 0, across - width))
    part = np.ascontiguousarray(picture[top : top + height, left : left + width])
    cell: NDArray[np.uint8] = cv2.resize(part, size[::-1], interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    return cell


def headed(cell: NDArray[np.uint8], text: str, height: int = 20, scale: float = 0.45) -> NDArray[np.uint8]:
    """The picture under a dark bar with a text."""
    bar = np.full((height, cell.shape[1], 3), 40, np.uint8)
    place = (4, round(0.5 * height + 11 * scale))
    cv2.putText(bar, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 255, 255), 1, cv2.LINE_AA)
    return np.concatenate([bar, cell])


def contact_sheet(
    walkers: Walkers,
    subject: str,
    walk: str,
    angles: Sequence[int] = ANGLES,
    *,
    moments: int | None = None,
    width: int = 1600,
) -> NDArray[np.uint8]:
    """Picture, true and extracted silhouette of moments spread over the walk, cut out about the person.

    Parameters
    ----------
    walkers : Walkers
    subject, walk : str
    angles : sequence of int
        One column each; a single one has a column for each moment instead.
    moments : int, optional
        Pictures per angle; by default 2, or 8 of a single angle.
    width : int
        Of the sheet in pixels, about: all cells are equally wide.

    Returns
    -------
    uint8 array (rows, columns, 3), RGB
    """
    one = len(angles) == 1
    moments = moments or (8 if one else 2)
    across = max(32, width // (moments if one else len(angles)) - _LINE)
    size = (round(across / _ASPECT), across)
    columns = [
        column
        for angle in angles
        for column in _columns(walkers, SequenceKey(subject, walk, angle), moments, size, one)
    ]
    sheet = np.concatenate(columns, axis=1)
    view = f"{angles[0]} degrees" if one else f"{len(angles)} views"
    title = f"Subject {subject}, {walk}, {view}: picture, true silhouette, extracted silhouette"
    return headed(sheet, title, 34, min(0.8, sheet.shape[1] / 1500))


def _columns(
    walkers: Walkers, key: SequenceKey, moments: int, size: tuple[int, int], one: bool
) -> list[NDArray[np.uint8]]:
    """Columns of one sequence: a single one, or one for each moment."""
    recording = walkers.load(key)
    assert recording.frames is not None
    true = walkers.true_masks(key, body=key.subject, rgb=False).masks
    found = full_silhouettes(recording)
    at = np.linspace(0, len(true) - 1, moments + 2)[1:-1].round().astype(int)
    blocks = []
    for t in at:
        where = (
            f"frame {recording.frame_numbers[t]}"
            if one
            else f"{key.angle} deg, frame {recording.frame_numbers[t]}"
        )
        texts = (where, *_ROWS[1:])
        parts = zip((recording.frames[t], true[t], found[t]), texts, strict=True)
        small = min(0.42, size[1] / 380)
        cells = [headed(cut_out(part, true[t], size), text, scale=small) for part, text in parts]
        blocks.append(np.pad(np.concatenate(cells), ((0, _LINE), (0, _LINE), (0, 0)), constant_values=90))
    return blocks if one else [np.concatenate(blocks)]
