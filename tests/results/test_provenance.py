"""Where a result comes from."""

import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

from gaitbench.results.provenance import (
    Provenance,
    collect_provenance,
    file_stamp,
    git_commit,
    hash_of,
    library_versions,
)
from gaitbench.validation import convert


def _collect(**changes):
    values = {
        "suite_name": "quick",
        "suite": {"b": 1, "a": [2]},
        "dataset": {"name": "walkers", "rendered": True, "fingerprint": "f", "missing": []},
        "split_hash": "s",
        "seed": 3,
        "device": "cpu",
    }
    return collect_provenance(**(values | changes))


def test_what_is_collected_is_what_the_record_asks_for():
    read = convert(Provenance, _collect(), "provenance")
    assert read.dataset.name == _collect()["dataset"]["name"]


def test_times_are_utc_and_file_names_hold_no_colon():
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))
    assert file_stamp(moment) == "20260304T030607Z"
    assert _collect(created=moment)["created"] == "2026-03-04T03:06:07Z"


def test_the_hash_of_a_suite_hangs_on_its_values_not_on_their_order():
    assert _collect()["suite_hash"] == _collect(suite={"a": [2], "b": 1})["suite_hash"]
    assert _collect()["suite_hash"] != _collect(suite={"a": [2], "b": 2})["suite_hash"]
    with pytest.raises(ValueError, match="JSON"):
        hash_of(float("nan"))


def test_the_commit_is_the_installation_s_own(tmp_path):
    assert git_commit(tmp_path) == (None, None)

    def git(*arguments):
        identity = ("-c", "user.name=n", "-c", "user.email=e@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    (tmp_path / "gaitbench").mkdir()
    (tmp_path / "gaitbench" / "a.py").write_text("1")
    git("init", "-q")
    git("add", "gaitbench")
    git("commit", "-q", "-m", "first")
    commit, dirty = git_commit(tmp_path)
    assert commit is not None and len(commit) == 40 and dirty is False
    (tmp_path / "gaitbench" / "a.py").write_text("2")
    assert git_commit(tmp_path) == (commit, True)
    # A package deeper inside somebody else's checkout does not take that checkout's commit.
    assert git_commit(tmp_path / "gaitbench") == (None, None)


def test_versions_are_read_without_importing_the_libraries():
    code = (
        "import sys; from gaitbench.results.provenance import library_versions as v; assert 'numpy' in v();"
        "assert not {'numpy', 'torch', 'pandas', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert "numpy" in library_versions()
