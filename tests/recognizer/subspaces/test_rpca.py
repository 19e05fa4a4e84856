import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

import recognizer._blocks
from recognizer import NotConvergedError, RobustPCA


def planted(m=400, n=60, rank=4, share=0.05, seed=0):
    rng = np.random.default_rng(seed)
    low = rng.normal(size=(m, rank)) @ rng.normal(size=(rank, n))
    sparse = np.where(rng.random((m, n)) < share, rng.normal(size=(m, n)) * 10, 0.0)
    return low, sparse


def plain_ialm(D, lam, growth, tol):
    """Inexact ALM with a full singular value decomposition, written down as Lin, Chen and Ma print it."""
    spectral = np.linalg.norm(D, 2)
    Y = D / max(spectral, np.abs(D).max() / lam)
    A, mu = np.zeros_like(D), 1.25 / spectral
    mu_max = mu * 1e7
    while True:
        T = D - A + Y / mu
        E = np.sign(T) * np.maximum(np.abs(T) - lam / mu, 0)
        U, s, Vt = np.linalg.svd(D - E + Y / mu, full_matrices=False)
        A = (U * np.maximum(s - 1 / mu, 0)) @ Vt
        Y = Y + mu * (D - A - E)
        mu = min(mu * growth, mu_max)
        if np.linalg.norm(D - A - E) <= tol * np.linalg.norm(D):
            return A, E


@pytest.mark.parametrize("shape", [(400, 60), (60, 400)])
def test_recovers_a_planted_matrix(shape):
    low, sparse = planted(*shape, rank=3)
    split = RobustPCA(growth=1.2).fit(low + sparse)
    assert np.abs(split.low_rank_ - low).max() < 1e-6 * np.abs(low).max()
    assert np.abs(split.sparse_ - sparse).max() < 1e-5
    assert np.mean((split.sparse_ != 0) == (sparse != 0)) > 0.999
    assert split.rank_ == 3


@pytest.mark.parametrize(("rows", "columns", "rank"), [(2000, 50, 5), (800, 300, 30)])
def test_recovers_inside_its_regime(rows, columns, rank):
    low, _ = planted(rows, columns, rank=rank)
    rng = np.random.default_rng(1)
    # 5 % of every row: by chance alone a few rows of thousands are spoiled beyond what any method can undo.
    share = columns // 20 + np.arange(rows) % 2 * (columns // 10 % 2)
    spoiled = np.argsort(rng.random(low.shape), axis=1) < share[:, None]
    split = RobustPCA(growth=1.1).fit(np.where(spoiled, low + 10 * rng.normal(size=low.shape), low))
    assert np.linalg.norm(split.low_rank_ - low) < 1e-6 * np.linalg.norm(low)
    assert split.rank_ == rank


@pytest.mark.parametrize("growth", [1.1, 1.5])
def test_objective_equals_plain_full_svd_iteration(growth):
    low, sparse = planted(150, 40, rank=5, share=0.1)
    D = low + sparse + 0.01 * np.random.default_rng(1).normal(size=low.shape)
    lam = 1 / np.sqrt(150)
    A, _ = plain_ialm(D, lam, growth, 1e-9)
    expected = np.linalg.norm(A, "nuc") + lam * np.abs(D - A).sum()
    split = RobustPCA(growth=growth, tol=1e-9).fit(D)
    assert split.objective_ == pytest.approx(expected, rel=1e-8)
    ours = np.linalg.norm(split.low_rank_, "nuc") + lam * np.abs(D - split.low_rank_).sum()
    assert split.objective_ == pytest.approx(ours, rel=1e-9)


def test_slow_growth_reaches_the_optimum_and_the_gap_says_so():
    low, sparse = planted(300, 50, rank=5)
    slow, fast = (RobustPCA(growth=g, tol=1e-8, max_iter=2000).fit(low + sparse) for g in (1.05, 1.5))
    assert 0 <= slow.gap_ < 1e-6
    assert slow.objective_ <= fast.objective_ * (1 + 1e-9)
    # The gap is a bound: the fast solution cannot be further from the optimum than it says.
    assert fast.objective_ - slow.objective_ <= fast.gap_ * fast.objective_ * (1 + 1e-6) + 1e-9


