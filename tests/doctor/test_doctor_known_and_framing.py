"""What is known of CASIA-B, how frames seem to be cut, videos beside silhouettes, and what roles ask for."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from moving_blob import clip, outline, write_png

from gaitbench.datasets.opening import open_data
from gaitbench.datasets.sequence import WALKS, Recording, SequenceKey
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.doctor.checks import border, doubles, frames, grid, levels
from gaitbench.doctor.diagnosis import diagnose
from gaitbench.doctor.findings import Finding
from gaitbench.doctor.framing import framing_of
from gaitbench.doctor.known import is_casia_b, marked
from gaitbench.doctor.reading.facts import Facts, Shape
from gaitbench.doctor.reading.measure import facts_of_masks
from gaitbench.doctor.roles import ROLES, keys_of_role
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.protocol import ANGLES
from gaitbench.suites.reading import load_suite, suite_from_table

KEY = SequenceKey("001", "nm-01", 90)
WHOLE = Shape((), (), (), (), 0, 0, 60.0, 0.3, 0.1)
SUITE = suite_from_table(
    {
        "data": {"frames": 8, "angles": [90]},
        "split": {"recognizer": "001", "models": "002", "test": "003"},
        "walks": {role: ["nm-01"] for role in ("recognizer", "models", "gallery")} | {"probe": ["nm-02"]},
    },
    "own",
)


def crops(filling, **more):
    shape = Shape((), (), (), (), filling, 0, 64.0, 0.3, 0.0)
    return [
        Facts(KEY, "", frames=30, sizes=(((64, 64), 30),), shape=replace(shape, **more), aligned=True)
    ] * 5


def test_known_damage_of_casia_b_is_no_alarm_and_other_damage_is():
    found = marked(
        [
            Finding("short", "005-bg-01-000", "3 frames"),
            Finding("black", "005-bg-01-144", "frames 61-65"),
            Finding("missing", "005-cl-02-090", "is not there"),
            Finding("missing", "109-cl-02-090", "is not there"),
            Finding("missing", "006-cl-02-090", "is not there"),
            Finding("short", "006-bg-01-000", "3 frames"),
            Finding("cut", "005-bg-01-000", "at the top"),
        ]
    )
    assert [bool(one.known) for one in found] == [True, True, True, True, False, False, False]
    many = marked([Finding("missing", f"109-nm-{n:02d}-090", "is not there") for n in range(1, 36)])
    assert not any(one.known for one in many)  # more than common releases lack


def test_only_filmed_people_under_casia_bs_names_are_taken_for_it():
    keys = [SequenceKey(f"{n:03d}", walk, 90) for n in (1, 124) for walk in WALKS]
    assert is_casia_b(keys, False) and not is_casia_b(keys, True)
    for other in (
        SequenceKey("125", "nm-01", 90),
        SequenceKey("001", "nm-07", 90),
        SequenceKey("001", "nm-01", 45),
    ):
        assert not is_casia_b([*keys, other], False)


def test_whole_frames_and_small_people_are_told():
    far = Facts(KEY, "", frames=30, sizes=(((120, 160), 30),), shape=replace(WHOLE, height=40.0))
    found = framing_of([far], (64, 44))
    assert found.pictures == "whole frames of 160 x 120 pixels" and not found.crops
    assert found.differences == (
        "people are 40 pixels high, fewer than the 64 rows of the crops: they are enlarged",
    )
    near = framing_of([replace(far, shape=replace(WHOLE, height=64.0))], (64, 44))
    assert near.differences == ()


def test_opengaits_crops_are_named_where_they_differ_from_ours():
    found = framing_of(crops(30), (64, 44))
    assert found.crops and found.pictures == "crops of 64 x 64 pixels"
    assert any("of 64 columns the middle 44 are taken" in text for text in found.differences)
    assert any("scaled by its own rows" in text for text in found.differences)
    assert not any("scaled by its own rows" in text for text in framing_of(crops(15), (64, 44)).differences)
    margin = framing_of(crops(0, height=50.0, offset=0.08), (64, 44)).differences
    assert any("people fill 78 % of the rows" in text for text in margin)
    assert any("off the middle by 8 % of the width" in text for text in margin)


def test_crops_that_are_read_as_whole_frames_are_named_and_not_called_cut():
    one = replace(crops(30, top=tuple(range(1, 31)), bottom=tuple(range(1, 31)))[0], aligned=False)
    found = framing_of([one] * 5, (64, 44))
    assert found.crops and "they look like crops that somebody has aligned" in found.differences[0]
    assert list(border.cut(one, found.crops)) == [] and len(list(border.cut(one, False))) == 1


def test_a_ratio_that_is_not_kept_is_named():
    assert framing_of(crops(30), (64, 44)).stretched == ""
    assert "stretched to the crop" in framing_of(crops(30, spanning=30), (64, 44)).stretched
    assert "0.70 times as wide as high" in framing_of(crops(30, narrow=0.7), (64, 44)).stretched


def test_people_who_enter_and_leave_at_the_sides_are_not_cut():
    at_the_ends = replace(WHOLE, left=(1, 2, 3), right=(29, 30))
    assert list(border.cut(Facts(KEY, "", frames=30, seen=(1, 30), shape=at_the_ends), False)) == []
    half_way = replace(WHOLE, left=(14, 15, 16))
    (cut,) = border.cut(Facts(KEY, "", frames=30, seen=(1, 30), shape=half_way), False)
    assert cut.text == "cut at the left in 3 of 30 frames (14-16)"
    (cut,) = border.cut(Facts(KEY, "", frames=30, shape=replace(WHOLE, left=tuple(range(1, 11)))), False)
    assert cut.text == "cut at the left in 10 of 30 frames (1-10)"


def test_what_a_camera_drops_is_no_gap():
    usual = Facts(KEY, "", frames=89, numbers=(1, 98), missing=9, hole=4, after=40)  # as in CASIA-B
    assert list(frames.numbers(usual)) == []
    for gap in (replace(usual, hole=6), replace(usual, frames=40, missing=40, hole=1)):
        (found,) = frames.numbers(gap)
        assert found.kind == "numbers"


def test_of_an_export_it_is_known_which_frames_it_wrote():
    one = Facts(KEY, "", frames=40, numbers=(1, 49), missing=9, hole=9, after=20, lost=())
    assert list(frames.numbers(one)) == []  # the export itself dropped nine in a row
    (found,) = frames.numbers(replace(one, lost=(7,)))
    assert found.text == "frame 7 was exported, and not found"
    # where they were aligned, a frame in which nobody was found is not written
    assert list(frames.numbers(replace(one, lost=(7,), aligned=True))) == []


def test_too_short_is_under_half_of_what_the_suite_reads_or_under_a_second():
    one = Facts(KEY, "", frames=20, shown=20)
    assert [len(list(frames.short(one, n))) for n in (None, 40, 41, 60)] == [1, 0, 1, 1]
    assert list(frames.short(replace(one, shown=25), None)) == []


def test_nothing_is_missing_of_a_set_whose_people_share_no_walks():
    keys = [SequenceKey(f"{n:03d}", f"camid{n}", 90) for n in range(9)]
    assert grid.missing_keys(keys) == []
    assert grid.missing_keys(keys, [replace(keys[0], walk="camid1"), replace(keys[0], walk="nm-09")]) == [
        replace(keys[0], walk="camid1")  # nobody has the other
    ]
    assert grid.missing_keys([*keys, *(replace(key, walk="nm-01") for key in keys[1:])]) == [
        SequenceKey("000", "nm-01", 90)
    ]


def test_black_frames_at_the_ends_are_usual_and_those_between_are_told():
    masks = np.stack([outline(100, t) for t in range(8)])
    masks[[0, 4, 7]] = False
    assert facts_of_masks(masks, np.arange(11, 19), None)["black"] == (15,)


@pytest.mark.parametrize("name", ["smoke", "quick", "standard"])
def test_roles_ask_for_what_a_run_asks_for(name, tmp_path):
    run, suite = open_run(name, store=tmp_path), load_suite(name)
    for role in ROLES:
        assert [need.key for need in needs_of_role(run, role)] == keys_of_role(suite, role)
    assert set(suite.data.angles) <= set(ANGLES)


def drawn(root, people=("001", "002", "003"), shape=(240, 320)):
    for person in people:
        for walk in ("nm-01", "nm-02"):
            folder = root / person / walk / "090"
            for t in range(10):
                mask = outline(60 + 4 * t, int(person) + int(walk[-1]) / 3 + t / 2, *shape)
                write_png(folder / f"{person}-{walk}-090-{t + 1:03d}.png", mask)


def of(root, name="casia-b", **more):
    return diagnose(open_data(root, name, **more), SUITE, root=str(root), data_format=name)


def test_videos_that_do_not_fit_their_silhouettes_are_told(tmp_path):
    root = tmp_path / "set"
    drawn(root)
    film = clip(10)[0]
    for name, content in (
        ("001-nm-01", film), ("001-nm-02", film[:7]), ("002-nm-01", film[:, :120, :160]), ("002-nm-02", film),
    ):  # fmt: skip
        write_lossless_avi(root / "video" / f"{name}-090.avi", content)
    broken = root / "video" / "002-nm-02-090.avi"
    broken.write_bytes(broken.read_bytes()[: broken.stat().st_size // 2])
    found = of(root)
    told = {one.where: one.text for one in found.findings}
    assert {one.kind for one in found.findings} == {"video"}
    assert told.keys() == {"001-nm-02-090", "002-nm-01-090", "002-nm-02-090"}
    assert told["001-nm-02-090"] == "silhouettes up to frame 10, the video has 7"
    assert told["002-nm-01-090"] == "the video is 160 x 120, the silhouettes 320 x 240"
    assert [name for role in found.roles for name, _ in role.refused] == ["002-nm-01-090"]


def test_people_are_looked_for_in_videos_without_silhouettes(tmp_path):
    root = tmp_path / "set"
    frames, empty, _ = clip(24)
    for person in ("001", "002", "003"):
        write_lossless_avi(root / "video" / f"{person}-nm-01-090.avi", frames)
        write_lossless_avi(root / "video" / f"{person}-bkgrd-090.avi", empty)
    write_lossless_avi(root / "video" / "003-nm-01-090.avi", np.repeat(empty[:1], 24, axis=0))
    found = of(root)
    assert {(one.kind, one.where) for one in found.findings} == {
        ("empty", "003-nm-01-090"), ("doubled", "002-nm-01-090"),
    }  # fmt: skip
    assert found.verdict.code == 2  # the suite asks for nm-02 as well


def test_stretched_crops_are_one_finding_of_the_set(tmp_path):
    root = tmp_path / "set"
    for person in ("001", "002", "003"):
        for t in range(10):
            mask = outline(150, 0.17 * int(person) + t / 2).astype(np.uint8) * 255
            x, y, w, h = cv2.boundingRect(mask)
            small = cv2.resize(mask[y : y + h, x : x + w], (44, 64), interpolation=cv2.INTER_NEAREST)
            write_png(root / person / "nm-01" / "090" / f"{t + 1}.png", small > 0)
    (found,) = of(root, "pictures", pattern="{subject}/{condition}-{take}/{view}/{frame}.png").findings
    assert (found.kind, found.where) == ("ratio", str(root))


def test_a_manifest_is_looked_at_and_colours_without_a_silhouette_are_asked_of_its_reader(tmp_path):
    drawn(tmp_path)
    for person in ("001", "002"):
        for t in range(10 if person == "001" else 4):
            picture = np.full((240, 320, 3), 90, np.uint8)
            place = tmp_path / "colours" / person / f"{t + 1}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(place), picture)
    rows = ["subject,walk,angle,original,rgb"]
    rows += [f"{p},{w},90,{p}/{w}/090," for p in ("001", "002", "003") for w in ("nm-01", "nm-02")]
    rows[1], rows[3] = rows[1] + "colours/001", rows[3] + "colours/002"
    (tmp_path / "m.csv").write_text("\n".join(rows) + "\n")
    found = of(tmp_path / "m.csv", "manifest")
    assert (found.sequences, found.findings) == (6, ())
    refused = dict(pair for role in found.roles for pair in role.refused)
    assert (
        refused.keys() == {"002-nm-01-090"}
        and "frame 5 has a silhouette but no picture" in refused["002-nm-01-090"]
    )


class Foreign:
    """A third party's set that fails on one sequence in a way of its own."""

    name, rendered = "foreign", False

    def keys(self):
        return [SequenceKey(p, w, 90) for p in ("001", "002", "003") for w in ("nm-01", "nm-02")]

    def load(self, key, *, frames=None, video=True):
        if key.subject == "002":
            raise KeyError("torn\nto pieces")
        masks = np.stack(
            [outline(60 + 4 * t, int(key.subject) + int(key.walk[-1]) / 3 + t / 2) for t in range(12)]
        )
        return Recording(key, None, None, masks, np.arange(1, 13, dtype=np.int32), 12)


