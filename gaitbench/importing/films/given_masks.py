"""Silhouettes of a film by somebody's segmenter: black and white, probabilities, or people by number or colour.

What kind they are is told by looking at some of them, and said; ours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.people.beside import parted
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS
from gaitbench.datasets.silhouettes.empty_scene import UNCONTROLLED
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.tree import entries, is_junk, is_picture
from gaitbench.errors import DataError
from recognizer.gait_energy.mask_files import MaskError, decode

__all__ = ["KINDS", "GivenMasks", "masks_beside", "open_masks"]

KINDS = ("binary", "probability", "instances")
#: Pictures that are looked at to tell the kind, and numbers or colours that there may be.
_LOOKS, _MOST = 40, 64
#: Share of the pixels between black and white that lie inside an even patch, from which on they are numbers of people.
_EVEN = 0.5
#: Share of the frame that no person fills.
_FILLED = 0.9
#: Ratios of the sides that differ by more are of another film.
_SHAPE = 0.02


@dataclass
class GivenMasks:
    """The mask pictures of a film.

    Parameters
    ----------
    folder : Path
    files : dict of int to Path
        By number of the frame, from 1.
    kind : str
    ground : int
        Code of what is nobody, where people are numbered.
    cut : float
        Level from which on a pixel is a person's, where they are not.
    notes : list of str
    """

    folder: Path
    files: dict[int, Path]
    kind: str
    ground: int = 0
    cut: float = 0.5
    notes: list[str] = field(default_factory=list)

    def people(self, number: int, size: tuple[int, int]) -> list[tuple[int | None, NDArray[np.bool_]]]:
        """The people of a frame, in its size; a number or colour of theirs where they have one.

        Raises
        ------
        DataError
            If the picture cannot be read or is of another shape.
        """
        if number not in self.files:
            return []
        codes = self._fitted(_codes(self.files[number], self.kind), size, self.files[number])
        if self.kind != "instances":
            smallest = UNCONTROLLED.smallest_person * size[0] * size[1]
            marked = (codes >= self.cut).view(np.uint8)
            return [(None, mask) for mask in parted(marked, smallest)]
        found: list[tuple[int | None, NDArray[np.bool_]]] = []
        for code in np.unique(codes).tolist():
            mask = codes == code
            if code != self.ground and np.count_nonzero(mask) >= LEAST_PIXELS:
                found.append((int(code), mask))
        return found

    def _fitted(self, codes: NDArray[Any], size: tuple[int, int], path: Path) -> NDArray[Any]:
        height, width = codes.shape
        if (height, width) == size:
            return codes
        if abs(width * size[0] / (height * size[1]) - 1) > _SHAPE:
            raise DataError(
                f"{path} is {width} x {height} pixels, the film {size[1]} x {size[0]}: of another shape"
            )
        if not any("scaled" in note for note in self.notes):
            self.notes.append(f"masks of {width} x {height} pixels scaled to {size[1]} x {size[0]}")
        if self.kind == "instances":
            # OpenCV scales no 64-bit integers; a float holds 53 bits, codes have 48
            near = cv2.resize(codes.astype(np.float64), size[::-1], interpolation=cv2.INTER_NEAREST)
            return near.astype(np.int64)
        return np.asarray(cv2.resize(codes.astype(np.float32), size[::-1], interpolation=cv2.INTER_LINEAR))


def masks_beside(root: Path, film: PurePath, *, alone: bool = False) -> Path | None:
    """The folder of a film's masks: named as the film, with its ending or without; None where there is none.

    Parameters
    ----------
    root : Path
    film : PurePath
        Below the folder of films.
    alone : bool
        It is the only film, whose masks may lie in `root` itself.
    """
    for place in (film.with_suffix(""), film, PurePath(film.stem)):
        if (root / place).is_dir():
            return root / place
    pictures = alone and any(is_picture(e.name) and not is_junk(e.name) for e in entries(root))
    return root if pictures else None


def open_masks(folder: Path, frames: int, kind: str | None = None) -> GivenMasks:
    """The masks of a film of so many frames.

    Raises
    ------
    DataError
        If there are none, they are of another film, or show no silhouettes.
    """
    found = frame_files(folder)
    if not found.files:
        raise DataError(f"{folder}: no mask picture here")
    numbers = list(found.files)
    if numbers[-1] > frames:
        raise DataError(f"{folder}: a mask of frame {numbers[-1]}, the film has {frames}: not of this film")
    notes = [f"masks: {note}" for note in found.notes if "missing" not in note]
    if missing := frames - len(numbers):
        notes.append(f"{missing} of {frames} frames have no mask: nobody is taken to be in them")
    at = np.unique(np.linspace(0, len(numbers) - 1, min(_LOOKS, len(numbers))).round().astype(int))
    pictures = [_decoded(found.files[numbers[i]]) for i in at.tolist()]
    told = kind or _kind(pictures, folder)
    masks = GivenMasks(folder, found.files, told, notes=notes)
    if kind is None and told != "binary":
        what = "probabilities, cut at one half" if told == "probability" else "people by number or colour"
        masks.notes.append(f"masks read as {what}")
    codes = [_coded(picture, told) for picture in pictures]
    if told == "instances":
        masks.ground = _ground(codes)
    else:
        masks.cut = _cut(codes, folder)
    return masks


def _decoded(path: Path) -> NDArray[Any]:
    try:
        return decode(path)
    except MaskError as error:
        raise DataError(str(error)) from None


def _codes(path: Path, kind: str) -> NDArray[Any]:
    return _coded(_decoded(path), kind)


def _coded(picture: NDArray[Any], kind: str) -> NDArray[Any]:
    """One number a pixel: the colour where that is a person's, else the level."""
    if picture.ndim == 2:
        return picture.astype(np.int64) if kind == "instances" else picture
    if picture.shape[2] == 4 and picture[..., 3].min() != picture[..., 3].max():
        return picture[..., 3]
    colours = picture[..., :3].astype(np.int64)
    if kind != "instances":
        return np.asarray(colours.max(axis=2))
    return np.asarray(colours[..., 2] << 32 | colours[..., 1] << 16 | colours[..., 0])


