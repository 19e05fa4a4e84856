"""What is to be brought in: sequences of a data set, or films, and how that was told."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from gaitbench.clips.pairs.names import ONE_VIEW, film_key, video_files
from gaitbench.datasets.opening import guess_format, open_data, quiet_sources
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.tree import REASONS, LeftOut, count_left_out, is_video
from gaitbench.errors import ConfigError, DataError
from gaitbench.importing.asked import Asked
from gaitbench.importing.converting import Opening
from gaitbench.importing.films.film import FilmTask
from gaitbench.importing.films.given_masks import masks_beside
from gaitbench.importing.films.passes import read_passes
from gaitbench.registry import DATASETS

__all__ = ["FILMS", "Source", "open_source"]

#: Name of the format of a folder of films, which is none of the registered ones.
FILMS = "videos"


@dataclass
class Source:
    """What is there.

    Parameters
    ----------
    format, because : str
        What it is read as, and why.
    label : str
        What the report calls such data.
    opening : Opening or None
        How sequences of a data set are opened.
    keys : list of SequenceKey
        Those with silhouettes.
    films : list of FilmTask
    rendered : bool
    marker : Path or None
        The note of exported walkers.
    said : list of str
    problems : list of (str, str)
        Name and line of what cannot be read.
    """

    format: str
    because: str
    label: str
    opening: Opening | None = None
    keys: list[SequenceKey] = field(default_factory=list)
    films: list[FilmTask] = field(default_factory=list)
    rendered: bool = False
    marker: Path | None = None
    said: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def open_source(
    root: Path,
    asked: Asked,
    *,
    name: str | None = None,
    rate: float | None = None,
    pattern: str | None = None,
) -> Source:
    """Look at what is there.

    Raises
    ------
    GaitbenchError
        In one line: nothing there, nothing recognised, options that do not go together.
    """
    if not root.exists():
        raise DataError(f"{root}: no such folder or file; give a data set, a video, or a folder of videos")
    if name is None and pattern is not None:
        name, because = "pictures", "as --pattern says"
    elif name is not None:
        because = "as --format says"
    else:
        name, because = _guessed(root, asked)
    if name == FILMS:
        if rate is not None or pattern is not None:
            raise ConfigError(
                f"{'--fps' if rate is not None else '--pattern'} is not for videos, which say it themselves"
            )
        return _films(root, asked, because)
    found = _dataset(root, Opening(root, name, rate, pattern), asked, because)
    if not found.films:
        for option in ("masks", "background", "passes"):
            if getattr(asked, option) is not None:
                raise ConfigError(f"--{option} is for videos; {root} is read as {name} ({because})")
    return found


def _guessed(root: Path, asked: Asked) -> tuple[str, str]:
    if root.is_file() and is_video(root.name):
        return FILMS, "a video"
    if root.is_dir() and (asked.masks is not None or asked.passes is not None):
        return FILMS, "as --masks or --passes says"
    with quiet_sources():
        name = guess_format(root)
        if name == "casia-b":
            try:
                open_data(root, name).keys()
            except DataError:
                if root.is_dir() and next(video_files(root), None) is not None:
                    return FILMS, "guessed: it holds videos"
                raise
    fits = getattr(DATASETS.get(name), "fits", None)
    says = (inspect.getdoc(fits) or "") if fits is not None else ""
    told = says.splitlines()[0].rstrip(".").replace("`", "") if says else "no other format claims it"
    return name, f"guessed: {told}"


def _dataset(root: Path, opening: Opening, asked: Asked, because: str) -> Source:
    with quiet_sources():
        data = open_data(root, opening.name, rate=opening.rate, pattern=opening.pattern)
        keys = data.keys()
    found = Source(opening.name, because, data.name if not data.rendered else opening.name, opening)
    found.rendered = data.rendered
    left = getattr(data, "left_out", None) or []
    if isinstance(data, CasiaB):
        left = data.layout.left_out
        found.films = [
            FilmTask(path.name, path, key, asked.background or data.layout.background(key))
            for key, path in sorted(data.layout.videos.items()) if key not in data.layout.silhouettes
        ]  # fmt: skip
    filmed = {task.key for task in found.films}
    found.keys = [key for key in keys if key not in filmed]
    found.marker = _marker(data)
    found.said = [*found.said, *_left_out(left)]
    if found.films:
        found.said.append(
            f"{len(found.films)} sequences have a video alone: silhouettes are extracted from it"
        )
    if asked.layout == "npz" and getattr(data, "has_colours", True):
        found.said.append("colours are left out: .npz holds silhouettes alone")
    elif not asked.video and getattr(data, "has_colours", True):
        found.said.append("colours are left out, as --no-video says")
    return found


def _marker(data: Dataset) -> Path | None:
    from gaitbench.datasets.sources.casia_layout import MARKER

    root = data.layout.root if isinstance(data, CasiaB) else Path(getattr(data, "root", "."))
    place = (root if root.is_dir() else root.parent) / MARKER
    return place if data.rendered and place.is_file() else None


def _left_out(left: list[LeftOut]) -> list[str]:
    return [
        f"not read: {count} {REASONS[kind]} (first: {next(one.text for one in left if one.kind == kind)})"
        for kind, count in count_left_out(left).items()
    ]


def _films(root: Path, asked: Asked, because: str) -> Source:
    found = Source(FILMS, because, FILMS)
    left: list[LeftOut] = []
    single = root.is_file()
    files = [root] if single else list(video_files(root, left))
    rows = [] if asked.passes is None else read_passes(asked.passes)
    used: set[int] = set()
    keys: dict[SequenceKey, str] = {}
    for path in files:
        name = path.name if single else path.relative_to(root).as_posix()
        own = tuple(row for row in rows if row.file in (name, path.name, PurePath(name).stem, str(path)))
        used |= {row.line for row in own}
        key = None
        if not own:
            try:
                key = film_key(PurePath(name))
            except DataError as error:
                text = str(error).replace("--pairs", "--passes")
                found.problems.append((name, text))
                continue
            if key in keys:
                found.problems.append(
                    (name, f"{name}: is {key}, as is {keys[key]}; the first is read, rename one")
                )
                continue
            keys[key] = name
        masks = None
        if asked.masks is not None:
            masks = masks_beside(asked.masks, PurePath(name), alone=len(files) == 1)
            if masks is None:
                text = f"{name}: no folder of masks named {PurePath(name).with_suffix('')} in {asked.masks}"
                found.problems.append((name, text))
                continue
        found.films.append(FilmTask(name, path, key, asked.background, masks, own))
    for row in rows:
        if row.line not in used:
            text = f"{asked.passes} line {row.line}: no video {row.file} in {root}"
            found.problems.append((row.file, text))
    if not found.films:
        first = found.problems[0][1] if found.problems else f"{root}: no video here"
        raise DataError(first)
    if any(key.view == ONE_VIEW for key in keys):
        found.said.append(f"names without a view: all of these are of one camera, called {ONE_VIEW}")
    found.said += _left_out(left)
    if asked.layout == "npz":
        found.said.append("colours are left out: .npz holds silhouettes alone")
    elif not asked.video:
        found.said.append("colours are left out, as --no-video says")
    return found
