"""``gaitbench demo [SEQUENCE]``: a film of one walk through every system, side by side."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.options import data_options, store_option, suite_option
from gaitbench.cli.progress import RichProgress
from gaitbench.cli.words import DEVICE

if TYPE_CHECKING:
    from gaitbench.datasets.sequence import SequenceKey
    from gaitbench.evaluation.run.context import RunContext

__all__ = ["command"]

#: Shortest film in seconds: a walk that is shorter is shown again.
_SECONDS = 6


@click.command("demo")
@click.argument("sequence", required=False, metavar="[SEQUENCE]")
@suite_option("Whose systems are shown.")
@data_options
@click.option("--output", type=click.Path(path_type=Path), default=Path("demo.mp4"), show_default=True,
              metavar="FILE.mp4", help="The film; an animated FILE.webp is written beside it.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace a film that is there.")
@store_option
@click.option("--fps", type=click.IntRange(1, 60), default=25, show_default=True, help="Frames a second.")
@click.option("--jobs", type=int, metavar="N", help="Worker processes.  [default: the processors]")
@click.option("--seed", type=int, metavar="N", help="Seed of training and noise.")
@click.option("--device", type=DEVICE, default="auto", show_default=True, metavar="auto|cpu|cuda",
              help="Where the networks run.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    sequence: str | None, output: Path, overwrite: bool, fps: int, quiet: bool, as_json: bool, **options: Any
) -> None:
    """Make a film of SEQUENCE: original, binary anonymized, and what each colorizer of the suite painted.

    SEQUENCE is a walk such as 081-nm-05-090; without it the first person, probe walk and side view of the suite's
    test subjects. Systems that the store does not hold are trained first, as `run-all` would.
    """
    from gaitbench.datasets.video_writing import write_mp4, write_webp
    from gaitbench.errors import ConfigError
    from gaitbench.evaluation.pictures.film import frames_of, side_by_side
    from gaitbench.evaluation.run.setup import open_run

    if output.suffix.lower() != ".mp4":
        raise ConfigError(f"--output {output} is no film: its name must end in .mp4")
    if not output.absolute().parent.is_dir():
        raise ConfigError(f"the folder of --output {output} does not exist; make it first")
    there = [path for path in (output, output.with_suffix(".webp")) if path.exists()]
    if there and not overwrite:
        raise ConfigError(f"{there[0]} is there already; give another --output, or --overwrite")
    progress = None if quiet else RichProgress()
    with progress or contextlib.nullcontext():
        run = open_run(options.pop("suite"), progress=progress, **options)
        key = _key(run, sequence)
        film = side_by_side(frames_of(run, key), title=str(key))
        loops = max(1, round(_SECONDS * fps / len(film)))
        write_mp4(output, (frame for _ in range(loops) for frame in film), fps=fps, crf=18)
        write_webp(output.with_suffix(".webp"), film, fps=fps)
    if as_json:
        made = {"film": str(output), "picture": str(output.with_suffix(".webp")), "sequence": str(key)}
        click.echo(json.dumps({**made, "rendered": run.dataset.rendered}, indent=1))
        return
    click.echo(f"{output}\n{output.with_suffix('.webp')}")
    if run.dataset.rendered:
        click.echo("The person is a rendered walker, not a filmed one.")


def _key(run: RunContext, text: str | None) -> SequenceKey:
    """The walk that was asked for, or the suite's first probe seen most from the side."""
    from gaitbench.datasets.sequence import SequenceKey
    from gaitbench.errors import DataError

    keys = set(run.dataset.keys())
    if text is not None:
        key = SequenceKey.parse(text)
        if key not in keys:
            raise DataError(f"{run.dataset.name} has no sequence {key}; its first is {min(keys)}")
        return key
    angle = min(run.suite.data.angles, key=lambda one: (abs(one - 90), one))
    wanted = [SequenceKey(s, walk, angle) for s in run.suite.split.test for walk in run.suite.walks.probe]
    found = [key for key in wanted if key in keys]
    if not found:
        raise DataError(f"{run.dataset.name} holds no probe of suite {run.suite.name}; name a SEQUENCE")
    return found[0]
