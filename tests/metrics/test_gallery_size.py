import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitbench.metrics import nearer_subjects, success_by_gallery_size


def test_worked_by_hand():
    # four people, two probes: one person before the first probe's own, three before the second's
    nearer = np.array([[False, True, False, False], [True, True, True, False]])
    points = success_by_gallery_size(nearer, sizes=[1, 2, 3, 4])
    # of the 3 others 1, 2, 3 are drawn: the first survives with 2/3, 1/3, 0, the second never (but alone)
    np.testing.assert_allclose([p.rank1 for p in points], [100, 100 / 3, 100 / 6, 0])
    assert [p.success for p in points] == [None] * 4


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9))
def test_equals_going_through_all_galleries(seed, size):
    rng = np.random.default_rng(seed)
    probes = np.repeat(np.arange(9), 2)
    names = np.arange(9).astype(str)
    own = probes[:, None] == np.arange(9)
    before = nearer_subjects(rng.normal(0, 1, own.shape) - 2 * own, probes.astype(str), names)
    after = nearer_subjects(rng.normal(0, 1, own.shape) - own, probes.astype(str), names)
    s = m = hits = rounds = 0
    for i, own_place in enumerate(probes):
        for others in itertools.combinations(np.delete(np.arange(9), own_place), size - 1):
            still = not after[i, list(others)].any()
            # S is that of the whole gallery: a ratio whose S changes with the size may fall as the gallery grows
            named = not before[i].any()
            s, m, hits, rounds = s + named, m + (named and not still), hits + still, rounds + 1
    (point,) = success_by_gallery_size(after, before, sizes=[size])
    assert point.rank1 == pytest.approx(100 * hits / rounds)
    assert point.success == (pytest.approx(100 * m / s) if s else None)


def test_the_whole_gallery_gives_the_usual_rates():
    rng = np.random.default_rng(1)
    before, after = rng.random((200, 40)) < 0.02, rng.random((200, 40)) < 0.1
    before[:, 0] = after[:, 0] = False
    (point,) = success_by_gallery_size(after, before, sizes=[40])
    named, still = ~before.any(axis=1), ~after.any(axis=1)
    assert point.rank1 == pytest.approx(100 * still.mean())
    assert point.success == pytest.approx(100 * (named & ~still).sum() / named.sum())
    assert not point.extrapolated


def test_a_blind_guesser_is_extrapolated_to_chance():
    ranks = np.arange(40_000) % 40
    nearer = np.arange(39) < ranks[:, None]
    nearer = np.column_stack([np.zeros(len(ranks), bool), nearer])
    for point in success_by_gallery_size(nearer, sizes=[10, 40, 100, 1000]):
        assert point.rank1 == pytest.approx(100 / point.size, rel=0.01)
        assert point.extrapolated == (point.size > 40)


def test_forty_people_foretell_two_hundred():
    rng = np.random.default_rng(2)
    people, probes = 200, np.repeat(np.arange(200), 6)
    own = probes[:, None] == np.arange(people)
    easy = rng.normal(2.0, 0.7, (len(probes), 1))
    full = nearer_subjects(
        rng.normal(0, 1, own.shape) - easy * own, probes.astype(str), np.arange(people).astype(str)
    )
    # the first 40 people as a gallery, and all probes whose subject is among them
    part = full[probes < 40][:, :40]
    known = success_by_gallery_size(full, sizes=[200])[0].rank1
    foretold = success_by_gallery_size(part, sizes=[200])[0]
    assert foretold.extrapolated
    assert foretold.rank1 == pytest.approx(known, abs=6)
    assert known < success_by_gallery_size(part, sizes=[40])[0].rank1 - 10


def test_rates_fall_with_the_gallery_and_success_stays_in_range():
    rng = np.random.default_rng(3)
    before, after = rng.random((300, 40)) < 0.01, rng.random((300, 40)) < 0.2
    before[:, 0] = after[:, 0] = False
    points = success_by_gallery_size(after, before)
    assert (np.diff([p.rank1 for p in points]) < 1e-5).all()
    assert all(0 <= p.success <= 100 for p in points)
    nothing_done = success_by_gallery_size(before, before)
    assert [p.success for p in nothing_done] == pytest.approx([0.0] * len(points))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 12), st.floats(-1, 4), st.floats(-1, 4))
def test_success_never_falls_as_the_gallery_grows(seed, people, easy_before, easy_after):
    """Three separate fits let it fall in 29 of 256 cases, and an S of each size's own within the exact part."""
    rng = np.random.default_rng(seed)
    names = np.arange(people).astype(str)
    probes = np.repeat(np.arange(people), 3)
    own = probes[:, None] == np.arange(people)
    hard = rng.normal(0, 1, (len(probes), 1))
    before, after = (
        nearer_subjects(rng.normal(0, 1, own.shape) - (easy + hard) * own, probes.astype(str), names)
        for easy in (easy_before, easy_after)
    )
    points = success_by_gallery_size(after, before, sizes=range(1, 3 * people))
    assert (np.diff([p.rank1 for p in points]) <= 1e-9).all()
    if points[0].success is not None:
        assert (np.diff([p.success for p in points]) >= -1e-9).all()


def test_strangers_and_failures():
    nobody = np.ones((3, 4), bool)
    found = np.zeros((3, 4), bool)
    assert success_by_gallery_size(nobody, nobody, sizes=[2])[0].success is None
    assert success_by_gallery_size(found, found, sizes=[4])[0].success == 0.0
    assert success_by_gallery_size(nobody, found, sizes=[4])[0].success == 100.0


def test_bad_input():
    with pytest.raises(ValueError, match="bool array"):
        success_by_gallery_size(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="same probes"):
        success_by_gallery_size(np.zeros((2, 2), bool), np.zeros((3, 2), bool))
    with pytest.raises(ValueError, match="a size must be"):
        success_by_gallery_size(np.zeros((2, 2), bool), sizes=[0])
    with pytest.raises(ValueError, match="one person"):
        success_by_gallery_size(np.zeros((2, 1), bool), sizes=[9])
