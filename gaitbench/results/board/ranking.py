"""Which submissions are comparable, in which order, and who can be told from whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

from gaitbench.metrics.uncertainty.multiple_tests import holm
from gaitbench.results.board.submission import Submission

__all__ = ["Board", "LeftOut", "Ranked", "groups", "rank"]

#: Half a width under which an interval counts as no wider than this, in percent: a rate of 0 over many probes.
_LEAST = 1e-9


@dataclass(frozen=True)
class Ranked:
    """A submission on the board; `group` has a letter for each set of systems that cannot be told apart."""

    submission: Submission
    source: str
    group: str


@dataclass(frozen=True)
class LeftOut:
    """What is not on the board, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Board:
    """Who is named least first, and what was left out."""

    rows: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...]


def rank(found: Sequence[tuple[str, Submission]], left_out: Sequence[LeftOut] = ()) -> Board:
    """Put submissions in order; those that do not compare with the first usable one are left out, each with the reason.

    Parameters
    ----------
    found : sequence of (str, Submission)
        Where each comes from, and what it says. The first whose controls held decides the protocol.
    left_out : sequence of LeftOut
        What could not even be read.
    """
    out, kept = list(left_out), list[tuple[str, Submission]]()
    for source, one in found:
        why = _why_not(kept, one)
        if why:
            out.append(LeftOut(f"{one.system} of {source}", why))
        else:
            kept.append((source, one))
    kept.sort(key=lambda pair: (pair[1].named.value, pair[1].system, pair[0]))
    letters = groups([one for _, one in kept])
    rows = tuple(Ranked(one, source, letter) for (source, one), letter in zip(kept, letters, strict=True))
    return Board(rows, tuple(out))


def _why_not(kept: Sequence[tuple[str, Submission]], one: Submission) -> str:
    if one.controls_broken:
        more = f" and {len(one.controls_broken) - 1} more" if len(one.controls_broken) > 1 else ""
        return f"a control broke ({one.controls_broken[0]}{more}): no figure of that run is to be trusted"
    if not kept:
        return ""
    first = kept[0][1]
    if one.protocol_hash != first.protocol_hash:
        names = dict.fromkeys([*first.protocol, *one.protocol])
        parts = [name for name in names if first.protocol.get(name) != one.protocol.get(name)]
        return f"another protocol than {kept[0][0]}: {', '.join(parts)}"
    same = next((source for source, held in kept if held == one), None)
    return f"the same as in {same}" if same else ""


def groups(rows: Sequence[Submission]) -> list[str]:
    """Letters of each row: rows that share one cannot be told apart.

    Two rates differ where the interval of their difference leaves out zero: the half-widths that face each other are
    put together as of independent estimates, and the tests of all pairs are corrected by Holm. Both are of the same
    people, whose rates go up and down together: the test is a careful one. Without an interval nothing can be told.

    References
    ----------
    Zou, Donner, *Construction of confidence limits about effect measures*, Statist. Med. 27 (2008), for the
    half-widths; Piepho, *An algorithm for a letter-based representation of all-pairwise comparisons*,
    J. Comput. Graph. Stat. 13 (2004), for the letters.
    """
    pairs = list(combinations(range(len(rows)), 2))
    values = [_p_value(rows[i], rows[j]) for i, j in pairs]
    corrected = holm(values).tolist() if values else []
    level = 1 - min((one.confidence for one in rows), default=0.95)
    alike = {i: {i} for i in range(len(rows))}
    for (i, j), value in zip(pairs, corrected, strict=True):
        if value >= level:
            alike[i].add(j)
            alike[j].add(i)
    sets = sorted(_largest(alike), key=sorted)
    return ["".join(_letter(n) for n, held in enumerate(sets) if i in held) for i in range(len(rows))]


def _p_value(one: Submission, two: Submission) -> float:
    lower, upper = sorted((one, two), key=lambda row: row.named.value)
    if lower.named.high is None or upper.named.low is None:
        return 1.0
    widths = lower.named.high - lower.named.value, upper.named.value - upper.named.low
    z = NormalDist().inv_cdf((1 + min(one.confidence, two.confidence)) / 2)
    error = max(math.hypot(*widths) / z, _LEAST)
    return math.erfc((upper.named.value - lower.named.value) / error / math.sqrt(2))


def _largest(alike: dict[int, set[int]]) -> list[set[int]]:
    """The largest sets in which each is like each (Bron and Kerbosch, with a pivot)."""
    found: list[set[int]] = []

    def grow(held: set[int], may: set[int], done: set[int]) -> None:
        if not may and not done:
            found.append(held)
            return
        pivot = max(may | done, key=lambda i: (len(may & alike[i]), -i))
        for i in sorted(may - alike[pivot] | ({pivot} & may)):
            near = alike[i] - {i}
            grow(held | {i}, may & near, done & near)
            may, done = may - {i}, done | {i}

    if alike:
        grow(set(), set(alike), set())
    return found


def _letter(number: int) -> str:
    """The letters a to z, then a1, b1, ..."""
    turn, place = divmod(number, 26)
    return chr(ord("a") + place) + (str(turn) if turn else "")
