"""Controls do what their names say."""

from itertools import pairwise

import numpy as np
import pytest
from stick_people import crowd, walk, with_silhouettes

from gaitbench.anonymizers.controls import Constant, Oracle, Original, SomeoneElse
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ModelError
from gaitbench.registry import ANONYMIZERS


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", ["original", "someone-else", "constant", "oracle", "model-2"])
def test_registered_under_their_names(name):
    assert ANONYMIZERS.get(name)().name == name


def test_original_is_untouched_and_a_copy():
    sequence = walk(9)
    out = Original().fit([], seed=0).anonymize(sequence, rng())
    assert np.array_equal(out, sequence.silhouettes)
    out[:] = False
    assert sequence.silhouettes.any()


def test_oracle_returns_the_other_body_or_says_what_is_missing():
    sequence = walk(9)
    other = walk(10).silhouettes
    given = GaitSequence(sequence.key, sequence.silhouettes, None, sequence.frame_numbers, 12, other, None)
    assert np.array_equal(Oracle().anonymize(given, rng()), other)
    with pytest.raises(ModelError, match="009-nm-01-090"):
        Oracle().anonymize(sequence, rng())


@pytest.mark.parametrize("frames", [1, 5, 12, 40])
def test_someone_else_shows_a_training_walk_of_that_angle(frames):
    train = crowd(angles=(0, 90), frames=12)
    control = SomeoneElse().fit(train, seed=0)
    probe = walk(9, 90, frames=frames)
    out = control.anonymize(probe, rng(3))
    assert out.shape == probe.silhouettes.shape
    pool = {s.silhouettes[0].tobytes(): s.key for s in train}
    assert pool[out[0].tobytes()].angle == 90
    # Looping walks back and forth: no two neighbours further apart than in the walk itself.
    source = next(s for s in train if s.key == pool[out[0].tobytes()]).silhouettes
    step = max((a ^ b).sum() for a, b in pairwise(source))
    assert all((a ^ b).sum() <= step for a, b in pairwise(out))


def test_someone_else_varies_with_the_draw_and_constant_does_not():
    train, probe = crowd(subjects=range(1, 9)), walk(9)
    someone, constant = SomeoneElse().fit(train, seed=0), Constant().fit(train, seed=0)
    assert len({someone.anonymize(probe, rng(i)).tobytes() for i in range(20)}) > 3
    assert len({constant.anonymize(probe, rng(i)).tobytes() for i in range(20)}) == 1
    other = walk(10)
    assert np.array_equal(constant.anonymize(probe, rng()), constant.anonymize(other, rng()))
    assert not np.array_equal(constant.anonymize(probe, rng()), constant.anonymize(walk(9, 0), rng()))


@pytest.mark.parametrize("kind", [SomeoneElse, Constant])
def test_state_survives_a_round_trip(kind):
    control = kind().fit(crowd(), seed=4)
    again = kind().load_state(control.state())
    assert np.array_equal(control.anonymize(walk(9), rng(5)), again.anonymize(walk(9), rng(5)))
    with pytest.raises(ModelError, match="lacks"):
        kind().load_state({})


@pytest.mark.parametrize("kind", [SomeoneElse, Constant])
def test_without_walks_or_of_another_size_they_say_so(kind):
    with pytest.raises(ModelError, match="no training walk"):
        kind().fit([], seed=0)
    empty = walk(1)
    with pytest.raises(ModelError, match="no training walk"):
        kind().fit([with_silhouettes(empty, np.zeros_like(empty.silhouettes))], seed=0)
    with pytest.raises(ModelError, match="call fit"):
        kind().anonymize(walk(9), rng())
    with pytest.raises(ModelError, match="size"):
        kind().fit(crowd(), seed=0).anonymize(walk(9, size=(64, 44)), rng())
