"""The example package of the docs: installed, listed and run as its README says."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gaitbench.registry import REGISTRIES

#: One installation serves all of them: they stay on one worker.
pytestmark = pytest.mark.xdist_group("example")

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "gaitbench-example"
NAMES = {
    "anonymizer": "example-average",
    "colorizer": "example-plain",
    "recognizer": "example-profile",
    "metric": "example-error",
    "rung": "example-half-informed",
    "utility_measure": "example-sway",
    "table": "example-median-rank",
    "dataset": "example-npz",
}


def load(module):
    spec = importlib.util.spec_from_file_location(
        f"example_{module}", EXAMPLE / "gaitbench_example" / f"{module}.py"
    )
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


def test_the_metric_counts_the_region_alone():
    a, b = np.zeros((2, 4, 4, 3)), np.zeros((2, 4, 4, 3))
    b[0, :2] = 0.5
    region = np.zeros((2, 4, 4), bool)
    region[0, 0] = True
    measure = load("metric").mean_error
    assert measure(a, b).tolist() == [0.25, 0.0]
    assert measure(a, b, region=region)[0] == 0.5 and np.isnan(measure(a, b, region=region)[1])


def test_the_recognizer_ranks_whoever_is_enrolled():
    rng = np.random.default_rng(0)
    x = rng.random((6, 16, 8)).astype(np.float32)
    model = load("recognizer").Profile().fit(x, np.arange(6), angle=np.zeros(6))
    model.enroll(x, ["a", "a", "b", "b", "c", "c"], angle=np.zeros(6))
    names, distances = model.rank(x, angle=np.zeros(6))
    assert names[:, 0].tolist() == ["a", "a", "b", "b", "c", "c"]
    assert (np.diff(distances, axis=1) >= 0).all() and (distances[:, 0] == 0).all()


def test_the_colorizer_stays_inside():
    rng = np.random.default_rng(1)
    rgb, old, new = (
        rng.integers(0, 256, (3, 8, 6, 3), dtype=np.uint8),
        rng.random((3, 8, 6)) > 0.5,
        np.ones((3, 8, 6), bool),
    )
    new[:, :2] = False
    painted = load("colorizer").Plain().colorize(rgb, old, new)
    assert not painted[~new].any() and painted.max() <= 1
    assert painted[0, 5, 0] == pytest.approx(rgb[0][old[0]].mean(axis=0) / 255, abs=1e-6)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Environment in which the example is installed, in a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "--target", folder / "site", EXAMPLE],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    path = os.pathsep.join([str(folder / "site"), str(EXAMPLE.parents[2]), os.environ.get("PYTHONPATH", "")])
    return folder, {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


def gaitbench(installed, *arguments):
    folder, environment = installed
    done = subprocess.run(
        [sys.executable, "-m", "gaitbench", *map(str, arguments)],
        capture_output=True, text=True, env=environment, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_list_shows_the_package_by_name(installed):
    found = json.loads(gaitbench(installed, "list", "--json"))
    for kind, name in NAMES.items():
        assert found[kind][name].startswith("gaitbench-example (gaitbench_example.")


@pytest.mark.slow
def test_a_run_takes_them_by_name(installed):
    folder, _ = installed
    gaitbench(
        installed, "run-all", "--suite", EXAMPLE / "suite.toml", "--store", folder / "store", "--jobs", "1",
        "--output", folder / "out", "--quiet",
    )  # fmt: skip
    record = json.loads((folder / "out" / "run.json").read_text())
    rows = record["tables"]["success_rate"]
    assert {r["recognizer"] for r in rows} == {NAMES["recognizer"]}
    assert {r["attacker"] for r in rows if r["anonymizer"] == NAMES["anonymizer"]} == {
        "ignorant",
        "semi-informed",
        NAMES["rung"],
    }
    quality = [r for r in record["tables"]["quality"] if r["anonymizer"] == NAMES["anonymizer"] and r["n"]]
    assert {r["colorizer"] for r in quality} == {NAMES["colorizer"], "nearest"}
    measures = [r for r in record["tables"]["picture_measures"] if r["colorizer"] == NAMES["colorizer"]]
    assert measures and {r["measure"] for r in measures} == {NAMES["metric"]}
    assert {(r["title"], r["better"]) for r in measures} == {("Mean error", "lower is better")}
    assert not record["failures"]
    useful = {r["measure"] for r in record["tables"]["utility"] if r["anonymizer"] == NAMES["anonymizer"]}
    assert {NAMES["utility_measure"], "cadence", "opening", "pose"} <= useful
    assert "example-average[strength=0.3]" in {r["anonymizer"] for r in rows}, "settings of the suite"
    assert "weak average" in (folder / "out" / "report.html").read_text(encoding="utf-8")
    ranks = record["tables"]["example_median_rank"]
    assert {r["attacker"] for r in ranks} >= {"ignorant", NAMES["rung"]}
    assert all(1 <= r["before"] <= r["people"] and 1 <= r["after"] <= r["people"] for r in ranks)
    assert (folder / "out" / "tables" / "table_example_median_rank.tex").is_file()
    assert "Rank of the right person" in (folder / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_its_strength_is_swept_as_any_other(installed):
    folder, _ = installed
    said = gaitbench(
        installed, "sweep", "--anonymizer", NAMES["anonymizer"], "--setting", "strength=0,0.25,0.5,0.75,1", "--setting",
        "jitter=0", "--suite", EXAMPLE / "suite.toml", "--store", folder / "store", "--jobs", "1", "--output",
        folder / "swept", "--quiet", "--json",
    )  # fmt: skip
    rows = [r for r in json.loads(said)["sweep"] if r["measure"] == "iou" and "strength" in r["variant"]]
    values = [r["value"] for r in rows]
    assert len(values) == 5 and values[0] == 1.0 and sorted(values, reverse=True) == values
    assert len((folder / "swept" / "tables" / "table_sweep.csv").read_text("utf-8").splitlines()) == 7


def test_readme_says_the_one_line_of_each_kind():
    import tomllib

    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    groups = {f"gaitbench.{kind}s": name for kind, name in NAMES.items()}
    assert {group: list(named) for group, named in project["entry-points"].items()} == {
        group: [name] for group, name in groups.items()
    }
    assert set(groups) == {f"gaitbench.{registry.kind}s" for registry in REGISTRIES}
    for group, named in project["entry-points"].items():
        ((name, place),) = named.items()
        assert f'`{group}`: `{name} = "{place}"`' in readme


#: What a user types who has files of a form of his own; made from the embedded walkers here.
OWN_FILES = """
import sys
from pathlib import Path
import numpy as np
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.record import record_of
from gaitbench.evaluation.run.setup import open_run
from gaitbench.registry import DATASETS

