"""Sets as people have them: ids of any kind, views without zeros, several folders, links, archives, junk."""

import os
from collections import Counter
from pathlib import Path

import pytest
from moving_blob import outline, write_png

from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.casia_layout import scan, view_of
from gaitbench.errors import DataError


def sequence(root, *parts, name="f-001.png"):
    folder = root.joinpath(*parts)
    write_png(folder / name, outline(100, 1))
    return folder


def names(layout):
    return sorted(map(str, layout.silhouettes))


def kinds(layout):
    return Counter(one.kind for one in layout.left_out)


def test_ids_of_any_kind_and_views_with_or_without_zeros(tmp_path):
    for subject, view in (("1085", "90"), ("anna", "054"), ("12", "7"), ("P_3 b", "0"), ("018", "018")):
        sequence(tmp_path, subject, "nm-01", view)
    assert names(scan(tmp_path)) == [
        "018-nm-01-018", "1085-nm-01-090", "12-nm-01-007", "P_3 b-nm-01-000", "anna-nm-01-054",
    ]  # fmt: skip
    assert scan(tmp_path).left_out == []


@pytest.mark.parametrize(
    ("name", "angle"), [("054", 54), ("54", 54), ("0", 0), ("360", 360), ("361", None), ("999", None), ("5.4", None),
                        ("-5", None), ("", None), ("０９０", None), ("0090", None), ("side", None)],
)  # fmt: skip
def test_what_is_a_view(name, angle):
    assert view_of(name) == angle


def test_a_set_spread_over_folders_and_levels_is_one_set(tmp_path):
    sequence(tmp_path, "part1", "001", "nm-01", "090")
    sequence(tmp_path, "part2", "deeper", "001", "nm-02", "090")
    sequence(tmp_path, "002", "nm-01", "090", "silhouettes")
    (tmp_path / "video").mkdir()
    (tmp_path / "video" / "anna-b-nm-01-90.mp4").write_bytes(b"x")
    (tmp_path / "003" / "nm-01").mkdir(parents=True)
    (tmp_path / "003" / "nm-01" / "054.mov").write_bytes(b"x")
    found = scan(tmp_path)
    assert names(found) == ["001-nm-01-090", "001-nm-02-090", "002-nm-01-090"]
    assert sorted(map(str, found.videos)) == ["003-nm-01-054", "anna-b-nm-01-090"]
    assert not found.left_out


def test_everything_that_is_not_read_is_named_with_its_place(tmp_path):
    good = sequence(tmp_path, "001", "nm-01", "090")
    sequence(tmp_path, "001", "nm-01", "999")
    sequence(tmp_path, "001", "backup", "090")
    sequence(tmp_path, "a=b", "nm-01", "090")
    sequence(tmp_path, "002", "nm-01", "54")
    sequence(tmp_path, "002", "nm-01", "054")
    (tmp_path / "001" / "nm-02" / "000").mkdir(parents=True)
    write_png(tmp_path / "001" / "nm-01" / "loose.png", outline(100, 1))
    (tmp_path / "rest.tar.gz").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "video").mkdir()
    (tmp_path / "video" / "holiday.mp4").write_bytes(b"x")
    (good / "f-001.jpg").write_bytes(b"x")
    found = scan(tmp_path)
    assert names(found) == ["001-nm-01-090", "002-nm-01-054"]
    assert kinds(found) == {"name": 3, "double": 1, "empty": 1, "outside": 2, "archive": 1, "other": 2}
    told = "\n".join(one.text for one in found.left_out)
    for place in (
        "999",
        "backup",
        "a=b",
        "002/nm-01/54",
        "nm-02/000",
        "rest.tar.gz",
        "notes.txt",
        "holiday.mp4",
        "f-001.jpg",
    ):
        assert place in told, place


def test_junk_is_counted(tmp_path):
    folder = sequence(tmp_path, "001", "nm-01", "090")
    for junk in (".DS_Store", "._f-001.png", "desktop.ini", "Thumbs.db"):
        (folder / junk).write_bytes(b"x")
    for junk in ("__MACOSX", ".ipynb_checkpoints"):
        (tmp_path / junk / "001").mkdir(parents=True)
    found = scan(tmp_path)
    assert found.junk == 6 and found.left_out == [] and len(found.silhouettes) == 1


def test_links_are_followed_once_and_loops_named(tmp_path):
    real = sequence(tmp_path / "elsewhere", "083", "nm-01", "090")
    root = tmp_path / "root"
    sequence(root, "081", "nm-01", "090")
    (root / "083").symlink_to(real.parents[1])
    (root / "again").symlink_to(root)
    (root / "081" / "up").symlink_to(root / "081")
    (root / "gone").symlink_to(tmp_path / "nothing")
    found = scan(root)
    assert names(found) == ["081-nm-01-090", "083-nm-01-090"]
    assert kinds(found)["link"] == 3


def test_a_stray_walk_beside_the_subjects_does_not_take_their_place(tmp_path):
    for subject in ("081", "082"):
        sequence(tmp_path / "set", subject, "nm-01", "090")
    sequence(tmp_path / "set", "nm-05", "090")
    assert names(scan(tmp_path / "set")) == ["081-nm-01-090", "082-nm-01-090", "set-nm-05-090"]


def test_a_whole_set_twice_is_refused(tmp_path):
    for where in ("original", "anonymized"):
        for subject in ("001", "002", "003"):
            sequence(tmp_path, where, subject, "nm-01", "090")
    with pytest.raises(
        DataError, match=r"holds a set twice \(3 of 3 sequences\), in .*anonymized and in .*original"
    ):
        scan(tmp_path)


def test_an_archive_alone_is_named_with_the_way_out(tmp_path):
    (tmp_path / "set.zip").write_bytes(b"x")
    with pytest.raises(DataError, match="unpack the archive first"):
        scan(tmp_path)
    with pytest.raises(DataError, match="an archive: unpack it"):
        scan(tmp_path / "set.zip")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read_is_named(tmp_path):
    sequence(tmp_path, "001", "nm-01", "090")
    closed = sequence(tmp_path, "002", "nm-01", "090").parent
    closed.chmod(0)
    try:
        assert kinds(scan(tmp_path))["unreadable"] == 1
    finally:
        closed.chmod(0o755)


def test_a_fifo_is_no_picture(tmp_path):
    sequence(tmp_path, "001", "nm-01", "090")
    os.mkfifo(tmp_path / "pipe")
    assert kinds(CasiaB(tmp_path).layout) == {"other": 1}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a system with such folders")
@pytest.mark.parametrize("place", ["/proc", "/dev", "/"])
def test_links_into_the_system_are_not_followed(tmp_path, place):
    """Found by the fuzz: a subject that is a link to /proc was walked through for more than ten seconds."""
    root = tmp_path / "set"
    sequence(root, "081", "nm-01", "090")
    before = len(scan(root).silhouettes)
    (root / "082").symlink_to(place)
    (root / "081" / "nm-02").symlink_to(place)
    found = scan(root)
    assert len(found.silhouettes) == before and kinds(found)["link"] == 2
