"""Judge an anonymizer by a file of distances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError
from gaitbench.evaluation.embeddings.arrays import labels_of, read_arrays
from gaitbench.evaluation.embeddings.attackers import RUNGS_HANDED_IN, Attacker, check_rung
from gaitbench.evaluation.embeddings.handed_in import Side, look_through
from gaitbench.evaluation.embeddings.judge import judged
from gaitbench.evaluation.embeddings.people import context_of
from gaitbench.evaluation.embeddings.spaces import Given
from gaitbench.evaluation.embeddings.wishes import Wishes
from gaitbench.evaluation.run.progress import Progress, SilentProgress
from gaitbench.results.record import Record

__all__ = ["judge_distances"]


def judge_distances(path: Path, *, wishes: Wishes | None = None, progress: Progress | None = None) -> Record:
    """Judge by a file of distances; smaller is nearer.

    Parameters
    ----------
    path : path
        An ``.npz`` file of arrays ``original`` (n, m), untouched probes against the gallery; ``ignorant`` (n, m),
        anonymized probes against the same; further rungs of that shape by their names (``semi-informed``, ...);
        ``probe_subject``, ``probe_walk``, ``probe_angle`` (n,); ``gallery_subject``, ``gallery_walk``,
        ``gallery_angle`` (m,). A row with NaN is a probe that could not be read.
    wishes : Wishes, optional
        `gallery` and `probe` choose among the walks of the file; all of them if None.
    progress : Progress, optional

    Returns
    -------
    Record

    Raises
    ------
    DataError, ConfigError
        As `judge_embeddings`.
    """
    wish = wishes or Wishes(recognizer="distances")
    suite = wish.loaded()
    names = [f"{side}_{label}" for side in ("probe", "gallery") for label in ("subject", "walk", "angle")]
    arrays = read_arrays(path, ("original", "ignorant", *names))
    matrices = {name: arrays[name] for name in arrays if name not in names}
    for rung in matrices:
        if rung not in ("original", "ignorant"):
            check_rung(rung)
    shape = matrices["original"].shape
    for name, matrix in matrices.items():
        if matrix.ndim != 2 or matrix.dtype.kind not in "fiu" or matrix.shape != shape or not matrix.size:
            raise DataError(
                f"{path}: {name} is {matrix.dtype} {matrix.shape}, not distances of the shape of original, {shape}"
            )
    sides = []
    for side, rows in (("probe", shape[0]), ("gallery", shape[1])):
        subject, walk, angle = (arrays[f"{side}_{label}"] for label in ("subject", "walk", "angle"))
        sides.append(labels_of(subject, walk, angle, rows, str(path), f"{side}_"))
    good = {name: np.isfinite(matrix).all(axis=1) for name, matrix in matrices.items()}
    blank = [i for i in range(shape[1]) if not np.isfinite(matrices["original"][:, i]).any()]
    if blank:
        raise DataError(
            f"{path}: column {blank[0]} of original holds no number; leave that gallery sequence out"
        )
    both = Side(
        replace(sides[0], keys=(*sides[0].keys, *sides[1].keys)),
        np.concatenate([good["original"], np.ones(shape[1], dtype=bool)]), str(path),
    )  # fmt: skip
    walks = [tuple(dict.fromkeys(k.walk for k in side.keys)) for side in sides]
    handed = look_through(
        both, Side(sides[0], good["ignorant"], str(path)), wish.gallery, wish.probe, (walks[1], walks[0])
    )
    handed.left_out = [line for line in handed.left_out if not line.startswith("lazy-informed")]
    gallery = {key: i for i, key in reversed(list(enumerate(sides[1].keys)))}

    def attacker(name: str) -> Attacker:
        keys = enumerate(sides[0].keys)
        rows = {key: i for i, key in reversed(list(keys)) if good[name][i]}
        return Attacker(name, Given(matrices[name]), rows, gallery)

    attackers = [attacker(name) for name in matrices if name != "original"]
    attackers.sort(key=lambda a: ("ignorant", *RUNGS_HANDED_IN).index(a.rung))
    run = context_of(
        suite, wish.recognizer, wish.name, handed, [a.rung for a in attackers], wish.views, wish.noise,
        (str(path), _hash(matrices)), progress or SilentProgress(),
    )  # fmt: skip
    return judged(run, wish, handed, attacker("original"), attackers, [], {"metric": "handed in"})


def _hash(arrays: Mapping[str, NDArray[np.generic]]) -> str:
    mark = sha256()
    for name in sorted(arrays):
        mark.update(name.encode() + np.ascontiguousarray(arrays[name]).data)
    return mark.hexdigest()
