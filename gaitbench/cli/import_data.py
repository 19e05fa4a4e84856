"""``gaitbench import SRC DEST``: any source to our layout, or to npz."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitbench.cli.completion import names_of
from gaitbench.cli.progress import RichProgress
from gaitbench.cli.words import Word

if TYPE_CHECKING:
    from gaitbench.importing.showing.outcome import Outcome

__all__ = ["command"]

#: Problems that the terminal shows; page and JSON have all.
_SHOWN = 20


@click.command("import")
@click.argument("source", metavar="SRC", type=click.Path(path_type=Path))
@click.argument("dest", metavar="DEST", type=click.Path(path_type=Path))
@click.option("--to", "layout", type=Word("layout", ["casia-b", "npz"]), default="casia-b", show_default=True,
              help="A tree SUBJECT/WALK/VIEW of pictures with videos, or one .npz a sequence.")  # fmt: skip
@click.option("--format", "data_format", metavar="NAME", shell_complete=names_of("dataset"),
              help="How SRC is read: casia-b, opengait, ou-mvlp, pictures, npz, manifest, videos, or a package's.  "
              "[default: guessed, and said]")  # fmt: skip
@click.option("--pattern", metavar="TEXT",
              help="How mask pictures are named, such as {subject}/{condition}-{take}/{view}/{frame}.png.")  # fmt: skip
@click.option("--fps", type=float, metavar="N",
              help="Frames a second of silhouettes without a video.  [default: 25, and said]")  # fmt: skip
@click.option("--masks", type=click.Path(path_type=Path), metavar="DIR",
              help="Videos: masks by any segmenter, a folder of pictures for each video, named as it.  "
              "[default: background subtraction]")  # fmt: skip
@click.option("--mask-kind", type=Word("--mask-kind", ["binary", "probability", "instances"]),
              help="What the masks are.  [default: told by looking, and said]")  # fmt: skip
@click.option("--background", type=click.Path(path_type=Path), metavar="CLIP",
              help="Videos: a clip or picture of the empty scene.  [default: learned from each video]")  # fmt: skip
@click.option("--passes", type=click.Path(path_type=Path), metavar="CSV",
              help="Videos: who walks when; columns file,start,end,subject,walk,view,track.")  # fmt: skip
@click.option("--people", type=Word("--people", ["auto", "one", "many"]), default="auto", show_default=True,
              help="Videos: several walks are of one person, or each of another; auto: many where two are seen at "
              "once.")  # fmt: skip
@click.option("--least", type=float, default=0.5, show_default=True, metavar="SHARE",
              help="Videos: write a walk if this share of its frames looks like one whole person; 0: all.")  # fmt: skip
@click.option(
    "--no-video", is_flag=True, help="Silhouettes only; colours are kept without loss, and are large."
)
@click.option("--sheet", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html",
              help="The page of pictures.  [default: DEST.sheet.html]")  # fmt: skip
@click.option("--workers", "--jobs", "jobs", type=int, metavar="N",
              help="Worker processes.  [default: the processors]")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    source: Path,
    dest: Path,
    layout: str,
    data_format: str | None,
    pattern: str | None,
    fps: float | None,
    masks: Path | None,
    mask_kind: str | None,
    background: Path | None,
    passes: Path | None,
    people: str,
    least: float,
    no_video: bool,
    sheet: Path | None,
    jobs: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Bring any source into our layout: a data set, an archive, a table, one's own videos.

    Nothing in SRC is changed. The same command goes on where it was stopped; what is there is left as it is. Videos are
    cut into the walks of their people; the camera must stand still. Look at the sheet before you trust a figure.
    """
    from gaitbench.importing.asked import Asked
    from gaitbench.importing.run import run_import

    page = sheet or dest.resolve().with_name(f"{dest.resolve().name}.sheet.html")
    asked = Asked(
        dest, "npz" if layout == "npz" else "casia-b", not no_video, least, background, masks, passes, mask_kind, people
    )  # fmt: skip
    progress = None if quiet else RichProgress()
    with progress or contextlib.nullcontext():
        if progress is not None:
            progress.start("import")
        found = run_import(
            source, asked, name=data_format, rate=fps, pattern=pattern, jobs=jobs,
            progress=None if progress is None else progress.update,
        )  # fmt: skip
    _write_sheet(page, found)
    _say(found, page, as_json)
    if found.problems:
        sys.exit(1)


def _write_sheet(page: Path, found: Outcome) -> None:
    from gaitbench.errors import ConfigError
    from gaitbench.importing.showing.sheet import render_sheet
    from gaitbench.store.atomic import write_text

    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        write_text(page, render_sheet(found))
    except OSError as error:
        raise ConfigError(
            f"--sheet {page} cannot be written ({error.strerror}); give another file"
        ) from error


def _say(found: Outcome, page: Path, as_json: bool) -> None:
    from gaitbench.importing.showing.outcome import outcome_text
    from gaitbench.reporting.formats.visible import one_line

    if as_json:
        click.echo(json.dumps({**found.plain(), "sheet": str(page)}, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(one_line(line) for line in outcome_text(found).splitlines()))
        click.echo(f"Sheet: {page}")
    for text in found.problems[:_SHOWN]:
        click.echo(f"gaitbench: {one_line(text)}", err=True)
    more = len(found.problems) - _SHOWN
    if more > 0:
        click.echo(f"gaitbench: {more} more; they are on the sheet and in --json", err=True)
