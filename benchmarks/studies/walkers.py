"""What the walkers must show: bodies, curves, recognition on true silhouettes, periods, speed, memory.

``python -m benchmarks.studies.walkers [--subjects N] [--angles 0,36,...] [--only NAME ...] [--figure FILE]``
The goals stand beside the figures; nothing is asserted.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import multiprocessing
import pstats
import resource
import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks.studies.walkers_extraction import labels, periods
from benchmarks.studies.walkers_recognition import betrayal, recognition
from gaitbench.datasets.sequence import ANGLES, SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.bodies.body import BONES
from gaitbench.datasets.walkers.bodies.gait import basis
from gaitbench.datasets.walkers.bodies.reference import dimension_table, gait_table
from gaitbench.datasets.walkers.cameras.scenes import SCENES, background_plate

RATIOS = (
    ("trochanterion_height", "stature"), ("biacromial_breadth", "hip_breadth"),
    ("thigh_circumference", "calf_circumference"), ("waist_breadth", "chest_breadth"), ("waist_depth", "waist_breadth"),
)  # fmt: skip


def bodies(n: int = 10_000) -> None:
    """Sampled bodies against the table: moments, correlations, ratios."""
    print(f"\nBodies: {n} drawn per sex, against the reference table")
    for sex in ("male", "female"):
        table = dimension_table(sex)
        x = table.sample(np.random.default_rng(0), n)
        mean = np.abs(x.mean(axis=0) / table.mean - 1).max()
        sd = np.abs(x.std(axis=0) / table.sd - 1).max()
        corr = np.abs(np.corrcoef(np.log(x).T) - table.corr).max()
        print(
            f"  {sex}: largest error of a mean {100 * mean:.2f} %, of an SD {100 * sd:.1f} %, a correlation {corr:.3f}"
        )
        for a, b in RATIOS:
            i, j = table.keys.index(a), table.keys.index(b)
            ratio = np.log(x[:, i] / x[:, j])
            expected = table.log_mean[i] - table.log_mean[j]
            s, t = table.log_sd[i], table.log_sd[j]
            spread = np.sqrt(s * s + t * t - 2 * table.corr[i, j] * s * t)
            print(
                f"    {a} / {b}: median {np.exp(np.median(ratio)):.4f} (reference {np.exp(expected):.4f}), "
                f"log SD {ratio.std():.4f} ({spread:.4f})"
            )


def _walked_angles(walkers: Walkers, subject: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Phase and the angles that the finished motion shows (after feet were put on the floor)."""
    motion = walkers._cast.motion(subject, "nm-01", subject)
    rotations = motion.rotations

    def pitch(bone: str) -> np.ndarray:
        # How far the bone's long axis is turned forward about the walker's left.
        ahead = rotations[:, BONES.index("pelvis"), :, 0].mean(axis=0)
        ahead = np.array([ahead[0], ahead[1], 0.0]) / np.hypot(ahead[0], ahead[1])
        axis = -rotations[:, BONES.index(bone), :, 2]
        return np.degrees(np.arctan2(axis @ ahead, -axis[:, 2]))

    thigh, shank = pitch("thigh_r"), pitch("shank_r")
    upper, fore = (rotations[:, BONES.index(b), :, 2] for b in ("upperarm_r", "forearm_r"))
    elbow = np.degrees(np.arccos(np.clip((upper * fore).sum(axis=1), -1, 1)))
    return motion.phase, {"thigh_flexion": thigh, "knee_flexion": thigh - shank, "elbow_flexion": elbow}


def curves(subjects: int, figure: Path | None) -> None:
    """Joint angles as finally drawn, against the reference mean (corrected) and band."""
    print(f"\nJoint angles of {subjects} walkers (right side, walk nm-01) against the corrected reference")
    walkers, bins = Walkers(), 25
    grid = (np.arange(bins) + 0.5) / bins
    found: dict[str, list[np.ndarray]] = {}
    for s in range(1, subjects + 1):
        phase, angles = _walked_angles(walkers, f"{s:03d}")
        place = ((phase % 1.0) * bins).astype(int)
        for name, value in angles.items():
            total = np.bincount(place, value, bins)
            count = np.bincount(place, minlength=bins)
            with np.errstate(invalid="ignore"):
                found.setdefault(name, []).append(total / np.where(count, count, np.nan))
    table = gait_table()
    drawn = {}
    for name, rows in found.items():
        one = table["pooled_symmetric"][name]
        mean = np.asarray(one["mean"], dtype=float)
        if name == "thigh_flexion":
            mean[1:] *= 0.9
        mean[0] += table["suggested_correction"]["constant_shift_deg"].get(name, 0.0)
        reference = basis(grid) @ mean
        if name == "knee_flexion":
            reference = np.maximum(reference, 0)
        band = np.sqrt((basis(grid) ** 2) @ np.asarray(one["sd_walkers"]) ** 2)
        got = np.asarray(rows)
        average, spread = np.nanmean(got, axis=0), np.nanstd(got, axis=0)
        inside = np.nanmean(np.abs(got - reference) < 2 * band)
        rms = np.sqrt(np.mean((average - reference) ** 2))
        print(
            f"  {name}: RMS of mean {rms:.1f} degrees; SD between walkers {np.mean(spread):.1f} "
            f"(reference {np.mean(band):.1f}); inside 2 SD {100 * inside:.0f} %"
        )
        drawn[name] = (reference, band, average, spread, got)
    if figure is not None:
        _draw(grid, drawn, figure)


