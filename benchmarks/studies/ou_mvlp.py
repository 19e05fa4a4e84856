"""OU-MVLP's size, made up, at parts of it: plan, features and the slides' cell, and how each stage grows.

    python -m benchmarks.studies.ou_mvlp FOLDER [--parts 100,30,10] [--taught 50] [--jobs 2] [--json FILE]

FOLDER gets 1/100, 1/30 and 1/10 of 10,307 made-up people (14 views, 2 walks, packed silhouettes in OpenGait's layout, a
pickle a sequence; a second call finds them there). Each is planned and run by the command line from an empty store,
50 people teaching the recognizer (--taught; as on the slides: it learns from all of them at once) and all others but
four tested; attacks go block by block at every size (distances_mb = 0), as the whole set's do. Printed are seconds,
processor seconds and the largest memory of all processes together by stage, what a sequence more takes of both, and
what the whole set comes to by a line (which the matching in `identify` does not follow). A made-up person is an ellipse
over a trunk over two legs that swing: what grows is real, who is named means nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.watch import Part, Watched, watch

PEOPLE, WALKS, FRAMES, HEIGHT, WIDTH = 10_307, ("00", "01"), 24, 64, 44
VIEWS = (0, 15, 30, 45, 60, 75, 90, 180, 195, 210, 225, 240, 255, 270)
SUITE = """
resamples = 1000
samples = 0
[data]
size = [64, 44]
angles = {views}
[split]
recognizer = {recognizer}
models = {models}
test = {test}
[walks]
recognizer = ["00", "01"]
models = ["00"]
gallery = ["01"]
probe = ["00"]
[systems]
anonymizers = ["{anonymizer}"]
controls = ["original"]
colorizers = ["nearest"]
recognizers = ["{name}"]
[attacks]
attackers = ["ignorant"]
distances_mb = {distances_mb}
"""


def walker(person: int, walk: int, view: int, frames: int = FRAMES) -> NDArray[np.bool_]:
    """A made-up walk: bool (frames, 64, 44); the same for the same numbers."""
    body, own = np.random.default_rng([7, person]), np.random.default_rng([11, person, walk, view])
    head, shoulders, hips, trunk, stride, beat, lean = body.uniform(
        (4.0, 6.0, 5.0, 24.0, 6.0, 0.9, -1.5), (6.0, 9.5, 8.0, 31.0, 12.0, 1.2, 1.5)
    )
    aside = abs(np.sin(np.deg2rad(view)))
    width = 1.0 - 0.25 * aside
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    x -= WIDTH / 2 + own.normal(0.0, 0.4)
    hip, phase = head * 2 + trunk, own.uniform(0.0, 2 * np.pi)
    swing = np.sin(phase + 2 * np.pi * beat * np.arange(frames) / 25.0)
    down = np.clip((y - hip) / (HEIGHT - hip), 0.0, 1.0)
    shown = np.empty((frames, HEIGHT, WIDTH), dtype=np.bool_)
    still = (y - head) ** 2 + (x - lean) ** 2 < head**2
    half = width * (shoulders + (hips - shoulders) * np.clip((y - 2 * head) / trunk, 0.0, 1.0))
    still |= (y >= 2 * head - 1) & (y <= hip) & (np.abs(x - lean * (1 - y / hip)) < half)
    for frame, at in zip(shown, swing, strict=True):
        step = stride * at * (0.25 + 0.75 * aside) * down
        apart = 0.35 * hips * width
        legs = (np.abs(x - apart - step) < 0.42 * hips * width) | (
            np.abs(x + apart + step) < 0.42 * hips * width
        )
        frame[:] = still | ((y >= hip) & legs)
    shown ^= own.random(shown.shape, dtype=np.float32) < 0.002
    return shown


def names(people: int) -> list[str]:
    """As OU-MVLP numbers them."""
    return [f"{number:05d}" for number in range(1, people + 1)]


def write_people(root: Path, people: int, views: tuple[int, ...] = VIEWS, frames: int = FRAMES) -> None:
    """Everybody in OpenGait's layout; who is there already is left as he is."""
    for number, name in enumerate(names(people), 1):
        if (root / name).is_dir():
            continue
        part = root.parent / f"{root.name}.part" / name
        for walk, take in enumerate(WALKS):
            for view in views:
                place = part / take / f"{view:03d}"
                place.mkdir(parents=True, exist_ok=True)
                levels = walker(number, walk, view, frames).astype(np.uint8) * 255
                (place / f"{view:03d}.pkl").write_bytes(pickle.dumps(levels, protocol=4))
        root.mkdir(parents=True, exist_ok=True)
        part.rename(root / name)
    shutil.rmtree(root.parent / f"{root.name}.part", ignore_errors=True)


