"""Runs that nobody ran: records with known figures, for the tests of reporting.

`write_fake_run` draws a realistic one (11 angles, controls, four sets, sampled sequences with pictures);
`small_record` is small enough to check by hand and has what schema version 1 held; `second_record` adds every table of
version 2 and is what the golden tables were written from.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from fake_attacks import attack_tables, many_attacks

from gaitbench.results.record import Record
from gaitbench.results.schema import (
    SCORE_COLUMNS,
    Check,
    Competence,
    Failure,
    Quality,
    QualityDifference,
    Sample,
    SetShare,
    Stage,
    SuccessRate,
)

ANGLES = tuple(range(0, 181, 18))
SETS = ("plain", "textural", "complete", "incomplete")
SIZE = (64, 44)

#: Both rivals were trained five times.
REPEATED = {"trainings_a": 5, "trainings_b": 5}


def provenance(**changes):
    dataset = {
        "name": "walkers",
        "rendered": True,
        "fingerprint": "f" * 16,
        "subjects": 120,
        "sequences": 9240,
        "missing": [],
    }
    dataset |= changes.pop("dataset", {})
    return {
        "package_version": "0.1.0",
        "git_commit": "0123456789abcdef0123456789abcdef01234567",
        "created": "2026-01-02T03:04:05Z",
        "suite_name": "quick",
        "suite": {"angles": list(ANGLES), "size": list(SIZE), "bootstrap": {"draws": 2000, "level": 0.95}},
        "suite_hash": "5" * 64,
        "dataset": dataset,
        "split_hash": "a" * 64,
        "seed": 7,
        "device": "cpu",
        "platform": {"system": "Linux", "machine": "x86_64", "python": "3.11.2", "processors": 2},
        "libraries": {"numpy": "2.0.0", "torch": "2.13.0"},
    } | changes


def rate_row(anonymizer, angle, n, s, m, **changes):
    rate = 100 * m / s if s else None
    half = 3.0 + 0.02 * abs(90 - angle)
    row = {
        "anonymizer": anonymizer,
        "colorizer": "none",
        "attacker": "ignorant",
        "recognizer": "robust-vtm",
        "input": "silhouette",
        "gallery": "all-views",
        "angle": angle,
        "n": n,
        "s": s,
        "m": m,
        "rate": rate,
        "ci_low": None if rate is None else max(0.0, rate - half) if 0 < m < s else rate,
        "ci_high": None if rate is None else min(100.0, rate + half) if 0 < m < s else rate,
        "chance": 97.5,
        "rank1_before": 100 * s / n,
        "rank1_after": 100 * (s - m) / n,
    }
    return SuccessRate(**(row | changes))


def quality_row(anonymizer, colorizer, set_, reference, psnr, ssim, n=120, infinite=0):
    return Quality(
        anonymizer,
        colorizer,
        set_,
        reference,
        psnr,
        None if psnr is None else psnr - 0.35,
        None if psnr is None else psnr + 0.35,
        ssim,
        None if ssim is None else max(-1.0, ssim - 0.006),
        None if ssim is None else min(1.0, ssim + 0.006),
        n,
        infinite,
        5 if colorizer in ("baseline", "proposed") else 0,
    )


def second_record(**changes):
    """`small_record` with every table of version 2, a failed attack, and p-values."""
    old = small_record()
    differences = tuple(
        dataclasses.replace(row, p_value=p, p_holm=min(1.0, 2 * p))
        for row, p in zip(old.quality_difference, (0.001, 0.081), strict=True)
    )
    where = "anonymizer=model-2, colorizer=none, attacker=informed, recognizer=gei-lda, input=silhouette"
    failures = (*old.failures, Failure("attack", where, "one walk a person is not enough"))
    values = attack_tables() | {"quality_difference": differences, "failures": failures}
    return dataclasses.replace(old, **(values | changes))


def small_record(**changes):
    """Two angles, two sets: every kind of cell once (value, undefined, failed, infinite, not run)."""
    rates = [rate_row("model-2", 0, 60, 40, 34, colorizer=c) for c in ("none", "baseline", "proposed")] + [
        rate_row("model-2", 90, 60, 50, 45, colorizer=c) for c in ("none", "baseline", "proposed")
    ]
    rates += [rate_row("original", a, 60, s, 0) for a, s in ((0, 40), (90, 50))]
    rates += [rate_row("someone-else", a, 60, s, m) for a, s, m in ((0, 40, 39), (90, 50, 49))]
    rates += [rate_row("constant", 0, 60, 0, 0)]
    quality = [
        quality_row("model-2", "baseline", "plain", "original", 24.2417, 0.9062),
        quality_row("model-2", "proposed", "plain", "original", 24.7302, 0.9142),
        quality_row("model-2", "baseline", "textural", "original", 23.6273, 0.8970),
        quality_row("original", "none", "plain", "original", None, 1.0, infinite=120),
        quality_row("oracle", "proposed", "plain", "truth", 21.5, 0.881),
    ]
    differences = [
        QualityDifference(
            "model-2",
            "proposed",
            "baseline",
            "plain",
            "original",
            "psnr",
            0.4885,
            0.31,
            0.66,
            120,
            trainings_a=5,
            trainings_b=5,
        ),
        QualityDifference(
            "model-2",
            "proposed",
            "baseline",
            "plain",
            "original",
            "ssim",
            0.008,
            -0.001,
            0.017,
            120,
            trainings_a=5,
            trainings_b=5,
        ),
    ]
    competence = [
        Competence("robust-vtm", "all-views", c, a, 20, r, r - 4, r + 4)
        for c, a, r in (
            ("nm", 0, 85.0),
            ("nm", 90, 95.0),
            ("nm", None, 90.0),
            ("bg", 0, 60.0),
            ("bg", 90, 70.0),
            ("bg", None, 65.0),
            ("cl", 90, 55.0),
        )
    ]
    values = {
        "provenance": provenance(),
        "stages": (Stage("recognizer", 12.5, 800.0, False),),
        "success_rate": tuple(rates),
        "quality": tuple(quality),
        "quality_difference": tuple(differences),
        "competence": tuple(competence),
        "sets": (SetShare("plain", 60, 50.0), SetShare("textural", 60, 50.0)),
        "checks": (
            Check("attacker competent", True, "rank-1 nm 90.0 %", "finding"),
            Check("constant <= chance", False, "undefined", "finding"),
        ),
        "failures": (
            Failure("colorizers", "anonymizer=model-2, colorizer=proposed, set=textural", "loss became NaN"),
            Failure(
                "evaluation",
                "recognizer=robust-vtm, condition=cl, angle=0",
                "no probe with a coat at 0 degrees",
            ),
        ),
    }
    return Record(**(values | changes))


def scores(record, rng):
    rows = []
    for angle in ANGLES:
        for subject in range(81, 86):
            key = f"{subject:03d}-nm-05-{angle:03d}"
            base = {
                "key": key,
                "subject": f"{subject:03d}",
                "walk": "nm-05",
                "condition": "nm",
                "angle": angle,
                "anonymizer": "model-2",
                "colorizer": "none",
                "attacker": "ignorant",
                "recognizer": "robust-vtm",
                "input": "silhouette",
                "gallery": "all-views",
                "set": None,
                "reference": None,
            }
            rows.append(
                base
                | {
                    "kind": "identification",
                    "measure": "correct_before",
                    "value": 1.0,
                    "named": f"{subject:03d}",
                }
            )
            rows.append(
                base | {"kind": "identification", "measure": "correct_after", "value": 0.0, "named": "099"}
            )
            rows.append(
                base
                | {
                    "kind": "quality",
                    "colorizer": "proposed",
                    "set": "plain",
                    "reference": "original",
                    "measure": "psnr",
                    "value": float(24 + rng.random()),
                    "named": None,
                }
            )
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS))


def fake_record(**changes):
    rng = np.random.default_rng(20)
    rates = []
    for i, angle in enumerate(ANGLES):
        n = 240
        s = int(150 + 60 * np.sin(np.pi * i / 10) + rng.integers(-6, 6))
        m = int(s * (0.83 + 0.09 * np.sin(np.pi * i / 10) + rng.uniform(-0.02, 0.02)))
        rates += [rate_row("model-2", angle, n, s, m, colorizer=c) for c in ("none", "baseline", "proposed")]
        m = int(s * (0.70 + 0.12 * np.sin(np.pi * i / 10) + rng.uniform(-0.02, 0.02)))
        rates += [rate_row("model-2", angle, n, s, m, colorizer="proposed", input="resegmented")]
        rates.append(rate_row("original", angle, n, s, 0))
        rates.append(rate_row("someone-else", angle, n, s, round(s * rng.uniform(0.96, 0.99))))
        rates.append(rate_row("constant", angle, n, s, round(s * 0.972)))
        rates.append(rate_row("oracle", angle, n, s, int(s * rng.uniform(0.5, 0.6))))
    quality, differences = [], []
    for k, set_ in enumerate(SETS):
        for reference, shift in (("original", 0.0), ("overlap", 3.1), ("scene", 4.4)):
            p, q = 23.6 + 0.25 * k + shift, 0.897 + 0.003 * k + shift / 100
            quality.append(quality_row("model-2", "baseline", set_, reference, p, q))
            quality.append(quality_row("model-2", "proposed", set_, reference, p + 0.6, q + 0.009))
            differences.append(
                QualityDifference(
                    "model-2",
                    "proposed",
                    "baseline",
                    set_,
                    reference,
                    "psnr",
                    0.6,
                    0.42,
                    0.78,
                    120,
                    trainings_a=5,
                    trainings_b=5,
                )
            )
            low = -0.001 if set_ == "complete" else 0.004
            differences.append(
                QualityDifference(
                    "model-2",
                    "proposed",
                    "baseline",
                    set_,
                    reference,
                    "ssim",
                    0.009,
                    low,
                    0.014,
                    120,
                    trainings_a=5,
                    trainings_b=5,
                )
            )
        for colorizer, p in (("baseline", 20.9), ("proposed", 21.8)):
            quality.append(quality_row("oracle", colorizer, set_, "truth", p + 0.1 * k, 0.86 + 0.003 * k))
        quality.append(quality_row("original", "none", set_, "original", None, 1.0, infinite=120))
        quality.append(quality_row("constant", "proposed", set_, "original", 19.4 + 0.1 * k, 0.83))
    competence = []
    for condition, top in (("nm", 92.0), ("bg", 74.0), ("cl", 51.0)):
        values = [top - 14 * abs(np.cos(np.pi * i / 10)) + rng.uniform(-2, 2) for i in range(11)]
        for angle, value in zip((*ANGLES, None), (*values, float(np.mean(values))), strict=True):
            half = 2.0 if angle is None else 6.0
            competence.append(
                Competence(
                    "robust-vtm",
                    "all-views",
                    condition,
                    angle,
                    80 if angle is not None else 880,
                    float(value),
                    float(max(0, value - half)),
                    float(min(100, value + half)),
                )
            )
    values = {
        "provenance": provenance(),
        "stages": (
            Stage("walkers", 101.2, 900.0, True),
            Stage("recognizer", 41.0, 1200.0, False),
            Stage("model-2", 122.4, 1500.0, False),
            Stage("colorizers", 210.9, 1900.0, False),
            Stage("evaluation", 33.3, 1100.0, False),
        ),
        "success_rate": tuple(rates),
        "quality": tuple(quality),
        "quality_difference": tuple(differences),
        "competence": tuple(competence),
        "sets": (
            SetShare("plain", 1200, 45.5),
            SetShare("textural", 1440, 54.5),
            SetShare("complete", 1900, 72.0),
            SetShare("incomplete", 740, 28.0),
        ),
        "checks": (
            Check(
                "attacker-competent-mean",
                True,
                "rank-1 nm 84.1 % on average, at least 80 % promised",
                "control",
            ),
            Check(
                "attacker-competent-worst",
                True,
                "rank-1 nm 78.0 % at 0 degrees, at least 60 % promised",
                "control",
            ),
            Check("control-original", True, "success 0 % at every angle", "control"),
            Check(
                "hidden-at-every-angle",
                True,
                "lowest success 80.1 % at 0 degrees, at least 79.04 % promised",
                "finding",
            ),
            Check("equal-success-of-colorizers", True, "equal at all 11 angles", "control"),
            Check(
                "proposed-better-everywhere",
                None,
                "SSIM, complete: the interval of the difference holds zero",
                "claim",
            ),
        ),
        "failures": (),
        "samples": (),
    } | many_attacks(rng)
    record = Record(**(values | changes))
    return record if "scores" in changes else Record(**{**record.__dict__, "scores": scores(record, rng)})


def _walker(rng, t, shift, coat):
    """One 64 x 44 frame of a stick-and-ellipse person: mask and RGB."""
    w = SIZE[1]
    mask = np.zeros(SIZE, np.uint8)
    swing = np.sin(2 * np.pi * t / 12 + shift)
    cv2.circle(mask, (w // 2, 8), 5, 1, -1)
    cv2.ellipse(mask, (w // 2, 24), (7 + coat, 13), 0, 0, 360, 1, -1)
    for sign in (1, -1):
        cv2.line(mask, (w // 2, 33), (int(w // 2 + sign * 9 * swing), 61), 1, 5)
        cv2.line(mask, (w // 2, 16), (int(w // 2 - sign * 8 * swing), 36), 1, 3)
    return mask.astype(bool)


def _paint(rng, masks, colours, stripes, noise, *, background=False):
    """Coloured frames of masks, side by side."""
    pictures = []
    for mask in masks:
        picture = np.zeros((*SIZE, 3), np.float64)
        if background:
            picture[:] = np.linspace(150, 190, SIZE[0])[:, None, None]
        cloth = np.zeros_like(picture)
        cloth[:14], cloth[14:36], cloth[36:] = colours
        if stripes:
            cloth[14:36:4] = 255 - colours[1]
        cloth += rng.normal(0, noise, cloth.shape)
        picture[mask] = cloth[mask]
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
    return np.concatenate(pictures, axis=1)


def draw_samples(run_dir, keys, frames=20):
    """Strips and gait energy images in ``samples/``; returns the rows."""
    rng = np.random.default_rng(3)
    rows = []
    for number, (key, angle, sets) in enumerate(keys):
        before = [_walker(rng, t, 0.3 * number, 0) for t in range(frames)]
        after = [_walker(rng, t, 0.3 * number + 0.8, 2) for t in range(frames)]
        colours = rng.integers(40, 230, size=(3, 3))
        stripes = "textural" in sets

        pictures = {
            "original": _paint(rng, before, colours, stripes, 4, background=True),
            "silhouette": np.concatenate([m.astype(np.uint8) * 255 for m in before], axis=1),
            "anonymized": np.concatenate([m.astype(np.uint8) * 255 for m in after], axis=1),
            "baseline": _paint(rng, after, colours, stripes, 25),
            "proposed": _paint(rng, after, colours, stripes, 8),
        }
        gei = {"before": np.mean(before, axis=0) * 255, "after": np.mean(after, axis=0) * 255}
        strips, energies = {}, {}
        (run_dir / "samples").mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            strips[name] = f"samples/{number:02d}-{name}.png"
            flipped = picture[..., ::-1] if picture.ndim == 3 else picture
            cv2.imwrite(str(run_dir / strips[name]), flipped)
        for name, picture in gei.items():
            energies[name] = f"samples/{number:02d}-gei-{name}.png"
            cv2.imwrite(str(run_dir / energies[name]), picture.astype(np.uint8))
        rows.append(Sample(key, angle, "nm", tuple(sets), frames, *SIZE, strips, energies))
    return tuple(rows)


SAMPLE_KEYS = (
    ("081-nm-05-090", 90, ("plain", "complete")),
    ("082-nm-05-090", 90, ("textural", "complete")),
    ("083-nm-06-036", 36, ("plain", "incomplete")),
    ("084-bg-01-126", 126, ("textural", "incomplete")),
)


def write_fake_run(run_dir: Path, keys=SAMPLE_KEYS, **changes) -> Path:
    """Write a realistic run with pictures into `run_dir`."""
    run_dir.mkdir(parents=True, exist_ok=True)
    samples = draw_samples(run_dir, keys)
    fake_record(**({"samples": samples} | changes)).save(run_dir)
    return run_dir
