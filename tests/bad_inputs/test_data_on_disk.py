"""Data that is missing, in the wrong place or broken: one clear line that names the place."""

import numpy as np
import pytest
from moving_blob import clip, outline, write_png

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import DataError

KEY = SequenceKey("001", "nm-01", 90)


def one_sequence(root, size=(240, 320)):
    folder = root / "001" / "nm-01" / "090"
    for t in range(1, 5):
        write_png(folder / f"001-nm-01-090-{t:03d}.png", outline(80 + 4 * t, t, *size))
    return folder


def refused(call, *words):
    with pytest.raises(DataError) as error:
        call()
    message = str(error.value)
    assert "\n" not in message
    for word in words:
        assert word in message, message


def test_a_missing_root(tmp_path):
    refused(CasiaB(tmp_path / "nowhere").keys, "nowhere", "no such folder")


def test_a_file_for_a_root(tmp_path):
    (tmp_path / "set.tar.gz").write_bytes(b"x")
    refused(CasiaB(tmp_path / "set.tar.gz").keys, "is a file")


def test_an_empty_folder(tmp_path):
    refused(CasiaB(tmp_path).keys, "empty", "001/nm-01/000/*.png", "video/001-nm-01-000.avi")


def test_a_layout_of_something_else(tmp_path):
    for name in ("images", "labels"):
        (tmp_path / name / "train").mkdir(parents=True)
        (tmp_path / name / "train" / "a.png").write_bytes(b"x")
    refused(CasiaB(tmp_path).fingerprint, "holds images, labels", "looked for")


def test_an_unreadable_png(tmp_path):
    path = one_sequence(tmp_path) / "001-nm-01-090-002.png"
    path.write_bytes(path.read_bytes()[:20])
    refused(lambda: CasiaB(tmp_path).load(KEY), "001-nm-01-090-002.png", "no picture that can be read")
    path.write_bytes(b"")
    refused(lambda: CasiaB(tmp_path).load(KEY), "001-nm-01-090-002.png", "no picture that can be read")


def test_text_in_place_of_an_image(tmp_path):
    path = one_sequence(tmp_path) / "001-nm-01-090-003.png"
    path.write_text("version https://git-lfs.github.com/spec/v1")
    refused(lambda: CasiaB(tmp_path).load(KEY), "001-nm-01-090-003.png", "no picture that can be read")


def test_a_name_without_a_frame_number(tmp_path):
    folder = one_sequence(tmp_path)
    write_png(folder / "mean.png", outline(100, 1))
    refused(lambda: CasiaB(tmp_path).load(KEY), "mean.png", "no frame number")


def test_an_unreadable_file(tmp_path):
    path = one_sequence(tmp_path) / "001-nm-01-090-002.png"
    path.unlink()
    path.mkdir()
    refused(lambda: CasiaB(tmp_path).load(KEY), str(path), "no regular file")


def test_all_silhouettes_black(tmp_path):
    folder = one_sequence(tmp_path)
    for path in folder.iterdir():
        write_png(path, np.zeros((240, 320), bool))
    refused(lambda: CasiaB(tmp_path).load(KEY), "001-nm-01-090", "nobody is visible", "4 silhouettes")


def test_silhouettes_of_two_sizes(tmp_path):
    folder = one_sequence(tmp_path)
    write_png(folder / "001-nm-01-090-003.png", outline(50, 1, 120, 160, 0.5))
    refused(
        lambda: CasiaB(tmp_path).load(KEY), "001-nm-01-090-003.png", "160 x 120 pixels, expected 320 x 240"
    )


@pytest.mark.parametrize("share", [0.5, 0.01])
def test_a_truncated_video(share, tmp_path):
    path = tmp_path / "video" / "001-nm-01-090.avi"
    write_lossless_avi(path, clip(8)[0])
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    refused(lambda: CasiaB(tmp_path).load(KEY), "001-nm-01-090.avi")


def test_text_in_place_of_a_video(tmp_path):
    (tmp_path / "video").mkdir()
    (tmp_path / "video" / "001-nm-01-090.avi").write_text("moved to the other disk\n" * 20)
    refused(lambda: CasiaB(tmp_path).load(KEY), "001-nm-01-090.avi", "not a readable video")


def test_frames_and_silhouettes_of_different_size(tmp_path):
    one_sequence(tmp_path)
    write_lossless_avi(tmp_path / "video" / "001-nm-01-090.avi", clip(8)[0][:, :120, :160])
    refused(lambda: CasiaB(tmp_path).load(KEY), "320 x 240", "160 x 120", "001-nm-01-090")


def test_more_silhouettes_than_frames(tmp_path):
    one_sequence(tmp_path)
    write_lossless_avi(tmp_path / "video" / "001-nm-01-090.avi", clip(2)[0])
    refused(lambda: CasiaB(tmp_path).load(KEY), "silhouettes up to frame 4", "2 frames")


def test_a_background_of_another_camera(tmp_path):
    frames, background, _ = clip(4)
    write_lossless_avi(tmp_path / "video" / "001-nm-01-090.avi", frames)
    write_lossless_avi(tmp_path / "video" / "001-bkgrd-090.avi", background[:, :200])
    refused(lambda: prepare(CasiaB(tmp_path).load(KEY)), "background clip is 320 x 200", "001-nm-01-090")


def test_a_note_that_is_no_note_of_an_export(tmp_path):
    one_sequence(tmp_path)
    (tmp_path / "walkers.json").write_text("[]")
    refused(lambda: CasiaB(tmp_path).rendered, "walkers.json", "export the walkers again")
