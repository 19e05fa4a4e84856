"""Partial least squares with a 50-class response beside ikpls and scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import sklearn
from sklearn.cross_decomposition import PLSRegression

from benchmarks.harness import Case, Peer
from recognizer.subspaces.pls import class_indicator, pls_kernel


def classes_and_features(samples: int, features: int) -> tuple[np.ndarray, np.ndarray]:
    """Centred features of 50 classes, and the centred class indicator."""
    rng = np.random.default_rng(0)
    y = rng.permutation(np.arange(samples) % 50)
    X = (
        rng.normal(size=(samples, 100)) @ rng.normal(size=(100, features))
        + 20 * rng.normal(size=(50, features))[y]
    )
    X += rng.normal(size=X.shape)
    _, Y = class_indicator(y)
    return X - X.mean(axis=0), Y - Y.mean(axis=0)


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference of two coefficient matrices, relative to the largest coefficient."""
    return float(np.abs(a - b).max() / np.abs(b).max())


def cases() -> Iterator[Case]:
    try:
        from ikpls.numpy import PLS
    except ImportError:
        print("recognizer_pls: ikpls is not installed (extra bench); skipped")
    else:
        X, Y = classes_and_features(2200, 2816)

        def kernel() -> np.ndarray:
            model = PLS(algorithm=1, center_X=False, center_Y=False, scale_X=False, scale_Y=False)
            return np.asarray(model.fit(X, Y, 40).B[-1])

        yield Case(
            "2,200 x 2,816, 50 classes, 40 components",
            lambda: pls_kernel(X, Y, 40).coefficients(),
            [Peer("ikpls", kernel, least_ratio=1.0)],
            difference,
            "ikpls or faster, agreeing to 1e-8",
            5,
            most_difference=1e-8,
        )
    # The power iteration of NIPALS takes minutes at the size above.
    X, Y = classes_and_features(550, 704)
    yield Case(
        "550 x 704, 50 classes, 10 components",
        lambda: pls_kernel(X, Y, 10).coefficients(),
        [
            Peer(
                "scikit-learn",
                lambda: PLSRegression(10, scale=False).fit(X, Y).coef_.T,
                sklearn.__version__,
            )
        ],
        difference,
        "far faster; differs by its tolerance",
        3,
    )
