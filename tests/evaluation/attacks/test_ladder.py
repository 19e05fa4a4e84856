"""Which attacks a suite runs, and what the noise draws are."""

import dataclasses

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features, join
from gaitbench.evaluation.attacks.identify import Distances, precisions_by_protocol, reads_of
from gaitbench.evaluation.attacks.outcomes import outcome_of
from gaitbench.evaluation.attacks.plan import attacks_left_out, plan
from gaitbench.evaluation.rows.identification_rows import (
    cmc_rows,
    gallery_size_rows,
    identification_rows,
    subject_tail_rows,
)
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.noise import as_next_of, draw_noise, next_of
from gaitbench.results.schema_attacks import Attack
from gaitbench.store import Store
from gaitbench.suites import load_suite
from gaitbench.suites.attacks_part import AttacksPart, Kept

PEOPLE = np.array([f"08{s}" for s in range(1, 7)])


def suite(**attacks):
    return dataclasses.replace(load_suite("smoke"), attacks=AttacksPart(**attacks))


def test_the_ignorant_attacker_alone_attacks_everything():
    cells = plan(suite(), rendered=True)
    assert {c.anonymizer for c in cells} == {"model-2", "original", "someone-else", "constant", "oracle"}
    assert {(c.attack.attacker, c.attack.input, c.colorizer) for c in cells} == {
        ("ignorant", "silhouette", "none")
    }
    assert "oracle" not in {c.anonymizer for c in plan(suite(), rendered=False)}


def test_the_rungs_attack_the_system_and_two_controls():
    rungs = ("lazy-informed", "semi-informed", "informed", "de-anonymize")
    cells = plan(suite(attackers=rungs, recognizers=("gei-lda",)), rendered=True)
    upper = [c for c in cells if c.attack.attacker != "ignorant"]
    assert {c.attack.recognizer for c in upper} == {"gei-lda"}
    assert {(c.anonymizer, c.attack.attacker) for c in upper} == {
        *[(a, r) for a in ("model-2", "original", "someone-else") for r in rungs[:3]],
        ("model-2", "de-anonymize"),
    }
    assert {c.attack.recognizer for c in cells if c.attack.attacker == "ignorant"} == {
        "robust-vtm",
        "gei-lda",
    }


def test_pictures_are_attacked_for_every_colorizer():
    cells = plan(
        suite(
            attackers=("ignorant", "semi-informed"),
            recognizers=("gei-lda", "appearance"),
            inputs=("silhouette", "resegmented", "appearance"),
        ),
        rendered=True,
    )
    looks = {(c.anonymizer, c.colorizer, c.attack.attacker) for c in cells if c.attack.input == "appearance"}
    assert looks == {
        ("original", "none", "ignorant"),
        ("someone-else", "baseline", "ignorant"),
        *[("model-2", c, a) for c in ("baseline", "proposed") for a in ("ignorant", "semi-informed")],
    }
    assert all((c.attack.recognizer == "appearance") == (c.attack.input == "appearance") for c in cells)
    again = {c.attack.recognizer for c in cells if c.attack.input == "resegmented"}
    assert again == {"robust-vtm", "gei-lda"}


def test_noise_is_the_sequences_own_unless_the_suite_says_the_persons():
    key, other = SequenceKey("081", "nm-01", 90), SequenceKey("081", "nm-05", 54)
    draw = {d: draw_noise(3, "model-2", key, d).random() for d in ("probe", "gallery", "training")}
    assert len(set(draw.values())) == 3
    assert draw_noise(3, "model-2", other).random() != draw["probe"]
    person = {draw_noise(3, "model-2", k, level="person").random() for k in (key, other)}
    assert len(person) == 1


def test_a_stranger_bears_the_noise_of_the_next_person():
    people = ["081", "082", "anna"]
    assert [next_of(p, people) for p in people] == ["082", "anna", "081"]
    stranger, owner = SequenceKey("anna", "nm-05", 90), SequenceKey("081", "nm-05", 90)
    borrowed = draw_noise(3, "model-2", stranger, as_next_of(people)).random()
    assert borrowed == draw_noise(3, "model-2", owner, "probe").random()


def test_pictures_are_kept_evenly_or_in_pairs():
    key = SequenceKey("081", "nm-01", 90)
    assert Need(key, 0).frames(10).tolist() == []
    assert Need(key, -1).frames(3).tolist() == [0, 1, 2]
    assert Need(key, 4).frames(10).tolist() == [0, 3, 6, 9]
    assert Need(key, 4, pairs=True).frames(10).tolist() == [0, 1, 8, 9]
    assert Need(key, 9, pairs=True).frames(3).tolist() == [0, 1, 2]


