"""Several videos of a person: pools of distances, and one-to-one assignment."""

import numpy as np
import pytest

from gaitbench.metrics.pooling import one_to_one, pooled_identification

PEOPLE = [f"p{i:02d}" for i in range(12)]
WALKS, VIEWS = 6, 11


def planted(signal, seed=0):
    """Distances of every person's sequences (walk, view) to everybody: noise, and `signal` nearer to the own."""
    rng = np.random.default_rng(seed)
    keys = [(p, w, v) for p in range(12) for w in range(WALKS) for v in range(VIEWS)]
    d = 5 + rng.normal(size=(len(keys), 12))
    d[np.arange(len(keys)), [p for p, _, _ in keys]] -= signal
    subjects = np.array([PEOPLE[p] for p, _, _ in keys])
    return d, subjects, [w for _, w, _ in keys], [v for _, _, v in keys]


def pools(d, subjects, walks, views, **more):
    found = pooled_identification(d, subjects, PEOPLE, walks, views, **more)
    return {p.size: p for p in found}


def test_noise_that_is_drawn_anew_averages_out():
    found = pools(*planted(1.0))
    shares = [found[k].share.mean() for k in (1, 2, 4, 8, 16, 33)]
    assert shares[0] < 0.4 and shares[-1] == 1.0
    assert shares == sorted(shares)


@pytest.mark.parametrize("over", ["walks and cameras", "walks", "cameras"])
def test_a_pool_of_one_is_the_single_sequence_and_sizes_end_with_what_there_is(over):
    d, subjects, walks, views = planted(0.7)
    found = pools(d, subjects, walks, views, over=over, draws=3000)
    assert max(found) == {"walks and cameras": 33, "walks": 4, "cameras": 8}[over]
    single = np.array(PEOPLE)[d.argmin(axis=1)] == subjects
    alone = [single[subjects == p].mean() for p in PEOPLE]
    np.testing.assert_allclose(found[1].share, alone, atol=0.05)


def test_a_pool_of_two_is_the_plain_sum_over_all_pairs():
    d, subjects, _, _ = planted(1.0)
    keep = np.tile(np.arange(WALKS * VIEWS) % VIEWS < 2, 12) & np.tile(
        np.arange(WALKS * VIEWS) // VIEWS < 1, 12
    )
    found = pools(d[keep], subjects[keep], [0] * 24, [0, 1] * 12, sizes=[2])[2]
    scaled = d[keep] / d[keep].mean(axis=1, keepdims=True)
    plain = [(scaled[2 * p] + scaled[2 * p + 1]).argmin() == p for p in range(12)]
    assert found.share.tolist() == [float(x) for x in plain] and 0 < sum(plain) < 12


def test_a_constant_is_at_chance_for_every_k():
    _, subjects, walks, views = planted(0.0)
    by_view = np.random.default_rng(1).uniform(1, 2, size=(VIEWS, 12))
    for over in ("walks and cameras", "walks", "cameras"):
        for size, pool in pools(by_view[views], subjects, walks, views, over=over).items():
            assert pool.share.mean() == pytest.approx(1 / 12), (over, size)
    blocks = [f"{w} {v}" for w, v in zip(walks, views, strict=True)]
    share = one_to_one(by_view[views], subjects, PEOPLE, blocks)
    assert abs(share.mean() - 1 / 12) < 0.03  # every assignment is as good: the order must not be the answer
    share = one_to_one(np.ones((len(subjects), 12)), subjects, PEOPLE, blocks)
    assert abs(share.mean() - 1 / 12) < 0.03


def test_failed_sequences_name_their_pool_and_blank_ones_are_looked_past():
    d, subjects, walks, views = planted(8.0)
    d[:66] = np.nan  # nothing of p00 to look at
    failed = np.zeros(len(d), bool)
    assert pools(d, subjects, walks, views)[4].share.tolist() == [0.0] + [1.0] * 11
    failed[0] = True
    share = pools(d, subjects, walks, views, failed=failed, draws=400)[33].share
    assert 0.4 < share[0] < 0.6 and (share[1:] == 1).all()  # half of the pools of 33 of 66 hold it
    d, subjects, walks, views = planted(8.0)
    d[1] = np.nan
    assert (pools(d, subjects, walks, views)[2].share == 1).all()


def test_assignment_finds_whom_one_by_one_does_not():
    d, subjects, walks, views = planted(1.5)
    d += np.linspace(-1, 1, 12)  # some people look near to everybody
    blocks = [f"{w} {v}" for w, v in zip(walks, views, strict=True)]
    share = one_to_one(d, subjects, PEOPLE, blocks)
    alone = np.mean(np.array(PEOPLE)[d.argmin(axis=1)] == subjects)
    assert share.mean() > alone + 0.05
    # everybody's nearest is the first person but for the first person's own probe, whose second best is far
    d = np.array([[1.0, 9.0], [1.1, 1.2]])
    assert one_to_one(d, ["a", "b"], ["a", "b"], [0, 0]).tolist() == pytest.approx([1, 1])
    failed = one_to_one(np.full((2, 2), np.nan), ["a", "b"], ["a", "b"], [0, 0], failed=[True, False])
    assert failed.tolist() == [1.0, 0.0]


def test_what_does_not_fit_is_refused():
    d, subjects, walks, views = planted(1.0)
    with pytest.raises(ValueError, match="two sequences of one walk"):
        pools(d, subjects, [0] * len(d), views)
    with pytest.raises(ValueError, match="take walks and cameras"):
        pools(d, subjects, walks, views, over="moon")
    with pytest.raises(ValueError, match="two probes of one person"):
        one_to_one(d, subjects, PEOPLE, walks)
    with pytest.raises(ValueError, match="one an observation"):
        one_to_one(d, subjects, PEOPLE, walks[:3])
