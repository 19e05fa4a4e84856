"""Robust PCA against a truncated SVD when a tenth of the training gait energy images is spoiled: cross-view rank-1.

    python -m benchmarks.studies.recognizer_robustness [--suite quick] [--seeds 3] [--share 0.1]

Both recognizers are the same but for robust PCA. Spoiled images: a block erased, a coat (the trunk wider), a bag. The
figure is the mean over all pairs of different gallery and probe angles, in percent; nothing here is chosen by it.
The differences (robust minus truncated, spoiled, mean over the draws) come with a 95 % interval by a bootstrap over the
probes' people: it says how far other people would move them. Gallery and draws stay as they are; `--seeds` makes more.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import grey_dilation

from recognizer import RobustVTM, TruncatedVTM


class Gaits(NamedTuple):
    """Images float32 (n, h, w), subjects, angles and walks (n,)."""

    x: NDArray[np.float32]
    subjects: NDArray[np.str_]
    angles: NDArray[np.int64]
    walks: NDArray[np.str_]


def erased(x: NDArray[np.float32], rng: np.random.Generator) -> None:
    """A block of a fifth to a third of the height and a third to two thirds of the width is lost."""
    h, w = x.shape
    tall, wide = rng.integers(h // 5, h // 3), rng.integers(w // 3, 2 * w // 3)
    top, left = rng.integers(0, h - tall), rng.integers(w // 8, w - wide)
    x[top : top + tall, left : left + wide] = 0


def coat(x: NDArray[np.float32], rng: np.random.Generator) -> None:
    """The trunk, down to the knees at most, is two or three pixels wider on both sides."""
    h = len(x)
    top, bottom = int(0.15 * h), int(h * rng.uniform(0.55, 0.75))
    x[top:bottom] = grey_dilation(x[top:bottom], size=(1, int(2 * rng.integers(2, 4) + 1)))


def bag(x: NDArray[np.float32], rng: np.random.Generator) -> None:
    """An ellipse beside the trunk is always white."""
    h, w = x.shape
    y, side = h * rng.uniform(0.3, 0.5), rng.choice([0.25, 0.75])
    rows, columns = np.ogrid[:h, :w]
    inside = ((rows - y) / (h * 0.12)) ** 2 + ((columns - side * w) / (w * 0.14)) ** 2 <= 1
    x[inside] = 1


class Cells(NamedTuple):
    """Probes and those among them that were named right, float64 (cells, people) each.

    A cell is a pair of different gallery and probe angles.
    """

    right: NDArray[np.float64]
    count: NDArray[np.float64]

    def percent(self, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Mean over the cells, in percent (draws,), with every person taken so often (draws, people); default once."""
        w = np.ones((1, self.count.shape[1])) if weights is None else weights
        count = w @ self.count.T
        rate = np.divide(w @ self.right.T, count, out=np.full(count.shape, np.nan), where=count > 0)
        return np.asarray(100 * np.nanmean(rate, axis=1))


#: Recognizer, share spoiled, seed, cells by condition.
Row = tuple[str, float, int, dict[str, Cells]]

RESAMPLES = 10_000

SPOILS: tuple[Callable[[NDArray[np.float32], np.random.Generator], None], ...] = (erased, coat, bag)


def spoil(x: NDArray[np.float32], share: float, seed: int) -> NDArray[np.float32]:
    """A copy in which a share of the images is spoiled, one way each."""
    rng = np.random.default_rng(seed)
    out = x.copy()
    for i in rng.choice(len(x), round(share * len(x)), replace=False):
        SPOILS[rng.integers(len(SPOILS))](out[i], rng)
    return out


def cross_view(attacker: Any, gallery: Gaits, probes: Gaits) -> dict[str, Cells]:
    """Who was named right, by condition, in all cells whose gallery and probe angles differ."""
    attacker.enroll(gallery.x, gallery.subjects, angle=gallery.angles)
    distances = attacker.distances(probes.x, angle=probes.angles)
    conditions = np.array([w.split("-")[0] for w in probes.walks])
    return {
        c: Cells(
            *(
                np.array(part)
                for part in zip(*_cells(distances, gallery, probes, conditions == c), strict=True)
            )
        )
        for c in ("nm", "bg", "cl")
        if (conditions == c).any()
    }