def _kind(pictures: list[NDArray[Any]], folder: Path) -> str:
    coloured = [p for p in pictures if p.ndim == 3 and (p[..., :3] != p[..., :1]).any()]
    if coloured:
        kinds = {int(code) for p in coloured for code in np.unique(_coded(p, "instances"))}
        if len(kinds) > _MOST:
            raise DataError(
                f"{folder}: masks of more than {_MOST} colours: JPEG, or pictures of the people; write PNG, "
                "or say what they are by --mask-kind"
            )
        return "instances"
    planes = [_coded(p, "binary") for p in pictures]
    levels = {int(level) for plane in planes for level in np.unique(plane)[: _MOST + 2]}
    if len(levels) <= 2:
        return "binary"
    if len(levels) > _MOST:
        return "probability"
    low, top = min(levels), max(levels)
    between = even = 0
    for plane in planes:
        inside = (plane != low) & (plane != top)
        flat = plane.astype(np.float32)
        same = cv2.erode(flat, np.ones((3, 3))) == cv2.dilate(flat, np.ones((3, 3)))
        between += int(np.count_nonzero(inside))
        even += int(np.count_nonzero(inside & same))
    return "instances" if even > _EVEN * between else "probability"


def _ground(codes: list[NDArray[Any]]) -> int:
    """Black, or the commonest colour at the rim of the pictures where nothing is black."""
    if any((plane == 0).any() for plane in codes):
        return 0
    rims: Counter[int] = Counter()
    for plane in codes:
        rims.update(np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]]).tolist())
    return int(rims.most_common(1)[0][0])


def _cut(codes: list[NDArray[Any]], folder: Path) -> float:
    top, low = max(float(p.max()) for p in codes), min(float(p.min()) for p in codes)
    if top == low:
        raise DataError(f"{folder}: masks of one level throughout; nobody is in them")
    cut = low + (top - low) / 2
    shares = [float((p >= cut).mean()) for p in codes]
    rims = [np.concatenate([p[0], p[-1], p[:, 0], p[:, -1]]) >= cut for p in codes]
    if np.median([rim.mean() for rim in rims]) > _FILLED and np.median(shares) > 0.5:
        raise DataError(f"{folder}: white around black people; invert the masks, people must be white")
    return cut
