"""Anonymized files beside the originals: matched by number or order, and refused by kind."""

import cv2
import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import (
    Counterparts,
    ProblemError,
    match_files,
    read_anonymized_masks,
    read_pictures,
)
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import DataError

KEY = SequenceKey("081", "nm-05", 90)


def png(path, picture):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return path


def named(folder, *names):
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"")
    found = frame_files(folder)
    return {n: p.name for n, p in found.files.items()}, found.notes


def test_the_number_is_what_differs_wherever_it_stands(tmp_path):
    files, notes = named(tmp_path / "a", "a-10.png", "a-9.png", ".a-3.png", "notes.txt", "Thumbs.db")
    assert files == {9: "a-9.png", 10: "a-10.png"} and notes == ()
    files, _ = named(tmp_path / "b", "001-nm-01-090-017.png", "001-nm-01-090-018.png")
    assert list(files) == [17, 18]
    files, _ = named(tmp_path / "c", "frame_2_mask_256.png", "frame_10_mask_256.png")
    assert files == {2: "frame_2_mask_256.png", 10: "frame_10_mask_256.png"}


def test_what_was_understood_of_the_numbers_is_said(tmp_path):
    files, notes = named(tmp_path / "zero", "000.jpg", "001.jpg", "003.jpg")
    assert list(files) == [1, 2, 4]
    assert notes == ("frames counted from 0", "1 frame numbers missing between the first and the last")
    files, notes = named(tmp_path / "names", "b.png", "a.png")
    assert files == {1: "a.png", 2: "b.png"} and "no frame numbers" in notes[0]
    with pytest.raises(DataError, match=r"2 files have the frame number 7 \(a-07.png, a-7.png\)"):
        named(tmp_path / "twice", "a-7.png", "a-07.png", "a-8.png")
    with pytest.raises(DataError, match=r"mean.png: no frame number"):
        named(tmp_path / "odd", "a-7.png", "a-8.png", "mean.png")
    with pytest.raises(DataError, match="cannot be read"):
        frame_files(tmp_path / "nowhere")


def test_frames_meet_by_number_else_by_order(tmp_path):
    at = {n: tmp_path / f"{n}.png" for n in (1, 2, 3)}
    assert match_files(KEY, [1, 2, 3], at) == at
    assert match_files(KEY, [5, 7, 9], at) == {5: at[1], 7: at[2], 9: at[3]}
    with pytest.raises(ProblemError, match="3 anonymized frames for 4") as error:
        match_files(KEY, [1, 2, 3, 4], at)
    assert error.value.kind == "frames"


def test_masks_of_zeros_and_ones_are_black_and_white(tmp_path):
    mask = np.zeros((6, 8), np.uint8)
    mask[2:4, 3:5] = 1
    paths = [png(tmp_path / "ones.png", mask), png(tmp_path / "bytes.png", mask * 255)]
    found, report = read_anonymized_masks(KEY, paths, (6, 8))
    assert report.converted == "" and (found == (mask > 0)).all()
    soft = png(tmp_path / "soft.png", np.where(mask > 0, 140, 90).astype(np.uint8))
    found, report = read_anonymized_masks(KEY, [soft], (6, 8))
    assert (
        report.converted == "levels 90 and 140 taken for black and white" and (found[0] == (mask > 0)).all()
    )
    with pytest.raises(ProblemError, match="8 x 6 pixels, expected 9 x 6") as error:
        read_anonymized_masks(KEY, paths, (6, 9))
    assert error.value.kind == "size"


def test_painted_frames_are_rgb_from_a_folder_or_a_video(tmp_path):
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (5, 32, 48, 3), dtype=np.uint8)
    for t, frame in enumerate(frames, start=1):
        png(tmp_path / "frames" / f"f-{t}.png", frame[..., ::-1])
    write_lossless_avi(tmp_path / "clip.avi", frames)
    wanted = np.array([2, 5], np.int32)
    for place in (tmp_path / "frames", tmp_path / "clip.avi"):
        assert (np.asarray(read_pictures(KEY, place, wanted, range(1, 6), (32, 48))) == frames[[1, 4]]).all()
        with pytest.raises(ProblemError, match="48 x 32 pixels, the original is 48 x 30") as error:
            read_pictures(KEY, place, wanted, range(1, 6), (30, 48))
        assert error.value.kind == "painted"
    with pytest.raises(ProblemError, match="has 5 frames; frame 6"):
        read_pictures(KEY, tmp_path / "clip.avi", np.array([6], np.int32), range(1, 7), (32, 48))


def test_colours_of_a_set_with_silhouettes_are_its_videos(tmp_path):
    png(tmp_path / "081" / "nm-05" / "090" / "081-nm-05-090-001.png", np.zeros((6, 8), np.uint8))
    video = tmp_path / "video" / "081-nm-05-090.avi"
    video.parent.mkdir()
    write_lossless_avi(video, np.zeros((2, 32, 48, 3), np.uint8))
    found = Counterparts.from_layout(tmp_path, tmp_path)
    assert found.painted == {KEY: video} and list(found.silhouettes) == [KEY] and found.has_painted
    alone = Counterparts.from_layout(tmp_path)
    assert not alone.has_painted and alone.fingerprint != found.fingerprint
    with pytest.raises(DataError, match="no silhouettes"):
        Counterparts.from_layout(tmp_path / "video")
