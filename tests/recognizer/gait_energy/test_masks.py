"""However a file holds a silhouette, the same person is read, or the cause is named."""

import os

import cv2
import numpy as np
import pytest
from PIL import Image

from recognizer import gei_from_files
from recognizer.gait_energy import masks as masks_module
from recognizer.gait_energy.mask_files import MaskError
from recognizer.gait_energy.masks import read_masks


def person(t):
    mask = np.zeros((120, 160), np.uint8)
    cv2.ellipse(mask, (80, 30), (7, 9), 0, 0, 360, 1, -1)
    cv2.rectangle(mask, (72, 38), (88, 75), 1, -1)
    for side in (-1, 1):
        cv2.line(mask, (80, 74), (80 + side * (6 + t), 110), 1, 6)
    return mask.astype(bool)


M = np.stack([person(t) for t in range(6)])


def palette(m, index, colour):
    picture = Image.fromarray((m * index).astype(np.uint8), "P")
    table = [0] * 768
    table[3 * index : 3 * index + 3] = colour
    picture.putpalette(table)
    return picture


def coloured(m, front, back=(0, 0, 0)):
    return Image.fromarray(np.where(m[..., None], np.uint8(front), np.uint8(back)))


def with_alpha(m, colour):
    return Image.fromarray(np.dstack([np.full((*m.shape, 3), colour, np.uint8), m * np.uint8(255)]))


def cut_out(m):
    texture = np.random.default_rng(0).integers(60, 200, (*m.shape, 3), dtype=np.uint8) * m[..., None]
    return Image.fromarray(np.dstack([texture, m * np.uint8(255)]))


def jpeg(m):
    return cv2.imencode(".jpg", m * np.uint8(255), [cv2.IMWRITE_JPEG_QUALITY, 60])[1].tobytes()


def tiff(m):
    return cv2.imencode(".tiff", m * np.uint8(255))[1].tobytes()


KINDS = {
    "0 and 255": lambda m: m * np.uint8(255),
    "0 and 1": lambda m: m.astype(np.uint8),
    "0 and 15": lambda m: m * np.uint8(15),
    "1 bit": Image.fromarray,
    "16 bit": lambda m: m * np.uint16(65535),
    "16 bit 0 and 255": lambda m: m * np.uint16(255),
    "16 bit 0 and 1": lambda m: m.astype(np.uint16),
    "palette, dark red": lambda m: palette(m, 1, [128, 0, 0]),
    "palette, pink": lambda m: palette(m, 15, [192, 128, 128]),
    "blue": lambda m: coloured(m, (0, 0, 200)),
    "white alpha": lambda m: with_alpha(m, 255),
    "black alpha": lambda m: with_alpha(m, 0),
    "grey and alpha": lambda m: Image.fromarray(
        np.dstack([np.full(m.shape, 255, np.uint8), m * np.uint8(255)]), "LA"
    ),
    "cut out": cut_out,
    "mask and full alpha": lambda m: Image.fromarray(
        np.dstack([np.repeat(m[..., None], 3, 2), m | True]) * np.uint8(255)
    ),
    "JPEG": jpeg,
    "TIFF": tiff,
    "probabilities": lambda m: np.clip(cv2.GaussianBlur(m * np.float32(250), (0, 0), 0.6), 2, 248).astype(
        np.uint8
    ),
    "probabilities, 16 bit": lambda m: (cv2.GaussianBlur(m * np.float32(60000), (0, 0), 0.6) + 900).astype(
        np.uint16
    ),
}


def write(folder, kind, masks=M, suffix=".png"):
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for t, mask in enumerate(masks):
        path, made = folder / f"{t:03d}{suffix}", kind(mask)
        if isinstance(made, bytes):
            path.write_bytes(made)
        elif isinstance(made, np.ndarray):
            path.write_bytes(cv2.imencode(".png", made)[1].tobytes())
        else:
            made.save(path, "PNG")
        paths.append(path)
    return paths


