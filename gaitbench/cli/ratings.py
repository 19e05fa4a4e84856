"""``--ratings`` of run-all and evaluate: scores that people gave, read before anything is computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gaitbench.datasets.ratings import Ratings
    from gaitbench.results.record import Record

__all__ = ["ask_ratings", "rated", "ratings_option"]


def ratings_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a verb with ``--ratings``."""
    return click.option(
        "--ratings", type=click.Path(path_type=Path), metavar="CSV",
        help="Scores that people gave (rater,clip,system,score): one more table, with their agreement.",
    )(command)  # fmt: skip


def ask_ratings(options: dict[str, Any]) -> None:
    """Put what the file holds in its place in `options`; what is wrong with it is refused now, not hours later."""
    if options.get("ratings") is not None:
        from gaitbench.datasets.ratings import read_ratings

        options["ratings"] = read_ratings(options["ratings"])


def rated(record: Record, options: dict[str, Any]) -> Record:
    """The record with the ratings of the command line, where there are any."""
    held: Ratings | None = options.get("ratings")
    if held is None:
        return record
    from gaitbench.evaluation.rows.rating_rows import with_ratings

    return with_ratings(record, held)
