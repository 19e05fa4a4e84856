"""What all attackers have in common: fit on training people, enroll a gallery, name the probes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from recognizer._blocks import serial_blas
from recognizer.checks import (
    as_angles,
    as_features,
    as_labels,
    as_picture_shape,
    check_pictures,
    number,
    refuse_empty_gallery,
)
from recognizer.matching import rank_subjects
from recognizer.sequences import SequenceRanking, sequence_distances

__all__ = ["Attacker", "Ranking"]


class Ranking(NamedTuple):
    """Whom each probe looks like, best first.

    Attributes
    ----------
    subjects : str array (n, s)
        All s subjects of the gallery for each of n probes.
    distances : float32 array (n, s)
        Distance of the subject's nearest gallery entry, ascending in each row. Comparable between the probes
        of one angle; the scale is the attacker's own.
    """

    subjects: NDArray[np.str_]
    distances: NDArray[np.float32]


class Attacker(BaseEstimator):
    """Base of the attackers; a subclass gives `_fit`, `_encode_gallery` and `_match`.

    The order is ``fit`` (training subjects: learns the space), ``enroll`` (the people to be found: replaces the
    gallery), then ``predict``, ``rank`` or ``distances`` (probes).
    """

    #: Written to files and checked when they are read.
    name: ClassVar[str] = "attacker"
    #: Raised when the meaning of the fitted arrays changes.
    version: ClassVar[int] = 1
    #: What X holds: "gei" (gait energy images), "silhouettes" (sets of frames) or "pictures" (RGB frames).
    reads: ClassVar[str] = "gei"
    #: Whether it must know the angle of every training sample; the others take it and do not look at it.
    needs_angle: ClassVar[bool] = False
    #: Fitted arrays (..., features, columns) that may share one basis of the features in a smaller file.
    _projections: ClassVar[tuple[str, ...]] = ()
    #: What a saved model must hold: the axes of each fitted array, by name. An axis of one name is equally long
    #: wherever it stands, "features" is `n_features_in_`, a numeral is itself, and no axis is a single number.
    _shapes: ClassVar[dict[str, str]] = {"angles_": "K"}
    #: The same of the gallery's codes, which a saved model has with `gallery_y_` and `gallery_angle_` or not at all.
    _code_shape: ClassVar[str] = "m codes"

    def fit(
        self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike | None = None, walk: ArrayLike | None = None
    ) -> Self:
        """Learn the feature space from training subjects; forgets any gallery.

        Parameters
        ----------
        X : float32 array (n, h, w) or (n, features)
            Gait energy images.
        y : str array (n,)
            Subjects, at least two.
        angle : int array (n,) or int, optional
            Viewing angles in degrees; only attackers that learn how views differ (`needs_angle`) must have them.
        walk : str array (n,), optional
            Which walk of the subject each sample is: views of one walk belong together.

        Raises
        ------
        ValueError
            On NaN, a single subject, mixed sizes, labels that do not match X, or no angle where it is needed.
        """
        if angle is None and self.needs_angle:
            raise ValueError(
                f"{type(self).__name__} learns how views differ and must know the angle of every training sample; give "
                "angle=..., or take an attacker with one space for all views (GeiLda, GeiNearestNeighbor)"
            )
        x, features = self._read(X, "X", None)
        subjects = as_labels(y, len(x))
        angles = as_angles(-1 if angle is None else angle, len(x))
        walks = None if walk is None else as_labels(walk, len(x), name="walk")
        if len(np.unique(subjects)) < 2:
            raise ValueError(
                f"all training samples are of subject {str(subjects[0])!r}; give at least two subjects to tell apart"
            )
        for attribute in [a for a in vars(self) if a.endswith("_") and not a.startswith("_")]:
            delattr(self, attribute)
        with self._threads():
            self._fit(x, subjects, angles, walks)
        # row by row, as a file gives them back: products of another layout are rounded otherwise on some processors
        for attribute, held in self._arrays().items():
            if attribute in vars(self) and not held.flags.c_contiguous:
                setattr(self, attribute, np.ascontiguousarray(held))
        self.n_features_in_ = features
        self.picture_shape_ = self._picture_shape(X)
        self.angles_ = np.unique(angles)
        return self

    def enroll(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike | None = None) -> Self:
        """Set the gallery: the people who can be named, seen from any of the trained angles.

        Parameters
        ----------
        X : as in `fit`
        y : str array (n,)
        angle : int array (n,) or int, optional
            None if it is not known: an attacker that needs it estimates the trained view that fits best.

        Raises
        ------
        ValueError
            If it is empty, holds NaN, has another picture size than the training, or an angle never trained.
        """
        check_is_fitted(self, "n_features_in_")
        refuse_empty_gallery(X)
        x, _ = self._read(X, "the gallery", self.n_features_in_)
        subjects = as_labels(y, len(x))
        with self._threads():
            angles = self._views(x, angle, "the gallery")
            self.gallery_codes_ = np.ascontiguousarray(self._encode_gallery(x, angles))
        self.gallery_y_, self.gallery_angle_ = subjects, angles
        return self

    def distances(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> NDArray[np.float32]:
        """Distance of each probe (n) to each gallery entry (m) in order of enrolment, float32 array (n, m).

        Parameters
        ----------
        X : as in `fit`
        angle : int array (n,) or int, optional
            None if it is not known, as in `enroll`.
        """
        check_is_fitted(self, "n_features_in_")
        if not hasattr(self, "gallery_codes_"):
            raise NotFittedError(
                f"this {type(self).__name__} has no gallery yet; call enroll before asking for names"
            )
        x, _ = self._read(X, "the probes", self.n_features_in_)
        with self._threads():
            return self._match(x, self._views(x, angle, "the probes"))

    def rank(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> Ranking:
        """Gallery subjects of each probe, best first, with their distances."""
        return self._ranking(self.distances(X, angle=angle))

    def predict(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> NDArray[np.str_]:
        """Name each probe: the subject of its nearest gallery entry, str array (n,)."""
        return self._nearest(self.distances(X, angle=angle))

    def rank_sequences(
        self,
        X: ArrayLike,
        sequence: ArrayLike,
        *,
        angle: ArrayLike | None = None,
        by: str = "mean",
        **more: Any,
    ) -> SequenceRanking:
        """Gallery subjects of each sequence of several samples, best first; see `sequence_distances`.

        Parameters
        ----------
        X, angle, **more
            As of `distances`: n samples, several of a sequence (gait energy images of its cycles, say).
        sequence : str array (n,)
            The sequence of each sample.
        by : {"mean", "min"}
            Average the samples of a sequence, or let the nearest one decide.

        Raises
        ------
        ValueError
            As of `distances`, and if `sequence` does not match X or `by` is unknown.
        """
        found = self.distances(X, angle=angle, **more)
        names, subjects, together = sequence_distances(found, sequence, self.gallery_y_, by=by)
        order = np.argsort(together, axis=1, kind="stable")
        return SequenceRanking(names, subjects[order], np.take_along_axis(together, order, axis=1))

    def predict_sequences(
        self,
        X: ArrayLike,
        sequence: ArrayLike,
        *,
        angle: ArrayLike | None = None,
        by: str = "mean",
        **more: Any,
    ) -> dict[str, str]:
        """Name each sequence of several samples once: sequence -> subject, in the order of first samples.

        Parameters are those of `rank_sequences`.
        """
        ranking = self.rank_sequences(X, sequence, angle=angle, by=by, **more)
        return dict(zip(ranking.sequences.tolist(), ranking.subjects[:, 0].tolist(), strict=True))

    def _ranking(self, distances: NDArray[np.float32]) -> Ranking:
        return Ranking(*rank_subjects(distances, self.gallery_y_))

    def _nearest(self, distances: NDArray[np.float32]) -> NDArray[np.str_]:
        return np.asarray(self.gallery_y_[distances.argmin(axis=1)])

    def _read(self, X: ArrayLike, name: str, features: int | None) -> tuple[Any, int]:
        """X as `_fit`, `_encode_gallery` and `_match` take it, and its number of features; refuses bad input."""
        shape = self._picture_shape(X)
        x = as_features(X, features=features, name=name)
        # A picture with its axes exchanged has as many features as the right one.
        fitted = getattr(self, "picture_shape_", None) if features is not None else None
        check_pictures(x, shape, fitted, name)
        return x, x.shape[1]

    def _picture_shape(self, X: ArrayLike) -> tuple[int, int] | None:
        """Height and width of the training's pictures, where the attacker reads single pictures."""
        return as_picture_shape(X) if self.reads == "gei" else None

    def _threads(self) -> AbstractContextManager[None]:
        """Limits threads while numbers are made, so that the same input gives the same bytes everywhere."""
        return serial_blas()

    def _views(self, x: Any, angle: ArrayLike | None, what: str) -> NDArray[np.int64]:
        """Checked angles (n,) of the samples, estimated where they are not known."""
        if angle is None:
            return self._estimate_angles(x)
        angles = as_angles(angle, len(x))
        self._check_angles(angles, what)
        return angles

    def _estimate_angles(self, x: Any) -> NDArray[np.int64]:
        """Angles of samples whose angle is not known: -1 where they make no difference."""
        return np.full(len(x), -1, dtype=np.int64)

    def _check_angles(self, angles: NDArray[np.int64], what: str) -> None:
        """Refuse angles that were never trained; attackers that do not care override this."""
        unknown = np.setdiff1d(angles, self.angles_)
        if len(unknown):
            known = ", ".join(str(a) for a in self.angles_)
            raise ValueError(
                f"{number(what, 'holds', 'hold')} angle {int(unknown[0])}, which was never trained; known angles: "
                f"{known}. Fit with that angle, pass angle=None "
                "to have the nearest trained view estimated, or leave these samples out"
            )

    def _fit(
        self,
        x: Any,
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        raise NotImplementedError

    def _encode_gallery(self, x: Any, angles: NDArray[np.int64]) -> NDArray[np.float32]:
        raise NotImplementedError

    def _match(self, x: Any, angles: NDArray[np.int64]) -> NDArray[np.float32]:
        raise NotImplementedError

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """Fitted arrays by attribute name, for saving."""
        return {k: v for k, v in vars(self).items() if k.endswith("_") and isinstance(v, np.ndarray)}

    def _axes(self, arrays: dict[str, NDArray[Any]]) -> dict[str, str]:
        """What a saved model with these arrays must hold: as `_shapes`, where the parameters do not settle more.

        Raises
        ------
        ValueError
            If the parameters are none, or do not fit the arrays.
        """
        return self._shapes

    def _sizes(self) -> dict[str, int]:
        """Lengths of axes in `_shapes` that the parameters settle."""
        return {}

    def _restore(
        self, arrays: dict[str, NDArray[Any]], features: int, picture_shape: tuple[int, int] | None = None
    ) -> None:
        """Take back what `_arrays` gave."""
        for key, value in arrays.items():
            setattr(self, key, value)
        self.n_features_in_ = features
        self.picture_shape_ = picture_shape
