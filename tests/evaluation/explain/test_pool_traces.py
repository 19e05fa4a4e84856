"""The pools of one person, step by step, are those that the shares are counted from."""

import numpy as np
import pytest

from gaitbench.evaluation.explain.pool_traces import trace_pools
from gaitbench.metrics.pooling import POOLS, assigned, one_to_one, pooled_identification

PEOPLE = ["a", "b", "c", "d", "e"]


def made(seed=0):
    rng = np.random.default_rng(seed)
    keys = [(p, w, v) for p in PEOPLE for w in range(3) for v in range(4)]
    d = 3 + rng.normal(size=(len(keys), len(PEOPLE)))
    d[np.arange(len(keys)), [PEOPLE.index(p) for p, _, _ in keys]] -= 0.7
    d[5] = np.nan
    failed = np.zeros(len(keys), dtype=bool)
    failed[17] = True
    subjects, walks, views = (list(column) for column in zip(*keys, strict=True))
    return d, subjects, walks, views, failed


@pytest.mark.parametrize("over", POOLS)
def test_the_shares_are_the_means_of_the_traces(over):
    d, subjects, walks, views, failed = made()
    more = {"failed": failed, "over": over, "sizes": (1, 2, 4), "draws": 15, "seed": 3}
    shares = pooled_identification(d, subjects, PEOPLE, walks, views, **more)
    assert shares and 0 < np.mean(shares[0].share) < 1
    for pool in shares:
        for person, share in zip(pool.subjects.tolist(), pool.share.tolist(), strict=True):
            traces = trace_pools(d, subjects, PEOPLE, walks, views, person, **more)
            same = [s for steps in traces for s in steps if len(s.rows) == pool.size]
            assert len(same) == 15 and share == pytest.approx(np.mean([s.right for s in same]))
            for step in same:
                assert {subjects[i] for i in step.rows} == {person}
                assert len(set(step.rows.tolist())) == pool.size
                assert step.failed == failed[step.rows].sum()
                clear = [i for i in step.rows if not failed[i] and np.isfinite(d[i]).all()]
                plain = sum((d[i] / d[i].mean() for i in clear), np.zeros(len(PEOPLE)))
                np.testing.assert_allclose(step.totals, plain)
                assert step.named == (PEOPLE[plain.argmin()] if clear else "")
    with pytest.raises(ValueError, match="nobody is called 'z'"):
        trace_pools(d, subjects, PEOPLE, walks, views, "z", **more)


def test_whom_the_assignment_names_is_what_its_share_counts():
    d, subjects, walks, views, failed = made(1)
    blocks = [f"{w} {v}" for w, v in zip(walks, views, strict=True)]
    named, told = assigned(d, subjects, PEOPLE, blocks, failed=failed, rounds=4, seed=2)
    share = one_to_one(d, subjects, PEOPLE, blocks, failed=failed, rounds=4, seed=2)
    np.testing.assert_array_equal(share, told)
    true = np.array([PEOPLE.index(s) for s in subjects])
    assert (named[17] == -1).all() and share[17] == 1.0
    assert (named[5] == -1).all() and share[5] == 0.0
    rest = ~np.isin(np.arange(len(true)), [5, 17])
    np.testing.assert_allclose(share[rest], (named == true[:, None])[rest].mean(axis=1))
    assert 0 < share[rest].mean() < 1
    for block in set(blocks):
        here = named[np.array(blocks) == block, 0]
        assert len(set(here[here >= 0])) == (here >= 0).sum()  # nobody twice
