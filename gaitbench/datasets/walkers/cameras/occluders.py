"""Things that stand between camera and walker: a pole, a plant, a bench."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.cameras.camera import HEIGHT, WIDTH

__all__ = ["Occluder", "sample_occluder"]


@dataclass(frozen=True)
class Occluder:
    """A still thing in front.

    Parameters
    ----------
    color : float32 array (H, W, 3)
        Its picture.
    alpha : float32 array (H, W)
        How much of each pixel it covers, 0 to 1.
    """

    color: NDArray[np.float32]
    alpha: NDArray[np.float32]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Pixels covered by more than half."""
        covered: NDArray[np.bool_] = self.alpha > 0.5
        return covered

    def stand_in(self, plate: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The empty scene with the thing in it."""
        out = plate.copy()
        self.cover(out)
        return out

    @cached_property
    def _layer(self) -> tuple[tuple[slice, slice], NDArray[np.uint8], NDArray[np.uint8]]:
        """The box it fills, its picture there, and how much shines through it (three channels)."""
        rows, cols = np.flatnonzero(self.alpha.any(axis=1)), np.flatnonzero(self.alpha.any(axis=0))
        box = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(cols[0]), int(cols[-1]) + 1))
        share = self.alpha[box][..., None]
        front = np.rint(self.color[box] * share).astype(np.uint8)
        return box, front, np.repeat(np.rint(255 * (1 - share)).astype(np.uint8), 3, axis=2)

    def cover(self, frame: NDArray[np.uint8]) -> None:
        """Put it over the picture, in place."""
        box, front, clear = self._layer
        frame[box] = cv2.add(cv2.multiply(frame[box], clear, scale=1 / 255), front)


def sample_occluder(rng: np.random.Generator, scene: str) -> Occluder:
    """Draw a thing near the middle of the picture, where the person passes."""
    kind = str(rng.choice(["pole", "plant", "bench"]))
    centre = WIDTH / 2 + rng.uniform(-55, 55)
    x = np.arange(WIDTH) + 0.5
    y = np.arange(HEIGHT)[:, None] + 0.5
    alpha = np.zeros((HEIGHT, WIDTH), dtype=np.float32)
    color = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32)
    if kind == "pole":
        half = rng.uniform(4.5, 8.0)
        across = (x - centre) / half
        alpha[:] = np.clip((1 - np.abs(across)) * half + 0.5, 0, 1)
        base = np.array([138.0, 138.0, 140.0]) if scene == "outdoor" else np.array([196.0, 192.0, 182.0])
        shade = 0.62 + 0.42 * np.sqrt(np.clip(1 - (across + 0.35) ** 2 / 1.9, 0, 1))
        color[:] = base * shade[None, :, None]
    elif kind == "plant":
        top, bottom = rng.uniform(128, 150), rng.uniform(212, 236)
        grain = rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
        leaf = np.asarray(cv2.GaussianBlur(grain, (0, 0), 2.2))
        leaf = leaf / leaf.std()
        middle, tall = 0.55 * top + 0.45 * bottom, 0.5 * (bottom - top)
        inside = 1 - np.sqrt(((x - centre) / rng.uniform(15, 23)) ** 2 + ((y - middle) / (0.8 * tall)) ** 2)
        alpha[:] = np.clip((inside * 2.2 + 0.35 * leaf) * 3, 0, 1)
        color[:] = np.array([58.0, 88.0, 50.0]) * (1 + 0.22 * leaf[..., None])
        pot = (np.abs(x - centre) < 10 - 3 * (y - bottom + 22) / 22) & (y > bottom - 22) & (y < bottom)
        alpha[pot] = 1.0
        color[pot] = np.array([142.0, 88.0, 62.0])
    else:
        seat = rng.uniform(176, 192)
        half = rng.uniform(45, 75)
        board = (np.abs(x - centre) < half) & (np.abs(y - seat) < 5.5)
        legs = (np.abs(np.abs(x - centre) - 0.8 * half) < 3.5) & (y >= seat) & (y < seat + 46)
        alpha[board | legs] = 1.0
        color[np.broadcast_to(board, alpha.shape)] = np.array([126.0, 92.0, 60.0])
        color[legs] = np.array([64.0, 60.0, 58.0])
        alpha = np.asarray(cv2.GaussianBlur(alpha, (3, 3), 0.5), dtype=np.float32)
    grain = rng.normal(0, 2.0, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return Occluder(np.clip(color + grain, 0, 255).astype(np.float32), alpha)
