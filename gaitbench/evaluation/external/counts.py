"""How many sequences were handed in, how many were judged, and why the others were not: nobody is dropped unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.tree import REASONS, LeftOut, count_left_out
from gaitbench.evaluation.external.measured import FrameFigures
from gaitbench.suites import Suite

__all__ = ["Counts", "Handed", "count_handed_in"]


@dataclass(frozen=True)
class Handed:
    """What there is of one side, and what becomes of it.

    Parameters
    ----------
    keys : set of SequenceKey
        Handed in.
    used : set of SequenceKey
        Of these: read, and in a figure.
    left_out : dict of str to tuple of str
        Reason -> names of the others.
    """

    keys: frozenset[SequenceKey]
    used: frozenset[SequenceKey]
    left_out: dict[str, tuple[str, ...]]

    def sentence(self, what: str, used: str) -> str:
        """``12 anonymized sequences of 4 people; judged 8; left out 4 (4 ...)``."""
        people = len({k.subject for k in self.keys})
        text = f"{len(self.keys)} {what} sequences of {people} people; {used} {len(self.used)}; left out "
        gone = sum(map(len, self.left_out.values()))
        reasons = "; ".join(f"{len(names)} {reason}" for reason, names in self.left_out.items())
        return f"{text}{gone} ({reasons})" if gone else f"{text}none"


@dataclass(frozen=True)
class Counts:
    """The lines that stand first, and every name behind them."""

    lines: tuple[str, ...]
    originals: Handed
    shown: Handed
    not_read: tuple[LeftOut, ...]
    junk: int

    def as_json(self) -> dict[str, Any]:
        """For the record's provenance."""

        def side(handed: Handed) -> dict[str, Any]:
            left = {reason: list(names) for reason, names in handed.left_out.items()}
            return {"handed_in": len(handed.keys), "used": len(handed.used), "left_out": left}

        return {
            "lines": list(self.lines), "originals": side(self.originals), "anonymized": side(self.shown),
            "not_read": [{"kind": one.kind, "text": one.text} for one in self.not_read], "junk": self.junk,
        }  # fmt: skip


def count_handed_in(
    suite: Suite,
    probed: Sequence[int],
    there: Iterable[SequenceKey],
    shown: Iterable[SequenceKey],
    used: Mapping[str, set[SequenceKey]],
    read: Mapping[SequenceKey, FrameFigures],
    broken: Mapping[SequenceKey, str],
    not_read: Sequence[LeftOut],
    junk: int,
) -> Counts:
    """Count.

    Parameters
    ----------
    suite : Suite
        As it was run.
    probed : sequence of int
        Angles of the probes.
    there, shown : iterables of SequenceKey
        The originals, and what was handed in anonymized.
    used : dict of role to set of SequenceKey
        Originals in each role; of the anonymized ones, `probe` and the roles that attackers could use.
    read : dict of SequenceKey to FrameFigures
        Anonymized sequences that could be read.
    broken : dict of SequenceKey to str
        Why others could not.
    not_read : sequence of LeftOut
        Files and folders of no use.
    junk : int
    """
    originals, handed = frozenset(there), frozenset(shown)
    every = set().union(*used.values())
    roles = {
        role: keys for role, keys in used.items() if role in ("probe", "gallery shown", "recognizer shown")
    }
    judged = frozenset(set().union(*roles.values()) & handed & set(read))

    def why(key: SequenceKey, anonymized: bool) -> str:
        split, walks = suite.split, suite.walks
        if anonymized and key not in originals:
            return "without an original"
        if key in broken:
            return f"not to be used: {broken[key]}"
        if not any(key.subject in getattr(split, r) for r in ("recognizer", "models", "test")):
            return "of people who are not tested"
        own = {w for r in ("recognizer", "models", "gallery", "probe") for w in getattr(walks, r)}
        if key.walk not in own:
            return "on walks that are not tested"
        if key.angle not in suite.data.angles or (key.subject in split.test and key.angle not in probed):
            return "at views that are not tested"
        if key.subject in split.test:
            tested = key.walk in (*walks.probe, *walks.gallery)
            return (
                "of a gallery that no attacker could use whole" if tested else "on walks that are not tested"
            )
        return "of people who are not tested"

    sides = []
    for keys, mine, anonymized in ((originals, frozenset(every & originals), False), (handed, judged, True)):
        left: dict[str, list[str]] = {}
        for key in sorted(keys - mine):
            left.setdefault(why(key, anonymized), []).append(str(key))
        sides.append(Handed(keys, mine, {reason: tuple(names) for reason, names in sorted(left.items())}))
    lines = [
        f"Handed in: {sides[1].sentence('anonymized', 'judged')}.",
        f"Originals: {sides[0].sentence('untouched', 'used')}.",
    ]
    counts = [f"{n} {REASONS[kind]}" for kind, n in count_left_out(not_read).items()]
    if junk:
        counts.append(f"{junk} junk files and folders (.DS_Store, Thumbs.db and their like)")
    if counts:
        lines.append(f"Not read: {'; '.join(counts)}.")
    frames = [one.frames for one in read.values()]
    if frames:
        limit = suite.data.frames
        which = "all frames" if limit is None else f"at most the first {limit} frames (--frames)"
        lines.append(f"Frames: {which} of each sequence, {min(frames)} to {max(frames)}.")
    return Counts(tuple(lines), sides[0], sides[1], tuple(not_read), junk)
