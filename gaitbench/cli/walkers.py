"""``gaitbench walkers export DIR`` and ``gaitbench walkers show``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitbench.cli.options import quiet_option
from gaitbench.cli.words import VerbGroup, Word
from gaitbench.errors import ConfigError, DataError
from gaitbench.protocol import ANGLES, FILM_NAMES, WALKER_KINDS

if TYPE_CHECKING:
    from gaitbench.datasets.walkers import Walkers

__all__ = ["command", "parse_numbers"]

#: The people there may be, and how many a set has unless a higher number is asked for.
_PEOPLE, _USUAL = range(1, 10_000), 124
#: Those of `gaitbench.datasets.exporting.layouts`, which is too slow to import for ``--help``.
_LAYOUTS = ["casia-b", "opengait", "ou-mvlp", "pictures", "npz"]


def parse_numbers(text: str, what: str, allowed: Sequence[int]) -> list[int]:
    """Read ``81-120`` or ``1,5,7-9`` as increasing numbers.

    Raises
    ------
    ConfigError
        If the text is not of that form or a number is not among those allowed.

    Examples
    --------
    >>> parse_numbers("1,5,7-9", "--subjects", range(1, 125))
    [1, 5, 7, 8, 9]
    """
    numbers: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ConfigError(f"{what} {text!r}: {part.strip()!r} is no number; write 81-120 or 1,5,7-9")
        start, stop = int(first), int(last if dash else first)
        if start > stop:
            raise ConfigError(
                f"{what} {text!r}: {part.strip()} runs backwards; write the smaller number first"
            )
        for number in (start, stop):
            if number not in allowed:
                gap = allowed[1] - allowed[0] if len(allowed) > 1 else 1
                step = f" in steps of {gap}" if gap > 1 else ""
                raise ConfigError(
                    f"{what} {text!r}: {number} is not there; they run from {allowed[0]} to {allowed[-1]}{step}"
                )
        numbers.update(n for n in range(start, stop + 1) if n in allowed)
    return sorted(numbers)


def _walks(text: str, option: str = "--walks", further: Sequence[str] = ()) -> list[str]:
    from gaitbench.datasets.sequence import WALKS

    known, asked = (*WALKS, *further), [part.strip() for part in text.split(",")]
    for walk in asked:
        if walk not in known:
            raise ConfigError(f"{option} {text!r}: no walk {walk!r}; there are {', '.join(known)}")
    return [walk for walk in known if walk in asked]


def _set_of(kind: str | None, film: str | None, seed: int, subjects: int) -> Walkers:
    from gaitbench.datasets.walkers.kinds import walkers_of

    return walkers_of(kind or "", film or "", seed=seed, subjects=subjects)


_kind_option = click.option(
    "--kind",
    type=Word("kind", list(WALKER_KINDS)),
    help="uneven: left and right differ as people's do, cameras hang off the exact arc.",
)
_film_option = click.option(
    "--film",
    type=Word("film", list(FILM_NAMES)),
    help="Another film of the same walks: hard to cut people out of.",
)


@click.group("walkers", cls=VerbGroup)
def command() -> None:
    """Look at the embedded walkers, or export them as files."""


@command.command("export")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--layout", type=Word("layout", _LAYOUTS), default="casia-b", show_default=True,
              help="How the files lie; casia-b alone has videos.")  # fmt: skip
@click.option("--subjects", metavar="81-120", help="People, such as 81-120 or 1,5.  [default: all 124]")
@click.option("--angles", metavar="54,90", help="Views in degrees.  [default: all eleven]")
@click.option("--walks", metavar="nm-01,...", help="Walks.  [default: all ten]")
@click.option(
    "--frames", type=click.IntRange(1), metavar="N", help="Only the first N frames of each sequence."
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Seed of the people.")
@_kind_option
@_film_option
@click.option("--no-video", is_flag=True, help="Silhouettes only; the videos take about 110 kB a frame.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Processes.")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export(
    directory: Path,
    layout: str,
    subjects: str | None,
    angles: str | None,
    walks: str | None,
    frames: int | None,
    seed: int,
    kind: str | None,
    film: str | None,
    no_video: bool,
    jobs: int,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write the walkers to DIR in the layout of CASIA-B, or as another set's files.

    casia-b: silhouettes as PNG, videos as lossless AVI with their background clips. The same call gives the same bytes.
    An interrupted export goes on where it was when it is called again.
    """
    people = (
        list(range(1, _USUAL + 1)) if subjects is None else parse_numbers(subjects, "--subjects", _PEOPLE)
    )
    views = list(ANGLES if angles is None else parse_numbers(angles, "--angles", ANGLES))

    from rich.console import Console
    from rich.progress import Progress

    from gaitbench.datasets.exporting.export import export_walkers
    from gaitbench.datasets.sequence import WALKS

    kinds = list(WALKS) if walks is None else _walks(walks)
    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("export", total=1.0)
        summary = export_walkers(
            _set_of(kind, film, seed, max(_USUAL, people[-1])),
            directory,
            [f"{n:03d}" for n in people],
            views,
            kinds,
            layout=layout,
            video=not no_video,
            frames=frames,
            jobs=jobs,
            progress=lambda share, text: bar.update(task, completed=share, description=text),
        )
    if as_json:
        counts = {"written": summary.written, "present": summary.present}
        click.echo(json.dumps({"directory": str(directory), "layout": layout, **counts}, indent=1))
        return
    click.echo(f"{directory}: {summary.written} sequences written, {summary.present} were there ({layout})")


