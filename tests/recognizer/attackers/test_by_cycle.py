"""Cycles of one sequence, each seen by itself and decided together."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer import ByCycle, gait_energy_image, gait_energy_image_of_each_cycle
from recognizer.gait_energy.image import mean_silhouette

CYCLE = 28


def walk(person, *, cycles=2, seed=0, noise=0.02):
    """Legs that open and close once a step, two steps a cycle; a person is a width, a height and a reach."""
    rng = np.random.default_rng(seed)
    wide, tall, reach = np.random.default_rng(100 + person).uniform([2, 2, 3], [5, 9, 8])
    frames = np.zeros((cycles * CYCLE + 3, 32, 24), bool)
    rows, columns = np.ogrid[:32, :24]
    for t, frame in enumerate(frames):
        opened = reach * abs(np.sin(2 * np.pi * t / CYCLE))
        frame |= (rows >= tall) & (rows < 20) & (abs(columns - 12) <= wide)
        frame |= (rows >= 20) & (abs(abs(columns - 12) - opened * (rows - 19) / 13) <= 1.5)
        frame ^= rng.random(frame.shape) < noise
        frame[:2, [0, -1]] = False
    return frames


def test_each_complete_cycle_is_an_image_and_together_they_are_the_ordinary_one():
    frames = walk(1, cycles=3)
    images = gait_energy_image_of_each_cycle(frames, fps=25)
    assert images.shape == (3, 32, 24)
    ordinary = gait_energy_image(frames, fps=25)
    assert np.abs(images.mean(axis=0) - ordinary).max() < 0.02  # cycles of a period that is no whole number
    np.testing.assert_array_equal(images[0], mean_silhouette(frames[:CYCLE]))


def test_a_sequence_without_a_sure_cycle_is_one_image():
    frames = walk(1)[:12]
    np.testing.assert_array_equal(
        gait_energy_image_of_each_cycle(frames, fps=25), mean_silhouette(frames)[None]
    )
    with pytest.raises(ValueError, match="no foreground at all"):
        gait_energy_image_of_each_cycle(np.zeros((30, 8, 6), bool))


def test_a_cycle_of_somebody_else_is_outvoted_by_two_others():
    people = list(range(8))
    attacker = ByCycle("gei-nn").fit([walk(p) for p in people], [str(p) for p in people])
    attacker.enroll([walk(p, seed=1) for p in people], [f"p{p}" for p in people])
    probes = [
        np.concatenate([walk(p, seed=2)[: 2 * CYCLE], walk((p + 1) % 8, seed=2)[:CYCLE]]) for p in people
    ]
    cut = [gait_energy_image_of_each_cycle(f, fps=25) for f in probes]
    whole = [p for p in people if len(cut[p]) == 3]  # of some the change of person hides the last cycle
    assert len(whole) >= 4
    told, ranking = attacker.predict(probes), attacker.rank(probes)
    assert [told[p] for p in whole] == [f"p{p}" for p in whole] == ranking.subjects[whole, 0].tolist()
    # one cycle alone is somebody else: whoever asked it only would be told so
    last = attacker.attacker_.predict(np.stack([cut[p][2] for p in whole]))
    assert last.tolist() == [f"p{(p + 1) % 8}" for p in whole]


def test_it_measures_sequences_and_not_cycles():
    X, y = [walk(p, cycles=2 + p % 2) for p in range(4)], list("abcd")
    attacker = ByCycle("gei-lda").fit(X, y, angle=90, walk=["nm-01"] * 4).enroll(X[:3], y[:3], angle=90)
    found = attacker.distances([walk(0, seed=5), walk(1, seed=5)], angle=[90, 90])
    assert found.shape == (2, 3) and found.dtype == np.float32 and found.argmin(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"recognizer": "set-cnn"},
            r"recognizer must be one that reads gait energy images \(gei-lda, .*'set-cnn'",
        ),
        ({"by": "median"}, "by must be 'mean' or 'min', got 'median'"),
    ],
)
def test_what_it_cannot_use_is_one_line(settings, message):
    with pytest.raises(ValueError, match=message):
        ByCycle(**settings).fit([walk(0), walk(1)], ["a", "b"], angle=0)


def test_the_view_based_ones_need_angles_and_say_so():
    with pytest.raises(ValueError, match="RobustVTM learns how views differ"):
        ByCycle().fit([walk(0), walk(1)], ["a", "b"])


def test_pictures_of_two_sizes_are_named():
    with pytest.raises(ValueError, match=r"sequence 1 has pictures of \(30, 24\), sequence 0 of \(32, 24\)"):
        ByCycle("gei-nn").fit([walk(0), walk(1)[:, :30]], ["a", "b"])
