"""``gaitbench explain SEQUENCE``: who one probe was taken for, before and after anonymization."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.completion import names_of
from gaitbench.cli.options import data_options, store_option, suite_option
from gaitbench.cli.progress import RichProgress
from gaitbench.cli.words import DEVICE, Word
from gaitbench.protocol import GALLERIES

if TYPE_CHECKING:
    from gaitbench.evaluation.run.context import RunContext
    from gaitbench.results.explained import Explained

__all__ = ["command"]


@click.command("explain")
@click.argument("sequence", metavar="SEQUENCE")
@click.option(
    "--anonymizer",
    metavar="NAME",
    shell_complete=names_of("anonymizer"),
    help="System or control.  [default: the suite's first anonymizer]",
)
@click.option("--attacker", "attackers", multiple=True, metavar="NAME",
              help="This attacker alone; may be given again.  [default: all of the suite]")  # fmt: skip
@click.option("--recognizer", "recognizers", multiple=True, metavar="NAME", shell_complete=names_of("recognizer"),
              help="This recognizer alone; may be given again.  [default: all of the suite]")  # fmt: skip
@click.option("--views", type=Word("views", GALLERIES),
              help="Which views of the gallery the probe meets.  [default: as the suite has it]")  # fmt: skip
@click.option("--pooled", type=Word("--pooled", ["walks", "cameras", "both"]),
              help="Also several sequences of the person together: walks before one camera, cameras along one walk, or "
              "both.")  # fmt: skip
@suite_option("Whose attacks.")
@data_options
@click.option("--fps", type=float, metavar="N",
              help="Frames a second of silhouettes without a video.  [default: 25, and said]")  # fmt: skip
@click.option("--output", "--out", type=click.Path(path_type=Path), metavar="FILE.png",
              help="The picture.  [default: explain-SEQUENCE.png]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@store_option
@click.option("--jobs", type=int, metavar="N", help="Worker processes.  [default: the processors]")
@click.option("--seed", type=int, metavar="N", help="Seed of training and noise.")
@click.option(
    "--device",
    type=DEVICE,
    default="auto",
    show_default=True,
    metavar="auto|cpu|cuda",
    help="Where networks run.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    sequence: str, anonymizer: str | None, attackers: tuple[str, ...], recognizers: tuple[str, ...],
    views: str | None, pooled: str | None, output: Path | None, as_json: bool, quiet: bool, **options: Any,
) -> None:  # fmt: skip
    """Show whom each attacker took the probe SEQUENCE for, before and after: the five nearest people with distances.

    SEQUENCE is a probe of the suite such as 081-nm-05-090. With each person stands the gallery walk that is nearest,
    and with each attacker the noise that the gallery bears. What a run has left in the store is read; the rest is
    computed first, and recognizers learn again. Below stands who is named when all probes of that walk and angle are
    assigned one to one, and which probe took the right name. The picture holds the gait energy images (the mean
    silhouettes) of the probe and of those gallery walks.
    """
    from gaitbench.cli.explained_tables import as_text, print_tables
    from gaitbench.errors import ConfigError
    from gaitbench.evaluation.experiment import Experiment
    from gaitbench.evaluation.explain.probe import attacks_on, explain, probe_of
    from gaitbench.evaluation.run.mending import until_whole
    from gaitbench.evaluation.run.setup import open_run
    from gaitbench.reporting.figures.explained import write_picture

    target = output or Path(f"explain-{Path(sequence).name}.png")
    if target.suffix.lower() != ".png":
        raise ConfigError(f"--output {target} is no picture: its name must end in .png")
    if not target.absolute().parent.is_dir():
        raise ConfigError(f"the folder of --output {target} does not exist; make it first")
    over = "walks and cameras" if pooled == "both" else pooled
    progress = None if quiet else RichProgress()
    with progress or contextlib.nullcontext():
        run = open_run(options.pop("suite"), progress=progress, **options)
        key = probe_of(run, sequence)  # names are checked before anything is computed
        attacks_on(run, anonymizer, attackers, recognizers)

        def work(own: RunContext) -> Explained:
            return explain(
                Experiment(own),
                key,
                anonymizer,
                attackers=attackers,
                recognizers=recognizers,
                gallery=views,
                over=over,
            )

        found = until_whole(run, work)
        write_picture(found, target, rendered=run.dataset.rendered)
    if as_json:
        click.echo(as_text(found, target))
        return
    print_tables(found)
    if run.dataset.rendered:
        click.echo("The people are rendered walkers, not filmed ones.")
    click.echo(str(target))
