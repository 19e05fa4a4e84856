"""The anonymized files of somebody else's system, matched frame by frame with the originals.

Whatever is wrong with them is a `Problem` with a kind and one line that names it; nothing is guessed and nothing is
dropped silently.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.containers.frame_rows import VideoRows, as_array
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.tree import LeftOut
from gaitbench.datasets.video import count_frames, iter_video
from gaitbench.errors import ConfigError, DataError
from recognizer.gait_energy.mask_files import MaskError, decode
from recognizer.gait_energy.masks import MaskReport, read_masks

__all__ = [
    "KINDS", "Counterparts", "Problem", "ProblemError", "kind_of_mask_error", "match_files", "match_numbers",
    "read_anonymized_masks", "read_pictures",
]  # fmt: skip

_log = logging.getLogger(__name__)

#: What can be wrong: kind -> what is counted, and what it means for the figures.
KINDS: dict[str, str] = {
    "missing": "sequences without an anonymized counterpart (count as identified)",
    "frames": "sequences with another number of frames than the original (count as identified)",
    "size": "sequences of another picture size than the original (count as identified)",
    "unreadable": "sequences with a file that cannot be read (count as identified)",
    "empty": "sequences whose anonymized silhouettes show nobody (count as identified)",
    "implausible": "sequences whose silhouettes are no person (count as identified)",
    "grey": "sequences with silhouettes that are not black and white (cut at one half and judged)",
    "odd": "sequences that look like no anonymizer's work (judged as they are)",
    "film": "videos after the tool that nobody can be extracted from (count as identified)",
    "doubt": "pairs of videos whose extraction is in doubt (judged as they are)",
    "name": "videos whose name says no subject and walk (left out)",
    "one walk": "people with one walk alone (not judged)",
    "painted": "sequences whose painted pictures cannot be used (left out of picture quality, named by pictures)",
    "original": "sequences whose original cannot be used (not judged)",
    "no original": "anonymized sequences without an original (not judged)",
    "no role": "subjects of the originals who are neither tested nor teach (not judged)",
    "two roles": "subjects in training and in test (taken out of one of the two)",
    "double": "sequences that lie in two places (the first is read)",
    "archive": "archives that are not looked into (unpack them)",
    "folder": "folders that cannot be read (left out)",
    "duplicate": "rows of the manifest that name a sequence again (the first one counts)",
    "row": "rows of the manifest that cannot be read (left out)",
}


@dataclass(frozen=True)
class Problem:
    """Something wrong with what was handed in.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    cell : str
        Where, as ``name=value, name=value``.
    message : str
        One line.
    """

    kind: str
    cell: str
    message: str


class ProblemError(DataError):
    """A sequence that cannot be judged; `kind` is one of `KINDS`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Counterparts:
    """Where the anonymized files lie.

    Parameters
    ----------
    silhouettes : dict of SequenceKey to Path
        Folder of PNG silhouettes of each anonymized sequence.
    painted : dict of SequenceKey to Path
        Folder of PNG frames, or video, of each painted sequence.
    fingerprint : str
        Hash of all of these files.
    has_painted : bool
        Whether painted pictures were handed in at all.
    left_out : tuple of LeftOut
        What lies beside them and is not read.
    junk : int
        Files that systems leave behind.
    refused : dict of SequenceKey to (str, str)
        Sequences that were handed in and are known to be of no use: kind of `KINDS`, and one line.
    notes : dict of SequenceKey to tuple of str
        How a sequence was read, where that was not plain.
    sources : dict of SequenceKey to Path
        What the user knows a sequence by, where `silhouettes` were made of it.
    source : Dataset, optional
        Reads the anonymized sequences where they are no folders of pictures; `silhouettes` then says where it lies.
    """

    silhouettes: Mapping[SequenceKey, Path]
    painted: Mapping[SequenceKey, Path] = field(default_factory=dict)
    fingerprint: str = ""
    has_painted: bool = False
    left_out: tuple[LeftOut, ...] = ()
    junk: int = 0
    refused: Mapping[SequenceKey, tuple[str, str]] = field(default_factory=dict)
    notes: Mapping[SequenceKey, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[SequenceKey, Path] = field(default_factory=dict)
    source: Dataset | None = None

    @classmethod
    def from_source(cls, source: Dataset, place: Path, painted: Path | None = None) -> Counterparts:
        """Take the sequences of any format; painted frames lie in CASIA-B's layout.

        Parameters
        ----------
        source : Dataset
            One that `gaitbench.datasets.sources.judged.cut_again` has looked at.
        place : Path
            Where it lies.
        painted : Path, optional

        Raises
        ------
        ConfigError
            For painted pictures beside crops.
        DataError
            If a folder is missing or holds nothing that is read.
        """
        if painted is not None and getattr(source, "crops", False):
            raise ConfigError(
                f"--painted needs silhouettes of whole frames: {place} holds crops, which do not say where in the "
                "picture a person stands"
            )
        pictures = None if painted is None else CasiaB(painted)
        found = dict.fromkeys(source.keys(), place)
        return cls(
            found,
            {} if pictures is None else _pictures_in(pictures),
            "-".join([source.fingerprint(), "" if pictures is None else pictures.fingerprint()]),
            painted is not None,
            (*getattr(source, "left_out", ()), *(() if pictures is None else pictures.layout.left_out)),
            0 if pictures is None else pictures.layout.junk,
            source=source,
        )

    @classmethod
    def from_layout(cls, anonymized: Path | CasiaB, painted: Path | None = None) -> Counterparts:
        """Find them in folders of CASIA-B's layout, or of a manifest; painted frames are PNG files or videos.

        Raises
        ------
        DataError
            If a folder is missing or holds nothing of that layout.
        """
        shown = anonymized if isinstance(anonymized, CasiaB) else CasiaB(anonymized)
        if not shown.layout.silhouettes:
            raise DataError(
                f"{shown.root}: no silhouettes (001/nm-01/000/*.png) here{_seen(shown)}; the attackers read "
                "silhouettes, so give those of the anonymized people"
            )
        pictures = None if painted is None else CasiaB(painted)
        places = {} if pictures is None else _pictures_in(pictures)
        marks = [shown.fingerprint(), "" if pictures is None else pictures.fingerprint()]
        layouts = [shown.layout, *([] if pictures is None else [pictures.layout])]
        left_out = tuple(one for layout in layouts for one in layout.left_out)
        junk = sum(layout.junk for layout in layouts)
        return cls(
            dict(shown.layout.silhouettes), places, "-".join(marks), painted is not None, left_out, junk
        )


def _pictures_in(pictures: CasiaB) -> dict[SequenceKey, Path]:
    return {**pictures.layout.silhouettes, **pictures.layout.videos}


def _seen(found: CasiaB) -> str:
    """What is there instead."""
    videos, left = found.layout.videos, found.layout.left_out
    parts = [f"{len(videos)} videos"] if videos else []
    parts += [left[0].text] if left else []
    return f" ({'; '.join(parts)})" if parts else ""


def match_files(key: SequenceKey, original: Iterable[int], shown: Mapping[int, Path]) -> dict[int, Path]:
    """The anonymized file of each original frame number: by number, or by order where they were numbered anew.

    Raises
    ------
    ProblemError
        Of kind ``frames``, if there are more or fewer of them.
    """
    found = list(shown)
    return {number: shown[found[row]] for number, row in match_numbers(key, original, found).items()}


def match_numbers(key: SequenceKey, original: Iterable[int], shown: Sequence[int]) -> dict[int, int]:
    """Which of the anonymized frames, by their numbers, is each frame of the original: its place; see `match_files`.

    Raises
    ------
    ProblemError
        Of kind ``frames``, if there are more or fewer of them.
    """
    numbers = sorted(original)
    if len(numbers) != len(shown):
        raise ProblemError(
            "frames",
            f"{key}: {len(shown)} anonymized frames for {len(numbers)} of the original; they must match",
        )
    if set(numbers) == set(shown):
        return {number: row for row, number in enumerate(shown)}
    return {number: row for row, number in enumerate(numbers)}


def _decode(key: SequenceKey, path: Path) -> NDArray[np.uint8]:
    """A painted picture, uint8 (H, W, 3) RGB."""
    try:
        picture = decode(path)
    except MaskError as error:
        raise ProblemError("unreadable", f"{key}: {error}") from None
    if picture.dtype != np.uint8:
        picture = (picture / 257).round().astype(np.uint8)
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    return np.asarray(picture[..., 2::-1], dtype=np.uint8)


def kind_of_mask_error(error: MaskError) -> str:
    """The kind of `KINDS` of silhouettes that cannot be read."""
    return error.kind if error.kind in ("unreadable", "size", "empty") else "implausible"


def read_anonymized_masks(
    key: SequenceKey, paths: Iterable[Path], size: tuple[int, int] | None
) -> tuple[NDArray[np.bool_], MaskReport]:
    """Anonymized silhouettes, bool (T, H, W), and how they were read.

    Parameters
    ----------
    key : SequenceKey
    paths : iterable of Path
    size : (int, int) or None
        Height and width of the original's silhouettes; None where they may differ.

    Raises
    ------
    ProblemError
        Of kind ``unreadable``, ``size``, ``empty`` or ``implausible``.
    """
    try:
        return read_masks(list(paths), name=str(key), size=size)
    except MaskError as error:
        raise ProblemError(
            kind_of_mask_error(error), f"{key}: {str(error).removeprefix(f'{key}: ')}"
        ) from None


def read_pictures(
    key: SequenceKey,
    place: Path,
    numbers: NDArray[np.int32],
    originals: Iterable[int],
    size: tuple[int, int],
    total: int | None = None,
) -> NDArray[np.uint8]:
    """Painted frames uint8 (K, H, W, 3) RGB of the given frame numbers, from PNG files or a video.

    Those of a video are read when they are gone through (`VideoRows`), and raise `DataError` where it breaks off.

    Parameters
    ----------
    place : Path
        Folder or video.
    numbers : int array (K,)
        1-based numbers in the original's video.
    originals : iterable of int
        Numbers of all the original's silhouettes, to match files that were numbered anew.
    size : (int, int)
        Height and width of the original.
    total : int, optional
        Frames of the original's video: a painted one of another length or frame rate does not meet it frame by frame.

    Raises
    ------
    ProblemError
        Of kind ``painted``.
    """
    rows: NDArray[np.uint8] | None = None
    try:
        if place.is_dir():
            files = match_files(key, originals, frame_files(place).files)
            read = [_decode(key, files[int(n)]) for n in numbers]
            pictures = [np.asarray(p, dtype=np.uint8) for p in read]
        else:
            given = count_frames(place)
            if total is not None and given != total:
                raise ProblemError(
                    "painted",
                    f"{key}: another number of frames, {given} for {total} of the original; paint every "
                    "frame, at the original's frame rate",
                )
            if given < numbers[-1]:
                raise ProblemError(
                    "painted", f"{key}: {place} has {given} frames; frame {numbers[-1]} is asked for"
                )
            first = next(iter_video(place, 1))
            height, width, channels = first.shape
            rows = as_array(VideoRows(place, (height, width, channels), numbers - 1))
            pictures = [first]
    except DataError as error:
        raise ProblemError("painted", f"painted {error}") from None
    for picture in pictures:
        if picture.shape[:2] != size:
            raise ProblemError(
                "painted",
                f"painted {key}: {picture.shape[1]} x {picture.shape[0]} pixels, the original is {size[1]} x {size[0]}",
            )
    return np.stack(pictures) if rows is None else rows
