"""Archives are read without unpacking and without leaving them; what leads out, links and bombs are refused."""

import io
import os
import stat
import tarfile
import zipfile

import numpy as np
import pytest
from moving_blob import outline

from gaitbench.datasets.containers import archive as archive_module
from gaitbench.datasets.containers.archive import Archive
from gaitbench.datasets.containers.members import Members
from gaitbench.datasets.opening import open_data
from gaitbench.errors import DataError


def png(t=1):
    import cv2

    return cv2.imencode(".png", outline(100, t).astype(np.uint8))[1].tobytes()


GOOD = [(f"001/nm-01/090/{t}.png", png(t)) for t in range(1, 6)]


def tar_of(path, plain=(), members=()):
    with tarfile.open(path, "w:gz") as out:
        for name, content in plain:
            one = tarfile.TarInfo(name)
            one.size = len(content)
            out.addfile(one, io.BytesIO(content))
        for one in members:
            out.addfile(one)
    return path


def zip_of(path, plain=(), links=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in plain:
            out.writestr(name, content)
        for name, target in links:
            one = zipfile.ZipInfo(name)
            one.external_attr = (stat.S_IFLNK | 0o777) << 16
            out.writestr(one, target)
    return path


def special(name, kind, target=""):
    one = tarfile.TarInfo(name)
    one.type, one.linkname = kind, target
    return one


OUT = ["../evil.png", "a/../../evil.png", "/etc/evil.png", "..", "C:/evil.png", "a\\..\\evil.png"]


@pytest.mark.parametrize("make", [tar_of, zip_of])
@pytest.mark.parametrize("name", OUT)
def test_names_that_lead_out_are_left_out_and_said(tmp_path, make, name, caplog):
    path = make(tmp_path / ("a.zip" if make is zip_of else "a.tar.gz"), [*GOOD, (name, b"evil")])
    before = sorted(tmp_path.parent.rglob("*"))
    found = Archive(path)
    assert found.names() == [n for n, _ in GOOD]
    assert len(found.left_out) == 1 and str(path) in found.left_out[0].text
    data = open_data(path)
    assert len(data.load(data.keys()[0]).silhouettes) == 5
    assert "not read: 1" in caplog.text
    assert sorted(tmp_path.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "member",
    [
        special("001/nm-01/090/9.png", tarfile.SYMTYPE, "/etc/passwd"),
        special("001/nm-01/090/9.png", tarfile.LNKTYPE, "../../../etc/passwd"),
        special("001/nm-01/090/9.png", tarfile.CHRTYPE), special("001/nm-01/090/9.png", tarfile.BLKTYPE),
        special("001/nm-01/090/9.png", tarfile.FIFOTYPE),
    ],
)  # fmt: skip
def test_links_devices_and_pipes_in_tar(tmp_path, member):
    found = Archive(tar_of(tmp_path / "a.tar.gz", GOOD, [member]))
    assert found.names() == [n for n, _ in GOOD]
    assert "9.png" in found.left_out[0].text


def test_links_in_zip(tmp_path):
    found = Archive(zip_of(tmp_path / "a.zip", GOOD, [("001/nm-01/090/9.png", "/etc/passwd")]))
    assert found.names() == [n for n, _ in GOOD] and "a link" in found.left_out[0].text


def test_a_link_that_leads_to_a_good_member_name_opens_nothing(tmp_path):
    """tarfile would follow it to the member of that name, which is none of ours."""
    link = special("002/nm-01/090/1.png", tarfile.SYMTYPE, "../../../001/nm-01/090/1.png")
    found = Archive(tar_of(tmp_path / "a.tar.gz", GOOD, [link]))
    assert "002/nm-01/090/1.png" not in found.names()


def test_bombs(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_module, "_BOMB_FROM", 2**20)
    with pytest.raises(DataError, match="would unpack to 4 MB"):
        Archive(zip_of(tmp_path / "a.zip", [("001/nm-01/090/1.png", bytes(4 * 2**20))]))
    monkeypatch.setattr(archive_module, "MOST_BYTES", 2**20)
    with pytest.raises(DataError, match="would unpack"):
        Archive(tar_of(tmp_path / "a.tar.gz", [("1.png", bytes(4 * 2**20))]))
    monkeypatch.setattr(archive_module, "_MOST_UNPACKED", 2**20)
    with pytest.raises(DataError, match="more than can be"):
        Archive(tar_of(tmp_path / "b.tar.gz", [(f"{i}.png", bytes(2**19)) for i in range(4)]))


def test_a_member_that_lies_about_its_size_fills_no_memory(tmp_path):
    path = zip_of(tmp_path / "a.zip", [("001/nm-01/090/1.png", bytes(2**20))])
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    with pytest.raises(DataError, match=r"a\.zip cannot be read"):
        Archive(path).read(["001/nm-01/090/1.png"])


@pytest.mark.parametrize("content", [b"", b"PK", b"garbage" * 100, b"\x1f\x8b garbage"])
@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
def test_damage_is_one_line(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as error:
        open_data(tmp_path / name)
    assert "\n" not in str(error.value) and name in str(error.value)


def test_cut_off_is_one_line(tmp_path):
    for path in (tar_of(tmp_path / "a.tar.gz", GOOD), zip_of(tmp_path / "a.zip", GOOD)):
        path.write_bytes(path.read_bytes()[:-60])
        with pytest.raises(DataError, match="cannot be read as an archive"):
            Archive(path)


def test_encrypted_says_so(tmp_path):
    path = zip_of(tmp_path / "a.zip", GOOD)
    content = bytearray(path.read_bytes())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    path.write_bytes(bytes(content))
    with pytest.raises(DataError, match="is encrypted"):
        Archive(path)


def test_a_large_tar_is_streamed_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_module, "_KEPT", 100)
    found = Archive(tar_of(tmp_path / "a.tar.gz", GOOD))
    assert found.read([GOOD[3][0], GOOD[1][0]]) == {GOOD[3][0]: GOOD[3][1], GOOD[1][0]: GOOD[1][1]}
    assert found._kept is None


def test_a_folder_links_pipes_and_archives_of_other_kinds(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").write_bytes(png())
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "b.7z").write_bytes(b"x")
    os.mkfifo(tmp_path / "a" / "2.png")
    found = Members(tmp_path)
    assert sorted(found.places) == ["a/1.png", "a/2.png"]
    assert sorted(one.kind for one in found.left_out) == ["archive", "link"]
    with pytest.raises(DataError, match="no regular file"):
        found.read(["a/2.png"])
