"""Each look at plausibility, on figures that are known."""

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.external.gate import (
    Finding,
    competence,
    frames_plausible,
    gaits_plausible,
    variants_plausible,
)
from gaitbench.evaluation.external.measured import figures_of
from gaitbench.evaluation.external.variants import VARIANTS, variant_geis
from gaitbench.evaluation.external.verdict import give_verdict
from gaitbench.results.schema_attacks import Identification

KEYS = [SequenceKey(f"{s:03d}", "nm-05", 90) for s in range(1, 9)]


def moving(width=20, frames=6):
    masks = np.zeros((frames, 60, 90), bool)
    for t in range(frames):
        masks[t, 8:50, 20 + 3 * t : 20 + 3 * t + width] = True
    return masks


def failed(findings):
    return [f.name for f in findings if not f.passed]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda m: np.repeat(m[:1], len(m), 0), "people move"),
        (lambda m: m & (np.arange(90) < 22), "people do not vanish"),
        (lambda m: np.ones_like(m), "nobody fills the frame"),
        (
            lambda m: np.roll(m, 5, 1)[:, :, ::-1] & (np.arange(60)[:, None] % 8 == 0),
            "people have a possible size",
        ),
    ],
)
def test_frames_that_no_anonymizer_makes_are_named(change, name):
    figures = {k: figures_of(moving(20 + i), change(moving(20 + i))) for i, k in enumerate(KEYS)}
    assert name in failed(frames_plausible(figures))
    assert not failed(
        frames_plausible({k: figures_of(moving(20 + i), moving(21 + i)) for i, k in enumerate(KEYS)})
    )
    one = {k: figures_of(moving(20 + i), change(moving(20 + i)) if i == 0 else moving(30 + i))
           for i, k in enumerate([*KEYS, *(SequenceKey(f"{s}", "nm-05", 90) for s in range(20, 24))])}  # fmt: skip
    found = {f.name: f for f in frames_plausible(one)}[name]
    assert found.passed and "1 of 12" in found.detail and "001-nm-05-090" in found.detail


def test_a_copy_and_a_shared_file_are_said():
    figures = {k: figures_of(moving(20 + i), moving(20 + i)) for i, k in enumerate(KEYS)}
    assert failed(frames_plausible(figures)) == ["files differ from their originals"]
    shared = {k: figures_of(moving(20 + i), moving(33)) for i, k in enumerate(KEYS)}
    assert failed(frames_plausible(shared)) == ["no two people share a file"]


def geis(seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    base = np.zeros((64, 44))
    base[5:60, 12:32] = 0.8
    people = np.stack([base + np.pad(np.full((55, 3 + i), 0.15), ((5, 4), (0, 41 - i))) for i in range(8)])
    return np.clip(people + rng.normal(0, 0.01 * scale, people.shape), 0, 1).astype(np.float32)


def rows(x, walk="nm-05"):
    return Features(x, tuple(SequenceKey(k.subject, walk, 90) for k in KEYS), {}, "x")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda x: 1 - x, "anonymized gaits look like people"),
        (lambda x: np.repeat(x.mean(0, keepdims=True), 8, 0), "anonymized people are not all alike"),
        (lambda x: (x > 0.5).astype(np.float32), "anonymized people are not rigid"),
        (lambda x: np.roll(x, 1, axis=0), "nobody is shown as another person's untouched original"),
    ],
)
def test_gaits_that_no_anonymizer_makes_are_named(change, name):
    before, gallery = rows(geis(0)), rows(geis(1), "nm-01")
    assert failed(gaits_plausible(before, gallery, rows(geis(2)))) == []
    assert name in failed(gaits_plausible(before, gallery, rows(change(geis(0)))))


def test_who_does_not_recognize_the_untouched_is_no_judge():
    assert competence("r", np.ones(8, bool), 100.0, 8).passed
    assert not competence("r", np.arange(8) == 0, 12.0, 8).passed
    assert not competence("r", np.ones(2, bool), 100.0, 2).passed  # two of two may be luck
    assert not competence("r", np.zeros(0, bool), None, 0).passed


def test_a_variant_must_be_clearly_better():
    plain = np.arange(20) < 2
    known = np.ones(20, bool)
    assert not variants_plausible(known, plain, 20, ["a", "b"], lambda i: np.arange(20) < (2, 15)[i]).passed
    assert variants_plausible(known, plain, 20, ["a"], lambda i: np.arange(20) < 4).passed
    # an attacker who names few of the untouched is defeated with fewer points, if it is no luck
    few, plain = np.arange(60) < 18, np.arange(60) < 3
    assert not variants_plausible(few, plain, 40, ["a"], lambda i: np.arange(60) < 14).passed
    assert variants_plausible(few, plain, 40, ["a"], lambda i: np.arange(60) < 7).passed


def test_every_variant_brings_its_own_format_back():
    original = moving() & (np.add.outer(np.arange(60), np.arange(90)) % 90 > 10)
    names = list(VARIANTS)
    plain = variant_geis(KEYS[0], original, original, (64, 44))
    for name in ("mirrored left to right", "turned by 180 degrees", "transposed", "inverted"):
        changed = np.ascontiguousarray(VARIANTS[name](original, original))
        back = variant_geis(KEYS[0], original, changed, (64, 44))[names.index(name)]
        own = variant_geis(KEYS[0], original, ~original, (64, 44))[names.index("inverted")]
        np.testing.assert_allclose(back, own, atol=1e-6)
    assert plain.shape == (len(VARIANTS), 64, 44)


def attack(rank1, low, success):
    return Identification(
        "ours", "none", "ignorant", "r", "silhouette", "all-views", 100, 10, rank1, low, min(100, rank1 + 5), 50.0,
        None, None, None, None, None, 100, round(success), float(round(success)), None, None,
    )  # fmt: skip


def test_the_verdict_needs_all_of_it():
    good, bad = Finding("x", True, ""), Finding("y", False, "odd")
    assert give_verdict("ours", [attack(10, 6, 90)], [good], [good], 0).answer == "hides"
    assert give_verdict("ours", [attack(40, 30, 60)], [good], [good], 0).answer == "still named"
    assert give_verdict("ours", [attack(100, 98, 0)], [good], [bad], 0).answer == "hides nobody"
    for competent, findings, lost in (([bad], [good], 0), ([good], [bad], 0), ([good], [good], 0.5)):
        verdict = give_verdict("ours", [attack(10, 6, 90)], competent, findings, lost)
        assert verdict.answer == "cannot be judged" and verdict.why
    wide = replace(attack(25, 0, 75), rank1_ci_high=75.0, people=4)
    verdict = give_verdict("ours", [wide], [good], [good], 0)
    assert verdict.answer == "cannot be judged" and "too few people" in verdict.sentence
    assert give_verdict("ours", [], [good], [], 0).answer == "cannot be judged"
