"""Is what was handed in plausible at all? Looked at before any verdict: a broken format must not pass for hiding.

Every threshold is *ours*. Those of gait energy images stand on walkers (docs/evaluate.md): in units of the distance
between a person and the nearest other one, untouched walks in a coat lie at 1.3, `deform` at 2, `pixelate` at 3.8;
masks with salt, borders or swapped axes at 4 to 9. Mirrored and squeezed pictures lie lower: `variants` finds those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.external.measured import FrameFigures

__all__ = ["Finding", "competence", "frames_plausible", "gaits_plausible", "variants_plausible"]

#: Share of the sequences that may be odd before nothing can be said.
ODD = 0.1
#: Times the distance between a person and the nearest other one: beyond, it looks like no person; within, like a copy.
NOBODY, COPY = 4.0, 0.25
#: Share of the originals' motion, and of the distance between their people, under which figures are one rigid thing.
RIGID = 0.2
#: White area, anonymized over original, that a person can have.
AREA = (0.25, 4.0)
#: Points of rank-1 by which a normalisation must do better than the plain picture (or half of what the untouched are
#: named, where that is less), and its chance of luck.
BETTER, LUCK = 20.0, 0.01


@dataclass(frozen=True)
class Finding:
    """One look at what was handed in.

    Parameters
    ----------
    name : str
        What must hold.
    passed : bool
        Where it does not, nobody can be said to be hidden.
    detail : str
        One line: the figures, and the first sequences by name.
    odd : tuple of SequenceKey
        Sequences in which it does not hold; few of them do not change the verdict.
    wrong : str
        What is odd about each.
    """

    name: str
    passed: bool
    detail: str
    odd: tuple[SequenceKey, ...] = ()
    wrong: str = ""


def competence(recognizer: str, correct: NDArray[np.bool_], low: float | None, people: int) -> Finding:
    """The untouched originals, read as everything else is, are named well above chance.

    Parameters
    ----------
    recognizer : str
    correct : bool array (n,)
        Untouched probes that are named rightly.
    low : float or None
        Lower end of the interval of their share over subjects, in percent.
    people : int
        In the gallery.
    """
    from scipy.stats import binomtest

    n, k, chance = len(correct), int(np.sum(correct)), 1.0 / max(people, 1)
    luck = float(binomtest(k, n, chance, alternative="greater").pvalue) if n and people > 1 else 1.0
    good = low is not None and low > 100 * chance and luck < 0.05
    text = f"{k} of {n} untouched probes named rightly, chance {100 * chance:.1f} %, luck {luck:.2g}"
    return Finding(
        f"{recognizer} names the untouched originals well above chance",
        good,
        text if good else f"{text}: who does not recognize the untouched says nothing of the anonymized",
    )


def frames_plausible(figures: dict[SequenceKey, FrameFigures]) -> list[Finding]:
    """What the whole frames tell: people of a possible size, who are there, move, and are not all one file."""
    odd = _Odd(list(figures))
    f = [figures[k] for k in odd.keys]
    marks: dict[str, set[str]] = {}
    for key, one in figures.items():
        marks.setdefault(one.mark, set()).add(key.subject)
    copied = [k for k, one in figures.items() if one.copied == 1.0]
    areas = [one.area for one in f]
    found = [
        odd("people have a possible size", [not AREA[0] <= a <= AREA[1] for a in areas],
            f"white area {min(areas, default=0):.2f} to {max(areas, default=0):.2f} times the original's",
            "are under a quarter or over four times as large as the original"),
        odd("nobody fills the frame", [one.filled > 0.5 or one.share > 0.6 > one.share_original for one in f],
            "white pixels keep off the edges", "are white at all four edges or on most of the frame"),
        odd("people do not vanish", [one.vanished > 0.5 for one in f],
            "somebody is there in most frames of every sequence", "show nobody in most frames"),
        odd("people move", [one.frozen for one in f], "frames differ", "are one picture over and over"),
        odd("no two people share a file", [len(marks[one.mark]) > 1 for one in f],
            "all sequences differ", "are pixel by pixel that of another person, too"),
    ]  # fmt: skip
    if copied:
        what = "all" if len(copied) == len(figures) else str(len(copied))
        text = f"{what} of {len(figures)} sequences are their original, pixel by pixel (first: {min(copied)})"
        # a copy hides nobody: the figures say so by themselves
        found.append(Finding("files differ from their originals", len(copied) < len(figures), text))
    return found


class _Odd:
    """Findings that count odd sequences."""

    def __init__(self, keys: Sequence[SequenceKey]) -> None:
        self.keys = keys

    def __call__(self, name: str, odd: Sequence[bool] | NDArray[np.bool_], fine: str, wrong: str) -> Finding:
        bad = [k for k, is_odd in zip(self.keys, odd, strict=True) if is_odd]
        if not bad:
            return Finding(name, True, fine)
        text = f"{len(bad)} of {len(self.keys)} sequences {wrong} (first: {min(bad)})"
        return Finding(name, len(bad) <= ODD * len(self.keys), text, tuple(sorted(bad)), wrong)


def gaits_plausible(originals: Features, gallery: Features, shown: Features) -> list[Finding]:
    """What gait energy images tell: they look like people, move as people do, differ, and are nobody else's own.

    Parameters
    ----------
    originals, shown : Features
        GEIs of the probes untouched and anonymized, row by row.
    gallery : Features
        GEIs of the untouched gallery.
    """
    both = originals.good & shown.good
    if not both.any():
        return []
    keys = [k for k, there in zip(originals.keys, both, strict=True) if there]
    before, after = np.asarray(originals.x)[both], np.asarray(shown.x)[both]
    rows = gallery.usable()
    enrolled, names, views = np.asarray(rows.x), rows.subjects, rows.angles
    subjects = np.array([k.subject for k in keys])
    angles = np.array([k.angle for k in keys])
    n = len(keys)
    nearest, unit, own, others = (np.full(n, np.nan) for _ in range(4))
    spread: list[tuple[float, float]] = []
    for angle in np.unique(angles):
        here = np.flatnonzero(angles == angle)
        banks = (
            [(before[here], subjects[here]), (enrolled[views == angle], names[views == angle])]
            if (views == angle).any()
            else [(before[here], subjects[here])]
        )
        bank = np.concatenate([g for g, _ in banks])
        people = np.concatenate([s for _, s in banks])
        apart = subjects[here][:, None] != people[None, :]
        if not apart.any():
            continue
        untouched, seen = _apart(before[here], bank), _apart(after[here], bank)
        unit[here] = np.median(np.where(apart, untouched, np.inf).min(axis=1))
        nearest[here] = seen.min(axis=1)
        own[here] = np.diag(seen[:, : len(here)])
        others[here] = np.where(apart, seen, np.inf).min(axis=1)
        pairs = subjects[here][:, None] != subjects[here][None, :]
        if pairs.any():
            spread.append((
                float(np.median(_apart(after[here], after[here])[pairs])),
                float(np.median(_apart(before[here], before[here])[pairs])),
            ))  # fmt: skip
    odd = _Odd(keys)
    unseen, alone = int(np.count_nonzero(~both)), int(np.count_nonzero(np.isnan(unit)))
    gone = f"; {unseen} of {len(both)} probes cannot be read and are not looked at" if unseen else ""
    gone += f"; {alone} at views of one person alone have nobody to be compared with" if alone else ""
    motion = _motion(after), _motion(before)
    alike = float(np.median([a / max(b, 1e-9) for a, b in spread])) if spread else 1.0
    far = nearest / np.maximum(unit, 1e-9)
    elsewhere = (others < COPY * unit) & (others < own)
    moved = float(np.median(motion[0] / np.maximum(motion[1], 1e-9)))
    median = float(np.nanmedian(far))
    return [
        Finding("anonymized gaits look like people", not median > NOBODY,
                f"{median:.1f} times as far from the nearest person as people are from each other; up to "
                f"{NOBODY:g} is possible{gone}"),
        odd("nobody is shown as another person's untouched original", elsewhere, "no such sequence",
            "are the untouched original of another person: names are shifted or people exchanged"),
        Finding("anonymized people are not rigid", moved >= RIGID,
                f"they move {100 * moved:.0f} % as much as the originals; under {100 * RIGID:.0f} % a figure at chance "
                "is suspicious by itself"),
        Finding("anonymized people are not all alike", alike >= RIGID,
                f"they differ {100 * alike:.0f} % as much as the originals do; under {100 * RIGID:.0f} % all show one "
                "gait, by design or by a fault"),
    ]  # fmt: skip


def _apart(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    """Root mean square distances (n, m) between GEIs."""
    x, y = (np.asarray(v, dtype=np.float64).reshape(len(v), -1) for v in (a, b))
    square = (x**2).sum(1)[:, None] + (y**2).sum(1)[None] - 2 * x @ y.T
    found: NDArray[np.float64] = np.sqrt(np.maximum(square, 0) / x.shape[1])
    return found


def _motion(geis: NDArray[np.float32]) -> NDArray[np.float64]:
    """Variance over time of the pixels, per white pixel: g (1 - g) is that of a pixel that is white in a share g."""
    flat = np.asarray(geis, dtype=np.float64).reshape(len(geis), -1)
    found: NDArray[np.float64] = (flat * (1 - flat)).sum(1) / np.maximum(flat.sum(1), 1e-9)
    return found


def variants_plausible(
    untouched: NDArray[np.bool_],
    plain: NDArray[np.bool_],
    people: int,
    variants: Sequence[str],
    named: Callable[[int], NDArray[np.bool_]],
) -> Finding:
    """Whether a cheap normalisation makes people recognizable again.

    Parameters
    ----------
    untouched : bool array (n,)
        Probes that are named rightly before.
    plain : bool array (n,)
        Those that are named rightly as they were handed in.
    people : int
        In the gallery.
    variants : sequence of str
        Names.
    named : callable
        Number of a variant -> which of these probes are named rightly in it.
    """
    from scipy.stats import binomtest

    name = "no mirrored, transposed, inverted, cleaned or stretched reading recognizes people again"
    base = 100.0 * float(plain.mean()) if len(plain) else 0.0
    needed = min(BETTER, 50.0 * float(untouched.mean())) if len(untouched) else BETTER
    best, best_rate = "", -1.0
    worse: list[tuple[float, str]] = []
    for i, variant in enumerate(variants):
        right = named(i)
        rate = 100.0 * float(right.mean()) if len(right) else 0.0
        if rate > best_rate:
            best, best_rate = variant, rate
        luck = binomtest(
            int(right.sum()), max(len(right), 1), 1 / max(people, 1), alternative="greater"
        ).pvalue
        gained, lost = int((right & ~plain).sum()), int((plain & ~right).sum())
        # what is not far better must at least be better than a coin for the probes that differ
        sure = (
            rate >= base + BETTER
            or binomtest(gained, max(gained + lost, 1), 0.5, alternative="greater").pvalue < 0.05
        )
        if rate >= base + needed and luck < LUCK and sure:
            worse.append((rate, variant))
    if worse:
        rate, variant = max(worse)
        return Finding(
            name, False,
            f"{variant}, {rate:.0f} % of {len(plain)} probes are named rightly, {base:.0f} % as they were handed in: "
            "the attacker was defeated by the format",
        )  # fmt: skip
    return Finding(
        name, True, f"at most {best_rate:.0f} % ({best}) of {len(plain)} probes, {base:.0f} % as handed in"
    )