def _draw(grid: np.ndarray, drawn: dict[str, tuple[np.ndarray, ...]], figure: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    picture, axes = pyplot.subplots(1, len(drawn), figsize=(3.4 * len(drawn), 2.7), layout="constrained")
    for axis, (name, (reference, band, average, spread, got)) in zip(axes, drawn.items(), strict=True):
        axis.plot(grid, got[:40].T, color="0.85", linewidth=0.4)
        axis.fill_between(grid, reference - band, reference + band, alpha=0.25, label="reference, 1 SD")
        axis.plot(grid, reference, label="reference (corrected)")
        axis.plot(grid, average, "k", label="walkers, mean")
        axis.plot(grid, average - spread, "k:", grid, average + spread, "k:", linewidth=0.8)
        axis.set_title(f"{name.replace('_', ' ')} (degrees)", fontsize=9)
    axes[0].legend(fontsize=6)
    picture.savefig(figure, dpi=80)
    print(f"  figure: {figure}")


def _render(job: tuple[str, str]) -> tuple[int, float]:
    """Frames of one walk at all angles, and the CPU seconds they took."""
    cv2.setNumThreads(1)
    walkers, n, began = Walkers(), 0, time.process_time()
    for angle in ANGLES:
        key = SequenceKey(*job, angle)
        recording = walkers.load(key)
        notes = walkers.annotations(key)
        n += len(recording.frame_numbers)
        assert (notes.labels > 0).any()
    return n, time.process_time() - began


def _plates() -> None:
    began = time.perf_counter()
    for scene in SCENES:
        for angle in ANGLES:
            background_plate(scene, angle)
    print(f"  22 empty scenes, once per process: {time.perf_counter() - began:.1f} s")


def speed(jobs: int) -> None:
    """Frames per second of pictures, silhouettes and part labels, and where the time goes."""
    work = [(f"{s:03d}", w) for s in (81, 82, 83) for w in ("nm-01", "bg-01", "cl-01", "nm-02")]
    with multiprocessing.get_context("spawn").Pool(jobs, initializer=_plates) as pool:
        pool.map(_render, work[:jobs], 1)  # waits until the processes are up and have their plates
        began = time.perf_counter()
        done = list(pool.imap_unordered(_render, work, 1))
        seconds = time.perf_counter() - began
    frames, cpu = sum(n for n, _ in done), sum(s for _, s in done)
    print(
        f"\nSpeed, {jobs} processes: {frames} frames in {seconds:.1f} s = {frames / seconds:.0f} frames/s "
        f"(goal 600 with two); {frames / cpu:.0f} frames per CPU second"
    )
    profile = cProfile.Profile()
    walkers = Walkers()
    walkers.load(SequenceKey("081", "nm-01", 90))
    profile.enable()
    for angle in (0, 54, 90):
        walkers.load(SequenceKey("081", "nm-01", angle))
    profile.disable()
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(8)
    print("\n".join(line for line in text.getvalue().splitlines()[6:] if line.strip()))


def memory() -> None:
    """Peak memory must not grow with the number of sequences."""
    walkers = Walkers()
    peaks = []
    for s in range(1, 7):
        for angle in ANGLES[::3]:
            walkers.load(SequenceKey(f"{s:03d}", "nm-01", angle))
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(f"\nPeak memory after 4 sequences {peaks[0]:.0f} MB, after {4 * len(peaks)} {peaks[-1]:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subjects", type=int, default=40)
    parser.add_argument("--sequences", type=int, default=140, help="random sequences of `labels`")
    parser.add_argument("--angles", default=",".join(map(str, ANGLES)))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kind", default="", help="uneven: `recognition` of uneven walkers")
    parser.add_argument(
        "--only",
        nargs="*",
        default=["bodies", "curves", "periods", "recognition", "betrayal", "labels", "speed", "memory"],
    )
    parser.add_argument("--figure", type=Path, help="write the joint-angle curves to this picture")
    options = parser.parse_args()
    angles = tuple(int(a) for a in options.angles.split(","))
    todo = {
        "bodies": bodies,
        "curves": lambda: curves(124, options.figure),
        "periods": lambda: periods(min(options.subjects, 12), options.jobs),
        "recognition": lambda: recognition(options.subjects, angles, options.jobs, options.kind),
        "betrayal": lambda: betrayal(options.subjects, options.jobs),
        "labels": lambda: labels(options.sequences, options.jobs),
        "speed": lambda: speed(options.jobs),
        "memory": memory,
    }
    for name in options.only:
        todo[name]()


if __name__ == "__main__":
    main()
