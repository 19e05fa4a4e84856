"""The suite's seed reaches every recognizer that draws anything, and its stored distances."""

from dataclasses import replace

import pytest

from gaitbench.evaluation.attacks.identify import Recognizers, _new
from gaitbench.evaluation.run.context import RunContext
from gaitbench.store import Store
from gaitbench.suites import load_suite


def code(tmp_path, recognizer, seed):
    run = RunContext(replace(load_suite("smoke"), seed=seed), dataset=None, store=Store(tmp_path))
    return Recognizers(run)._code(recognizer)


def test_the_network_is_trained_under_the_suites_seed(tmp_path):
    assert _new("set-cnn", 7).seed == 7
    assert code(tmp_path, "set-cnn", 1) != code(tmp_path, "set-cnn", 2)


@pytest.mark.parametrize("recognizer", ["gei-nn", "robust-vtm"])
def test_who_draws_nothing_knows_no_seed(tmp_path, recognizer):
    assert code(tmp_path, recognizer, 1) == code(tmp_path, recognizer, 2)
    assert _new(recognizer, 3).name == recognizer


@pytest.mark.parametrize("recognizer", ["set-cnn", "gait-tcn"])
def test_networks_learn_where_the_run_works_and_what_a_gpu_learnt_is_kept_apart(tmp_path, recognizer):
    assert (_new(recognizer, 7).device, _new(recognizer, 7, "cuda:1").device) == ("cpu", "cuda:1")
    settled = f'{recognizer}[device="cpu"]'
    assert _new(settled, 7, "cuda:1").device == "cpu"
    runs = [
        RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path), device=device)
        for device in ("cpu", "cuda")
    ]
    networks, others = ({Recognizers(run)._code(name) for run in runs} for name in (recognizer, "gei-lda"))
    assert len(networks) == 2 and len(others) == 1
