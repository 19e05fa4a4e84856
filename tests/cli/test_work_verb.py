"""``gaitbench work``: one line for what is wrong, before anything is done."""

import pytest
from command_line import gaitbench

from gaitbench.cli import work
from gaitbench.evaluation.planning import working


@pytest.mark.parametrize("shard", ["41/40", "0/4", "3", "a/b", "1/0", "-1/4"])
def test_a_shard_that_cannot_be_is_one_line(tmp_path, shard):
    done = gaitbench("work", "--suite", "smoke", "--store", tmp_path / "s", f"--shard={shard}", check=False)
    assert done.returncode == 2 and not (tmp_path / "s").exists()
    assert done.stderr.strip() == (
        f"gaitbench: --shard {shard} is not possible; write K/N with K from 1 to N, such as 3/40"
    )


def test_a_store_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "s").write_text("a file")
    done = gaitbench("work", "--suite", "smoke", "--store", tmp_path / "s", check=False)
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
    done = gaitbench("work", "--suite", "smoke", "--store", tmp_path / "t", "--stale", "0", check=False)
    assert done.returncode == 2 and "--stale 0 is not possible" in done.stderr


def test_that_claims_hold_within_one_cache_is_said_where_no_share_is_given(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("GAITBENCH_STORE_CACHE", str(tmp_path))
    monkeypatch.setattr(working, "work", lambda *args, **more: working.Worked())
    for more, said in (([], True), (["--shard", "1/2"], False)):
        caplog.clear()
        work.command.main(["--suite", "smoke", "--store", "memory://said", *more], standalone_mode=False)
        assert ("give those of other machines a --shard K/N" in caplog.text) is said
