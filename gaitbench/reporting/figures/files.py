"""The figures of a run as files. Figures that are drawn already are kept: drawing takes most of a report's time."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from importlib import metadata
from pathlib import Path

from gaitbench.errors import DataError
from gaitbench.reporting.formats.html import svg_uri
from gaitbench.reporting.reading.samples import picture_path
from gaitbench.reporting.reading.theme import LIGHT
from gaitbench.results.record import Record
from gaitbench.store.atomic import write_bytes, write_text

__all__ = ["write_figures"]

logger = logging.getLogger(__name__)

#: Beside the figures; says what they were drawn from and what they were then.
_NOTE = ".drawn.json"


def write_figures(
    record: Record, run_dir: Path, folder: Path, drawn: Path | None = None
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Write the figures of a record into `folder`.

    Parameters
    ----------
    record : Record
    run_dir : path
        Where the record's pictures lie.
    folder : path
    drawn : path, optional
        Folder of an earlier report's figures; they are copied where they would be drawn the same again.

    Returns
    -------
    pictures : dict
        Figure -> ``light`` -> ``data:`` address, for the page.
    trouble : list of str
        What could not be drawn, and why.
    """
    folder.mkdir(exist_ok=True)
    try:
        key = _key(record, run_dir)
    except DataError:
        # A picture is missing: the figures that need it say so below.
        key = ""
    kept = _drawn(drawn, key) if key and drawn is not None else None
    trouble: list[str] = []
    if kept is None:
        names, trouble = _draw(record, run_dir, folder)
    else:
        names = list(kept)
        for name, data in kept.items():
            write_bytes(folder / name, data)
    if key and not trouble:
        _note(folder, key, names)
    # The page has its own chart of the success by angle.
    shown = [Path(name) for name in names if name.endswith(".svg") and name != "success_by_angle.svg"]
    pictures = {}
    for path in shown:
        svg = (folder / path).read_text(encoding="utf-8")
        pictures[path.stem] = {"light": svg_uri(svg)}
    return pictures, trouble


def _draw(record: Record, run_dir: Path, folder: Path) -> tuple[list[str], list[str]]:
    # Here and not above: where the figures are drawn already, matplotlib need not even be imported.
    from gaitbench.reporting.figures.drawings import drawings
    from gaitbench.reporting.figures.style import save_figure, themed

    names: list[str] = []
    trouble: list[str] = []
    for name, draw in drawings(record, run_dir).items():
        try:
            with themed(LIGHT):
                figure = draw(LIGHT)
                if figure is not None:
                    names += [path.name for path in save_figure(figure, folder, name)]
        except DataError as error:
            logger.warning("figure %s was not drawn: %s", name, error)
            trouble.append(f"Figure {name} was not drawn: {error}")
    return names, trouble


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _key(record: Record, run_dir: Path) -> str:
    """Hash of everything the figures hang on: the rows, the pictures, the code that draws."""
    document = record.to_dict()
    rows = json.dumps([document["tables"], document["samples"]], sort_keys=True)
    parts = [rows, metadata.version("matplotlib")]
    for sample in record.samples:
        for relative in (*sample.strips.values(), *sample.gei.values()):
            parts.append(_digest(picture_path(run_dir, relative).read_bytes()))
    parts += [_digest(path.read_bytes()) for path in sorted(Path(__file__).parents[1].rglob("*.py"))]
    return _digest("\n".join(parts).encode())


def _drawn(folder: Path, key: str) -> dict[str, bytes] | None:
    """The figures of `key` if all of them lie in `folder` as they were written, else None."""
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        names: dict[str, str] = note["files"]
        if note["key"] == key and all(re.fullmatch(r"[a-z0-9_]+\.(pdf|svg|png)", name) for name in names):
            found = {name: (folder / name).read_bytes() for name in names}
            return found if all(_digest(found[name]) == names[name] for name in names) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # No note, or one that cannot be read: draw.
        return None
    return None


def _note(folder: Path, key: str, names: list[str]) -> None:
    files = {name: _digest((folder / name).read_bytes()) for name in sorted(names)}
    write_text(folder / _NOTE, json.dumps({"key": key, "files": files}, indent=1, sort_keys=True) + "\n")
