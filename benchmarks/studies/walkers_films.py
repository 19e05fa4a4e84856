"""People cut out of the walkers' other films against the truth, and a sheet of pictures of them.

    python -m benchmarks.studies.walkers_films [--sequences 24] [--sheet docs/walkers/films.jpg]

Each sequence is written as a video, the empty scene before the walk, and read as `import` and `anonymize` read one
(the scene learned from the video, or given), and as `evaluate` reads pairs.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.pairs.masks import film_masks
from gaitbench.clips.people.beside import whole_silhouette
from gaitbench.clips.scene import Scene, background_scene, learned_scene
from gaitbench.datasets.sequence import ANGLES, WALKS, SequenceKey
from gaitbench.datasets.silhouettes.extraction import iter_moving
from gaitbench.datasets.video import iter_video
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.films import FILMS, FilmedWalkers
from gaitbench.datasets.walkers.sheets import headed

_FRAMES = 36
_WAYS = ("learned", "given", "evaluate")
_SHOWN = [("001", "nm-01", 90), ("002", "cl-01", 54), ("003", "bg-01", 0), ("024", "nm-01", 36)]
Masks = NDArray[np.bool_]


def _moving(path: Path, scene: Scene) -> Masks:
    smallest = scene.settings.smallest_person * scene.picture.shape[0] * scene.picture.shape[1]
    return np.stack([
        whole_silhouette(mask, moving, smallest)[0] if mask.any() else mask
        for mask, moving in iter_moving(iter_video(path), scene.plate, scene.settings)
    ])  # fmt: skip


def _judged(path: Path, like: Masks) -> Masks:
    out = np.zeros((len(like), *like.shape[1:]), bool)
    for number, png in film_masks(path).pictures.items():
        read = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert read is not None
        out[number - 1] = read > 0
    return out


def cut_out_of(walkers: Walkers, key: SequenceKey) -> tuple[NDArray[np.uint8], Masks, dict[str, Masks]]:
    """Pictures, true silhouettes, and those found in each way."""
    seen = walkers.load(key, frames=_FRAMES)
    true = walkers.true_masks(key, body=key.subject, frames=_FRAMES, rgb=False).masks
    assert seen.frames is not None and seen.background is not None
    empty = np.repeat(seen.background, 3, 0)
    with tempfile.TemporaryDirectory() as folder:
        path, background = Path(folder) / "film.avi", Path(folder) / "empty.avi"
        write_lossless_avi(path, np.concatenate([empty, seen.frames]))
        write_lossless_avi(background, seen.background)
        nobody = np.zeros((len(empty), *true.shape[1:]), bool)
        found = {
            "learned": _moving(path, learned_scene(path)),
            "given": _moving(path, background_scene(path, background)),
            "evaluate": _judged(path, np.concatenate([nobody, true])),
        }
    return seen.frames, true, {way: masks[len(empty) :] for way, masks in found.items()}


def _tall(masks: Masks) -> float:
    rows = [np.flatnonzero(one.any(axis=1)) for one in masks]
    return float(np.median([np.ptp(r) + 1 if len(r) else 0 for r in rows]))


def table(sequences: int) -> None:
    """Overlap with the truth, and the median height over the true one, of random sequences of subjects 081 to 120."""
    rng = np.random.default_rng(4)
    keys = [
        SequenceKey(f"{rng.integers(81, 121):03d}", WALKS[rng.integers(10)], ANGLES[rng.integers(11)])
        for _ in range(sequences)
    ]
    print(f"{len(keys)} sequences of subjects 081 to 120: overlap mean (lowest), height median (lowest)")
    for film in (None, *FILMS):
        walkers = Walkers() if film is None else FilmedWalkers(film)
        rows: dict[str, list[tuple[float, float]]] = {way: [] for way in _WAYS}
        for key in keys:
            _, true, found = cut_out_of(walkers, key)
            there = true.sum(axis=(1, 2)) > 30
            for way, masks in found.items():
                overlap = (masks & true)[there].sum() / (masks | true)[there].sum()
                rows[way].append((float(overlap), _tall(masks[there]) / _tall(true[there])))
        for way in _WAYS:
            overlaps, tall = np.array(rows[way]).T
            print(f"  {film or 'usual':8}{way:10}{overlaps.mean():6.2f} ({overlaps.min():.2f})"
                  f"{np.median(tall):8.2f} ({tall.min():.2f})", flush=True)  # fmt: skip


def sheet(place: Path) -> None:
    """Four people on each film: the picture, the truth, and what is found with the scene learned."""
    blocks = []
    for film, what in FILMS.items():
        cells = []
        for name in _SHOWN:
            frames, true, found = cut_out_of(FilmedWalkers(film), SequenceKey(*name))
            at = 22
            white = [np.repeat(m[at][..., None] * np.uint8(255), 3, 2) for m in (true, found["learned"])]
            column = [cv2.resize(p, (200, 150), interpolation=cv2.INTER_AREA) for p in (frames[at], *white)]
            cells.append(np.pad(np.concatenate(column), ((0, 0), (0, 2), (0, 0)), constant_values=90))
        title = f"{film}: {what}. Picture, truth, found"
        blocks.append(headed(np.concatenate(cells, axis=1), title, 22, 0.45))
    content = cv2.imencode(".jpg", np.concatenate(blocks)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.tobytes())
    print(f"{place}: {len(content) // 1024} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sequences", type=int, default=24)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.sheet is not None:
        sheet(options.sheet)
    if options.sequences:
        table(options.sequences)


if __name__ == "__main__":
    main()
