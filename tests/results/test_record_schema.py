"""The schema refuses what contradicts itself, and says where."""

import dataclasses

import numpy as np
import pytest

from gaitbench.errors import DataError
from gaitbench.results.rows import read_row, row_to_dict
from gaitbench.results.schema import Failure, Quality, QualityDifference, Sample, SuccessRate

RATE = {
    "anonymizer": "model-2",
    "colorizer": "none",
    "attacker": "ignorant",
    "recognizer": "robust-vtm",
    "input": "silhouette",
    "gallery": "all-views",
    "angle": 90,
    "n": 60,
    "s": 50,
    "m": 45,
    "rate": 90.0,
    "ci_low": 85.0,
    "ci_high": 94.0,
    "chance": 97.5,
    "rank1_before": 83.3,
    "rank1_after": 8.3,
}


def test_a_good_row_comes_back_as_it_went_in():
    row = read_row(SuccessRate, RATE, "x")
    assert row_to_dict(row) == RATE


def test_unknown_fields_are_passed_over_so_that_a_richer_record_stays_readable():
    assert read_row(SuccessRate, RATE | {"colour_of_the_moon": 3}, "x").m == 45


@pytest.mark.parametrize("field", sorted(RATE))
def test_every_missing_field_is_named_with_its_place(field):
    row = {name: value for name, value in RATE.items() if name != field}
    with pytest.raises(DataError, match=rf"success_rate\[3\].*'{field}'"):
        read_row(SuccessRate, row, "success_rate[3]")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"angle": "90"}, "angle is '90'"),
        ({"angle": True}, "angle is True"),
        ({"angle": 90.5}, "angle is 90.5"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"chance": float("inf")}, "chance is inf"),
        ({"anonymizer": None}, "anonymizer is None"),
        ({"m": 51}, "m = 51"),
        ({"s": 61}, "s = 61"),
        ({"rate": 89.0}, "100 m / s"),
        ({"rate": None}, "null exactly when s is 0"),
        ({"s": 0, "m": 0}, "null exactly when s is 0"),
        ({"rank1_before": 101.0}, "not a percentage"),
        ({"ci_low": None}, "one end only"),
        ({"ci_low": 95.0, "ci_high": 94.0}, "upside down"),
    ],
)
def test_contradictions_are_refused(change, message):
    with pytest.raises(DataError, match=message):
        read_row(SuccessRate, RATE | change, "row")


def test_undefined_is_null_and_never_a_number():
    row = read_row(SuccessRate, RATE | {"s": 0, "m": 0, "rate": None, "ci_low": None, "ci_high": None}, "row")
    assert row.rate is None


def test_a_cross_view_rate_is_a_mean_over_galleries_and_need_not_be_m_over_s():
    assert read_row(SuccessRate, RATE | {"gallery": "cross-view", "rate": 88.8}, "row").rate == 88.8


def test_whole_numbers_are_read_as_floats_and_numpy_numbers_are_written_plainly():
    row = read_row(SuccessRate, RATE | {"chance": 97}, "row")
    assert isinstance(row.chance, float)
    written = row_to_dict(dataclasses.replace(row, n=np.int64(60), chance=np.float32(97.5)))
    assert type(written["n"]) is int and type(written["chance"]) is float


def test_who_wins_a_paired_difference_hangs_on_the_interval():
    def difference(low, high):
        return QualityDifference(
            "model-2", "a", "b", "plain", "original", "psnr", 0.1, low, high, 9, trainings_a=3, trainings_b=0
        )

    assert difference(0.1, 0.3).winner == "a"
    assert difference(-0.3, -0.1).winner == "b"
    assert difference(-0.1, 0.3).winner is None
    assert difference(None, None).winner is None
    for few in (1, 2, None):  # a difference to a single set of weights is never bold
        assert dataclasses.replace(difference(0.1, 0.3), trainings_a=few).winner is None
        assert dataclasses.replace(difference(0.1, 0.3), trainings_b=few).winner is None
    assert dataclasses.replace(difference(0.1, 0.3), trainings_a=0).winner == "a", "neither of the two learns"
    with pytest.raises(ValueError, match="mse"):
        dataclasses.replace(difference(0, 1), measure="mse")


def test_a_failure_covers_the_cells_it_names_and_no_others():
    failure = Failure("colorizers", "anonymizer=model-2, colorizer=proposed", "out of memory")
    assert failure.covers(anonymizer="model-2", colorizer="proposed", set="plain", angle=90)
    assert not failure.covers(anonymizer="model-2", colorizer="baseline")
    assert not failure.covers(anonymizer="model-2")
    assert Failure("evaluation", "angle=90", "").covers(angle=90)
    assert not Failure("evaluation", "something went wrong", "").covers(angle=90)
    assert Failure("quality", "anonymizer=model-2, key=081-nm-05-090", "").covers(
        anonymizer="model-2", set="plain"
    )
    assert not Failure("samples", "key=081-nm-05-090", "").covers(anonymizer="model-2")


def test_counts_and_sizes_must_make_sense():
    with pytest.raises(ValueError, match="negative"):
        Quality("a", "b", "plain", "original", 1.0, None, None, 1.0, None, None, 1, -1)
    with pytest.raises(ValueError, match="at least 1"):
        Sample("k", 90, "nm", (), 0, 64, 44, {})


def test_lists_and_mappings_are_checked_inside():
    good = {
        "key": "k",
        "angle": 0,
        "condition": "nm",
        "sets": ["plain"],
        "frames": 1,
        "height": 64,
        "width": 44,
    }
    assert read_row(Sample, good | {"strips": {"original": "a.png"}}, "s").sets == ("plain",)
    with pytest.raises(DataError, match=r"s\.strips"):
        read_row(Sample, good | {"strips": {"original": 3}}, "s")
    with pytest.raises(DataError, match=r"s\.sets"):
        read_row(Sample, good | {"strips": {}, "sets": "plain"}, "s")
    with pytest.raises(DataError, match="not an object"):
        read_row(Sample, [1], "s")
