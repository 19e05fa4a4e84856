"""Rows of the attacker ladder and of everything else that schema version 2 added, with known figures."""

from __future__ import annotations

import numpy as np

from gaitbench.results.schema_attacks import CmcPoint, GallerySize, Identification, Recognition, SubjectTail
from gaitbench.results.schema_pictures import Ablation, Naturalness, PictureMeasure

ANGLES = tuple(range(0, 181, 18))
SETS = ("plain", "textural", "complete", "incomplete")
SYSTEMS = (
    ("model-2", ("baseline", "proposed", "nearest")),
    ("model-1", ("proposed",)),
    ("deform", ("proposed",)),
)
ATTACKERS = ("ignorant", "lazy-informed", "semi-informed", "informed")
RECOGNIZERS = ("robust-vtm", "tsvd-vtm", "gei-lda")
CONTROLS = ("original", "someone-else", "constant", "oracle")


def attack_row(anonymizer, attacker, recognizer, input_, rank1, *, colorizer="none", n=120, s=100, **changes):
    """A row of the ladder whose figures hang together: success from rank-1, the rest near it."""
    m = round(s * (1 - rank1 / 100))
    success = 100 * m / s if s else None
    row = {
        "anonymizer": anonymizer, "colorizer": colorizer, "attacker": attacker, "recognizer": recognizer,
        "input": input_, "gallery": "all-views", "n": n, "people": 40, "rank1": rank1,
        "rank1_ci_low": max(0.0, rank1 - 4), "rank1_ci_high": min(100.0, rank1 + 4),
        "rank5": min(100.0, rank1 + 14), "map": min(100.0, rank1 + 4), "mrr": min(100.0, rank1 + 6),
        "eer": max(0.0, 50 - rank1 / 2),
        "d_sys": rank1 / 110, "d_sys_null": 0.031, "corrected": (rank1 / 100 - 0.025) / 0.975,
        "s": s, "m": m if s else 0, "success": success,
        "success_ci_low": None if success is None else max(0.0, success - 4),
        "success_ci_high": None if success is None else min(100.0, success + 4),
    }  # fmt: skip
    return Identification(**(row | changes))


def attack_tables():
    """A few rows in every table of version 2, small enough to check by hand."""
    ladder = [
        attack_row("model-2", "ignorant", "robust-vtm", "silhouette", 8.0),
        attack_row("model-2", "semi-informed", "robust-vtm", "silhouette", 31.0),
        attack_row("model-2", "semi-informed", "gei-lda", "silhouette", 3.0, rank5=None, map=None, eer=None,
                   d_sys=None, d_sys_null=None),
        attack_row("model-2", "ignorant", "appearance", "appearance", 62.5, colorizer="proposed"),
        attack_row("model-2", "ignorant", "appearance", "appearance", 12.5, colorizer="baseline"),
        attack_row("original", "ignorant", "robust-vtm", "silhouette", 90.0, m=0, success=0.0,
                   success_ci_low=0.0, success_ci_high=0.0),
        attack_row("someone-else", "ignorant", "robust-vtm", "silhouette", 2.5),
        attack_row("constant", "ignorant", "robust-vtm", "silhouette", 2.5, s=0),
    ]  # fmt: skip
    attack = ("ignorant", "robust-vtm", "silhouette")
    return {
        "identification": tuple(ladder),
        "cmc": tuple(
            CmcPoint(anonymizer, "none", *attack, "all-views", rank, min(100.0, first + 3.0 * (rank - 1)))
            for anonymizer, first in (("original", 90.0), ("model-2", 8.0))
            for rank in (1, 2, 3, 5)
        ),
        "recognition": tuple(
            Recognition("robust-vtm", "nm", g, p, 40, value)
            for g, p, value in ((0, 0, 97.5), (0, 90, 40.04), (90, 0, 50.05), (90, 90, None))
        ),
        "gallery_size": tuple(
            GallerySize("model-2", "none", *attack, size, success, 100 - success, extrapolated)
            for size, success, extrapolated in ((10, 82.0, False), (40, 92.0, False), (1000, 98.5, True))
        ),
        "subject_tail": (
            SubjectTail("model-2", "none", *attack, "082", 3, 33.25),
            SubjectTail("model-2", "none", *attack, "081", 3, 66.5),
        ),
        "picture_measures": (
            PictureMeasure("model-2", "baseline", "plain", "original", "gmsd", 0.081, 0.079, 0.083, 120),
            PictureMeasure("model-2", "proposed", "plain", "original", "gmsd", 0.071, 0.069, 0.073, 120),
            PictureMeasure("model-2", "proposed", "plain", "original", "sharpness", 0.92, 0.9, 0.94, 120),
        ),
        "naturalness": (
            Naturalness("model-2", "", "period", 0.12, 0.1, 0.14, 120),
            Naturalness("model-1", "strength 0.1", "period", 0.05, 0.04, 0.06, 120),
            Naturalness("original", "", "period", 0.0, None, None, 120),
        ),
        "ablations": (
            Ablation("model-2", "proposed", "", "plain", "original", 24.73, 24.4, 25.0, 0.9142, 0.92, 120),
            Ablation("model-2", "proposed", "centre eroded", "plain", "original", 24.1, 23.8, 24.4, 0.91, None, 120),
        ),
    }  # fmt: skip


