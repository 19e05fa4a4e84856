"""Colorizers side by side, ablations of the proposed one, speed: ``python -m benchmarks.studies.colorizers``.

Reference `original` is measured on Model 2's silhouettes, reference `truth` on the oracle's (another body in the
same clothes, rendered). Learned colorizers train on the subjects of the role `models`; test subjects are only measured.
A light run by default: some test subjects and angles, little training; what was run stands in the first line.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gaitbench.colorizers.learned.ablations import ablation_variants
from gaitbench.colorizers.learned.proposed import Proposed
from gaitbench.datasets.labels import sets_of_scores
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.metrics import SubjectBootstrap, psnr, sharpness_ratio, ssim
from gaitbench.registry import COLORIZERS

SETS = ("all", "plain", "textural", "complete", "incomplete")


@dataclass(frozen=True)
class Probe:
    """Pictures of one test sequence: uint8 rgb (K, h, w, 3), bool masks (K, h, w); the oracle may be missing."""

    subject: str
    angle: int
    sets: tuple[str, ...]
    rgb: np.ndarray
    silhouettes: np.ndarray
    anonymized: np.ndarray
    oracle: np.ndarray | None = None
    truth: np.ndarray | None = None


@dataclass(frozen=True)
class Scores:
    """Per sequence, under one reference: PSNR in dB, SSIM, sharpness (1 is best), NaN where it does not exist."""

    psnr: np.ndarray
    ssim: np.ndarray
    sharpness: np.ndarray


def measure(colorizer: Any, probes: Sequence[Probe]) -> dict[str, Scores]:
    """Scores of a colorizer under `original` and `truth`."""
    rows: dict[str, list[tuple[float, float, float]]] = {"original": [], "truth": []}
    for p in probes:
        painted = colorizer.colorize(p.rgb, p.silhouettes, p.anonymized).astype(float)
        rows["original"].append(_scores(painted, p.rgb / 255.0 * p.silhouettes[..., None], None))
        if p.oracle is None or p.truth is None:
            rows["truth"].append((np.nan, np.nan, np.nan))
            continue
        painted = colorizer.colorize(p.rgb, p.silhouettes, p.oracle).astype(float)
        rows["truth"].append(_scores(painted, p.truth / 255.0, p.oracle))
    return {name: Scores(*np.array(values).T) for name, values in rows.items()}


def _scores(painted: np.ndarray, target: np.ndarray, region: np.ndarray | None) -> tuple[float, float, float]:
    with np.errstate(invalid="ignore"):
        return tuple(float(np.mean(m(painted, target, region=region))) for m in (psnr, ssim, sharpness_ratio))


def table(scores: dict[str, dict[str, Scores]], probes: Sequence[Probe], sets: Iterable[str]) -> list[str]:
    """Lines of a table: one a system, with PSNR / SSIM / sharpness for each reference and set."""
    lines = []
    for reference in ("original", "truth"):
        for name in sets:
            members = np.array([name == "all" or name in p.sets for p in probes])
            members &= np.isfinite(next(iter(scores.values()))[reference].psnr)
            lines.append(f"\n{reference}, {name} ({members.sum()} sequences)")
            if not members.any():
                continue
            people = [p.subject for p, m in zip(probes, members, strict=True) if m]
            boot = SubjectBootstrap(people, resamples=1000, confidence=0.95, seed=0)
            first = next(iter(scores.values()))[reference]
            for system, parts in scores.items():
                s = parts[reference]
                gap, low, high = boot.mean(s.psnr[members] - first.psnr[members])
                lines.append(
                    f"  {system:36} {s.psnr[members].mean():7.3f} dB  {s.ssim[members].mean():.4f}  sharpness "
                    f"{np.nanmean(s.sharpness[members]):.3f}   {gap:+.3f} [{low:+.3f}, {high:+.3f}] dB"
                )
    return lines


def speed(colorizer: Any, size: tuple[int, int] = (128, 88), frames: int = 48, rounds: int = 5) -> str:
    """Processor and wall time a frame of a walking block of noise, median of rounds; memory of the process."""
    rng = np.random.default_rng(0)
    rgb = rng.integers(0, 256, (frames, *size, 3), dtype=np.uint8)
    y, x = np.indices(size)
    old = np.stack(
        [
            (np.abs(x - size[1] / 2 - 4 * np.sin(t / 4)) < size[1] * (0.18 + 0.1 * np.sin(y / 9 + t / 5)))
            & (y > 3) & (y < size[0] - 2)
            for t in range(frames)
        ]
    )  # fmt: skip
    new = np.roll(old, 3, axis=2)
    colorizer.colorize(rgb[:2], old[:2], new[:2])
    wall, processor = [], []
    for _ in range(rounds):
        begin, used = time.perf_counter(), time.process_time()
        colorizer.colorize(rgb, old, new)
        wall.append(time.perf_counter() - begin)
        processor.append(time.process_time() - used)
    each = float(np.median(processor)) / frames
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{each * 1e3:7.2f} ms of processor a frame (two cores: {2 / each:6.0f} frames/s), "
        f"{np.median(wall) / frames * 1e3:7.2f} ms by the clock, process at most {peak:.0f} MB"
    )


def ablations(fit: Callable[[Any], Any], probes: Sequence[Probe]) -> dict[str, dict[str, Scores]]:
    """Scores of the proposed colorizer as it is and with each choice changed."""
    scores = {"as it is": measure(fit(Proposed()), probes)}
    for name, settings in ablation_variants().items():
        scores[name] = measure(fit(Proposed(settings)), probes)
    return scores


def gather(suite: str, store: Path | None, subjects: int, angles: Sequence[int]) -> tuple[Any, list[Probe]]:
    """The systems of a suite, and probes of its first test subjects; prepares what the store lacks."""
    run = open_run(suite, store=store)
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    chosen = run.suite.split.test[:subjects]
    needs = [
        n for n in needs_of_role(run, "probe") if n.key.subject in chosen and n.key.angle in angles
    ]  # fmt: skip
    model2 = systems.anonymizer("model-2")
    probes = []
    for need, key in prepare_all(run, needs).items():
        found = load_prepared(run, need, key)
        if found.sequence is None or found.pictures is None:
            continue
        drawn = model2.anonymize(found.sequence, draw_noise(run.suite.seed, "model-2", need.key))[found.index]
        p = found.pictures
        probes.append(
            Probe(
                need.key.subject, need.key.angle, sets_of_scores(found.scores), p.rgb, p.silhouettes, drawn,
                p.oracle_silhouettes, p.oracle_rgb,
            )
        )  # fmt: skip
    return systems, probes


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", default="quick")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--subjects", type=int, default=10, help="test subjects measured")
    parser.add_argument("--angles", type=int, nargs="+", default=[0, 36, 90, 144])
    parser.add_argument("--effort", type=float, default=0.3, help="of every training")
    parser.add_argument("--colorizers", nargs="+", help="default: all that are registered")
    parser.add_argument("--no-ablations", action="store_true")
    options = parser.parse_args()

    systems, probes = gather(options.suite, options.store, options.subjects, options.angles)
    pictures, masks = systems.pictures, systems.training_masks
    print(f"suite {options.suite}, effort {options.effort}, {len(probes)} sequences, angles {options.angles}")

    def fit(colorizer: Any) -> Any:
        return colorizer.fit(pictures, seed=0, effort=options.effort, anonymized=masks)

    names = options.colorizers or COLORIZERS.names()
    # The differences are against the first line.
    names = sorted(names, key=lambda name: name != "proposed")
    fitted = {name: fit(COLORIZERS.get(name)()) for name in names}
    scores = {name: measure(colorizer, probes) for name, colorizer in fitted.items()}
    print("\n".join(table(scores, probes, SETS)))
    print("\nspeed at 128 x 88")
    for name, colorizer in fitted.items():
        print(f"  {name:12} {speed(colorizer)}", flush=True)
    if not options.no_ablations:
        print("\n".join(table(ablations(fit, probes), probes, ["all", "textural"])))


if __name__ == "__main__":
    main()
