"""A tiny suite runs through on walkers exported in every layout, and says the same of the same silhouettes."""

import json
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest
from command_line import gaitbench

from gaitbench.datasets.exporting.layouts import LAYOUTS
from gaitbench.datasets.sources.pattern import PATTERN
from gaitbench.datasets.views import view_of_label
from gaitbench.reporting import loaded
from gaitbench.results.distances import read_distances

pytestmark = pytest.mark.xdist_group("layouts")

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
#: Degrees -> a name of the same camera.
CAMERAS = {"054": "camid9_videoid2", "090": "left side"}


def exported(root, layout):
    gaitbench(
        *["walkers", "export", str(root), "--layout", layout, "--subjects", "1-8", "--angles", "54,90",
         "--walks", "nm-01,nm-02,nm-05", "--frames", "20", "--no-video"],
    )  # fmt: skip
    return root


def run(folder, root, name, *more, suite=SUITE):
    """Result of the command and the record of a tiny suite on a set; the store is shared."""
    (folder / f"{name}.toml").write_text(suite)
    done = gaitbench(
        *["run-all", "--suite", str(folder / f"{name}.toml"), "--data", str(root), "--output", str(folder / name),
         "--store", str(folder / "store"), "--jobs", "1", "--quiet", *more],
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done, json.loads((folder / name / "run.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A folder with the run on CASIA-B's layout, and its record."""
    folder = tmp_path_factory.mktemp("layouts")
    return folder, run(folder, exported(folder / "set", "casia-b"), "casia-b")[1]


def of_layout(layout):
    # one beside CASIA-B's in every run of the tests: its source shares least with the others
    return pytest.param(layout, marks=() if layout == "opengait" else pytest.mark.long)


@pytest.mark.slow  # a run of a suite takes ten seconds and more
@pytest.mark.parametrize("layout", map(of_layout, LAYOUTS))
def test_a_suite_says_the_same_of_every_layout(plain, layout, tmp_path):
    folder, usual = plain
    pattern = ["--pattern", PATTERN] if layout == "pictures" else []
    done, record = run(folder, exported(tmp_path / "set", layout), layout, *pattern)
    assert not record["failures"]
    assert record["provenance"]["dataset"]["rendered"] is True
    assert {row["angle"] for row in record["tables"]["success_rate"]} == {54, 90}
    assert record["tables"] == usual["tables"]
    assert "silhouettes and no colours: pictures are not judged" in done.stderr


@pytest.mark.slow  # as above
def test_views_that_are_names_run_through(plain, tmp_path):
    """Two cameras of which nobody knows where they stood: the same people are named."""
    folder, usual = plain
    root = shutil.copytree(folder / "set", tmp_path / "set")
    for view in sorted(root.glob("*/*/0??")):
        view.rename(view.with_name(CAMERAS[view.name]))
    (root / "walkers.json").unlink()  # another body cannot be rendered from a view that nobody knows
    cameras = {view_of_label(name): int(view) for view, name in CAMERAS.items()}
    suite = SUITE.replace("[54, 90]", json.dumps([*CAMERAS.values()]))
    _, record = run(
        folder, root, "cameras", "--format", "pictures", "--pattern", "{subject}/{type}/{view}/{frame}.png",
        suite=suite,
    )  # fmt: skip
    assert record["provenance"]["views"] == {name: view_of_label(name) for name in CAMERAS.values()}
    assert record["provenance"]["suite"]["data"]["angles"] == [*CAMERAS.values()]

    def named(found, names):
        rows = found["tables"]["competence"]
        return {
            (r["recognizer"], r["gallery"], r["condition"], names.get(r["angle"], r["angle"])): (
                r["n"],
                r["rank1"],
            )
            for r in rows
        }

    # systems draw their noise by the name of a sequence; the untouched are the same
    assert named(record, cameras) == named(usual, {}) and len(named(record, cameras)) >= 6
    out = folder / "cameras"
    scores = pd.read_parquet(out / "scores.parquet")
    assert set(scores["angle"]) == set(cameras)
    assert pq.read_schema(out / "scores.parquet").field("angle").type == "int64"
    assert set(read_distances(out)[0]["angle"]) == set(cameras)
    # nothing that people read shows the numbers, and everything the names
    texts = [*(out / "tables").glob("*.*"), out / "report.html"]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert not any(str(number) in text for number in cameras), path
    names = [p for p in texts if all(name in p.read_text(encoding="utf-8") for name in CAMERAS.values())]
    assert {"report.html", "table3_success_by_angle.csv"} <= {p.name for p in names}
    again = loaded.load(out)
    assert set(again.scores["view"]) == set(again.rows["success_rate"]["view"]) == set(CAMERAS.values())


@pytest.mark.slow  # as above
@pytest.mark.long
def test_a_partition_takes_the_place_of_the_split(plain, tmp_path):
    folder, _ = plain
    partition = tmp_path / "p.json"
    partition.write_text(
        json.dumps({"TRAIN_SET": [f"00{i}" for i in range(1, 5)], "TEST_SET": ["005", "006", "007"]})
    )
    _, record = run(folder, exported(tmp_path / "set", "opengait"), "split", "--partition", str(partition))
    split = record["provenance"]["protocol"]["split"]["value"]
    assert split == {"recognizer": ["001", "002", "003"], "models": ["004"], "test": ["005", "006", "007"]}
