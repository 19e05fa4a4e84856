"""Recognition on the walkers' silhouettes: same view, across views, and by clothes and scene alone."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace

import cv2
import numpy as np

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import WALKS, SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.bodies.body import Body
from gaitbench.datasets.walkers.bodies.gait import GaitStyle
from gaitbench.datasets.walkers.figures.outfits import Coat, Outfit
from gaitbench.datasets.walkers.kinds import walkers_of
from gaitbench.datasets.walkers.people import Cast

GALLERY = WALKS[:4]
PROBES = {"nm": WALKS[4:6], "bg": WALKS[6:8], "cl": WALKS[8:10]}


def gait_energy(masks: np.ndarray) -> np.ndarray:
    """A plain gait energy image (64, 44) of whole-frame silhouettes: crop, scale to 64 rows, centre, mean."""
    out = []
    for mask in masks:
        rows = np.flatnonzero(mask.any(axis=1))
        body = mask[rows[0] : rows[-1] + 1].astype(np.float32)
        mass = body.sum(axis=0).cumsum()
        centre = int(np.searchsorted(mass, mass[-1] / 2))
        width = round(len(body) * 44 / 64)
        padded = np.pad(body, ((0, 0), (width, width)))
        left = centre + width - width // 2
        out.append(cv2.resize(padded[:, left : left + width], (44, 64), interpolation=cv2.INTER_AREA))
    return np.mean(out, axis=0)


def _features(job: tuple[str, tuple[int, ...], str]) -> list[tuple[str, str, int, np.ndarray, np.ndarray]]:
    subject, angles, kind = job
    cv2.setNumThreads(1)
    walkers, rows = walkers_of(kind), []
    for walk in WALKS:
        for angle in angles:
            masks = walkers.true_masks(
                SequenceKey(subject, walk, angle), body=subject, frames=32, rgb=False
            ).masks
            box = [
                (np.ptp(np.flatnonzero(m.any(axis=1))), np.ptp(np.flatnonzero(m.any(axis=0)))) for m in masks
            ]
            rows.append((subject, walk, angle, gait_energy(masks), np.mean(box, axis=0)))
    return rows


def recognition(subjects: int, angles: tuple[int, ...], jobs: int, kind: str = "") -> None:
    """Nearest neighbour on true silhouettes."""
    names = [f"{s:03d}" for s in range(81, 81 + subjects)]
    print(
        f"\nRecognition on true silhouettes: {subjects} {kind or 'plain'} people, nearest neighbour, nm-01..04"
    )
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        rows = [r for part in pool.imap(_features, [(n, angles, kind) for n in names]) for r in part]
    who, walk, angle = (np.array([r[i] for r in rows]) for i in (0, 1, 2))
    gei = np.array([r[3].ravel() for r in rows])
    size = np.array([r[4] for r in rows])

    def rank1(x: np.ndarray, condition: str, probe_angle: int, gallery_angle: int) -> float:
        probe = np.isin(walk, PROBES[condition]) & (angle == probe_angle)
        gallery = np.isin(walk, GALLERY) & (angle == gallery_angle)
        p, g = x[probe], x[gallery]
        distance = (p**2).sum(axis=1)[:, None] + (g**2).sum(axis=1) - 2 * p @ g.T
        return float(100 * (who[gallery][distance.argmin(axis=1)] == who[probe]).mean())

    for condition, goal in (("nm", ">= 95"), ("bg", "10 points under nm"), ("cl", "20 points under nm")):
        cells = {a: rank1(gei, condition, a, a) for a in angles}
        text = ", ".join(f"{a}: {v:.0f}" for a, v in cells.items())
        print(f"  {condition} same view, mean {np.mean(list(cells.values())):.1f} % (goal {goal}); {text}")
    print(
        f"  height and width only, nm: {np.mean([rank1(size / size.std(0), 'nm', a, a) for a in angles]):.1f} %"
    )
    for name, one_side in (("all pairs", False), ("both angles on one side of 90", True)):
        by: dict[int, list[float]] = {}
        for p in angles:
            for g in angles:
                if not one_side or (p - 90) * (g - 90) >= 0:
                    by.setdefault(abs(p - g), []).append(rank1(gei, "nm", p, g))
        text = ", ".join(f"{d}: {np.mean(v):.1f}" for d, v in sorted(by.items()))
        print(f"  cross view by difference (goal: under 40 % at 54), {name}: {text}")


class _OneBody(Cast):
    """Everybody has the body, hair shape and way to walk of one person; clothes, courses and scenes stay their own.

    With `cut` the clothes are that person's too and only their patterns and all colours are everybody's own.
    """

    def __init__(self, like: Walkers, body: str, cut: bool) -> None:
        super().__init__(like.seed, like.length, like.fps)
        self._who, self._cut = body, cut

    def _make_person(self, subject: str) -> tuple[Body, GaitStyle, Outfit, Coat]:
        body, style, outfit, coat = super()._make_person(self._who)
        own, own_coat = super()._make_person(subject)[2:]
        if not self._cut:
            return body, style, own, own_coat
        painted = {name: getattr(own, name) for name in ("top", "bottom", "skin", "hair", "shoes", "sole")}
        return body, style, replace(outfit, **painted), replace(coat, pattern=own_coat.pattern)


#: Who lends the body, and what of the others is seen on it.
LENDER = "122"
SHOWN = {"clothes, colours and scene": False, "colours and scene": True}


def _on_one_body(job: tuple[str, tuple[int, ...], bool]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Gait energy images (2 walks) of extracted and of true silhouettes, for each angle."""
    subject, angles, cut = job
    cv2.setNumThreads(1)
    walkers, out = Walkers(), []
    walkers._cast = _OneBody(walkers, LENDER, cut)
    for angle in angles:
        images = [
            [
                prepare(walkers.load(SequenceKey(subject, walk, angle), frames=32, video=video), rgb=False)
                .silhouettes.mean(axis=0)
                .ravel()
                for walk in ("nm-01", "nm-05")
            ]
            for video in (True, False)
        ]
        out.append((np.array(images[0]), np.array(images[1])))
    return out


