"""``gaitbench train``: one anonymizer or colorizer by itself, weights and card out."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.options import data_options, store_option, suite_option
from gaitbench.cli.words import DEVICE, Word
from gaitbench.errors import ConfigError

if TYPE_CHECKING:
    from gaitbench.training import Ranks, Session

__all__ = ["command"]


@click.command("train")
@click.argument("kind", type=Word("kind", ["anonymizer", "colorizer"]))
@click.argument("name")
@suite_option("Whose data (role models), size, effort and seed.")
@data_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the weights.  [default: models/NAME]",
)
@store_option
@click.option("--effort", type=float, metavar="X", help="Scales the steps.  [default: the suite's]")
@click.option("--seed", type=int, metavar="N", help="Seed of the training.  [default: the suite's]")
@click.option(
    "--jobs", type=int, metavar="N", help="Worker processes that prepare data.  [default: the processors]"
)
@click.option(
    "--device",
    type=DEVICE,
    default="auto",
    show_default=True,
    metavar="auto|cpu|cuda",
    help="Where to train.",
)
@click.option(
    "--precision",
    type=Word("precision", ["full", "bf16", "fp16"]),
    default="full",
    show_default=True,
    metavar="full|bf16|fp16",
    help="Arithmetic of the networks; fp16 needs a GPU.",
)
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in DIR.")
@click.option(
    "--checkpoint-every",
    type=int,
    default=100,
    show_default=True,
    metavar="N",
    help="Steps between two checkpoints.",
)
@click.option(
    "--validation",
    type=float,
    metavar="SHARE",
    help="Hold out this share of the training people and stop early.  [default: take every step]",
)
@click.option(
    "--patience",
    type=int,
    default=6,
    show_default=True,
    metavar="N",
    help="Looks (every 25 steps) without a better value before it stops.",
)
@click.option("--log-dir", type=click.Path(path_type=Path), metavar="DIR", help="Losses for TensorBoard.")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: what the card says, without the losses.")
def command(kind: str, name: str, **options: Any) -> None:
    """Train the anonymizer or colorizer NAME and write weights.safetensors and card.json.

    NAME may have settings, 'proposed[steps=900]', and the seed of the training, 'proposed[seed=3]'.

    Ctrl-C keeps a checkpoint; --resume goes on from it to the very same weights. Several processes share every
    batch when started by torchrun: torchrun --nproc-per-node 2 -m gaitbench train colorizer proposed
    """  # fmt: skip
    from gaitbench.cli.progress import RichProgress
    from gaitbench.cli.run_all import check_writable
    from gaitbench.evaluation.run.setup import open_run
    from gaitbench.making.train_system import check_trainable, checkpoint_folder, train_system
    from gaitbench.results.files.own_files import file_name
    from gaitbench.training import Ranks

    check_trainable(kind, name)
    output = options["output"] or Path("models") / file_name(name)
    check_writable(output)
    run = open_run(
        options["suite"], data=options["data"], data_format=options["data_format"], store=options["store"],
        jobs=options["jobs"], seed=options["seed"], device=options["device"],
    )  # fmt: skip
    if (effort := options["effort"]) is not None:
        if not (math.isfinite(effort) and effort > 0):
            raise ConfigError(f"--effort {effort} must be a number above 0")
        run = dataclasses.replace(run, suite=dataclasses.replace(run.suite, effort=effort))
    session = _session(options, checkpoint_folder(output), run.device, Ranks.from_launcher(run.device))
    progress = None if options["quiet"] or not session.ranks.first else RichProgress()
    run = dataclasses.replace(run, progress=progress or run.progress)
    try:
        with progress or contextlib.nullcontext():
            training = train_system(run, kind, name, output, session)
    except KeyboardInterrupt:
        kept = any(checkpoint_folder(output).glob("*.safetensors"))
        way = "the same command with --resume goes on there" if kept else "run the same command again"
        if session.ranks.first:
            click.echo(f"gaitbench: interrupted; {'a checkpoint is kept: ' if kept else ''}{way}", err=True)
        sys.exit(130)
    finally:
        if session.log is not None:
            session.log.close()  # type: ignore[attr-defined]
        session.ranks.leave()
    if session.ranks.first and options["as_json"]:
        said = {key: value for key, value in training.items() if key != "losses"}
        click.echo(json.dumps({"kind": kind, "name": name, "output": str(output), **said}, indent=1))
    elif session.ranks.first:
        click.echo(f"{kind} {name}: {training['seconds']} s on {training['device']}; {output}")
    if session.ranks.first:
        whole = [str(phase["label"]) for phase in training["phases"] if "best_step" not in phase]
        if session.validation is not None and whole:
            click.echo(
                f"gaitbench: {', '.join(whole)} took every step, whatever --validation says: "
                "an adversarial training has no loss that tells when to stop",
                err=True,
            )


def _session(options: dict[str, Any], folder: Path, device: str, ranks: Ranks) -> Session:
    from gaitbench.training import Session, Validation
    from gaitbench.training.log import open_log

    share = options["validation"]
    if options["precision"] == "fp16" and device == "cpu":
        raise ConfigError("--precision fp16 needs a GPU; take bf16 or full on the processor")
    session = Session(
        folder=folder, every=options["checkpoint_every"], resume=options["resume"], ranks=ranks,
        precision=options["precision"],
        validation=None if share is None else Validation(share, patience=options["patience"]),
    )  # fmt: skip
    if options["log_dir"] is not None and ranks.first:
        session.log = open_log(options["log_dir"])
    return session
