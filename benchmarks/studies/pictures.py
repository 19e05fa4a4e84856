"""Every picture of the documentation again: ``python -m benchmarks.studies.pictures``.

``first-screen``, ``systems``, ``pooled`` and ``naturalness`` are read from committed reports, which takes seconds;
``explain`` runs the suite `smoke`; ``sheets`` (anonymizers, anonymizers-sets, colorizers) reads the systems of the
suite `standard` from the store and trains what is not there; ``convergence`` trains anew and takes hours. ``--only
NAME`` makes some.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.studies import convergence, home_picture, system_sheets
from gaitbench.cli.explain import command as explain
from gaitbench.reporting.figures.drawings import drawings
from gaitbench.reporting.figures.pictures import picture_grid
from gaitbench.reporting.figures.style import themed
from gaitbench.reporting.reading.selection import SET_ORDER
from gaitbench.reporting.reading.theme import LIGHT
from gaitbench.results.record import Record

#: The probe that ``explain.png`` shows.
PROBE = "081-nm-05-090"


def _systems(run: Path, target: Path) -> None:
    """The report's walks before and after, each once: a published report has two, for more sets than one."""
    record, shown = Record.load(run), []
    taken: set[str] = set()
    for sample in record.samples:
        own = [name for name in SET_ORDER if name in sample.sets and name not in taken][:1]
        taken.update(own)
        shown.append(replace(sample, sets=tuple(own)))
    with themed(LIGHT):
        figure = picture_grid(replace(record, samples=tuple(shown)), run, LIGHT)
        assert figure is not None, f"{run} has no pictures"
        figure.savefig(target, dpi=130)


def _figure(run: Path, name: str, target: Path) -> None:
    """A figure of a report as the report draws it."""
    with themed(LIGHT):
        figure = drawings(Record.load(run), run)[name](LIGHT)
        assert figure is not None, f"{run} has no figure {name}"
        figure.savefig(target, dpi=100)


def _explain(target: Path, store: list[str]) -> None:
    asked = [PROBE, "--suite", "smoke", "--pooled", "cameras", "--quiet", "--output", str(target), *store]
    explain.main(asked, standalone_mode=False)


def main() -> None:
    """Make the pictures that are asked for, those that take seconds first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path("docs/images"))
    parser.add_argument(
        "--run", type=Path, default=Path("reports/quick"), help="report of the first two pictures"
    )
    parser.add_argument(
        "--larger", type=Path, default=Path("reports/standard"), help="report of pooled and naturalness"
    )
    parser.add_argument("--suite", default="standard", help="whose systems the sheets show")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--only", action="append", help="a picture by its name above; may be given again")
    options = parser.parse_args()
    folder: Path = options.folder
    store = [] if options.store is None else ["--store", str(options.store)]
    makers: dict[str, Callable[[], None]] = {
        "first-screen": lambda: home_picture.main(str(options.run), str(folder / "first-screen.png")),
        "systems": lambda: _systems(options.run, folder / "systems.png"),
        "explain": lambda: _explain(folder / "explain.png", store),
        "sheets": lambda: system_sheets.main([str(folder), "--suite", options.suite, *store]),
        "pooled": lambda: _figure(options.larger, "pooled", folder / "pooled.png"),
        "naturalness": lambda: _figure(options.larger, "naturalness", folder / "naturalness.png"),
        "convergence": lambda: convergence.main([str(folder), *store]),
    }
    unknown = [name for name in options.only or () if name not in makers]
    if unknown:
        parser.error(f"no picture is called {', '.join(unknown)}; there are {', '.join(makers)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in options.only or makers:
        makers[name]()
        print(f"made: {name}", flush=True)


if __name__ == "__main__":
    main()
