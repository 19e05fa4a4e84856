"""Gait energy images of whole pictures beside the usual per-frame loop, and from files beside decoding alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from benchmarks.harness import Case, Peer
from recognizer import gei_from_files, gei_from_frames

FRAMES, HEIGHT, WIDTH = 60, 240, 320
DIFFERENT, TIMES = (
    20,
    25,
)  # 500 sequences would be 2.3 GB: twenty different ones, more than any cache holds, in turn


def walker(seed: int) -> np.ndarray:
    """Somebody 130 to 170 pixels high who crosses the picture, uint8 (60, 240, 320), 0 and 255."""
    rng = np.random.default_rng(seed)
    out = np.zeros((FRAMES, HEIGHT, WIDTH), np.uint8)
    tall, top = int(rng.integers(130, 171)), int(rng.integers(20, 50))
    for t, frame in enumerate(out):
        x = 60 + int(200 * t / FRAMES)
        swing = 0.2 * tall * np.sin(2 * np.pi * t / 26)
        cv2.circle(frame, (x, top + tall // 12), tall // 12, 255, -1)
        cv2.ellipse(frame, (x, top + int(0.36 * tall)), (tall // 9, int(0.22 * tall)), 0, 0, 360, 255, -1)
        for side in (-1, 1):
            foot = (x + int(side * swing), top + tall)
            cv2.line(frame, (x, top + int(0.5 * tall)), foot, 255, max(4, tall // 12))
    return out


def usual_loop(frames: np.ndarray, occupied: Callable[[np.ndarray, int], np.ndarray]) -> np.ndarray:
    """One picture after the other, as gait code usually does it; `occupied` says how rows and columns are found."""
    total, seen = np.zeros((64, 44)), 0
    for image in frames:
        rows, columns = np.flatnonzero(occupied(image, 1)), np.flatnonzero(occupied(image, 0))
        if len(rows) == 0:
            continue
        person = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        width = max(1, round(64 * person.shape[1] / person.shape[0]))
        small = cv2.resize(person, (width, 64))
        mass = small.sum(axis=0).cumsum()
        centre = int(np.argmax(mass > mass[-1] / 2))
        total += np.pad(small, ((0, 0), (22, 22)))[:, centre : centre + 44]
        seen += 1
    return (total / (255 * seen)).astype(np.float32)


def decode(sequences: list[list[Path]]) -> int:
    """Read every file and keep nothing, on as many threads as ours uses."""
    from recognizer._blocks import workers

    def one(paths: list[Path]) -> int:
        return sum(cv2.imread(str(p), cv2.IMREAD_GRAYSCALE).shape[0] for p in paths)

    with ThreadPoolExecutor(workers()) as pool:
        return sum(pool.map(one, sequences))


def cases() -> Iterator[Case]:
    different = [walker(seed) for seed in range(DIFFERENT)]
    sequences = different * TIMES

    def loop(occupied: Callable[[np.ndarray, int], np.ndarray]) -> Callable[[], np.ndarray]:
        return lambda: np.stack([usual_loop(s, occupied) for s in sequences])

    yield Case(
        f"{len(sequences)} sequences x {FRAMES} frames of {WIDTH} x {HEIGHT}",
        lambda: gei_from_frames(sequences),
        [
            Peer("per-frame loop", loop(lambda x, axis: x.sum(axis=axis)), "-", least_ratio=10),
            Peer("loop, rows by any()", loop(lambda x, axis: x.any(axis=axis)), "-"),
        ],
        lambda a, b: float(np.abs(a - b).max()),
        "10 x the usual loop, identical pixels",
        3,
        most_difference=0.0,
    )
    with TemporaryDirectory() as folder:
        lists = []
        for number, frames in enumerate(different):
            paths = [Path(folder) / f"{number:02d}-{t:02d}.png" for t in range(FRAMES)]
            for path, frame in zip(paths, frames, strict=True):
                cv2.imwrite(str(path), frame)
            lists.append(paths)
        files = lists * 5
        yield Case(
            f"{len(files)} sequences x {FRAMES} PNG files",
            lambda: gei_from_files(files),
            [Peer("decoding alone", lambda: decode(files), "-", least_ratio=1 / 1.3)],
            lambda a, b: float(np.abs(a[:DIFFERENT] - gei_from_frames(different)).max()),
            "at most 1.3 x decoding (ratio 0.77)",
            5,
            most_difference=0.0,
        )
