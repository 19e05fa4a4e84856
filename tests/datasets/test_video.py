"""Videos: what is written losslessly is read back bit for bit; broken files are one clear line."""

import numpy as np
import pytest
from moving_blob import clip

from gaitbench.datasets.video import count_frames, iter_video, read_video, write_lossless_avi, write_mp4
from gaitbench.errors import DataError


@pytest.fixture(scope="module")
def frames():
    return clip(9, noise=6.0)[0]


@pytest.fixture(scope="module")
def avi(frames, tmp_path_factory):
    path = tmp_path_factory.mktemp("video") / "lösungen 歩" / "a.avi"
    write_lossless_avi(path, frames)
    return path


def test_the_lossless_video_is_lossless(avi, frames):
    assert np.array_equal(read_video(avi), frames)
    assert np.array_equal(read_video(avi, 4), frames[:4])
    assert count_frames(avi) == len(frames)
    assert len(list(iter_video(avi, 2))) == 2


@pytest.mark.parametrize("shape", [(7, 5), (33, 64), (240, 321)])
def test_odd_sizes_and_extreme_colours_are_lossless(shape, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (3, *shape, 3), dtype=np.uint8)
    write_lossless_avi(tmp_path / "n.avi", noise)
    assert np.array_equal(read_video(tmp_path / "n.avi"), noise)


@pytest.mark.parametrize("write", [write_lossless_avi, write_mp4])
def test_the_same_frames_give_the_same_bytes(write, frames, tmp_path):
    for name in ("a", "b"):
        write(tmp_path / name, frames)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_an_mp4_looks_like_its_frames(frames, tmp_path):
    write_mp4(tmp_path / "v.mp4", frames[:, :239], 10)
    back = read_video(tmp_path / "v.mp4")
    assert back.shape == (9, 238, 320, 3)
    assert np.abs(back.astype(int) - frames[:, :238]).mean() < 12


def test_a_failed_write_leaves_nothing(frames, tmp_path):
    def breaks():
        yield frames[0]
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_lossless_avi(tmp_path / "v.avi", breaks())
    with pytest.raises(DataError, match="no frames"):
        write_lossless_avi(tmp_path / "v.avi", [])
    with pytest.raises(DataError, match="uint8 RGB"):
        write_mp4(tmp_path / "v.mp4", frames.astype(float))
    with pytest.raises(DataError, match="another size"):
        write_mp4(tmp_path / "v.mp4", [frames[0], frames[0, :100]])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("share", [0.6, 0.2, 0.02, 0.0])
def test_a_truncated_video_is_refused(share, avi, tmp_path):
    content = avi.read_bytes()
    path = tmp_path / "t.avi"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataError, match=r"t\.avi: (breaks off|truncated|not a readable video)") as error:
        read_video(path)
    assert "\n" not in str(error.value)


def test_a_truncated_mp4_is_refused(frames, tmp_path):
    write_mp4(tmp_path / "v.mp4", frames)
    content = (tmp_path / "v.mp4").read_bytes()
    (tmp_path / "v.mp4").write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match=r"v\.mp4"):
        read_video(tmp_path / "v.mp4")


def test_what_is_no_video_is_refused(tmp_path):
    (tmp_path / "x.avi").write_text("not a video " * 50)
    with pytest.raises(DataError, match=r"x\.avi: not a readable video"):
        read_video(tmp_path / "x.avi")
    with pytest.raises(DataError, match="no such video"):
        read_video(tmp_path / "y.avi")
