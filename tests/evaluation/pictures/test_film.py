"""Films: the very frames in their places, files that a browser plays, and refusals in words."""

from fractions import Fraction

import av
import numpy as np
import pytest

from gaitbench.datasets.video_writing import write_mp4, write_webp
from gaitbench.errors import DataError
from gaitbench.evaluation.pictures.film import side_by_side


@pytest.fixture
def frames():
    rng = np.random.default_rng(5)
    smooth = np.repeat(np.repeat(rng.integers(0, 255, (3, 8, 5, 3), dtype=np.uint8), 4, 1), 4, 2)
    return {
        "original": smooth,
        "binary": (smooth[..., 0] > 99).astype(np.uint8) * 255,
        "painted": smooth[::-1],
    }


def test_every_pixel_of_every_system_is_there_enlarged_and_sizes_are_even(frames):
    film = side_by_side(frames, title="walk", scale=3)
    assert film.shape[0] == 3 and film.shape[1] % 2 == film.shape[2] % 2 == 0
    for number, pictures in enumerate(frames.values()):
        left = 6 + number * (60 + 6)
        bottom = film.shape[1] - 6 - (film.shape[1] - 6 - 96) % 1
        rows = [r for r in range(bottom - 97, bottom - 94) if r >= 0]
        wanted = pictures if pictures.ndim == 4 else pictures[..., None].repeat(3, 3)
        enlarged = wanted.repeat(3, 1).repeat(3, 2)
        assert any(np.array_equal(film[:, r : r + 96, left : left + 60], enlarged) for r in rows)


def test_captions_are_drawn_over_their_system(frames):
    film = side_by_side(frames, scale=3)
    band = film[0, :21]
    for number in range(3):
        left = 6 + number * 66
        assert band[:, left : left + 60].max() > 150
    assert side_by_side({"李": frames["original"]}).shape[0] == 3  # the font has ASCII alone


def test_what_cannot_be_a_film_is_refused(frames):
    with pytest.raises(DataError, match="at least one"):
        side_by_side({})
    with pytest.raises(DataError, match="one shape"):
        side_by_side(frames | {"short": frames["original"][:1]})
    with pytest.raises(DataError, match="not empty"):
        side_by_side({"none": frames["original"][:0]})


def test_the_film_is_h264_that_browsers_play_and_shows_the_frames(frames, tmp_path):
    film = side_by_side(frames, scale=2)
    path = tmp_path / "film.mp4"
    write_mp4(path, [*film, *film], fps=25)
    with av.open(str(path)) as read:
        stream = read.streams.video[0]
        assert (stream.codec.name, stream.pix_fmt, stream.average_rate) == ("h264", "yuv420p", Fraction(25))
        shown = [one.to_ndarray(format="rgb24") for one in read.decode(video=0)]
    assert len(shown) == 6
    for number, picture in enumerate(shown):
        error = np.abs(picture.astype(int) - film[number % 3]).mean()
        wrong = np.abs(picture.astype(int) - film[(number + 1) % 3]).mean()
        assert error < 12 and error < wrong / 2
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # starts before it is loaded whole
    assert [one.name for one in tmp_path.iterdir()] == ["film.mp4"]


def test_the_fallback_is_an_animation_of_as_many_frames_without_end(frames, tmp_path):
    path = tmp_path / "film.webp"
    write_webp(path, side_by_side(frames, scale=2), fps=25)
    data = path.read_bytes()
    assert data[:4] == b"RIFF" and data[8:12] == b"WEBP" and data.count(b"ANMF") == 3
    loops = data.index(b"ANIM") + 8 + 4
    assert int.from_bytes(data[loops : loops + 2], "little") == 0


def test_equal_frames_are_equal_files_and_bad_places_are_told(frames, tmp_path):
    film = side_by_side(frames, scale=2)
    for name in ("a.mp4", "b.mp4"):
        write_mp4(tmp_path / name, film)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    (tmp_path / "file").write_text("x")
    for write in (write_mp4, write_webp):
        with pytest.raises(DataError, match="cannot be written"):
            write(tmp_path / "file" / "film", film)
