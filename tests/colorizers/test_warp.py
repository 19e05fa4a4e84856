"""Fields between silhouettes, `warp` and `gaitbench`: known answers, no background, missing rows borrowed."""

import numpy as np
import pytest
from stick_people import walk

from gaitbench.colorizers.carried.fields import (
    carry,
    inner,
    match_rows,
    row_field,
    sharpen,
    smooth_rows,
    widen,
)
from gaitbench.colorizers.carried.gaitbench_colorizer import (
    GaitbenchColorizer,
    GaitbenchColorizerSettings,
    complete_rows,
)
from gaitbench.colorizers.warp import Warp, WarpSettings
from gaitbench.errors import ConfigError
from gaitbench.registry import COLORIZERS

MAKERS = [Warp, GaitbenchColorizer]


def plain_warp(**settings):
    """`gaitbench` along the field alone, whose answers are known."""
    return GaitbenchColorizer(GaitbenchColorizerSettings(corrected=False, sharpen=0.0, **settings))


def block(top, bottom, left, right, size=(64, 44)):
    mask = np.zeros((1, *size), bool)
    mask[0, top:bottom, left:right] = True
    return mask


def level(mask):
    return np.broadcast_to(np.arange(mask.shape[1], dtype=float), mask.shape[:2])


@pytest.mark.parametrize("kind", MAKERS)
def test_registered_under_their_names(kind):
    assert COLORIZERS.get(kind.name) is kind and not kind.trainable


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", range(3))
def test_no_background_is_ever_painted(kind, seed):
    """Clothes without red before a red wall, in an outline that is half wall: no red may come out."""
    person = walk(seed, size=(64, 44), frames=4)
    rng = np.random.default_rng(seed)
    rgb = np.zeros_like(person.rgb)
    rgb[..., 0] = 255
    core = inner(person.silhouettes, 1)
    clothes = rng.integers(90, 200, core.shape)
    rgb[core] = np.stack([np.zeros_like(clothes), clothes, clothes], axis=-1)[core]
    new = np.roll(person.silhouettes[::-1], 3, axis=2)
    out = kind().colorize(rgb, person.silhouettes, new)
    assert out[..., 0].max() == 0 and (out[new][:, 1] > 0.05).all()


@pytest.mark.parametrize("kind", [Warp, plain_warp])
def test_a_shifted_body_gets_the_shifted_picture(kind):
    """The texture moves with the body; where it is eroded, colours are the nearest ones."""
    person = walk(5, size=(64, 44), frames=3)
    new = np.roll(person.silhouettes, 4, axis=2)
    out = kind().colorize(person.rgb, person.silhouettes, new)
    wanted = np.roll(person.rgb / 255.0, 4, axis=2)
    deep = inner(inner(new, 1), 1)
    assert np.abs(out - wanted)[deep].max() < 0.02


def test_a_wider_body_stretches_the_texture():
    """A ramp of colour across a block comes out as the same ramp across a block twice as wide."""
    old, new = block(4, 60, 16, 28), block(4, 60, 10, 34)
    x, y = row_field(old, new, level(old), sigma=4.0)
    middle = np.abs(np.arange(44) - 21.5)
    assert np.allclose(x[0, 30] - 21.5, (np.arange(44) - 21.5) / 2, atol=1e-4)
    assert np.array_equal(y[0], np.indices((64, 44))[0]) and middle.min() == 0.5


def test_rows_are_matched_where_the_body_narrows():
    """A neck three rows lower is found three rows lower; equal bodies stay where they are."""

    def body(neck):
        mask = block(0, 64, 14, 30)
        mask[0, neck : neck + 6] = False
        mask[0, neck : neck + 6, 20:24] = True
        return mask

    options = {"reach": 4.0, "stiffness": 0.005, "sigma": 2.0}
    assert np.allclose(match_rows(body(12), body(12), **options), np.arange(64))
    rows = match_rows(body(15), body(12), **options)
    assert abs(rows[0, 15] - 18) < 0.7
    assert abs(rows[0, 0]) < 1.0 and abs(rows[0, 63] - 63) < 1.0 and (np.diff(rows[0]) > 0).all()


def test_smoothing_keeps_constants_and_bridges_unknown_rows():
    known = np.array([[True, False, False, True], [False] * 4])
    values = np.array([[3.0, 99.0, -5.0, 3.0], [7.0] * 4])
    assert np.allclose(smooth_rows(values, known, 1.0), [[3.0] * 4, [0.0] * 4])


def test_widened_pictures_hold_only_colors_of_the_mask():
    rng = np.random.default_rng(0)
    rgb = rng.integers(0, 256, (2, 20, 16, 3), dtype=np.uint8)
    mask = np.zeros((2, 20, 16), bool)
    mask[0, 5:9, 3:8] = True
    wide = widen(rgb, mask)
    assert np.array_equal(wide[0][mask[0]], (rgb[0][mask[0]] / np.float32(255)).astype(np.float32))
    assert {tuple(c) for c in wide[0].reshape(-1, 3)} == {tuple(c) for c in wide[0][mask[0]]}
    assert not wide[1].any()
    y, x = (np.broadcast_to(v, (2, 20, 16)).astype(np.float32) for v in np.indices((20, 16)))
    assert np.allclose(carry(wide, np.ascontiguousarray(x), np.ascontiguousarray(y), cubic=False), wide)


