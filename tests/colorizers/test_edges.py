"""Every registered colorizer at the edges: no touch, nothing there, one frame, any size; finite, within the lines."""

import numpy as np
import pytest
from stick_people import crowd, walk

from gaitbench.errors import ModelError
from gaitbench.registry import COLORIZERS

TRAINING_FREE = ["nearest", "warp", "gaitbench", "model-1"]
SMALL = {"width": 8, "steps": 6, "batch": 4, "threads": 1, "frames": 20}


def make(name):
    kind = COLORIZERS.get(name)
    if name in TRAINING_FREE:
        return kind()
    module = __import__(kind.__module__, fromlist=["x"])
    settings = getattr(module, f"{kind.__name__}Settings")
    return kind(settings(**SMALL)).fit(crowd(subjects=(1, 2)), seed=0)


@pytest.fixture(scope="module", params=["baseline", "proposed", *TRAINING_FREE])
def colorizer(request):
    return make(request.param)


def person(frames=3, size=(64, 44)):
    sequence = walk(4, frames=frames, size=size)
    return sequence.rgb, sequence.silhouettes, np.roll(sequence.silhouettes, 2, axis=2)


def checked(colorizer, rgb, old, new):
    out = colorizer.colorize(rgb, old, new)
    assert out.shape == rgb.shape and out.dtype == np.float32
    assert np.isfinite(out).all() and out.min(initial=0) >= 0 and out.max(initial=0) <= 1
    assert not out[~new].any()
    return out


def test_a_silhouette_that_does_not_touch_the_body(colorizer):
    rgb, old, _ = person()
    new = np.zeros_like(old)
    new[:, 20:40, :4] = True
    assert not (new & old).any()
    out = checked(colorizer, rgb, old, new)
    assert (out[new].max(1) > 0).mean() > 0.9


def test_bodies_that_share_no_row(colorizer):
    rgb, old, _ = person()
    old, new = old.copy(), np.zeros_like(old)
    old[:, 30:] = False
    new[:, 50:60, 10:30] = True
    assert (checked(colorizer, rgb, old, new)[new].max(1) > 0).mean() > 0.9


@pytest.mark.parametrize("which", ["anonymized", "original", "both"])
def test_empty_silhouettes(colorizer, which):
    rgb, old, new = person()
    old, new = old.copy(), new.copy()
    if which != "original":
        new[1] = False
    if which != "anonymized":
        old[1] = False
    out = checked(colorizer, rgb, old, new)
    assert out[0].any()
    assert (which == "original") or not out[1].any()
    nothing = np.zeros_like(old)
    checked(colorizer, rgb, old, nothing)
    checked(colorizer, rgb, nothing, new)


def test_single_pixels(colorizer):
    rgb, old, new = person()
    for mask in (old, new):
        mask[:] = False
        mask[:, 31, 20] = True
    checked(colorizer, rgb, old, new)


def test_whole_crops(colorizer):
    rgb, old, new = person()
    assert checked(colorizer, rgb, np.ones_like(old), np.ones_like(new)).any()
    assert checked(colorizer, rgb, old, np.ones_like(new)).any()


@pytest.mark.parametrize("size", [(32, 22), (128, 88), (37, 51)])
@pytest.mark.parametrize("frames", [0, 1])
def test_one_frame_and_other_sizes(colorizer, size, frames):
    sequence = walk(4, frames=1, size=size if size != (37, 51) else (64, 44))
    cut = (slice(0, frames), slice(0, size[0]), slice(0, size[1]))
    rgb, old = sequence.rgb, sequence.silhouettes
    if size[1] > rgb.shape[2]:
        wider = ((0, 0), (0, 0), (0, size[1] - rgb.shape[2]))
        rgb, old = np.pad(rgb, (*wider, (0, 0)), mode="edge"), np.pad(old, wider)
    rgb, old = rgb[cut], old[cut]
    checked(colorizer, rgb, old, np.roll(old, 1, axis=2))


def test_mixed_sizes_and_lengths_are_refused(colorizer):
    rgb, old, new = person()
    for wrong in ((rgb, old[:2], new), (rgb, old, new[:, :32]), (rgb[:, :, :22], old, new)):
        with pytest.raises(ModelError, match="one length and size"):
            colorizer.colorize(*wrong)


def test_the_input_is_left_alone_and_the_answer_is_the_same(colorizer):
    rgb, old, new = person()
    kept = rgb.copy(), old.copy(), new.copy()
    first, again = colorizer.colorize(rgb, old, new), colorizer.colorize(rgb, old, new)
    assert np.array_equal(first, again)
    assert all(np.array_equal(a, b) for a, b in zip(kept, (rgb, old, new), strict=True))
