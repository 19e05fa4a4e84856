"""Drawn people of different build who walk through films, and what tools make of those."""

import cv2
import numpy as np
from drawn_film import wall
from drawn_people import silhouette

from gaitbench.datasets.video_writing import write_mp4

SIZE = (120, 160)
#: From beyond one side of the picture to beyond the other.
STEPS = range(-14, 34)
EMPTY = 8


def masks_of(person, walk=0):
    """True silhouettes (T, H, W) of a walk; the first and last frames are empty."""
    none = [np.zeros(SIZE, bool)] * EMPTY
    return np.stack([*none, *(silhouette(person, t + walk) > 0 for t in STEPS), *none])


def film_of(person, walk=0, masks=None):
    """RGB frames (T, H, W, 3) of a person in clothes of their own; every walk is filmed under its own noise."""
    draws = np.random.default_rng([person, walk])
    shirt, trousers = np.random.default_rng(person).integers(0, 2, (2, 3)) * 200 + 20
    scene = wall(SIZE).astype(np.float64)
    masks = masks_of(person, walk) if masks is None else masks
    clothes = np.where(np.arange(SIZE[0])[:, None, None] < 66, shirt, trousers)
    film = np.where(masks[..., None], clothes, scene) + draws.normal(0, 1.5, (len(masks), *SIZE, 3))
    return np.clip(film, 0, 255).astype(np.uint8)


def blurred(film, masks):
    """The person and what is around them in a heavy blur."""
    out = film.copy()
    for frame, mask in zip(out, masks, strict=True):
        near = cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        frame[near] = cv2.GaussianBlur(frame, (0, 0), 5)[near]
    return out


def coarse(film, masks):
    """The box around the person in blocks of eight pixels."""
    out = film.copy()
    for frame, box in zip(out, _boxes(masks), strict=True):
        blocks = cv2.resize(frame, (SIZE[1] // 8, SIZE[0] // 8), interpolation=cv2.INTER_AREA)
        frame[box] = cv2.resize(blocks, SIZE[::-1], interpolation=cv2.INTER_NEAREST)[box]
    return out


def boxed(film, masks, colour=(95, 95, 95)):
    """A box of one colour over the person; the usual one is a darker grey than the wall, as a shadow is."""
    out = film.copy()
    for frame, box in zip(out, _boxes(masks), strict=True):
        frame[box] = colour
    return out


def figures(film, masks, colour=(90, 90, 90)):
    """The person as a flat figure of a darker grey than the wall."""
    out = film.copy()
    out[masks] = colour
    return out


def same_boxes(walk=0):
    """A box as wide as the longest stride that goes evenly past the camera, the same for everybody; bool (T, H, W)."""
    none = [np.zeros(SIZE, bool)] * EMPTY
    columns = np.arange(SIZE[1])
    box = [np.broadcast_to(np.abs(columns - 40 - 4 * (t + walk)) <= 34, SIZE).copy() for t in STEPS]
    for mask in box:
        mask[:8] = mask[112:] = False
    return np.stack([*none, *box, *none])


def _boxes(masks):
    for mask in masks:
        x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
        yield slice(y, y + height), slice(x, x + width)


def write(path, film, fps=25.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    write_mp4(path, film, fps, crf=12)
    return path
