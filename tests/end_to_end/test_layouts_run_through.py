"""A tiny suite runs through on walkers exported in every layout, and says the same of the same silhouettes."""

import json

import pytest
from command_line import gaitbench

from gaitbench.datasets.exporting.layouts import LAYOUTS
from gaitbench.datasets.sources.pattern import PATTERN

SUITE = """
effort = 0.02
resamples = 100
samples = 1
[data]
frames = 20
angles = [54, 90]
[split]
recognizer = "001-003"
models = "004-005"
test = "006-008"
[walks]
recognizer = ["nm-01", "nm-02"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05"]
"""


def run(tmp_path, layout, *more):
    (tmp_path / "tiny.toml").write_text(SUITE)
    root = tmp_path / layout
    made = gaitbench(
        *["walkers", "export", str(root), "--layout", layout, "--subjects", "1-8", "--angles", "54,90",
         "--walks", "nm-01,nm-02,nm-05", "--frames", "20", "--no-video"],
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    pattern = ["--pattern", PATTERN] if layout == "pictures" else []
    done = gaitbench(
        *["run-all", "--suite", str(tmp_path / "tiny.toml"), "--data", str(root), "--output", str(tmp_path / "out"),
         "--store", str(tmp_path / "store"), "--jobs", "1", "--quiet", *pattern, *more],
        check=False,
    )  # fmt: skip
    return done, tmp_path / "out" / "run.json"


@pytest.mark.slow  # a run of a suite takes ten seconds and more, and there is one a layout
@pytest.mark.parametrize("layout", [*LAYOUTS])
def test_a_suite_runs_through_on_every_layout(tmp_path, layout):
    done, path = run(tmp_path, layout)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    record = json.loads(path.read_text(encoding="utf-8"))
    assert not record["failures"]
    assert record["provenance"]["dataset"]["rendered"] is True
    assert {row["angle"] for row in record["tables"]["success_rate"]} == {54, 90}
    assert "silhouettes and no colours: pictures are not judged" in done.stderr


@pytest.mark.slow  # as above
def test_a_partition_takes_the_place_of_the_split(tmp_path):
    partition = tmp_path / "p.json"
    partition.write_text(
        json.dumps({"TRAIN_SET": [f"00{i}" for i in range(1, 5)], "TEST_SET": ["005", "006", "007"]})
    )
    done, path = run(tmp_path, "opengait", "--partition", str(partition))
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    split = json.loads(path.read_text(encoding="utf-8"))["provenance"]["protocol"]["split"]["value"]
    assert split == {"recognizer": ["001", "002", "003"], "models": ["004"], "test": ["005", "006", "007"]}
