"""A folder of results appears whole or not at all."""

import pytest

from gaitbench.errors import ConfigError
from gaitbench.store.new_folder import new_folder


def test_it_appears_when_the_block_ends_and_replaces_an_earlier_run(tmp_path):
    target = tmp_path / "deep" / "out"
    for text in ("first", "second"):
        with new_folder(target) as part:
            (part / "run.json").write_text(text)
            assert part != target
        assert (target / "run.json").read_text() == text
    assert [p.name for p in target.parent.iterdir()] == ["out"]


def test_an_error_leaves_what_was_there(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "run.json").write_text("kept")
    with pytest.raises(KeyboardInterrupt), new_folder(target) as part:
        (part / "run.json").write_text("half")
        raise KeyboardInterrupt
    assert (target / "run.json").read_text() == "kept"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_what_is_no_run_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    for target in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(ConfigError, match="no earlier run"), new_folder(target):
            raise AssertionError("never entered")
    assert (tmp_path / "notes.txt").read_text() == "mine"
