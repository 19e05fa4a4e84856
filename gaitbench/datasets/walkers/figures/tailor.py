"""What the parts of a figure share: labels, measures and the list of patches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import SOLE, Body, rest_joints
from gaitbench.datasets.walkers.figures.outfits import Bag, Coat, Outfit
from gaitbench.datasets.walkers.figures.surface import Patch, smoothstep

__all__ = ["PART", "PARTS", "Tailor", "blend", "radius"]

Array = NDArray[np.float64]
#: Part labels: a pixel's value in the label pictures is the index here.
PARTS: tuple[str, ...] = (
    "background", "head", "hair", "neck", "torso",
    "upperarm_l", "forearm_l", "hand_l", "upperarm_r", "forearm_r", "hand_r",
    "thigh_l", "shank_l", "foot_l", "thigh_r", "shank_r", "foot_r", "skirt", "coat", "bag",
)  # fmt: skip
PART = {name: i for i, name in enumerate(PARTS)}


def radius(circumference: float) -> float:
    """Radius of a circle of that circumference."""
    return circumference / (2 * np.pi)


def blend(axis_low: float, axis_high: float) -> Callable[[Array, Array], Array]:
    """Weights of (upper bone, lower bone) by height: upper above `axis_high`, lower below `axis_low`."""

    def weigh(points: Array, phi: Array) -> Array:
        w = smoothstep(points[:, 2], axis_low, axis_high)
        return np.stack([w, 1 - w], axis=1)

    return weigh


class Tailor:
    """Collects the patches of one figure, with the measures that several of its parts need.

    Parameters
    ----------
    body, outfit, coat, bag
        Who, and what is worn.
    spacing : float
        Metres between points.
    """

    def __init__(
        self, body: Body, outfit: Outfit, coat: Coat | None, bag: Bag | None, spacing: float
    ) -> None:
        self.body, self.outfit, self.coat, self.bag, self.spacing = body, outfit, coat, bag, spacing
        self.joints = rest_joints(body)
        self.patches: list[tuple[Patch, Array]] = []
        self.crown = body["stature"] + SOLE
        self.air = outfit.loose[0] if coat is None else outfit.loose[0] + coat.bulk
        self.waist = body["waist_height_omphalion"] + SOLE
        self.groin = body["crotch_height"] + SOLE

    @property
    def coat_hem(self) -> float:
        """Height of the coat's hem in metres, standing."""
        assert self.coat is not None
        return self.groin + 0.02 - self.coat.hem * (self.groin - float(self.joints["shank_l"][2]))

    def add(self, patch: Patch, color: Array | tuple[float, float, float]) -> None:
        """Add a patch in one colour, or with a colour (N, 3) for each point."""
        c = np.asarray(color, dtype=np.float64)
        if c.ndim == 1:
            c = np.broadcast_to(c, (len(patch.points), 3))
        self.patches.append((patch, c))

    def split(self, patch: Patch, *layers: tuple[NDArray[np.bool_], Array]) -> None:
        """Add a patch whose colour is given by masks, later layers over earlier ones."""
        c = np.zeros((len(patch.points), 3))
        for mask, color in layers:
            c[mask] = color[mask] if color.ndim == 2 else color
        self.patches.append((patch, c))
