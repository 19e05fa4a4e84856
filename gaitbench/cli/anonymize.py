"""``gaitbench anonymize VIDEO...``: from filmed videos to painted ones, nobody in them recognizable by gait."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.completion import names_of
from gaitbench.cli.progress import RichProgress
from gaitbench.cli.words import DEVICE, Word

if TYPE_CHECKING:
    from gaitbench.clips.output import Outcome

__all__ = ["command"]


@click.command("anonymize")
@click.argument("videos", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="VIDEO...")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="OUT",
              help="Folder of the films, or one NAME.mp4; what is there is never overwritten.")  # fmt: skip
@click.option("--anonymizer", default="model-2", show_default=True, metavar="NAME|DIR",
              shell_complete=names_of("anonymizer"),
              help="model-2, model-1, deform, blur, pixelate, or what `gaitbench train` wrote.")  # fmt: skip
@click.option("--colorizer", default="proposed", show_default=True, metavar="NAME|DIR",
              shell_complete=names_of("colorizer"),
              help="proposed, gaitbench, warp, nearest, model-1, or what `gaitbench train` wrote.")  # fmt: skip
@click.option("--strength", type=float, metavar="X",
              help="How far the new body is from the old one.  [default: the anonymizer's]")  # fmt: skip
@click.option("--background", type=click.Path(path_type=Path), metavar="FILE",
              help="A clip or picture of the empty scene.  [default: learned from the video]")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="N",
              help="Draw the same bodies again. Whoever knows it can draw them too.  [default: drawn, and kept nowhere]"
              )  # fmt: skip
@click.option(
    "--keep", type=Word("--keep", ["masks"]), help="Keep the silhouettes, old and new, as pictures too."
)
@click.option("--side-by-side", is_flag=True, help="Write the filmed video beside the new one, too.")
@click.option("--device", type=DEVICE, default="auto", show_default=True, metavar="auto|cpu|cuda",
              help="Where the networks run.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    videos: tuple[Path, ...],
    output: Path,
    anonymizer: str,
    colorizer: str,
    strength: float | None,
    background: Path | None,
    seed: int | None,
    keep: str | None,
    side_by_side: bool,
    device: str,
    quiet: bool,
    as_json: bool,
) -> None:
    """Give the person in each VIDEO another body, painted in the same clothes, over the empty scene.

    The film has the size, length and rate of the video, and no sound. The camera must stand still. Clothes, hair and
    skin keep their colours: who knows the clothes knows the person. A film that is there from the same video and
    settings is left as it is, so that the same command goes on where it was stopped.
    """
    from gaitbench.clips.bundled import open_anonymizer, open_colorizer
    from gaitbench.clips.heap import give_memory_back
    from gaitbench.clips.output import Wishes, already_made, anonymize_clip, mark_of, output_paths
    from gaitbench.errors import DataError, GaitbenchError
    from gaitbench.reporting.formats.visible import one_line

    give_memory_back()
    paths = output_paths(videos, output)
    hide, paint = open_anonymizer(anonymizer, strength, device), open_colorizer(colorizer, device)
    wishes = Wishes(background, seed, keep == "masks", side_by_side)
    progress = None if quiet else RichProgress()
    failed, made = False, list[dict[str, Any]]()
    with progress or contextlib.nullcontext():
        for video, path in zip(videos, paths, strict=True):
            begun = time.perf_counter()
            if progress is not None:
                progress.start(video.name[:18])
            try:
                if not video.is_file():
                    raise DataError(f"{video}: no such video")
                mark = mark_of(video, hide, paint, wishes)
                if already_made(path, mark):
                    made.append({"video": str(video), "output": str(path), "was_there": True})
                    _echo(as_json, f"{path}: there already, made of {video.name} in this way; left as it is")
                    continue
                found = anonymize_clip(
                    video,
                    path,
                    hide,
                    paint,
                    wishes,
                    mark=mark,
                    progress=progress.update if progress else None,
                )
            except (GaitbenchError, OSError) as error:
                failed = True
                made.append({"video": str(video), "error": one_line(str(error))})
                click.echo(f"gaitbench: {one_line(str(error))}", err=True)
                continue
            failed = failed or bool(found.problems)
            made.append(
                {"video": str(video), "was_there": False, **asdict(found), "output": str(found.output)}
            )
            _say(video, found, time.perf_counter() - begun, as_json)
    if as_json:
        click.echo(json.dumps(made, indent=1, ensure_ascii=False))
    if failed:
        sys.exit(1)


def _echo(as_json: bool, text: str) -> None:
    """A line for people; where JSON is printed it stands there."""
    if not as_json:
        click.echo(text)


def _say(video: Path, found: Outcome, seconds: float, as_json: bool) -> None:
    """What was made, and what is to be known of it."""
    _echo(
        as_json,
        f"{found.output}: {found.frames} frames, a person in {found.people}, {found.rate:.4g} frames a second; "
        f"{seconds:.0f} s",
    )
    for text in found.notes:
        _echo(as_json, f"  {text}")
    for text in found.problems:
        click.echo(f"gaitbench: {video.name}: {text}", err=True)
