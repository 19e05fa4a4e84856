"""The choices of network and training that baseline and proposed share, so that the fight is fair."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ColorizerSettings"]


@dataclass(frozen=True)
class ColorizerSettings:
    """Choices of network and training that both rivals share; all ours.

    Parameters
    ----------
    width : int
        Channels of the network's finest level.
    sees_silhouette : bool
        Whether the network is also given the original's silhouette, which every system has as an input here.
        [T20] names two inputs, x_rgb and x_bi; with False there are those two.
    through : bool
        Whether the original's colours may bypass the network's layers, see `ColorNet`.
    guarded : bool
        With `through` and `sees_silhouette`: not outside the original's silhouette, where they are background.
    steps, batch : int
        Optimiser steps at effort 1, and pictures in each.
    learning_rate : float
        Of Adam, with a warm cosine.
    frames : int
        Training frames kept, drawn over all sequences.
    vary : bool
        Permute and scale colour channels of training pictures, so that thirty people's clothes become many.
    strength : float
        Of the contour deformation that stands in when `fit` is given no anonymized silhouettes.
    threads : int
        Threads of torch; part of what makes two runs equal to the last bit.
    """

    width: int = 16
    sees_silhouette: bool = True
    through: bool = True
    guarded: bool = False
    steps: int = 500
    batch: int = 16
    learning_rate: float = 1e-3
    frames: int = 4000
    vary: bool = True
    strength: float = 0.3
    threads: int = 2
