"""A data set and its anonymized counterparts as a table: one row a sequence, with the places of its files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.sources.anonymized_files import Counterparts, Problem
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.casia_layout import Layout
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.table_text import read_table
from gaitbench.errors import DataError
from gaitbench.nearest import did_you_mean
from gaitbench.validation import convert

__all__ = ["COLUMNS", "Manifest", "ManifestRow", "ManifestSet", "read_manifest"]


#: A subject's name is part of paths and of cells such as ``key=...``.
_NAME_SIGNS = r"^[^/\\,=|]+$"


class ManifestRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a manifest; an empty cell says that there is no such file."""

    subject: Annotated[str, msgspec.Meta(pattern=_NAME_SIGNS, description="a name without / \\ , = |")]
    walk: str
    angle: Annotated[int, msgspec.Meta(ge=0, le=360, description="a whole number of degrees from 0 to 360")]
    original: str
    anonymized: str
    painted: str = ""
    rgb: str = ""
    background: str = ""
    role: Literal["", "test", "train"] = ""


_FIELDS = msgspec.structs.fields(ManifestRow)
#: Columns that every manifest has, and those that it may have.
COLUMNS: tuple[str, ...] = tuple(field.name for field in _FIELDS if field.required)
OPTIONAL: tuple[str, ...] = tuple(field.name for field in _FIELDS if not field.required)
#: Columns that name a file or folder.
_PLACES = ("original", "anonymized", "painted", "rgb", "background")
#: Bytes that a name and a whole path may have on every file system that we know of.
_NAME, _PATH = 255, 4000


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

    def _files(self) -> Iterator[tuple[str, Path]]:
        yield from super()._files()
        for key, folder in self.frames.items():
            yield from ((f"{key}/rgb/{p.name}", p) for p in frame_files(folder).files.values())

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
    names, lines = read_table(path)
    lacking = [c for c in COLUMNS if c not in names]
    unknown = [c for c in names if c not in (*COLUMNS, *OPTIONAL)]
    if lacking or unknown:
        what = f"lacks the column {lacking[0]!r}" if lacking else f"has an unknown column {unknown[0]!r}"
        near = (
            did_you_mean(unknown[0], [c for c in (*COLUMNS, *OPTIONAL) if c not in names]) if unknown else ""
        )
        raise DataError(
            f"{path}: {what}{near}; columns: {', '.join(COLUMNS)}, and perhaps {', '.join(OPTIONAL)}"
        )
    root = path.parent
    found = Layout(root)
    frames: dict[SequenceKey, Path] = {}
    problems: list[Problem] = []
    silhouettes: dict[SequenceKey, Path] = {}
    painted: dict[SequenceKey, Path] = {}
    roles: dict[str, set[str]] = {}
    seen: dict[SequenceKey, int] = {}
    for line, row in lines:
        cells = {name: value.strip() for name, value in zip(names, row, strict=False) if name}
        try:
            if len(row) < len(names) or any(cell.strip() for cell in row[len(names) :]):
                raise DataError(
                    f"{len(row)} cells for {len(names)} columns; quote a cell that holds a separator"
                )
            read = convert(ManifestRow, {**cells, "angle": _degrees(cells["angle"])}, "", noun="column")
            key = SequenceKey.parse(f"{read.subject}-{read.walk}-{read.angle:03d}")
            places = {column: _place(root, getattr(read, column), column) for column in _PLACES}
        except DataError as error:
            problems.append(Problem("row", f"line={line}", f"{path.name} line {line}: {error}"))
            continue
        if key in seen:
            text = f"{path.name} line {line}: {key} stands in line {seen[key]} already"
            problems.append(Problem("duplicate", f"line={line}, key={key}", text))
            continue
        seen[key] = line
        if read.role:
            roles.setdefault(read.role, set()).add(key.subject)
        for kept, column in (
            (found.silhouettes, "original"),
            (silhouettes, "anonymized"),
            (painted, "painted"),
        ):
            if (place := places[column]) is not None:
                kept[key] = place
        if (colours := places["rgb"]) is not None:
            (frames if colours.is_dir() else found.videos)[key] = colours
        if (scene := places["background"]) is not None:
            found.backgrounds[key.subject, key.walk, key.angle] = scene
    if not found.silhouettes or not silhouettes:
        first = f"; first: {problems[0].message}" if problems else ""
        raise DataError(f"{path}: no row with an original and none with an anonymized sequence{first}")
    originals = ManifestSet(root, found, frames)
    shown = ManifestSet(root, Layout(root, silhouettes), {k: p for k, p in painted.items() if p.is_dir()})
    clips = ManifestSet(root, Layout(root, {}, {k: p for k, p in painted.items() if p.is_file()}), {})
    marks = f"{shown.fingerprint()}-{clips.fingerprint()}"
    return Manifest(originals, Counterparts(silhouettes, painted, marks, "painted" in names), roles, problems)


def _degrees(text: str) -> int | str:
    """An angle, written as 90, 090, 90.0 or 90°; what is none stays as it is."""
    try:
        value = float(text.removesuffix("°"))
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 1e9 else text


def _place(root: Path, text: str, column: str) -> Path | None:
    """The path in a cell; None where the cell is empty, or an anonymized or painted file that is not there."""
    if not text:
        return None
    if any(len(os.fsencode(part)) > _NAME for part in text.split("/")) or len(os.fsencode(text)) > _PATH:
        raise DataError(
            f"{column} {text[:40]!r}... is longer than a path can be; write the path of a folder or file"
        )
    place = root / text
    if "\\" in text and not place.exists():
        place = root / text.replace("\\", "/")  # a table made on Windows
    folder = column in ("original", "anonymized")
    if place.is_dir() if folder else place.exists():
        return place
    if column in ("anonymized", "painted"):
        return None  # found missing, and counted, when the sequence is judged
    raise DataError(f"{column} {place} is no {'folder' if folder else 'file or folder'}")