def test_a_third_partys_error_is_a_finding_and_ends_nothing():
    found = diagnose(Foreign(), SUITE, root="there", data_format="foreign")
    assert [(one.kind, one.where) for one in found.findings] == [
        ("unreadable", "002-nm-01-090"), ("unreadable", "002-nm-02-090"),
    ]  # fmt: skip
    assert "KeyError: 'torn\\nto pieces'" in found.findings[0].text
    assert found.verdict.code == 1 and [role.read for role in found.roles] == [1, 0, 1, 1]


def test_the_clock_of_a_video_decides_how_many_frames_there_are(tmp_path):
    root = tmp_path / "set"
    drawn(root)
    for walk in ("nm-01", "nm-02"):
        write_lossless_avi(root / "video" / f"003-{walk}-090.avi", clip(10)[0], 100.0)
    told = {(one.kind, one.where) for one in of(root).findings}
    assert told == {("short", "003-nm-01-090"), ("short", "003-nm-02-090")}  # a tenth of a second


def test_soft_rims_of_aligned_silhouettes_are_no_fault_and_levels_throughout_are():
    every = tuple(range(1, 31))
    soft = replace(crops(30)[0], grey=every, throughout=(8, 9))
    assert list(levels.grey(soft)) == []
    assert [one.kind for one in levels.grey(replace(soft, throughout=every))] == ["grey"]
    assert [one.text for one in levels.grey(replace(soft, aligned=False, throughout=()))] == [
        "grey at the outline in all frames"
    ]


