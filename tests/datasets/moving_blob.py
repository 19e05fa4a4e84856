"""A drawn walker of known outline in front of a textured scene: enough to test the reading of data."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from gaitbench.datasets.sequence import Recording, SequenceKey

PERIOD = 14  # frames per step cycle


def scene(height: int = 240, width: int = 320, seed: int = 0) -> np.ndarray:
    """A smooth coloured background (H, W, 3)."""
    rng = np.random.default_rng(seed)
    tiles = rng.integers(90, 220, (12, 16, 3)).astype(np.uint8)
    return cv2.resize(tiles, (width, height), interpolation=cv2.INTER_LINEAR)


def outline(
    centre: float, phase: float, height: int = 240, width: int = 320, scale: float = 1.0
) -> np.ndarray:
    """Bool (H, W): head, trunk and two swinging legs, feet at row 200."""
    mask = np.zeros((height, width), np.uint8)

    def at(x: float, y: float) -> tuple[int, int]:
        return round(centre + scale * x), round(200 - scale * (200 - y))

    cv2.ellipse(mask, at(0, 110), (round(15 * scale), round(36 * scale)), 0, 0, 360, 1, -1)
    cv2.circle(mask, at(0, 68), round(9 * scale), 1, -1)
    swing = 24 * np.sin(phase)
    for side in (-1, 1):
        cv2.line(mask, at(0, 140), at(side * swing, 195), 1, round(8 * scale))
    return mask > 0


def clip(
    frames: int = 40, *, noise: float = 2.0, drift: float = 0.04, shadow: bool = True,
    colour: tuple[int, int, int] = (40, 60, 120), seed: int = 1, floor_edge: int | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """RGB frames (T, H, W, 3), background frames (B, H, W, 3), true silhouettes bool (T, H, W).

    From row `floor_edge` on the floor is dark, above it light, with a hard edge.
    """
    rng = np.random.default_rng(seed)
    empty = scene()
    if floor_edge is not None:
        empty[floor_edge - 30 : floor_edge] = 215
        empty[floor_edge:] = 90
    truth = np.stack([outline(60 + 4 * t, 2 * np.pi * t / PERIOD) for t in range(frames)])
    out = np.empty((frames, *empty.shape), np.uint8)
    for t, mask in enumerate(truth):
        picture = empty.astype(np.float32)
        if shadow:
            dark = np.zeros(mask.shape, np.uint8)
            cv2.ellipse(dark, (66 + 4 * t, 199), (30, 5), 0, 0, 360, 1, -1)
            picture[dark > 0] *= 0.65
        picture[mask] = colour
        picture *= 1 + drift * np.sin(t / 9)
        out[t] = np.clip(picture + rng.normal(0, noise, picture.shape), 0, 255)
    background = np.clip(empty[None] + rng.normal(0, noise, (12, *empty.shape)), 0, 255).astype(np.uint8)
    return out, background, truth


def recording(frames: int = 30, key: str = "001-nm-01-090", **kwargs: object) -> Recording:
    """A recording with video and background, no silhouettes."""
    rgb, background, _ = clip(frames, **kwargs)  # type: ignore[arg-type]
    return Recording(
        SequenceKey.parse(key), rgb, background, None, np.arange(1, frames + 1, dtype=np.int32), frames
    )


def write_png(path: Path, mask: np.ndarray) -> None:
    """Write a bool mask as a black and white PNG (any path, non-ASCII too)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", mask.astype(np.uint8) * 255)[1].tobytes())


def iou(a: np.ndarray, b: np.ndarray) -> float:
    """Overlap over union of two masks."""
    return float((a & b).sum() / max((a | b).sum(), 1))
