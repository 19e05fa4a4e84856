"""Model 2: deterministic, unbroken whatever comes in, and defined at the edges."""

from dataclasses import replace

import numpy as np
import pytest
from stick_people import crowd, walk, with_silhouettes

from gaitbench.anonymizers.model2 import anonymizer as model2_module
from gaitbench.anonymizers.model2.adversarial import AdversarialSettings
from gaitbench.anonymizers.model2.anonymizer import Model2, Model2Settings
from gaitbench.anonymizers.model2.corpus import build_corpus
from gaitbench.datasets.silhouettes.completeness import complete_frames, largest_share, tidy
from gaitbench.errors import ConfigError, ModelError
from gaitbench.systems import PoseReader

TINY = Model2Settings(
    strength=1.0,
    code=4,
    style=4,
    width=8,
    threads=1,
    training=AdversarialSettings(steps=60, encoder_steps=50, clips=6, windows=16),
)


@pytest.fixture(scope="module")
def trained():
    return Model2(TINY).fit(crowd(subjects=range(1, 7)), seed=3)


def rng(seed=0):
    return np.random.default_rng(seed)


def spoil(silhouettes, rows, columns):
    out = silhouettes.copy()
    out[:, rows, columns] = False
    return out


def test_same_seed_same_weights_and_other_seed_others():
    people = crowd(subjects=range(1, 4))
    short = replace(TINY, training=replace(TINY.training, steps=6, encoder_steps=4))
    first, again, other = (Model2(short).fit(people, seed=s).state() for s in (1, 1, 2))
    assert first.keys() == again.keys()
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["generator.project.weight"], other["generator.project.weight"])


def test_training_leaves_torchs_global_state_alone():
    import torch

    before, threads = torch.get_rng_state(), torch.get_num_threads()
    short = replace(TINY, training=replace(TINY.training, steps=2, encoder_steps=2))
    Model2(short).fit(crowd(subjects=range(1, 3)), seed=1)
    assert torch.equal(before, torch.get_rng_state())
    assert torch.get_num_threads() == threads and not torch.are_deterministic_algorithms_enabled()


def test_output_is_unbroken_on_spoiled_inputs(trained):
    probe = walk(9, 90)
    middle, legs, half = slice(12, 17), slice(22, 32), slice(11, 22)
    for spoiled in (
        probe.silhouettes,
        spoil(probe.silhouettes, middle, slice(None)),
        spoil(probe.silhouettes, legs, slice(None)),
        spoil(probe.silhouettes, slice(None), half),
    ):
        out = trained.anonymize(with_silhouettes(probe, spoiled), rng(1))
        assert out.shape == spoiled.shape and out.dtype == bool
        assert (largest_share(out) >= 0.98).all()
        # A whole person: hardly smaller than one that was given whole.
        assert out.sum() > 0.6 * probe.silhouettes.sum()


def test_it_draws_people_not_blobs(trained):
    people = [walk(s, 90) for s in range(1, 7)]
    for person in people:
        out = trained.anonymize(person, rng(2))
        best = [max((a & b).sum() / (a | b).sum() for p in people for b in p.silhouettes) for a in out]
        assert np.median(best) > 0.6


