"""Silhouettes of painted crops: the original gives the extraction back, a painted person comes out as painted."""

import numpy as np
import pytest
from moving_blob import iou, recording

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.datasets.silhouettes.resegment import resegment
from gaitbench.datasets.walkers import Walkers
from gaitbench.errors import DataError

KEYS = ("003-nm-02-072", "004-bg-01-036", "001-cl-01-126")


@pytest.fixture(scope="module", params=[*KEYS, "drawn"])
def filmed(request) -> GaitSequence:
    if request.param == "drawn":  # a strong drift of the light and a cast shadow
        return prepare(recording(16))
    return prepare(Walkers().load(SequenceKey.parse(request.param), frames=14))


def test_the_original_gives_the_extracted_silhouettes_back(filmed):
    found = resegment(filmed.rgb, filmed.plate)
    assert found.dtype == bool and found.shape == filmed.silhouettes.shape
    overlaps = [iou(a, b) for a, b in zip(found, filmed.silhouettes, strict=True)]
    assert np.mean(overlaps) > 0.88 and min(overlaps) > 0.8, "0.95 on average over many; dark legs cost most"
    assert np.array_equal(found, resegment(filmed.rgb, filmed.plate))


def test_a_painted_outline_comes_back_and_floats_are_grey_levels(filmed):
    outline = np.roll(filmed.silhouettes[::-1], 3, axis=2)  # another outline than the picture's own
    colour = np.where(filmed.plate > 127, 20, 235).astype(np.uint8)
    painted = np.where(outline[..., None], colour, filmed.plate)
    found = resegment(painted, filmed.plate)
    assert np.mean([iou(a, b) for a, b in zip(found, outline, strict=True)]) > 0.95
    assert np.array_equal(found, resegment(painted.astype(np.float32) / 255, filmed.plate))


def test_the_empty_scene_is_nobody_and_what_looks_like_it_vanishes(filmed):
    assert not resegment(filmed.plate, filmed.plate).any()
    rng = np.random.default_rng(0)
    noisy = np.clip(filmed.plate + rng.normal(0, 1.5, filmed.plate.shape), 0, 255).astype(np.uint8)
    assert not resegment(noisy, filmed.plate).any()
    painted = np.where(filmed.silhouettes[..., None], 255 - filmed.plate // 2, filmed.plate)
    painted[:, 28:40] = filmed.plate[:, 28:40]
    assert not resegment(painted, filmed.plate)[:, 29:39].any()


def test_a_shadow_on_the_ground_is_not_the_person(filmed):
    painted = filmed.plate.copy()
    painted[:, 5:55, 16:28] = 255 - painted[:, 5:55, 16:28]
    dark = painted.copy()
    dark[:, 56:62, 4:40] = np.rint(0.6 * dark[:, 56:62, 4:40])
    assert resegment(dark, filmed.plate)[:, 57:].mean() < 0.05


def test_shapes_that_do_not_fit_are_one_clear_line(filmed):
    with pytest.raises(DataError, match="must both be"):
        resegment(filmed.rgb[:2], filmed.plate)
    with pytest.raises(DataError, match="must both be"):
        resegment(filmed.rgb[..., 0], filmed.plate[..., 0])
    assert resegment(filmed.rgb[:0], filmed.plate[:0]).shape == (0, *filmed.size)
