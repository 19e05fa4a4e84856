"""Scores and labels: what is known to be patterned, plain, whole or broken gets its name."""

from dataclasses import replace

import numpy as np
import pytest
from moving_blob import outline

from gaitbench.datasets.labels import (
    COMPLETE_FROM,
    TEXTURAL_FROM,
    completeness_score,
    label_sequences,
    read_label_file,
    sets_of_scores,
    texture_score,
    walk_scores,
)
from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.datasets.silhouettes.alignment import crop, track_boxes
from gaitbench.errors import DataError

KEY = SequenceKey("001", "nm-01", 90)


def sequence(pattern="plain", size=(64, 44), frames=24, brightness=1.0, noise=1.5, key=KEY):
    rng = np.random.default_rng(4)
    masks = np.stack([outline(100 + 3 * t, t / 2.2) for t in range(frames)])
    rows, columns = np.indices(masks.shape[1:])
    colour = np.full((*masks.shape[1:], 3), (120.0, 70.0, 60.0))
    if pattern == "stripes":
        colour[rows // 5 % 2 == 0] = (190, 180, 170)
    if pattern == "two garments":
        colour[rows > 135] = (40, 40, 90)
    colour *= (0.8 + 0.3 * columns / 320)[..., None] * brightness  # smooth shading
    pictures = np.clip(colour + rng.normal(0, noise, (frames, *colour.shape)), 0, 255).astype(np.uint8)
    boxes = track_boxes(masks)
    numbers = np.arange(1, frames + 1, dtype=np.int32)
    return GaitSequence(key, crop(masks, boxes, size), crop(pictures, boxes, size), numbers, frames)


@pytest.mark.parametrize("size", [(64, 44), (128, 88)])
@pytest.mark.parametrize("brightness", [0.5, 1.0])
def test_stripes_are_textural_and_shading_is_plain(size, brightness):
    assert texture_score(sequence("stripes", size, brightness=brightness)) > TEXTURAL_FROM
    assert texture_score(sequence("plain", size, brightness=brightness)) < TEXTURAL_FROM
    assert texture_score(sequence("two garments", size, brightness=brightness)) < TEXTURAL_FROM


def test_the_scene_behind_does_not_count():
    plain = sequence()
    noisy = plain.rgb.copy()
    noisy[~plain.silhouettes] = np.random.default_rng(0).integers(0, 256, noisy[~plain.silhouettes].shape)
    assert texture_score(replace(plain, rgb=noisy)) == pytest.approx(texture_score(plain))
    with pytest.raises(DataError, match="no colours"):
        texture_score(replace(plain, rgb=None))


def hurt(kind):
    whole = sequence()
    masks = whole.silhouettes.copy()
    if kind == "split":
        masks[:, 30:33] = False
    if kind == "hole":
        masks[6:12, 22:28, 19:25] = False
    if kind == "head":
        masks[4:9, :10] = False
    if kind == "legs":
        masks[4:8, 36:, :] = False
    if kind == "frames":
        return replace(whole, silhouettes=masks[:-2], rgb=None, frame_numbers=whole.frame_numbers[:-2])
    return replace(whole, silhouettes=masks)


@pytest.mark.parametrize("kind", ["split", "hole", "head", "legs", "frames"])
def test_every_way_of_being_broken_lowers_completeness(kind):
    assert completeness_score(sequence()) >= COMPLETE_FROM
    assert 0.0 <= completeness_score(hurt(kind)) < COMPLETE_FROM


def test_an_arm_s_hole_in_every_frame_is_natural():
    whole = sequence()
    masks = whole.silhouettes.copy()
    masks[:, 24:28, 20:23] = False
    assert completeness_score(replace(whole, silhouettes=masks)) >= COMPLETE_FROM


def test_scores_become_sets_and_hands_win():
    scores = {"texture": TEXTURAL_FROM, "completeness": COMPLETE_FROM}
    assert sets_of_scores(scores) == ("textural", "complete")
    assert sets_of_scores({"texture": TEXTURAL_FROM - 0.1, "completeness": 0.5}) == ("plain", "incomplete")
    assert sets_of_scores({"completeness": 0.5}) == ("incomplete",)
    assert sets_of_scores(scores, ["incomplete"]) == ("textural", "incomplete")


def test_a_file_of_hand_made_labels_wins(tmp_path):
    other = SequenceKey("002", "nm-01", 90)
    path = tmp_path / "labels.csv"
    path.write_text("key,label\n001-nm-01-090,textural\n001-nm-01-090,incomplete\n", "utf-8")
    labels = label_sequences([sequence(), replace(sequence("stripes"), key=other)], label_file=path)
    assert labels[KEY].sets == ("textural", "incomplete") == labels[KEY].by_hand
    assert labels[KEY].scores["texture"] < TEXTURAL_FROM
    assert labels[other].sets == ("textural", "complete") and labels[other].by_hand == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,label\na,plain\n", "needs the columns key,label"),
        ("", "is empty"),
        (
            "key,label\n001-nm-01-090,striped\n",
            r"line 2: label is 'striped', which is unknown. Known: plain, textural",
        ),
        ("key,label\n001-nm-01-090,textual\n", r"line 2: label is 'textual', .*did you mean 'textural'"),
        ("key,label\n001-nm-01-090\n", r"line 2 has no column 'label'"),
        ("key,label\n009-nm-01-090,plain\n", r"line 2: no sequence '009-nm-01-090'"),
        ("key,label\n001-nm-01-090,plain\n001-nm-01-090,textural\n", "line 3: .* labelled twice"),
    ],
)
def test_wrong_label_files_are_one_clear_line(text, message, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message):
        read_label_file(path, [KEY])
    with pytest.raises(DataError, match="no such file"):
        read_label_file(tmp_path / "none.csv", [KEY])


def test_a_walk_is_plain_or_textural_to_all_of_its_cameras():
    keys = [SequenceKey("001", "nm-01", angle) for angle in (0, 90, 180)] + [SequenceKey("001", "nm-02", 0)]
    low, high = TEXTURAL_FROM - 1, TEXTURAL_FROM + 1
    scores = {
        k: {"texture": t, "completeness": 0.5} for k, t in zip(keys, (high, high, low, low), strict=True)
    }
    del scores[keys[1]]["completeness"]
    found = walk_scores(scores)
    assert [sets_of_scores(found[k])[0] for k in keys] == ["textural", "textural", "textural", "plain"]
    assert scores[keys[2]]["texture"] == low  # what was given is not changed
    assert found[keys[0]]["completeness"] == 0.5 and "completeness" not in found[keys[1]]
    assert walk_scores({keys[0]: {"completeness": 1.0}}) == {keys[0]: {"completeness": 1.0}}
