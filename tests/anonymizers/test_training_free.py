"""deform, blur and pixelate: known answers, same draw same output, and defined at the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from stick_people import walk, with_silhouettes

from gaitbench.anonymizers.coarsen import Blur, BlurSettings, Pixelate, PixelateSettings
from gaitbench.anonymizers.deform import Deform, DeformSettings
from gaitbench.anonymizers.distance_fields import between_frames, signed_distance, smooth_over_time
from gaitbench.errors import ConfigError
from gaitbench.registry import ANONYMIZERS

NAMES = ("deform", "blur", "pixelate")
PROBE = walk(9, 90, frames=20, size=(64, 44))


def rng(seed=0):
    return np.random.default_rng(seed)


def overlap(a, b):
    return ((a & b).sum((1, 2)) / (a | b).sum((1, 2))).mean()


@pytest.mark.parametrize("name", NAMES)
def test_they_follow_the_anonymizers_protocol(name):
    model = ANONYMIZERS.get(name)()
    assert model.name == name and not model.trainable
    assert model.fit([], seed=0) is model and model.load_state(model.state()) is model
    assert model.card()["name"] == name and model.card()["settings"]
    before = PROBE.silhouettes.copy()
    out = model.anonymize(PROBE, rng())
    assert out.dtype == bool and out.shape == before.shape and not np.array_equal(out, before)
    assert np.array_equal(PROBE.silhouettes, before)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30, deadline=None)
@given(
    silhouettes=arrays.arrays(
        bool, st.tuples(st.integers(0, 4), st.integers(2, 20), st.integers(2, 14)), elements=st.booleans()
    ),
    seed=st.integers(0, 99),
)
def test_frames_with_a_person_stay_so_and_empty_ones_stay_empty(name, silhouettes, seed):
    out = ANONYMIZERS.get(name)().anonymize(with_silhouettes(PROBE, silhouettes), rng(seed))
    assert out.shape == silhouettes.shape and out.dtype == bool
    assert np.array_equal(out.any(axis=(1, 2)), silhouettes.any(axis=(1, 2)))


def test_without_strength_nothing_changes():
    for model in (
        Deform(DeformSettings(strength=0.0)),
        Blur(BlurSettings(0.0)),
        Pixelate(PixelateSettings(1)),
    ):
        assert np.array_equal(model.anonymize(PROBE, rng()), PROBE.silhouettes)


def test_more_strength_changes_more():
    shares = [
        np.mean([overlap(m.anonymize(PROBE, rng(i)), PROBE.silhouettes) for i in range(4)])
        for kind, values in (
            (lambda v: Deform(DeformSettings(strength=v)), (0.1, 0.2, 0.3, 0.5)),
            (lambda v: Blur(BlurSettings(v)), (1.0, 3.0, 5.0)),
            (lambda v: Pixelate(PixelateSettings(v)), (4, 8, 16)),
        )
        for m in map(kind, values)
    ]
    for part in (shares[:4], shares[4:7], shares[7:]):
        assert (np.diff(part) < 0).all()


def test_deform_is_decided_by_the_draw_alone():
    one, same, other = (Deform().anonymize(PROBE, rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_deform_gives_a_standing_person_one_body():
    """Shape is drawn once for the sequence: a person who does not move does not flicker."""
    still = with_silhouettes(PROBE, np.repeat(PROBE.silhouettes[:1], 9, axis=0))
    out = Deform().anonymize(still, rng(3))
    assert (out == out[:1]).all() and not np.array_equal(out[0], PROBE.silhouettes[0])


def test_deform_perturbs_the_rhythm_and_keeps_the_order():
    delays = [Deform()._delays(28, rng(seed)) for seed in range(50)]
    assert np.abs(delays).max() > 1.0
    assert all((1.0 + np.diff(d) >= 0.2 - 1e-9).all() for d in delays)


def test_pixelate_makes_blocks_of_the_majority():
    picture = np.zeros((1, 64, 48), bool)
    picture[0, :32, :24] = True
    picture[0, 40:44, 24:32] = True  # half of a block: drawn
    picture[0, 56:59, 40:48] = True  # three eighths: not
    out = Pixelate().anonymize(with_silhouettes(PROBE, picture), rng())
    wanted = np.zeros_like(picture)
    wanted[0, :32, :24] = True
    wanted[0, 40:48, 24:32] = True
    assert np.array_equal(out, wanted)


def test_blur_loses_what_is_thin_and_keeps_what_is_wide():
    picture = np.zeros((1, 64, 44), bool)
    picture[0, 10:50, 8:30] = True
    picture[0, 30, 30:40] = True
    out = Blur().anonymize(with_silhouettes(PROBE, picture), rng())
    assert not out[0, 30, 34:].any() and out[0, 20:40, 10:28].all()


@pytest.mark.parametrize("model", [Blur(), Pixelate()], ids=lambda m: m.name)
def test_the_effect_scales_with_the_crop(model):
    large = np.kron(PROBE.silhouettes, np.ones((2, 2), bool))
    small = model.anonymize(PROBE, rng())
    assert (
        overlap(model.anonymize(with_silhouettes(PROBE, large), rng()), np.kron(small, np.ones((2, 2), bool)))
        > 0.93
    )


def test_impossible_settings_are_refused():
    with pytest.raises(ConfigError, match="strength"):
        Deform(DeformSettings(strength=-0.1))
    with pytest.raises(ConfigError, match="sigma"):
        Blur(BlurSettings(-1.0))
    with pytest.raises(ConfigError, match="block"):
        Pixelate(PixelateSettings(0))


def test_signed_distance_gives_the_silhouette_back_and_measures():
    field = signed_distance(PROBE.silhouettes)
    assert np.array_equal(field > 0, PROBE.silhouettes)
    square = np.zeros((1, 11, 11), bool)
    square[0, 3:8, 3:8] = True
    field = signed_distance(square)[0]
    assert np.isclose(field[5, 5], 2.5, atol=0.05) and np.isclose(field[5, 0], -2.5, atol=0.05)
    assert (signed_distance(np.zeros((1, 4, 6), bool)) == -10.0).all()


def test_between_two_frames_lies_the_mean_outline():
    narrow, wide = np.zeros((2, 20, 20), bool)
    narrow[5:15, 9:11] = True
    wide[5:15, 5:15] = True
    mixed = between_frames(signed_distance(np.stack([narrow, wide])), np.array([0.0, 0.5, 1.0, 7.0])) > 0
    assert [m[10].sum() for m in mixed] == [2, 6, 10, 10]


def test_smoothing_over_time_mends_one_bad_frame():
    frames = np.repeat(PROBE.silhouettes[:1], 7, axis=0)
    frames[3, 30:34, 18:22] = False
    mended = smooth_over_time(frames, 1.0)
    assert mended[3, 30:34, 18:22].all() and np.array_equal(mended[0], frames[0])
    assert smooth_over_time(frames[:1], 1.0) is not None
