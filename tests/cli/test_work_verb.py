"""``gaitbench work``: one line for what is wrong, before anything is done."""

import pytest
from command_line import gaitbench


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
