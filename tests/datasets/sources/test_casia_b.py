"""CASIA-B from disk: both releases, alone and together, in the layouts that people have."""

import logging
import shutil

import numpy as np
import pytest
from moving_blob import clip, outline, recording, write_png

from gaitbench.datasets.prepare import full_silhouettes, prepare
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import DataError

NAMES = ("001-nm-01-090", "018-nm-01-018", "018-bg-02-000")


def names(data):
    keys = data.keys()
    return [str(key) for key in keys]


def silhouettes(root, sequences=NAMES, frames=5, start=3):
    for name in sequences:
        subject, walk, angle = name[:3], name[4:9], name[10:]
        for t in range(start, start + frames):
            path = root / subject / walk / angle / f"{name}-{t:03d}.png"
            write_png(path, outline(100 + 4 * t, t))
    return root


def videos(root, name="001-nm-01-090", frames=10):
    rgb, background, _ = clip(frames)
    write_lossless_avi(root / f"{name}.avi", rgb)
    write_lossless_avi(root / f"{name[:3]}-bkgrd-{name[-3:]}.avi", background)
    return rgb, background


def test_the_silhouette_release(tmp_path):
    data = CasiaB(silhouettes(tmp_path / "GaitDatasetB-silh ñ"))
    assert isinstance(data, Dataset) and not data.rendered
    assert names(data) == sorted(NAMES), "018 is a subject here and a view there"
    read = data.load(SequenceKey("018", "nm-01", 18))
    assert read.silhouettes.shape == (5, 240, 320) and read.frames is None and read.background is None
    assert read.frame_numbers.tolist() == [3, 4, 5, 6, 7] and read.frame_count == 7
    assert np.array_equal(read.silhouettes[1], outline(116, 4))
    assert data.load(SequenceKey("018", "nm-01", 18), frames=2).frame_numbers.tolist() == [3, 4]
    assert data.true_masks(read.key, body="001") is None
    assert data.has_colours is False


def test_the_video_release(tmp_path):
    rgb, background = videos(tmp_path / "DatasetB-1" / "video")
    videos(tmp_path / "DatasetB-2" / "video", "063-cl-01-000", 4)
    data = CasiaB(tmp_path)
    assert names(data) == ["001-nm-01-090", "063-cl-01-000"]
    read = data.load(data.keys()[0])
    assert np.array_equal(read.frames, rgb) and np.array_equal(read.background, background)
    assert read.silhouettes is None and read.frame_count == 10
    # the person may enter late: three frames of it are chosen when silhouettes have been extracted
    assert len(data.load(data.keys()[0], frames=3).frames) == 10
    assert prepare(read).silhouettes.any()
    assert data.has_colours is True


def test_both_releases_meet_by_frame_number(tmp_path):
    silhouettes(tmp_path)
    rgb, _ = videos(tmp_path / "video")
    data = CasiaB(tmp_path)
    read = data.load(SequenceKey("001", "nm-01", 90))
    assert np.array_equal(read.frames, rgb[2:7]) and read.frame_count == 10
    assert data.load(read.key, video=False).frames is None
    assert data.load(read.key, video=False).frame_count == 10
    assert data.load(SequenceKey("018", "nm-01", 18)).frames is None
    assert len(next(iter(data.load_walk("001", "nm-01", [90], frames=2))).frames) == 2


def test_a_background_of_the_walk_itself_comes_first(tmp_path):
    _, background = videos(tmp_path / "video")
    write_lossless_avi(tmp_path / "video" / "001-nm-01-bkgrd-090.avi", background[:2])
    data = CasiaB(tmp_path)
    assert names(data) == ["001-nm-01-090"]
    assert len(data.load(data.keys()[0]).background) == 2


@pytest.mark.parametrize("where", ["deeper", "twice deeper", "release folder"])
def test_a_root_too_high_is_accepted_and_said(where, tmp_path, caplog):
    inner = {"deeper": "set", "twice deeper": "a/b", "release folder": "GaitDatasetB-silh"}[where]
    silhouettes(tmp_path / inner)
    (tmp_path / ".DS_Store").write_bytes(b"junk")
    with caplog.at_level(logging.WARNING):
        assert len(CasiaB(tmp_path).keys()) == 3
    assert caplog.text.count("further down") == (where == "twice deeper")