def features(keys, failures=()):
    return Features(np.zeros((len(keys), 4, 4), np.float32), tuple(keys), dict.fromkeys(failures, "why"), "d")


def test_rows_are_read_when_they_are_asked_for_and_keep_their_order():
    keys = tuple(SequenceKey(s, "nm-01", 90) for s in ("081", "082", "083"))
    asked = []

    def source():
        asked.append(1)
        return [np.full((t, 2, 2), t, dtype=np.uint8) for t in (1, 2, 3)]

    rows = Features(source, keys, {"082-nm-01-090": "why"}, "d")
    usable = rows.usable()
    assert not asked
    assert [len(x) for x in usable.x] == [1, 3] and usable.subjects.tolist() == ["081", "083"]
    assert [len(x) for x in join([usable, rows], "e").x] == [1, 3, 1, 2, 3] and len(asked) == 1


def outcome(after, failed=()):
    keys = [SequenceKey(p, "nm-05", a) for p in PEOPLE for a in (0, 90)]
    before = np.ones((12, 1, 6), np.float32)
    before[np.arange(12), 0, np.arange(12) // 2] = 0
    return outcome_of(
        "model-2", "none", Attack("informed", "gei-lda", "silhouette", "all-views"), features(keys),
        features(keys, failed), Distances(before, np.array([90]), PEOPLE), Distances(after, np.array([90]), PEOPLE),
    )  # fmt: skip


GALLERIES = ("all-views", "same-view", "cross-view")


def test_average_precision_is_over_entries_of_the_protocol():
    distances = Distances(
        np.ones((2, 2, 6), np.float32),
        np.array([0, 90]),
        PEOPLE,
        np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], np.float32),
    )
    angles = np.array([90, 0])
    shown = {p: [x.tolist() for x in precisions_by_protocol(distances, angles, p)] for p in GALLERIES}
    assert np.allclose(shown["all-views"][0], [0.3, 0.6]) and np.allclose(shown["same-view"][0], [0.2, 0.4])
    assert np.allclose(shown["cross-view"], [[0.1], [0.5]])  # of each gallery angle the probes of the other


def test_identification_of_known_answers(tmp_path):
    run = RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))
    after = np.tile(np.arange(6, dtype=np.float32) + 1, (12, 1))[
        :, None, :
    ]  # everybody looks like 081, then 082
    row = identification_rows(run, [outcome(after)])[0]
    assert abs(row.rank1 - 100 * 2 / 12) < 1e-9 and (row.s, row.m) == (12, 10) and abs(row.corrected) < 1e-9
    assert abs(row.rank5 - 100 * 10 / 12) < 1e-9
    assert abs(row.mrr - 100 * np.mean([1 / r for r in (1, 2, 3, 4, 5, 6)])) < 1e-9
    assert row.map is None  # the entries are not known here, only people
    assert abs(row.eer - 50) < 12 and row.d_sys is not None
    perfect = after.copy()
    perfect[np.arange(12), 0, np.arange(12) // 2] = 0
    best = identification_rows(run, [outcome(perfect)])[0]
    assert best.rank1 == best.mrr == 100 and best.eer == 0 and best.success == 0 and best.corrected == 1


def test_a_failed_probe_is_found_and_a_blank_one_is_not(tmp_path):
    run = RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))
    after = np.tile(np.arange(6, dtype=np.float32) + 1, (12, 1))[:, None, :]
    after[2] = np.nan  # 082 at 0 degrees: nothing to look at
    found = outcome(after, failed=["083-nm-05-000"])
    row = identification_rows(run, [found])[0]
    assert abs(row.rank1 - 100 * 3 / 12) < 1e-9  # both of 081 and the failed one
    tail = subject_tail_rows([found])
    assert [(t.subject, t.identified) for t in tail[:2]] == [("081", 100.0), ("083", 50.0)]
    curve = {c.rank: c.rate for c in cmc_rows([found])}
    assert curve[1] == 25 and abs(curve[2] - 100 * 4 / 12) < 1e-9 and curve[6] == 100
    sizes = {g.size: g for g in gallery_size_rows([found])}
    assert not sizes[5].extrapolated and sizes[100].extrapolated and sizes[100].rank1 < sizes[5].rank1


