"""CASIA-B from disk: the silhouette release, the video release, or both; and walkers exported in its layout.

Sizes, rates and counts are read from the files, nothing about the set is assumed. The set itself is licensed and
comes from the CASIA institute.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Recording, SequenceKey, TrueMasks
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS
from gaitbench.datasets.sources.casia_layout import MARKER, Layout, scan
from gaitbench.datasets.video import count_frames, read_video
from gaitbench.errors import DataError

__all__ = ["CasiaB", "read_silhouette"]

_log = logging.getLogger(__name__)

#: Sets up to this size are hashed whole; of larger ones a fixed sample of files beside all names and sizes.
_HASH_WHOLE = 64 * 2**20
_SAMPLE = 64


def read_silhouette(path: Path) -> NDArray[np.bool_]:
    """Read a black and white picture as a mask (H, W): True where it is brighter than half.

    Raises
    ------
    DataError
        If the file cannot be read as a picture.
    """
    try:
        content = np.fromfile(path, np.uint8)  # cv2.imread fails on some paths that are not ASCII
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); check the disk or copy it again"
        ) from None
    picture = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if len(content) else None
    if picture is None:
        raise DataError(f"{path}: not a readable picture; copy it again, or remove it")
    return np.asarray(picture) > 127


class CasiaB:
    """CASIA-B under one folder (the `Dataset` protocol).

    Parameters
    ----------
    root : Path or str
        Folder of the set. Silhouettes and videos may lie side by side in it. One folder too deep or too high is
        accepted with a warning.

    Raises
    ------
    DataError
        On first use, when the folder is missing or holds nothing of CASIA-B.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = root
        self._layout: Layout | None = None
        self._fingerprint: str | None = None
        self._walkers: Any = None

    @property
    def layout(self) -> Layout:
        """Where everything lies (scanned once)."""
        if self._layout is None:
            self._layout = scan(Path(self.root))
        return self._layout

    @property
    def name(self) -> str:
        """``casia-b``; ``walkers`` where the folder holds exported walkers, whose figures are theirs."""
        return "walkers" if self.rendered else "casia-b"

    @property
    def rendered(self) -> bool:
        """True for exported walkers."""
        return self._marker() is not None

    def _marker(self) -> dict[str, Any] | None:
        path = self.layout.root / MARKER
        if not path.is_file():
            return None
        try:
            marker: dict[str, Any] = json.loads(path.read_text("utf-8"))
            if not isinstance(marker["seed"], int):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            raise DataError(f"{path}: not the note of an export; export the walkers again") from None
        return marker

    def keys(self) -> list[SequenceKey]:
        """Sequences that exist, sorted; those with silhouettes, and those with only a video."""
        return sorted({*self.layout.silhouettes, *self.layout.videos})

    def fingerprint(self) -> str:
        """Hash of names, sizes and contents below the root; the same wherever the set lies.

        Sets over 64 MB are hashed by all names and sizes and the contents of 64 files spread evenly.

        Raises
        ------
        DataError
            If a file cannot be read.
        """
        if self._fingerprint is None:
            try:
                self._fingerprint = self._hash_files()
            except OSError as error:
                raise DataError(
                    f"{error.filename or self.layout.root} cannot be read ({error.strerror or error}); check the "
                    "disk and the permissions below the root"
                ) from error
        return self._fingerprint

    def _hash_files(self) -> str:
        files = sorted((name, path.stat().st_size, path) for name, path in self._files())
        digest = hashlib.sha256(b"casia-b 1")
        for name, size, _ in files:
            digest.update(f"{name}\0{size}\n".encode())
        whole = sum(size for _, size, _ in files) <= _HASH_WHOLE
        pick = range(len(files)) if whole else np.linspace(0, len(files) - 1, _SAMPLE).astype(int)
        for i in pick:
            with files[i][2].open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Every file that is read, under a name that does not depend on the folders around it."""
        layout = self.layout
        for key, folder in layout.silhouettes.items():
            with os.scandir(folder) as found:
                yield from ((f"{key}/{e.name}", Path(e.path)) for e in found if _is_png(e.name))
        for path in (*layout.videos.values(), *layout.backgrounds.values(), layout.root / MARKER):
            if path.is_file():
                yield path.name, path

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence.

        Silhouettes come from the PNG files where there are any, colours from the video; they meet by frame
        number. Without PNG files the video is read even if `video` is False: the gait must come from somewhere.

        Parameters
        ----------
        key : SequenceKey
        frames : int, optional
            Only the first so many silhouettes (black ones counted) or, without PNG files, video frames.
        video : bool
            Read colours too.

        Raises
        ------
        DataError
            If the sequence is not there, a file is unreadable, all silhouettes are black, or silhouettes and
            video do not fit together.
        """
        folder, clip = self.layout.silhouettes.get(key), self.layout.videos.get(key)
        if folder is None and clip is None:
            raise DataError(f"{key}: neither silhouettes nor a video under {self.layout.root}; see its keys")
        if folder is None:
            assert clip is not None
            rgb = read_video(clip, frames)
            numbers = np.arange(1, len(rgb) + 1, dtype=np.int32)
            return Recording(key, rgb, self._background(key), None, numbers, len(rgb))
        files = _numbered(folder)
        considered = files[:frames]
        masks, numbers = _read_silhouettes(key, folder, considered)
        if len(considered) < len(files):
            total = considered[-1][0]
        else:
            counted = self._frame_count(len(files)) if clip is None else count_frames(clip)
            total = max(counted, files[-1][0])
        rgb_frames = None
        if video and clip is not None:
            rgb = read_video(clip, int(numbers[-1]))
            if len(rgb) < numbers[-1]:
                raise DataError(
                    f"{key}: silhouettes up to frame {numbers[-1]} but the video {clip} has {len(rgb)} frames; "
                    "they are not of one recording"
                )
            if rgb.shape[1:3] != masks.shape[1:]:
                raise DataError(
                    f"{key}: silhouettes are {masks.shape[2]} x {masks.shape[1]} pixels but the video {clip} is "
                    f"{rgb.shape[2]} x {rgb.shape[1]}; they are not of one recording"
                )
            rgb_frames = rgb[numbers - 1]
        background = self._background(key) if video else None
        return Recording(key, rgb_frames, background, masks, numbers, total)

    def load_walk(
        self, subject: str, walk: str, angles: Sequence[int], *, frames: int | None = None, video: bool = True
    ) -> Iterable[Recording]:
        """Read a walk as several cameras saw it, one recording at a time."""
        for angle in angles:
            yield self.load(SequenceKey(subject, walk, angle), frames=frames, video=video)

    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks | None:
        """Ground truth of exported walkers, rendered again from the export's seed; None for filmed people."""
        marker = self._marker()
        if marker is None:
            return None
        if self._walkers is None:
            from gaitbench.datasets.walkers import Walkers

            self._walkers = Walkers(**marker.get("parameters", {"seed": marker["seed"]}))
        wanted = marker.get("frames") if frames is None else frames
        truth: TrueMasks | None = self._walkers.true_masks(key, body=body, frames=wanted, rgb=rgb)
        return truth

    def _frame_count(self, files: int) -> int:
        """Frames of a video that is not there: an export notes them, unless it broke a sequence off itself."""
        marker = self._marker() or {}
        broken_off = marker.get("frames") is not None and files >= marker["frames"]
        return 0 if broken_off else int(marker.get("parameters", {}).get("length", 0))

    def _background(self, key: SequenceKey) -> NDArray[np.uint8] | None:
        path = self.layout.background(key)
        return None if path is None else read_video(path)


