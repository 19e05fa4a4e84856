"""A data set and its anonymized counterparts as a table: one row a sequence, with the places of its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.sources.anonymized_files import Counterparts, Problem
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.casia_layout import Layout
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.tables.manifest_rows import COLUMNS, NEEDED, PlacedRow, read_rows
from gaitbench.errors import DataError

__all__ = ["COLUMNS", "Manifest", "ManifestOriginals", "ManifestSet", "read_manifest"]


class ManifestSet(CasiaB):
    """Sequences whose files lie wherever a manifest says (the `Dataset` protocol).

    Parameters
    ----------
    root : Path
        Folder of the manifest.
    found : Layout
        Silhouettes, videos and background clips.
    frames : dict of SequenceKey to Path
        Folders of PNG frames, where colours are no video.
    """

    def __init__(self, root: Path, found: Layout, frames: dict[SequenceKey, Path]) -> None:
        super().__init__(root)
        self._layout = found
        self.frames = frames

    @property
    def name(self) -> str:
        """``manifest``; ``walkers`` where the manifest lies beside exported walkers."""
        return "walkers" if self.rendered else "manifest"

    def _files(self) -> Iterator[tuple[str, str]]:
        yield from super()._files()
        for key, folder in self.frames.items():
            yield from ((f"{key}/rgb/{p.name}", str(p)) for p in frame_files(folder).files.values())

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence; colours from a video or from PNG frames of the silhouettes' numbers.

        Raises
        ------
        DataError
            As `CasiaB.load`, or if a frame has no colours or another size.
        """
        if not video or key not in self.frames:
            return super().load(key, frames=frames, video=video)
        read = super().load(key, frames=frames, video=False)
        assert read.silhouettes is not None
        files = frame_files(self.frames[key]).files
        missing = [int(n) for n in read.frame_numbers if int(n) not in files]
        if missing:
            raise DataError(
                f"{key}: frame {missing[0]} has a silhouette but no picture in {self.frames[key]}"
            )
        colours = np.stack([_colours(files[int(n)]) for n in read.frame_numbers])
        if colours.shape[1:3] != read.silhouettes.shape[1:]:
            raise DataError(
                f"{key}: silhouettes are {read.silhouettes.shape[2]} x {read.silhouettes.shape[1]} pixels but the "
                f"pictures are {colours.shape[2]} x {colours.shape[1]}; they are not of one recording"
            )
        background = self._background(key)
        return Recording(key, colours, background, read.silhouettes, read.frame_numbers, read.frame_count)


def _colours(path: Path) -> NDArray[np.uint8]:
    content = np.fromfile(path, np.uint8)
    picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    if picture is None:
        raise DataError(f"{path}: not a readable picture; copy it again, or remove it")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


@dataclass(frozen=True)
class Manifest:
    """What a manifest says.

    Parameters
    ----------
    originals : ManifestSet
    counterparts : Counterparts
    roles : dict of str to set of str
        ``test`` and ``train``: their subjects, where the manifest has the column `role`.
    problems : list of Problem
        Rows that are double or cannot be read.
    """

    originals: ManifestSet
    counterparts: Counterparts
    roles: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_manifest(path: Path) -> Manifest:
    """Read a CSV with the columns of `COLUMNS` and perhaps some of `OPTIONAL`.

    `original` and `anonymized` are folders of PNG silhouettes, `painted` and `rgb` folders of PNG frames or videos,
    `background` a video of the empty scene; all relative to the manifest. `role` is ``test`` or ``train``. Empty cells
    say that there is no such file.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, has an unknown one, or no row of use.
    """
    names, rows, problems = read_rows(path, COLUMNS)
    root = path.parent
    found, frames = _originals(root, rows)
    silhouettes = {one.key: place for one in rows if (place := one.places["anonymized"]) is not None}
    painted = {one.key: place for one in rows if (place := one.places["painted"]) is not None}
    roles: dict[str, set[str]] = {}
    for one in rows:
        if one.row.role:
            roles.setdefault(one.row.role, set()).add(one.key.subject)
    if not found.silhouettes or not silhouettes:
        first = f"; first: {problems[0].message}" if problems else ""
        raise DataError(f"{path}: no row with an original and none with an anonymized sequence{first}")
    originals = ManifestSet(root, found, frames)
    shown = ManifestSet(root, Layout(root, silhouettes), {k: p for k, p in painted.items() if p.is_dir()})
    clips = ManifestSet(root, Layout(root, {}, {k: p for k, p in painted.items() if p.is_file()}), {})
    marks = f"{shown.fingerprint()}-{clips.fingerprint()}"
    return Manifest(originals, Counterparts(silhouettes, painted, marks, "painted" in names), roles, problems)


def _originals(root: Path, rows: list[PlacedRow]) -> tuple[Layout, dict[SequenceKey, Path]]:
    """Where the originals lie, and folders of PNG frames where colours are no video."""
    found = Layout(root)
    frames: dict[SequenceKey, Path] = {}
    for one in rows:
        key, places = one.key, one.places
        if (place := places["original"]) is not None:
            found.silhouettes[key] = place
        if (colours := places["rgb"]) is not None:
            (frames if colours.is_dir() else found.videos)[key] = colours
        if (scene := places["background"]) is not None:
            found.backgrounds[key.subject, key.walk, key.angle] = scene
    return found, frames


class ManifestOriginals(ManifestSet):
    """The originals of a manifest as a data set of their own (``--data m.csv --format manifest``).

    Columns about anonymized sequences may be there or not; `role` is for ``evaluate``, a suite has its own split.

    Parameters
    ----------
    root : Path or str
        The CSV file.
    rate : float, optional
        Frames a second of silhouettes without a video.

    Raises
    ------
    DataError
        If the file cannot be read, or a row cannot be used: nothing is left out without a word.
    """

    def __init__(self, root: Path | str, *, rate: float | None = None) -> None:
        path = Path(root)
        _, rows, problems = read_rows(path, NEEDED)
        if problems:
            more = f" (and {len(problems) - 1} more rows)" if len(problems) > 1 else ""
            raise DataError(f"{problems[0].message}{more}; mend or remove it")
        super().__init__(path.parent, *_originals(path.parent, rows))
        self.rate = rate
        if not self.keys():
            raise DataError(f"{path}: no row with an original")

    @staticmethod
    def fits(root: Path) -> bool:
        """A file that is named as a table."""
        return root.is_file() and root.suffix.lower() in (".csv", ".tsv", ".txt")
