"""The figure: body, clothes, coat and bag as one set of surface points with colours and bone weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import Body
from gaitbench.datasets.walkers.figures.arms import arm
from gaitbench.datasets.walkers.figures.baggage import baggage
from gaitbench.datasets.walkers.figures.head import head
from gaitbench.datasets.walkers.figures.legs import leg
from gaitbench.datasets.walkers.figures.outerwear import outerwear
from gaitbench.datasets.walkers.figures.outfits import Bag, Coat, Outfit
from gaitbench.datasets.walkers.figures.surface import Patch, bone_indices
from gaitbench.datasets.walkers.figures.tailor import PARTS, Tailor
from gaitbench.datasets.walkers.figures.trunk import trunk

__all__ = ["PARTS", "Figure", "Group", "build_figure"]

Array = NDArray[np.float64]
#: Bones that the points of one group may hang on, unless a point has more of its own.
_BONES = 3


@dataclass(frozen=True)
class Group:
    """Points that move with the same bones.

    Parameters
    ----------
    bones : intp array (K,)
        Indices into `BONES`.
    points : float32 array (n, 7 K)
        A row for each point: of every bone the weighted rest position (x, y, z and the weight), then of every bone
        the weighted normal.
    normals : float32 array (3 K, n)
        The normals once more, a row for each bone and axis.
    """

    bones: NDArray[np.intp]
    points: NDArray[np.float32]
    normals: NDArray[np.float32]

    @property
    def positions(self) -> NDArray[np.float32]:
        """Weighted rest positions (K, 4, n)."""
        bones = len(self.bones)
        return self.points[:, : 4 * bones].T.reshape(bones, 4, -1)


@dataclass(frozen=True)
class Figure:
    """Points of a dressed person, grouped by the bones that move them.

    Parameters
    ----------
    groups : list of Group
        Their points follow one another in the order of `colors` and `parts`, from 1 on.
    colors : float32 array (3, N)
        Unlit RGB, 0 to 255; point 0 stands for "nobody" and is zero throughout.
    parts : uint8 array (N,)
        Index into `PARTS`; 0 for point 0.
    """

    groups: list[Group]
    colors: NDArray[np.float32]
    parts: NDArray[np.uint8]


def build_figure(body: Body, outfit: Outfit, coat: Coat | None, bag: Bag | None, spacing: float) -> Figure:
    """Dress `body` and sample its surface about every `spacing` metres.

    Parameters
    ----------
    body, outfit, coat, bag
        Who, and what is worn; coat and bag may be None.
    spacing : float
        Metres between neighbouring points; about half a pixel at the person's distance leaves no gap.
    """
    tailor = Tailor(body, outfit, coat, bag, spacing)
    trunk(tailor)
    head(tailor)
    for side in "lr":
        arm(tailor, side)
        leg(tailor, side)
    outerwear(tailor)
    baggage(tailor)
    return _gather(tailor.patches)


def _gather(patches: list[tuple[Patch, Array]]) -> Figure:
    """Sort all points by the bones that really move them: most follow one, and cost a quarter of four."""
    pieces: list[tuple[tuple[int, ...], Patch, Array, NDArray[np.intp], Array]] = []
    sizes: dict[tuple[int, ...], int] = {}
    for patch, color in patches:
        bones = bone_indices(patch.bones)
        weights = np.where(patch.weights < 4e-3, 0.0, patch.weights)
        weights /= weights.sum(axis=1, keepdims=True)
        code = (weights > 0) @ (1 << np.arange(len(bones)))
        for value in np.flatnonzero(np.bincount(code)).tolist():
            names = tuple(sorted(int(b) for i, b in enumerate(bones) if value >> i & 1))
            here = np.flatnonzero(code == value)
            pieces.append((names, patch, color, here, weights.take(here, axis=0)))
            sizes[names] = sizes.get(names, 0) + len(here)
    shared = _merge(sizes)
    groups, colors, parts = [], [np.zeros((1, 3))], [np.zeros(1, dtype=np.uint8)]
    for group in sorted(set(shared.values())):
        own = [piece for piece in pieces if shared[piece[0]] == group]
        total = sum(len(piece[3]) for piece in own)
        # Column by point, as the products want them; bones that do not move a point have zeros.
        position = np.zeros((len(group), 4, total), dtype=np.float32)
        normal = np.zeros((len(group), 3, total), dtype=np.float32)
        end = 0
        for _, patch, color, here, weights in own:
            start, end = end, end + len(here)
            points, normals = patch.points.take(here, axis=0).T, patch.normals.take(here, axis=0).T
            for i, bone in enumerate(bone_indices(patch.bones).tolist()):
                if bone not in group:
                    continue
                k, share = group.index(bone), weights[:, i]
                position[k, :3, start:end] = share * points
                position[k, 3, start:end] = share
                normal[k, :, start:end] = share * normals
            colors.append(color.take(here, axis=0))
            parts.append(np.full(len(here), patch.part, dtype=np.uint8))
        own_normals = normal.reshape(-1, total)
        rows = np.concatenate([position.reshape(-1, total), own_normals]).T.copy()
        groups.append(Group(np.asarray(group, dtype=np.intp), rows, own_normals))
    painted = np.ascontiguousarray(np.concatenate(colors).T, dtype=np.float32)
    return Figure(groups, painted, np.concatenate(parts))


def _merge(sizes: dict[tuple[int, ...], int]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """For each set of bones (with so many points) the set under which its points are kept.

    A product of many small matrices costs more in calls than a few rows of zeros do: neighbours share a group as
    long as it has no more than `_BONES` bones.
    """
    groups: list[set[int]] = []
    for names in sorted(sizes, key=lambda n: (-len(n), -sizes[n], n)):
        best = min(groups, key=lambda g: len(g | set(names)) - len(g & set(names)), default=None)
        if best is not None and len(best | set(names)) <= max(_BONES, len(best)) and best & set(names):
            best |= set(names)
        else:
            groups.append(set(names))
    kept = [tuple(sorted(g)) for g in groups]
    return {n: min((g for g in kept if set(n) <= set(g)), key=lambda g: (len(g), g)) for n in sizes}
