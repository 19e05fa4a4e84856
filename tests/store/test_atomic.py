"""Whole or absent: whoever fails or is killed in between."""

import os
import stat
import time

import pytest

from gaitbench.store.atomic import (
    sweep_parts,
    whole_file,
    whole_folder,
    write_text,
    write_together,
    write_whole,
)


def names(folder):
    return sorted(p.name for p in folder.rglob("*"))


def test_a_file_that_fails_leaves_what_was_there(tmp_path):
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(RuntimeError), whole_file(tmp_path / "a.txt") as part:
        part.write_text("half")
        raise RuntimeError
    assert (tmp_path / "a.txt").read_text() == "old" and names(tmp_path) == ["a.txt"]


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path):
    target = tmp_path / "f"
    for text in ("one", "two"):
        with whole_folder(target) as part:
            (part / text).write_text(text)
        assert names(target) == [text]
    with pytest.raises(RuntimeError), whole_folder(target) as part:
        (part / "three").write_text("half")
        raise RuntimeError
    assert names(tmp_path) == ["f", "two"]


def test_several_files_change_together(tmp_path, monkeypatch):
    write_together(tmp_path, {"a": b"1", "b": b"1"})
    real = type(tmp_path).write_bytes

    def full(path, data):
        if ".b." in path.name:
            raise OSError(28, "No space left on device")
        return real(path, data)

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_together(tmp_path, {"a": b"2", "b": b"2"})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"1", "b": b"1"}


@pytest.mark.skipif(os.name == "nt", reason="modes are Unix's")
def test_who_may_read_it(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "own", b"")
        write_whole(tmp_path / "shared", b"", shared=True)
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert modes == {"own": 0o600, "shared": 0o640}


def test_a_long_name_is_no_obstacle(tmp_path):
    write_whole(tmp_path / ("ä" * 127), b"x")
    assert len(names(tmp_path)) == 1


def test_only_old_leftovers_are_swept_and_no_link_is_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("mine")
    room = tmp_path / "room"
    (room / ".run.1.ab.part").mkdir(parents=True)
    (room / ".run.1.ab.part" / "half").write_text("")
    (room / ".link.part").symlink_to(outside, target_is_directory=True)
    (room / ".young.part").write_text("")
    old = time.time() - 10 * 86400
    os.utime(room / ".run.1.ab.part", (old, old))
    os.utime(room / ".link.part", (old, old), follow_symlinks=False)
    gone = sweep_parts(room)
    assert sorted(p.name for p in gone) == [".link.part", ".run.1.ab.part"]
    assert names(room) == [".young.part"] and (outside / "mine.txt").read_text() == "mine"
