"""`baseline-gated` and `proposed-gated`: the two rivals with our way past the network.

Ours, and no claim of the slides: a third input (the original's silhouette), and a gate that mixes the original's own
pixel into the output. In the overlap both are a copy of the original, so that they can differ at the rim alone; they
are kept because up to version 0.1 they were called `baseline` and `proposed`, and to show what a gate hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gaitbench.colorizers.learned.baseline import Baseline, BaselineSettings
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings

__all__ = ["BaselineGated", "BaselineGatedSettings", "ProposedGated", "ProposedGatedSettings"]


@dataclass(frozen=True)
class BaselineGatedSettings(BaselineSettings):
    """As `BaselineSettings`, with the gate, the third input, and Model 1's colours on the silhouettes to be painted."""

    network: str = "gate"
    sees_silhouette: bool = True
    steps: int = 500
    batch: int = 16
    targets: str = "extraction"
    edge_weight: float = 1.0
    adversarial_weight: float = 0.0


class BaselineGated(Baseline):
    """The baseline with a way past its network; settings as `BaselineGatedSettings`."""

    name: ClassVar[str] = "baseline-gated"
    tuning: ClassVar[str] = (
        "Network, way through, gate and learning rate chosen for both gated rivals at once (five pairs of seed and "
        "rate). Its own: the edge term, with and without, looked at on people 081-100."
    )

    def __init__(self, settings: BaselineGatedSettings | None = None) -> None:
        super().__init__(settings or BaselineGatedSettings())


@dataclass(frozen=True)
class ProposedGatedSettings(ProposedSettings):
    """As `ProposedSettings`, with the gate, the third input, the overlap as centre, and a style weight of ours."""

    network: str = "gate"
    sees_silhouette: bool = True
    steps: int = 500
    batch: int = 16
    center: str = "overlap"
    erosion: int = 0
    rec: str = "mean"
    style_weight: float = 0.0075


class ProposedGated(Proposed):
    """The proposed colorizer with a way past its network; settings as `ProposedGatedSettings`."""

    name: ClassVar[str] = "proposed-gated"
    tuning: ClassVar[str] = (
        "Network, way through, gate and learning rate chosen for both gated rivals at once (five pairs of seed and "
        "rate). Its own: four style weights on training people 051-080, erosion looked at on people 081-100."
    )

    def __init__(self, settings: ProposedGatedSettings | None = None) -> None:
        super().__init__(settings or ProposedGatedSettings())