def with_prints(name, codes):
    return Facts(SequenceKey.parse(name), "", frames=len(codes), prints=np.array(codes, np.uint64).tobytes())


def test_a_copy_is_found_though_a_part_of_it_is_gone():
    first, other = with_prints("001-nm-01-090", range(30)), with_prints("001-nm-02-090", range(100, 130))
    part = with_prints("002-nm-01-090", range(12, 30))
    chance = with_prints("002-nm-02-090", [*range(100, 104), *range(200, 226)])
    found = list(doubles.doubled([first, other, part, chance, with_prints("003-nm-01-090", [])]))
    assert [(one.where, one.text) for one in found] == [
        ("002-nm-01-090", "18 of its silhouettes are those of 001-nm-01-090")
    ]
    assert list(doubles.doubled([])) == []


def test_frames_that_repeat_another_are_told_from_a_few_that_do():
    assert list(doubles.still(with_prints("001-nm-01-090", [1, 2, 2, 3, 4, 5, 1, 2, 3, 4]))) == []
    (frozen,) = doubles.still(with_prints("001-nm-01-090", [1, 2, 3, 4, 5, 5, 5, 5, 5, 5]))
    assert frozen.text == "5 of 10 frames repeat the one before"
    (whole,) = doubles.still(with_prints("001-nm-01-090", [7] * 6))
    assert whole.text == "all 6 frames are the same"


def test_a_walk_of_which_nothing_is_there_is_one_fault():
    keys = [SequenceKey(p, w, v) for p in ("001", "002", "003") for w in ("nm-01", "nm-02") for v in (54, 90)]
    there = [key for key in keys if (key.subject, key.walk) != ("002", "nm-02") and key != keys[0]]
    found = list(grid.left_out([], grid.missing_keys(there), there))
    assert [(one.where, one.kind) for one in found] == [
        ("001-nm-01-054", "missing"),
        ("002-nm-02", "missing"),
    ]
    assert "none of the 2 views" in found[1].text
