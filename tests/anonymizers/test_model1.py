"""Model 1: contours and back, deterministic, stronger changes more, breaks where the input is broken."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from stick_people import crowd, walk, with_silhouettes

from gaitbench.anonymizers.model1.anonymizer import Model1, Model1Settings
from gaitbench.anonymizers.model1.profiles import body_profile, profile_displacement
from gaitbench.anonymizers.model1.training import ContourTraining, energy_distance
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.silhouettes.completeness import largest_share
from gaitbench.datasets.silhouettes.contour_parts import fill_parts, trace_parts
from gaitbench.datasets.walkers import Walkers
from gaitbench.errors import ConfigError, ModelError
from gaitbench.registry import ANONYMIZERS

TINY = Model1Settings(
    points=64, width=4, threads=1, training=ContourTraining(steps=30, clips=8, length=4, draws=16)
)
SHORT = replace(TINY, training=replace(TINY.training, steps=4))


def rng(seed=0):
    return np.random.default_rng(seed)


def overlap(a, b):
    return (a & b).sum((1, 2)) / np.maximum((a | b).sum((1, 2)), 1)


@pytest.fixture(scope="module")
def trained():
    return Model1(TINY).fit(crowd(subjects=range(1, 7), size=(64, 44)), seed=3)


PROBE = walk(9, 90, size=(64, 44), frames=14)


def at(model, strength):
    return Model1(replace(model.settings, strength=strength)).load_state(model.state())


# Contours


def test_contours_of_walkers_come_back():
    """True silhouettes of the embedded walkers, frames as rendered."""
    masks = Walkers().true_masks(SequenceKey("003", "nm-01", 54), body="003", frames=8, rgb=False).masks
    rows, columns = masks.any((0, 2)).nonzero()[0], masks.any((0, 1)).nonzero()[0]
    body = masks[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert overlap(fill_parts(*trace_parts(body), body.shape[1:]), body).min() >= 0.97


def test_contours_of_figures_and_shapes_come_back():
    y, x = np.mgrid[:64, :44]
    shapes = np.stack(
        [
            (x - 21) ** 2 + (y - 30) ** 2 < 300,
            (abs(x - 21) < 12) & (abs(y - 30) < 25),
            ((x - 21) ** 2 + (y - 30) ** 2 < 400) & ((x - 21) ** 2 + (y - 30) ** 2 > 90),
            (abs(x - 21) < 12) & (abs(y - 30) > 4) & (abs(y - 30) < 25),
        ]
    )
    for silhouettes in (shapes, walk(3, size=(64, 44), frames=20).silhouettes):
        assert overlap(fill_parts(*trace_parts(silhouettes), (64, 44)), silhouettes).min() >= 0.97


def test_a_whole_body_is_one_outline_of_equal_steps_from_the_crown():
    lines, parts = trace_parts(PROBE.silhouettes, 64)
    assert (parts == 1).all() and lines.shape == (14, 64, 2)
    assert (lines[:, 0, 1] == lines[..., 1].min(1)).all()
    # A chord is never longer than its arc, and shorter only at corners.
    steps = np.hypot(*np.moveaxis(np.diff(lines, axis=1, append=lines[:, :1]), 2, 0))
    assert (steps <= np.median(steps, axis=1, keepdims=True) * 1.25).all()


def test_parts_and_holes_share_the_points():
    picture = np.zeros((1, 40, 40), bool)
    picture[0, 2:20, 5:35] = True
    picture[0, 6:14, 10:20] = False
    picture[0, 25:35, 5:15] = True
    _, parts = trace_parts(picture, 128)
    assert set(parts[0]) == {1, 2, -1}
    counts = [(parts[0] == k).sum() for k in (1, 2, -1)]
    assert counts[0] > counts[1] and sum(counts) == 128


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(bool, st.tuples(st.integers(0, 3), st.integers(2, 14), st.integers(2, 14))))
def test_every_silhouette_has_a_contour_and_only_empty_ones_none(silhouettes):
    lines, parts = trace_parts(silhouettes, 64)
    back = fill_parts(lines, parts, silhouettes.shape[1:])
    assert np.isfinite(lines).all() and ((parts != 0).all(1) == silhouettes.any((1, 2))).all()
    assert np.array_equal(back.any((1, 2)), silhouettes.any((1, 2)))


def test_profiles_measure_reach_and_move_points_in_proportion():
    box = np.zeros((2, 40, 41), bool)
    box[:, 10:30, 16:31] = True  # 4 to the left of column 20, 10 to the right
    profile = body_profile(box, 4)
    assert np.allclose(np.exp(profile[:, 1:3]) * 40, [[4, 4], [10, 10]])
    assert np.isnan(profile[:, [0, 3]]).all()
    line = np.array([[[16.0, 19.5], [20.0, 19.5], [30.0, 19.5]]], np.float32)
    moved = profile_displacement(line, np.log([[2.0] * 4, [0.5] * 4]), (40, 41))
    assert np.allclose(moved, [[-4.0, 0.0, -5.0]], atol=1e-5)


# Noise


def test_energy_distance_tells_distributions_apart():
    draws = torch.Generator().manual_seed(0)
    a, b = (torch.randn(400, 3, generator=draws) for _ in range(2))
    assert abs(float(energy_distance(a, b))) < 0.02
    assert float(energy_distance(a, b + 1.0)) > 0.3
    assert float(energy_distance(a, 0.1 * b)) > 0.3


def test_noise_learns_the_spread_of_bodies():
    people = crowd(subjects=range(1, 9), angles=(90,), size=(64, 44))
    quick = replace(TINY, points=16, training=replace(TINY.training, steps=50, clips=4, length=2))
    model = Model1(quick).fit(people, seed=0)
    history = [row["noise"] for row in model.history_]
    assert history[-1] < 0.5 * history[0]
    bodies = model._inventor(torch.randn(64, TINY.noise), torch.zeros(64, dtype=torch.long))
    assert float(bodies.detach().std(0).mean()) > 0.3  # not one and the same body


# The anonymizer


def test_same_seed_same_weights_and_other_seed_others():
    people = crowd(subjects=range(1, 4))
    first, again, other = (Model1(SHORT).fit(people, seed=s).state() for s in (1, 1, 2))
    assert all(np.array_equal(first[name], again[name]) for name in first) and first.keys() == again.keys()
    name = "coder.enter.convolution.weight"
    assert not np.array_equal(first[name], other[name])


def test_strength_changes_more_and_none_keeps_the_silhouette(trained):
    kept = [
        np.mean(
            [overlap(at(trained, s).anonymize(PROBE, rng(i)), PROBE.silhouettes).mean() for i in range(4)]
        )
        for s in (0.0, 0.1, 0.2, 0.3)
    ]
    assert kept[0] > 0.9 and (np.diff(kept) < 0).all()


def test_the_walk_takes_the_drawn_body(trained):
    """At strength 1 / gain the mean reach at each height becomes that of the drawn body."""
    wide = walk(2, 90, size=(64, 44), frames=12)
    outs = [at(trained, 0.25).anonymize(PROBE, rng(i)) for i in range(3)]
    same = at(trained, 0.25).anonymize(with_silhouettes(PROBE, wide.silhouettes), rng(0))
    a, b = (np.nan_to_num(body_profile(o, 8)) for o in (outs[0], same))
    inputs = [np.nan_to_num(body_profile(s.silhouettes, 8)) for s in (PROBE, wide)]
    assert np.abs(a - b)[:, :4].mean() < np.abs(inputs[0] - inputs[1])[:, :4].mean()
    assert not np.array_equal(outs[0], outs[1])


def test_it_breaks_where_the_input_is_broken(trained):
    torn = PROBE.silhouettes.copy()
    torn[:, 36:42] = False
    whole = trained.anonymize(PROBE, rng(1))
    out = trained.anonymize(with_silhouettes(PROBE, torn), rng(1))
    assert (largest_share(whole) >= 0.98).mean() > 0.9
    assert (largest_share(out) < 0.98).all()


def test_same_draw_same_output_and_state_survives(trained):
    out = trained.anonymize(PROBE, rng(5))
    again = Model1(TINY).load_state(trained.state())
    assert np.array_equal(out, again.anonymize(PROBE, rng(5)))
    assert all(value.flags.c_contiguous for value in again.state().values())
    assert trained.card()["parameters"] > 0 and trained.card()["settings"]["strength"] == 0.3


@pytest.mark.parametrize("frames", [1, 2])
def test_short_sequences_other_sizes_and_unknown_angles(trained, frames):
    for size in ((64, 44), (128, 88), (32, 22)):
        out = trained.anonymize(walk(9, 75, frames=frames, size=size), rng())
        assert out.shape == (frames, *size) and out.any((1, 2)).all()


def test_empty_frames_stay_empty(trained):
    holes = PROBE.silhouettes.copy()
    holes[3] = False
    out = trained.anonymize(with_silhouettes(PROBE, holes), rng())
    assert not out[3].any() and out[[0, 1, 2, 4, 5]].any((1, 2)).all()
    assert not trained.anonymize(with_silhouettes(PROBE, np.zeros_like(holes)), rng()).any()
    assert trained.anonymize(with_silhouettes(PROBE, holes[:0]), rng()).shape == (0, 64, 44)


def test_training_on_single_frames_and_mixed_sizes():
    people = [walk(1, frames=1), walk(2, size=(64, 44), frames=1), walk(3, frames=2)]
    model = Model1(SHORT).fit(people, seed=0)
    assert all(np.isfinite(value).all() for value in model.state().values())


def test_what_cannot_be_is_said(trained):
    nothing = with_silhouettes(PROBE, np.zeros_like(PROBE.silhouettes))
    for people in ([], [nothing]):
        with pytest.raises(ModelError, match="no training sequence"):
            Model1(SHORT).fit(people, seed=0)
    with pytest.raises(ModelError, match="not trained"):
        Model1().anonymize(PROBE, rng())
    with pytest.raises(ModelError, match="lacks"):
        Model1().load_state({})
    with pytest.raises(ModelError, match="train again"):
        Model1(replace(TINY, width=8)).load_state(trained.state())
    for wrong in ({"strength": -0.1}, {"points": 30}):
        with pytest.raises(ConfigError, match="model-1"):
            Model1(Model1Settings(**wrong))
    with pytest.raises(ConfigError, match="device"):
        Model1(SHORT).fit(crowd(), seed=0, device="tpu")


def test_registered():
    assert ANONYMIZERS.get("model-1") is Model1
