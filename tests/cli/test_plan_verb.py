"""``gaitbench plan``: a tree for people, JSON for programs, one line for what is wrong."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gaitbench.cli.plan import command
from gaitbench.errors import ConfigError

TINY = str(Path(__file__).parents[1] / "evaluation" / "planning" / "tiny.toml")


def plan(*more, store):
    return CliRunner().invoke(
        command, ["--suite", TINY, "--store", str(store), *more], catch_exceptions=False
    )


def test_the_tree_says_what_is_left_and_how_sure_that_is(tmp_path):
    done = plan("--jobs", "3", store=tmp_path / "store")
    assert done.exit_code == 0 and not (tmp_path / "store").exists()
    out = done.output
    assert f"tiny on walkers, store {tmp_path / 'store'}" in out
    assert "extract and align walks: 0 of" in out and "deform: 0 of" in out
    assert " with 3, " in out and "estimated from a table that came with the package" in out
    assert "the keys are not sure yet" in out


def test_the_json_holds_every_task_and_adds_up(tmp_path):
    found = json.loads(plan("--json", store=tmp_path).output)
    names = [task["name"] for task in found["tasks"]]
    assert len(set(names)) == len(names) == found["left"]["tasks"]
    assert all(set(task["needs"]) <= set(names) for task in found["tasks"])
    assert found["left"]["process_seconds"] == pytest.approx(
        sum(task["left"]["seconds"] for task in found["tasks"]), rel=0.01
    )
    assert (
        sum(not task["keys_known"] for task in found["tasks"] if task["kind"] != "rest")
        == (found["left"]["keys_unknown"])
    )
    assert {make.partition("/")[0] for task in found["tasks"] for make in task["makes"]} >= {
        "models",
        "quality",
    }


def test_what_cannot_be_planned_is_one_line(tmp_path):
    with pytest.raises(ConfigError, match="--jobs 0"):
        plan("--jobs", "0", store=tmp_path)
