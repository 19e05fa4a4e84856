"""Films come in as the walks of their people: cut, named, judged; rubbish is refused and said."""

import cv2
import numpy as np
import pytest
from drawn_film import SIZE, wall, write
from filmed_people import film_of, overlap, passing

from gaitbench.datasets.opening import open_data
from gaitbench.datasets.video import read_video
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import ConfigError, DataError
from gaitbench.importing.asked import Asked
from gaitbench.importing.films import film as film_module
from gaitbench.importing.run import run_import


def brought_in(source, dest, **how):
    return run_import(source, Asked(dest, **how), jobs=1)


def loaded(dest):
    data = open_data(dest, "imported")
    return {str(key): data.load(key) for key in data.keys()}  # noqa: SIM118 - no dict


def place_in_film(read):
    """With which frame, from 0, a walk begins in its film: from what was noted."""
    (text,) = [note for note in read.notes if note.startswith("frames ")]
    return int(text.split()[1]) - 1


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """One person who passes by; the film, its frames, the truth."""
    film, masks = film_of([(passing(-40, 5.5), 110)], 60)
    root = tmp_path_factory.mktemp("alone")
    return write(root / "anna_nm-01_090.mp4", film), film, masks[0]


def test_a_film_is_one_walk_of_whole_people_with_its_colours(alone, tmp_path):
    path, _, true = alone
    found = brought_in(path, tmp_path / "in", people="auto")
    assert found.counts["written"] == 1 and not found.problems and found.score > 0.9
    (name, read), *_ = loaded(tmp_path / "in").items()
    assert name == "anna-nm-01-090" and open_data(tmp_path / "in", "imported").name == "videos"
    first = place_in_film(read)
    at = read.frame_numbers - 1 + first
    assert overlap(read.silhouettes, true[at]) > 0.85
    assert not read.silhouettes[:, :, [0, -1]].any(), "who enters or leaves is no whole person"
    assert np.array_equal(read.frames, read_video(path)[at]), "colours are kept without loss"
    assert np.abs(read.background[0].astype(int) - wall()).mean() < 4
    again = brought_in(path, tmp_path / "in")
    assert again.counts["present"] == 1 and not again.problems


