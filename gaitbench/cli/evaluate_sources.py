"""The part of ``gaitbench evaluate`` that opens both sides, each in any format that a source reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.completion import names_of
from gaitbench.errors import ConfigError

if TYPE_CHECKING:
    from gaitbench.datasets.sequence import Dataset
    from gaitbench.datasets.sources.anonymized_files import Counterparts

__all__ = ["given_sources", "open_sides", "option_name", "source_options"]

_OPTIONS: tuple[Any, ...] = (
    click.option("--format", "data_format", metavar="NAME", shell_complete=names_of("dataset"),
                 help="How --original and --anonymized are read: casia-b, opengait, ou-mvlp, pictures, npz, manifest, "
                 "or a package's.  [default: each guessed, and said]"),
    click.option("--pattern", metavar="TEXT",
                 help="How their mask pictures are named, such as {subject}/{condition}-{take}/{view}/{frame}.png."),
    click.option("--anonymized-format", metavar="NAME", shell_complete=names_of("dataset"),
                 help="How --anonymized is read, where it is another format."),
    click.option("--anonymized-pattern", metavar="TEXT",
                 help="How the pictures of --anonymized are named, where they are named otherwise."),
)  # fmt: skip


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate ``evaluate`` with these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given_sources(options: dict[str, Any]) -> list[str]:
    """Which of these options were given, as they are written."""
    names = ("data_format", "pattern", "anonymized_format", "anonymized_pattern")
    return [option_name(name) for name in names if options[name] is not None]


def option_name(name: str) -> str:
    """An option of ``evaluate`` as it is written, from its parameter's name."""
    return "--format" if name == "data_format" else f"--{name.replace('_', '-')}"


def open_sides(options: dict[str, Any]) -> tuple[Dataset, Counterparts]:
    """The originals, and what a tool has made of them.

    Raises
    ------
    ConfigError
        If options do not go together, or a format is unknown.
    DataError
        If a side holds nothing that can be read.
    """
    from gaitbench.datasets.clock import check_rate
    from gaitbench.datasets.sources.anonymized_files import Counterparts
    from gaitbench.datasets.sources.casia_b import CasiaB

    original, anonymized = options["original"], options["anonymized"]
    if original is None or anonymized is None:
        raise ConfigError(
            "give --before DIR and --after DIR of videos, --original and --anonymized of silhouettes, or --manifest CSV"
        )
    kind, pattern = options["data_format"], options["pattern"]
    data = _opened(original, kind, pattern, check_rate(options["fps"]), "--format")
    own_kind, own_pattern = options["anonymized_format"], options["anonymized_pattern"]
    if own_kind is None and own_pattern is None:
        own_kind, own_pattern = kind, pattern
    shown = _opened(anonymized, own_kind, own_pattern, None, "--anonymized-format")
    if isinstance(shown, CasiaB):
        return data, Counterparts.from_layout(shown, options["painted"])
    return data, Counterparts.from_source(shown, anonymized, options["painted"])


def _opened(root: Path, kind: str | None, pattern: str | None, rate: float | None, option: str) -> Dataset:
    from gaitbench.datasets.opening import guess_format, open_data
    from gaitbench.datasets.sources.casia_b import CasiaB
    from gaitbench.datasets.sources.judged.cut_again import cut_again

    if kind is None and pattern is None and (not root.exists() or guess_format(root, option) == "casia-b"):
        return CasiaB(root, rate=rate)  # the usual, and its own messages say what was looked for
    if kind == "walkers":
        raise ConfigError(
            f"{option} walkers: they are rendered; export them (gaitbench walkers export), and judge the files"
        )
    data = open_data(root, kind, rate=rate, pattern=pattern, option=option)
    data.keys()  # where nothing can be read the error is the one line
    return cut_again(data)
