"""Contact sheets of the walkers to look at: all views and conditions, and sequences of each label.

``python -m benchmarks.studies.walkers_sheets DIR [--subjects 3,12,13] [--sequences 96]`` writes angles-NNN.jpg for
each subject (walks nm-01, bg-01, cl-01 by eleven angles), phases.jpg (four phases in three views), labels-NAME.jpg
for each of the four labels, second-session.jpg (both sessions of some people) and uneven.jpg (plain, uneven walkers).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from gaitbench.datasets.labels import COMPLETE_FROM, TEXTURAL_FROM, completeness_score, texture_score
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import ANGLES, WALKS, GaitSequence, SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.kinds import walkers_of
from gaitbench.datasets.walkers.second_session import TwoSessions
from gaitbench.datasets.walkers.second_session.amounts import later_walk
from gaitbench.datasets.walkers.sheets import cut_out, headed

#: Size in pixels of a picture of `angles`, cut out of 320 x 240 about the person.
CELL = (136, 112)
#: Size of a picture of `phases`, and the phases.
PHASE_CELL = (172, 130)
PHASES = (0.0, 0.25, 0.5, 0.75)


def _write(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
    path.write_bytes(content.tobytes())
    print(f"{path}: {picture.shape[1]} x {picture.shape[0]}, {len(content) // 1024} kB")


def _named(cell: np.ndarray, text: str) -> np.ndarray:
    """The cell under a bar with a text."""
    return headed(cell, text, 14, 0.34)


def angles(walkers: Walkers, subject: str, folder: Path) -> None:
    """One row a condition, one column a view: the middle of each sequence."""
    rows = []
    for walk in ("nm-01", "bg-01", "cl-01"):
        cells = []
        for angle in ANGLES:
            key = SequenceKey(subject, walk, angle)
            frames = walkers.load(key, frames=30).frames
            mask = walkers.true_masks(key, body=subject, frames=30, rgb=False).masks[-1]
            assert frames is not None
            rows_seen, columns = np.nonzero(mask)
            top = int(np.clip(rows_seen.mean() - CELL[0] / 2, 0, 240 - CELL[0]))
            left = int(np.clip(columns.mean() - CELL[1] / 2, 0, 320 - CELL[1]))
            cell = frames[-1][top : top + CELL[0], left : left + CELL[1]]
            cells.append(_named(cell, f"{walk} {angle:03d}"))
        rows.append(np.concatenate(cells, axis=1))
    _write(folder / f"angles-{subject}.jpg", np.concatenate(rows))


def _phase_cells(walkers: Walkers, key: SequenceKey) -> list[np.ndarray]:
    """Picture above true silhouette at four phases of the cycle in the middle of the walk."""
    recording = walkers.load(key)
    notes = walkers.annotations(key)
    assert recording.frames is not None
    start = np.ceil(notes.phase[len(notes.phase) // 2] - 0.5)  # a right heel strike
    cells = []
    for phase in PHASES:
        t = int(np.abs(notes.phase - (start + phase)).argmin())
        person = notes.labels[t] > 0
        picture = cut_out(recording.frames[t], person, PHASE_CELL)
        shape = cut_out(person, person, PHASE_CELL)
        cell = _named(np.concatenate([picture, shape]), f"{key.angle} deg, phase {phase:g}")
        cells.append(np.pad(cell, ((0, 2), (0, 1), (0, 0)), constant_values=90))
    return cells


def phases(walkers: Walkers, subjects: list[str], folder: Path, views: tuple[int, ...] = (0, 54, 90)) -> None:
    """Four phases of a gait cycle in three views: for each subject the first walk with nothing in front in any."""
    rows = []
    for subject in subjects:
        keys = next(
            keys
            for walk in WALKS
            if (keys := [SequenceKey(subject, walk, a) for a in views])
            and not any(walkers.annotations(k, frames=1).occluder.any() for k in keys)
        )
        cells = np.concatenate([c for key in keys for c in _phase_cells(walkers, key)], axis=1)
        title = (
            f"Subject {subject}, {keys[0].walk}: phase 0 is a heel strike of the right foot, 0.5 of the left"
        )
        rows.append(headed(cells, title, 24, 0.55))
    _write(folder / "phases.jpg", np.concatenate(rows))


def _cell(sequence: GaitSequence, score: float) -> np.ndarray:
    """Three moments, picture above silhouette, under the sequence's name and score."""
    assert sequence.rgb is not None
    at = np.linspace(0, len(sequence.silhouettes) - 1, 5)[1:4].round().astype(int)
    columns = [
        np.concatenate([sequence.rgb[t], np.repeat(sequence.silhouettes[t][..., None] * np.uint8(255), 3, 2)])
        for t in at
    ]
    picture = cv2.resize(
        np.concatenate(columns, axis=1), None, fx=1.25, fy=1.25, interpolation=cv2.INTER_CUBIC
    )
    return np.pad(_named(picture, f"{sequence.key}  {score:.3f}"), ((1, 1), (1, 1), (0, 0)))


