"""What the stage `prepare` does a frame, on one core: rendering, extraction, alignment; beside the usual idioms."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from benchmarks.harness import Case, Peer
from gaitbench.datasets.prepare import full_silhouettes
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.silhouettes.alignment import crop, has_person, track_boxes
from gaitbench.datasets.walkers import Walkers
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepare import prepare_one

FRAMES, SIZE = 60, (64, 44)
KEYS = [SequenceKey(*parts) for parts in (("001", "nm-01", 0), ("005", "cl-01", 54), ("007", "bg-02", 90))]


def subtracted(recording: Recording) -> np.ndarray:
    """Silhouettes as tutorials take them: OpenCV's mixture model, opened and closed, the largest patch."""
    assert recording.frames is not None and recording.background is not None
    model = cv2.createBackgroundSubtractorMOG2(varThreshold=25)
    for empty in recording.background:
        model.apply(empty, learningRate=-1)
    out = np.zeros(recording.frames.shape[:3], bool)
    square = np.ones((3, 3), np.uint8)
    for frame, mask in zip(recording.frames, out, strict=True):
        moving = (model.apply(frame, learningRate=0) == 255).astype(np.uint8)  # 127 is shadow
        moving = cv2.morphologyEx(cv2.morphologyEx(moving, cv2.MORPH_OPEN, square), cv2.MORPH_CLOSE, square)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(moving, connectivity=8)
        if count > 1:
            mask[:] = labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()
    return out


def pretreated(silhouettes: np.ndarray) -> np.ndarray:
    """Crops as OpenGait's pretreatment makes them: each frame by its own rows and its own middle."""
    height, width = SIZE
    out = np.zeros((len(silhouettes), *SIZE), bool)
    for mask, cut in zip(silhouettes, out, strict=True):
        rows = np.flatnonzero(mask.any(axis=1))
        picture = mask[rows[0] : rows[-1] + 1].astype(np.uint8) * np.uint8(255)
        picture = cv2.resize(
            picture, (int(picture.shape[1] * height / len(picture)), height), interpolation=cv2.INTER_CUBIC
        )
        mass = picture.sum(axis=0, dtype=float).cumsum()
        left = int((mass > mass[-1] / 2).argmax()) - width // 2
        wide = np.pad(picture, ((0, 0), (width, width)))
        cut[:] = wide[:, left + width : left + 2 * width] > 127
    return out


def written(recording: Recording, folder: Path) -> Path:
    """The film as a file."""
    assert recording.frames is not None
    path = folder / f"{recording.key}.mp4"
    height, width = recording.frames.shape[1:3]
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, (width, height))
    for frame in recording.frames:
        film.write(np.ascontiguousarray(frame[..., ::-1]))
    film.release()
    return path


def read(path: Path) -> np.ndarray:
    """Its frames."""
    film, frames = cv2.VideoCapture(str(path)), []
    while (found := film.read())[0]:
        frames.append(cv2.cvtColor(found[1], cv2.COLOR_BGR2RGB))
    return np.stack(frames)


def apart(ours: list[np.ndarray], theirs: list[np.ndarray]) -> float:
    """One minus the mean overlap (IoU) of silhouettes; of pictures the mean difference, as a share of the range."""
    if ours[0].dtype != bool:
        return (
            float(np.mean([np.abs(a.astype(int) - b).mean() for a, b in zip(ours, theirs, strict=True)]))
            / 255
        )
    shares = [(a & b).sum((1, 2)) / (a | b).sum((1, 2)) for a, b in zip(ours, theirs, strict=True)]
    return 1.0 - float(np.concatenate(shares).mean())


def cases() -> Iterator[Case]:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # as in the workers of a run: the processes are the parallelism
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield from _cases(Path(folder))
    finally:
        cv2.setNumThreads(threads)


def _cases(folder: Path) -> Iterator[Case]:
    walkers = Walkers(length=FRAMES)
    films = [walkers.load(key, frames=FRAMES) for key in KEYS]
    total = sum(len(film.frame_numbers) for film in films)
    files = [written(film, folder) for film in films]
    masks = [full_silhouettes(film) for film in films]

    def whole() -> list[np.ndarray]:
        arrays = [
            prepare_one(walkers, walkers.load(key, frames=FRAMES), Need(key), FRAMES, SIZE)[0]["silhouettes"]
            for key in KEYS
        ]
        return [np.unpackbits(a, axis=1).reshape(-1, *SIZE).view(bool) for a in arrays]

    yield Case(
        f"{total} frames rendered, 320 x 240",
        lambda: [walkers.load(key, frames=FRAMES).frames for key in KEYS],
        [Peer("decoding a film", lambda: [read(path) for path in files], cv2.__version__)],
        apart,
        "1,000 frames/s a core",
        most_seconds=total / 1000,
    )
    yield Case(
        f"{total} frames: silhouettes extracted, 320 x 240",
        lambda: [full_silhouettes(film) for film in films],
        [Peer("MOG2", lambda: [subtracted(film) for film in films], cv2.__version__)],
        apart,
        "400 frames/s a core",
        most_seconds=total / 400,
    )
    yield Case(
        f"{total} silhouettes aligned to 64 x 44",
        lambda: [crop(m[has_person(m)], track_boxes(m[has_person(m)]), SIZE) for m in masks],
        [
            Peer(
                "OpenGait's way",
                lambda: [pretreated(m[has_person(m)]) for m in masks],
                "-",
                least_ratio=0.67,
            )
        ],
        apart,
        "boxes smooth over time for at most half as much again",
    )
    yield Case(
        f"{total} frames: rendered, extracted, aligned",
        whole,
        [
            Peer(
                "film, MOG2, OpenGait",
                lambda: [pretreated(subtracted(film)) for film in films],
                cv2.__version__,
            )
        ],
        apart,
        "600 frames/s a core",
        most_seconds=total / 600,
    )
