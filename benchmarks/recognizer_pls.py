"""Partial least squares with a 50-class response beside ikpls and scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import sklearn
from sklearn.cross_decomposition import PLSRegression

from benchmarks.harness import Case, Peer
from recognizer.pls import class_indicator, pls_kernel

COMPONENTS = 40


def cases() -> Iterator[Case]:
    rng = np.random.default_rng(0)
    y = rng.permutation(np.arange(2200) % 50)
    X = rng.normal(size=(2200, 200)) @ rng.normal(size=(200, 2816)) + 20 * rng.normal(size=(50, 2816))[y]
    X += rng.normal(size=X.shape)
    X -= X.mean(axis=0)
    _, Y = class_indicator(y)
    Y -= Y.mean(axis=0)
    peers = []
    try:
        from ikpls.numpy import PLS

        def kernel() -> np.ndarray:
            model = PLS(algorithm=1, center_X=False, center_Y=False, scale_X=False, scale_Y=False)
            return np.asarray(model.fit(X, Y, COMPONENTS).B[-1])

        peers.append(Peer("ikpls", kernel))
    except ImportError:
        print("recognizer_pls: ikpls is not installed (extra bench); skipped")
    peers.append(
        Peer(
            "scikit-learn", lambda: PLSRegression(COMPONENTS, scale=False).fit(X, Y).coef_.T, sklearn.__version__
        )
    )
    yield Case(
        f"2,200 x 2,816, 50 classes, {COMPONENTS} components",
        lambda: pls_kernel(X, Y, COMPONENTS).coefficients(),
        peers,
        lambda a, b: float(np.abs(a - b).max() / np.abs(b).max()),
        "ikpls or faster, agreeing to 1e-8",
        3,
    )
