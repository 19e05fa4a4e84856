"""The option ``--executor``: refused in one line, before anything runs."""

import pytest

from gaitbench.cli.executor import executor_from
from gaitbench.errors import ConfigError
from gaitbench.evaluation.planning.executing.executors import Processes, Serial
from gaitbench.evaluation.run.setup import open_run


def test_what_was_not_asked_for_changes_nothing():
    assert executor_from({"jobs": 4}) is None  # a verb without the option
    assert executor_from({"jobs": 4, "executor": None}) == Processes()
    assert executor_from({"jobs": 4, "executor": None, "memory": 2.5}) == Processes(memory_mb=2500.0)


def test_one_process_and_several_contradict_each_other():
    with pytest.raises(ConfigError, match="--executor serial is one process, and --jobs 4 asks for more"):
        executor_from({"jobs": 4, "executor": "serial"})
    assert executor_from({"jobs": None, "executor": "serial"}) == Serial()


def test_serial_works_in_this_process(tmp_path):
    run = open_run("smoke", store=tmp_path, jobs=4)
    assert Serial().prepared(run).jobs == 1


def test_an_unknown_one_is_named():
    with pytest.raises(ConfigError, match="no executor 'slurm'; choose serial, processes, dask"):
        executor_from({"jobs": None, "executor": "slurm"})
