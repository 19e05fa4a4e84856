"""View transformation: what a gait seen from one angle looks like from another.

The features of walk m at angle k are stacked into a matrix with one block of rows per angle and one column per
walk, and factored ``[P_1; ...; P_K] [v^1 ... v^M]`` (Makihara 2006, Kusakunniran 2009). A gait seen at angle j
then has the view-free coordinates ``v = P_j^+ a_j`` and looks like ``P_i v`` from angle i.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve, eigh
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from recognizer._blocks import run_parts, serial_blas, slices
from recognizer.checks import (
    as_angles,
    as_features,
    as_finite,
    as_picture_shape,
    check_above,
    check_count,
    check_pictures,
    check_share,
)
from recognizer.subspaces.view_matrix import ViewMatrix, view_matrix

__all__ = ["ViewMatrix", "ViewTransformationModel", "view_matrix"]

Array = NDArray[Any]


class ViewTransformationModel(TransformerMixin, BaseEstimator):
    """Factor a view matrix and transform features from any of its angles to any other.

    Parameters
    ----------
    rank : int, optional
        Length of the view-free vector v. Default: the smallest that keeps `energy`.
    energy : float
        Share of the squared singular values to keep, in (0, 1].
    ridge : float
        Noise level of the features relative to the mean energy of the factors (ours): coordinates are
        ``v = (P_j^T P_j + ridge * c I)^-1 P_j^T a_j`` with c the mean diagonal entry of P_j^T P_j. 0 gives the
        plain ``P_j^+ a_j`` of the literature, which magnifies whatever a view hardly shows.
    center : bool
        Subtract the mean of every view first, and add it back (ours; False is the literature's plain product).
    max_iter : int
        Rounds of filling views that a walk lacks (alternating factorisation and completion).
    source, target : int, optional
        Angles in degrees that `transform` takes where it is given none, so that the model can stand in a pipeline.

    Attributes
    ----------
    angles_ : int64 array (K,)
    components_ : float64 array (K, d, r)
        P_k, scaled so that the training v have unit variance.
    mean_ : float64 array (K, d)
    coordinates_ : float64 array (M, r)
        v of the training columns.
    rank_, n_features_in_ : int

    References
    ----------
    Makihara, Sagawa, Mukaigawa, Echigo, Yagi: Gait recognition using a view transformation model in the frequency
    domain, ECCV 2006.
    Kusakunniran, Wu, Li, Zhang: Multiple views gait recognition using view transformation model based on
    optimized gait energy image, ICCV Workshops 2009.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> v, P = rng.normal(size=(9, 2)), rng.normal(size=(2, 5, 2))
    >>> X = np.concatenate([v @ P[0].T, v @ P[1].T])
    >>> who, angle = np.tile(np.arange(9).astype(str), 2), np.repeat([0, 90], 9)
    >>> model = ViewTransformationModel(rank=2, ridge=0.0, center=False).fit(X, who, angle=angle)
    >>> bool(np.allclose(model.transform(v[:1] @ P[0].T, source=0, target=90), v[:1] @ P[1].T, atol=1e-4))
    True

    In a pipeline the training samples are brought from their own angles to `target`, later ones from `source`:

    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> model = ViewTransformationModel(2, source=0, target=90)
    >>> steps = make_pipeline(model, KNeighborsClassifier(1))
    >>> steps.fit(X, who, viewtransformationmodel__angle=angle).predict(v[3:4] @ P[0].T).tolist()
    ['3']
    """

    def __init__(
        self,
        rank: int | None = None,
        *,
        energy: float = 0.99,
        ridge: float = 0.01,
        center: bool = True,
        max_iter: int = 30,
        source: int | None = None,
        target: int | None = None,
    ) -> None:
        self.rank = rank
        self.energy = energy
        self.ridge = ridge
        self.center = center
        self.max_iter = max_iter
        self.source = source
        self.target = target

    def fit(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None) -> Self:
        """Factor the view matrix of samples X (n, h, w) or (n, d) of subjects y; see `view_matrix`."""
        shape = as_picture_shape(X)
        check_pictures(as_features(X), shape, None, "X")
        self.fit_matrix(view_matrix(X, y, angle=angle, walk=walk))
        self.picture_shape_ = shape
        return self

    def fit_matrix(self, matrix: ViewMatrix, *, low_rank: NDArray[np.float32] | None = None) -> Self:
        """Factor an arranged matrix.

        Parameters
        ----------
        matrix : ViewMatrix
        low_rank : float32 array (K * d, M), optional
            Its clean part by robust PCA, complete; factored in its place.

        Raises
        ------
        ValueError
            If a parameter is out of range, an angle has no sample, or there are too few walks or none that differ.
        """
        check_share("energy", self.energy, one=True)
        check_above("ridge", self.ridge, 0, equal=True)
        views, columns = matrix.seen.shape
        if columns < 2:
            raise ValueError("a view transformation needs at least two walks; give more training samples")
        self._refuse_alike(matrix)
        features = len(matrix.data) // views
        if self.rank is not None:
            most = min(columns - self.center, features)
            check_count("rank", self.rank, 1, most, "as many as walks and features allow")
        data = matrix.data if low_rank is None else low_rank
        mask = matrix.mask if low_rank is None else None
        if mask is not None:
            data = self._complete(data, mask)
        mean, basis, values = self._factor(data)
        self.rank_ = self._choose_rank(values)
        basis, values = basis[:, : self.rank_], values[: self.rank_]
        scale = np.sqrt(columns)
        self.coordinates_ = basis * scale
        with serial_blas():
            left = (data @ (basis / scale).astype(data.dtype)).astype(np.float64)
            left -= mean[:, None] * (basis.sum(axis=0) / scale)
        self.components_ = left.reshape(views, features, self.rank_)
        self.mean_ = mean.reshape(views, features)
        self.angles_ = matrix.angles.copy()
        self.n_features_in_ = features
        self._prepare()
        return self

    def coordinates(self, X: ArrayLike, *, source: int) -> NDArray[np.float64]:
        """View-free coordinates v (n, r) of features X (n, h, w) or (n, d) seen from `source` degrees."""
        check_is_fitted(self)
        x = as_features(X, features=self.n_features_in_)
        check_pictures(x, as_picture_shape(X), getattr(self, "picture_shape_", None), "X")
        k = self._view(source)
        with serial_blas():
            return (x.astype(np.float64) - self.mean_[k]) @ self.inverse_[k].T

    def render(self, v: ArrayLike, *, target: int) -> NDArray[np.float64]:
        """Features (n, d) of coordinates v (n, r) as seen from `target` degrees."""
        check_is_fitted(self)
        k = self._view(target)
        with serial_blas():
            return as_finite(v, "v") @ self.components_[k].T + self.mean_[k]

    def transform(
        self, X: ArrayLike, *, source: int | None = None, target: int | None = None
    ) -> NDArray[np.float64]:
        """Features X (n, h, w) or (n, d) seen from `source` degrees as seen from `target`, array (n, d).

        An angle that is not given is the one of the constructor.
        """
        check_is_fitted(self)
        seen = self._given("source", source)
        return self.render(self.coordinates(X, source=seen), target=self._given("target", target))

    def fit_transform(
        self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None
    ) -> NDArray[np.float64]:
        """Fit, then every sample as seen from `target` of the constructor, array (n, d).

        Unlike ``fit(...).transform(X)``, which takes all samples as seen from `source`, each comes from its own angle.
        """
        target = self._given("target", None)
        self.fit(X, y, angle=angle, walk=walk)
        x = as_features(X, features=self.n_features_in_)
        angles = as_angles(angle, len(x))
        out = np.empty((len(x), self.n_features_in_))
        for source in np.unique(angles):
            chosen = angles == source
            out[chosen] = self.transform(x[chosen], source=int(source), target=target)
        return out

    def _given(self, name: str, angle: int | None) -> int:
        """An angle of `transform`: as given there, or to the constructor."""
        chosen: int | None = getattr(self, name) if angle is None else angle
        if chosen is None:
            raise ValueError(
                f"{name} is not known; give {name}=... in degrees to transform, or to the constructor in a pipeline"
            )
        return chosen

    def _refuse_alike(self, matrix: ViewMatrix) -> None:
        """Say so when there is nothing to factor: no walk differs from another in any view."""
        views, columns = matrix.seen.shape
        for seen, block in zip(matrix.seen, matrix.data.reshape(views, -1, columns), strict=True):
            walks = block[:, seen]
            if walks.shape[1] and (walks != walks[:, :1] if self.center else walks).any():
                return
        what = (
            "all training samples of a view are alike, in every view" if self.center else "X holds zeros only"
        )
        raise ValueError(f"{what}; there is nothing to learn from")

    def _view(self, angle: int) -> int:
        found = np.flatnonzero(self.angles_ == angle)
        if not len(found):
            known = ", ".join(str(a) for a in self.angles_)
            raise ValueError(f"angle {angle} was never trained; known angles: {known}")
        return int(found[0])

    def _prepare(self) -> None:
        """(Regularised) pseudo-inverses of every view's factor."""
        rows = []
        with serial_blas():
            for P in self.components_:
                gram = P.T @ P
                if self.ridge > 0:
                    gram[np.diag_indices_from(gram)] += self.ridge * np.trace(gram) / len(gram)
                    rows.append(cho_solve(cho_factor(gram), P.T))
                else:
                    rows.append(np.linalg.pinv(P))
        self.inverse_ = np.stack(rows)

    def _factor(self, data: Array) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Row means (K d,), right singular vectors (M, r) and singular values, strongest first."""
        columns = data.shape[1]
        mean = data.mean(axis=1, dtype=np.float64) if self.center else np.zeros(len(data))

        def part(start: int, stop: int) -> NDArray[np.float64]:
            gram = np.zeros((columns, columns))
            for rows in slices(start, stop, 1024):
                block = data[rows].astype(np.float64)
                block -= mean[rows, None]
                gram += block.T @ block
            return gram

        gram = np.sum(run_parts(part, len(data), columns=columns), axis=0)
        with serial_blas():
            squares, vectors = eigh(gram)
        squares, vectors = squares[::-1], vectors[:, ::-1]
        keep = squares > squares[0] * 1e-10
        vectors = vectors[:, keep]
        vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
        return mean, vectors, np.sqrt(squares[keep])

    def _choose_rank(self, values: NDArray[np.float64]) -> int:
        if self.rank is not None:
            return min(self.rank, len(values))
        share = np.cumsum(values**2) / (values**2).sum()
        return int(np.searchsorted(share, self.energy - 1e-12) + 1)

    def _complete(self, data: Array, mask: Array) -> Array:
        """Fill unseen views by alternating truncated factorisation and completion."""
        seen = mask.sum(axis=1)
        if not seen.all():
            raise ValueError("an angle has no sample at all")
        mean = (data * mask).sum(axis=1, dtype=np.float64) / seen
        filled = np.where(mask, data, mean[:, None].astype(data.dtype))
        rank = self.rank
        for _ in range(self.max_iter):
            mean, basis, values = self._factor(filled)
            # The rank is settled in the first round: it must not chase what it has filled in itself.
            rank = rank or self._choose_rank(values)
            kept = basis[:, :rank].astype(data.dtype)
            with serial_blas():
                centred = filled - mean[:, None].astype(data.dtype)
                guess = (centred @ kept) @ kept.T + mean[:, None].astype(data.dtype)
            change = float(np.abs(guess - filled)[~mask].max(initial=0.0))
            np.copyto(filled, guess, where=~mask)
            if change < 1e-4:
                break
        return filled