def test_a_body_is_eroded_but_never_away():
    thin = block(10, 50, 20, 21)
    assert np.array_equal(inner(thin, 1), thin) and np.array_equal(inner(thin, 0), thin)
    thick = block(10, 64, 20, 30)
    assert inner(thick, 1).sum() == 53 * 8  # the lower border is the crop's, not the body's
    assert inner(block(20, 100, 40, 60, (128, 88)), 1).sum() == 76 * 16


def test_missing_rows_come_from_the_nearest_frame_that_has_them():
    masks = np.ones((4, 3, 2), bool)
    masks[1, 2] = masks[2, 2] = False
    masks[:, 0] = False
    rgb = np.arange(4 * 3 * 2 * 3, dtype=np.uint8).reshape(4, 3, 2, 3)
    colours, filled = complete_rows(rgb, masks)
    assert np.array_equal(colours[1, 2], rgb[0, 2]) and np.array_equal(colours[2, 2], rgb[3, 2])
    assert filled[:, 1:].all() and not filled[:, 0].any()
    assert np.array_equal(colours[:, :2], rgb[:, :2])
    assert complete_rows(rgb, np.ones_like(masks))[0] is rgb


def test_a_lost_frame_is_dressed_from_its_neighbor():
    person = walk(6, size=(64, 44), frames=2)
    old = person.silhouettes.copy()
    old[1] = False
    out = GaitbenchColorizer().colorize(person.rgb, old, person.silhouettes)
    assert (out[1][person.silhouettes[1]].max(1) > 0.05).all()
    assert not Warp().colorize(person.rgb, old, person.silhouettes)[1].any()


def test_sharpening_keeps_what_is_even_and_steepens_edges_inside_the_mask_alone():
    rng = np.random.default_rng(1)
    mask = block(8, 56, 10, 34)
    even = np.where(mask[..., None], np.float32(0.4), rng.random((1, 64, 44, 3), dtype=np.float32))
    made = sharpen(even, mask, strength=0.8, sigma=0.7)
    assert np.allclose(made[mask], 0.4, atol=1e-6) and not made[~mask].any()
    step = np.full((1, 64, 44, 3), 0.3, np.float32)
    step[:, :, 22:] = 0.6
    made = sharpen(step, mask, strength=0.5, sigma=0.7)[0, 30, 10:34, 0]
    assert np.allclose(made[[0, -1]], [0.3, 0.6], atol=1e-4)  # the black outside draws nothing
    assert made[11] < 0.27 and made[12] > 0.63 and made.argmin() == 11 and made.argmax() == 12
    kept = sharpen(step, mask, strength=0.0, sigma=0.7)
    assert np.array_equal(kept[mask], step[mask])
    extreme = sharpen(step, mask, strength=50.0, sigma=0.7)
    assert extreme.min() == 0.0 and extreme.max() == 1.0


def test_a_sharpened_picture_of_twice_the_size_is_the_same_picture():
    rng = np.random.default_rng(2)
    mask = block(8, 56, 10, 34)
    smooth = np.cumsum(rng.normal(0, 0.02, (1, 64, 44, 3)), axis=2).astype(np.float32)
    picture = np.clip(0.5 + smooth, 0.1, 0.9)
    twice = [np.repeat(np.repeat(a, 2, 1), 2, 2) for a in (picture, mask)]
    small, large = (sharpen(*given, strength=0.5, sigma=0.7) for given in ((picture, mask), twice))
    halved = large.reshape(1, 64, 2, 44, 2, 3).mean((2, 4))
    changed = np.abs(small - picture)[mask].mean()
    assert changed > 0.001 and np.abs(small - halved)[mask].mean() < 0.4 * changed


def test_coverage_darkens_the_outline_only():
    person = walk(7, size=(64, 44), frames=2)
    new = person.silhouettes
    whole, soft = (
        GaitbenchColorizer(GaitbenchColorizerSettings(coverage=c)).colorize(
            person.rgb, person.silhouettes, new
        )
        for c in (0.0, 1.1)
    )
    deep = inner(inner(new, 1), 1)
    assert np.array_equal(whole[deep], soft[deep]) and (soft <= whole + 1e-6).all()
    assert soft[new & ~inner(new, 1)].mean() < 0.9 * whole[new & ~inner(new, 1)].mean()


def test_impossible_settings_are_refused():
    for wrong in ({"erosion": -1}, {"sigma": 0.0}):
        with pytest.raises(ConfigError, match="warp"):
            WarpSettings(**wrong)
        with pytest.raises(ConfigError, match="gaitbench"):
            GaitbenchColorizerSettings(**wrong)
    for wrong in (
        {"coverage": -0.1},
        {"reach": -1.0},
        {"stiffness": 0.0},
        {"sharpen": -0.1},
        {"sharpen": float("nan")},
        {"sharpen_sigma": 0.0},
    ):
        with pytest.raises(ConfigError, match="gaitbench"):
            GaitbenchColorizerSettings(**wrong)
