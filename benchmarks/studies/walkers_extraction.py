"""What is extracted from the walkers' film: periods, overlap with the truth, the four sets."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace

import cv2
import numpy as np

from gaitbench.datasets.labels import COMPLETE_FROM, TEXTURAL_FROM, completeness_score, texture_score
from gaitbench.datasets.prepare import full_silhouettes, prepare
from gaitbench.datasets.sequence import ANGLES, WALKS, SequenceKey
from gaitbench.datasets.silhouettes.resegment import resegment
from gaitbench.datasets.walkers import Walkers


def _periods(subject: str) -> list[tuple[str, int, float, float | None]]:
    """(kind of silhouettes, angle, true period, found period or None) of one walk at all angles."""
    from recognizer.gait_energy.period import gait_period

    cv2.setNumThreads(1)
    walkers, rows = Walkers(), []
    for angle in ANGLES:
        key = SequenceKey(subject, "nm-05", angle)
        true = walkers.annotations(key, frames=1).period
        for kind, video in (("true", False), ("extracted", True)):
            seen = prepare(walkers.load(key, video=video), rgb=False)
            found = gait_period(seen.silhouettes, frame_numbers=seen.frame_numbers)
            rows.append((kind, angle, true, found.frames))
    return rows


def periods(subjects: int, jobs: int, first: int = 81) -> None:
    """The recognizer's period detector against the true period, on whole sequences of 60 frames."""
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        names = [f"{s:03d}" for s in range(first, first + subjects)]
        rows = [r for part in pool.imap(_periods, names) for r in part]
    print(f"\nPeriod within one frame, nm-05 of {subjects} subjects")
    for kind in ("true", "extracted"):
        for name, ends in (("36 to 144 degrees (goal >= 95 %)", False), ("0, 18, 162, 180 degrees", True)):
            cell = [(t, f) for k, a, t, f in rows if k == kind and (a < 36 or a > 144) == ends]
            right = np.mean([f is not None and abs(f - t) <= 1 for t, f in cell])
            unsure = np.mean([f is None for _, f in cell])
            wrong = np.mean([f is not None and abs(f - t) > 1 for t, f in cell])
            print(
                f"  {kind} silhouettes, {name}: right {100 * right:.1f} %, not sure {100 * unsure:.1f} %, "
                f"wrong {100 * wrong:.1f} % of {len(cell)}"
            )


def _scored(job: tuple[list[SequenceKey], int]) -> list[tuple[str, float, float, float, float]]:
    """Of sequences as runs of the suite prepare them.

    Key, overlap with the truth, completeness, texture, and the overlap with what is taken again from the crops.
    """
    keys, frames = job
    cv2.setNumThreads(1)
    walkers, rows = Walkers(), []
    for key in keys:
        recording = walkers.load(key, frames=frames)
        found = full_silhouettes(recording)
        true = walkers.true_masks(key, body=key.subject, frames=frames, rgb=False).masks
        overlap = (found & true).sum() / (found | true).sum()
        sequence = prepare(replace(recording, silhouettes=found))
        again = resegment(sequence.rgb, sequence.plate)
        same = (again & sequence.silhouettes).sum() / (again | sequence.silhouettes).sum()
        scores = completeness_score(sequence), texture_score(sequence)
        rows.append((str(key), float(overlap), *scores, float(same)))
    return rows


def labels(sequences: int, jobs: int, frames: int = 28) -> None:
    """Extraction against the truth, and the shares of the four sets, on random sequences of the test subjects."""
    rng = np.random.default_rng(1)
    keys = sorted(
        SequenceKey(f"{rng.integers(81, 121):03d}", WALKS[rng.integers(10)], ANGLES[rng.integers(11)])
        for _ in range(sequences)
    )
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        parts = pool.imap(_scored, [(keys[i : i + 8], frames) for i in range(0, len(keys), 8)])
        rows = [row for part in parts for row in part]
    overlap, whole, texture, same = (np.array([r[i] for r in rows]) for i in (1, 2, 3, 4))
    print(f"\nExtraction and labels, {len(rows)} random sequences of subjects 081 to 120, {frames} frames")
    print(f"  overlap (IoU) with the true silhouettes: mean {overlap.mean():.3f}, lowest {overlap.min():.3f}, of "
          f"{rows[overlap.argmin()][0]}; under 0.9: {100 * np.mean(overlap < 0.9):.0f} %")  # fmt: skip
    print(f"  taken again from the crops (`resegment`), overlap with the extraction: mean {same.mean():.3f}, "
          f"lowest {same.min():.3f}")  # fmt: skip
    print(f"  incomplete {100 * np.mean(whole < COMPLETE_FROM):.0f} % (goal 20 to 50), textural "
          f"{100 * np.mean(texture >= TEXTURAL_FROM):.0f} %, plain {100 * np.mean(texture < TEXTURAL_FROM):.0f} % "
          "(goal at least 30 each)")  # fmt: skip
    print(f"  quartiles: completeness {np.percentile(whole, [25, 50, 75]).round(3)}, "
          f"texture {np.percentile(texture, [25, 50, 75]).round(2)}")  # fmt: skip