def suite_of(
    people: int,
    recognizer: str,
    *,
    taught: int,
    anonymizer: str = "deform",
    distances_mb: int = 0,
    views: tuple[int, ...] = VIEWS,
) -> str:
    """The slides' cell of one system: `taught` people teach the recognizer, four the systems, all others are tested."""
    everybody = names(people)
    return SUITE.format(
        views=list(views), recognizer=json.dumps(everybody[:taught]),
        models=json.dumps(everybody[taught : taught + 4]), test=json.dumps(everybody[taught + 4 :]), name=recognizer,
        anonymizer=anonymizer, distances_mb=distances_mb,
    )  # fmt: skip


def run(
    root: Path, people: int, taught: int, recognizer: str, jobs: int, *, again: bool = True
) -> dict[str, Watched]:
    """Plan on an empty store, run, and run again with everything in the store."""
    work = Path(tempfile.mkdtemp(dir=root.parent))
    (work / "suite.toml").write_text(suite_of(people, recognizer, taught=taught), encoding="utf-8")
    shared = ["--suite", str(work / "suite.toml"), "--data", str(root), "--format", "opengait",
              "--store", str(work / "store")]  # fmt: skip
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    program = [sys.executable, "-m", "gaitbench"]
    whole = [*program, "run-all", *shared, "--jobs", str(jobs), "--output", str(work / "out")]
    try:
        found = {"plan": watch([*program, "plan", *shared], environment=environment)}
        found["run"] = watch(whole, environment=environment)
        if again:
            found["again"] = watch(whole, environment=environment)
        record = json.loads((work / "out" / "run.json").read_text(encoding="utf-8"))
        size = sum(path.stat().st_size for path in (work / "store").rglob("*") if path.is_file())
        print(f"store: {size / 1e6:,.0f} MB; failures: {record['failures'][:3]}", flush=True)
        for row in record["tables"]["identification"]:
            print(f"{row['anonymizer']}: rank-1 {row['rank1']:.1f} % of {row['n']:,} probes", flush=True)
    finally:
        shutil.rmtree(work)
    return found


def parts_of(found: dict[str, Watched]) -> dict[str, Part]:
    """Plan, the stages of the run, and the whole of each call."""
    rows = {"plan": found["plan"].whole, **found["run"].stages, "run-all": found["run"].whole}
    return rows | ({"run-all again": found["again"].whole} if "again" in found else {})


def table(measured: dict[int, dict[str, Part]]) -> str:
    """Stage by stage: processor seconds and memory at each size, what a sequence more takes, and the whole by a line.

    By the last two sizes: the start of programs, which is most of the small ones, would make a power too low.
    """
    sizes = sorted(measured)
    whole = PEOPLE * len(VIEWS) * len(WALKS)
    head = ["stage", *(f"{size:,} sequences" for size in sizes), "a sequence more", f"{whole:,} by it"]
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for name in measured[sizes[0]]:
        there = [(size, measured[size][name]) for size in sizes if name in measured[size]]
        cells = [
            f"{measured[size][name].processors:,.1f} s, {measured[size][name].peak_mb:,.0f} MB"
            if name in measured[size] else "not run"
            for size in sizes
        ]  # fmt: skip
        if len(there) < 2:
            lines.append([name, *cells, "", ""])
            continue
        (small, before), (large, after) = there[-2:]
        seconds = (after.processors - before.processors) / (large - small)
        memory = (after.peak_mb - before.peak_mb) / (large - small)
        hours = (after.processors + seconds * (whole - large)) / 3600
        gigabytes = (after.peak_mb + memory * (whole - large)) / 1000
        lines.append(
            [
                name,
                *cells,
                f"{1000 * seconds:,.2f} ms, {1000 * memory:,.1f} kB",
                f"{hours:,.2f} h, {gigabytes:,.1f} GB",
            ]
        )
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", default="100,30,10", help="Such as 100,30: a hundredth, a thirtieth.")
    parser.add_argument("--taught", type=int, default=50)
    parser.add_argument(
        "--once", action="store_true", help="Without the second run, which finds all in the store."
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--recognizer", default="robust-vtm")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    measured: dict[int, dict[str, Part]] = {}
    if options.json and options.json.exists():
        held = json.loads(options.json.read_text(encoding="utf-8"))
        measured = {
            int(size): {name: Part(**row) for name, row in rows.items()} for size, rows in held.items()
        }
    for part in map(int, options.parts.split(",")):
        people = round(PEOPLE / part)
        root = options.folder / f"part-{part}"
        write_people(root, people)
        print(f"1/{part}: {people:,} people, {people * len(VIEWS) * len(WALKS):,} sequences", flush=True)
        found = parts_of(
            run(root, people, options.taught, options.recognizer, options.jobs, again=not options.once)
        )
        measured[people * len(VIEWS) * len(WALKS)] = found
        for name, row in found.items():
            print(
                f"  {name:<24}{row.seconds:8.1f} s {row.processors:8.1f} s of processors {row.peak_mb:8.0f} MB",
                flush=True,
            )
    print(table(measured))
    if options.json:  # a further call adds its sizes
        told = {
            str(size): {name: asdict(row) for name, row in rows.items()} for size, rows in measured.items()
        }
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
