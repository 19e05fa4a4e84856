"""What a recognizer reads of many sequences, with what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.key_text import walk_text
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.store import digest as digest_of

__all__ = ["Features", "Rows", "as_other_walks", "gei_of", "join"]

#: One item a sequence: an array (n, ...), or a list where the sequences differ in length.
Rows = NDArray[Any] | list[NDArray[Any]]


class _Packed:
    """Silhouettes of many sequences as bits: a run holds those of every system at once."""

    def __init__(self, rows: Sequence[NDArray[Any]]) -> None:
        self._bits = [(np.packbits(r), r.shape) for r in rows]

    def rows(self) -> list[NDArray[Any]]:
        """The silhouettes, bool (T, h, w) each."""
        return [
            np.unpackbits(bits, count=int(np.prod(shape))).reshape(shape).view(np.bool_)
            for bits, shape in self._bits
        ]


@dataclass(frozen=True)
class Features:
    """Rows for a recognizer; they are read from the store when they are first asked for.

    Parameters
    ----------
    source : rows, or callable that gives them
        GEIs float32 (n, h, w) in [0, 1] (zeros where `failures` has the key), silhouettes bool (T, h, w) each, or
        pictures uint8 (n, K, h, w, 3).
    keys : tuple of SequenceKey
    failures : dict of str to str
        Sequence name -> why there is nothing to read.
    digest : str
        Content hash of what they are made from.
    blank : frozenset of str
        Sequences in which there is nobody to look at. That is no failure of the system: nothing is learnt from them,
        nobody is enrolled or named by them.
    content : callable that gives a str, optional
        Hash of what the rows show, where it is found sooner than the rows: of one content, they are equal to the bit.
    """

    source: Rows | Callable[[], Rows]
    keys: tuple[SequenceKey, ...]
    failures: dict[str, str]
    digest: str
    blank: frozenset[str] = frozenset()
    content: Callable[[], str] | None = None

    @cached_property
    def _kept(self) -> Rows | _Packed:
        rows = self.source() if callable(self.source) else self.source
        if isinstance(rows, list) and all(r.dtype == np.bool_ for r in rows):
            return _Packed(rows)
        return rows

    @property
    def x(self) -> Rows:
        """The rows; sets of silhouettes are kept as bits and unpacked each time, so ask once."""
        return self._kept.rows() if isinstance(self._kept, _Packed) else self._kept

    @property
    def subjects(self) -> NDArray[np.str_]:
        """Subject of each row."""
        return np.array([k.subject for k in self.keys], dtype=str)

    @property
    def angles(self) -> NDArray[np.int64]:
        """Angle of each row in degrees."""
        return np.array([k.angle for k in self.keys], dtype=np.int64)

    @property
    def walks(self) -> NDArray[np.str_]:
        """Walk of each row."""
        return np.array([k.walk for k in self.keys], dtype=str)

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which rows there are, bool (n,)."""
        gone = self.failures.keys() | self.blank
        return np.array([str(k) not in gone for k in self.keys], dtype=bool)

    def take(self, rows: ArrayLike) -> Features:
        """Some of the rows, by a bool mask or by index."""
        chosen = np.arange(len(self.keys))[np.asarray(rows)]

        def source() -> Rows:
            rows = self.x
            return [rows[i] for i in chosen] if isinstance(rows, list) else rows[chosen]

        return Features(source, tuple(self.keys[i] for i in chosen), self.failures, self.digest, self.blank)

    def usable(self) -> Features:
        """Without the rows that failed, or that show nobody."""
        found = self.take(self.good)
        return Features(found.source, found.keys, {}, self.digest)


def join(parts: Sequence[Features], digest: str) -> Features:
    """Several sets of rows under each other; a key may stand there more than once."""

    def source() -> Rows:
        rows = [part.x for part in parts]
        if any(isinstance(r, list) for r in rows):
            return [item for r in rows for item in r]
        return np.concatenate([np.asarray(r) for r in rows])

    failures = {name: why for part in parts for name, why in part.failures.items()}
    blank = frozenset(name for part in parts for name in part.blank)
    return Features(source, tuple(k for part in parts for k in part.keys), failures, digest, blank)


def as_other_walks(features: Features, mark: str) -> Features:
    """The same rows as walks of their own: `mark` is added to the name of each walk.

    Recognizers that pair the views of a walk must not pair an untouched view with an anonymized one, or two draws of
    noise. The condition of a walk stays.
    """
    keys = _all_marked(features.keys, mark)
    failures, blank = features.failures, features.blank
    if failures or blank:
        names = {str(old): str(new) for old, new in zip(features.keys, keys, strict=True)}
        failures = {names.get(name, name): why for name, why in failures.items()}
        blank = frozenset(names.get(name, name) for name in blank)
    return replace(
        features, source=lambda: features.x, keys=keys, failures=failures, digest=digest_of(features.digest, mark),
        blank=blank,
    )  # fmt: skip


@lru_cache(maxsize=32)  # every system shows the same walks
def _all_marked(keys: tuple[SequenceKey, ...], mark: str) -> tuple[SequenceKey, ...]:
    return tuple(_marked(key, mark) for key in keys)


def _marked(key: SequenceKey, mark: str) -> SequenceKey:
    take = mark if key.take is None else f"{key.take} {mark}"
    return replace(key, walk=walk_text(key.condition, take, key.session))


def gei_of(silhouettes: NDArray[np.bool_]) -> NDArray[np.float32]:
    """GEI of one aligned sequence; an empty sequence or one without a white pixel is an error of the caller."""
    from recognizer import gait_energy_image

    return np.asarray(gait_energy_image(silhouettes, fps=RATE), dtype=np.float32)