@command.command("show")
@click.option("--subject", type=int, default=7, show_default=True, metavar="N")
@click.option("--walk", default="nm-01", show_default=True, metavar="WALK", help="Or 2@nm-01: weeks later.")
@click.option(
    "--angle", type=int, metavar="N", help="One view in degrees.  [default: a sheet of all, a video of 54]"
)
@click.option("--output", type=click.Path(path_type=Path), default=Path("reports/walkers"), show_default=True,
              metavar="DIR")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Seed of the people.")
@_kind_option
@_film_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
def show(
    subject: int,
    walk: str,
    angle: int | None,
    output: Path,
    seed: int,
    kind: str | None,
    film: str | None,
    as_json: bool,
) -> None:
    """Write a contact sheet (PNG) and a video (MP4) of one walker to look at.

    The video shows the picture and, beside it, the silhouette that background subtraction finds.
    """
    parse_numbers(str(subject), "--subject", _PEOPLE)
    views = list(ANGLES if angle is None else parse_numbers(str(angle), "--angle", ANGLES))

    import cv2
    import numpy as np

    from gaitbench.datasets.prepare import full_silhouettes
    from gaitbench.datasets.sequence import WALKS, SequenceKey
    from gaitbench.datasets.video_writing import write_mp4
    from gaitbench.datasets.walkers import contact_sheet
    from gaitbench.datasets.walkers.second_session import TwoSessions
    from gaitbench.datasets.walkers.second_session.amounts import later_walk
    from gaitbench.store.atomic import write_whole

    other = kind or film
    if len(_walks(walk, "--walk", [later_walk(w) for w in WALKS])) > 1:
        raise ConfigError(f"--walk {walk!r}: one walk at a time")
    if other and "@" in walk:
        option, what = ("--film", "films") if film else ("--kind", "kinds of walkers")
        raise ConfigError(f"{option} {other}: {what} are of the first session; give --walk nm-01")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{output}: cannot be written ({error.strerror}); choose another --output") from None
    people = max(_USUAL, subject)
    walkers = _set_of(kind, film, seed, people) if other else TwoSessions(seed=seed, subjects=people)
    key = SequenceKey(f"{subject:03d}", walk, 54 if angle is None else angle)
    of = f"{other}-" if other else ""
    name = f"{of}{key.subject}-{walk}" if angle is None else f"{of}{key}"
    sheet = contact_sheet(walkers, key.subject, walk, views)
    recording = walkers.load(key)
    assert recording.frames is not None
    masks = np.repeat(full_silhouettes(recording)[..., None].astype(np.uint8) * 255, 3, axis=3)
    content = cv2.imencode(".png", sheet[..., ::-1])[1].tobytes()
    try:
        write_whole(output / f"{name}.png", content, shared=True)
    except OSError as error:
        raise DataError(f"{output}: cannot be written ({error.strerror}); free some space") from None
    write_mp4(output / f"{of}{key}.mp4", np.concatenate([recording.frames, masks], axis=2), walkers.fps)
    made = {"sheet": str(output / f"{name}.png"), "film": str(output / f"{of}{key}.mp4")}
    click.echo(json.dumps(made, indent=1) if as_json else "\n".join(made.values()))