def labels(walkers: Walkers, sequences: int, folder: Path) -> None:
    """Twelve sequences of each label: its clearest four, four between, and the four nearest to the threshold."""
    rng = np.random.default_rng(2)
    keys = {
        SequenceKey(f"{rng.integers(81, 121):03d}", WALKS[rng.integers(10)], ANGLES[rng.integers(11)])
        for _ in range(sequences)
    }
    found = [prepare(walkers.load(key, frames=28)) for key in sorted(keys)]
    for score, start, low, high in (
        (texture_score, TEXTURAL_FROM, "plain", "textural"),
        (completeness_score, COMPLETE_FROM, "incomplete", "complete"),
    ):
        scored = sorted(((score(s), i) for i, s in enumerate(found)))
        for name, part in (
            (low, [e for e in scored if e[0] < start]),
            (high, [e for e in scored if e[0] >= start][::-1]),
        ):
            middle = len(part) // 2
            chosen = dict.fromkeys([*part[:4], *part[max(0, middle - 2) : middle + 2], *part[-4:]])
            cells = [_cell(found[i], value) for value, i in chosen]
            cells += [np.zeros_like(cells[0])] * (-len(cells) % 4)
            rows = [np.concatenate(cells[i : i + 4], axis=1) for i in range(0, len(cells), 4)]
            _write(folder / f"labels-{name}.jpg", np.concatenate(rows))


def _row(walkers: Walkers, subject: str, walk: str, views: tuple[int, ...], title: str) -> np.ndarray:
    """Picture and true silhouette in the middle of a walk, in a few views."""
    cells = []
    for angle in views:
        key = SequenceKey(subject, walk, angle)
        frames = walkers.load(key, frames=30).frames
        mask = walkers.true_masks(key, body=subject, frames=30, rgb=False).masks[-1]
        assert frames is not None
        pair = [cut_out(part, mask, PHASE_CELL) for part in (frames[-1], mask)]
        cells.append(_named(np.concatenate(pair, axis=1), f"{subject} {title} {angle:03d}"))
    return np.pad(np.concatenate(cells, axis=1), ((0, 3), (0, 0), (0, 0)), constant_values=90)


def sessions(subjects: list[str], folder: Path, views: tuple[int, ...] = (0, 54, 90, 144)) -> None:
    """Each walk of the first session above that of the second: the middle of the sequences in a few views."""
    rows = [
        _row(TwoSessions(), subject, name, views, name)
        for subject in subjects
        for walk in ("nm-01", "bg-01", "cl-01")
        for name in (walk, later_walk(walk))
    ]
    _write(folder / "second-session.jpg", np.concatenate(rows))


def uneven(subjects: list[str], folder: Path, views: tuple[int, ...] = (0, 54, 126, 180)) -> None:
    """Plain walkers above uneven ones: the middle of a walk in two views and in those that mirror them."""
    rows = [
        _row(walkers_of(kind), subject, "nm-01", views, kind or "plain")
        for subject in subjects
        for kind in ("", "uneven")
    ]
    _write(folder / "uneven.jpg", np.concatenate(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--subjects", default="3,12,13")
    parser.add_argument("--phases-of", default="7,24,61", help="subjects of `phases`")
    parser.add_argument("--sessions-of", default="3,24", help="subjects of `sessions`")
    parser.add_argument("--uneven-of", default="7,12,83", help="subjects of `uneven`")
    parser.add_argument("--sequences", type=int, default=96)
    parser.add_argument("--only", nargs="*", default=["angles", "phases", "labels", "sessions", "uneven"])
    options = parser.parse_args()
    cv2.setNumThreads(1)
    walkers = Walkers()
    for number in options.subjects.split(",") if "angles" in options.only else ():
        angles(walkers, f"{int(number):03d}", options.folder)
    if "phases" in options.only:
        phases(walkers, [f"{int(n):03d}" for n in options.phases_of.split(",")], options.folder)
    if "sessions" in options.only:
        sessions([f"{int(n):03d}" for n in options.sessions_of.split(",")], options.folder)
    if "uneven" in options.only:
        uneven([f"{int(n):03d}" for n in options.uneven_of.split(",")], options.folder)
    if "labels" in options.only:
        labels(walkers, options.sequences, options.folder)


if __name__ == "__main__":
    main()
