"""Is what was handed in plausible? A broken export must not pass for hiding (thresholds: `external.gate`)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.embeddings.arrays import Embeddings
from gaitbench.evaluation.embeddings.spaces import Vectors
from gaitbench.evaluation.external.gate import ODD, RIGID, Finding

__all__ = ["embeddings_plausible"]

#: Probes of which pairs are measured.
_LOOKED_AT = 1000


def embeddings_plausible(
    original: Embeddings,
    anonymized: Embeddings,
    rows: Sequence[tuple[SequenceKey, int, int]],
    metric: str,
) -> list[Finding]:
    """Look at the embeddings of the probes.

    Parameters
    ----------
    original, anonymized : Embeddings
    rows : sequence of (SequenceKey, row in original, row in anonymized)
        Probes that are usable on both sides.
    metric : str
    """
    if not rows:
        return []
    return [*_copies(original, anonymized, rows), *_alike(original, anonymized, rows, metric)]


def _copies(
    original: Embeddings, anonymized: Embeddings, rows: Sequence[tuple[SequenceKey, int, int]]
) -> list[Finding]:
    owner: dict[bytes, str] = {}
    kind = original.x.dtype
    for row, key in enumerate(original.labels.keys):
        owner.setdefault(_mark(original.x[row], kind), key.subject)
    whose = [owner.get(_mark(anonymized.x[after], kind), "") for _, _, after in rows]
    own = sum(who == key.subject for who, (key, _, _) in zip(whose, rows, strict=True))
    strange = tuple(key for who, (key, _, _) in zip(whose, rows, strict=True) if who not in ("", key.subject))
    n = len(rows)
    found = [
        Finding(
            "nobody has the numbers of another person's untouched original",
            len(strange) <= ODD * n,
            f"{len(strange)} of {n} probes have (first: {min(strange)}): labels are shifted or people exchanged"
            if strange
            else "no such probe",
            strange,
            "are the untouched original of another person",
        )
    ]
    if own:  # a copy hides nobody: the figures say so by themselves
        found.append(
            Finding(
                "anonymized embeddings differ from their originals",
                own < n,
                f"{own} of {n} probes are their own original, number by number",
            )
        )
    return found


def _mark(row: NDArray[np.floating[Any]], kind: np.dtype[Any]) -> bytes:
    return blake2b(np.ascontiguousarray(row, dtype=kind).data, digest_size=16).digest()


def _alike(
    original: Embeddings,
    anonymized: Embeddings,
    rows: Sequence[tuple[SequenceKey, int, int]],
    metric: str,
) -> list[Finding]:
    """Whether people differ at all: a recognizer that answers one thing for everybody names nobody by a fault."""
    some = [rows[i] for i in np.linspace(0, len(rows) - 1, min(len(rows), _LOOKED_AT)).astype(int).tolist()]
    subjects = np.array([key.subject for key, _, _ in some], dtype=str)
    apart = subjects[:, None] != subjects
    if not apart.any():
        return []

    def between(x: NDArray[np.floating[Any]], places: Sequence[int]) -> float:
        mine = x[np.array(places, dtype=np.intp)]
        every = np.arange(len(mine))
        return float(np.median(Vectors(mine, mine, metric, exact=True).against(every)(every)[apart]))

    before = between(original.x, [b for _, b, _ in some])
    after = between(anonymized.x, [a for _, _, a in some])
    share = after / before if before > 0 else 1.0
    return [
        Finding(
            "anonymized people are not all alike",
            share >= RIGID,
            f"their embeddings differ {100 * share:.0f} % as much as the originals' do; under {100 * RIGID:.0f} % all "
            "show one gait, by design or by a fault",
        )
    ]
