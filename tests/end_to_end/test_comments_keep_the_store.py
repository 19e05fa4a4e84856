"""A comment or a docstring that changes leaves every artifact of a run valid; a constant that changes does not."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from command_line import gaitbench, tables

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("smoke")]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def changed(tmp_path, smoke):
    """Runs `smoke` on the store of an earlier run with a copy of the program, and says which stages made something."""
    for package in ("gaitbench", "recognizer"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}

    def run(out):
        place = tmp_path / out
        options = ("--suite", "smoke", "--store", smoke / "store", "--output", place, "--quiet")
        gaitbench("run-all", *options, check=False, cwd=tmp_path, env=env)
        stages = json.loads((place / "run.json").read_text("utf-8"))["stages"]
        return {s["name"] for s in stages if not s["cached"]} - {"statistics"}, place

    return tmp_path, run


def test_comments_make_nothing_again_and_a_constant_does(changed, smoke):
    folder, run = changed
    for file in (folder / "recognizer").rglob("*.py"):
        text = re.sub(r'^"""', '"""Said in other words. ', file.read_text("utf-8"), count=1)
        file.write_text(text + "\n# a comment\n", encoding="utf-8")
    made, out = run("commented")
    assert made == set()
    assert tables(out) == tables(smoke / "out")
    period = folder / "recognizer" / "gait_energy" / "period.py"
    text, count = re.subn(r"\n_APART = (.*)", r"\n_APART = 1.01 * (\1)", period.read_text("utf-8"))
    assert count == 1
    period.write_text(text, encoding="utf-8")
    made, _ = run("changed")
    assert "gei" in made and not made & {"prepare", "train model-1", "train model-2", "quality"}
