"""What doctor says of a run is what the run does: the exit codes agree, whatever is wrong with the data."""

import shutil

import pytest
from command_line import gaitbench

SUITE = """
effort = 0.02
resamples = 100
samples = 0
[data]
frames = 16
angles = [54, 90]
[split]
recognizer = "001-002"
models = "003"
test = "004-005"
[walks]
recognizer = ["nm-01", "nm-02"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-02"]
"""


def unreadable(root, people, walk):
    for person in people:
        for file in (root / person / walk).rglob("*.png"):
            file.write_bytes(b"no picture")


#: What is done to the data -> the exit code of both.
DAMAGE = {
    "nothing": (lambda root: None, 0),
    "a probe is gone": (lambda root: shutil.rmtree(root / "004" / "nm-02" / "090"), 1),
    "a walk that trains a recognizer is gone": (
        lambda root: shutil.rmtree(root / "001" / "nm-02" / "090"),
        0,
    ),
    "a walk that trains cannot be read": (lambda root: unreadable(root, ["001"], "nm-02"), 1),
    "nothing that models learn from can be read": (lambda root: unreadable(root, ["003"], "nm-01"), 1),
    "no gallery can be read": (lambda root: unreadable(root, ["004", "005"], "nm-01"), 1),
    "no probe can be read": (lambda root: unreadable(root, ["004", "005"], "nm-02"), 2),
    "no probe is there": (lambda root: [shutil.rmtree(root / p / "nm-02") for p in ("004", "005")], 2),
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    root = tmp_path_factory.mktemp("foretold") / "walkers"
    made = gaitbench(
        *["walkers", "export", str(root), "--subjects", "1-5", "--angles", "54,90", "--walks", "nm-01,nm-02",
          "--frames", "16", "--no-video"],
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return root


#: What CI tries: an exit code each. The others by `pytest -m long`.
SHORT = ("a probe is gone", "no probe can be read")


@pytest.mark.slow  # a run of a suite takes some ten seconds, and there is one for each damage
@pytest.mark.parametrize(
    "damage", [d if d in SHORT else pytest.param(d, marks=pytest.mark.long) for d in DAMAGE]
)
def test_doctor_ends_as_the_run_ends(exported, tmp_path, damage):
    (tmp_path / "tiny.toml").write_text(SUITE)
    root = tmp_path / "set"
    shutil.copytree(exported, root)
    spoil, code = DAMAGE[damage]
    spoil(root)
    suite = ["--suite", str(tmp_path / "tiny.toml"), "--quiet", "--jobs", "1"]
    said = gaitbench("doctor", str(root), *suite, check=False)
    run = gaitbench(
        *["run-all", *suite, "--data", str(root), "--output", str(tmp_path / "out")],
        *["--store", str(exported.parent / "store")],
        check=False,
    )
    assert "Traceback" not in said.stderr + run.stderr
    assert (said.returncode, run.returncode) == (code, code), said.stdout + run.stderr[-2000:]
