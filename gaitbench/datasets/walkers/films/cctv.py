"""Film of a camera that watches a place: a shutter that is open for half of a frame, a noisy sensor, few bits. Ours.

The blur follows the optical flow to the next frame: the scene stands still and stays sharp, a swinging foot is smeared
by up to half of the way that it goes in a frame, behind and before the place where it is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.films.small import compressed

__all__ = ["blurred", "watched"]

#: Share of a frame's time for which the shutter is open (1/50 s at 25 frames a second), and looks within it.
_SHUTTER, _LOOKS = 0.5, 5
#: A swinging foot goes about so many times as fast as the body.
_SWING = 2.5
#: Standard deviation of the sensor's noise, in levels of 255: of each pixel's brightness.
_NOISE = 3.0
#: Constant rate factor of H.264: about 0.3 Mbit a second at 320 x 240.
_CRF = 26


def blurred(
    film: NDArray[np.uint8], masks: NDArray[np.bool_], numbers: NDArray[np.int32]
) -> NDArray[np.uint8]:
    """Frames (T, H, W, 3) as an open shutter sees them; the last goes by the one before it, a single one stays.

    Parameters
    ----------
    film : uint8 array (T, H, W, 3)
        Sharp frames.
    masks : bool array (T, H, W)
        Where the person is: nothing else moves.
    numbers : int32 array (T,)
        Numbers of the frames: where some are missing, the way is shared out over the gap.
    """
    if len(film) < 2:
        return film
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    lumas = [np.asarray(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), np.uint8) for one in film]
    rows, columns = np.mgrid[0 : film.shape[1], 0 : film.shape[2]].astype(np.float32)
    instants = np.linspace(-_SHUTTER / 2, _SHUTTER / 2, _LOOKS).tolist()
    out = np.empty_like(film)
    for t, sharp in enumerate(film):
        other = t + 1 if t + 1 < len(film) else t - 1
        way = flow.calc(lumas[t], lumas[other], np.zeros((*sharp.shape[:2], 2), np.float32))
        way = _of_the_person(way / np.float32(numbers[other] - numbers[t]), masks[t])
        summed = np.zeros(sharp.shape, np.float32)
        for instant in instants:
            at = (columns - np.float32(instant) * way[..., 0], rows - np.float32(instant) * way[..., 1])
            summed += cv2.remap(sharp, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        out[t] = np.rint(summed / _LOOKS)
    return out


def _of_the_person(way: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Flow (H, W, 2) about the person alone, and nowhere longer than a foot swings: what is longer was mistaken."""
    if not mask.any():
        return np.zeros_like(way)
    length = np.hypot(way[..., 0], way[..., 1])
    longest = max(_SWING * float(np.median(length[mask])), 1.0)
    about = cv2.GaussianBlur(cv2.dilate(mask.astype(np.float32), np.ones((9, 9))), (0, 0), 2.0)
    return np.asarray(
        way * (about * np.minimum(1.0, longest / np.maximum(length, 1e-6)))[..., None], np.float32
    )


def watched(
    empty: NDArray[np.uint8], film: NDArray[np.uint8], fps: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The empty scene and the film with the sensor's noise, encoded one after the other and decoded.

    Parameters
    ----------
    empty, film : uint8 array (T, H, W, 3)
    fps : float
    rng : Generator
        Draws the noise frame by frame, so that the start of a film stays the same.
    """
    both = np.concatenate([empty, film])
    for one in both:
        noise = np.rint(rng.normal(0.0, _NOISE, one.shape[:2])).astype(np.int16)
        one[...] = np.clip(one + noise[..., None], 0, 255)
    seen = compressed(both, fps, crf=_CRF)
    return seen[: len(empty)], seen[len(empty) :]
