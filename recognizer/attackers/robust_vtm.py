"""Robust view transformation model: the recognizer of the slides.

Method (Zheng, Zhang, Huang, He, Tan 2011): the view matrix is split by robust PCA, its clean part factored into
a view transformation model, features of the clean part are selected by partial least squares, and the nearest
neighbour names the probe. The gallery is transformed to the probe's angle; a gallery entry of the same angle is
compared as it is.

What is ours, each a parameter: ridge and centring of the view transformation; the cross-fitted transforms from
which the discriminative directions are learned (`folds`: a model transforms walks that it was fitted on far better
than those of strangers, so each training subject is transformed by a model that has not seen it, and the
directions carry over to people who come later; robust PCA is part of that model, fitted in each fold on who is left
in it); the whitening of what varies within a subject (`shrinkage`); and the chord between projections of length one
as distance. Held-out walks, like gallery and probes, are not cleaned: what comes later cannot be.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from recognizer.attackers.attacker import Attacker
from recognizer.attackers.gei_lda import principal_components, within_whitening
from recognizer.checks import check_above, check_count, check_share
from recognizer.matching import euclidean_distances
from recognizer.subspaces.pls import class_indicator, pls_kernel
from recognizer.subspaces.rpca import RobustPCA
from recognizer.subspaces.view_angle import ViewAngleClassifier
from recognizer.subspaces.vtm import ViewMatrix, ViewTransformationModel, view_matrix

__all__ = ["RobustVTM"]


class RobustVTM(Attacker):
    """Name people across views: robust PCA, view transformation, PLS, nearest neighbour.

    Parameters
    ----------
    n_components : int
        PLS directions per view; fewer are taken where a view's features have fewer dimensions.
    vtm_rank : int, optional
        Length of the view-free vector; default: the smallest that keeps `energy`.
    energy : float
        Share of the squared singular values that the view transformation keeps, in (0, 1].
    ridge : float
        Regularisation of ``P_j^+``; see `ViewTransformationModel`.
    view_energy : float
        Share of the variance of a view's features that its PCA keeps before PLS, in (0, 1].
    folds : int
        Parts into which the training subjects are cut for cross-fitted transforms; 1 = no cross-fitting. Cut to
        the number of subjects.
    shrinkage : float
        Of the within-subject scatter that whitens the PLS scores, in [0, 1]; 1 leaves them unwhitened.
    lam_factor : float
        Weight of the sparse part as a multiple of the generic ``1 / sqrt(max(m, n))`` (ours). The matrix is a
        hundred times taller than wide, and with the generic weight (1) the sparse part takes what tells people
        apart; at 4 it takes gross errors, one or two entries in a hundred.
    rpca_tol, rpca_growth, rpca_max_iter
        Of `RobustPCA`.

    Attributes
    ----------
    encode_ : float32 array (K, features, c)
        Direct projection of each view: ``(x - encode_mean_[k]) @ encode_[k]`` are its codes.
    encode_mean_ : float32 array (K, features)
    latent_ : float32 array (K, features, r)
        ``P_k^+`` transposed: ``(x - latent_mean_[k]) @ latent_[k]`` are view-free coordinates.
    latent_mean_ : float32 array (K, features)
    bridge_ : float32 array (K, r, c)
        View-free coordinates to codes as seen from view k, with `bridge_offset_` (K, c).
    view_coef_, view_intercept_ : float32 arrays (features, K) and (K,)
        Of a `ViewAngleClassifier` fitted on the same samples: where ``angle=None`` is given, a sample is taken as
        seen from the trained view that it looks most like.
    rpca_iterations_, vtm_rank_ : int64 arrays ()
    outlier_share_ : float64 array ()
        Share of the entries of the view matrix in which the sparse part is not zero.
    gallery_codes_ : float32 array (K, m, c)
        Gallery as seen from each view, each code of length one.

    References
    ----------
    Zheng, Zhang, Huang, He, Tan: Robust view transformation model for gait recognition, ICIP 2011.
    """

    name: ClassVar[str] = "robust-vtm"
    version: ClassVar[int] = 2
    needs_angle: ClassVar[bool] = True
    _projections: ClassVar[tuple[str, ...]] = ("encode_", "latent_")
    _shapes: ClassVar[dict[str, str]] = {
        "angles_": "K",
        "encode_": "K features codes",
        "encode_mean_": "K features",
        "latent_": "K features r",
        "latent_mean_": "K features",
        "bridge_": "K r codes",
        "bridge_offset_": "K codes",
        "view_coef_": "features K",
        "view_intercept_": "K",
        "vtm_rank_": "",
        "rpca_iterations_": "",
        "outlier_share_": "",
    }
    _code_shape: ClassVar[str] = "K m codes"

    def __init__(
        self,
        *,
        n_components: int = 60,
        vtm_rank: int | None = None,
        energy: float = 0.99,
        ridge: float = 0.01,
        view_energy: float = 0.995,
        folds: int = 5,
        shrinkage: float = 0.1,
        lam_factor: float = 4.0,
        rpca_tol: float = 1e-4,
        rpca_growth: float = 1.5,
        rpca_max_iter: int = 200,
    ) -> None:
        self.n_components = n_components
        self.vtm_rank = vtm_rank
        self.energy = energy
        self.ridge = ridge
        self.view_energy = view_energy
        self.folds = folds
        self.shrinkage = shrinkage
        self.lam_factor = lam_factor
        self.rpca_tol = rpca_tol
        self.rpca_growth = rpca_growth
        self.rpca_max_iter = rpca_max_iter

    def _fit(
        self,
        x: NDArray[np.float32],
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        check_count("folds", self.folds, 1, 1000, "cut to the number of subjects")
        features = x.shape[1]
        check_count("n_components", self.n_components, 1, features, f"the samples have {features} features")
        check_share("view_energy", self.view_energy, one=True)
        check_share("shrinkage", self.shrinkage, zero=True, one=True)
        matrix = view_matrix(x, subjects, angle=angles, walk=walks)
        for angle in matrix.angles:
            there = x[angles == angle]
            if (there == there[0]).all():
                raise ValueError(
                    f"all training samples at {int(angle)} degrees are alike; there is nothing to learn from at that "
                    "angle; leave it out or give samples of people who differ"
                )
        split = self._clean(matrix)
        if split is not None:
            self.rpca_iterations_ = np.array(split.n_iter_)
            self.outlier_share_ = np.array(np.count_nonzero(split.sparse_) / split.sparse_.size)
        clean = None if split is None else np.asarray(split.low_rank_, dtype=np.float32)
        model = self._model().fit_matrix(matrix, low_rank=clean)
        carried = [self._carry(matrix, clean, fold) for fold in self._cut(matrix)]
        raw = _by_view(matrix.data, len(matrix.angles))
        cleaned = raw if clean is None else _by_view(clean, len(matrix.angles))
        directions = [self._directions(k, matrix, raw[k], cleaned[k], carried) for k in range(len(raw))]
        width = min(d.shape[1] for _, d in directions)
        self.encode_mean_ = np.stack([m for m, _ in directions]).astype(np.float32)
        encode = np.stack([d[:, :width] for _, d in directions])
        self.encode_ = encode.astype(np.float32)
        self.latent_mean_ = model.mean_.astype(np.float32)
        self.latent_ = np.ascontiguousarray(model.inverse_.transpose(0, 2, 1), dtype=np.float32)
        self.bridge_ = np.einsum("kdr,kdc->krc", model.components_, encode, optimize=True).astype(np.float32)
        offset = model.mean_ - np.stack([m for m, _ in directions])
        self.bridge_offset_ = np.einsum("kd,kdc->kc", offset, encode, optimize=True).astype(np.float32)
        self.vtm_rank_ = np.array(model.rank_)
        views_seen = ViewAngleClassifier().fit(x, angles)
        self.view_coef_ = views_seen.coef_.astype(np.float32)
        self.view_intercept_ = views_seen.intercept_.astype(np.float32)

    def _clean(self, matrix: ViewMatrix) -> RobustPCA | None:
        """Split a view matrix; None leaves it as it is."""
        check_above("lam_factor", self.lam_factor, 0)
        return RobustPCA(
            self.lam_factor / np.sqrt(max(matrix.data.shape)),
            tol=self.rpca_tol,
            growth=self.rpca_growth,
            max_iter=self.rpca_max_iter,
        ).fit(matrix.data, mask=matrix.mask)

    def _model(self) -> ViewTransformationModel:
        return ViewTransformationModel(self.vtm_rank, energy=self.energy, ridge=self.ridge)

    def _cut(self, matrix: ViewMatrix) -> list[NDArray[np.bool_]]:
        """Columns held out in each fold; whole subjects, dealt in turn."""
        people, code = np.unique(matrix.subjects, return_inverse=True)
        folds = min(self.folds, len(people))
        return [code % folds == f for f in range(folds)]

    def _carry(
        self,
        matrix: ViewMatrix,
        clean: NDArray[np.float32] | None,
        held: NDArray[np.bool_],
    ) -> _Carried:
        """Coordinates of the held-out columns by a model that was fitted, and cleaned, on the others alone.

        `clean` is the whole matrix cleaned: what stands in it of some columns depends on the others, so that it is
        taken where nothing is held out, and nowhere else.
        """
        keep = ~held if not held.all() else held
        part = ViewMatrix(
            np.ascontiguousarray(matrix.data[:, keep]), matrix.seen[:, keep], matrix.angles,
            matrix.subjects[keep], matrix.walks[keep],
        )  # fmt: skip
        try:
            if clean is not None and not held.all():
                if not part.seen.any(axis=1).all():
                    raise ValueError("an angle has no sample at all")
                split = self._clean(part)
                clean = None if split is None else np.asarray(split.low_rank_, dtype=np.float32)
            model = self._model().fit_matrix(part, low_rank=clean)
        except ValueError as error:
            raise ValueError(
                f"without the subjects of one of {self.folds} folds: {error}; give more subjects, or set folds=1"
            ) from error
        coordinates, labels, sources = [], [], []
        views = _by_view(matrix.data, len(matrix.angles))
        for j, angle in enumerate(matrix.angles):
            chosen = held & matrix.seen[j]
            if chosen.any():
                coordinates.append(model.coordinates(views[j][chosen], source=int(angle)))
                labels.append(matrix.subjects[chosen])
                sources.append(np.full(int(chosen.sum()), j))
        return _Carried(model, np.concatenate(coordinates), np.concatenate(labels), np.concatenate(sources))

    def _directions(
        self,
        k: int,
        matrix: ViewMatrix,
        raw: NDArray[np.float32],
        direct: NDArray[np.float32],
        carried: list[_Carried],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean (d,) and whitened PLS directions (d, c) of view k from direct and transformed features.

        PLS reads the cleaned features. The space that they are written in, and what varies within a person there, are
        those of the features as they come (`raw`): gallery and probes are not cleaned.
        """
        seen = matrix.seen[k]
        mean = direct[seen].mean(axis=0, dtype=np.float64)
        basis = principal_components(raw[seen] - mean, self.view_energy)
        scores, labels = [(direct[seen] - mean) @ basis], [matrix.subjects[seen]]
        for fold in carried:
            other = fold.sources != k
            render = fold.model.components_[k].T @ basis
            scores.append(fold.coordinates[other] @ render + (fold.model.mean_[k] - mean) @ basis)
            labels.append(fold.labels[other])
        table, names = np.concatenate(scores), np.concatenate(labels)
        centre = table.mean(axis=0)
        _, indicator = class_indicator(names)
        count = min(self.n_components, table.shape[1])
        rotations = pls_kernel(table - centre, indicator - indicator.mean(axis=0), count).rotations
        selected = (table - centre) @ rotations
        if self.shrinkage < 1:
            selected[: len(scores[0])] = ((raw[seen] - mean) @ basis - centre) @ rotations
            subject_mean = (indicator.T @ selected) / indicator.sum(axis=0)[:, None]
            whiten = within_whitening(selected - indicator @ subject_mean, self.shrinkage)
            rotations = rotations @ whiten
        return mean + basis @ centre, basis @ rotations

    def estimate_angles(self, X: ArrayLike) -> NDArray[np.int64]:
        """The trained view that each sample looks most like, in degrees, int64 array (n,).

        Parameters
        ----------
        X : float32 array (n, h, w) or (n, features)
        """
        check_is_fitted(self, "n_features_in_")
        x, _ = self._read(X, "X", self.n_features_in_)
        with self._threads():
            return self._estimate_angles(x)

    def _estimate_angles(self, x: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.asarray(self.angles_[(x @ self.view_coef_ + self.view_intercept_).argmax(axis=1)])

    def _encode_gallery(self, x: NDArray[np.float32], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        """The gallery as seen from every trained view, array (K, m, c)."""
        codes = np.empty((len(self.angles_), len(x), self.encode_.shape[2]), np.float32)
        for j, source in enumerate(self.angles_):
            chosen = np.flatnonzero(angles == source)
            if not len(chosen):
                continue
            latent = (x[chosen] - self.latent_mean_[j]) @ self.latent_[j]
            for k in range(len(self.angles_)):
                codes[k, chosen] = latent @ self.bridge_[k] + self.bridge_offset_[k]
            codes[j, chosen] = (x[chosen] - self.encode_mean_[j]) @ self.encode_[j]
        return _unit(codes)

    def _match(self, x: NDArray[np.float32], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        out = np.empty((len(x), self.gallery_codes_.shape[1]), np.float32)
        for k, angle in enumerate(self.angles_):
            chosen = np.flatnonzero(angles == angle)
            if len(chosen):
                codes = _unit((x[chosen] - self.encode_mean_[k]) @ self.encode_[k])
                out[chosen] = euclidean_distances(codes, self.gallery_codes_[k])
        return out


class _Carried:
    """Training samples in view-free coordinates, by a model that has not seen their subjects."""

    def __init__(
        self,
        model: ViewTransformationModel,
        coordinates: NDArray[np.float64],
        labels: NDArray[np.str_],
        sources: NDArray[np.int64],
    ) -> None:
        self.model, self.coordinates, self.labels, self.sources = model, coordinates, labels, sources


def _by_view(data: NDArray[np.float32], views: int) -> list[NDArray[np.float32]]:
    """The blocks of a view matrix, one row a walk, arrays (M, d)."""
    return [np.ascontiguousarray(block.T) for block in data.reshape(views, -1, data.shape[1])]


def _unit(codes: NDArray[np.float32]) -> NDArray[np.float32]:
    return codes / np.maximum(np.linalg.norm(codes, axis=-1, keepdims=True), np.float32(1e-9))
