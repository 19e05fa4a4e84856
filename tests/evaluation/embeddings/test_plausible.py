"""Embeddings that no anonymizer makes: copies, labels that are shifted, one answer for everybody; with their counts."""

import numpy as np
import pytest

from gaitbench.evaluation.embeddings.arrays import Embeddings
from gaitbench.evaluation.embeddings.plausible import embeddings_plausible

PEOPLE = [f"{p:03d}" for p in range(81, 101)]


def embeddings(x):
    return Embeddings.of(x, PEOPLE, ["nm-05"] * 20, [90] * 20)


@pytest.fixture
def original():
    return np.random.default_rng(0).normal(size=(20, 16))


def found(before, after, rows=None):
    one, two = embeddings(before), embeddings(after)
    pairs = [(key, i, i) for i, key in enumerate(one.labels.keys)]
    return {f.name: f for f in embeddings_plausible(one, two, pairs if rows is None else rows, "euclidean")}


EXCHANGED = "nobody has the numbers of another person's untouched original"
COPIED = "anonymized embeddings differ from their originals"
ALIKE = "anonymized people are not all alike"


def test_other_numbers_are_plausible(original):
    new = np.random.default_rng(1).normal(size=(20, 16))
    assert {name: f.passed for name, f in found(original, new).items()} == {EXCHANGED: True, ALIKE: True}
    assert found(original, new, rows=[]) == {}


@pytest.mark.parametrize("copies", [1, 7, 20])
def test_copies_are_counted_and_all_of_them_are_a_fault(original, copies):
    some = np.random.default_rng(1).normal(size=(20, 16))
    some[:copies] = original[:copies]
    told = found(original, some)[COPIED]
    assert told.detail == f"{copies} of 20 probes are their own original, number by number"
    assert told.passed == (copies < 20)


def test_shifted_labels_are_named_and_counted(original):
    told = found(original, np.roll(original, 1, axis=0))[EXCHANGED]
    assert not told.passed and len(told.odd) == 20
    assert told.detail.startswith("20 of 20 probes have (first: 081-nm-05-090): labels are shifted")


def test_one_answer_for_everybody_is_a_fault(original):
    one = np.repeat(original.mean(axis=0, keepdims=True), 20, axis=0)
    told = found(original, one + 1e-6 * original)[ALIKE]
    assert not told.passed and "differ 0 % as much" in told.detail
    assert not found(original, one)[ALIKE].passed