@pytest.mark.parametrize("depth", ["018", "018/nm-01", "018/nm-01/018"])
def test_a_root_too_deep_is_accepted_and_said(depth, tmp_path, caplog):
    silhouettes(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert len(CasiaB(tmp_path / depth).keys()) == 3
    assert caplog.text.count("further up") == 1


def test_subjects_in_a_folder_twice_are_read_and_warned_of_once(tmp_path, caplog):
    silhouettes(tmp_path)
    shutil.move(tmp_path / "001", tmp_path / "x")
    shutil.move(tmp_path / "x", tmp_path / "001" / "001")
    with caplog.at_level(logging.WARNING):
        data = CasiaB(tmp_path)
        assert names(data) == sorted(NAMES)
        data.load(SequenceKey("001", "nm-01", 90))
    assert caplog.text.count("001/001") == 1


def test_junk_is_ignored(tmp_path):
    silhouettes(tmp_path, NAMES[:1])
    folder = tmp_path / "001" / "nm-01" / "090"
    for junk in (folder / ".DS_Store", folder / "._001-nm-01-090-003.png", tmp_path / "Thumbs.db"):
        junk.write_bytes(b"junk")
    (tmp_path / "__MACOSX" / "001").mkdir(parents=True)
    (tmp_path / "readme.txt").write_text("notes")
    (tmp_path / "001" / "nm-02" / "000").mkdir(parents=True)
    data = CasiaB(tmp_path)
    assert names(data) == ["001-nm-01-090"], "an empty folder is no sequence"
    assert len(data.load(data.keys()[0]).silhouettes) == 5


def test_black_frames_are_skipped(tmp_path, caplog):
    folder = silhouettes(tmp_path, NAMES[:1]) / "001" / "nm-01" / "090"
    write_png(folder / "001-nm-01-090-004.png", np.zeros((240, 320), bool))
    with caplog.at_level(logging.INFO):
        read = CasiaB(tmp_path).load(SequenceKey.parse(NAMES[0]))
    assert read.frame_numbers.tolist() == [3, 5, 6, 7] and "1 of 5" in caplog.text


def test_the_fingerprint_follows_the_content_not_the_place(tmp_path):
    a = CasiaB(silhouettes(tmp_path / "a")).fingerprint()
    shutil.copytree(tmp_path / "a", tmp_path / "b" / "inner")
    assert CasiaB(tmp_path / "b").fingerprint() == a
    path = tmp_path / "a" / "018" / "nm-01" / "018" / "018-nm-01-018-004.png"
    before = path.read_bytes()
    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    changed = CasiaB(tmp_path / "a").fingerprint()
    path.unlink()
    assert len({a, changed, CasiaB(tmp_path / "a").fingerprint()}) == 3


def test_extracted_silhouettes_written_as_png_come_back(tmp_path):
    film = recording(6)
    masks = full_silhouettes(film)
    for number, mask in zip(film.frame_numbers, masks, strict=True):
        write_png(tmp_path / "001" / "nm-01" / "090" / f"001-nm-01-090-{number:03d}.png", mask)
    assert np.array_equal(CasiaB(tmp_path).load(film.key).silhouettes, masks)


def test_an_unknown_sequence(tmp_path):
    with pytest.raises(DataError, match=r"099-nm-01-090: neither silhouettes nor a video"):
        CasiaB(silhouettes(tmp_path)).load(SequenceKey("099", "nm-01", 90))


@pytest.mark.parametrize("where", ["folder", "file"])
def test_a_root_that_cannot_be_read_is_one_line(where, tmp_path, monkeypatch):
    """Not by permissions: the superuser may read everything."""
    data = CasiaB(silhouettes(tmp_path))

    def refuse(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir" if where == "folder" else "gaitbench.store.file_hashes._content", refuse)
    with pytest.raises(DataError, match=r"cannot be read \(Permission denied\)") as error:
        data.fingerprint()
    assert "\n" not in str(error.value)
