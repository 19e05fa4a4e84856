"""A film with known truth is anonymized: what is left of the old person, where the new one stands, and when."""

import json
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from drawn_film import SHIRT, SIZE, TROUSERS, person, walk, wall, write

from gaitbench.anonymizers.controls import Original
from gaitbench.anonymizers.deform import Deform, DeformSettings
from gaitbench.clips.output import Wishes, anonymize_clip
from gaitbench.colorizers.warp import Warp
from gaitbench.datasets.video import frame_rate, read_timed, read_video
from gaitbench.errors import DataError


@dataclass(frozen=True)
class _None:
    pass


class Nobody:
    """Takes the person away."""

    name, trainable, settings = "nobody", False, _None()

    def anonymize(self, sequence, rng):
        return np.zeros_like(sequence.silhouettes)


def make(tmp_path, film, anonymizer, name="clip", times=None, fps=25.0, **wishes):
    video = write(tmp_path / f"{name}.mp4", film, fps, times)
    output = tmp_path / "out" / f"{name}.mp4"
    outcome = anonymize_clip(video, output, anonymizer, Warp(), Wishes(seed=3, **wishes), mark="x")
    return outcome, output


def read_masks(output, kind):
    files = sorted((output.with_name(f"{output.stem}.masks") / kind).glob("*.png"))
    return np.stack([cv2.imread(str(f), cv2.IMREAD_GRAYSCALE) > 127 for f in files])


def test_nothing_of_the_old_person_is_left(tmp_path):
    film, truth = walk()
    _, output = make(tmp_path, film, Nobody())
    shown = read_video(output).astype(int)
    assert shown.shape == film.shape
    # the encoder's own error is under 25 levels; the clothes are 60 and more from the wall
    assert np.abs(shown - wall()[None]).max() < 40
    off = np.abs(shown - wall()[None]).mean(axis=3)
    rim = np.stack([cv2.dilate(m.astype(np.uint8), np.ones((9, 9))) for m in truth]) > 0
    assert off.mean() < 4 and abs(off[rim].mean() - off[~rim].mean()) < 1


def test_the_new_person_stands_where_the_old_one_stood_also_half_in_the_picture(tmp_path):
    film, truth = walk()
    _, output = make(tmp_path, film, Original(), masks=True)
    new = read_masks(output, "anonymized")
    seen = truth.sum(axis=(1, 2))
    whole = seen > 0.8 * np.median(seen[seen > 0])
    overlap = (new & truth).sum(axis=(1, 2)) / np.maximum((new | truth).sum(axis=(1, 2)), 1)
    assert overlap[whole].min() > 0.85
    # a head and a shoulder that enter are a head and a shoulder, and no small whole body
    assert new[seen == 0].sum() == 0
    assert (new & ~truth).sum(axis=(1, 2)).max() < 0.25 * seen.max()
    shown = read_video(output)
    inside = cv2.erode(truth[30].astype(np.uint8), np.ones((5, 5))) > 0
    for part, colour in zip(person(-40 + 5.5 * 30, 30), (SHIRT, TROUSERS), strict=True):
        assert np.abs(np.median(shown[30][part & inside], axis=0) - colour).max() < 30


def test_a_head_that_rises_from_below_has_a_body_below_the_picture(tmp_path):
    """Somebody walks away from the camera into the picture: the foot comes last."""
    film, truth = [], []
    for t in range(40):
        frame = wall()
        upper, lower = person(120, t, foot=max(165, round(300 - 9 * t)))
        frame[upper], frame[lower] = SHIRT, TROUSERS
        film.append(frame if t < 34 else wall())
        truth.append((upper | lower) & (t < 34))
    _, output = make(tmp_path, np.stack(film), Original(), masks=True)
    new, old = read_masks(output, "anonymized"), np.stack(truth)
    part = [t for t in range(34) if 600 < old[t].sum() < 0.7 * old.sum(axis=(1, 2)).max()]
    assert len(part) >= 3
    for t in part:
        assert (new[t] & ~old[t]).sum() < 0.35 * old[t].sum(), t


def test_length_size_and_a_rate_that_varies_are_kept(tmp_path):
    film, _ = walk(40, start=-20.0, step=7.0, size=SIZE)
    times = np.cumsum(np.where(np.arange(40) % 3, 0.04, 0.1))
    outcome, output = make(tmp_path, film, Deform(), times=times)
    shown, clock = read_timed(output)
    assert shown.shape == film.shape and outcome.frames == 40
    np.testing.assert_allclose(clock, times - times[0], atol=1e-3)


def test_a_steady_rate_and_an_odd_size_are_kept(tmp_path):
    film, _ = walk(30, start=-20.0, step=9.0)
    video = tmp_path / "odd.avi"
    from gaitbench.datasets.video_writing import write_lossless_avi

    write_lossless_avi(video, film[:, :179, :235], 10.0)
    output = tmp_path / "odd.mp4"
    anonymize_clip(video, output, Deform(), Warp(), Wishes(seed=1, side_by_side=True), mark="x")
    assert read_video(output).shape == (30, 179, 235, 3)
    assert frame_rate(output) == pytest.approx(10.0, abs=0.01)
    assert read_video(tmp_path / "odd.side-by-side.mp4").shape == (30, 179, 470, 3)