def test_every_recognizer_of_the_ladder_is_held_against_the_controls_on_every_rung():
    suite = load_suite("standard")
    attacked = {
        (c.anonymizer, c.attack.attacker, c.attack.recognizer)
        for c in plan(suite, rendered=True)
        if c.attack.input == "silhouette"
    }
    shapes = [r for r in suite.attacks.recognizer_names if reads_of(r) != "pictures"]
    assert {"gait-tcn", "gait-dynamics"} <= set(shapes)
    for control in ("original", "someone-else"):
        for attacker in ("ignorant", "lazy-informed", "semi-informed", "informed"):
            # a suite may keep some from `informed` (attacks.informed_recognizers): the report names them as left out
            asked = {"robust-vtm", "gait-dynamics"} if attacker == "informed" else set(shapes)
            asked -= {k.recognizer for k in suite.attacks.kept if attacker not in ("ignorant", *k.attackers)}
            assert asked <= {r for c, a, r in attacked if (c, a) == (control, attacker)}
    left_out = {row.what for row in attacks_left_out(suite)}
    for recognizer in set(shapes) - {"robust-vtm", "gait-dynamics"}:
        named = ("original", "informed", recognizer) in attacked
        assert named != (f"{recognizer} as informed" in left_out)
    kept = set(suite.systems.recognizer_names) - set(suite.attacks.recognizer_names)
    assert {"set-cnn", "tsvd-vtm"} <= kept and kept == {r for _, _, r in attacked} - set(shapes)
    for recognizer in kept:
        assert {rung for _, rung, r in attacked if r == recognizer} == {"ignorant"}
        assert f"{recognizer} as anybody but ignorant" in left_out


def test_a_suite_may_have_the_pictures_of_some_painters_alone_extracted_again():
    suite = load_suite("standard")
    chosen = set(map(str, suite.attacks.resegmented_painted_by))
    painters = set(suite.systems.colorizer_names)
    assert chosen and chosen < painters
    everybody = dataclasses.replace(
        suite, attacks=dataclasses.replace(suite.attacks, resegmented_painted_by=())
    )
    for asked, extracted in ((suite, chosen), (everybody, painters)):
        cells = plan(asked, rendered=True)
        for source, expected in (("resegmented", extracted), ("appearance", painters)):
            seen = {c.colorizer for c in cells if c.attack.input == source and c.anonymizer == "model-2"}
            assert seen == expected
        said = {row.what for row in attacks_left_out(asked)}
        assert {f"pictures of {name} extracted again" for name in painters - extracted} <= said
        assert not any(f"pictures of {name} extracted again" in said for name in extracted)


def test_a_suite_may_keep_a_recognizer_to_some_attackers_and_says_so():
    def rungs(suite, recognizer):
        return {c.attack.attacker for c in plan(suite, rendered=True) if c.attack.recognizer == recognizer}

    suite = load_suite("standard")
    whole = dataclasses.replace(suite, attacks=dataclasses.replace(suite.attacks, kept=()))
    assert rungs(whole, "gait-tcn") - rungs(suite, "gait-tcn") == {"semi-informed"}
    for recognizer in {*suite.systems.recognizer_names, *suite.attacks.recognizer_names} - {"gait-tcn"}:
        assert rungs(whole, recognizer) == rungs(suite, recognizer)
    said = {row.what for row in attacks_left_out(suite)} - {row.what for row in attacks_left_out(whole)}
    assert said == {"gait-tcn as semi-informed"}
    # of what the pictures show, too
    seldom = dataclasses.replace(suite.attacks, kept=(Kept("gei-lda", ("joint",)),))
    seldom = dataclasses.replace(suite, attacks=seldom)
    assert rungs(seldom, "gei-lda") == {"ignorant", "joint"}
    said = {row.what for row in attacks_left_out(seldom)}
    assert (
        "gei-lda as lazy-informed or semi-informed or de-anonymize" in said and "gei-lda as informed" in said
    )


def test_what_is_left_out_by_kept_is_what_the_plan_lacks():
    def said(**attacks):
        suite = load_suite("standard")
        suite = dataclasses.replace(suite, attacks=dataclasses.replace(suite.attacks, **attacks))
        return {row.what for row in attacks_left_out(suite) if "attacks.kept" in row.why}

    few = ("lazy-informed", "semi-informed", "joint", "de-anonymize")
    # informed, too, where nothing else keeps it from him
    assert said(kept=(Kept("gait-tcn", few),), informed_recognizers=()) == {"gait-tcn as informed"}
    assert said(kept=(Kept("gait-tcn", few),)) == set()
    # pictures are never undone
    assert said(kept=(Kept("appearance", ("semi-informed",)),)) == {"appearance as lazy-informed"}
    # who is not there any more is not left out
    assert said(kept=(Kept("gait-tcn", ("joint",)),), recognizers=("robust-vtm",)) == set()
