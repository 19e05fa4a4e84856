import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.checks import claims, invariants
from gaitbench.evaluation.context import RunContext
from gaitbench.evaluation.features import Features
from gaitbench.evaluation.identification import Naming
from gaitbench.evaluation.success import competence_rows, outcome_of, score_rows, success_rows
from gaitbench.results.schema import SuccessRate
from gaitbench.store import Store
from gaitbench.suites import load_suite

ANGLES = (0, 54, 90, 144)


def features(keys, failures=()):
    return Features(np.zeros((len(keys), 4, 4), np.float32), tuple(keys), dict.fromkeys(failures, "why"), "d")


@pytest.fixture
def run(tmp_path):
    return RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))


@pytest.fixture
def keys():
    return [
        SequenceKey(f"08{s}", w, a) for s in range(1, 7) for w in ("nm-05", "bg-01", "cl-01") for a in ANGLES
    ]


def outcome(keys, before, after, failed_original=(), failed_after=()):
    return outcome_of(
        "model-2", "robust-vtm", "all-views", 6, features(keys, failed_original), Naming(np.array(before)),
        features(keys, failed_after), Naming(np.array(after)),
    )  # fmt: skip


def test_hand_worked_cell(run, keys):
    truth = [k.subject for k in keys]
    before, after = list(truth), list(truth)
    at90 = [i for i, k in enumerate(keys) if k.angle == 90]  # 18 probes
    for i in at90[:3]:
        before[i] = "other"  # not in S
    for i in at90[3:13]:
        after[i] = "other"  # M = 10
    after[at90[0]] = "other"  # wrong before: must not count
    row = next(r for r in success_rows(run, outcome(keys, before, after), ("baseline",)) if r.angle == 90)
    assert (row.n, row.s, row.m) == (18, 15, 10)
    assert row.rate == pytest.approx(1000 / 15)
    assert row.ci_low <= row.rate <= row.ci_high
    assert row.chance == pytest.approx(100 * 5 / 6)
    assert row.rank1_before == pytest.approx(100 * 15 / 18) and row.rank1_after == pytest.approx(100 * 7 / 18)


def test_nobody_named_before_is_undefined(run, keys):
    row = success_rows(run, outcome(keys, ["x"] * len(keys), ["x"] * len(keys)), ("none",))[0]
    assert (row.s, row.m, row.rate, row.ci_low) == (0, 0, None, None)


def test_failed_anonymization_counts_as_identified(run, keys):
    truth = [k.subject for k in keys]
    failed = [str(k) for k in keys if k.angle == 0][:4]
    after = ["other"] * len(keys)
    rows = success_rows(run, outcome(keys, truth, after, failed_after=failed), ("none",))
    at0 = next(r for r in rows if r.angle == 0)
    assert (at0.s, at0.m) == (18, 14)
    assert at0.rank1_after == pytest.approx(100 * 4 / 18)


def test_unreadable_probe_leaves_n(run, keys):
    truth = [k.subject for k in keys]
    found = outcome(keys, truth, truth, failed_original=[str(keys[0])])
    assert next(r for r in success_rows(run, found, ("none",)) if r.angle == 0).n == 17
    assert len(found.probes.keys) == len(keys) - 1


def test_colorizers_share_their_figures(run, keys):
    truth = [k.subject for k in keys]
    rows = success_rows(run, outcome(keys, truth, ["other"] * len(keys)), ("baseline", "proposed"))
    assert len(rows) == 8
    assert all(c.passed for c in invariants(rows))


def test_invariants_see_what_is_wrong():
    def row(anonymizer, colorizer, m):
        return SuccessRate(
            anonymizer, colorizer, "ignorant", "robust-vtm", "silhouette", "all-views", 90,
            10, 10, m, 10.0 * m, None, None, 97.5, 100.0, 100.0 - 10 * m,
        )  # fmt: skip

    assert not invariants([row("original", "none", 1)])[0].passed
    assert not invariants([row("model-2", "baseline", 8), row("model-2", "proposed", 9)])[-1].passed


def test_competence_mean_is_over_angles(run, keys):
    truth = [k.subject for k in keys]
    before = [s if k.angle != 0 or k.condition != "nm" else "x" for s, k in zip(truth, keys, strict=True)]
    rows = competence_rows(run, outcome(keys, before, before))
    mean = next(r for r in rows if r.condition == "nm" and r.angle is None)
    assert mean.rank1 == pytest.approx(75.0) and mean.n == 24
    assert next(r for r in rows if r.condition == "nm" and r.angle == 0).rank1 == 0
    assert next(r for r in rows if r.condition == "all" and r.angle is None).rank1 == pytest.approx(
        100 * 11 / 12
    )


def test_claims_report_what_was_measured(run, keys):
    truth = [k.subject for k in keys]
    found = outcome(keys, truth, truth)
    checks = claims(run, success_rows(run, found, ("baseline",)), competence_rows(run, found), [])
    by_name = {c.name.split(" (")[0]: c for c in checks}
    assert by_name["robust-vtm names untouched nm probes"].passed
    assert not by_name["robust-vtm is worse on bag and coat"].passed
    hidden = by_name["model-2 hides from robust-vtm at every angle"]
    assert not hidden.passed and "lowest 0.00 %" in hidden.detail


def test_score_rows_name_who_was_named(keys):
    truth = [k.subject for k in keys]
    rows = score_rows(outcome(keys, truth, ["zz"] * len(keys)))
    assert len(rows) == 2 * len(keys)
    assert {(r["measure"], r["value"]) for r in rows} == {("correct_before", 1.0), ("correct_after", 0.0)}
    assert {r["named"] for r in rows if r["measure"] == "correct_after"} == {"zz"}


def test_rows_must_match(keys):
    with pytest.raises(ValueError, match="row by row"):
        outcome_of(
            "a", "r", "all-views", 6, features(keys), Naming(np.array([""] * len(keys))),
            features(keys[::-1]), Naming(np.array([""] * len(keys))),
        )  # fmt: skip
