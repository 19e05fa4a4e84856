"""The slides' claims: each verdict from its interval, and no verdict from too few trainings."""

import dataclasses

import numpy as np
import pytest
from fake_attacks import attack_row
from fake_run import quality_row, rate_row, small_record
from scipy import stats

from gaitbench.reporting.formats.table import State
from gaitbench.reporting.reading.intervals import could_have_seen
from gaitbench.reporting.tables.pictures.claims import slides_claims
from gaitbench.results.schema import QualityDifference


def pair(low, high, *, trainings=5, reference="overlap", one="plain", measure="psnr"):
    middle = (low + high) / 2
    return QualityDifference(
        "model-2", "proposed", "baseline", one, reference, measure, middle, low, high, 120,
        trainings_a=trainings, trainings_b=trainings,
    )  # fmt: skip


def claims(**changes):
    changes = {"success_rate": (), "quality": (), "quality_difference": (), "identification": ()} | changes
    return slides_claims(dataclasses.replace(small_record(), **changes))


@pytest.mark.parametrize(
    ("low", "high", "trainings", "verdict"),
    [
        (0.2, 0.8, 5, "holds"), (-0.8, -0.2, 5, "does not hold"), (-0.1, 0.5, 5, "cannot be told"),
        (0.2, 0.8, 1, "cannot be told: too few trainings"), (0.2, 0.8, 2, "cannot be told: too few trainings"),
        (0.2, 0.8, None, "cannot be told: too few trainings"), (0.0, 0.8, 5, "cannot be told"),
    ],
)  # fmt: skip
def test_the_verdict_is_the_interval_s_side(low, high, trainings, verdict):
    table = claims(quality_difference=(pair(low, high, trainings=trainings),))
    (row,) = table.rows
    assert row.cells[-1].value == verdict
    assert (
        row.cells[2].value == pytest.approx(24.7302 - 24.2417) and row.cells[1].value == "reference overlap"
    )


def test_both_references_and_measures_stand_apart_and_in_order():
    pairs = [
        pair(0.2, 0.8, reference=reference, one=one, measure=measure)
        for reference in ("original", "overlap", "truth")
        for one in ("complete", "plain")
        for measure in ("ssim", "psnr")
    ]
    rows = claims(quality_difference=tuple(pairs)).rows
    assert [
        (r.cells[1].value[10:], r.cells[0].value.split(" in ")[1][:4], r.cells[0].value.split(", ")[1])
        for r in rows
    ] == [
        (reference, measure, one)
        for reference in ("overlap", "original")
        for measure in ("PSNR", "SSIM")
        for one in ("plain", "complete")
    ]


def test_what_incomplete_silhouettes_cost():
    def quality(complete, incomplete):
        figures = (("complete", complete), ("incomplete", incomplete))
        return tuple(quality_row("model-2", "proposed", one, "overlap", psnr, 0.9) for one, psnr in figures)

    small, large = (
        claims(quality=quality(24.9, 24.5)),
        claims(quality=quality(24.9, 24.2), quality_adjusted=()),
    )
    assert [row.cells[-1].value[:5] for row in (*small.rows, *large.rows)] == ["holds", "does "]
    assert claims(quality=quality(24.9, None)) is None


def test_success_is_held_against_the_slides_range_at_both_ends():
    def rates(*values):
        return tuple(
            dataclasses.replace(rate_row("model-2", angle, 100, 100, m), ci_low=m - 1.0, ci_high=m + 1.0)
            for angle, m in zip((0, 90), values, strict=True)
        )

    ladder = (attack_row("model-2", "ignorant", "robust-vtm", "silhouette", 10.0),)
    table = claims(success_rate=rates(79, 99), identification=ladder)
    assert [(row.cells[3].value, row.cells[-1].value) for row in table.rows] == [
        (79.0, "holds"),
        (99.0, "does not hold"),
        (99.0, "holds"),  # as high as in the slides at some angle
    ]
    low, high = (claims(success_rate=rates(60, one), identification=ladder).rows for one in (91, 93))
    assert [row.cells[-1].value for row in low] == ["does not hold", "holds", "does not hold"]
    assert high[2].cells[-1].value == "cannot be told", "the slides' highest lies in the interval"


def test_what_a_study_could_have_seen_is_what_it_finds_four_times_in_five():
    rng = np.random.default_rng(0)
    people, trials = 40, 4000
    half = stats.t.ppf(0.975, people - 1) / np.sqrt(people)
    seen = could_have_seen(-half, half, 0.95)
    drawn = rng.normal(seen, 1.0, (trials, people))
    low = drawn.mean(axis=1) - stats.t.ppf(0.975, people - 1) * drawn.std(axis=1, ddof=1) / np.sqrt(people)
    assert np.mean(low > 0) == pytest.approx(0.8, abs=0.03)
    assert could_have_seen(None, 1.0, 0.95) is None
    table = claims(quality_difference=(dataclasses.replace(pair(0.2, 0.8), ci_low=None, ci_high=None),))
    assert (
        table.rows[0].cells[-1].value == "cannot be told" and table.rows[0].cells[4].state is State.UNDEFINED
    )
