"""Failures of preparation: those of the data are kept and named, those of the machine are not."""

from dataclasses import replace

import joblib
import numpy as np
import pytest
from joblib.externals.loky.process_executor import TerminatedWorkerError

from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.store import Store
from gaitbench.suites import load_suite

ALL = [SequenceKey("001", "nm-01", a) for a in (0, 90)]


class OneWalk:
    """Two angles of one walk; the second cannot be read for a reason that is given."""

    rendered = False
    name = "one"

    def __init__(self, reason):
        self.reason = reason

    def fingerprint(self):
        return "0"

    def keys(self):
        return ALL

    def load_walk(self, subject, walk, angles, *, frames=None):
        for angle in angles:
            if angle == 90 and self.reason is not None:
                try:
                    raise self.reason
                except type(self.reason):
                    raise DataError("001-nm-01-090: cannot be read") from None
            masks = np.zeros((4, 80, 80), bool)
            masks[:, 10:70, 30:50] = True
            yield Recording(
                SequenceKey(subject, walk, angle), None, None, masks, np.arange(1, 5, dtype=np.int32), 4
            )


def open_run(reason, tmp_path, jobs=1):
    suite = load_suite("smoke")
    suite = replace(suite, data=replace(suite.data, frames=4))
    return RunContext(suite=suite, dataset=OneWalk(reason), store=Store(tmp_path), jobs=jobs)


def stored(run):
    return len(list(run.store.root.glob("sequences/*/*.safetensors")))


def test_a_disk_that_does_not_answer_leaves_no_failure_behind(tmp_path):
    run = open_run(OSError(5, "Input/output error"), tmp_path)
    needs = [Need(k) for k in ALL]
    with pytest.raises(DataError, match="run again"):
        prepare_all(run, needs)
    assert stored(run) == 1  # the sequence before it is kept
    run.dataset.reason = None
    keys = prepare_all(run, needs)
    assert stored(run) == 2
    assert all(run.store.load("sequences", key)[1]["failure"] is None for key in keys.values())


def test_broken_data_are_a_failure_of_their_own(tmp_path):
    run = open_run(ValueError("not a video"), tmp_path)
    needs = [Need(k) for k in ALL]
    keys = prepare_all(run, needs)
    failures = [run.store.load("sequences", keys[n])[1]["failure"] for n in needs]
    assert failures == [None, "001-nm-01-090: cannot be read"]


def test_a_killed_worker_is_one_line_with_the_way_out(tmp_path, monkeypatch):
    class Pool:
        def __init__(self, **options):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def __call__(self, work):
            raise TerminatedWorkerError(
                "A worker process managed by the executor was unexpectedly terminated.\n"
            )

    monkeypatch.setattr(joblib, "Parallel", Pool)
    run = open_run(None, tmp_path, jobs=7)
    with pytest.raises(ConfigError, match=r"fewer --jobs \(now 2\)") as error:
        prepare_all(run, [Need(k) for k in [*ALL, SequenceKey("001", "nm-02", 90)]])
    assert "\n" not in str(error.value)