def test_the_same_seed_draws_the_same_body_and_the_note_does_not_tell_it(tmp_path):
    film, _ = walk(40, step=7.0)
    strong = Deform(DeformSettings(strength=0.5))
    _, first = make(tmp_path / "a", film, strong, masks=True)
    _, again = make(tmp_path / "b", film, strong, masks=True)
    assert first.read_bytes() == again.read_bytes()
    new, old = (read_masks(first, kind) for kind in ("anonymized", "original"))
    assert (new ^ old).sum() > 0.05 * old.sum()
    note = json.loads(first.with_suffix(".json").read_text())
    assert "seed" not in json.dumps(note) and note["frames"] == 40


def test_a_long_walk_has_no_seam_between_stretches(tmp_path):
    """Two and a half stretches of one person: outlines never jump more than within a stretch."""
    film, _ = walk(150, start=20.0, step=1.4)
    film = np.concatenate([np.repeat(wall()[None], 12, 0), film])
    _, output = make(tmp_path, film, Deform(), masks=True)
    new, old = (read_masks(output, kind)[14:160] for kind in ("anonymized", "original"))
    jump, own = ((m[1:] ^ m[:-1]).sum(axis=(1, 2)) / m[1:].sum(axis=(1, 2)) for m in (new, old))
    assert (jump < np.median(jump) + 3 * np.abs(own - np.median(own)).max() + 0.12).all()


def test_people_one_after_the_other_get_bodies_of_their_own(tmp_path):
    once, _ = walk(45, step=8.0)
    film = np.concatenate([once, np.repeat(wall()[None], 14, 0), once])
    _, output = make(tmp_path, film, Deform(DeformSettings(strength=0.5)), masks=True)
    new = read_masks(output, "anonymized")
    a, b = new[22], new[22 + 45 + 14]
    assert (a ^ b).sum() > 0.05 * a.sum()


@pytest.mark.parametrize(
    ("film", "why"),
    [
        (np.repeat(wall()[None], 30, 0), "nobody is seen"),
        (walk(3)[0], "3 frames are too few"),
        (
            np.stack([np.roll(wall((180, 480)), -4 * t, axis=1)[:, :240] for t in range(40)]),
            "the camera moves",
        ),
    ],
)
def test_what_cannot_be_anonymized_is_one_line_and_leaves_nothing(tmp_path, film, why):
    with pytest.raises(DataError, match=why) as caught:
        make(tmp_path, film, Deform(), masks=True)
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "out").rglob("*"))


def test_people_side_by_side_get_bodies_of_their_own(tmp_path):
    """Two who walk behind each other, both in the picture: both are painted, by two draws, and named."""
    film, truth = walk(50, start=30.0, step=2.0)
    other = np.zeros_like(truth)
    for t, frame in enumerate(film):
        if 4 <= t < 46:
            upper, lower = person(170 + 0.5 * t, t + 3, height=90)
            other[t] = upper | lower
            frame[other[t]] = (20, 20, 20)
    film = np.concatenate([np.repeat(wall()[None], 12, 0), film, np.repeat(wall()[None], 12, 0)])
    outcome, output = make(tmp_path, film, Original(), masks=True)
    assert not outcome.problems and any("2 people" in note for note in outcome.notes)
    note = json.loads(output.with_suffix(".json").read_text())
    first, second = note["people"]
    assert (first["name"], second["name"]) == ("p1", "p2") and first["from"] < second["from"]
    new = read_masks(output, "anonymized")[12:62]
    for mine in (truth, other):
        shown = (new & mine)[10:40].sum() / mine[10:40].sum()
        assert shown > 0.9
    assert (new & ~truth & ~other)[10:40].sum() < 0.15 * truth[10:40].sum()
    inside = cv2.erode(other[30].astype(np.uint8), np.ones((5, 5))) > 0
    assert np.median(read_video(output)[42][inside]) < 60
    _, drawn = make(tmp_path, film, Deform(DeformSettings(strength=0.5)), "drawn", masks=True)
    alone, both = (read_masks(one, "anonymized")[12 + 25] for one in (output, drawn))
    left, right = np.s_[:, :140], np.s_[:, 140:]
    assert all((alone[half] ^ both[half]).sum() > 0.03 * alone[half].sum() for half in (left, right))


