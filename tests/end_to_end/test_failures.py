"""What fails is named, counted in the worst way, and makes the exit code non-zero; the rest is still computed."""

from pathlib import Path

import numpy as np
import pytest
from command_line import gaitbench

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.record import record_of
from gaitbench.evaluation.run.setup import open_run
from gaitbench.registry import ANONYMIZERS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("smoke")]

SUITE = """
effort = 0.1
resamples = 500
[data]
size = [64, 44]
frames = {frames}
angles = [0, 54, 90, 144]
[split]
recognizer = "001-006"
models = "051-054"
test = "081-086"
[walks]
recognizer = ["nm-01", "nm-02", "cl-01"]
models = ["nm-01"]
gallery = ["nm-01", "nm-02"]
probe = ["nm-05", "bg-01", "cl-01"]
[quality]
frames_per_sequence = 2
[systems]
anonymizers = ["half-broken"]
controls = ["original"]
"""


class HalfBroken:
    """Upside-down gaits; cannot do one angle, and returns nonsense for one subject."""

    name = "half-broken"
    trainable = False

    def fit(self, sequences, *, seed, **_):
        return self

    def anonymize(self, sequence, rng):
        if sequence.key.angle == 90:
            raise GaitbenchError(f"{sequence.key}: half-broken cannot see from the side")
        if sequence.key.subject == "081":
            return np.zeros_like(sequence.silhouettes)
        return sequence.silhouettes[:, ::-1].copy()


@pytest.fixture
def suite_file(tmp_path):
    from gaitbench.suites import load_suite

    path = tmp_path / "broken.toml"
    path.write_text(SUITE.format(frames=load_suite("smoke").data.frames), encoding="utf-8")
    return path


def test_failed_cells(smoke, suite_file, monkeypatch, tmp_path):
    monkeypatch.setitem(ANONYMIZERS._builtin, "half-broken", f"{__name__}:HalfBroken")
    run = open_run(str(suite_file), store=smoke / "store", jobs=1, device="cpu")
    record = record_of(Experiment(run), pictures=False)
    rows = {r.angle: r for r in record.success_rate if r.anonymizer == "half-broken"}
    assert rows[90].m == 0 and rows[90].rank1_after == 100.0  # all failed: all count as identified
    assert rows[54].m > 0
    failed = [f for f in record.failures if f.stage == "anonymize"]
    assert len(failed) == 18 + 3 * 3
    assert any("cannot see from the side" in f.message for f in failed)
    assert any("left 081-" in f.message for f in failed)
    from gaitbench.reporting import write_report

    record.save(tmp_path / "out")
    write_report(tmp_path / "out")
    assert "cannot see from the side" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["nothing", "text", "missing"])
def test_bad_data_roots(content, tmp_path):
    root = tmp_path / "data"
    if content != "missing":
        root.mkdir()
    if content == "text":
        (root / "readme.txt").write_text("not pictures")
    output = tmp_path / "out"
    done = gaitbench(
        "run-all",
        "--suite",
        "smoke",
        "--data",
        root,
        "--output",
        output,
        "--store",
        tmp_path / "s",
        "--quiet",
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("gaitbench: ") and done.stderr.count("\n") == 1 and str(root) in done.stderr
    assert not output.exists() and not Path(tmp_path / "s").exists()


def test_labels_for_sequences_that_do_not_exist(tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("key,label\n999-nm-01-090,plain\n")
    done = gaitbench(
        "run-all", "--suite", "smoke", "--labels", labels, "--store", tmp_path / "s", "--quiet", check=False
    )
    assert done.returncode == 2 and "999-nm-01-090" in done.stderr and "Traceback" not in done.stderr
