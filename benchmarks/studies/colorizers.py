"""Colorizers side by side, attribution, speed: ``python -m benchmarks.studies.colorizers``.

References `overlap` and `original` are measured on Model 2's silhouettes, `truth` on the oracle's (another body in the
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

from gaitbench.colorizers.learned.ablations import attribution_steps
from gaitbench.datasets.labels import sets_of_scores, walk_scores
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.evaluation.pictures.references import compare_pictures
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.metrics import SubjectBootstrap
from gaitbench.registry import COLORIZERS
from gaitbench.suites.building import build

SETS = ("all", "plain", "textural", "complete", "incomplete")
REFERENCES = ("overlap", "original", "truth")
_MEASURES = ["psnr", "ssim", "sharpness"]


@dataclass(frozen=True)
class Probe:
    """Pictures of one test sequence, their sets, and what Model 2 makes of them: bool (K, h, w)."""

    pictures: GaitSequence
    sets: tuple[str, ...]
    anonymized: np.ndarray


#: By reference: PSNR in dB, SSIM, sharpness (1 is best) of every sequence, float (3, n); NaN where there is none.
Scores = dict[str, np.ndarray]


def measure(colorizer: Any, probes: Sequence[Probe]) -> Scores:
    """Scores of a colorizer under every reference; pictures equal to their reference count in no mean of PSNR."""
    rows: dict[str, list[np.ndarray]] = {name: [] for name in REFERENCES}
    for probe in probes:
        p = probe.pictures
        for name in REFERENCES:
            mask = p.oracle_silhouettes if name == "truth" else probe.anonymized
            found = None
            if mask is not None:
                painted = colorizer.colorize(p.rgb, p.silhouettes, mask).astype(float)
                found = compare_pictures(painted, p, mask, name, _MEASURES)
            if found is None:
                rows[name].append(np.full(3, np.nan))
                continue
            finite = np.where(np.isfinite(found), found, np.nan)
            known = np.isfinite(finite).any(axis=1)
            rows[name].append(
                np.where(known, np.nansum(finite, axis=1), np.nan) / np.isfinite(finite).sum(1).clip(1)
            )
    return {name: np.array(values).T for name, values in rows.items()}


def table(
    scores: dict[str, Scores], probes: Sequence[Probe], sets: Iterable[str], over: dict[str, str | None]
) -> list[str]:
    """Lines of a table: PSNR, SSIM and sharpness of each system, and its paired gain in PSNR over another one."""
    lines = []
    for reference in REFERENCES:
        for name in sets:
            members = np.array([name == "all" or name in p.sets for p in probes])
            lines.append(f"\n{reference}, {name} ({members.sum()} sequences)")
            if not members.any():
                continue
            people = [p.pictures.key.subject for p, m in zip(probes, members, strict=True) if m]
            boot = SubjectBootstrap(people, resamples=1000, confidence=0.95, seed=0)
            for system, parts in scores.items():
                psnr, ssim, sharp = (
                    np.nanmean(v) if np.isfinite(v).any() else np.nan for v in parts[reference][:, members]
                )
                line = f"  {system:48} {psnr:7.3f} dB  {ssim:.4f}  sharpness {sharp:.3f}"
                before = over.get(system)
                if before is not None:
                    gap, low, high = boot.mean(
                        parts[reference][0, members] - scores[before][reference][0, members]
                    )
                    if gap is not None:
                        line += f"   {gap:+.3f} [{low:+.3f}, {high:+.3f}] dB over {before}"
                lines.append(line)
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


def attribution(fit: Callable[[Any], Any], probes: Sequence[Probe]) -> list[str]:
    """Where the gain from the slides' baseline to the slides' proposed, and on to ours, comes from."""
    scores, over = {}, {}
    for step in attribution_steps():
        scores[step.changed] = measure(fit(build(COLORIZERS, step.value)), probes)
        over[step.changed] = step.after
        print(f"trained: {step.changed}", flush=True)
    scores["gaitbench"], over["gaitbench"] = measure(COLORIZERS.get("gaitbench")(), probes), "proposed"
    return table(scores, probes, SETS, over)


def gather(suite: str, store: Path | None, subjects: int, angles: Sequence[int]) -> tuple[Any, list[Probe]]:
    """The systems of a suite, and probes of its first test subjects; prepares what the store lacks."""
    run = open_run(suite, store=store)
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    chosen = run.suite.split.test[:subjects]
    needs = [
        n for n in needs_of_role(run, "probe") if n.key.subject in chosen and n.key.angle in angles
    ]  # fmt: skip
    model2 = systems.anonymizer("model-2")
    found = {need: load_prepared(run, need, key) for need, key in prepare_all(run, needs).items()}
    scores = walk_scores({need.key: p.scores for need, p in found.items() if p.scores})
    probes = []
    for need, p in found.items():
        if p.sequence is None or p.pictures is None:
            continue
        drawn = model2.anonymize(p.sequence, draw_noise(run.suite.seed, "model-2", need.key))[p.index]
        probes.append(Probe(p.pictures, sets_of_scores(scores[need.key]), drawn))
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
    parser.add_argument("--seed", type=int, default=0, help="of every training")
    parser.add_argument("--no-attribution", action="store_true")
    parser.add_argument("--only-attribution", action="store_true")
    options = parser.parse_args()

    systems, probes = gather(options.suite, options.store, options.subjects, options.angles)
    print(f"suite {options.suite}, effort {options.effort}, {len(probes)} sequences, angles {options.angles}")

    def fit(colorizer: Any) -> Any:
        if not getattr(colorizer, "trainable", True):
            return colorizer
        masks = systems.training_masks(colorizer.taught_by or "model-2")
        return colorizer.fit(systems.pictures, seed=options.seed, effort=options.effort, anonymized=masks)

    if not options.only_attribution:
        # the gains are over the first line
        names = sorted(options.colorizers or COLORIZERS.names(), key=lambda name: name != "proposed")
        fitted = {name: fit(COLORIZERS.get(name)()) for name in names}
        scores = {name: measure(colorizer, probes) for name, colorizer in fitted.items()}
        print("\n".join(table(scores, probes, SETS, dict.fromkeys(names[1:], names[0]))))
        print("\nspeed at 128 x 88")
        for name, colorizer in fitted.items():
            print(f"  {name:12} {speed(colorizer)}", flush=True)
    if not options.no_attribution:
        print("\n".join(attribution(fit, probes)))


if __name__ == "__main__":
    main()