def test_people_who_hide_each_other_are_taken_out_and_it_is_said(tmp_path):
    film, truth = walk(64, start=20.0, step=3.4)
    for t, frame in enumerate(film):
        upper, lower = person(225 - 3.4 * t, t + 3)
        frame[(upper | lower) & ~truth[t]] = (20, 20, 20)
    film = np.concatenate([np.repeat(wall()[None], 12, 0), film, np.repeat(wall()[None], 12, 0)])
    outcome, output = make(tmp_path, film, Original())
    assert any("hide each other" in problem for problem in outcome.problems)
    note = json.loads(output.with_suffix(".json").read_text())
    assert 4 <= note["frames_in_which_people_hide_each_other"] <= 30
    meeting = (12 + 30) / 25
    assert len(note["people"]) >= 4 and all(
        one["to"] < meeting + 0.15 or one["from"] > meeting - 0.15 for one in note["people"]
    ), "nobody goes through the meeting under one name"


def test_the_empty_scene_may_be_given(tmp_path):
    """Somebody who never leaves is found by a picture of the empty scene."""
    film, truth = walk(30, start=120.0, step=0.4)
    picture = tmp_path / "empty.png"
    cv2.imwrite(str(picture), wall()[:, :, ::-1])
    _, output = make(tmp_path, film, Nobody(), background=picture)
    assert np.abs(read_video(output).astype(int) - wall()[None]).max() < 40
    assert truth.any()
    with pytest.raises(DataError, match="is 100 x 90 pixels"):
        cv2.imwrite(str(picture), wall((90, 100))[:, :, ::-1])
        make(tmp_path / "other", film, Nobody(), background=picture)


def test_clothes_like_the_ground_tear_nobody_in_two(tmp_path):
    """A belt as wide as a fifth of the body shows the wall: one person, said to be torn, of the right height."""
    film, truth = walk(60)
    for t, frame in enumerate(film):
        belt = np.zeros(SIZE, bool)
        belt[92:112] = True
        hidden = truth[t] & belt
        frame[hidden] = wall()[hidden]
    outcome, output = make(tmp_path, film, Original(), masks=True)
    assert any("tear" in note for note in outcome.notes) and not outcome.problems
    new = read_masks(output, "anonymized")
    rows = [np.ptp(np.flatnonzero(m.any(axis=1))) for m in new[16:44]]
    assert np.median(rows) > 95  # of 110


def together(people, frames=30, size=(180, 480), height=80, gap=46, step=1.5, patch=()):
    """Several people side by side who walk in step; `patch`: somewhere a moment's upright patch, by frame."""
    scene, film = wall(size), []
    for t in range(frames):
        frame = scene.copy()
        here = people if 4 <= t < frames - 4 else 0  # the scene is empty before and after
        for k in range(here):
            upper, lower = person(30 + gap * k + step * t, t, height=height, foot=165, size=size)
            frame[upper], frame[lower] = SHIRT, TROUSERS
        if t in patch:
            frame[90:165, 400:425] = SHIRT
        film.append(frame)
    return np.stack(film)


def test_a_crowd_is_said_and_people_in_sight_of_each_other_are_none(tmp_path):
    outcome, output = make(tmp_path, together(9), Original())
    (said,) = [line for line in outcome.problems if "people or more" in line]
    assert said.endswith("the 8 largest are painted, the others taken out")
    note = json.loads(output.with_suffix(".json").read_text())
    assert note["frames_with_more_people_than_are_followed"] > 8
    outcome, output = make(tmp_path / "few", together(3), Original())
    assert not any("people or more" in line for line in outcome.problems)
    assert (
        json.loads(output.with_suffix(".json").read_text())["frames_with_more_people_than_are_followed"] == 0
    )


def test_a_patch_beside_somebody_that_is_gone_at_once_is_nobody_and_is_counted(tmp_path):
    counted = []
    for patch in ((), (20, 21, 22)):
        shown = together(2, frames=40, gap=120, step=4.0, patch=patch)
        outcome, output = make(tmp_path / str(len(patch)), shown, Original(), masks=True)
        note = json.loads(output.with_suffix(".json").read_text())
        counted.append((note["patches_taken_for_nobody"], len({one["name"] for one in note["people"]})))
        said = [line for line in outcome.notes if "beside somebody, gone within" in line]
        assert bool(said) == bool(patch)
    assert counted == [(0, 2), (1, 2)] and said[0].startswith("1 patches")
    assert not read_masks(output, "anonymized")[21][90:165, 400:425].any()


def test_frames_of_another_place_are_said(tmp_path):
    film, _ = walk()
    other = np.roll(255 - film[20:32], 30, axis=2)
    outcome, output = make(tmp_path, np.concatenate([film, other, film]), Nobody())
    (said,) = [text for text in outcome.problems if "another picture" in text]
    assert said.startswith("12 frames (from 2.4 s on) show another picture than the scene")
    note = json.loads(output.with_suffix(".json").read_text())
    assert note["frames_of_another_scene"] == 12
    # the scene stands there, in whatever light, and nothing of the other place
    alike = [
        np.corrcoef(read_video(output)[66].ravel(), picture.ravel())[0, 1] for picture in (wall(), other[6])
    ]
    assert alike[0] > 0.9 and alike[1] < 0.5
    plain, _ = make(tmp_path, film, Nobody(), name="plain")
    assert not plain.problems
