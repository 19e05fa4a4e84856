"""What is read of films frame by frame is what is read at once, and no film is held."""

import numpy as np
import pytest
from drawn_people import silhouette, write

from gaitbench.clips.pairs.laid_out import FilmOriginals, FilmShown
from gaitbench.datasets.containers.frame_rows import MaskRows, VideoRows
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import ProblemError
from gaitbench.datasets.sources.casia_layout import Layout
from gaitbench.datasets.sources.tables.manifest import ManifestSet
from gaitbench.datasets.video import read_video
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import DataError

KEY = SequenceKey("anna", "1", 90)
#: Frames of the film that have a silhouette; nobody is seen in the first of these.
NUMBERS = (3, 4, 5, 6, 9, 10, 11, 12)


@pytest.fixture
def film(tmp_path):
    """A film of 14 frames at 25 a second, and silhouettes, one of them with a speck and somebody far away."""
    folder = tmp_path / "anna-1"
    for number in NUMBERS:
        picture = silhouette(3, number)
        if number == NUMBERS[0]:
            picture[:] = 0
        if number == 9:
            picture[2:4, 2:4] = picture[90:118, 140:150] = 255
        write(folder / f"{number:06d}.png", picture)
    pictures = np.random.default_rng(1).integers(0, 255, (14, 120, 160, 3)).astype(np.uint8)
    write_lossless_avi(tmp_path / "anna_1.avi", pictures)
    return Layout(tmp_path, {KEY: folder}, {KEY: tmp_path / "anna_1.avi"})


@pytest.mark.parametrize("frames", [None, 4])
def test_a_film_that_is_read_frame_by_frame_is_the_same(film, frames):
    usual = ManifestSet(film.root, film, {}).load(KEY, frames=frames)
    found = FilmOriginals(film.root, film, {}).load(KEY, frames=frames)
    assert isinstance(found.frames, VideoRows) and isinstance(found.silhouettes, MaskRows)
    assert found.frame_numbers.tolist() == usual.frame_numbers.tolist()
    assert found.frame_count == usual.frame_count
    assert (np.asarray(found.silhouettes) == usual.silhouettes).all()
    assert (np.asarray(found.frames) == usual.frames).all()
    for rgb in (True, lambda numbers: [0, len(numbers) - 1]):
        ours, theirs = prepare(found, rgb=rgb), prepare(usual, rgb=rgb)
        for part in ("silhouettes", "rgb", "boxes", "frame_numbers"):
            assert (getattr(ours, part) == getattr(theirs, part)).all()


def test_rows_are_taken_as_those_of_arrays_are(film, tmp_path):
    path = film.videos[KEY]
    whole = read_video(path)
    rows = VideoRows(path, whole.shape[1:], [0, 2, 2, 13])
    assert rows.shape == (4, 120, 160, 3) and rows.ndim == 4 and len(rows) == 4
    assert (np.asarray(rows) == whole[[0, 2, 2, 13]]).all()
    assert (np.asarray(rows[1:3]) == whole[[2, 2]]).all() and (rows[3] == whole[13]).all()
    assert (np.asarray(rows[np.array([True, False, False, True])]) == whole[[0, 13]]).all()
    with pytest.raises(DataError, match="14 frames; frame 15 is asked for"):
        list(VideoRows(path, whole.shape[1:], [3, 14]))


def test_after_the_tool_frames_that_show_nobody_are_there_and_walls_of_white_are_refused(film, tmp_path):
    shown = FilmShown(film.root, film, {}).load(KEY)
    assert shown.frame_numbers.tolist() == list(NUMBERS)
    assert not shown.silhouettes[0].any() and shown.silhouettes[1].any()
    for number in NUMBERS:
        write(
            film.silhouettes[KEY] / f"{number:06d}.png",
            np.full((120, 160), 255 if number % 5 else 0, np.uint8),
        )
    with pytest.raises(ProblemError, match="fills the frame") as caught:
        FilmShown(film.root, film, {}).load(KEY)
    assert caught.value.kind == "implausible"
    with pytest.raises(DataError, match="fills the frame"):
        FilmOriginals(film.root, film, {}).load(KEY)