def test_npz_says_that_colours_are_left_out(alone, tmp_path):
    found = brought_in(alone[0], tmp_path / "in", layout="npz")
    assert any("colours are left out" in text for text in found.said)
    assert [p.name for p in (tmp_path / "in").glob("*.npz")] == ["anna-nm-01-090.npz"]


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Somebody passes by, nobody is there for two seconds, somebody passes by again."""
    walk = passing(-40, 5.5)
    film, masks = film_of([(lambda t: walk(t % 110) if t % 110 < 60 else None, 110)], 170)
    root = tmp_path_factory.mktemp("twice")
    return write(root / "anna_1.mp4", film), masks[0]


def test_gaps_cut_a_film_into_passes(twice, tmp_path):
    found = brought_in(twice[0], tmp_path / "in", video=False)
    names = loaded(tmp_path / "in")
    assert sorted(names) == ["anna-1-p1-cam", "anna-1-p2-cam"]
    assert any("all taken for anna's" in text for one in found.done for text in one.note.notes)
    many = brought_in(twice[0], tmp_path / "many", video=False, people="many")
    assert {one.name.partition("-")[0] for one in many.done} == {"anna.1", "anna.2"}


def test_a_table_names_the_passes(twice, tmp_path):
    table = tmp_path / "p.csv"
    table.write_text("file,start,end,subject,walk,view\nanna_1.mp4,0,0:03,anna,nm-01,90\nanna_1.mp4,4.4,,bob,nm-01,90\n"
                     "anna_1.mp4,2.6,4.2,nobody,nm-01,90\n")  # fmt: skip
    found = brought_in(twice[0], tmp_path / "in", video=False, passes=table)
    names = loaded(tmp_path / "in")
    assert sorted(names) == ["anna-nm-01-090", "bob-nm-01-090"]
    assert len(found.problems) == 1 and "nobody-nm-01-090: nobody is seen then (line 4" in found.problems[0]
    bob = names["bob-nm-01-090"]
    assert overlap(bob.silhouettes, twice[1][bob.frame_numbers - 1 + place_in_film(bob)]) > 0.85
    table.write_text("file,start,end,subject,walk\nanna_1.mp4,0,3,anna,nm-01\n")
    ((one,),) = [brought_in(twice[0], tmp_path / "one", video=False, passes=table).done]
    assert [
        n for n in one.note.notes if n.startswith("track 2 (from 4.") and n.endswith("--passes: left out")
    ]
    assert [n for n in one.note.notes if "frames left out in which the side of the picture cuts" in n]
    table.write_text("file,start,end,subject,walk\nanna_1.mp4,3,1,anna,nm-01\n")
    with pytest.raises(DataError, match="line 2: end 1 is not after start 3"):
        brought_in(twice[0], tmp_path / "other", passes=table)


def test_people_side_by_side_get_names_of_their_own(tmp_path):
    film, masks = film_of([(passing(-30, 4.5), 110), (passing(-110, 4.5), 90)], 90)
    found = brought_in(write(tmp_path / "anna_1.mp4", film), tmp_path / "in", video=False)
    assert not found.problems
    walks = loaded(tmp_path / "in")
    assert [name.partition("-")[0] for name in walks] == ["anna.1", "anna.2"]
    for read, true in zip(walks.values(), masks, strict=True):
        assert overlap(read.silhouettes, true[read.frame_numbers - 1 + place_in_film(read)]) > 0.8
    alone = brought_in(tmp_path / "anna_1.mp4", tmp_path / "one", video=False, people="one")
    assert [one.name for one in alone.done] == ["anna-1-cam"]


def test_people_who_meet_are_not_taken_for_each_other(tmp_path):
    film, masks = film_of([(passing(-30, 4.5), 108), (passing(270, -4.5), 110)], 72)
    found = brought_in(write(tmp_path / "anna_1.mp4", film), tmp_path / "in", video=False, least=0.0)
    walks = loaded(tmp_path / "in")
    assert len(walks) == 4, "two before they meet, two after it"
    for read in walks.values():
        at = read.frame_numbers - 1 + place_in_film(read)
        own = [overlap(read.silhouettes, true[at]) for true in masks]
        assert max(own) > 0.7 and min(own) < 0.2, "one person in every walk"
    assert any("hide each other" in text for one in found.done for text in one.note.notes)


@pytest.fixture(scope="module")
def cart(tmp_path_factory):
    """Something low and wide passes by."""
    scene, film = wall(), []
    draws = np.random.default_rng(3)
    for t in range(60):
        frame = scene.copy()
        cv2.rectangle(frame, (5 * t - 90, 120), (5 * t, 160), (30, 200, 200), -1)
        film.append(np.clip(frame + draws.normal(0, 1.5, frame.shape), 0, 255).astype(np.uint8))
    return write(tmp_path_factory.mktemp("cart") / "cart_1.mp4", film)


def test_rubbish_is_not_written_and_said_each_time_without_doing_it_again(cart, tmp_path, monkeypatch):
    found = brought_in(cart, tmp_path / "in")
    assert found.counts["refused"] == 1 and found.counts["written"] == 0
    (problem,) = found.problems
    assert "0 % of" in problem and "of no person's proportions" in problem and "not written" in problem
    assert found.done[0].strip.startswith(b"\x89PNG")
    with pytest.raises(DataError, match="no sequence was imported"):
        open_data(tmp_path / "in", "imported").keys()
    with monkeypatch.context() as patch:
        patch.setattr(film_module, "find_walks", None)
        again = brought_in(cart, tmp_path / "in")
    assert again.problems == found.problems and again.done[0].strip == found.done[0].strip
    assert brought_in(cart, tmp_path / "in", least=0.0, video=True).counts["written"] == 1


def test_what_is_wrong_with_a_film_is_a_line_and_the_rest_goes_on(alone, tmp_path):
    folder = tmp_path / "films"
    (folder / "bob").mkdir(parents=True)
    (folder / "anna_nm-01_090.mp4").write_bytes(alone[0].read_bytes())
    (folder / "bob" / "1.mp4").write_bytes(b"no video")
    write(folder / "carl_1.mp4", alone[1][:4])
    write(folder / "dora_1.mp4", np.repeat(wall()[None], 20, axis=0))
    write(folder / "nameless.mp4", alone[1][:10])
    found = brought_in(folder, tmp_path / "in", video=False)
    assert found.format == "videos" and found.counts == {
        "written": 1,
        "present": 0,
        "refused": 0,
        "failed": 4,
    }
    for words in ("1.mp4: not a readable video", "carl_1.mp4: 4 frames are too few", "dora_1.mp4: nobody is seen",
                  "nameless.mp4: its name says no subject"):  # fmt: skip
        assert sum(words in text for text in found.problems) == 1, words


def test_a_background_clip_is_used_and_checked(alone, tmp_path):
    _, film, true = alone
    # nobody ever leaves: without the clip the scene is not seen empty
    short = write(tmp_path / "anna_1.mp4", film[20:45])
    write_lossless_avi(tmp_path / "empty.avi", np.repeat(wall()[None], 12, axis=0))
    found = brought_in(short, tmp_path / "in", background=tmp_path / "empty.avi", video=False)
    (read,) = loaded(tmp_path / "in").values()
    assert not found.problems and overlap(read.silhouettes, true[20:45][read.frame_numbers - 1]) > 0.85
    write_lossless_avi(tmp_path / "other.avi", np.zeros((12, 90, 120, 3), np.uint8))
    found = brought_in(short, tmp_path / "other", background=tmp_path / "other.avi")
    assert "film it with the same camera" in found.problems[0]
    with pytest.raises(ConfigError, match="--background"):
        brought_in(short, tmp_path / "no", background=tmp_path / "none.avi")


def test_a_varying_frame_rate_is_read_by_its_clock(alone, tmp_path):
    """60 frames, the first half at 50 a second, the second at 12.5: numbers say the time, at 25 a second."""
    times = [t / 50 if t < 30 else 0.6 + (t - 30) / 12.5 for t in range(60)]
    path = write(tmp_path / "anna_1.mp4", alone[1], times=times)
    brought_in(path, tmp_path / "in")
    (read,) = loaded(tmp_path / "in").values()
    begun = times[place_in_film(read)]
    at = [int(np.argmin(np.abs(np.array(times) - begun - (n - 1) / 25))) for n in read.frame_numbers]
    assert overlap(read.silhouettes, alone[2][at]) > 0.8
    assert any("varying frame rate" in text for text in read.notes)
    assert np.diff(read.frame_numbers).max() == 2 and len(read.frames) == len(read.frame_numbers)
    assert read.silhouettes.shape[1:] == SIZE
