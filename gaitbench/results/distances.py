"""``distances.parquet``: the distance of every probe to every person under every attack, so that anyone can recompute.

One row an observation (a probe; under gallery ``cross-view`` a probe and a gallery angle). Angles are degrees in 16
bits; where a view is only a label they are 64 bits, and ``provenance.views`` of the record says which number stands
for which label. `before` and `after` are
lists of float32, one number a person in the order of the file's metadata ``people`` (JSON): the person's nearest
gallery entry, infinite where there is none, NaN in a whole row where there is nothing to look at. float32 is what the
recognizers give; ties and ranks of the run are those of these numbers.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gaitbench.errors import DataError

__all__ = ["DISTANCES_FILE", "AttackDistances", "distances_bytes", "distances_table", "read_distances"]

DISTANCES_FILE = "distances.parquet"

#: Beyond it a number is that of a label.
_MOST = 2**15 - 1
_NAMES = ("anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery")
_SCHEMA = [
    *((name, pa.dictionary(pa.int16(), pa.string())) for name in _NAMES),
    ("key", pa.dictionary(pa.int32(), pa.string())), ("subject", pa.dictionary(pa.int32(), pa.string())),
    ("angle", pa.int16()), ("gallery_angle", pa.int16()), ("failed", pa.bool_()),
]  # fmt: skip


@dataclass(frozen=True)
class AttackDistances:
    """What one attack measured.

    Parameters
    ----------
    names : tuple of str
        Anonymizer, colorizer, attacker, recognizer, input, gallery.
    keys, subjects : sequence of str (n,)
    angles, gallery_angles : int array (n,)
        Degrees, or numbers that stand for labels; -1 where the gallery is not divided by angle.
    failed : bool array (n,)
        The anonymization failed: counted as identified.
    people : sequence of str (P,)
    before, after : float32 array (n, P)
    """

    names: tuple[str, str, str, str, str, str]
    keys: Sequence[str]
    subjects: Sequence[str]
    angles: NDArray[np.integer[Any]]
    gallery_angles: NDArray[np.integer[Any]]
    failed: NDArray[np.bool_]
    people: Sequence[str]
    before: NDArray[np.float32]
    after: NDArray[np.float32]


def distances_table(parts: Sequence[AttackDistances]) -> pa.Table | None:
    """All attacks under each other; None where there is none. People of all galleries together, sorted."""
    if not parts:
        return None
    people = sorted({str(p) for part in parts for p in part.people})
    kinds = dict(_SCHEMA)
    # the number that stands for a label has 52 bits; files of degrees stay as they were
    for name, held in (("angle", "angles"), ("gallery_angle", "gallery_angles")):
        if any(np.asarray(getattr(part, held)).max(initial=0) > _MOST for part in parts):
            kinds[name] = pa.int64()
    schema = pa.schema(
        [*kinds.items(), *((name, pa.list_(pa.float32(), len(people))) for name in ("before", "after"))],
        metadata={"people": json.dumps(people)},
    )
    tables = []
    for part in parts:
        n = len(part.keys)
        columns = [pa.array([name] * n, kinds["gallery"]) for name in part.names]
        columns += [pa.array(list(map(str, v)), kinds["key"]) for v in (part.keys, part.subjects)]
        columns += [
            pa.array(np.asarray(v, np.int64), kinds[name])
            for name, v in (("angle", part.angles), ("gallery_angle", part.gallery_angles))
        ]
        columns.append(pa.array(np.asarray(part.failed, bool)))
        place = np.searchsorted(people, np.asarray(part.people, dtype=str))
        for values in (part.before, part.after):
            wide = np.full((n, len(people)), np.inf, dtype=np.float32)
            wide[:, place] = values
            wide[np.isnan(values).any(axis=1)] = np.nan
            columns.append(pa.FixedSizeListArray.from_arrays(pa.array(wide.ravel()), len(people)))
        tables.append(pa.Table.from_arrays(columns, schema=schema))
    return pa.concat_tables(tables).unify_dictionaries()


def distances_bytes(table: pa.Table) -> bytes:
    """The file's bytes: zstd, the bytes of the numbers side by side, which compresses them by a third more."""
    out = io.BytesIO()
    split = {f"{name}.list.element": "BYTE_STREAM_SPLIT" for name in ("before", "after")}
    names = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(table, out, compression="zstd", use_dictionary=names, column_encoding=split)
    return out.getvalue()


def read_distances(run_dir: Path) -> tuple[pd.DataFrame, list[str], NDArray[np.float32], NDArray[np.float32]]:
    """Read what a run wrote.

    Returns
    -------
    rows : DataFrame (n)
        Names of the attack, key, subject, angle, gallery_angle, failed.
    people : list of str (P)
    before, after : float32 array (n, P)

    Raises
    ------
    DataError
        If the file is missing (runs before record version 3 have none) or damaged.
    """
    path = run_dir / DISTANCES_FILE
    if not path.is_file():
        raise DataError(f"{path} is missing; runs of this version write it: run the suite again")
    try:
        table = pq.read_table(path)
        people = [str(p) for p in json.loads(table.schema.metadata[b"people"])]
        rows = table.drop_columns(["before", "after"]).to_pandas()
        before, after = (
            table[name]
            .combine_chunks()
            .flatten()
            .to_numpy(zero_copy_only=False)
            .reshape(len(rows), len(people))
            for name in ("before", "after")
        )
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path} is damaged ({error}); run the suite again") from error
    return rows, people, before, after