folder, suite, walkers = Path("npz"), sys.argv[1], Walkers()
folder.mkdir()
people = {"001": "nm-01 nm-02", "002": "nm-01 nm-02", "003": "nm-01 nm-02", "051": "nm-01", "052": "nm-01"}
people |= dict.fromkeys(("081", "082", "083"), "nm-01 nm-05")
for subject, walks in people.items():
    for walk in walks.split():
        key = SequenceKey(subject, walk, 90)
        found = walkers.load(key, frames=40)
        masks = walkers.true_masks(key, body=subject, frames=40, rgb=False).masks
        here = masks.any(axis=(1, 2))
        np.savez(folder / f"{key}.npz", silhouettes=masks[here], rgb=found.frames[here])
data = DATASETS.get("example-npz")(folder)
record = record_of(Experiment(open_run(suite, data=data, store=Path("store-npz"), jobs=1)), pictures=True)
assert record.provenance["dataset"]["name"] == "npz folder npz", record.provenance["dataset"]
assert not record.failures, record.failures
assert {row.n for row in record.success_rate} == {3}
assert any(row.n and row.ssim is not None for row in record.quality)
"""


@pytest.mark.slow
def test_a_run_reads_the_example_data_set(installed):
    folder, environment = installed
    done = subprocess.run(
        [sys.executable, "-c", OWN_FILES, str(EXAMPLE / "suite.toml")],
        capture_output=True, text=True, env=environment, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