def many_attacks(rng, systems=SYSTEMS, attackers=ATTACKERS, recognizers=RECOGNIZERS):
    """Every table of version 2 at the size of a real run."""
    ladder = []
    for i, (anonymizer, colorizers) in enumerate(systems):
        for j, attacker in enumerate(attackers):
            for k, recognizer in enumerate(recognizers):
                rank1 = 5 + 4 * i + 7 * j + 2 * k + float(rng.uniform(-2, 2))
                ladder.append(
                    attack_row(anonymizer, attacker, recognizer, "silhouette", rank1, n=2640, s=2100)
                )
        for c, colorizer in enumerate(colorizers):
            for input_, rank1 in (("resegmented", 11 + c), ("appearance", 38 - 6 * c + 5 * i)):
                recognizer = "robust-vtm" if input_ == "resegmented" else "appearance"
                ladder.append(attack_row(anonymizer, "ignorant", recognizer, input_, rank1 + float(rng.uniform(0, 3)),
                                         colorizer=colorizer, n=2640, s=2100))  # fmt: skip
    for control, rank1 in zip(CONTROLS, (84.0, 2.4, 2.5, 41.0), strict=True):
        changes = (
            {"m": 0, "success": 0.0, "success_ci_low": 0.0, "success_ci_high": 0.0}
            if control == "original"
            else {}
        )
        for recognizer in recognizers:
            ladder.append(
                attack_row(control, "ignorant", recognizer, "silhouette", rank1, n=2640, s=2100, **changes)
            )
    cmc, sizes, tail = [], [], []
    for row in ladder:
        place = (row.anonymizer, row.colorizer, *row.attack)
        for rank in range(1, 41):
            rate = row.rank1 + (100 - row.rank1) * (1 - np.exp(-(rank - 1) / 12)) if rank < 40 else 100.0
            cmc.append(CmcPoint(*place, row.gallery, rank, float(rate)))
        if row.anonymizer in CONTROLS:
            continue
        for size in (5, 10, 20, 40, 200, 1000):
            rank1 = min(100.0, row.rank1 * (40 / size) ** 0.4)
            sizes.append(GallerySize(*place, size, 100 - rank1, rank1, size > 40))
        if row.attacker == "ignorant":
            tail += [
                SubjectTail(*place, f"{81 + s:03d}", 66, min(100.0, 3 * row.rank1 / (s + 1)))
                for s in range(3)
            ]
    recognition = [
        Recognition(
            recognizer,
            condition,
            g,
            p,
            80,
            float(np.clip(top - 0.35 * abs(g - p) + rng.uniform(-4, 4), 0, 100)),
        )
        for recognizer in recognizers
        for condition, top in (("nm", 95.0), ("bg", 74.0), ("cl", 52.0))
        for g in ANGLES
        for p in ANGLES
    ]
    measures, ablations = [], []
    for set_ in SETS:
        for anonymizer, colorizers in systems:
            for c, colorizer in enumerate(colorizers):
                for name, value in (
                    ("gmsd", 0.09 - 0.01 * c),
                    ("sharpness", 0.7 + 0.1 * c),
                    ("flicker", 0.02 + 0.01 * c),
                ):
                    measures.append(
                        PictureMeasure(
                            anonymizer,
                            colorizer,
                            set_,
                            "original",
                            name,
                            value,
                            value - 0.01,
                            value + 0.01,
                            120,
                        )
                    )
        for changed in ("", "centre eroded", "patch Gram", "without style loss"):
            psnr = 24.7 - 0.2 * len(changed) / 10
            ablations.append(
                Ablation(
                    "model-2",
                    "proposed",
                    changed,
                    set_,
                    "original",
                    psnr,
                    psnr - 0.3,
                    psnr + 0.3,
                    0.91,
                    0.8,
                    120,
                )
            )
    natural = [
        Naturalness(name, variant, measure, value, value - 0.01, value + 0.01, 240)
        for name, variants in (("original", ("",)), ("model-2", ("",)),
                               ("model-1", ("", "strength 0.1", "strength 0.2", "strength 0.3")))
        for number, variant in enumerate(variants)
        for measure, value in (("period error", 0.05 + 0.03 * number), ("roughness", 0.2 + 0.05 * number))
    ]  # fmt: skip
    return {
        "identification": tuple(ladder), "cmc": tuple(cmc), "recognition": tuple(recognition),
        "gallery_size": tuple(sizes), "subject_tail": tuple(tail), "picture_measures": tuple(measures),
        "naturalness": tuple(natural), "ablations": tuple(ablations),
    }  # fmt: skip
