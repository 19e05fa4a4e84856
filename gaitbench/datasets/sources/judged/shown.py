"""The silhouettes that a tool has made of one sequence, from any format, row by row beside the original's frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.containers.frame_rows import MaskRows, plausible
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.anonymized_files import (
    Counterparts,
    ProblemError,
    kind_of_mask_error,
    match_files,
    match_numbers,
    read_anonymized_masks,
)
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.plain_source import PlainSource
from gaitbench.errors import DataError
from recognizer.gait_energy.mask_files import MaskError, decode
from recognizer.gait_energy.masks import MaskReport, masks_of_levels

__all__ = ["Shown", "mask_rows", "read_shown"]


@dataclass(frozen=True)
class Shown:
    """Silhouettes of the frames that were asked for.

    Parameters
    ----------
    masks : bool array (T, H, W)
    report : MaskReport
    notes : tuple of str
        How their files are named and held, a phrase each.
    """

    masks: NDArray[np.bool_]
    report: MaskReport
    notes: tuple[str, ...] = ()


def read_shown(
    counterparts: Counterparts,
    key: SequenceKey,
    originals: Iterable[int],
    visible: Callable[[], Sequence[int]],
    numbers: NDArray[np.int32],
    size: tuple[int, int] | None,
) -> Shown:
    """Read what was handed in of a sequence.

    Parameters
    ----------
    counterparts : Counterparts
    key : SequenceKey
    originals : iterable of int
        Numbers of all the original's frames.
    visible : callable
        Those that show somebody, asked for where crops are fewer: who crops leaves out frames without a person.
    numbers : int array (T,)
        Those that are wanted.
    size : (int, int) or None
        Height and width that they must have; None where crops of another size may stand for them.

    Raises
    ------
    ProblemError
    """
    source = counterparts.source
    if source is None:
        given = frame_files(counterparts.silhouettes[key])
        files = match_files(key, originals, given.files)
        masks, report = read_anonymized_masks(key, (files[int(n)] for n in numbers), size)
        return Shown(masks, report, given.notes)
    try:
        found = _of_source(source, key, originals, visible, numbers)
    except ProblemError:
        raise
    except DataError as error:
        raise ProblemError("unreadable", f"{key}: anonymized {str(error).removeprefix(f'{key}: ')}") from None
    there = found.masks.shape[1:]
    if size is not None and there != size and not getattr(source, "crops", False):
        raise ProblemError(
            "size",
            f"{key}: anonymized frames are {there[1]} x {there[0]} pixels, expected {size[1]} x {size[0]}; bring them "
            "to the original's size",
        )
    return found


def _of_source(
    source: Dataset,
    key: SequenceKey,
    originals: Iterable[int],
    visible: Callable[[], Sequence[int]],
    numbers: NDArray[np.int32],
) -> Shown:
    if not isinstance(source, PlainSource):
        recording = source.load(key, video=False)
        if recording.silhouettes is None:
            raise ProblemError("unreadable", f"{key}: anonymized, but without silhouettes")
        given = [int(n) for n in recording.frame_numbers]
        rows = _rows(source, key, originals, visible, given, numbers)
        return Shown(recording.silhouettes[rows], MaskReport("black and white"), recording.notes)
    held = source.held(key)
    rows = _rows(source, key, originals, visible, held.numbers.tolist(), numbers)
    if held.report is not None:  # pictures, of which the person was found in all frames together
        shown = Shown(np.asarray(held.levels[rows], dtype=bool), held.report, held.notes)
        if not shown.masks.any():
            raise ProblemError("empty", f"{key}: every pixel is black; nobody is visible")
        return shown
    try:
        masks, report = masks_of_levels(held.levels[rows], name=str(key), alone=not held.aligned)
    except MaskError as error:
        text = str(error).removeprefix(f"{key}: ")
        raise ProblemError(kind_of_mask_error(error), f"{key}: {text}") from None
    return Shown(masks, report, held.notes)


def _rows(
    source: Dataset,
    key: SequenceKey,
    originals: Iterable[int],
    visible: Callable[[], Sequence[int]],
    given: Sequence[int],
    numbers: NDArray[np.int32],
) -> list[int]:
    """Which of the frames that were handed in stand for these of the original."""
    wanted = list(originals)
    if len(given) != len(wanted) and getattr(source, "crops", False):
        seen = list(visible())
        if len(seen) == len(given):
            wanted = seen
    matched = match_numbers(key, wanted, given)
    return [matched[int(n)] for n in numbers]


def mask_rows(key: SequenceKey, files: Sequence[Path]) -> MaskRows:
    """Silhouettes of black and white that are read when they are looked at.

    Raises
    ------
    ProblemError
        If they can be nobody's: inverted, or filling the frame.
    """
    try:
        plausible(files, str(key))
        height, width = decode(files[0]).shape[:2]
    except MaskError as error:
        raise ProblemError(
            kind_of_mask_error(error), f"{key}: {str(error).removeprefix(f'{key}: ')}"
        ) from None
    return MaskRows(files, (height, width))
