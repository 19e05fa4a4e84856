"""View transformation by a truncated singular value decomposition: what robust PCA is compared with."""

from __future__ import annotations

from typing import ClassVar

from recognizer.attackers.robust_vtm import RobustVTM
from recognizer.subspaces.rpca import RobustPCA
from recognizer.subspaces.vtm import ViewMatrix

__all__ = ["TruncatedVTM"]


class TruncatedVTM(RobustVTM):
    """`RobustVTM` without the robust part: the view matrix is factored as it is.

    Everything else (PLS, whitening, matching) is the same, so that the two differ in robust PCA alone. Views
    that a walk lacks are completed by alternating factorisation.

    Parameters
    ----------
    n_components, vtm_rank, energy, ridge, view_energy, folds, shrinkage
        As in `RobustVTM`.

    References
    ----------
    Kusakunniran, Wu, Li, Zhang: Multiple views gait recognition using view transformation model based on
    optimized gait energy image, ICCV Workshops 2009.
    """

    name: ClassVar[str] = "tsvd-vtm"
    _shapes: ClassVar[dict[str, str]] = {
        name: axes
        for name, axes in RobustVTM._shapes.items()
        if name not in ("rpca_iterations_", "outlier_share_")
    }

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
    ) -> None:
        self.n_components = n_components
        self.vtm_rank = vtm_rank
        self.energy = energy
        self.ridge = ridge
        self.view_energy = view_energy
        self.folds = folds
        self.shrinkage = shrinkage

    def _clean(self, matrix: ViewMatrix) -> RobustPCA | None:
        return None