def _is_png(name: str) -> bool:
    return name.lower().endswith(".png") and not name.startswith(".")


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    """Frame numbers and PNG files of a folder, in order."""
    with os.scandir(folder) as found:
        return sorted((_frame_number(Path(e.path)), Path(e.path)) for e in found if _is_png(e.name))


def _read_silhouettes(
    key: SequenceKey, folder: Path, files: list[tuple[int, Path]]
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Masks with a person, and their frame numbers."""
    masks: list[NDArray[np.bool_]] = []
    numbers: list[int] = []
    for number, path in files:
        mask = read_silhouette(path)
        if masks and mask.shape != masks[0].shape:
            raise DataError(
                f"{path}: another size than the frames before it; remove it or extract the set again"
            )
        if np.count_nonzero(mask) >= LEAST_PIXELS:
            masks.append(mask)
            numbers.append(number)
    if not masks:
        raise DataError(
            f"{key}: nobody is visible, all {len(files)} silhouettes in {folder} are black "
            f"(under {LEAST_PIXELS} white pixels); leave this sequence out"
        )
    if len(files) > len(masks):
        _log.info(
            "%s: %d of %d silhouettes are black and were skipped", key, len(files) - len(masks), len(files)
        )
    return np.stack(masks), np.array(numbers, np.int32)


def _frame_number(path: Path) -> int:
    """The number at the end of ``001-nm-01-000-017.png``: the 1-based frame of the video."""
    last = path.stem.rpartition("-")[2]
    if not last.isdecimal() or int(last) < 1:
        raise DataError(
            f"{path}: no frame number at the end of the name; CASIA-B writes 001-nm-01-000-017.png"
        )
    return int(last)
