"""Training features of a view transformation, arranged by view and walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.checks import as_angles, as_features, as_labels

__all__ = ["ViewMatrix", "view_matrix"]


@dataclass(frozen=True)
class ViewMatrix:
    """Training features arranged by view and walk.

    Parameters
    ----------
    data : float32 array (K * d, M)
        One block of d rows per angle, one column per walk; zeros where a walk lacks a view.
    seen : bool array (K, M)
        Which walk was seen from which angle.
    angles : int array (K,)
        Degrees, ascending.
    subjects, walks : str arrays (M,)
        Whose walk each column is; columns are sorted by subject, then walk.
    """

    data: NDArray[np.float32]
    seen: NDArray[np.bool_]
    angles: NDArray[np.int64]
    subjects: NDArray[np.str_]
    walks: NDArray[np.str_]

    @property
    def mask(self) -> NDArray[np.bool_] | None:
        """Which entries of `data` were observed, array (K * d, M); None if all were."""
        if self.seen.all():
            return None
        return np.repeat(self.seen, len(self.data) // len(self.angles), axis=0)


def view_matrix(X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None) -> ViewMatrix:
    """Arrange samples into the matrix of a view transformation model.

    Parameters
    ----------
    X : array (n, h, w) or (n, d)
    y : str array (n,)
        Subjects.
    angle : int array (n,)
    walk : str array (n,), optional
        Samples of one subject and walk are one column. Without it the first sample of a subject at each angle
        makes its first column, the second its second, and so on.

    Raises
    ------
    ValueError
        If a walk has two samples at one angle, or fewer than two angles are there.
    """
    x = as_features(X)
    subjects, angles = as_labels(y, len(x)), as_angles(angle, len(x))
    views, block = np.unique(angles, return_inverse=True)
    if len(views) < 2:
        raise ValueError(
            f"a view transformation needs at least two angles, all samples are at {int(views[0])} degrees; "
            "give more views or use a recognizer without view transformation (GeiLda, GeiNearestNeighbor)"
        )
    if walk is None:
        seen_so_far: dict[tuple[str, int], int] = {}
        numbers = []
        for pair in zip(subjects.tolist(), angles.tolist(), strict=True):
            numbers.append(f"{seen_so_far.get(pair, 0):06d}")
            seen_so_far[pair] = seen_so_far.get(pair, 0) + 1
        walks = np.array(numbers)
    else:
        walks = as_labels(walk, len(x), name="walk")
    keys, column = np.unique(np.stack([subjects, walks], axis=1), axis=0, return_inverse=True)
    column = column.reshape(-1)
    seen = np.zeros((len(views), len(keys)), bool)
    data = np.zeros((len(views), x.shape[1], len(keys)), np.float32)
    for sample, (k, m) in enumerate(zip(block, column, strict=True)):
        if seen[k, m]:
            raise ValueError(
                f"subject {keys[m, 0]}, walk {keys[m, 1]} has two samples at {int(views[k])} degrees; drop one"
            )
        seen[k, m] = True
        data[k, :, m] = x[sample]
    return ViewMatrix(data.reshape(-1, len(keys)), seen, views, keys[:, 0], keys[:, 1])
