"""Robust PCA in `RobustVTM`: PLS reads what it cleaned, and no fold's cleaning has seen who is held out of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planted_gaits import planted_gaits

from recognizer import RobustVTM, TruncatedVTM
from recognizer.subspaces.vtm import view_matrix


@pytest.fixture
def training():
    return planted_gaits(people=20, walks=2, angles=(0, 90, 180), size=(12, 8), seed=3, noise=0.002)


def parts(attacker, matrix, held):
    split = attacker._clean(matrix)
    clean = None if split is None else np.asarray(split.low_rank_, dtype=np.float32)
    return clean, attacker._carry(matrix, clean, held)


@pytest.mark.parametrize("kind", [RobustVTM, TruncatedVTM])
def test_the_model_of_a_fold_knows_nothing_of_who_is_held_out(kind, training):
    attacker = kind(n_components=8)
    matrix = view_matrix(training.X, training.y, angle=training.angle, walk=training.walk)
    held = attacker._cut(matrix)[0]
    data = matrix.data.copy()
    data[:40, held] = 1.0 - data[:40, held]  # other people altogether, of whom the fold must not hear
    other = replace(matrix, data=data)
    (clean, fold), (changed, again) = (parts(attacker, m, held) for m in (matrix, other))
    assert held.any() and not held.all()
    if clean is not None:
        assert not np.array_equal(
            clean[:, ~held], changed[:, ~held]
        )  # the whole matrix's cleaning does depend on them
    np.testing.assert_array_equal(fold.model.components_, again.model.components_)
    np.testing.assert_array_equal(fold.model.mean_, again.model.mean_)
    assert not np.array_equal(fold.coordinates, again.coordinates)


def test_without_folds_the_cleaning_is_that_of_everybody(training):
    attacker = RobustVTM(n_components=8, folds=1)
    matrix = view_matrix(training.X, training.y, angle=training.angle, walk=training.walk)
    (everybody,) = attacker._cut(matrix)
    clean, fold = parts(attacker, matrix, everybody)
    model = attacker._model().fit_matrix(matrix, low_rank=clean)
    np.testing.assert_array_equal(fold.model.components_, model.components_)


def test_pls_takes_no_direction_from_what_robust_pca_took_out(training):
    """One picture of one walk has a blot: raw features would make a direction of it that tells its person from all."""
    X = training.X.copy()
    X[:, :3, :2] = 0.2
    blot = (training.y == training.y[0]) & (training.angle == 90) & (training.walk == "nm-01")
    X[blot, :3, :2] = 1.0
    weight = {}
    for kind in (RobustVTM, TruncatedVTM):
        model = kind(n_components=8).fit(X, training.y, angle=training.angle, walk=training.walk)
        encode = model.encode_[model.angles_.tolist().index(90)].reshape(12, 8, -1)
        weight[kind] = np.abs(encode[:3, :2]).max() / np.abs(encode).max()
    assert weight[TruncatedVTM] > 0.1 > 10 * weight[RobustVTM], weight


def test_what_was_found_of_the_whole_matrix_is_kept_not_of_a_fold(training):
    model = RobustVTM(n_components=8).fit(training.X, training.y, angle=training.angle, walk=training.walk)
    split = model._clean(view_matrix(training.X, training.y, angle=training.angle, walk=training.walk))
    assert int(model.rpca_iterations_) == split.n_iter_
    assert float(model.outlier_share_) == np.count_nonzero(split.sparse_) / split.sparse_.size


def test_an_angle_that_only_the_held_out_have_is_said(training):
    first = training.y == training.y[0]
    some = training.pick(first | (training.angle != 180))
    with pytest.raises(ValueError, match=r"one of 5 folds: an angle has no sample at all; .*folds=1"):
        RobustVTM(n_components=8).fit(some.X, some.y, angle=some.angle, walk=some.walk)
