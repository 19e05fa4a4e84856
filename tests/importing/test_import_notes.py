"""What an import changes on its way is a note of that sequence: another clock, colours that lack, people cut out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.importing import converting
from gaitbench.importing.asked import Asked
from gaitbench.importing.converting import Opening, convert_keys

KEY = SequenceKey("001", "nm-01", 90)


class OfAPackage:
    """A data set as somebody's package gives it: one recording."""

    def __init__(self, recording, rate=25.0):
        self.recording, self.rate = recording, rate

    def load(self, key, *, video=True):
        return self.recording


@pytest.fixture(scope="module")
def recording():
    return Walkers(seed=3, subjects=2, length=14).load(KEY)


def converted(recording, folder, monkeypatch, rate=25.0, **asked):
    monkeypatch.setattr(converting, "_opened", lambda opening: OfAPackage(recording, rate))
    return convert_keys(Opening(Path("there"), "theirs"), [KEY], Asked(folder / "in", **asked))[0]


def with_masks(recording):
    shown = np.zeros((14, 240, 320), dtype=bool)
    shown[:, 60:200, 140:180] = True
    return replace(recording, silhouettes=shown)


def test_what_comes_as_it_is_has_no_note(recording, tmp_path, monkeypatch):
    done = converted(with_masks(recording), tmp_path, monkeypatch)
    assert done.status == "written" and done.note.notes == ()


def test_another_rate_is_numbered_anew_and_said(recording, tmp_path, monkeypatch):
    whole = with_masks(recording)
    # a source of 50 frames a second gives every other one, under the number that it has there
    half = replace(
        whole, silhouettes=whole.silhouettes[::2], frames=whole.frames[::2],
        frame_numbers=whole.frame_numbers[::2],
    )  # fmt: skip
    done = converted(half, tmp_path, monkeypatch, rate=50.0)
    assert done.note.notes == ("50 frames a second: numbered anew at 25 a second",)
    assert (done.note.frames, done.note.total) == (7, 7)


def test_colours_without_silhouettes_are_counted(recording, tmp_path, monkeypatch):
    whole = with_masks(recording)
    keep = np.array([i not in (4, 9, 10) for i in range(14)])
    some = replace(
        whole, silhouettes=whole.silhouettes[keep], frames=whole.frames[keep],
        frame_numbers=whole.frame_numbers[keep],
    )  # fmt: skip
    (said,) = converted(some, tmp_path, monkeypatch).note.notes
    assert said == "3 frames of the colours have no silhouette: each repeats the one before"


def test_people_cut_out_of_pictures_are_said_to_be(recording, tmp_path, monkeypatch):
    alone = replace(recording, silhouettes=None)
    done = converted(alone, tmp_path, monkeypatch)
    assert done.status == "written" and "silhouettes extracted from the pictures" in done.note.notes
    assert not any("show nobody" in note for note in done.note.notes)


def test_frames_that_show_nobody_are_counted_and_a_film_of_nobody_fails(recording, tmp_path, monkeypatch):
    frames = recording.frames.copy()
    frames[-3:] = recording.background[0]
    done = converted(replace(recording, silhouettes=None, frames=frames), tmp_path, monkeypatch)
    assert "3 of 14 frames that show nobody left out" in done.note.notes and done.note.frames == 11
    empty = np.repeat(recording.background[:1], 14, axis=0)
    none = converted(replace(recording, silhouettes=None, frames=empty), tmp_path / "none", monkeypatch)
    assert none.status == "failed" and none.problem == f"{KEY}: nobody is visible in 14 frames"


def test_given_silhouettes_that_are_rubbish_come_in_and_that_is_said(recording, tmp_path, monkeypatch):
    specks = np.random.default_rng(0).random((14, 240, 320)) < 0.01
    done = converted(replace(recording, silhouettes=specks), tmp_path, monkeypatch)
    assert done.status == "written"
    assert "of its frames look like one whole person" in done.problem and str(KEY) in done.problem
    assert done.problem.endswith("brought in as they are: look at them")


def test_a_package_that_raises_is_named_and_the_rest_goes_on(recording, tmp_path, monkeypatch):
    class Raises(OfAPackage):
        def load(self, key, *, video=True):
            raise ZeroDivisionError("no rate")

    monkeypatch.setattr(converting, "_opened", lambda opening: Raises(recording))
    (done,) = convert_keys(Opening(Path("there"), "theirs"), [KEY], Asked(tmp_path / "in"))
    assert done.status == "failed"
    assert done.problem == f"{KEY}: theirs fails (ZeroDivisionError: no rate)"
