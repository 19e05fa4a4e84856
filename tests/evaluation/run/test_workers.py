"""Work in processes: the same bytes, in order, and what must not leave this process stays."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitbench.anonymizers.controls import Original
from gaitbench.evaluation.attacks import observe
from gaitbench.evaluation.external.experiment import ExternalAnonymizer, ExternalColorizer
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.pictures.quality import measure
from gaitbench.evaluation.run import worker_processes as workers
from gaitbench.evaluation.run.log import StageTimer
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.run.worker_processes import at_once, share_out
from gaitbench.evaluation.stages import anonymize as anonymized
from gaitbench.evaluation.stages.anonymize import anonymize
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems


def told(run, number):
    """What a task says: itself, where it ran, and that the run it got is a quiet one."""
    run.fail("x", "y", "z")
    return number, os.getpid(), len(run.log.failures)


def test_results_come_in_order_and_failures_of_workers_are_not_noted(tmp_path):
    run = open_run("smoke", store=tmp_path, jobs=2)
    stage = StageTimer("s")
    found = list(share_out(run, stage, told, [(i,) for i in range(6)], fewest=2))
    assert [n for n, _, _ in found] == list(range(6))
    assert os.getpid() not in {p for _, p, _ in found}
    assert run.log.failures == []
    assert stage.workers_mb > 10


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a program's own peak")
def test_what_this_process_once_held_is_not_counted_as_its_workers(tmp_path):
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown()  # workers that were started before this process held much prove nothing
    ballast = np.ones(120_000_000)
    run = open_run("smoke", store=tmp_path, jobs=2)
    stage = StageTimer("s")
    assert len(list(share_out(run, stage, told, [(i,) for i in range(6)], fewest=2))) == 6
    assert 10 < stage.workers_mb < ballast.nbytes / 1e6


def test_workers_that_were_replaced_are_not_counted_beside_their_successors():
    assert at_once([500.0, 510.0, 400.0, 505.0], 2) == 1015.0
    assert at_once([500.0], 2) == 500.0


class Foreign:
    """A system of somebody else's, which may hold what cannot be pickled."""

    held = property(lambda self: self)


class Settled(Original):
    """One of ours that says it stays; what `evaluate` reads does."""

    stays_here = ExternalAnonymizer.stays_here and ExternalColorizer.stays_here


Settled.__module__ = "gaitbench.somewhere"


@pytest.mark.parametrize("case", ["one job", "few tasks", "foreign system", "settled system", "gpu"])
def test_what_must_or_may_stay_here_stays(tmp_path, case):
    run = open_run("smoke", store=tmp_path, jobs=1 if case == "one job" else 2)
    uses = [{"foreign system": Foreign, "settled system": Settled}.get(case, Original)()]
    if case == "gpu":
        run = replace(run, device="cuda")
    fewest = 7 if case == "few tasks" else 2
    found = share_out(run, StageTimer("s"), told, [(i,) for i in range(6)], uses=uses, fewest=fewest)
    assert {p for _, p, _ in found} == {os.getpid()}


@pytest.mark.slow
def test_processes_and_one_process_keep_the_same_bytes(tmp_path, monkeypatch):
    def everything(jobs, fewest):
        for module in (anonymized, observe, quality):
            monkeypatch.setattr(
                module,
                "share_out",
                lambda *a, fewest_=fewest, **k: workers.share_out(*a, **{**k, "fewest": fewest_}),
            )
        run = open_run("smoke", store=tmp_path / str(jobs), jobs=jobs, angles=(90,))
        attacks = replace(run.suite.attacks, inputs=("silhouette", "resegmented"))
        run = replace(run, suite=replace(run.suite, attacks=attacks))
        needs = needs_of_role(run, "probe")
        keys = prepare_all(run, [*needs, *needs_of_role(run, "models")])
        systems = Systems(run, {n: keys[n] for n in needs_of_role(run, "models")})
        shown = anonymize(run, systems, "model-2", {n: keys[n] for n in needs})
        seen = observe.observe(
            run, systems, shown.needs, source="resegmented", anonymized=shown, colorizer="nearest"
        )
        parts = measure(run, systems, shown, "proposed")
        files = sorted(p.relative_to(run.store.root) for p in run.store.root.rglob("*.safetensors"))
        return np.asarray(seen.x), parts, {f: (run.store.root / f).read_bytes() for f in files}

    alone, shared = everything(1, 100), everything(2, 2)
    np.testing.assert_array_equal(alone[0], shared[0])
    assert len(alone[1]) == len(shared[1]) >= 1
    for a, b in zip(alone[1], shared[1], strict=True):
        assert a.keys == b.keys
        np.testing.assert_array_equal(a.values["psnr"], b.values["psnr"])
    assert alone[2] == shared[2]