def test_float32_stays_float32_and_close():
    low, sparse = planted(600, 80, rank=4)
    split = RobustPCA(growth=1.2).fit((low + sparse).astype(np.float32))
    assert split.low_rank_.dtype == split.sparse_.dtype == np.float32
    assert np.abs(split.low_rank_ - low).max() < 2e-3
    assert split.residual_ <= 1e-5


def test_float32_converges_on_dense_data():
    rng = np.random.default_rng(0)
    D = (0.5 + 0.2 * rng.normal(size=(700, 90))).astype(np.float32)
    assert RobustPCA(tol=1e-5).fit(D).n_iter_ < 60


@pytest.mark.parametrize("shape", [(400, 60), (60, 400)])
def test_missing_entries_are_completed(shape):
    low, sparse = planted(*shape, rank=3)
    rng = np.random.default_rng(2)
    mask = np.ones(shape, bool)
    for column in rng.choice(shape[1], shape[1] // 4, replace=False):  # blocks, as a walk that lacks a view
        start = rng.integers(0, 3) * (shape[0] // 4)
        mask[start : start + shape[0] // 4, column] = False
    D = np.where(mask, low + sparse, 77.0)
    split = RobustPCA(growth=1.1).fit(D, mask=mask)
    assert np.abs(split.low_rank_ - low).max() < 1e-3
    assert (split.sparse_[~mask] == 0).all()
    assert split.gap_ < 1e-3


def test_sum_and_attributes_agree():
    low, sparse = planted()
    split = RobustPCA(growth=1.2).fit(low + sparse)
    np.testing.assert_allclose(split.low_rank_ + split.sparse_, low + sparse, atol=1e-4)
    np.testing.assert_allclose(split.components_ @ split.components_.T, np.eye(split.rank_), atol=1e-9)
    values = np.linalg.svd(split.low_rank_, compute_uv=False)[: split.rank_]
    np.testing.assert_allclose(split.singular_values_, values, rtol=1e-6)
    np.testing.assert_allclose(
        split.inverse_transform(split.transform(split.low_rank_)), split.low_rank_, atol=1e-8
    )


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    low, sparse = planted(6000, 60)
    results = []
    for count in (1, 2, 4):
        monkeypatch.setattr(recognizer._blocks, "workers", lambda count=count: count)
        results.append(
            RobustPCA(max_iter=12, on_failure="warn", tol=1e-3).fit(low + sparse).low_rank_.tobytes()
        )
    assert results[0] == results[1] == results[2]


def test_non_convergence_is_an_error_with_the_way_out():
    low, sparse = planted()
    with pytest.raises(NotConvergedError, match="raise max_iter"):
        RobustPCA(max_iter=3).fit(low + sparse)
    with pytest.warns(ConvergenceWarning, match="raise max_iter"):
        split = RobustPCA(max_iter=3, on_failure="warn").fit(low + sparse)
    assert split.n_iter_ == 3


def test_zeros_and_bad_input():
    assert RobustPCA().fit(np.zeros((5, 4))).rank_ == 0
    with pytest.raises(ValueError, match="NaN"):
        RobustPCA().fit(np.full((5, 4), np.nan))
    with pytest.raises(ValueError, match="mask must be"):
        RobustPCA().fit(np.ones((5, 4)), mask=np.ones((4, 5), bool))
    with pytest.raises(ValueError, match="growth"):
        RobustPCA(growth=1.0).fit(np.ones((5, 4)))
    with pytest.raises(ValueError, match="lam"):
        RobustPCA(lam=-1).fit(np.ones((5, 4)))


def test_the_input_is_left_alone():
    low, sparse = planted()
    D = low + sparse
    before = D.copy()
    RobustPCA(growth=1.2).fit(D)
    np.testing.assert_array_equal(D, before)
