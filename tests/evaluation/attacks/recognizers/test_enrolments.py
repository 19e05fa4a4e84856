"""Galleries that are equal to the bit are read once, and nobody is named otherwise by it."""

import hashlib

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Recognizers
from gaitbench.evaluation.attacks.recognizers import enrolments
from gaitbench.evaluation.run.context import RunContext
from gaitbench.registry import RECOGNIZERS
from gaitbench.store import Store
from gaitbench.suites import load_suite
from recognizer import GeiNearestNeighbor

PEOPLE = ("081", "082", "083")


def rows(seed, walk, known=True, fails=()):
    keys = tuple(SequenceKey(p, walk, 90) for p in PEOPLE)
    x = np.random.default_rng(seed).random((3, 12, 8), dtype=np.float32)
    name = hashlib.sha256(x.tobytes() + repr(fails).encode()).hexdigest()
    return Features(
        x, keys, dict.fromkeys(fails, "why"), f"{seed} {walk}", content=(lambda: name) if known else None
    )


class Foreign:
    """A third party's: what it keeps between two galleries is its own affair."""

    def __init__(self):
        self.inner = GeiNearestNeighbor()

    def fit(self, X, y, *, angle, walk):
        self.inner.fit(X, y, angle=angle)
        return self

    def enroll(self, X, y, *, angle):
        self.inner.enroll(X, y, angle=angle)

    def distances(self, X, *, angle):
        return self.inner.distances(X, angle=angle)


@pytest.fixture
def enrolled(monkeypatch):
    """How often a gallery was read."""
    times = []
    enroll = GeiNearestNeighbor.enroll
    monkeypatch.setattr(
        GeiNearestNeighbor, "enroll", lambda self, *a, **k: times.append(1) or enroll(self, *a, **k)
    )
    return times


def measured(tmp_path, galleries):
    run = RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))
    recognizers, training = Recognizers(run), rows(1, "nm-01")
    parts = []
    for seed in (7, 8):  # the probes, then strangers who bear the same noise
        shown = rows(seed, "nm-05")
        probes = Features(
            np.concatenate([shown.x] * 2)[: len(galleries)], (shown.keys * 2)[: len(galleries)], {}, str(seed)
        )
        parts.append(recognizers.distances_each("gei-nn", training, galleries, probes, rows(1, "nm-01")))
    return parts


def test_equal_galleries_are_read_once_and_give_the_same_distances(tmp_path, monkeypatch, enrolled):
    galleries = [rows(seed, "nm-01") for seed in (2, 3, 2, 2)]
    found = measured(tmp_path / "once", galleries)
    assert len(enrolled) == 2  # two contents, for the probes and for the strangers
    enrolled.clear()
    each = measured(tmp_path / "each", [rows(seed, "nm-01", known=False) for seed in (2, 3, 2, 2)])
    assert len(enrolled) == 8
    enrolled.clear()
    monkeypatch.setattr(enrolments, "MOST", 0)  # as where memory is short
    again = measured(tmp_path / "short", galleries)
    assert len(enrolled) == 8
    for one, two, three in zip(found, each, again, strict=True):
        assert np.array_equal(one.values, two.values) and np.array_equal(one.values, three.values)
        assert np.array_equal(one.precisions, two.precisions)
        assert not np.array_equal(one.values[0], one.values[1])


def test_what_failed_in_a_gallery_is_not_enrolled(tmp_path):
    whole, part = rows(2, "nm-01"), rows(2, "nm-01", fails=["082-nm-01-090"])
    first, _ = measured(tmp_path, [whole, part])
    assert np.isfinite(first.values[0]).all() and np.isinf(first.values[1, 0, 1])


def test_a_third_partys_recognizer_is_given_every_gallery(tmp_path, monkeypatch, enrolled):
    galleries = [rows(seed, "nm-01") for seed in (2, 3, 2, 2)]
    ours = measured(tmp_path / "ours", galleries)
    enrolled.clear()
    monkeypatch.setattr(RECOGNIZERS, "get", lambda name: Foreign)
    found = measured(tmp_path / "foreign", galleries)
    assert len(enrolled) == 8
    for one, two in zip(found, ours, strict=True):
        assert np.array_equal(one.values, two.values)
