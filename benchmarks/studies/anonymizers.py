"""Privacy against naturalness over the strength of each anonymizer: ``python -m benchmarks.studies.anonymizers``.

Success rate under robust VTM (trained and enrolled as in the suite `quick`) on a few test people and angles,
beside the measures of `gaitbench.metrics.naturalness`; a table, and a figure with ``--figure``.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gaitbench.anonymizers.coarsen import Blur, BlurSettings, Pixelate, PixelateSettings
from gaitbench.anonymizers.controls import Original
from gaitbench.anonymizers.deform import Deform, DeformSettings
from gaitbench.anonymizers.model1.anonymizer import Model1, Model1Settings
from gaitbench.anonymizers.model2.anonymizer import Model2
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.silhouettes.completeness import complete_frames
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.utility.naturalness import period_difference
from gaitbench.metrics.naturalness import NearestReal, relative_smoothness, unbroken
from gaitbench.store import digest
from recognizer import RobustVTM, gait_energy_image

#: Front, oblique, side, oblique from behind.
ANGLES = (0, 36, 90, 144)

HEAD = (
    f"{'anonymizer':10} {'setting':>8} {'success %':>9} {'least':>6} {'most':>6} {'unbroken %':>10} {'damaged %':>9} "
    f"{'motion':>6} {'period':>6} {'sure':>5} {'nearest':>7}"
)


@dataclass(frozen=True)
class Point:
    """One system at one strength.

    `success` in percent over all angles, `least` and `most` over the angles; `whole` and `damaged` the share of
    unbroken frames in percent, of the probes and of the probes with a band cut out; `motion` relative
    smoothness; `period` mean absolute difference in frames over `sure` sequences; `nearest` distance ratio.
    """

    name: str
    setting: float
    success: float
    least: float
    most: float
    whole: float
    damaged: float
    motion: float
    period: float
    sure: int
    nearest: float

    def line(self) -> str:
        """As a row of the table."""
        return (
            f"{self.name:10} {self.setting:8.2f} {self.success:9.1f} {self.least:6.1f} {self.most:6.1f} "
            f"{self.whole:10.1f} {self.damaged:9.1f} {self.motion:6.2f} {self.period:6.2f} {self.sure:5d} "
            f"{self.nearest:7.2f}"
        )


def cut_band(sequence: GaitSequence) -> GaitSequence:
    """The sequence with a band at the knees missing in every frame, as behind a rail."""
    height = sequence.size[0]
    silhouettes = sequence.silhouettes.copy()
    silhouettes[:, round(0.68 * height) : round(0.76 * height)] = False
    return GaitSequence(sequence.key, silhouettes, None, sequence.frame_numbers, sequence.frame_count)


def banks(sequences: Iterable[GaitSequence]) -> dict[int, NearestReal]:
    """Complete silhouettes of the training people at each angle, every fourth frame."""
    frames: dict[int, list[np.ndarray]] = {}
    owners: dict[int, list[str]] = {}
    for s in sequences:
        kept = s.silhouettes[complete_frames(s.silhouettes)][::4]
        frames.setdefault(s.key.angle, []).extend(kept)
        owners.setdefault(s.key.angle, []).extend([s.key.subject] * len(kept))
    return {a: NearestReal.fit(np.stack(f), np.array(owners[a])) for a, f in frames.items()}


def variants(training: Sequence[GaitSequence], effort: float) -> list[tuple[Any, float]]:
    """Every system at its strengths; Model 1 is trained once, its strength counts when it anonymizes."""
    model1 = Model1().fit(training, seed=0, effort=effort)
    model2 = Model2().fit(training, seed=0, effort=effort)
    return [(Original(), 0.0), *variants_of(model1.state(), model2)]


def variants_of(model1: dict[str, np.ndarray], model2: Model2) -> list[tuple[Any, float]]:
    """As `variants`, for trained models."""
    return [
        *((Model1(Model1Settings(strength=s)).load_state(model1), s) for s in (0.1, 0.2, 0.3)),
        *(
            (Model2(replace(model2.settings, strength=s)).load_state(model2.state()), s)
            for s in (0.4, 0.6, 0.8, 1.0)
        ),
        *((Deform(DeformSettings(strength=s)), s) for s in (0.1, 0.2, 0.3, 0.5)),
        *((Blur(BlurSettings(sigma=s)), s) for s in (1.0, 3.0, 5.0)),
        *((Pixelate(PixelateSettings(block=b)), float(b)) for b in (4, 8, 12)),
    ]


def measure(
    system: Any,
    setting: float,
    probes: Sequence[GaitSequence],
    attacker: RobustVTM,
    real: dict[int, NearestReal],
    seed: int = 0,
) -> Point:
    """Anonymize the probes and measure privacy and naturalness."""

    def draw(s: GaitSequence) -> np.random.Generator:
        return np.random.default_rng(int(digest("noise", seed, system.name, str(s.key), "probe"), 16))

    outs = [system.anonymize(s, draw(s)) for s in probes]
    spoiled = [system.anonymize(cut_band(s), draw(s)) for s in probes]
    angle = np.array([s.key.angle for s in probes])
    subject = np.array([s.key.subject for s in probes])

    def named(silhouettes: list[np.ndarray]) -> np.ndarray:
        images = np.stack([gait_energy_image(s, fps=25) for s in silhouettes]).astype(np.float32)
        return attacker.predict(images, angle=angle) == subject

    before, after = named([s.silhouettes for s in probes]), named(outs)
    hidden = before & ~after
    rates = [100.0 * hidden[angle == a].sum() / before[angle == a].sum() for a in np.unique(angle)]
    gaps = [period_difference(o, s.silhouettes) for o, s in zip(outs, probes, strict=True)]
    sure = [abs(g) for g in gaps if not math.isnan(g)]
    motion = [relative_smoothness(o, s.silhouettes) for o, s in zip(outs, probes, strict=True)]
    return Point(
        system.name, setting, 100.0 * hidden.sum() / before.sum(), min(rates), max(rates),
        100.0 * float(np.mean([unbroken(o) for o in outs])),
        100.0 * float(np.mean([unbroken(o) for o in spoiled])),
        float(np.nanmean(motion)), float(np.mean(sure)) if sure else float("nan"), len(sure),
        float(np.mean([real[s.key.angle].ratio(o) for o, s in zip(outs, probes, strict=True)])),
    )  # fmt: skip


def draw_figure(points: Sequence[Point], path: Path) -> None:
    """The curves: success against distance to real silhouettes, motion and unbroken frames."""
    panels: list[tuple[str, Callable[[Point], float]]] = [
        ("distance to the nearest real silhouette\n(1 = as among real people)", lambda p: p.nearest),
        ("motion between frames\n(1 = as the original)", lambda p: p.motion),
        ("unbroken frames of damaged inputs, %", lambda p: p.damaged),
    ]
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    names = list(dict.fromkeys(p.name for p in points))
    colors = dict(
        zip(names, ("#444444", "#d1495b", "#2e6f95", "#e3a021", "#6a994e", "#8d6a9f"), strict=False)
    )
    for axis, (label, value) in zip(figure.subplots(1, 3), panels, strict=True):
        for name in names:
            mine = [p for p in points if p.name == name]
            axis.plot(
                [p.success for p in mine],
                [value(p) for p in mine],
                "o-",
                ms=4,
                color=colors[name],
                label=name,
            )
            for p in mine:
                if name != "original":
                    axis.annotate(
                        f"{p.setting:g}", (p.success, value(p)), (3, 3), textcoords="offset points", fontsize=7,
                        color=colors[name],
                    )  # fmt: skip
        axis.set_xlabel("success rate, % (robust VTM)")
        axis.set_title(label, fontsize=9)
        axis.spines[["top", "right"]].set_visible(False)
    figure.legend(
        *axis.get_legend_handles_labels(), loc="outside lower center", ncols=len(names), frameon=False
    )
    figure.savefig(path, dpi=110)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare, train, measure, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effort", type=float, default=0.8)
    parser.add_argument("--every", type=int, default=2, help="take every n-th test subject")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--figure", type=Path, help="PNG to write")
    options = parser.parse_args(arguments)
    run = open_run("quick", store=options.store, angles=ANGLES)

    def prepared(role: str) -> list[GaitSequence]:
        found = prepare_all(run, needs_of_role(run, role))
        loaded = (
            load_prepared(run, need, key).sequence
            for need, key in sorted(found.items(), key=lambda f: f[0].key)
        )
        return [s for s in loaded if s is not None]

    def learn(act: Callable[..., Any], sequences: list[GaitSequence], **more: Any) -> None:
        images = np.stack([gait_energy_image(s.silhouettes, fps=25) for s in sequences]).astype(np.float32)
        act(
            images,
            [s.key.subject for s in sequences],
            angle=np.array([s.key.angle for s in sequences]),
            **more,
        )

    attacker, training = RobustVTM(), prepared("models")
    known = prepared("recognizer")
    learn(attacker.fit, known, walk=[s.key.walk for s in known])
    learn(attacker.enroll, prepared("gallery"))
    probes = [s for s in prepared("probe") if s.key.angle in ANGLES]
    people = sorted({s.key.subject for s in probes})[:: options.every]
    probes = [s for s in probes if s.key.subject in people]
    real = banks(training)
    points = []
    print(f"{len(probes)} probes of {len(people)} people at {ANGLES}\n{HEAD}")
    for system, setting in variants(training, options.effort):
        points.append(measure(system, setting, probes, attacker, real))
        print(points[-1].line(), flush=True)
    if options.figure:
        draw_figure(points, options.figure)


if __name__ == "__main__":
    main()
