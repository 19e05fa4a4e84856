"""Trainings side by side: the same weights as one after another, each once, and what must stay here stays."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from gaitbench.errors import ModelError
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.evaluation.stages.train_ahead import train_ahead
from gaitbench.registry import ANONYMIZERS

COLORIZERS = ("baseline", "proposed", "nearest", "proposed[seed=3]")


class Foreign:
    name, trainable = "foreign", True

    def fit(self, sequences, **more):
        raise AssertionError("it was trained")


@pytest.fixture
def systems(tmp_path):
    def of(store, jobs=2):
        # prepared once, weights of each in a store of their own (worker processes open it by its folder)
        prepared = tmp_path / "data"
        if not prepared.exists():
            first = open_run("smoke", store=prepared, jobs=2)
            prepare_all(first, needs_of_role(first, "models"))
        run = open_run("smoke", store=shutil.copytree(prepared, tmp_path / store), jobs=2)
        keys = prepare_all(run, needs_of_role(run, "models"))
        run = replace(run, suite=replace(run.suite, effort=0.001), jobs=jobs)
        run.log.stages.clear()
        return Systems(run, keys)

    return of


def weights(systems, kind, name):
    return systems.run.store.load("models", systems.weights_key(kind, name))[0]


@pytest.mark.slow  # five trainings, each in two ways
def test_the_same_weights_as_one_after_another(systems):
    alone, together = systems("alone", jobs=1), systems("together")
    train_ahead(alone, "colorizer", COLORIZERS)
    assert not alone.run.log.stages, "with one job each is trained where it is asked for"
    train_ahead(together, "colorizer", COLORIZERS)
    train_ahead(together, "colorizer", COLORIZERS)
    # the partners are two as well: Model 1, which teaches the baseline, and Model 2
    assert {stage.name for stage in together.run.log.stages} == {
        "train model-1", "train model-2", "train baseline", "train proposed", "train proposed[seed=3]",
    }  # fmt: skip
    assert all(stage.seconds > 0 and not stage.cached for stage in together.run.log.stages)
    for name in ("baseline", "proposed", "proposed[seed=3]"):
        alone.colorizer(name)
        one, other = weights(alone, "colorizer", name), weights(together, "colorizer", name)
        assert one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one), name
    assert {s.name for s in alone.run.log.stages} >= {
        "train model-1",
        "train model-2",
        "train proposed[seed=3]",
    }


def test_what_is_not_ours_or_cannot_be_trained_is_left_alone(systems, monkeypatch):
    monkeypatch.setattr(ANONYMIZERS, "_builtin", ANONYMIZERS._builtin | {"foreign": f"{__name__}:Foreign"})
    here = systems("here")
    train_ahead(
        here, "anonymizer", ["foreign", "foreign[seed=1]", "original", "no-such", "model-1[width=-1]"]
    )
    assert not here.run.log.stages and not here.run.log.failures
    here.training = {}
    train_ahead(here, "anonymizer", ["model-1", "model-2"])
    assert not here.run.log.stages, "a training that failed is no stage: it is tried again"
    with pytest.raises(ModelError):
        here.anonymizer("model-1")
