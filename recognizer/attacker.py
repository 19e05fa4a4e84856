"""What all attackers have in common: fit on training people, enroll a gallery, name the probes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from recognizer._blocks import serial_blas
from recognizer._checks import as_angles, as_features, as_labels
from recognizer.matching import rank_subjects

__all__ = ["Attacker", "Ranking"]


class Ranking(NamedTuple):
    """Whom each probe looks like, best first.

    Parameters
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
    name = "attacker"
    #: Raised when the meaning of the fitted arrays changes.
    version = 1

    def fit(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None) -> Self:
        """Learn the feature space from training subjects; forgets any gallery.

        Parameters
        ----------
        X : float32 array (n, h, w) or (n, features)
            Gait energy images.
        y : str array (n,)
            Subjects, at least two.
        angle : int array (n,) or int
            Viewing angles in degrees.
        walk : str array (n,), optional
            Which walk of the subject each sample is: views of one walk belong together.

        Raises
        ------
        ValueError
            On NaN, a single subject, mixed sizes, or labels that do not match X.
        """
        x = as_features(X)
        subjects, angles = as_labels(y, len(x)), as_angles(angle, len(x))
        walks = None if walk is None else as_labels(walk, len(x), name="walk")
        if len(np.unique(subjects)) < 2:
            raise ValueError(
                f"all training samples are of subject {str(subjects[0])!r}; give at least two subjects to tell apart"
            )
        for attribute in [a for a in vars(self) if a.endswith("_") and not a.startswith("_")]:
            delattr(self, attribute)
        with serial_blas():
            self._fit(x, subjects, angles, walks)
        self.n_features_in_ = x.shape[1]
        self.angles_ = np.unique(angles)
        return self

    def enroll(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike) -> Self:
        """Set the gallery: the people who can be named, seen from any of the trained angles.

        Parameters
        ----------
        X : float32 array (n, h, w) or (n, features)
        y : str array (n,)
        angle : int array (n,) or int

        Raises
        ------
        ValueError
            If it is empty, holds NaN, has another picture size than the training, or an angle never trained.
        """
        check_is_fitted(self, "n_features_in_")
        if np.shape(X)[:1] == (0,):
            raise ValueError("the gallery is empty; enroll at least one gait energy image")
        x = as_features(X, features=self.n_features_in_, name="the gallery")
        subjects, angles = as_labels(y, len(x)), as_angles(angle, len(x))
        self._check_angles(angles, "the gallery")
        with serial_blas():
            self.gallery_codes_ = self._encode_gallery(x, angles)
        self.gallery_y_, self.gallery_angle_ = subjects, angles
        return self

    def distances(self, X: ArrayLike, *, angle: ArrayLike) -> NDArray[np.float32]:
        """Distance of each probe (n) to each gallery entry (m) in order of enrolment, float32 array (n, m)."""
        check_is_fitted(self, "n_features_in_")
        if not hasattr(self, "gallery_codes_"):
            raise NotFittedError(
                f"this {type(self).__name__} has no gallery yet; call enroll before asking for names"
            )
        x = as_features(X, features=self.n_features_in_, name="the probes")
        angles = as_angles(angle, len(x))
        self._check_angles(angles, "the probes")
        with serial_blas():
            return self._match(x, angles)

    def rank(self, X: ArrayLike, *, angle: ArrayLike) -> Ranking:
        """Gallery subjects of each probe, best first, with their distances."""
        distances = self.distances(X, angle=angle)
        return Ranking(*rank_subjects(distances, self.gallery_y_))

    def predict(self, X: ArrayLike, *, angle: ArrayLike) -> NDArray[np.str_]:
        """Name each probe: the subject of its nearest gallery entry, str array (n,)."""
        nearest = self.distances(X, angle=angle).argmin(axis=1)
        return self.gallery_y_[nearest]

    def save(self, path: str | Path) -> Path:
        """Write the fitted attacker (with its gallery, if any) to `path` and a JSON file beside it."""
        from recognizer.serialization import save_attacker

        return save_attacker(self, path)

    def _check_angles(self, angles: NDArray[np.int64], what: str) -> None:
        """Refuse angles that were never trained; attackers that do not care override this."""
        unknown = np.setdiff1d(angles, self.angles_)
        if len(unknown):
            known = ", ".join(str(a) for a in self.angles_)
            raise ValueError(
                f"{what} hold angle {int(unknown[0])}, which was never trained; known angles: {known}. "
                "Fit with that angle or leave these samples out"
            )

    def _fit(
        self,
        x: NDArray[np.float32],
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        raise NotImplementedError

    def _encode_gallery(self, x: NDArray[np.float32], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        raise NotImplementedError

    def _match(self, x: NDArray[np.float32], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        raise NotImplementedError

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """Fitted arrays by attribute name, for saving."""
        return {k: v for k, v in vars(self).items() if k.endswith("_") and isinstance(v, np.ndarray)}
