"""Frames of a walk that are read from the disk when they are looked at: an hour takes the memory of one.

They stand where arrays (T, H, W) and (T, H, W, 3) do: what aligns, crops and counts goes through them frame by frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self, SupportsIndex, cast

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gaitbench.datasets.video import iter_video
from gaitbench.errors import DataError
from recognizer.gait_energy.mask_files import MaskError, decode
from recognizer.gait_energy.masks import masks_of_levels, read_masks

__all__ = ["MaskRows", "VideoRows", "as_array", "plausible"]

#: Silhouettes that are looked at to tell whether they can be those of a person.
_LOOKS = 120


class _Rows:
    """Some frames of one size, by place."""

    dtype: np.dtype[Any]

    def __init__(self, size: tuple[int, ...], places: ArrayLike) -> None:
        self.places = np.asarray(places, np.intp)
        self.shape = (len(self.places), *size)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __len__(self) -> int:
        return len(self.places)

    def _some(self, places: NDArray[np.intp]) -> Self:
        raise NotImplementedError

    def __iter__(self) -> Iterator[NDArray[Any]]:
        raise NotImplementedError

    def __getitem__(self, rows: Any) -> Any:
        """One frame by its place, or some of them by a slice, a mask or places, which are read no sooner."""
        if isinstance(rows, SupportsIndex) and not isinstance(rows, np.ndarray):
            return next(iter(self._some(self.places[[int(rows)]])))
        return self._some(self.places[rows])

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """All of them in memory."""
        out = np.empty(self.shape, self.dtype)
        for row, frame in zip(out, self, strict=True):
            row[:] = frame
        return out if dtype is None else out.astype(dtype)


class MaskRows(_Rows):
    """Silhouettes, bool (T, H, W), of PNG files of black and white; each is the person alone.

    Parameters
    ----------
    files : sequence of Path
    size : (int, int)
        Height and width.
    places : int array (T,), optional
        Which of the files; all if not given.
    """

    dtype = np.dtype(np.bool_)

    def __init__(self, files: Sequence[Path], size: tuple[int, int], places: ArrayLike | None = None) -> None:
        super().__init__(size, np.arange(len(files)) if places is None else places)
        self._files, self._size = files, size

    def _some(self, places: NDArray[np.intp]) -> MaskRows:
        return MaskRows(self._files, self._size, places)

    def __iter__(self) -> Iterator[NDArray[np.bool_]]:
        for place in self.places.tolist():
            picture = decode(self._files[place])
            try:
                mask = masks_of_levels(picture[None], name=str(self._files[place]))[0][0]
            except MaskError:
                # nobody, or a box that fills the frame: whether a walk of these can be judged is for `plausible` to say
                mask = picture > 127
            yield mask


class VideoRows(_Rows):
    """Pictures, uint8 (T, H, W, 3), of a video by their numbers from 0, ascending; one may stand there twice.

    Parameters
    ----------
    path : Path
    size : (int, int, int)
        Height, width and 3.
    places : int array (T,)
    """

    dtype = np.dtype(np.uint8)

    def __init__(self, path: Path, size: tuple[int, int, int], places: ArrayLike) -> None:
        super().__init__(size, places)
        self._path, self._size = path, size

    def _some(self, places: NDArray[np.intp]) -> VideoRows:
        return VideoRows(self._path, self._size, places)

    def __iter__(self) -> Iterator[NDArray[np.uint8]]:
        frames, at, frame = iter_video(self._path), -1, np.zeros(self._size, np.uint8)
        for place in self.places.tolist():
            while at < place:
                read = next(frames, None)
                if read is None:
                    raise DataError(f"{self._path}: {at + 1} frames; frame {place + 1} is asked for")
                frame, at = read, at + 1
            yield frame


def as_array(rows: MaskRows | VideoRows) -> NDArray[Any]:
    """The same for who asks for an array: what is read there is read frame by frame, and nothing is copied."""
    return cast("NDArray[Any]", rows)


def plausible(files: Sequence[Path], name: str) -> None:
    """Refuse silhouettes that can be nobody's, as `read_masks` does, by a look at some that are spread evenly.

    Raises
    ------
    MaskError
        But for files in which nobody is seen.
    """
    at = np.unique(np.linspace(0, len(files) - 1, min(_LOOKS, len(files))).round().astype(int))
    try:
        read_masks([files[i] for i in at.tolist()], name=name)
    except MaskError as error:
        if error.kind != "empty":
            raise
