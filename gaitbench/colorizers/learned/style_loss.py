"""The style loss of [T20], equations 2 to 4, over all masks and all images at once.

``L_Style = sum_l || Gr(Mp(x_bi) . x_rgb . m_l) / M_l - Gr((x_bi - Mp(x_bi)) . Phi . m_l) / N_l ||_1``

A Gram matrix of a masked picture is a sum of products of channels over the mask's pixels. For each of the 6
different products of 3 channels all 32 sums are one matrix product with the masks, so nothing of the size
masks x pixels x channels is ever made.
"""

from __future__ import annotations

from typing import Any

import torch

from gaitbench.colorizers.learned.masks import nearest_masks

__all__ = ["FEATURES", "StyleLoss", "patch_features"]

#: Names of the features whose Gram matrix is taken.
FEATURES = ("colors", "patches")


def patch_features(images: torch.Tensor) -> torch.Tensor:
    """Stack each pixel with its right, lower and lower-right neighbour (zero beyond the border).

    A Gram matrix of colours alone does not see the order of pixels; one of these 12 features does. Ours.

    Parameters
    ----------
    images : float tensor (N, 3, height, width)

    Returns
    -------
    float tensor (N, 12, height, width)
    """
    padded = torch.nn.functional.pad(images, (0, 1, 0, 1))
    return torch.cat([images, padded[:, :, :-1, 1:], padded[:, :, 1:, :-1], padded[:, :, 1:, 1:]], dim=1)


class _GramSums(torch.autograd.Function):
    """Sums over each mask of weighted products of channel pairs, one pair at a time.

    Neither the products nor anything else of their size is kept for the backward pass, which forms the gradient
    of a channel pair by pair in turn: memory is that of the gradient and of a few single channels.
    """

    @staticmethod
    def forward(ctx: Any, features: torch.Tensor, weight: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        """Features (N, C, Q), weight (N, Q), masks (L, Q) to sums (N, C (C + 1) / 2, L)."""
        ctx.save_for_backward(features, weight, masks)
        sums = [
            (features[:, i] * features[:, j]).mul_(weight) @ masks.T
            for i in range(features.shape[1])
            for j in range(i, features.shape[1])
        ]
        return torch.stack(sums, dim=1)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """Gradient of the features; weight and masks are fixed."""
        features, weight, masks = ctx.saved_tensors
        out = torch.zeros_like(features)
        pair = 0
        for i in range(features.shape[1]):
            for j in range(i, features.shape[1]):
                field = (grad[:, pair] @ masks).mul_(weight)
                out[:, i].addcmul_(field, features[:, j])
                out[:, j].addcmul_(field, features[:, i])
                pair += 1
        return out, None, None


class StyleLoss:
    """Difference of the Gram matrices of centre and edge, cell by cell.

    Parameters
    ----------
    masks : float tensor (L, height, width)
        The masks m_l; they may overlap and need not cover the image.
    features : {"colors", "patches"}
        ``"colors"``: 3 x 3 matrices of RGB, equation 3 as it stands; ``"patches"``: 12 x 12 matrices of
        `patch_features` (ours).

    Notes
    -----
    Inferred, since the equations divide by zero there: a cell with no edge pixel adds nothing; a cell with an
    edge but no centre pixel takes the centre of the nearest cell that has one (by the masks' centroids, the
    first of equals), "the nearest patch"; an image without any centre pixel adds nothing.
    """

    def __init__(self, masks: torch.Tensor, features: str = "colors") -> None:
        if features not in FEATURES:
            raise ValueError(f"features must be one of {FEATURES}, not {features!r}")
        self.masks = masks
        self.features = features
        self._flat = masks.reshape(len(masks), -1)
        self._squared = self._flat.square()
        self._distance = nearest_masks(masks)
        channels = 3 if features == "colors" else 12
        first, second = torch.triu_indices(channels, channels)
        # Off the diagonal each product stands twice in the matrix, and in its 1-norm.
        self._times = torch.where(first == second, 1.0, 2.0).to(masks)

    def __call__(
        self, originals: torch.Tensor, outputs: torch.Tensor, centre: torch.Tensor, edge: torch.Tensor
    ) -> torch.Tensor:
        """Evaluate the loss.

        Parameters
        ----------
        originals : float tensor (N, 3, height, width)
            x_rgb in [0, 1].
        outputs : float tensor (N, 3, height, width)
            Phi(x_rgb, x_bi); the gradient flows here.
        centre, edge : float tensors (N, height, width)
            Mp(x_bi) and x_bi - Mp(x_bi), zeros and ones.

        Returns
        -------
        float tensor ()
            Sum over the masks, mean over the images.
        """
        with torch.no_grad():
            target, centre_mass = self.grams(originals, centre)
            edge_mass = edge.flatten(1) @ self._flat.T
            source = self._nearest(centre_mass)
            target = torch.gather(target, 2, source[:, None].expand_as(target))
            usable = (edge_mass > 0) & (centre_mass.gather(1, source) > 0)
        made, _ = self.grams(outputs, edge)
        difference = (target - made).abs() * self._times[None, :, None]
        return (difference.sum(1) * usable).sum() / max(1, len(originals))

    def grams(self, images: torch.Tensor, region: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Gram matrices of ``region . images . m_l`` over the region's mass, per mask.

        Returns
        -------
        grams : float tensor (N, P, L)
            The upper triangle of each matrix, row by row; zero in empty cells.
        mass : float tensor (N, L)
            M_l or N_l: pixels of the region in each cell.
        """
        if self.features == "patches":
            features, weight = patch_features(images * region[:, None]).flatten(2), torch.ones_like(region)
        else:
            features, weight = images.flatten(2), region.square()
        mass = region.flatten(1) @ self._flat.T
        sums: torch.Tensor = _GramSums.apply(features, weight.flatten(1), self._squared)  # type: ignore[no-untyped-call]
        return sums / mass.clamp_min(1e-12)[:, None], mass

    def _nearest(self, mass: torch.Tensor) -> torch.Tensor:
        """For each image and cell the nearest cell that has a centre; (N, L) int64."""
        away = torch.where(mass[:, None, :] > 0, self._distance[None], torch.inf)
        # argmin may return any of equals, so ties are broken towards the first by hand.
        best = away.amin(2, keepdim=True)
        order = torch.arange(away.shape[2], device=away.device)
        return torch.where(away <= best, order, away.shape[2]).amin(2).clamp_max(away.shape[2] - 1)
