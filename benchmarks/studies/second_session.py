"""How far a second session takes a person from himself: ``python -m benchmarks.studies.second_session``.

Sets the amounts of `gaitbench.datasets.walkers.second_session` without looking at a test person: people 001-080 alone.
As in MultiGait (Todt et al. 2026, arXiv:2609.01036, tables 7 and 8) everybody's walks of one session teach the
recognizer and are enrolled, and other normal walks, of that session or of the other, are named before the same camera:
one square to the path and two beside it. Prints rank-1 in percent within and across sessions for several multiples of
the amounts, with 95 % intervals over people.

On true silhouettes; ``--film`` takes those that are extracted from the film.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers.bodies.gait import LIMB, basis
from gaitbench.datasets.walkers.second_session import AMOUNTS, Amounts, TwoSessions
from gaitbench.datasets.walkers.second_session.amounts import later_walk
from gaitbench.evaluation.attacks.features import gei_of
from gaitbench.metrics import SubjectBootstrap
from gaitbench.registry import RECOGNIZERS

PEOPLE = tuple(f"{s:03d}" for s in range(1, 81))
VIEWS = (54, 90, 126)
GALLERY, PROBES = ("nm-01", "nm-02", "nm-03", "nm-04"), ("nm-05", "nm-06")
RECOGNIZER_NAMES = ("gei-nn", "gei-lda", "robust-vtm", "tsvd-vtm", "set-cnn", "gait-dynamics", "gait-tcn")
FRAMES = 48
#: What is changed alone; other clothes are worn in each.
KINDS = {
    "clothes": ("layers",),
    "body, shoes, hair": ("weight", "shoes", "hair"),
    "posture and gait": ("posture", "lean", "head", "arms", "curves", "mood"),
    "cameras": ("camera", "aim"),
}

Walk = tuple[SequenceKey, np.ndarray]


def _silhouettes(subject: str, walks: Sequence[str], amounts: Amounts, film: bool) -> list[Walk]:
    cv2.setNumThreads(1)
    walkers, found = TwoSessions(amounts=amounts), []
    for walk in walks:
        for angle in VIEWS:
            key = SequenceKey(subject, walk, angle)
            recording = walkers.load(key, frames=FRAMES, video=film)
            found.append((key, prepare(recording, rgb=False).silhouettes))
    return found


def _seen(walks: Sequence[str], amounts: Amounts, film: bool, jobs: int) -> list[Walk]:
    one = partial(_silhouettes, walks=walks, amounts=amounts, film=film)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        return [walk for part in pool.imap(one, PEOPLE) for walk in part]


def _rows(walks: list[Walk], reads: str) -> np.ndarray | list[np.ndarray]:
    return [m for _, m in walks] if reads == "silhouettes" else np.stack([gei_of(m) for _, m in walks])


def _columns(walks: list[Walk]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    keys = [key for key, _ in walks]
    return (
        np.array([k.subject for k in keys]),
        np.array([k.angle for k in keys]),
        np.array([k.walk for k in keys]),
    )


class Namer:
    """A recognizer that has learnt and enrolled the walks of one session."""

    def __init__(self, name: str, gallery: list[Walk]) -> None:
        made = RECOGNIZERS.get(name)
        self.reads = getattr(made, "reads", "gei")
        self.model = made()
        self.who, self.view, walk = _columns(gallery)
        rows = _rows(gallery, self.reads)
        self.model.fit(rows, self.who, angle=self.view, walk=walk)
        self.model.enroll(rows, self.who, angle=self.view)

    def right(self, probes: list[Walk]) -> np.ndarray:
        """Whether each probe is named rightly before the camera that saw it."""
        who, view, _ = _columns(probes)
        distances = np.array(self.model.distances(_rows(probes, self.reads), angle=view), dtype=np.float64)
        distances[view[:, None] != self.view[None]] = np.inf
        return np.asarray(self.who[distances.argmin(axis=1)] == who)


def _told(right: np.ndarray, who: np.ndarray) -> str:
    boot = SubjectBootstrap(who, resamples=2000)
    rate, low, high = boot.ratio(right, np.ones(len(right), dtype=bool))
    return f"{rate:5.1f} [{low:.1f}, {high:.1f}]"


def changes(amounts: Amounts) -> None:
    """What the amounts come to in figures that are measured of real people, too."""
    walkers = TwoSessions(amounts=amounts)
    both, phase = walkers._both, np.linspace(0, 1, 51)
    spread = {name: [] for name in ("thigh_flexion", "knee_flexion", "foot_pitch", "shoulder_flexion")}
    speed, weight, sole = [], [], []
    for subject in PEOPLE:
        (was, style, *_), (now, mood, *_) = both.first.person(subject), both.later.person(subject)
        for name in spread:
            assert name in LIMB
            curve = (basis(phase) * (mood.right[name] - style.right[name])).sum(-1)
            spread[name].append(np.sqrt((curve**2).mean()))
        speed.append(mood.stride * mood.cadence / (style.stride * style.cadence) - 1)
        weight.append(now["weight"] / was["weight"] - 1)
        sole.append(now["stature"] - was["stature"])
    print("between the sessions of 80 people:")
    for name, found in spread.items():
        print(
            f"  {name.replace('_', ' ')}: {np.sqrt(np.mean(np.square(found))):.1f} degrees (RMS over the cycle)"
        )
    print(f"  speed: SD {100 * np.std(speed):.1f} %; weight: SD {100 * np.std(weight):.1f} %", end="")
    print(f"; sole: SD {1000 * np.std(sole):.1f} mm")


def main() -> None:
    """Print the study."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", default="0.5,0.75,1,1.25,1.5", help="multiples of the amounts")
    parser.add_argument("--recognizers", default=",".join(RECOGNIZER_NAMES))
    parser.add_argument("--kinds", action="store_true", help="also every kind of change alone")
    parser.add_argument("--film", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    changes(AMOUNTS)
    gallery = _seen(GALLERY, AMOUNTS, given.film, given.jobs)
    within = _seen(PROBES, AMOUNTS, given.film, given.jobs)
    namers = {name: Namer(name, gallery) for name in given.recognizers.split(",")}
    print(f"\nrank-1 of {len(PEOPLE)} people, normal walks, same view ({', '.join(map(str, VIEWS))} degrees)")
    for name, namer in namers.items():
        print(f"  within, {name}: {_told(namer.right(within), _columns(within)[0])}", flush=True)
    tried = {f"{float(f):g} times": AMOUNTS.times(float(f)) for f in given.times.split(",")}
    if given.kinds:
        tried |= {f"{kind} alone": AMOUNTS.only(*names) for kind, names in KINDS.items()}
    for what, amounts in tried.items():
        across = _seen([later_walk(w) for w in PROBES], amounts, given.film, given.jobs)
        for name, namer in namers.items():
            print(f"  across, {what}, {name}: {_told(namer.right(across), _columns(across)[0])}", flush=True)


if __name__ == "__main__":
    main()
