"""Legs on grey film are no shadows; a shadow on grey film is one."""

import cv2
import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.silhouettes.empty_scene import is_grey
from gaitbench.datasets.silhouettes.extraction import extract_silhouettes
from gaitbench.datasets.walkers import Walkers


def grey(film):
    return np.repeat(np.stack([cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in film])[..., None], 3, 3)


def heights(masks):
    return np.array([np.ptp(np.flatnonzero(m.any(axis=1))) + 1 if m.any() else 0 for m in masks])


@pytest.fixture(scope="module", params=[("001", "nm-01", 90), ("002", "cl-01", 54), ("007", "cl-01", 90)])
def walk(request):
    walkers = Walkers(seed=11, subjects=8)
    recording = walkers.load(SequenceKey(*request.param), frames=36)
    truth = walkers.true_masks(recording.key, body=request.param[0], frames=36, rgb=False)
    return recording, truth.masks


@pytest.mark.parametrize("given", [True, False])
def test_grey_walkers_keep_their_legs(walk, given):
    """By the test of colours alone two of these three are 55 and 70 pixels tall where 104 and 109 are right."""
    recording, truth = walk
    film, empty = grey(recording.frames), grey(recording.background)
    assert is_grey(film[0]) and not is_grey(recording.frames[0])
    if given:
        masks = extract_silhouettes(film, empty)
    else:
        masks = extract_silhouettes(np.concatenate([np.repeat(empty, 3, 0), film]))[3 * len(empty) :]
    seen = truth.sum(axis=(1, 2)) > 100
    assert np.median(heights(masks[seen])) > 0.93 * np.median(heights(truth[seen]))
    assert np.median(heights(masks[seen])) < 1.06 * np.median(heights(truth[seen]))
    overlap = (masks & truth)[seen].sum() / (masks | truth)[seen].sum()
    assert overlap > (0.75 if given else 0.6)


def test_a_shadow_on_textured_grey_ground_is_no_person():
    draws = np.random.default_rng(1)
    scene = cv2.GaussianBlur(draws.integers(60, 200, (120, 160)).astype(np.float32), (0, 0), 1.2)
    film = []
    for t in range(30):
        frame = scene.copy()
        if 10 <= t < 25:
            x = 10 + 6 * (t - 10)
            frame[100:116, x : x + 44] *= 0.6  # a flat shadow
            cv2.rectangle(frame, (x + 14, 30), (x + 26, 108), 30.0 + 20 * (t % 2), -1)
        film.append(frame)
    clip = np.repeat(np.clip(np.stack(film), 0, 255).astype(np.uint8)[..., None], 3, 3)
    masks = extract_silhouettes(clip)
    for t in range(12, 23):
        x = 10 + 6 * (t - 10)
        assert masks[t, 32:98, x + 16 : x + 24].mean() > 0.9, t
        # its hard rim, half a window wide, is another matter
        assert masks[t, 104:113, x + 5 : x + 11].mean() < 0.15, t
