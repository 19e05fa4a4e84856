"""Files are known by what is in them, and read once."""

import hashlib
import os
import time

import pytest

from gaitbench.store import file_hashes
from gaitbench.store.file_hashes import content_hashes, forget_hashes


@pytest.fixture(autouse=True)
def memory(tmp_path, monkeypatch):
    monkeypatch.setenv("GAITBENCH_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(file_hashes, "_YOUNG", -(10**18))  # files of tests are young


@pytest.fixture
def reads(monkeypatch):
    """Files that were really read."""
    found = []
    real = file_hashes._content

    def counted(path, size):
        found.append(path)
        return real(path, size)

    monkeypatch.setattr(file_hashes, "_content", counted)
    return found


def test_hashes_are_of_the_content_and_made_once(tmp_path, reads):
    files = [tmp_path / name for name in ("a", "b\udcff", "c ä")]
    for i, path in enumerate(files):
        path.write_bytes(bytes([i]) * 100)
    expected = [hashlib.sha256(bytes([i]) * 100).hexdigest() for i in range(3)]
    assert content_hashes(files) == expected and len(reads) == 3
    assert content_hashes(files) == expected and len(reads) == 3


def test_large_files_links_and_folders_of_one_beginning(tmp_path, reads):
    """What is remembered is asked for by folder: one that begins like another, and one that is a link, are others."""
    contents = {
        "a/x": b"1",
        "a0/x": b"2",
        "a/b/x": b"3",
        "a b/x\udcff": b"4",
        "f\udcff/x": b"5",
        "large": bytes(3 * 2**20),
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "link").symlink_to(tmp_path / "a0" / "x")
    (tmp_path / "way").symlink_to(tmp_path / "a")
    files = [tmp_path / name for name in (*contents, "link", "way/x", "way/b/x")]
    expected = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    # in one call a file that is reached twice may be read twice
    assert content_hashes(files) == expected and len(reads) == 9
    for path, content in zip(files, expected, strict=True):
        assert content_hashes([path]) == [content]
    assert content_hashes([str(path) for path in files]) == expected and len(reads) == 9


def test_another_content_of_the_same_size_is_noticed(tmp_path, reads):
    path = tmp_path / "video.avi"
    path.write_bytes(b"a" * 1000)
    first = content_hashes([path])
    path.write_bytes(b"b" * 1000)
    assert content_hashes([path]) != first


def test_a_time_that_is_put_back_is_noticed_by_the_time_of_the_change(tmp_path):
    path = tmp_path / "video.avi"
    path.write_bytes(b"a" * 1000)
    before, first = path.stat(), content_hashes([path])
    time.sleep(0.02)
    path.write_bytes(b"b" * 1000)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert content_hashes([path]) != first


def test_a_young_file_is_not_remembered(tmp_path, monkeypatch, reads):
    monkeypatch.setattr(file_hashes, "_YOUNG", 3_000_000_000)
    path = tmp_path / "young"
    path.write_bytes(b"a")
    content_hashes([path])
    content_hashes([path])
    assert len(reads) == 2


def test_rehash_reads_everything_again(tmp_path, reads):
    path = tmp_path / "a"
    path.write_bytes(b"a")
    assert forget_hashes() == 0
    content_hashes([path])
    assert forget_hashes() == 1
    content_hashes([path])
    assert len(reads) == 2


def test_where_nothing_can_be_remembered_files_are_read(tmp_path, monkeypatch, reads):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GAITBENCH_STORE", str(tmp_path / "file"))
    path = tmp_path / "a"
    path.write_bytes(b"a")
    assert content_hashes([path, path]) == [hashlib.sha256(b"a").hexdigest()] * 2
    (tmp_path / "store2").mkdir()
    (tmp_path / "store2" / ".files.sqlite").write_bytes(
        b"no database at all, but long enough to look like one" * 50
    )
    monkeypatch.setenv("GAITBENCH_STORE", str(tmp_path / "store2"))
    assert content_hashes([path]) == [hashlib.sha256(b"a").hexdigest()]
