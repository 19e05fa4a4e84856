"""Who a video shows, by its name, by its folders, or by a table."""

from pathlib import PurePath

import pytest

from gaitbench.clips.pairs.names import film_key, scan_films
from gaitbench.clips.pairs.table import FilmPairs, pair_folders, read_pairs
from gaitbench.clips.pairs.walks import WalkRoles, only_judged, share_walks
from gaitbench.errors import DataError


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("anna_1.mp4", "anna-1-cam"),
        ("anna_1_54.mov", "anna-1-054"),
        ("anna_in_the_park_left.mp4", "anna-in_the_park-left"),
        ("081-nm-05-090.avi", "081-nm-05-090"),
        ("video/081-nm-05-090.avi", "081-nm-05-090"),
        ("anna-maria_nm-01_090.mp4", "anna-maria-nm-01-090"),
        ("081/nm-05/090.mp4", "081-nm-05-090"),
        ("anna/1.mp4", "anna-1-cam"),
    ],
)
def test_a_name_says_person_walk_and_view(place, name):
    assert str(film_key(PurePath(place))) == name


@pytest.mark.parametrize("place", ["film.mp4", "_1.mp4", "anna_.mp4", "anna_1_361.mp4"])
def test_a_name_that_says_nobody_is_refused(place):
    with pytest.raises(DataError):
        film_key(PurePath(place))


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def test_folders_are_paired_by_what_names_say_and_nothing_is_dropped_unsaid(tmp_path):
    before = touch(tmp_path / "a", "anna_1.mp4", "anna_1.avi", "bob_1.avi", "film.mp4", "notes.txt", ".DS_Store",
                   "video/bob-bkgrd-090.avi", "all.zip")  # fmt: skip
    after = touch(tmp_path / "b", "anna_1.mov", "carl_1.mp4")
    pairs = pair_folders(before, after)
    assert {str(k) for k in pairs.before} == {"anna-1-cam", "bob-1-cam"}
    assert {str(k) for k in pairs.after} == {"anna-1-cam", "carl-1-cam"}
    assert [p.kind for p in pairs.problems] == ["double", "name"]
    assert sorted(one.kind for one in pairs.left_out) == ["archive", "other", "other"]
    assert pairs.junk == 1


def test_folders_without_a_common_name_say_what_was_read(tmp_path):
    before, after = touch(tmp_path / "a", "anna_1.mp4"), touch(tmp_path / "b", "anna_1_blurred.mp4")
    with pytest.raises(DataError, match=r"anna_1_blurred\.mp4, read as anna-1-blurred.*--pairs"):
        pair_folders(before, after)
    with pytest.raises(DataError, match="no such folder"):
        scan_films(tmp_path / "none")
    with pytest.raises(DataError, match="no video here"):
        scan_films(touch(tmp_path / "c", "a.txt"))


def test_a_table_pairs_files_of_any_name(tmp_path):
    touch(tmp_path, "x/1.mp4", "y/1.mp4", "x/2.mp4")
    table = tmp_path / "pairs.csv"
    table.write_text(
        "subject,walk,before,after,view\nanna,1,x/1.mp4,y/1.mp4,left\nanna,2,x/2.mp4,y/2.mp4,\nbob,1,x/9.mp4,,\n"
        "anna,1,x/1.mp4,y/1.mp4,left\nbob,,x/1.mp4,,\n"
    )
    found = read_pairs(table)
    assert {str(k) for k in found.before} == {"anna-1-left", "anna-2-cam"}
    assert {str(k) for k in found.after} == {"anna-1-left"}
    assert [p.kind for p in found.problems] == ["row", "duplicate", "row"]
    table.write_text("before,after,person,walk\n")
    with pytest.raises(DataError, match="lacks the column 'subject'"):
        read_pairs(table)


def people(**walks):
    keys = [film_key(PurePath(f"{who}_{walk}.mp4")) for who, own in walks.items() for walk in own]
    return FilmPairs(PurePath("a"), dict.fromkeys(keys, PurePath("b")), {})


USUAL = WalkRoles(("nm-01", "nm-02"), ("nm-05",))


def test_walks_of_any_name_are_shared_and_said():
    pairs = people(anna=["2", "10", "1"], bob=["2", "10"], carl=["2"])
    roles = share_walks(pairs.before, USUAL)
    assert (roles.gallery, roles.probe) == (("2",), ("1", "10")) and "known from 2" in roles.said
    assert only_judged(pairs, roles) == ["anna", "bob"]
    (problem,) = pairs.problems
    assert problem.message == "carl: 1 walk (2), none to look for them in: not judged"
    assert share_walks(people(anna=["nm-01", "nm-05"]).before, USUAL) == USUAL
    asked = share_walks(pairs.before, USUAL, probe=("2",))
    assert asked.gallery == ("1", "10")


def test_whom_nobody_knows_is_taken_out_and_one_walk_a_person_is_refused():
    pairs = people(anna=["1", "2"], bob=["1", "2"], carl=["2"])
    roles = share_walks(pairs.before, USUAL)
    roles = WalkRoles(("1",), ("2",)) if roles.gallery == ("2",) else roles
    assert only_judged(pairs, roles) == ["anna", "bob"]
    assert "carl" not in {k.subject for k in pairs.before}
    with pytest.raises(DataError, match="film everybody twice"):
        share_walks(people(anna=["1"], bob=["1"]).before, USUAL)
    with pytest.raises(DataError, match="two people with two walks"):
        only_judged(people(anna=["1", "2"], bob=["1"]), WalkRoles(("1",), ("2",)))
