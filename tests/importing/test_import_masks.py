"""Masks of any segmenter: black and white, probabilities, people by number and by colour."""

import cv2
import numpy as np
import pytest
from drawn_film import write
from filmed_people import film_of, overlap, passing

from gaitbench.datasets.opening import open_data
from gaitbench.errors import DataError
from gaitbench.importing.asked import Asked
from gaitbench.importing.films.given_masks import open_masks
from gaitbench.importing.run import run_import

FRAMES = 40


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two people who pass each other, and the truth."""
    film, masks = film_of([(passing(30, 4.5), 100), (passing(210, -4.5), 110)], FRAMES)
    root = tmp_path_factory.mktemp("pair")
    return write(root / "films" / "anna_1.mp4", film), masks


def written(folder, pictures, first=1):
    folder.mkdir(parents=True)
    for number, picture in enumerate(pictures, start=first):
        cv2.imwrite(str(folder / f"frame_{number:04d}.png"), picture)
    return folder


def binary(masks):
    return [m.astype(np.uint8) * 255 for m in masks]


def probability(masks):
    return [cv2.GaussianBlur(m.astype(np.float32) * 230, (0, 0), 1.2).astype(np.uint8) for m in masks]


def small(masks):
    return [cv2.resize(m.astype(np.uint8) * 255, (120, 90), interpolation=cv2.INTER_AREA) for m in masks]


def brought_in(pair, tmp_path, **how):
    found = run_import(
        pair[0].parent, Asked(tmp_path / "in", masks=tmp_path / "masks", video=False, **how), jobs=1
    )
    data = open_data(tmp_path / "in", "imported")
    return found, {str(key): data.load(key) for key in data.keys()}  # noqa: SIM118 - no dict


def begun(read):
    (text,) = [note for note in read.notes if note.startswith("frames ")]
    return int(text.split()[1]) - 1


@pytest.mark.parametrize(
    ("made", "least", "said"),
    [(binary, 0.999, ""), (probability, 0.9, "probabilities"), (small, 0.9, "scaled to 240 x 180")],
)
def test_masks_of_one_person(pair, tmp_path, made, least, said):
    true = pair[1][1]
    written(tmp_path / "masks" / "anna_1", made(true), first=0)
    found, walks = brought_in(pair, tmp_path)
    (read,) = walks.values()
    assert (
        not found.problems and overlap(read.silhouettes, true[read.frame_numbers - 1 + begun(read)]) > least
    )
    assert not said or any(said in text for text in read.notes)


@pytest.mark.parametrize("coloured", [False, True])
def test_people_by_number_or_colour_are_never_taken_for_each_other(pair, tmp_path, coloured):
    codes = np.zeros((FRAMES, *pair[1].shape[2:]), np.uint8)
    for number, masks in enumerate(pair[1], start=1):
        codes[masks] = number
    shown = np.array([(0, 0, 0), (0, 0, 128), (0, 128, 0)], np.uint8)[codes] if coloured else codes
    written(tmp_path / "masks" / "anna_1", shown)
    found, walks = brought_in(pair, tmp_path, least=0.0)
    assert len(walks) == 2 and not found.problems
    whose = []
    for read in walks.values():
        at = codes[read.frame_numbers - 1 + begun(read)]
        whose.append(max((1, 2), key=lambda number: overlap(read.silhouettes, at == number)))
        assert not (read.silhouettes & (at != whose[-1])).any(), (
            "nothing of the other, through the meeting, too"
        )
        assert overlap(read.silhouettes, at == whose[-1]) == 1.0
    assert sorted(whose) == [1, 2]
    assert any("by number or colour" in text for text in read.notes)


def test_masks_that_do_not_fit_are_refused(pair, tmp_path):
    def refused(pictures, words, frames=FRAMES):
        folder = written(tmp_path / words.replace(" ", "-"), pictures)
        with pytest.raises(DataError, match=words):
            open_masks(folder, frames).people(1, (180, 240))

    true = binary(pair[1][0])
    refused(true, "not of this film", frames=30)
    refused([m[:, :90] for m in true], "another shape")
    refused([255 - m for m in true], "white around black")
    refused([np.zeros_like(m) for m in true], "one level throughout")
    refused(
        list(np.random.default_rng(0).integers(0, 255, (3, 180, 240, 3), np.uint8)), "more than 64 colours"
    )


def test_a_film_without_masks_is_named(pair, tmp_path):
    written(tmp_path / "masks" / "bob_1", binary(pair[1][0]))
    with pytest.raises(DataError, match="no folder of masks named anna_1"):
        run_import(pair[0].parent, Asked(tmp_path / "in", masks=tmp_path / "masks"), jobs=1)
