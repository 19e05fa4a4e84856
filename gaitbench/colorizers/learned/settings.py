"""The choices of network and training that the learned colorizers share, so that the fight is fair."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.errors import ConfigError

__all__ = ["NETWORKS", "ColorizerSettings"]

#: In the order of what may pass: nothing but the bottleneck; features of every level; the original's own pixels.
NETWORKS = ("encoder-decoder", "skips", "gate")


@dataclass(frozen=True)
class ColorizerSettings:
    """Choices of network and training that all rivals share; all ours.

    Parameters
    ----------
    network : {"encoder-decoder", "skips", "gate"}
        ``"encoder-decoder"`` and ``"skips"``: every colour passes through the layers, without or with features handed
        across at each level. ``"gate"``: the original's own colour may bypass them, see `ColorNet`.
    width : int
        Channels of the network's finest level.
    sees_silhouette : bool
        Whether the network is also given the original's silhouette. [T20] names two inputs, x_rgb and x_bi.
    guarded : bool
        With the gate and `sees_silhouette`: no way past outside the original's silhouette, where its colours are
        background.
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

    network: str = "encoder-decoder"
    width: int = 16
    sees_silhouette: bool = False
    guarded: bool = False
    steps: int = 5000
    batch: int = 8
    learning_rate: float = 1e-3
    frames: int = 4000
    vary: bool = True
    strength: float = 0.3
    threads: int = 1

    def __post_init__(self) -> None:
        if self.network not in NETWORKS:
            raise ConfigError(f"a colorizer's network is one of {', '.join(NETWORKS)}, not {self.network!r}")
        if self.guarded and not (self.network == "gate" and self.sees_silhouette):
            raise ConfigError("guarded shuts the gate by the original's silhouette: it needs both")