def _ranks(images: np.ndarray) -> np.ndarray:
    """Rank (from 1) of everybody's own nm-01 among all, by the distance to their nm-05; images (people, 2, pixels)."""
    gallery, probe = images[:, 0], images[:, 1]
    distance = ((probe[:, None] - gallery) ** 2).sum(axis=2)
    return 1 + (distance < np.diag(distance)[:, None]).sum(axis=1)


def betrayal(subjects: int, jobs: int, angles: tuple[int, ...] = (0, 54, 90)) -> None:
    """Do colours or scene betray a person in the extracted silhouette?  Everybody's, on one body."""
    names = [f"{s:03d}" for s in range(81, 81 + subjects)]
    again = np.random.default_rng(0).integers(subjects, size=(4000, subjects))
    print(
        f"\nEverybody on the body of {LENDER}: {subjects} people, nm-05 against nm-01, nearest GEI, angles {angles}, "
        f"chance {100 / subjects:.1f} %, mean rank {(subjects + 1) / 2:.1f} (95 % intervals over people)"
    )
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for title, cut in SHOWN.items():
            rows = pool.map(_on_one_body, [(n, angles, cut) for n in names], 1)
            hits, ranks = {}, {}
            for i, kind in enumerate(("extracted", "true")):
                rank = np.array([_ranks(np.array([row[a][i] for row in rows])) for a in range(len(angles))])
                hits[kind], ranks[kind] = 100 * (rank == 1).mean(axis=0), rank.mean(axis=0)
            hits["extracted minus true"] = hits["extracted"] - hits["true"]
            ranks["extracted minus true"] = ranks["extracted"] - ranks["true"]
            print(f"  {title}")
            for kind, value in hits.items():
                low, high = np.percentile(value[again].mean(axis=1), [2.5, 97.5])
                worst, best = np.percentile(ranks[kind][again].mean(axis=1), [2.5, 97.5])
                print(
                    f"    {kind}: rank-1 {value.mean():.1f} % ({low:.1f} to {high:.1f}), "
                    f"mean rank {ranks[kind].mean():.1f} ({worst:.1f} to {best:.1f})"
                )
