"""What a store holds, and what of it goes: its own artifacts and nothing else."""

import os
import time

import numpy as np
import pytest
from click.testing import CliRunner

from gaitbench.cli.store import command
from gaitbench.errors import ConfigError
from gaitbench.store import Store, default_root
from gaitbench.store.journal import note_run, runs_of
from gaitbench.store.keeping import artifacts, prune

DAY = 86400


@pytest.fixture
def store(tmp_path):
    """Five artifacts, made 1, 2, ... days ago, and much that is none."""
    kept = Store(tmp_path / "store")
    for i in range(5):
        kept.save("sequences" if i < 3 else "models", f"{i:032x}", {"x": np.arange(50 * (i + 1))})
        made = time.time() - (i + 1) * DAY
        os.utime(kept.path("sequences" if i < 3 else "models", f"{i:032x}"), (made, made))
    (tmp_path / "outside.safetensors").write_bytes(b"mine")
    foreign = [
        kept.root / "notes.txt", kept.root / "models" / "00" / "mine.safetensors",
        kept.root / "My Folder" / "00" / f"{9:032x}.safetensors", kept.root / "models" / "ff" / f"{9:032x}.safetensors",
    ]  # fmt: skip
    for path in foreign:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine")
        os.utime(path, (0, 0))
    (kept.root / "models" / "00" / f"{8:032x}.safetensors").symlink_to(tmp_path / "outside.safetensors")
    (kept.root / "linked").symlink_to(kept.root / "sequences", target_is_directory=True)
    yield kept
    assert all(path.read_bytes() == b"mine" for path in [*foreign, tmp_path / "outside.safetensors"])
    assert (kept.root / "linked").is_symlink() and (
        kept.root / "models" / "00" / f"{8:032x}.safetensors"
    ).is_symlink()


def left(store):
    return [int(e.key, 16) for e in artifacts(store)]


def place(i):
    return f"{'sequences' if i < 3 else 'models'}/{i:032x}"


def test_only_artifacts_are_counted(store):
    assert sorted(left(store)) == [0, 1, 2, 3, 4]
    out = CliRunner().invoke(command, ["--store", str(store.root)]).output
    assert out.splitlines()[0] == str(store.root)
    assert [line.split()[:2] for line in out.splitlines()[1:]] == [
        ["models", "2"],
        ["sequences", "3"],
        ["all", "5"],
    ]


def test_older_than_counts_from_the_last_use(store):
    note_run(store, "smoke on walkers", [place(4)])
    assert {int(e.key, 16) for e in prune(store, older_than=2.5, dry_run=True)} == {2, 3}
    assert len(left(store)) == 5  # nothing went
    prune(store, older_than=2.5)
    assert sorted(left(store)) == [0, 1, 4]


def test_keep_last_runs(store):
    for used in ([0, 1], [1, 2], [3]):
        note_run(store, "smoke on walkers", map(place, used))
    prune(store, keep_last=2)
    assert sorted(left(store)) == [1, 2, 3]


def test_unused_is_what_the_latest_run_of_nothing_used(store):
    for name, used in (("smoke", [0, 1]), ("quick", [2]), ("smoke", [1])):
        note_run(store, name, map(place, used))
    prune(store, unused=True)
    assert sorted(left(store)) == [1, 2]


def test_wishes_together_let_go_what_all_let_go(store):
    note_run(store, "smoke", [place(4)])
    prune(store, unused=True, older_than=3.5)
    assert sorted(left(store)) == [0, 1, 2, 4]


def test_what_is_young_stays(store):
    store.save("models", "f" * 32, {"x": np.arange(3)})
    prune(store, keep_last=0)
    assert [e.key for e in artifacts(store)] == ["f" * 32]


@pytest.mark.parametrize("wishes", [{}, {"older_than": -1}, {"keep_last": -1}])
def test_a_wish_that_says_nothing_is_refused(store, wishes):
    with pytest.raises(ConfigError):
        prune(store, **wishes)


def test_verify_names_and_removes(store):
    path = store.path("models", f"{3:032x}")
    path.write_bytes(path.read_bytes()[:-1] + b"\x07")
    run = CliRunner()
    for more, word in (([], "damaged: "), (["--remove"], "damaged, removed: ")):
        done = run.invoke(command, ["--store", str(store.root), "verify", *more])
        assert done.exit_code == 1 and f"{word}{path}" in done.output
    assert not path.exists()
    done = run.invoke(command, ["--store", str(store.root), "verify"])
    assert done.exit_code == 0 and done.output == "4 artifacts are whole, 0 damaged\n"


def test_prune_from_the_command_line_says_what_went(store):
    call = ["--store", str(store.root), "prune", "--older-than", "3.5"]
    assert "2 artifacts would go" in CliRunner().invoke(command, [*call, "--dry-run"]).output
    assert "2 artifacts removed" in CliRunner().invoke(command, call).output


def test_a_store_that_is_not_there_is_empty(tmp_path):
    done = CliRunner().invoke(command, ["--store", str(tmp_path / "none")])
    assert done.exit_code == 0 and "empty" in done.output and not (tmp_path / "none").exists()


def test_a_run_is_remembered_with_what_it_used(store):
    store.used.clear()
    store.load("models", f"{3:032x}")
    note_run(store, "smoke on walkers", store.used)
    (run,) = runs_of(store)
    assert run.used == {place(3)} and run.name == "smoke on walkers"


def test_the_old_default_is_still_found_and_said(tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("GAITBENCH_STORE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "old"))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name, appauthor: tmp_path / "new" / name)
    assert default_root() == tmp_path / "new" / "gaitbench"
    (tmp_path / "old" / "gaitbench").mkdir(parents=True)
    assert default_root() == tmp_path / "old" / "gaitbench" and "move it" in caplog.text
    (tmp_path / "new" / "gaitbench").mkdir(parents=True)
    assert default_root() == tmp_path / "new" / "gaitbench"
    monkeypatch.setenv("GAITBENCH_STORE", str(tmp_path / "mine"))
    assert default_root() == tmp_path / "mine"
