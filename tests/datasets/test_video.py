"""Videos: what is written losslessly is read back bit for bit; broken files are one clear line."""

import os
import struct
from fractions import Fraction

import av
import numpy as np
import pytest
from moving_blob import clip

from gaitbench.datasets.video import count_frames, frame_rate, iter_video, read_timed, read_video
from gaitbench.datasets.video_writing import write_lossless_avi, write_mp4
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


def phone(path, frames, turn):
    """A clip stored turned, with the note that phones write (the matrix of the track's header)."""
    write_mp4(path, np.rot90(frames, turn, axes=(1, 2)).copy(), crf=5)
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4
    at += 4 + (32 if content[at] else 20) + 16
    one, minus = 0x10000, 0xFFFF0000
    matrix = {
        1: (0, one, 0, minus, 0, 0, 0, 0, 1 << 30), 2: (minus, 0, 0, 0, minus, 0, 0, 0, 1 << 30),
        3: (0, minus, 0, one, 0, 0, 0, 0, 1 << 30),
    }[turn]  # fmt: skip
    content[at : at + 36] = struct.pack(">9I", *matrix)
    path.write_bytes(content)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_turned_clip_is_read_upright(tmp_path, turn):
    frames = np.zeros((6, 48, 64, 3), np.uint8)
    frames[:, :16, :20] = 200
    phone(tmp_path / "phone.mp4", frames, turn)
    read = read_video(tmp_path / "phone.mp4")
    assert read.shape == frames.shape and np.abs(read.astype(int) - frames).mean() < 4


def test_a_trimmed_clip_shows_what_a_player_shows(tmp_path):
    frames = (
        np.repeat(np.arange(40, dtype=np.uint8)[:, None, None, None] * 6, 32, 1).repeat(32, 2).repeat(3, 3)
    )
    write_mp4(tmp_path / "whole.mp4", frames)
    with av.open(str(tmp_path / "whole.mp4")) as whole, av.open(str(tmp_path / "cut.mp4"), "w") as cut:
        stream = whole.streams.video[0]
        out = cut.add_stream_from_template(stream)
        for packet in whole.demux(stream):
            if packet.dts is not None:
                step = int(10 / 25 / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts - step, packet.dts - step, out
                cut.mux(packet)
    assert count_frames(tmp_path / "cut.mp4") == len(read_video(tmp_path / "cut.mp4")) == 30


def test_a_clip_has_its_clock(tmp_path):
    write_lossless_avi(tmp_path / "fast.avi", np.zeros((20, 16, 16, 3), np.uint8), fps=50)
    frames, times = read_timed(tmp_path / "fast.avi")
    assert (
        len(frames) == 20
        and np.allclose(times, np.arange(20) / 50)
        and frame_rate(tmp_path / "fast.avi") == 50
    )


def test_colours_of_hd_are_those_of_a_player(tmp_path):
    colours = np.array([(200, 30, 40), (30, 180, 60), (40, 60, 200), (220, 200, 60)], np.uint8)
    source = np.repeat(colours[None], 64, 0).repeat(24, 1)
    r, g, b = (source[..., i] / 255.0 for i in range(3))
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    yuv = np.rint(np.stack([16 + 219 * y, 128 + 224 * (b - y) / 1.8556, 128 + 224 * (r - y) / 1.5748]))
    with av.open(str(tmp_path / "hd.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=25, options={"qp": "0"})
        stream.height, stream.width, stream.pix_fmt = 64, 96, "yuv444p"
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = context.color_range = 1
        for n in range(3):
            frame = av.VideoFrame.from_ndarray(yuv.astype(np.uint8), format="yuv444p")
            frame.pts, frame.time_base, frame.colorspace, frame.color_range = n, Fraction(1, 25), 1, 1
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    assert np.abs(read_video(tmp_path / "hd.mp4")[0].astype(int) - source).max() <= 2


def test_a_pipe_is_no_video(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(DataError, match="no regular file"):
        read_video(tmp_path / "pipe.mp4")
