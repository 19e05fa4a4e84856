"""Several trainings of one system: means over them, intervals over people and trainings, the spread between them."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.pictures.trainings import over_trainings
from gaitbench.evaluation.rows.pictures.quality_rows import (
    adjusted_rows,
    difference_rows,
    measure_rows,
    quality_rows,
)
from gaitbench.evaluation.rows.pictures.training_rows import picture_spread, success_spread
from gaitbench.results.schema_attacks import Attack
from gaitbench.suites import load_suite

SUITE = load_suite("smoke")
RUN = SimpleNamespace(suite=SUITE, angles_probed=(0, 90), fail=lambda *a: pytest.fail(str(a)))
KEYS = tuple(SequenceKey(f"{s:03d}", "nm-05", a) for s in range(12) for a in (0, 90))
SETS = {str(k): ("plain", "complete" if int(k.subject) % 2 else "incomplete") for k in KEYS}


def one(colorizer, seed, level, training=0.3, keys=KEYS, trained=True):
    """Scores of one training: the people's level, this training's own, and noise; two pictures a walk."""
    rng, people = np.random.default_rng(seed), np.random.default_rng(99)
    own = {k.subject: people.normal() for k in KEYS}
    shift = rng.normal(0, training)
    each = tuple(k for k in keys for _ in range(2))
    psnr = np.array([level + own[k.subject] + shift + rng.normal(0, 0.1) for k in each])
    values = {"psnr": psnr, "ssim": 0.02 * psnr}
    return PictureScores("model-2", colorizer, "overlap", each, (0, 1) * len(keys), values, trained=trained)


def several(colorizer, seeds, level, **how):
    parts = [[one(f"{colorizer}[seed={s}]", 1000 * level + s, level, **how)] for s in seeds]
    return over_trainings(parts, colorizer, trained=True)[0], [part[0] for part in parts]


def test_values_are_means_over_the_trainings_of_what_all_of_them_have():
    parts = [[one("a", s, 20)] for s in range(3)]
    short = one("a", 3, 20, keys=KEYS[2:])
    joined = over_trainings([*parts, [short]], "a", trained=True)[0]
    assert (joined.colorizer, joined.count, len(joined.keys)) == ("a", 4, len(short.keys))
    expected = [
        parts[0][0].values["psnr"][4:],
        parts[1][0].values["psnr"][4:],
        parts[2][0].values["psnr"][4:],
    ]
    assert np.allclose(joined.values["psnr"], np.mean([*expected, short.values["psnr"]], axis=0))
    assert over_trainings([[one("a", 0, 20)]], "a", trained=True)[0].count == 1
    assert over_trainings([[one("a", 0, 20)]], "a", trained=False)[0].count == 0
    assert over_trainings([[], parts[0]], "a", trained=True)[0].count == 1, "a training that failed is none"


def test_a_picture_that_equals_its_reference_in_one_training_is_counted_and_not_averaged():
    joined, parts = several("a", range(3), 20)
    parts[1].values["psnr"][0] = np.inf
    joined = over_trainings([[p] for p in parts], "a", trained=True)[0]
    row = next(r for r in quality_rows(RUN, [joined], SETS) if r.set == "plain")
    finite = np.isfinite(joined.values["psnr"])
    assert row.infinite == 1 and row.psnr == pytest.approx(joined.values["psnr"][finite].mean())


def test_intervals_grow_by_the_spread_of_the_trainings():
    narrow, _ = several("a", range(5), 20, training=0.0)
    wide, parts = several("a", range(5), 20, training=2.0)
    rows = [
        next(r for r in quality_rows(RUN, [s], SETS) if r.set == "plain") for s in (narrow, wide, parts[0])
    ]
    lengths = [r.psnr_ci_high - r.psnr_ci_low for r in rows]
    assert lengths[1] > 1.5 * lengths[0] and [r.trainings for r in rows] == [5, 5, 1]
    assert rows[1].psnr == pytest.approx(np.mean([p.values["psnr"].mean() for p in parts]))
    adjusted = [next(r for r in adjusted_rows(RUN, [s], SETS) if r.set == "complete") for s in (narrow, wide)]
    raw = next(r for r in quality_rows(RUN, [wide], SETS) if r.set == "complete")
    assert adjusted[1].psnr == pytest.approx(raw.psnr), "each angle has as many pictures"
    assert adjusted[1].psnr_ci_high - adjusted[1].psnr_ci_low == pytest.approx(
        raw.psnr_ci_high - raw.psnr_ci_low
    )
    assert adjusted[0].psnr_ci_high - adjusted[0].psnr_ci_low < raw.psnr_ci_high - raw.psnr_ci_low
    assert measure_rows(RUN, [wide], SETS) == []


def test_a_difference_draws_the_trainings_apart_and_the_people_together():
    a, parts_a = several("a", range(5), 21)
    b, parts_b = several("b", range(5), 20)
    row = next(
        r for r in difference_rows(RUN, [a, b], SETS, "a", "b") if (r.set, r.measure) == ("plain", "psnr")
    )
    means = [[p.values["psnr"].mean() for p in parts] for parts in (parts_a, parts_b)]
    assert (row.trainings_a, row.trainings_b) == (5, 5)
    assert row.difference == pytest.approx(np.mean(means[0]) - np.mean(means[1]))
    assert row.lowest == pytest.approx(min(means[0]) - max(means[1]))
    assert row.highest == pytest.approx(max(means[0]) - min(means[1]))
    error = np.sqrt(sum(np.var(m, ddof=1) / 5 for m in means))
    assert row.ci_high - row.ci_low == pytest.approx(2 * 2.31 * error, rel=0.25), (
        "people cancel, trainings do not"
    )
    assert row.winner == ("a" if row.ci_low > 0 else None)
    alone = difference_rows(RUN, [parts_a[0], parts_b[0]], SETS, parts_a[0].colorizer, parts_b[0].colorizer)[
        0
    ]
    assert alone.ci_low > 0 and alone.winner is None and alone.lowest is None, (
        "one training each tells nothing"
    )
    free = difference_rows(RUN, [replace(parts_a[0], trained=False), a], SETS, parts_a[0].colorizer, "a")[0]
    assert (free.trainings_a, free.trainings_b) == (0, 5)


def test_the_spread_is_that_of_the_trainings_means():
    joined, parts = several("a", range(4), 20)
    row = next(r for r in picture_spread(RUN, [joined, one("b", 0, 20)], SETS) if r.measure == "psnr")
    means = [p.values["psnr"].mean() for p in parts]
    assert (row.colorizer, row.trainings, row.set) == ("a", 4, "plain")
    assert (row.lowest, row.highest) == pytest.approx((min(means), max(means)))
    assert row.sd == pytest.approx(np.std(means, ddof=1)) and row.ci_low < row.value < row.ci_high


class Ladder:
    """Outcomes by training: the k-th hides k more of every four walks."""

    def __init__(self):
        self.asked = []

    def outcome(self, cell):
        self.asked.append(cell.anonymizer)
        hidden = len(self.asked)
        n = len(KEYS)
        return SimpleNamespace(
            keys=KEYS, subjects=np.array([k.subject for k in KEYS]), angles=np.array([k.angle for k in KEYS]),
            correct_before=np.ones(n, bool), correct_after=np.arange(n) % 4 >= hidden,
        )  # fmt: skip


def test_success_of_an_anonymizer_is_told_over_its_trainings():
    ladder = Ladder()
    systems = SimpleNamespace(
        trainings=lambda kind, name: (
            (name, f"{name}[seed=1]", f"{name}[seed=2]") if name == "model-2" else (name,)
        )
    )
    rows = list(success_spread(SimpleNamespace(run=RUN, systems=systems, ladder=ladder)))
    assert ladder.asked == ["model-2", "model-2[seed=1]", "model-2[seed=2]"]
    assert [row.angle for row in rows] == [0, 90, None]
    whole = rows[-1]
    assert (whole.value, whole.lowest, whole.highest) == pytest.approx((50.0, 25.0, 75.0))
    assert whole.sd == pytest.approx(25.0) and 0 <= whole.ci_low < 50 < whole.ci_high <= 100
    assert (whole.attacker, whole.recognizer, whole.n) == ("ignorant", "robust-vtm", len(KEYS))
    assert Attack(whole.attacker, whole.recognizer, whole.input, whole.gallery)
