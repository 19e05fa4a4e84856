"""Measures of a ranking: ranks, cumulative match characteristic and mean average precision.

Conventions as in `recognizer.matching`: probes are rows, gallery entries columns, a smaller distance is a better
match, ties go to the lower gallery index. Nothing is sorted that need not be: a rank is the number of entries that
lie nearer, and counting those costs a fraction of sorting the gallery for every probe.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer._blocks import run_parts, slices
from recognizer.checks import as_labels, as_numbers, check_count, nothing_shared

__all__ = [
    "average_precisions", "cmc", "cumulative_match", "mean_average_precision", "ranks_of_own", "true_ranks",
]  # fmt: skip

Array = NDArray[Any]

#: Where a smaller share of the gallery lies nearer than a probe's farthest own entry, it is picked out and sorted.
FEW = 0.05

#: Bytes that can be added eight at a time in 64-bit words before one of the eight sums overflows.
RUN = 8 * 255

#: Bytes of comparisons that are counted together: they fit the second-level cache.
ROOM = 768 * 1024


def cumulative_match(
    distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike, *, ranks: int = 10
) -> NDArray[np.float64]:
    """Cumulative match characteristic by subject.

    Parameters
    ----------
    distances : array (n, m)
    probe_y, gallery_y : str arrays (n,), (m,)
        A probe whose subject is not in the gallery is never matched and counts against every rank.
    ranks : int
        Length of the curve; beyond the number of subjects it stays at its end.

    Returns
    -------
    float64 array (ranks,)
        Share of probes whose subject is among the r nearest *subjects*, r = 1, 2, ...; in [0, 1].

    Raises
    ------
    ValueError
        If the sizes do not fit, distances hold NaN, there is nobody, or no probe's subject is in the gallery.

    Examples
    --------
    >>> cumulative_match([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]], ["a", "a"], ["a", "b", "b"], ranks=2).tolist()
    [0.5, 1.0]
    """
    check_count("ranks", ranks, 1, 2**31, "ranks are counted from 1")
    return cmc(true_ranks(distances, probe_y, gallery_y, most=ranks), ranks)


def true_ranks(
    distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike, *, most: int | None = None
) -> NDArray[np.int64]:
    """Rank of each probe's own subject among the *subjects* of the gallery, 1 is best.

    Parameters
    ----------
    distances : array (n, m)
    probe_y, gallery_y : str arrays (n,), (m,)
    most : int, optional
        Count up to this rank only, which is faster: what lies behind it has the rank ``most + 1``.

    Returns
    -------
    int64 array (n,)
        One more than there are subjects (or ``most + 1``) where a probe's subject is not in the gallery.

    Raises
    ------
    ValueError
        If the sizes do not fit, distances hold NaN, there is nobody, or no probe's subject is in the gallery.
    """
    d, own, group = _codes(distances, probe_y, gallery_y)
    last = int(group.max()) + 1
    if most is not None:
        last = min(last, check_count("most", most, 1, 2**31, "ranks are counted from 1"))
    known = np.flatnonzero(own >= 0)
    places = np.full(len(d), last if most is None else most)
    values, lengths = _own_values(d, own[known], known, _members(group))
    best = np.minimum.reduceat(values, np.cumsum(lengths) - lengths)
    places[known] = _subjects_before(d, known, best, own[known], group, last)
    return places + 1


def cmc(ranks: ArrayLike, length: int = 10) -> NDArray[np.float64]:
    """Cumulative match characteristic: share of probes whose subject is among the first r people.

    Parameters
    ----------
    ranks : int array (n,)
        From `true_ranks`, n >= 1.
    length : int

    Returns
    -------
    float64 array (length,)
        For r = 1, 2, ...: ``cmc(ranks)[0]`` is rank-1, ``cmc(ranks)[4]`` is rank-5. In [0, 1].

    Examples
    --------
    >>> cmc([1, 1, 3, 2], 3)
    array([0.5 , 0.75, 1.  ])
    """
    check_count("the length of the curve", length, 1, 2**31, "ranks are counted from 1")
    r = np.asarray(ranks)
    if r.ndim != 1 or not len(r) or r.dtype.kind not in "iu" or r.min() < 1:
        raise ValueError("expected the ranks of at least one probe, whole numbers counted from 1")
    counts = np.bincount(np.minimum(r, length + 1), minlength=length + 2)[1 : length + 1]
    return np.asarray(np.cumsum(counts) / len(r))


def mean_average_precision(distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike) -> float:
    """Mean over the probes of the average precision of their gallery ranking, in [0, 1].

    Average precision is the mean, over the subject's entries, of the precision at their rank (no interpolation).

    Parameters
    ----------
    distances : array (n, m)
    probe_y, gallery_y : str arrays (n,), (m,)
        Every probe's subject must be in the gallery.

    Raises
    ------
    ValueError
        If the sizes do not fit, distances hold NaN, or a probe's subject is not in the gallery.

    Examples
    --------
    >>> mean_average_precision([[0.1, 0.2, 0.3]], ["a"], ["a", "b", "a"])  # (1/1 + 2/3) / 2
    0.8333333333333333
    """
    return float(np.mean(average_precisions(distances, probe_y, gallery_y)))


def average_precisions(distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike) -> NDArray[np.float64]:
    """Average precision of each probe's gallery ranking, float64 (n,) in (0, 1]; see `mean_average_precision`.

    With one entry a person it is the reciprocal of the rank, and its mean the mean reciprocal rank.
    """
    positions = ranks_of_own(distances, probe_y, gallery_y)
    lengths = np.array([len(r) for r in positions])
    starts = np.cumsum(lengths) - lengths
    number = np.arange(lengths.sum()) - np.repeat(starts, lengths)
    precision = (number + 1) / (np.concatenate(positions) + 1)
    return np.asarray(np.add.reduceat(precision, starts) / lengths)


def ranks_of_own(distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike) -> list[NDArray[np.int64]]:
    """For each probe the ranks of its own subject's entries in the gallery, from 0, ascending.

    Parameters and errors as in `mean_average_precision`.
    """
    d, own, group = _codes(distances, probe_y, gallery_y)
    if (own < 0).any():
        missing = str(np.asarray(probe_y).astype(np.str_)[own < 0][0])
        raise ValueError(
            f"subject {missing!r} of a probe is not in the gallery; enroll it or drop its probes"
        )
    members = _members(group)
    values, lengths = _own_values(d, own, np.arange(len(d)), members)
    ends = np.cumsum(lengths)
    farthest = np.maximum.reduceat(values, ends - lengths)
    # A look at a part of the gallery says whether picking out what lies nearer is worth it.
    sample = max(1, d.shape[1] // 16)
    few = np.count_nonzero(d[:, :sample] <= farthest[:, None], axis=1) <= 2 * FEW * sample

    width = -(-len(group) // RUN) * RUN

    def part(start: int, stop: int) -> list[NDArray[np.int64]]:
        together = max(1, ROOM // (width * int(lengths[start:stop].max())))
        room = np.zeros((together * int(lengths[start:stop].max()), width), np.bool_)
        found = []
        for block in slices(start, stop, together):
            used = 0
            for i in np.flatnonzero(~few[block]) + block.start:
                lines = room[used : used + lengths[i]]
                _mark_nearer(d[i], members[own[i]], values[ends[i] - lengths[i] : ends[i]], lines)
                used += len(lines)
            counts, used = _count_true(room[:used]), 0
            for i in range(block.start, block.stop):
                if few[i]:
                    found.append(_by_sorting(d[i], members[own[i]], farthest[i]))
                else:
                    # Only others were counted: the own entries rank by themselves.
                    others = np.sort(counts[used : used + lengths[i]])
                    found.append(others + np.arange(len(others)))
                    used += len(others)
        return found

    return [r for ranks in run_parts(part, len(d), columns=d.shape[1]) for r in ranks]


def _codes(
    distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike
) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Distances, and numbers of subjects for probes (-1: not in the gallery) and gallery, by first entry."""
    d = np.ascontiguousarray(as_numbers(distances, "distances"))
    if d.dtype not in (np.float32, np.float64):
        d = d.astype(np.float64)
    if d.ndim != 2 or d.size == 0:
        raise ValueError(
            f"distances must be (n, m) with one probe label per row and one gallery label per column, got {d.shape}"
        )
    probes = as_labels(probe_y, d.shape[0], name="probe_y").tolist()
    names = as_labels(gallery_y, d.shape[1], name="gallery_y").tolist()
    if np.isnan(d.min()):  # the minimum of anything with NaN in it is NaN
        raise ValueError("distances hold NaN; look at the features of the probes")
    number = {name: i for i, name in enumerate(dict.fromkeys(names))}
    own = np.array([number.get(name, -1) for name in probes], np.int64)
    if (own < 0).all():
        raise nothing_shared(probes, names)
    return d, own, np.array([number[name] for name in names], np.int64)