def _cells(
    distances: NDArray[np.float32], gallery: Gaits, probes: Gaits, chosen: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    names, person = np.unique(probes.subjects, return_inverse=True)
    for probe_angle in np.unique(probes.angles):
        rows = np.flatnonzero(chosen & (probes.angles == probe_angle))
        for gallery_angle in np.unique(gallery.angles):
            columns = np.flatnonzero(gallery.angles == gallery_angle)
            if gallery_angle != probe_angle and len(rows):
                nearest = distances[np.ix_(rows, columns)].argmin(axis=1)
                right = gallery.subjects[columns][nearest] == probes.subjects[rows]
                yield (
                    np.bincount(person[rows], right, minlength=len(names)),
                    np.bincount(person[rows], minlength=len(names)).astype(np.float64),
                )


def compare(
    training: Gaits, gallery: Gaits, probes: Gaits, *, share: float, seeds: int,
    kinds: dict[str, Callable[[], Any]] | None = None,
) -> list[Row]:  # fmt: skip
    """One row for each recognizer and draw; the first of each without spoiling."""
    rows: list[Row] = []
    for case, (part, seed) in enumerate([(0.0, 0), *((share, s) for s in range(seeds))]):
        x = spoil(training.x, part, seed) if case else training.x
        for name, make in (kinds or {"robust-vtm": RobustVTM, "tsvd-vtm": TruncatedVTM}).items():
            attacker = make().fit(x, training.subjects, angle=training.angles, walk=training.walks)
            rows.append((name, part, seed, cross_view(attacker, gallery, probes)))
    return rows


def differences(
    rows: list[Row], first: str = "robust-vtm", second: str = "tsvd-vtm"
) -> dict[str, tuple[float, float, float]]:
    """By condition: rank-1 of `first` minus `second`, mean over the spoiled draws, and its 95 % interval, in points.

    Percentiles of a bootstrap over the probes' people, the same ones for both recognizers and for every draw.
    """
    spoiled = {n: [r[3] for r in rows if r[0] == n and r[1] > 0] for n in (first, second)}
    found = {}
    for condition in spoiled[first][0] if spoiled[first] else ():
        pairs = [(a[condition], b[condition]) for a, b in zip(spoiled[first], spoiled[second], strict=True)]
        people = pairs[0][0].count.shape[1]
        rng = np.random.default_rng(0)
        weights = rng.multinomial(people, np.full(people, 1 / people), RESAMPLES).astype(np.float64)
        drawn = np.mean([a.percent(weights) - b.percent(weights) for a, b in pairs], axis=0)
        value = float(np.mean([a.percent() - b.percent() for a, b in pairs]))
        low, high = np.nanpercentile(drawn, [2.5, 97.5])
        found[condition] = (value, float(low), float(high))
    return found


def main(arguments: list[str] | None = None) -> None:
    """Load the suite's data, compare, print."""
    from gaitbench.evaluation.experiment import Experiment
    from gaitbench.evaluation.run.setup import open_run

    parser = argparse.ArgumentParser(
        description="robust PCA against truncated SVD on spoiled training images"
    )
    parser.add_argument("--suite", default="quick")
    parser.add_argument("--seeds", type=int, default=3, help="draws of what is spoiled")
    parser.add_argument("--share", type=float, default=0.1)
    given = parser.parse_args(arguments)
    found = {r: f.usable() for r, f in Experiment(open_run(given.suite)).features.items()}
    data = [
        Gaits(np.asarray(f.x, np.float32), f.subjects, f.angles, f.walks)
        for f in (found[role] for role in ("recognizer", "gallery", "probe"))
    ]
    report(compare(*data, share=given.share, seeds=given.seeds))


def report(rows: list[Row]) -> None:
    """Print every row, then the means of the spoiled ones and their differences with intervals."""
    for name, share, seed, rank1 in rows:
        figures = "  ".join(f"{c} {v.percent().item():5.1f}" for c, v in rank1.items())
        print(f"{name:12} spoiled {100 * share:3.0f} %  seed {seed}  {figures}", flush=True)
    for name in dict.fromkeys(r[0] for r in rows):
        spoiled = [r[3] for r in rows if r[0] == name and r[1] > 0]
        if spoiled:
            means = "  ".join(f"{c} {np.mean([s[c].percent() for s in spoiled]):5.1f}" for c in spoiled[0])
            print(f"{name:12} mean of the spoiled   {means}")
    found = differences(rows)
    if found:
        draws = sum(1 for r in rows if r[0] == "robust-vtm" and r[1] > 0)
        people = next(iter(rows[0][3].values())).count.shape[1]
        print(f"robust-vtm minus tsvd-vtm, spoiled, points (95 % over {people} people; {draws} draws):")
        for condition, (value, low, high) in found.items():
            print(f"  {condition} {value:+5.1f}  [{low:+.1f}, {high:+.1f}]")


if __name__ == "__main__":
    main()
