"""A small clean set of drawn people in CASIA-B's layout, and thirty faults planted in it, one a sequence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from moving_blob import outline, write_png

from gaitbench.datasets.sequence import SequenceKey

__all__ = ["FAULTS", "MORE", "PEOPLE", "Fault", "draw_set", "key_of", "plant_all"]

PEOPLE = ("001", "002", "003", "004", "005", "006")
WALKS = ("nm-01", "nm-02", "bg-01")
VIEWS = (36, 54, 90)
FRAMES, HEIGHT, WIDTH = 30, 120, 160


def folder_of(root: Path, key: SequenceKey) -> Path:
    return root / key.subject / key.walk / key.view


def key_of(name: str) -> SequenceKey:
    return SequenceKey.parse(name)


def draw_set(root: Path) -> list[SequenceKey]:
    """54 walks of people of several heights and paces; head and feet stay inside, each walk is one of a kind."""
    keys = [SequenceKey(p, w, v) for p in PEOPLE for w in WALKS for v in VIEWS]
    for number, key in enumerate(keys):
        for t in range(FRAMES):
            mask = outline(46 + 2.2 * t, number + 0.45 * t, HEIGHT + 100, WIDTH, 0.4 + 0.004 * number)[100:]
            write_png(folder_of(root, key) / f"{key}-{t + 1:03d}.png", mask)
    return keys


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.png"))


def each(folder: Path, change: Callable[[np.ndarray], np.ndarray], at: slice = slice(None)) -> None:
    for file in files(folder)[at]:
        cv2.imwrite(str(file), change(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)))


def moved(down: int, right: int) -> Callable[[np.ndarray], np.ndarray]:
    """The picture moved, black where nothing was."""

    def change(mask: np.ndarray) -> np.ndarray:
        shift = np.float32([[1, 0, right], [0, 1, down]])
        return cv2.warpAffine(mask, shift, mask.shape[::-1], flags=cv2.INTER_NEAREST)

    return change


def to_edge(side: str) -> Callable[[np.ndarray], np.ndarray]:
    """The person moved over an edge of the picture by four pixels."""

    def change(mask: np.ndarray) -> np.ndarray:
        x, y, w, h = cv2.boundingRect(mask)
        down = {"top": -y - 4, "bottom": mask.shape[0] - y - h + 4}.get(side, 0)
        right = {"left": -x - 4, "right": mask.shape[1] - x - w + 4}.get(side, 0)
        return moved(down, right)(mask)

    return change


def copied(root: Path, folder: Path, source: str, level: int | None = None) -> None:
    """The content of another sequence under the names of this one; written anew where a PNG level is given."""
    for file in files(folder):
        file.unlink()
    for number, file in enumerate(files(folder_of(root, key_of(source))), 1):
        place = folder / f"copy-{number:03d}.png"
        if level is None:
            shutil.copy(file, place)
        else:
            cv2.imwrite(str(place), cv2.imread(str(file), 0), [cv2.IMWRITE_PNG_COMPRESSION, level])


def packed(folder: Path) -> None:
    shutil.make_archive(str(folder), "zip", folder)
    shutil.rmtree(folder)


def linked(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to("nowhere")


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def twice(folder: Path) -> None:
    shutil.copy(files(folder)[4], folder / files(folder)[4].name.replace("005.png", "0005.png"))


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def probability(mask: np.ndarray) -> np.ndarray:
    far = cv2.distanceTransform(mask, cv2.DIST_L2, 3) - cv2.distanceTransform(255 - mask, cv2.DIST_L2, 3)
    return np.rint(255 / (1 + np.exp(-far / 3))).astype(np.uint8)


@dataclass(frozen=True)
class Fault:
    """What is done to one sequence, and the kind of finding that must come of it."""

    what: str
    kind: str
    key: str
    do: Callable[[Path, Path], object]


def on(change: Callable[[Path], object]) -> Callable[[Path, Path], object]:
    return lambda root, folder: change(folder)


FAULTS: tuple[Fault, ...] = (
    Fault("a view is gone", "missing", "001-nm-01-036", on(shutil.rmtree)),
    Fault("another view is gone", "missing", "004-bg-01-090", on(shutil.rmtree)),
    Fault("an empty folder", "empty", "001-nm-01-054", on(emptied)),
    Fault("every picture black", "empty", "001-nm-01-090", on(lambda f: each(f, np.zeros_like))),
    Fault("a text for a picture", "unreadable", "001-nm-02-036",
          on(lambda f: files(f)[3].write_text("version https://git-lfs.github.com/spec/v1"))),
    Fault("a picture broken off", "unreadable", "001-nm-02-054",
          on(lambda f: files(f)[7].write_bytes(files(f)[7].read_bytes()[:40]))),
    Fault("a picture of no bytes", "unreadable", "001-nm-02-090", on(lambda f: files(f)[0].write_bytes(b""))),
    Fault("a folder for a picture", "unreadable", "001-bg-01-036", on(lambda f: a_folder(files(f)[9]))),
    Fault("three frames are left", "short", "001-bg-01-054", on(lambda f: [p.unlink() for p in files(f)[3:]])),
    Fault("nobody after the eighth frame", "short", "001-bg-01-090",
          on(lambda f: each(f, np.zeros_like, slice(8, None)))),
    Fault("five black frames in the middle", "black", "002-nm-01-036",
          on(lambda f: each(f, np.zeros_like, slice(10, 15)))),
    Fault("one black frame in the middle", "black", "002-nm-01-054",
          on(lambda f: each(f, np.zeros_like, slice(20, 21)))),
    Fault("the head cut off", "cut", "002-nm-01-090", on(lambda f: each(f, to_edge("top")))),
    Fault("the feet cut off in a third", "cut", "002-nm-02-036",
          on(lambda f: each(f, to_edge("bottom"), slice(0, 10)))),
    Fault("a person at the left border", "cut", "002-nm-02-054", on(lambda f: each(f, to_edge("left")))),
    Fault("a person at the right border", "cut", "002-nm-02-090", on(lambda f: each(f, to_edge("right")))),
    Fault("a copy of another walk", "doubled", "003-nm-02-036", lambda r, f: copied(r, f, "003-nm-01-036")),
    Fault("a copy of another person", "doubled", "004-nm-01-036", lambda r, f: copied(r, f, "003-nm-01-054")),
    Fault("a copy, written anew", "doubled", "004-nm-01-054", lambda r, f: copied(r, f, "003-nm-01-090", 1)),
    Fault("inverted", "inverted", "004-nm-01-090", on(lambda f: each(f, lambda m: 255 - m))),
    Fault("three frames inverted", "inverted", "004-nm-02-036",
          on(lambda f: each(f, lambda m: 255 - m, slice(5, 8)))),
    Fault("two frames white", "filled", "004-nm-02-054",
          on(lambda f: each(f, lambda m: np.full_like(m, 255), slice(5, 7)))),
    Fault("soft edges", "grey", "004-nm-02-090", on(lambda f: each(f, lambda m: cv2.GaussianBlur(m, (3, 3), 0)))),
    Fault("probabilities", "grey", "005-nm-01-036", on(lambda f: each(f, probability))),
    Fault("eight frames in a row are gone", "numbers", "005-nm-01-054",
          on(lambda f: [p.unlink() for p in files(f)[12:20]])),
    Fault("two files of one number", "numbers", "005-nm-01-090", on(twice)),
    Fault("a frame of another size", "sizes", "005-nm-02-036",
          on(lambda f: each(f, lambda m: m[:-8, :-8], slice(6, 7)))),
    Fault("all frames of another size", "sizes", "005-nm-02-054", on(lambda f: each(f, lambda m: m[:, 10:-4]))),
    Fault("one frame over and over", "still", "005-nm-02-090",
          on(lambda f: [shutil.copy(files(f)[0], p) for p in files(f)[1:]])),
    Fault("packed", "left-out", "005-bg-01-036", on(packed)),
)  # fmt: skip
#: More that may lie there, beyond the thirty.
MORE: tuple[Fault, ...] = (
    Fault(
        "a view that is no number",
        "left-out",
        "005-bg-01-054",
        on(lambda f: f.rename(f.with_name("side 54"))),
    ),
    Fault("a link to nowhere", "left-out", "005-bg-01-090", on(linked)),
)


def plant_all(root: Path, faults: tuple[Fault, ...] = FAULTS) -> dict[str, str]:
    """Plant faults; returns kind by the name of the sequence."""
    for fault in faults:
        fault.do(root, folder_of(root, key_of(fault.key)))
    return {fault.key: fault.kind for fault in faults}
