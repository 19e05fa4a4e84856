"""Rows of the Frechet distance: which gaits are held against which, the floor, and what is left out by name."""

from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest
from fake_run import fake_record

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.rows.pictures.frechet_rows import codes_of, frechet_rows
from gaitbench.reporting.tables.pictures.measures import naturalness
from gaitbench.results.record import Record
from gaitbench.suites import load_suite
from recognizer import load_pretrained

MODEL = load_pretrained()


def features(geis, keys, blank=()):
    return Features(geis, keys, {}, "made", frozenset(blank))


def experiment(people=24, walks=8, angles=(0, 90)):
    """Made gaits of some people in the space of the model, and two systems: a shift, and one gait for everybody."""
    rng = np.random.default_rng(0)
    keys = tuple(
        SequenceKey(f"{p:03d}", f"nm-{w:02d}", a) for p in range(people) for w in range(1, walks + 1) for a in angles
    )  # fmt: skip
    own = rng.normal(0, 0.02, (people, 64, 44))
    mean = {a: MODEL.encode_mean_[list(MODEL.angles_).index(a)].reshape(64, 44) for a in angles}
    geis = np.stack([mean[k.angle] + own[int(k.subject)] + rng.normal(0, 0.01, (64, 44)) for k in keys])
    shown = {
        "original": geis,
        "deform": geis + 0.02 * rng.normal(size=(64, 44)),
        "constant": np.stack([mean[k.angle] for k in keys]),
        "deform[strength=0.5]": geis + 0.08 * rng.normal(size=(64, 44)),
    }
    released = []
    views = SimpleNamespace(
        originals=lambda role: features(geis, keys), release=lambda: released.append(1),
        shown=lambda cell, role, draw, reads: features(shown[cell.anonymizer], keys),
    )  # fmt: skip

    @contextmanager
    def stage(name):
        yield SimpleNamespace(made=lambda: None)

    return SimpleNamespace(
        run=SimpleNamespace(suite=load_suite("smoke"), stage=stage), ladder=SimpleNamespace(views=views),
        anonymized_and_swept=lambda: [SimpleNamespace(name=name) for name in list(shown)[1:]], released=released,
    )  # fmt: skip


def test_the_floor_is_there_and_more_of_a_change_is_further():
    made = experiment()
    rows, left = frechet_rows(made)
    values = {(row.anonymizer, row.variant): row for row in rows}
    assert list(values) == [("original", ""), ("deform", ""), ("constant", ""), ("deform", "strength=0.5")]
    assert left == [] and len(made.released) == 3
    floor = values["original", ""]
    # twelve people a half for sixty numbers: a rest of the bias stays, which is why the floor stands there
    assert floor.ci_high < values["deform", ""].ci_low and floor.value < 0.5 * values["deform", ""].value
    assert floor.value < values["deform", ""].value < values["deform", "strength=0.5"].value
    assert "robust-vtm" in floor.convention and "60 numbers" in floor.convention and floor.n == 384


def test_too_few_people_are_one_line_and_the_table_says_it():
    rows, left = frechet_rows(experiment(people=6))
    assert rows == [] and len(left) == 1 and "6 people" in left[0].why
    old = fake_record()
    told = Record(old.provenance, {**old.tables, "left_out": left}, scores=old.scores)
    assert any("Left out: frechet (6 people" in text for text in naturalness(told).sentences)
    done, _ = frechet_rows(experiment())
    table = naturalness(Record(old.provenance, {**old.tables, "naturalness": done}, scores=old.scores))
    assert any(text.startswith("Frechet distance: squared") for text in table.sentences)


def test_codes_are_the_model_s_own_and_what_it_cannot_read_is_marked():
    keys = tuple(SequenceKey("001", "nm-01", a) for a in (0, 90, 45))
    geis = np.random.default_rng(1).random((3, 64, 44)).astype(np.float32)
    codes, known = codes_of(MODEL, features(geis, keys, blank=["001-nm-01-090"]))
    assert known.tolist() == [True, False, False] and codes.shape == (3, 60)
    k = list(MODEL.angles_).index(0)
    expected = (geis[0].astype(np.float64).ravel() - MODEL.encode_mean_[k]) @ MODEL.encode_[k]
    assert codes[0] == pytest.approx(expected)
    twice = np.repeat(np.repeat(geis, 2, axis=1), 2, axis=2)
    assert codes_of(MODEL, features(twice, keys))[0][0] == pytest.approx(expected, abs=1e-5)
    assert not codes_of(MODEL, features(geis[:, :50], keys))[1].any()
