"""What a user waits for: whole verbs, by stage, beside the floor of each.

    python -m benchmarks.product quick                   # from nothing, again from the store, its page
    python -m benchmarks.product standard --json benchmarks/results.json
    python -m benchmarks.product smoke evaluate
    python -m benchmarks.product data --data FOLDER      # silhouettes in CASIA-B's layout, such as casia_size makes

Each verb runs in a process of its own, over a store in a folder that goes afterwards. A suite is run as it is by
default (one row: its tasks go on side by side), and again in one process for its stages. A row is a stage of the verb's
log; stages of one name are added up, and the rows add up to the whole. Floors are seconds of one processor
(`benchmarks.floors`): what a run cannot go under, whoever writes it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks import floors
from benchmarks.harness import write_profiles
from benchmarks.studies.casia_size import GALLERY, PROBE, SUITE, thirds
from benchmarks.watch import Part, watch
from gaitbench.suites import load_suite, suite_names

__all__ = ["Profile", "main", "profiles_of"]


@dataclass(frozen=True)
class Profile:
    """One stage of one job; figures as in `benchmarks.watch.Part`.

    `floor_s` is None where none is known; `floor` says what it is made of.
    """

    job: str
    stage: str
    seconds: float
    processors: float
    peak_mb: float
    read_mb: float
    written_mb: float
    floor_s: float | None = None
    floor: str = ""


def profiles_of(
    job: str, command: list[str], known: Mapping[str, tuple[float, str]], said: Callable[[str], None]
) -> list[Profile]:
    """Run one command; a row for the whole and one for each stage, the costliest first."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200"}
    seen = watch([sys.executable, "-m", "gaitbench", *command], environment=environment, said=said)
    parts = sorted(seen.stages.values(), key=lambda part: part.processors, reverse=True)
    return [_row(job, part, known.get(part.name)) for part in (seen.whole, *parts)]


def _row(job: str, part: Part, known: tuple[float, str] | None) -> Profile:
    seconds, words = known or (None, "")
    figures = {name: round(value, 3) for name, value in asdict(part).items() if name != "name"}
    return Profile(
        job, part.name, **figures, floor_s=None if seconds is None else round(seconds, 3), floor=words
    )


def _suite_job(name: str, work: Path, said: Callable[[str], None]) -> list[Profile]:
    suite, store, out = load_suite(name), work / "store", work / "out"
    run = ["run-all", "--suite", name, "--store", str(store), "--output", str(out)]
    # by tasks side by side, whose stages cannot be told apart; then a stage at a time, in one process
    found = profiles_of(name, run, {}, said)[:1]
    alone = ["run-all", "--suite", name, "--store", str(work / "alone"), "--output", str(work / "alone out")]
    found += profiles_of(f"{name}, one process", [*alone, "--executor", "serial"], {}, said)
    sequences = sum(1 for _ in (store / "sequences").rglob("*.safetensors"))
    frames = suite.data.frames or 60
    draw = floors.rendering(frames)
    counted = floors.training_multiplications(suite.effort)
    trained = [*suite.systems.anonymizers, *suite.systems.colorizers]
    multiplied = sum(counted.get(one.name, 0.0) * max(1, len(one.seeds)) for one in trained)
    rate = floors.multiplications_a_second()
    known = {
        "prepare": (draw * frames * sequences, f"{frames * sequences:,} frames drawn, {1000 * draw:.2f} ms each"),
        "train": (multiplied / rate, f"{multiplied / 1e12:.1f} T multiplications, {rate / 1e9:.0f} G a second"),
    }  # fmt: skip
    found = [
        replace(row, floor_s=round(known[row.stage][0], 3), floor=known[row.stage][1])
        if row.stage in known
        else row
        for row in found
    ]
    read, size = floors.reading(store)
    known = {"whole": (read, f"the store's {size:,.0f} MB read once")}
    found += profiles_of(f"{name}, again", run, known, said)
    return found + profiles_of(f"{name}, its page", ["report", str(out)], {}, said)


def _evaluate_job(work: Path, said: Callable[[str], None]) -> list[Profile]:
    before, after = work / "before", work / "after"
    export = [
        "walkers",
        "export",
        str(before),
        "--no-video",
        "--subjects",
        "81-84",
        "--angles",
        "54,90",
        "--quiet",
    ]
    profiles_of("export", export, {}, said)
    shutil.copytree(before, after)
    each = floors.decoding(sorted(before.rglob("*.png")))
    files = 2 * sum(1 for _ in before.rglob("*.png"))
    verb = ["evaluate", "--original", str(before), "--anonymized", str(after), "--store", str(work / "store"),
            "--output", str(work / "out")]  # fmt: skip
    known = {"whole": (each * files, f"{files:,} pictures decoded once")}
    return profiles_of("evaluate", verb, known, said)


def _data_job(root: Path, work: Path, said: Callable[[str], None]) -> list[Profile]:
    people = sorted(p.name for p in root.iterdir() if p.is_dir())
    suite = SUITE.format(
        name="gei-nn", gallery=json.dumps(GALLERY), probe=json.dumps(PROBE), **thirds(people)
    )
    (work / "data.toml").write_text(suite, encoding="utf-8")
    pictures = sorted(root.rglob("*.png"))
    each = floors.decoding(pictures[:: max(1, len(pictures) // 20_000)])
    known = {"prepare": (each * len(pictures), f"{len(pictures):,} pictures decoded once")}
    verb = ["run-all", "--suite", str(work / "data.toml"), "--data", str(root), "--format", "casia-b",
            "--store", str(work / "store"), "--output", str(work / "out")]  # fmt: skip
    return profiles_of(f"run-all --data, {len(people)} people", verb, known, said)


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _line(row: Profile) -> str:
    floor = "" if row.floor_s is None else f"  floor {row.floor_s:.1f} s ({row.floor})"
    return (
        f"{row.job[:22]:22} {row.stage[:22]:22} {row.seconds:8.1f} {row.processors:10.1f} {row.peak_mb:8.0f} "
        f"{row.read_mb:9.0f} {row.written_mb:9.0f}{floor}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the jobs, print their rows, add them to a file of results."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.product", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("jobs", nargs="+", choices=[*suite_names(), "evaluate", "data"], metavar="JOB",
                        help=f"{', '.join(suite_names())}, evaluate or data")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="for the job data")
    parser.add_argument("--json", type=Path, metavar="FILE", help="results to add to; other rows there stay")
    options = parser.parse_args(arguments)
    if ("data" in options.jobs) != (options.data is not None) or (options.data and not options.data.is_dir()):
        parser.error("the job data needs --data FOLDER, a folder that is there, and no other job takes it")
    head = f"{'job':22} {'stage':22} {'s':>8} {'processors':>10} {'MB':>8} {'MB read':>9} {'written':>9}"
    for job in options.jobs:
        work = Path(tempfile.mkdtemp(prefix="gaitbench-product-"))
        try:
            if job == "evaluate":
                rows = _evaluate_job(work, _say)
            elif job == "data":
                rows = _data_job(options.data, work, _say)
            else:
                rows = _suite_job(job, work, _say)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        print(head, *map(_line, rows), sep="\n", flush=True)
        if options.json:
            write_profiles([asdict(row) for row in rows], options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
