"""The style weight of `proposed-gated`, chosen on training people: ``python -m benchmarks.studies.style_weight``.

Of the subjects of the role `models`, 051-072 train and 073-080 validate; nobody of the test role is looked at.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from gaitbench.colorizers.learned.gated import BaselineGated, ProposedGated, ProposedGatedSettings
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.metrics import SubjectBootstrap, psnr, ssim

#: First validation subject.
_VALIDATE_FROM = "073"
#: Every fifth picture is measured.
_STRIDE = slice(None, None, 5)


def main() -> None:
    """Train the gated baseline, and the gated proposed one at several weights; print their paired differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effort", type=float, default=0.7)
    parser.add_argument("--weights", type=float, nargs="+", default=[0.03, 0.015, 0.0075])
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()

    run = open_run("quick", store=options.store)
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    model2 = systems.anonymizer("model-2")
    pictures = systems.pictures
    silhouettes = {s.key: s for s in systems.silhouettes}
    masks = []
    for p in pictures:
        whole = silhouettes[p.key]
        drawn = model2.anonymize(whole, draw_noise(run.suite.seed, "model-2", p.key, "training"))
        masks.append(drawn[np.isin(whole.frame_numbers, p.frame_numbers)])
    train = [i for i, p in enumerate(pictures) if p.key.subject < _VALIDATE_FROM]
    validate = [i for i, p in enumerate(pictures) if p.key.subject >= _VALIDATE_FROM]

    def measured(colorizer):
        colorizer.fit(
            [pictures[i] for i in train], seed=0, effort=options.effort, anonymized=[masks[i] for i in train]
        )
        first, second = [], []
        for i in validate:
            p = pictures[i]
            painted = colorizer.colorize(p.rgb[_STRIDE], p.silhouettes[_STRIDE], masks[i][_STRIDE]).astype(
                float
            )
            target = p.rgb[_STRIDE] / 255.0 * p.silhouettes[_STRIDE][..., None]
            first.append(psnr(painted, target))
            second.append(ssim(painted, target))
        return np.concatenate(first), np.concatenate(second)

    people = [pictures[i].key.subject for i in validate for _ in pictures[i].rgb[_STRIDE]]
    boot = SubjectBootstrap(people, resamples=2000, confidence=0.95, seed=0)
    base = measured(BaselineGated())
    print(f"baseline           {base[0].mean():.4f} dB  {base[1].mean():.4f}", flush=True)
    for weight in options.weights:
        mine = measured(ProposedGated(ProposedGatedSettings(style_weight=weight)))
        gaps = [boot.mean(a - b) for a, b in zip(mine, base, strict=True)]
        text = "  ".join(f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]" for mean, low, high in gaps)
        print(
            f"proposed {weight:<9} {mine[0].mean():.4f} dB  {mine[1].mean():.4f}  minus baseline {text}",
            flush=True,
        )


if __name__ == "__main__":
    main()
