"""Claims about pictures and gaits: each can hold and can fail, and says what was measured."""

from dataclasses import replace

import pytest

from gaitbench.evaluation.claims.pictures import naturalness_claims, picture_claims
from gaitbench.evaluation.rows.pictures.naturalness_rows import INCOMPLETE
from gaitbench.results.schema import Quality, QualityDifference
from gaitbench.results.schema_pictures import Naturalness, PictureMeasure


def difference(a, b, reference, value, low, anonymizer="model-2", name="textural"):
    return QualityDifference(
        anonymizer,
        a,
        b,
        name,
        reference,
        "psnr",
        value,
        low,
        value + abs(value - low),
        40,
        trainings_a=5,
        trainings_b=5,
    )


def sharpness(colorizer, value, anonymizer="model-2", reference="overlap"):
    return PictureMeasure(anonymizer, colorizer, "textural", reference, "sharpness", value, None, None, 40)


def quality(name, psnr):
    return Quality("model-2", "proposed", name, "overlap", psnr, None, None, 0.9, None, None, 40)


def one(checks, start):
    return next(c for c in checks if c.name.startswith(start))


@pytest.mark.parametrize(("low", "holds"), [(0.1, True), (-0.1, None)])
def test_proposed_wins_only_above_zero(low, holds):
    rows = [difference("proposed", "baseline", "original", 0.5, low)]
    check = one(picture_claims("model-2", rows, [], []), "proposed beats baseline in PSNR")
    assert check.passed is holds and "+0.5000 dB" in check.detail


def test_one_training_shows_nothing():
    rows = [
        replace(difference("proposed", "baseline", "original", 0.5, 0.4), trainings_a=count)
        for count in (1, 5)
    ]
    found = [one(picture_claims("model-2", [row], [], []), "proposed beats baseline in PSNR") for row in rows]
    assert [check.passed for check in found] == [None, True]
    assert "cannot be told from 1 and 5 trainings" in found[0].detail


def test_each_reference_is_a_claim_of_its_own():
    rows = [
        difference("proposed", "baseline", "overlap", 0.5, 0.1),
        difference("proposed", "baseline", "original", -0.5, -0.7),
    ]
    found = {c.name: c.passed for c in picture_claims("model-2", rows, [], [])}
    assert [("overlap" in name, passed) for name, passed in found.items()] == [(True, True), (False, False)]


def test_another_anonymizer_or_reference_does_not_count():
    rows = [
        difference("proposed", "baseline", "original", 0.5, 0.1, anonymizer="deform"),
        difference("proposed", "baseline", "truth", 0.5, 0.1),
    ]
    assert list(picture_claims("model-2", rows, [], [])) == []


@pytest.mark.parametrize(("mine", "other", "holds"), [(0.9, 0.7, True), (1.4, 0.9, False), (0.7, 0.8, False)])
def test_sharper_is_nearer_to_one(mine, other, holds):
    rows = [sharpness("proposed", mine), sharpness("baseline", other)]
    assert one(picture_claims("model-2", [], [], rows), "proposed keeps textures").passed is holds
    rows = [
        sharpness("gaitbench", mine, "oracle", "truth"),
        sharpness("proposed", other, "oracle", "truth"),
    ]
    assert one(picture_claims("model-2", [], [], rows), "gaitbench's colorizer is sharper").passed is holds


@pytest.mark.parametrize(("incomplete", "holds"), [(19.5, True), (19.4, False), (20.4, True)])
def test_loss_on_incomplete_silhouettes(incomplete, holds):
    rows = [quality("complete", 20.0), quality("incomplete", incomplete)]
    check = one(picture_claims("model-2", [], rows, []), "proposed loses at most")
    assert check.passed is holds and "complete 20.00 dB" in check.detail


@pytest.mark.parametrize(("value", "holds"), [(1.0, True), (0.99, False)])
def test_own_colorizer_gains_a_decibel_on_truth(value, holds):
    rows = [difference("gaitbench", "proposed", "truth", value, value - 0.2, anonymizer="oracle")]
    assert one(picture_claims("model-2", rows, [], []), "gaitbench's colorizer is at least").passed is holds


def test_unbroken_on_the_incomplete_set_alone():
    def row(name, variant, value):
        return Naturalness(name, variant, "unbroken", value, None, None, 30)

    rows = [row("model-2", INCOMPLETE, 97.9), row("model-1", INCOMPLETE, 99.0)]
    assert [c.passed for c in naturalness_claims(rows)] == [False, False]
    rows = [row("model-2", INCOMPLETE, 98.0), row("model-1", INCOMPLETE, 80.0)]
    assert [c.passed for c in naturalness_claims(rows)] == [True, True]
    assert list(naturalness_claims([row("model-2", "", 50.0)])) == []


def test_the_baseline_nearer_on_one_set_is_no_open_question():
    nearer = replace(difference("proposed", "baseline", "original", -0.5, -0.6), set="plain", ci_high=-0.4)
    rows = [difference("proposed", "baseline", "original", 0.5, 0.4), nearer]
    assert one(picture_claims("model-2", rows, [], []), "proposed beats baseline in PSNR").passed is False
