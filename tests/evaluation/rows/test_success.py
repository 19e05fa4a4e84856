import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances
from gaitbench.evaluation.attacks.outcomes import outcome_of
from gaitbench.evaluation.claims.recognition import claims, invariants
from gaitbench.evaluation.rows.success_rows import competence_rows, score_rows, success_rows
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema import SuccessRate
from gaitbench.results.schema_attacks import Attack
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


PEOPLE = np.array([f"08{s}" for s in range(1, 7)])
SLIDES = Attack("ignorant", "robust-vtm", "silhouette", "all-views")


def naming(names):
    """Distances under which these names come out; a name that nobody has becomes the next person's."""
    values = np.ones((len(names), 1, len(PEOPLE)), np.float32)
    values[np.arange(len(names)), 0, [PEOPLE.tolist().index(n) for n in names]] = 0
    return Distances(values, np.array([90]), PEOPLE)


def another(subject):
    return PEOPLE[(PEOPLE.tolist().index(subject) + 1) % len(PEOPLE)]


def outcome(keys, before, after, failed_original=(), failed_after=()):
    return outcome_of(
        "model-2", "none", SLIDES, features(keys, failed_original), features(keys, failed_after),
        naming(before), naming(after),
    )  # fmt: skip


def test_hand_worked_cell(run, keys):
    truth = [k.subject for k in keys]
    before, after = list(truth), list(truth)
    at90 = [i for i, k in enumerate(keys) if k.angle == 90]  # 18 probes
    for i in at90[:3]:
        before[i] = another(truth[i])  # not in S
    for i in at90[3:13]:
        after[i] = another(truth[i])  # M = 10
    after[at90[0]] = another(truth[at90[0]])  # wrong before: must not count
    row = next(r for r in success_rows(run, outcome(keys, before, after), ("baseline",)) if r.angle == 90)
    assert (row.n, row.s, row.m) == (18, 15, 10)
    assert row.rate == pytest.approx(1000 / 15)
    assert row.ci_low <= row.rate <= row.ci_high
    assert row.chance == pytest.approx(100 * 5 / 6)
    assert row.rank1_before == pytest.approx(100 * 15 / 18) and row.rank1_after == pytest.approx(100 * 7 / 18)


def test_nobody_named_before_is_undefined(run, keys):
    wrong = [another(k.subject) for k in keys]
    row = success_rows(run, outcome(keys, wrong, wrong), ("none",))[0]
    assert (row.s, row.m, row.rate, row.ci_low) == (0, 0, None, None)


def test_failed_anonymization_counts_as_identified(run, keys):
    truth = [k.subject for k in keys]
    failed = [str(k) for k in keys if k.angle == 0][:4]
    after = [another(s) for s in truth]
    rows = success_rows(run, outcome(keys, truth, after, failed_after=failed), ("none",))
    at0 = next(r for r in rows if r.angle == 0)
    assert (at0.s, at0.m) == (18, 14)
    assert at0.rank1_after == pytest.approx(100 * 4 / 18)


def test_unreadable_probe_leaves_n(run, keys):
    truth = [k.subject for k in keys]
    found = outcome(keys, truth, truth, failed_original=[str(keys[0])])
    assert next(r for r in success_rows(run, found, ("none",)) if r.angle == 0).n == 17
    assert len(found.keys) == len(keys) - 1


def test_colorizers_share_their_figures(run, keys):
    truth = [k.subject for k in keys]
    rows = success_rows(run, outcome(keys, truth, [another(s) for s in truth]), ("baseline", "proposed"))
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
    before = [
        s if k.angle != 0 or k.condition != "nm" else another(s) for s, k in zip(truth, keys, strict=True)
    ]
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
    checks = claims(run, success_rows(run, found, ("baseline",)), competence_rows(run, found))
    by_name = {c.name.split(" (")[0]: c for c in checks}
    assert by_name["robust-vtm names untouched nm probes"].passed
    assert not by_name["robust-vtm is worse on bag and coat"].passed
    hidden = by_name["model-2 hides from robust-vtm at every angle"]
    assert not hidden.passed and "lowest 0.00 %" in hidden.detail


def test_score_rows_name_who_was_named(keys):
    truth = [k.subject for k in keys]
    rows = score_rows(outcome(keys, truth, [another(s) for s in truth])).to_dict("records")
    assert len(rows) == 2 * len(keys)
    assert {(r["measure"], r["value"]) for r in rows} == {("correct_before", 1.0), ("correct_after", 0.0)}
    assert all(r["named"] == another(r["subject"]) for r in rows if r["measure"] == "correct_after")


def test_rows_must_match(keys):
    truth = [k.subject for k in keys]
    with pytest.raises(ValueError, match="row by row"):
        outcome_of("a", "none", SLIDES, features(keys), features(keys[::-1]), naming(truth), naming(truth))


def distances_of(probe_angles, gallery_angles):
    """The right person is nearest at the probe's own angle, a wrong one at every other; the wrong one is nearer."""
    values = np.ones((len(probe_angles), len(gallery_angles), 2), np.float32)
    for i, probe in enumerate(probe_angles):
        for j, gallery in enumerate(gallery_angles):
            values[i, j, 0 if probe == gallery else 1] = 0.5 if probe == gallery else 0.25
    return Distances(values, np.array(gallery_angles), np.array(["081", "082"]))


@pytest.mark.parametrize(
    ("gallery", "observations", "correct"), [("all-views", 2, 0), ("same-view", 2, 2), ("cross-view", 4, 0)]
)
def test_gallery_protocols(gallery, observations, correct):
    keys = [SequenceKey("081", "nm-05", a) for a in (0, 90)]
    found = distances_of([0, 90], [0, 54, 90])
    result = outcome_of(
        "original", "none", Attack("ignorant", "robust-vtm", "silhouette", gallery), features(keys),
        features(keys), found, found,
    )  # fmt: skip
    assert len(result.keys) == observations and result.correct_before.sum() == correct
    if gallery == "cross-view":
        assert sorted(zip(result.angles.tolist(), result.gallery_angles.tolist(), strict=True)) == [
            (0, 54), (0, 90), (90, 0), (90, 54),
        ]  # fmt: skip


def test_cross_view_is_the_mean_over_gallery_angles_unrounded(run):
    keys = [SequenceKey(f"08{s}", "nm-05", 0) for s in range(1, 7)]
    before = np.ones((6, 3, 6), np.float32)
    before[np.arange(6), :, np.arange(6)] = 0  # all named rightly at every gallery angle
    after = before.copy()
    for i in range(6):  # at 54 degrees all are lost, at 90 one
        after[i, 1, i] = 2
    after[0, 2, 0] = 2
    angles = np.array([0, 54, 90])
    attack = Attack("ignorant", "robust-vtm", "silhouette", "cross-view")
    found = outcome_of(
        "model-2", "none", attack, features(keys), features(keys), Distances(before, angles, PEOPLE),
        Distances(after, angles, PEOPLE),
    )  # fmt: skip
    row = success_rows(run, found, ("none",))[0]
    assert row.angle == 0 and (row.n, row.s, row.m) == (12, 12, 7)
    assert row.rate == pytest.approx((100 + 100 / 6) / 2)


def test_a_probe_without_anything_to_look_at_is_named_by_nobody(keys):
    truth = [k.subject for k in keys]
    after = naming(truth)
    after.values[0] = np.nan
    found = outcome_of("model-2", "none", SLIDES, features(keys), features(keys), naming(truth), after)
    assert found.named_after[0] == "" and not found.correct_after[0] and found.correct_after[1:].all()
