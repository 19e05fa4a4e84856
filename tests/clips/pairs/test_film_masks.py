"""People, and what tools draw in their place, are found in films; what is in doubt is said."""

import cv2
import numpy as np
import pytest
from drawn_walks import SIZE, blurred, boxed, coarse, figures, film_of, masks_of, write

from gaitbench.clips.pairs.masks import film_masks
from gaitbench.errors import DataError


def found_in(path):
    found = film_masks(path)
    masks = {
        n: cv2.imdecode(np.frombuffer(p, np.uint8), cv2.IMREAD_GRAYSCALE) > 0
        for n, p in found.pictures.items()
    }
    return found, masks


def overlap(masks, true):
    """Median over the frames of the walk of intersection over union."""
    shares = [
        (m & true[n - 1]).sum() / (m | true[n - 1]).sum() for n, m in masks.items() if true[n - 1].any()
    ]
    return float(np.median(shares))


def box_of(masks):
    out = np.zeros_like(masks)
    for mask, one in zip(masks, out, strict=True):
        x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
        one[y : y + height, x : x + width] = True
    return out


def test_a_person_is_found_and_frames_at_the_side_are_no_walk(tmp_path):
    true = masks_of(3)
    found, masks = found_in(write(tmp_path / "film.mp4", film_of(3)))
    assert overlap(masks, true) > 0.85
    assert not found.doubts and not found.notes and found.walks == 1
    walk = found.walk
    assert len(walk) >= 25
    assert not true[np.array(walk) - 1][:, :, [0, -1]].any()


def around(masks):
    """What `blurred` changes."""
    return np.stack([cv2.dilate(m.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0 for m in masks])


@pytest.mark.parametrize(
    ("tool", "shape", "least"),
    [
        (blurred, around, 0.5), (figures, lambda m: m, 0.75), (boxed, box_of, 0.85), (coarse, box_of, 0.5),
        (lambda f, m: boxed(f, m, (0, 0, 0)), box_of, 0.85),
    ],
)  # fmt: skip
def test_what_a_tool_draws_is_no_shadow(tmp_path, tool, shape, least):
    true = masks_of(3)
    _, masks = found_in(write(tmp_path / "film.mp4", tool(film_of(3), true)))
    assert overlap(masks, shape(true)) > least


def test_the_larger_of_two_is_judged_and_that_is_said(tmp_path):
    true = masks_of(3)
    small = np.zeros_like(true)
    for frame, mask in zip(small, true, strict=True):
        child = cv2.resize(mask.astype(np.uint8), None, fx=0.7, fy=0.7)
        frame[-len(child) :, : child.shape[1]] = child > 0
    small = np.roll(small, 45, axis=2)
    found, masks = found_in(write(tmp_path / "film.mp4", film_of(3, masks=true | small)))
    assert [d for d in found.doubts if "two people at once" in d and "the larger is judged" in d]
    assert overlap(masks, true) > 0.6


def test_two_walks_in_one_film_are_said_and_the_longest_is_taken(tmp_path):
    film = np.concatenate([film_of(3), np.repeat(film_of(3)[:1], 30, axis=0), film_of(3)[:36]])
    path = write(tmp_path / "film.mp4", film)
    found, _ = found_in(path)
    assert found.walks == 2 and "2 walks one after the other" in found.doubts[0]
    assert max(found.walk) <= 64
    # what is not judged is counted, and its silhouettes are not held
    assert all(found.left_out.values()) and sum(found.left_out.values()) + len(found.walk) == len(film)
    assert max(found.seen) > 94 and max(found.pictures) <= 64 and set(found.walk) <= set(found.pictures)
    met = film_masks(path, lambda times: range(1, len(times) + 1, 2))
    assert set(met.pictures) == {n for n in found.seen if n % 2} and met.walk == found.walk
    assert all(met.pictures[n] == found.pictures[n] for n in found.walk if n % 2)


def test_a_film_of_another_rate_says_so(tmp_path):
    found, _ = found_in(write(tmp_path / "film.mp4", film_of(3), fps=50.0))
    assert found.notes == ["filmed at 50 frames a second, taken at 25"]


def test_films_without_a_walk_are_refused_in_one_line(tmp_path):
    film = film_of(3)
    nobody = film_of(3, masks=np.zeros_like(masks_of(3)))
    moving = np.stack([np.roll(frame, 3 * i, axis=1) for i, frame in enumerate(film)])
    (tmp_path / "text.mp4").write_text("not a film")
    for name, frames, word in (
        ("nobody", nobody, "nobody is seen in it"), ("moving", moving, "camera moves"), ("short", film[:3], "3 frames"),
        ("text", None, "not a readable video"),
    ):  # fmt: skip
        path = tmp_path / f"{name}.mp4"
        if frames is not None:
            write(path, frames)
        with pytest.raises(DataError, match=word) as caught:
            film_masks(path)
        assert "\n" not in str(caught.value) and path.name in str(caught.value)


def test_the_size_is_that_of_the_film(tmp_path):
    found, masks = found_in(write(tmp_path / "film.mp4", film_of(4)))
    assert found.size == SIZE == next(iter(masks.values())).shape
    assert len(found.times) == len(film_of(4))
