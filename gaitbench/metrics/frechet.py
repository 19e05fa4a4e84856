"""Frechet distance between two sets of embeddings of gaits, without the bias of small samples.

Conventions: an embedding is a row of float64 numbers; a set of them is described by its mean and its covariance
(unbiased, n - 1). The distance is the *squared* one of Frechet inception distances, in squared units of the embedding;
0 where means and covariances are equal. It depends on the embedding: figures of two embeddings cannot be compared.

From n samples it is biased upward, by about ``c / n``: two halves of the same real walks do not have distance 0.
`frechet_infinity` therefore draws sets of several sizes and extrapolates to ``1 / n = 0``. Sequences of a person
resemble each other, so that n counts *people* here, not sequences. With few people for the numbers of an embedding the
line is not straight and a rest of the bias stays: read a distance against its floor, not against 0.

References
----------
Frechet, C. R. Acad. Sci. Paris 244 (1957); Dowson, Landau, J. Multivariate Anal. 12 (1982): the formula for Gaussians.
Heusel et al., *GANs trained by a two time-scale update rule*, NeurIPS (2017): its use between embeddings.
Chong, Forsyth, *Effectively unbiased FID and Inception score and where to find them*, CVPR (2020): extrapolation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from gaitbench.metrics._checks import as_labels, check_count, check_share

__all__ = ["LEAST_PEOPLE", "Frechet", "frechet_distance", "frechet_gaussians", "frechet_infinity"]

Array = NDArray[np.float64]

#: Fewer people make no two halves from which a line over 1/n can be drawn.
LEAST_PEOPLE = 12
#: Sizes of the halves that the line goes through, as shares of the largest.
_SHARES = (0.5, 0.65, 0.8, 1.0)
#: Parts of the people that are left out in turn for the interval.
_PARTS = 10


@dataclass(frozen=True)
class Frechet:
    """A distance that is free of the bias of small samples.

    Parameters
    ----------
    value : float
        Extrapolated to infinitely many people; about 0 for two samples of one population, also a little below.
    low, high : float
        Interval over people (jackknife over tenths of them, Student's t).
    plain : float
        As it is between the largest halves, bias and all.
    people, samples : int
        Whom it is from: people, and sequences of theirs.
    """

    value: float
    low: float
    high: float
    plain: float
    people: int
    samples: int


def frechet_gaussians(mean_a: ArrayLike, cov_a: ArrayLike, mean_b: ArrayLike, cov_b: ArrayLike) -> float:
    """Squared Frechet distance ``|ma - mb|^2 + tr(A + B - 2 (A^1/2 B A^1/2)^1/2)`` of two Gaussians.

    Parameters
    ----------
    mean_a, mean_b : float array (d,)
    cov_a, cov_b : float array (d, d)
        Symmetric and positive semidefinite; they may be singular (fewer samples than numbers, numbers that do not
        vary), where the square root of the product that is usually taken is lost to rounding.

    Raises
    ------
    ValueError
        If shapes do not fit, values are not finite, or a covariance is not symmetric or has a negative variance.

    Examples
    --------
    >>> round(frechet_gaussians([0.0, 0.0], [[1.0, 0.0], [0.0, 1.0]], [3.0, 0.0], [[4.0, 0.0], [0.0, 1.0]]), 6)
    10.0
    """
    ma, mb = (np.asarray(m, dtype=np.float64) for m in (mean_a, mean_b))
    a, b = _covariance(cov_a, "cov_a"), _covariance(cov_b, "cov_b")
    if ma.ndim != 1 or ma.shape != mb.shape or a.shape != (len(ma), len(ma)) or b.shape != a.shape:
        raise ValueError(
            f"expected means (d,) and covariances (d, d), got {ma.shape}, {a.shape}, {mb.shape} and {b.shape}"
        )
    if not (np.isfinite(ma).all() and np.isfinite(mb).all()):
        raise ValueError("a mean holds what is no finite number")
    return _gaussians(ma, a, mb, b)


def frechet_distance(first: ArrayLike, second: ArrayLike) -> float:
    """Squared Frechet distance of two sets of embeddings, float arrays (n, d) and (m, d), bias and all.

    Raises
    ------
    ValueError
        If they are no such arrays, hold what is no finite number, or have fewer than two rows.
    """
    x, y = _embeddings(first, "first"), _embeddings(second, "second")
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"embeddings of {x.shape[1]} and of {y.shape[1]} numbers cannot be compared")
    return _gaussians(x.mean(0), np.cov(x.T, ddof=1).reshape(x.shape[1], -1),
                      y.mean(0), np.cov(y.T, ddof=1).reshape(x.shape[1], -1))  # fmt: skip


def frechet_infinity(
    real: ArrayLike,
    shown: ArrayLike,
    people: ArrayLike,
    *,
    draws: int = 10,
    confidence: float = 0.95,
    seed: int = 0,
) -> Frechet:
    """Distance of what a system shows from real walks of *other* people, extrapolated to infinitely many people.

    The people are halved at random; what is shown of one half is held against the real walks of the other, both ways,
    over `draws` halvings and halves of several sizes, and a line over one over the people is read where that is 0.
    With ``shown = real`` it is the floor: two halves of real walks.

    Parameters
    ----------
    real, shown : float array (n, d)
        Embeddings of the same sequences, untouched and anonymized.
    people : label array (n,)
        Whose each is; at least `LEAST_PEOPLE` of them.
    draws : int
        Halvings.
    confidence : float
    seed : int

    Raises
    ------
    ValueError
        If arrays do not fit, or there are too few people, or sequences than numbers of the embedding in a half.
    """
    x, y = _embeddings(real, "real"), _embeddings(shown, "shown")
    if x.shape != y.shape:
        raise ValueError(
            f"expected the same sequences and numbers untouched and shown, got {x.shape} and {y.shape}"
        )
    check_count("draws", draws, 1, 10_000, "more than that change nothing")
    check_share("confidence", confidence)
    names, place = np.unique(as_labels(people, len(x), name="people"), return_inverse=True)
    count = len(names)
    if count < LEAST_PEOPLE:
        raise ValueError(
            f"{count} people; a Frechet distance without bias needs {LEAST_PEOPLE} people and more, in two halves"
        )
    least = int(np.floor(_SHARES[0] * (count // 2 - 1)))
    if least * len(x) / count < x.shape[1] + 2:
        raise ValueError(
            f"{len(x)} sequences of {count} people: the smaller halves hold fewer sequences than the embedding has "
            f"numbers ({x.shape[1]}); give more walks of each person, or more people"
        )
    origin = x.mean(axis=0)
    sums_x, sums_y = _sums(x, origin, place, count), _sums(y, origin, place, count)
    rng = np.random.default_rng(seed)
    # the same orders for everybody and with parts left out: what differs then is the people, not the luck of halving
    orders = np.stack([rng.permutation(count) for _ in range(draws)])
    value, plain = _extrapolated(sums_x, sums_y, orders)
    parts = np.array_split(rng.permutation(count), min(_PARTS, count))
    left = []
    for part in parts:
        kept = np.stack([order[~np.isin(order, part)] for order in orders])
        left.append(_extrapolated(sums_x, sums_y, kept)[0])
    error = np.sqrt((len(parts) - 1) / len(parts) * np.sum((np.array(left) - np.mean(left)) ** 2))
    half = float(stdtrit(len(parts) - 1, 0.5 + confidence / 2) * error)
    return Frechet(value, value - half, value + half, plain, count, len(x))


#: Of each person: sequences, their sum, their sum of squares and products.
_Sums = tuple[Array, Array, Array]


def _sums(x: Array, origin: Array, place: NDArray[np.int_], count: int) -> _Sums:
    # about one point amid the data: sums of squares of numbers far from 0 lose their digits
    moved = x - origin
    n, s, q = np.zeros(count), np.zeros((count, x.shape[1])), np.zeros((count, x.shape[1], x.shape[1]))
    for person in range(count):
        own = moved[place == person]
        n[person], s[person], q[person] = len(own), own.sum(0), own.T @ own
    return n, s, q


def _described(sums: _Sums, who: NDArray[np.int_]) -> tuple[Array, Array]:
    n, s, q = (part[who].sum(0) for part in sums)
    mean = s / n
    return mean, (q - n * np.outer(mean, mean)) / (n - 1.0)


def _extrapolated(real: _Sums, shown: _Sums, orders: NDArray[np.int_]) -> tuple[float, float]:
    """The line at 1/n = 0, and the mean over halves of the largest size; a row of `orders` is the people, mixed."""
    most = orders.shape[1] // 2
    sizes = np.unique(np.floor(np.array(_SHARES) * most).astype(int))
    found = np.zeros((len(orders), len(sizes)))
    for draw, mixed in enumerate(orders):
        for k, size in enumerate(sizes):
            a, b = mixed[:size], mixed[most : most + size]
            both = (
                _gaussians(*_described(real, a), *_described(shown, b)),
                _gaussians(*_described(real, b), *_described(shown, a)),
            )
            found[draw, k] = np.mean(both)
    means = found.mean(axis=0)
    line = np.polynomial.polynomial.polyfit(1.0 / sizes, means, 1)
    return float(line[0]), float(means[-1])


def _embeddings(values: ArrayLike, name: str) -> Array:
    x: Array = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or len(x) < 2 or not x.shape[1]:
        raise ValueError(f"{name}: expected embeddings (n, d) of two and more, got shape {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError(f"{name} holds what is no finite number; leave those rows out, and say how many")
    return x


def _covariance(values: ArrayLike, name: str) -> Array:
    x: Array = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or x.shape[0] != x.shape[1]:
        raise ValueError(f"{name}: expected a covariance (d, d), got shape {x.shape}")
    size = max(float(np.abs(x).max(initial=0.0)), 1e-300)
    if not np.isfinite(x).all() or np.abs(x - x.T).max(initial=0.0) > 1e-8 * size:
        raise ValueError(f"{name} is not symmetric, or holds what is no finite number")
    if float(np.linalg.eigvalsh(x).min(initial=0.0)) < -1e-6 * size:
        raise ValueError(f"{name} has a negative variance: no covariance")
    return x


def _gaussians(ma: Array, a: Array, mb: Array, b: Array) -> float:
    """Of what is checked. With ``A = F F'``, ``B = G G'`` the root's trace is the sum of singular values of ``F' G``.

    These are as exact as A and B are, where the roots of eigenvalues that should be 0 are not.
    """
    shared = np.linalg.svd(_factor(a).T @ _factor(b), compute_uv=False).sum()
    return float(np.sum((ma - mb) ** 2) + np.trace(a) + np.trace(b) - 2.0 * shared)


def _factor(covariance: Array) -> Array:
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    kept = values > len(values) * np.finfo(np.float64).eps * max(float(values[-1]), 0.0)
    return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))