def test_the_body_changes_with_the_draw_and_not_within_a_sequence(trained):
    probe = walk(9, 90, frames=20)
    one, same, other = (trained.anonymize(probe, rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert (one ^ other).sum() > 0
    flicker = Model2(replace(TINY, granularity="frame")).load_state(trained.state())
    steps = [(x[1:] ^ x[:-1]).sum() for x in (one, flicker.anonymize(probe, rng(1)))]
    assert steps[0] < steps[1]


def iou(a, b):
    return float(((a & b).sum((1, 2)) / (a | b).sum((1, 2))).mean())


def at_strength(model, strength):
    return Model2(replace(model.settings, strength=strength)).load_state(model.state())


def test_strength_goes_from_the_own_body_to_a_drawn_one(trained):
    probes = [walk(s, angle) for s in (9, 10) for angle in (0, 90)]
    like = [
        np.mean([iou(at_strength(trained, t).anonymize(p, rng(0)), p.silhouettes) for p in probes])
        for t in (0.0, 0.5, 1.0)
    ]
    assert like[0] > 0.88 and like[0] > like[1] + 0.01 > like[2] + 0.02


def test_at_full_strength_nothing_but_the_pose_of_the_own_body_is_used(trained, monkeypatch):
    probe = walk(9, 90)
    expected = trained.anonymize(probe, rng(1))

    def never(*_):
        raise AssertionError("the own style is read")

    monkeypatch.setattr("gaitbench.anonymizers.model2.anonymizer.mean_style", never)
    monkeypatch.setattr("gaitbench.anonymizers.model2.anonymizer.distance_fields", never)
    assert np.array_equal(at_strength(trained, 1.0).anonymize(probe, rng(1)), expected)
    with pytest.raises(AssertionError, match="own style"):
        at_strength(trained, 0.9).anonymize(probe, rng(1))


def test_its_pose_codes_are_those_that_it_draws_by(trained, monkeypatch):
    probe, read = walk(9, 90), []
    real = model2_module.read_poses

    def noting(*given, **more):
        read.append(real(*given, **more))
        return read[-1]

    monkeypatch.setattr(model2_module, "read_poses", noting)
    trained.anonymize(probe, rng(1))
    codes = trained.pose_codes(probe.silhouettes, 90)
    assert isinstance(trained, PoseReader) and codes.shape == (len(probe.silhouettes), trained.settings.code)
    np.testing.assert_array_equal(codes, read[0])
    assert np.abs(codes - trained.pose_codes(probe.silhouettes[::-1], 90)[::-1]).max() > 1e-3
    with pytest.raises(ModelError, match="these silhouettes have"):
        trained.pose_codes(probe.silhouettes[:, :-2], 90)


def test_at_no_strength_the_draw_does_not_matter(trained):
    probe, still = walk(9, 90), at_strength(trained, 0.0)
    assert np.array_equal(still.anonymize(probe, rng(1)), still.anonymize(probe, rng(2)))


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan")])
def test_an_impossible_strength_is_refused(strength):
    with pytest.raises(ConfigError, match=r"from 0 \(the own body\) to 1"):
        Model2Settings(strength=strength)


def test_a_drawn_style_has_the_code_that_it_was_drawn_by():
    space = build_corpus(crowd(subjects=range(1, 7)), code=4, style=4).space
    codes = np.random.default_rng(0).normal(0, 0.2, (3, 4)).astype(np.float32)
    angle = np.array([0, 1, 0])
    np.testing.assert_allclose(space.codes(angle, space.images(angle, codes)), codes, atol=0.05)


def test_state_survives_a_round_trip(trained):
    again = Model2(TINY).load_state(trained.state())
    probe = walk(9, 0)
    assert np.array_equal(trained.anonymize(probe, rng(5)), again.anonymize(probe, rng(5)))
    assert all(value.flags.c_contiguous for value in again.state().values())


def test_foreign_state_is_refused(trained):
    state = trained.state()
    with pytest.raises(ModelError, match="lacks"):
        Model2(TINY).load_state({})
    with pytest.raises(ModelError, match="train again"):
        Model2(replace(TINY, width=4)).load_state(state)
    with pytest.raises(ModelError, match="train again"):
        Model2(TINY).load_state({k: v for k, v in state.items() if k != "encoder.code.bias"})


@pytest.mark.parametrize("frames", [1, 2])
def test_short_sequences(trained, frames):
    out = trained.anonymize(walk(9, frames=frames), rng())
    assert out.shape[0] == frames and (largest_share(out) >= 0.98).all()


def test_empty_frames_stay_empty_and_do_not_disturb_the_others(trained):
    probe = walk(9)
    holes = probe.silhouettes.copy()
    holes[3] = False
    out = trained.anonymize(with_silhouettes(probe, holes), rng())
    assert not out[3].any() and out[[0, 1, 2, 4, 5]].any((1, 2)).all()
    assert not trained.anonymize(with_silhouettes(probe, np.zeros_like(holes)), rng()).any()
    assert trained.anonymize(with_silhouettes(probe, holes[:0]), rng()).shape == (0, 32, 22)


def test_unknown_angle_takes_the_nearest(trained):
    assert trained.anonymize(walk(9, 80), rng()).any()


def test_one_frame_people_can_be_trained_on():
    short = replace(TINY, training=replace(TINY.training, steps=3, encoder_steps=2))
    model = Model2(short).fit(crowd(subjects=range(1, 3), frames=1), seed=0)
    assert all(np.isfinite(value).all() for value in model.state().values())


def test_what_cannot_be_trained_on_is_said():
    with pytest.raises(ModelError, match="no training sequence"):
        Model2(TINY).fit([], seed=0)
    with pytest.raises(ModelError, match="differ in size"):
        Model2(TINY).fit([walk(1), walk(2, size=(64, 44))], seed=0)
    torn = [with_silhouettes(s, spoil(s.silhouettes, slice(10, 20), slice(None))) for s in crowd()]
    with pytest.raises(ModelError, match="complete"):
        Model2(TINY).fit(torn, seed=0)
    with pytest.raises(ModelError, match="not trained"):
        Model2(TINY).anonymize(walk(1), rng())
    with pytest.raises(ConfigError, match="device"):
        Model2(TINY).fit(crowd(), seed=0, device="tpu")


def test_another_size_is_refused(trained):
    with pytest.raises(ModelError, match="size"):
        trained.anonymize(walk(9, size=(64, 44)), rng())


def test_labels_decide_what_is_learned():
    people = crowd(subjects=range(1, 3), angles=(90,))
    nothing = [np.zeros(len(s.silhouettes), bool) for s in people]
    with pytest.raises(ModelError, match="complete"):
        Model2(TINY).fit(people, seed=0, labels=nothing)


def test_incomplete_frames_are_no_targets_where_there_are_complete_ones():
    """The generator is taught by complete silhouettes alone, and by none whose neighbour is broken."""
    people = crowd(subjects=(1, 2))
    labels = [np.ones(len(p.silhouettes), bool) for p in people]
    labels[0][4:7] = False
    labels[2][:] = False
    corpus = build_corpus(people, code=4, style=4, labels=labels)
    whole = np.concatenate(labels)
    assert len(corpus.targets) and whole[corpus.window[corpus.targets]].all()
    assert set(corpus.sequence[corpus.targets].tolist()) == {0, 1, 3}


def test_complete_frames_sees_what_is_missing():
    whole = walk(1, size=(64, 44)).silhouettes[:1]
    assert complete_frames(whole).all()
    for rows, columns in (
        (slice(26, 32), slice(None)),
        (slice(40, 64), slice(None)),
        (slice(22, 27), slice(20, 24)),
    ):
        assert not complete_frames(spoil(whole, rows, columns)).any()


def test_tidy_keeps_the_largest_and_fills_small_holes():
    body = np.zeros((1, 32, 22), bool)
    body[0, 4:30, 6:16] = True
    messy = body.copy()
    messy[0, 10, 10] = False
    messy[0, 1, 1] = True
    assert np.array_equal(tidy(messy), body)
    assert not tidy(np.zeros((2, 32, 22), bool)).any()
