"""Singling out and linkability are those of the public package on the same scores; the open set by hand."""

import numpy as np
import pytest

from gaitbench.metrics.open_set import open_set
from gaitbench.metrics.working_party import linkability, nearer_people, singled_out, sizes_up_to

PEOPLE = [f"p{i:02d}" for i in range(14)]


def planted(signal, each=1, seed=0):
    """Distances (14 * each, 14) with `signal` nearer to the own person."""
    rng = np.random.default_rng(seed)
    own = np.repeat(np.arange(14), each)
    d = 5 + rng.normal(size=(len(own), 14))
    d[np.arange(len(own)), own] -= signal
    return d, [PEOPLE[i] for i in own]


@pytest.mark.parametrize("signal", [0.0, 1.0, 3.0])
def test_linkability_is_that_of_the_public_package(signal):
    peer = pytest.importorskip("legal_eval.metrics.linkability")
    io = pytest.importorskip("legal_eval.io")
    d, subjects = planted(signal, each=5)
    d = np.round(d, 1)  # ties
    matrix = io.ScoreMatrix(-d.T, list(PEOPLE), subjects, {})
    nearer = nearer_people(d, subjects, PEOPLE)
    for size in (1, 2, 5, 14):
        (theirs,) = peer.linkability(matrix, size, estimator="exact")
        assert abs(linkability(nearer, 14, size).mean() - theirs) < 1e-9


@pytest.mark.parametrize("signal", [0.0, 2.0])
def test_singling_out_is_that_of_the_public_package(signal):
    peer = pytest.importorskip("legal_eval.metrics.singling_out")
    d, _ = planted(signal, each=4)
    table = d.reshape(14, 4, 14)  # person, sequence, enrolled
    test, held = table[:, 0].T, table[:, 1:].transpose(2, 0, 1)
    scores = peer.ConversationScores(
        PEOPLE, PEOPLE, -test, -held.reshape(14, -1), [(3 * i, 3 * i + 3) for i in range(14)]
    )
    for size in (2, 5, 14):
        theirs = peer.singling_out(scores, size, n_runs=5, seed=3, fold=2)
        ours = singled_out(test, held, size, runs=5, seed=3, fold=2)
        assert np.array_equal(ours, np.array([theirs[p] for p in PEOPLE], dtype=bool)), size


def test_a_set_that_is_told_apart_is_singled_out_and_linked():
    d, subjects = planted(20.0, each=4)
    assert (linkability(nearer_people(d, subjects, PEOPLE), 14, 14) == 1).all()
    table = d.reshape(14, 4, 14)
    assert singled_out(table[:, 0].T, table[:, 1:].transpose(2, 0, 1), 14).mean() > 0.6
    assert sizes_up_to(14, (2, 5, 100)) == [2, 5, 14]


def test_the_open_set_counts_false_alarms_of_strangers():
    d, subjects = planted(3.0, each=30)
    few, many = open_set(d, subjects, PEOPLE, rates=(0.01, 0.5), halves=4)
    assert 0.3 < few.identified.mean() < many.identified.mean() <= 1.0
    # by hand: one half, with strangers who are not in the gallery at all
    d = np.array(
        [[1.0, 5, 5, 5], [5, 2.0, 5, 5], [5, 5, 3.0, 5], [5, 5, 5, 4.0], [2.5, 5, 5, 5], [6, 6, 6, 6]]
    )
    who = ["a", "b", "c", "d", "x", "y"]
    (one,) = open_set(d, who, list("abcd"), rates=(0.25,), halves=1, seed=1)
    rng = np.random.default_rng(1)
    enrolled = np.sort(rng.permutation(4)[:2])
    strange = [i for i in range(6) if i not in enrolled]
    threshold = sorted(d[i, enrolled].min() for i in strange)[1]  # one of four may be named
    expected = [float(d[i, i] < threshold) for i in enrolled]
    assert one.identified.tolist() == expected


def test_a_constant_opens_nothing_and_failures_are_found():
    d = np.ones((14 * 6, 14))
    subjects = np.repeat(PEOPLE, 6)
    assert all(one.identified.max() == 0 for one in open_set(d, subjects, PEOPLE))
    failed = np.zeros(len(d), bool)
    failed[:6] = True
    found = open_set(d, subjects, PEOPLE, failed=failed)[0]
    assert found.identified[0] == 1 and found.identified[1:].max() == 0
    assert open_set(np.full((6, 3), np.nan), ["a"] * 6, ["a", "b", "c"]) == []


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="not enrolled"):
        nearer_people(np.ones((1, 2)), ["z"], ["a", "b"])
    with pytest.raises(ValueError, match="calibration"):
        singled_out(np.ones((3, 3)), np.ones((3, 2, 1)), 2)
    with pytest.raises(ValueError, match="finite"):
        singled_out(np.full((3, 3), np.inf), np.ones((3, 3, 1)), 2)