#: What needs no word.
PLAIN = {
    "0 and 255",
    "0 and 1",
    "1 bit",
    "16 bit",
    "16 bit 0 and 255",
    "16 bit 0 and 1",
    "TIFF",
    "mask and full alpha",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_person(tmp_path, kind):
    paths = write(tmp_path, KINDS[kind])
    masks, report = read_masks(paths)
    wrong = (masks != M).sum() / M.sum()
    assert wrong <= (0.03 if kind == "JPEG" or "probab" in kind else 0), f"{wrong:.3f}, {report}"
    plain = kind in PLAIN
    assert (report.converted == "") == plain, report.converted
    assert ("alpha" in report.converted) == (
        kind in ("white alpha", "black alpha", "grey and alpha", "cut out")
    )
    clean = gei_from_files([write(tmp_path / "clean", KINDS["0 and 255"])])
    assert np.abs(gei_from_files([paths]) - clean).mean() < 0.02


def speck(m):
    m = m.copy()
    m[2:4, 2:4] = True
    return m * np.uint8(255)


def salt(m):
    # single pixels, none beside another or beside the person
    spots = np.zeros_like(m)
    spots[3:117:9, 4:60:9] = True
    return (m | spots) * np.uint8(255)


def somebody_else(m):
    m = m.copy()
    m[80:110, 5:15] = True
    return m * np.uint8(255)


@pytest.mark.parametrize(
    ("dirt", "told"), [(speck, "specks"), (salt, "specks"), (somebody_else, "second patch")]
)
def test_what_is_not_the_person_is_taken_away_and_said(tmp_path, dirt, told):
    masks, report = read_masks(write(tmp_path, dirt))
    assert (masks == M).all() and told in report.converted


def test_a_person_cut_in_two_by_a_post_stays_whole(tmp_path):
    """Found by `smoke` from disk: extraction keeps both halves, the reader left the narrower one out."""
    cut = np.zeros_like(M)
    cut[:, 20:112, 30:60] = cut[:, 20:112, 74:90] = True  # 14 pixels between, of a person of 92
    masks, _ = read_masks(write(tmp_path, lambda m: m * np.uint8(255), cut))
    assert (masks == cut).all()


def test_parts_that_belong_to_the_person_stay(tmp_path):
    cut = M.copy()
    cut[:, 73:77] = False  # a belt of the background's colour
    masks, report = read_masks(write(tmp_path, lambda m: m * np.uint8(255), cut))
    assert (masks == cut).all() and report.converted == ""


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("inverted", lambda m: ~m * np.uint8(255)),
        (
            "filled",
            lambda m: (
                np.full(m.shape, 255, np.uint8) * np.uint8(1) - (np.arange(m.size).reshape(m.shape) == 5)
            ),
        ),
        ("constant", lambda m: np.full(m.shape, 255, np.uint8)),
        ("empty", lambda m: np.zeros(m.shape, np.uint8)),
        (
            "ambiguous",
            lambda m: Image.fromarray(np.dstack([*[m[::-1] * np.uint8(255)] * 3, m * np.uint8(255)])),
        ),
        ("unreadable", lambda m: b"version https://git-lfs.github.com/spec/v1"),
    ],
)
def test_what_is_no_person_is_named(tmp_path, kind, made):
    with pytest.raises(MaskError) as error:
        read_masks(write(tmp_path, made), name="081-nm-05-090")
    assert error.value.kind == kind and str(error.value).count("\n") == 0


def test_nothing_but_files_of_a_sane_size_is_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    bomb = bytearray(write(tmp_path, KINDS["0 and 255"])[0].read_bytes())
    bomb[16:24] = (65000).to_bytes(4, "big") * 2
    (tmp_path / "bomb.png").write_bytes(bomb)
    for name, told in (
        ("pipe", "no regular file"),
        ("zero", "no regular file"),
        ("bomb", "65000 x 65000"),
        ("no", "No"),
    ):
        with pytest.raises(MaskError, match=told) as error:
            read_masks([tmp_path / f"{name}.png"])
        assert error.value.kind == "unreadable"


def test_pictures_of_another_size_are_named(tmp_path):
    paths = write(tmp_path, KINDS["0 and 255"])
    paths += write(tmp_path / "b", KINDS["0 and 255"], M[:1, :100])
    with pytest.raises(MaskError, match=r"000.png is 160 x 100 pixels, expected 160 x 120"):
        read_masks(paths)


@pytest.mark.parametrize("seed", range(6))
def test_the_person_is_the_same_wherever_the_picture_has_room(seed):
    """Patches are looked for where anything is white: the result does not depend on the black around it."""
    rng = np.random.default_rng(seed)
    small = np.zeros((4, 40, 30), bool)
    small[:, 8:36, 10:18] = True
    small |= rng.random(small.shape) < 0.04
    small[3] = False
    kept, moved = small.copy(), []
    counts = masks_module._person_alone(kept)
    for top, left in ((0, 0), (1, 3), (4, 2), (7, 9)):
        wide = np.pad(small, ((0, 0), (top, 11), (left, 6)))
        assert masks_module._person_alone(wide) == counts
        moved.append(wide[:, top : top + 40, left : left + 30])
        assert np.count_nonzero(wide) == np.count_nonzero(kept)
    assert all(np.array_equal(one, kept) for one in moved) and not np.array_equal(kept, small)