def _members(group: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Gallery indices of each subject, ascending."""
    order = np.argsort(group, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group[order])) + 1)


def _own_values(
    d: Array, own: NDArray[np.int64], rows: NDArray[np.int64], members: list[NDArray[np.int64]]
) -> tuple[Array, NDArray[np.int64]]:
    """Distances of each probe's own entries, probe after probe, and how many each has."""
    lengths = np.array([len(members[code]) for code in own])
    return d[np.repeat(rows, lengths), np.concatenate([members[code] for code in own])], lengths


def _subjects_before(
    d: Array,
    rows: NDArray[np.int64],
    best: Array,
    own: NDArray[np.int64],
    group: NDArray[np.int64],
    most: int,
) -> NDArray[np.int64]:
    """Subjects that rank before each probe's own, whose nearest entry lies at `best`; counted up to `most`."""
    found, columns = np.zeros(len(rows), np.int64), d.shape[1]
    open_rows = np.arange(len(rows))
    seen = np.empty((64, int(group.max()) + 1), np.bool_)
    # Where many lie nearer, a part of the gallery already makes `most` subjects.
    for stop in sorted({min(columns, 16 * most), min(columns, 256 * most), columns}):
        for some in np.split(open_rows, range(64, len(open_rows), 64)):
            picked = d[rows[some], :stop]
            line, column = np.nonzero(picked <= best[some, None])
            code, mine = group[column], own[some][line]
            nearer = picked[line, column] < best[some][line]
            before = (nearer | (code < mine)) & (code != mine)
            seen[:] = False
            seen[line[before], code[before]] = True  # a subject counts once per probe
            found[some] = np.count_nonzero(seen[: len(some)], axis=1)
        open_rows = open_rows[found[open_rows] < most]
    return np.minimum(found, most)


def _by_sorting(row: Array, own: NDArray[np.int64], farthest: float) -> NDArray[np.int64]:
    """Ranks of the entries `own`, ascending: those up to the farthest of them are picked out and sorted."""
    hits = np.flatnonzero(row <= farthest)
    order = hits[np.argsort(row[hits], kind="stable")]
    return np.flatnonzero(np.isin(order, own))


def _mark_nearer(row: Array, own: NDArray[np.int64], values: Array, lines: NDArray[np.bool_]) -> None:
    """Mark in one line for each own entry (at `values`) which entries of others rank before it."""
    first, last = int(own[0]), int(own[-1]) + 1
    # An earlier column wins a tie, a later one loses it.
    if last - first > len(own):  # entries of others in between
        for line, column, value in zip(lines, own.tolist(), values, strict=True):
            np.less_equal(row[:column], value, out=line[:column])
            np.less(row[column:], value, out=line[column : len(row)])
        lines[:, own] = False
    else:
        level = values[:, None]
        np.less_equal(row[:first], level, out=lines[:, :first])
        lines[:, first:last] = False
        np.less(row[last:], level, out=lines[:, last : len(row)])


def _count_true(lines: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many are True in each row of a C-contiguous array whose rows are a multiple of `RUN` long."""
    words = lines.view(np.uint64).reshape(len(lines), lines.shape[1] // RUN, RUN // 8)
    sums = np.add.reduce(words, axis=2).view(np.uint8)
    return sums.sum(axis=1, dtype=np.int64)
