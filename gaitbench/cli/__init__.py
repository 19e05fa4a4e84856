"""The command line: one module per verb, nothing but argument handling.

Verbs are imported when they run, so that ``gaitbench --help`` needs neither numpy nor torch.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from gaitbench import __version__
from gaitbench.cli.exit_codes import with_codes
from gaitbench.errors import GaitbenchError, LostArtifactError, UnreachableError
from gaitbench.nearest import did_you_mean
from gaitbench.processes import end_on_signals

__all__ = ["main"]

#: verb -> (module with a click command named ``command``, one line of help).
_VERBS: dict[str, tuple[str, str]] = {
    "run-all": ("gaitbench.cli.run_all", "Run a suite: train, anonymize, attack, measure, report."),
    "plan": ("gaitbench.cli.plan", "What a run would do, how long and how much; nothing is computed."),
    "work": ("gaitbench.cli.work", "Do what a run still lacks, beside other processes on one store."),
    "success-rate": ("gaitbench.cli.success_rate", "Success rate M/|S| at one angle or at all."),
    "quality": ("gaitbench.cli.quality", "PSNR and SSIM on the four sets."),
    "evaluate": ("gaitbench.cli.evaluate", "Judge the output of any anonymizer, from its files."),
    "anonymize": ("gaitbench.cli.anonymize", "From a filmed video to one with another body in it."),
    "doctor": ("gaitbench.cli.doctor", "What is in a data set, what is wrong, what a suite gets."),
    "import": ("gaitbench.cli.import_data", "Any data set or videos into one layout, with a sheet."),
    "report": ("gaitbench.cli.report", "Write tables, figures and the page of a run again."),
    "train": ("gaitbench.cli.train", "Train one anonymizer or colorizer; weights and card out."),
    "sweep": ("gaitbench.cli.sweep", "Privacy against quality over the settings of a system."),
    "repeat": ("gaitbench.cli.repeat", "A suite on people drawn anew: what others would give."),
    "power": ("gaitbench.cli.power", "How many people and probes a comparison needs."),
    "compare": ("gaitbench.cli.compare", "In what two runs differ, with paired intervals."),
    "board": ("gaitbench.cli.board", "Many systems on one page, and submissions to it."),
    "list": ("gaitbench.cli.list_systems", "Everything that is registered, by name."),
    "runs": ("gaitbench.cli.runs", "List the runs under a folder."),
    "demo": ("gaitbench.cli.demo", "A film of one walk through every system, side by side."),
    "explain": ("gaitbench.cli.explain", "Who one probe was taken for, before and after."),
    "store": ("gaitbench.cli.store", "What the store holds, whether it is whole, what can go."),
    "walkers": ("gaitbench.cli.walkers", "Look at the embedded walkers, or export them."),
}


class _LazyGroup(click.Group):
    """A group that knows its verbs by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _VERBS:
            return None
        command: click.Command = importlib.import_module(_VERBS[name][0]).command
        return with_codes(command, name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in _VERBS:
            hint = did_you_mean(args[0], _VERBS) or f"; verbs: {', '.join(_VERBS)}"
            raise click.UsageError(f"no verb {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in _VERBS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gaitbench")
def _cli() -> None:
    """Does a gait anonymizer hide the people in a video, and is the picture still good?

    Verbs, options and words are completed by bash, zsh and fish: docs/quick-start.md. Each verb's --help says what it
    ends with.
    """


def main() -> None:
    """Entry point: errors a user can mend are printed as one line and end with exit code 2."""
    # waiting threads sleep instead of spinning: several runs on few processors then do not stall each other
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    end_on_signals()
    try:
        _cli.main(standalone_mode=False)
    except (GaitbenchError, UnreachableError) as error:
        _say(str(error))
        sys.exit(2)
    except LostArtifactError as error:
        _say(f"{error}; run the same command again")
        sys.exit(2)
    except click.exceptions.Abort:
        click.echo("gaitbench: interrupted; run the same command again to go on where it was", err=True)
        sys.exit(130)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


def _say(text: str) -> None:
    """An error on one line, whatever the names in it hold."""
    from gaitbench.reporting.formats.visible import one_line

    click.echo(f"gaitbench: {one_line(text)}", err=True)


if __name__ == "__main__":
    main()
