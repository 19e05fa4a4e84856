"""A set of CASIA-B's size from PNG files to the slides' cell: ours, the usual way, and the floor, on the same files.

    python -m benchmarks.studies.casia_size FOLDER [--people 1-124] [--jobs 2] [--json FILE]

FOLDER gets the walkers' silhouettes in CASIA-B's layout, a PNG a frame (124 people x 110 sequences; a second call finds
them there). Then, one after the other, each in processes of its own, with the files in the system's cache:

- *floor*: every file decoded once by OpenCV, nothing done with it;
- *usual way*: what people do today in the way of OpenGait, written plainly by us: a list of files a sequence, read, cut
  to the person's rows, resized to 64 rows, centred, one file a sequence; then every file read again, averaged over all
  frames, nearest neighbour in a loop over the probes, rank-1;
- *ours*: ``gaitbench run-all --data FOLDER``, one system and one recognizer (gei-nn), from an empty store to the page;
- *ours again*: another recognizer over the same store, which has to read no picture again.

Ours does more than the usual way does: people are told by periods, galleries, intervals, controls and a report. Printed
are seconds, processor seconds, the largest memory of all processes together, and rank-1 by both.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.watch import family, resident_mb

GALLERY, PROBE = ("nm-01", "nm-02", "nm-03", "nm-04"), ("nm-05", "nm-06", "bg-01", "bg-02", "cl-01", "cl-02")
HEIGHT, WIDTH, LEAST_PIXELS = 64, 44, 10_000
SUITE = """
effort = 0.05
resamples = 1000
samples = 1
[data]
size = [64, 44]
[split]
recognizer = "{recognizer}"
models = "{models}"
test = "{test}"
[walks]
recognizer = ["nm-01", "nm-02", "bg-01", "cl-01"]
models = ["nm-01"]
gallery = {gallery}
probe = {probe}
[systems]
anonymizers = ["blur"]
controls = ["original", "someone-else", "constant"]  # no oracle: nobody renders filmed people anew
colorizers = ["nearest"]
recognizers = ["{name}"]
[attacks]
attackers = ["ignorant"]
"""


@dataclass(frozen=True)
class Measured:
    """One way: seconds by the clock, of processors, peak memory (MB) over all its processes, rank-1 (%)."""

    way: str
    seconds: float
    processors: float
    memory_mb: float
    rank1: float | None = None


def resident() -> float:
    """Resident memory (MB) of this process and all that it started."""
    return sum(map(resident_mb, family(os.getpid())))


def measured(way: str, run: Callable[[], float | None]) -> Measured:
    """Do it, watching the memory above what this process has itself."""
    own, peak, done = resident(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.1):
            peak = max(peak, resident() - own)

    watcher = threading.Thread(target=watch, daemon=True)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    watcher.start()
    try:
        rank1 = run()
    finally:
        done.set()
        watcher.join()
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(way, seconds, spent, peak, rank1)


def sequences(root: Path) -> list[Path]:
    """Folders of the frames: subject/walk/angle."""
    return sorted(p for p in root.glob("*/*/*") if p.is_dir() and p.name.isdigit())


def decode(folder: Path) -> int:
    return sum(cv2.imread(str(p), cv2.IMREAD_GRAYSCALE) is not None for p in sorted(folder.iterdir()))


def pretreated(folder: Path, target: Path) -> int:
    """One sequence the usual way: cut, resized, centred, kept as one file."""
    frames = []
    for path in sorted(folder.iterdir()):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is None or picture.sum() <= LEAST_PIXELS:
            continue
        rows = np.flatnonzero(picture.sum(axis=1))
        picture = picture[rows[0] : rows[-1] + 1]
        width = max(1, round(picture.shape[1] * HEIGHT / picture.shape[0]))
        picture = cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_CUBIC)
        mass = picture.sum(axis=0).cumsum()
        middle = int(np.searchsorted(mass, mass[-1] / 2)) + HEIGHT
        padded = np.pad(picture, ((0, 0), (HEIGHT, HEIGHT)))
        frames.append(padded[:, middle - WIDTH // 2 : middle + WIDTH // 2])
    if frames:
        np.save(target / f"{'_'.join(folder.parts[-3:])}.npy", np.stack(frames).astype(np.uint8))
    return len(frames)


def usual_way(root: Path, test: set[str], jobs: int) -> float:
    """Pretreatment, GEIs, nearest neighbour; rank-1 of the probes in per cent, all views in the gallery."""
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        target = Path(folder)
        with ProcessPoolExecutor(jobs) as pool:
            done = list(pool.map(pretreated, found := sequences(root), [target] * len(found), chunksize=8))
        print(f"  {sum(done):,} frames kept of {len(found):,} sequences", flush=True)
        known: list[tuple[str, NDArray[np.float64]]] = []
        asked: list[tuple[str, NDArray[np.float64]]] = []
        for path in sorted(target.iterdir()):
            subject, walk, _ = path.stem.split("_")
            if subject in test and walk in (*GALLERY, *PROBE):
                gei = np.load(path).mean(axis=0).ravel() / 255
                (known if walk in GALLERY else asked).append((subject, gei))
        gallery = np.stack([gei for _, gei in known])
        right = 0
        for subject, gei in asked:
            right += known[int(np.argmin(np.linalg.norm(gallery - gei, axis=1)))][0] == subject
        return 100 * right / len(asked)


def ours(root: Path, work: Path, name: str, groups: dict[str, str], jobs: int) -> float:
    """The slides' cell by the command line; rank-1 of untouched probes in per cent, all views in the gallery."""
    suite = work / f"{name}.toml"
    suite.write_text(
        SUITE.format(name=name, gallery=json.dumps(GALLERY), probe=json.dumps(PROBE), **groups),
        encoding="utf-8",
    )
    subprocess.run(
        [sys.executable, "-m", "gaitbench", "run-all", "--suite", str(suite), "--data", str(root), "--jobs", str(jobs),
         "--store", str(work / "store"), "--output", str(work / name), "--quiet"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    record = json.loads((work / name / "run.json").read_text(encoding="utf-8"))
    for stage in record["stages"]:
        print(f"  {stage['name']:<24}{stage['seconds']:8.1f} s", flush=True)
    asked = ("original", "ignorant", name, "all-views")
    (row,) = (
        r for r in record["tables"]["identification"]
        if (r["anonymizer"], r["attacker"], r["recognizer"], r["gallery"]) == asked
    )  # fmt: skip
    return float(row["rank1"])


def thirds(people: list[str]) -> dict[str, str]:
    """CASIA-B's usual groups for 124 people, the same shares of fewer."""
    first, second = round(len(people) * 50 / 124), round(len(people) * 80 / 124)
    parts = (people[:first], people[first:second], people[second:])
    return {
        role: f"{part[0]}-{part[-1]}"
        for role, part in zip(("recognizer", "models", "test"), parts, strict=True)
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", default="1-124")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--ours-alone", action="store_true", help="without floor and usual way")
    options = parser.parse_args()
    root, jobs = options.folder / "set", options.jobs
    subprocess.run(
        [sys.executable, "-m", "gaitbench", "walkers", "export", str(root), "--no-video", "--subjects", options.people,
         "--jobs", str(jobs), "--quiet"], check=True,
    )  # fmt: skip
    found = sequences(root)
    groups = thirds(sorted({p.parts[-3] for p in found}))
    first, last = map(int, groups["test"].split("-"))
    test = {f"{n:03d}" for n in range(first, last + 1)}
    work = Path(tempfile.mkdtemp(dir=options.folder))
    rows: list[Measured] = []

    def floor() -> None:
        with ProcessPoolExecutor(jobs) as pool:
            print(
                f"{len(found):,} sequences, {sum(pool.map(decode, found, chunksize=8)):,} files", flush=True
            )

    ways: list[tuple[str, Callable[[], float | None]]] = [
        ("warm up", floor),
        ("floor", floor),
        ("usual way", lambda: usual_way(root, test, jobs)),
        ("ours", lambda: ours(root, work, "gei-nn", groups, jobs)),
        ("ours again", lambda: ours(root, work, "gei-lda", groups, jobs)),
    ]
    if options.ours_alone:
        ways = [("warm up", floor), *ways[-2:]]
    try:
        for way, run in ways:
            row = measured(way, run)
            rows += [row] if way != "warm up" else []
            rank1 = "" if row.rank1 is None else f", rank-1 {row.rank1:.1f} %"
            print(
                f"{way:<12}{row.seconds:8.1f} s, {row.processors:8.1f} s of processors, "
                f"{row.memory_mb:6.0f} MB{rank1}", flush=True,
            )  # fmt: skip
    finally:
        shutil.rmtree(work)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
