"""One folder of results: run into again, by another suite, by three processes at once; the user's files stay."""

import subprocess
import sys

import pytest
from command_line import gaitbench

from gaitbench.reporting.report import write_tables
from gaitbench.results.record import Record

pytestmark = pytest.mark.slow  # whole runs, though of few people

SUITE = """
resamples = 200
samples = 1
[data]
frames = 14
angles = [90]
[split]
recognizer = "001-003"
models = "051-052"
test = "081-083"
[walks]
recognizer = ["nm-01", "nm-02"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05"]
[systems]
anonymizers = ["{system}"]
controls = ["original"]
colorizers = ["nearest"]
recognizers = ["gei-nn"]
[attacks]
recognizers = ["gei-nn"]
[quality]
references = ["original"]
"""
MINE = {
    "notes.txt": "mine", "mine/thesis.tex": "mine", "tables/mine.csv": "mine", "tables/mine.tex": "mine",
    "figures/mine.pdf": "mine", "figures/mine.png": "mine", "samples/mine.md": "mine",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one-folder")
    for name, system in (("first", "blur"), ("second", "pixelate")):
        (folder / f"{name}.toml").write_text(SUITE.format(system=system), encoding="utf-8")
        gaitbench(*_run(name, f"alone-{name}"), cwd=folder)
    return folder


def _run(suite, output):
    return [
        "run-all",
        "--suite",
        f"{suite}.toml",
        "--store",
        "store",
        "--jobs",
        "1",
        "--quiet",
        "--output",
        output,
    ]


def _ours(folder):
    """Files of ours in the folder, but for what says when and how long."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".gaitbench" not in path.parts
    }


def _whole(folder, tmp_path):
    """Tables, page and record are of one suite."""
    record = Record.load(folder)
    write_tables(record, tmp_path / "tables")
    for path in [p.relative_to(tmp_path) for p in (tmp_path / "tables").rglob("*") if p.is_file()]:
        assert (tmp_path / path).read_bytes() == (folder / path).read_bytes(), path
    name = record.provenance["suite_name"]
    assert f"<title>gaitbench: {name} on" in (folder / "report.html").read_text(encoding="utf-8")
    return name


def test_another_suite_leaves_nothing_of_the_first_and_all_of_the_users(folder, tmp_path):
    gaitbench(*_run("first", tmp_path / "out"), cwd=folder)
    for name, text in MINE.items():
        (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    gaitbench(*_run("second", tmp_path / "out"), cwd=folder)
    assert _whole(tmp_path / "out", tmp_path) == "second"
    assert {name: (tmp_path / "out" / name).read_text(encoding="utf-8") for name in MINE} == MINE
    assert _ours(tmp_path / "out") - set(MINE) == _ours(folder / "alone-second")


def test_three_at_once_wait_for_each_other_or_are_refused(folder, tmp_path):
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "gaitbench", *map(str, _run(suite, tmp_path / "out"))],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for suite in ("first", "second", "first")
    ]  # fmt: skip
    ended = [(*one.communicate(timeout=300), one.returncode) for one in runs]
    assert any(code == 0 for *_, code in ended)
    for out, err, code in ended:
        assert "Traceback" not in out + err, err
        assert code in (0, 2), err
        refused = [line for line in err.splitlines() if line.startswith("gaitbench: ")]
        assert len(refused) == (code == 2), err
    name = _whole(tmp_path / "out", tmp_path)
    assert _ours(tmp_path / "out") == _ours(folder / f"alone-{name}")
    assert not (tmp_path / "out" / ".gaitbench" / "part").exists()
