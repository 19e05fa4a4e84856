"""The record of one run: written once, read by everything that reports."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gaitbench.errors import DataError
from gaitbench.results._rows import read_row, row_to_dict
from gaitbench.results.own_files import is_record
from gaitbench.results.schema import (
    SCHEMA_VERSION,
    SCORE_COLUMNS,
    Check,
    Competence,
    Failure,
    Quality,
    QualityDifference,
    Sample,
    SetShare,
    Stage,
    SuccessRate,
    check_provenance,
)  # fmt: skip
from gaitbench.results.schema_attacks import CmcPoint, GallerySize, Identification, Recognition, SubjectTail
from gaitbench.results.schema_pictures import Ablation, Naturalness, PictureMeasure
from gaitbench.store.atomic import write_whole

__all__ = ["Record"]

#: Lists outside ``tables`` and inside, with the row each holds.
_LISTS: dict[str, type] = {"stages": Stage, "checks": Check, "failures": Failure, "samples": Sample}
_TABLES: dict[str, type] = {
    "success_rate": SuccessRate, "quality": Quality, "quality_adjusted": Quality,
    "quality_difference": QualityDifference,
    "competence": Competence, "sets": SetShare, "identification": Identification, "cmc": CmcPoint,
    "recognition": Recognition, "gallery_size": GallerySize, "subject_tail": SubjectTail,
    "picture_measures": PictureMeasure, "naturalness": Naturalness, "ablations": Ablation,
}  # fmt: skip

#: version -> what turns its document into one of the next version.
#: Version 2 added tables; those of version 1 are read as they are.
_MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: lambda document: document}

_ARROW = {"str": pa.string(), "int": pa.int32(), "float": pa.float64()}


@dataclass(frozen=True)
class Record:
    """Everything a run found out.

    Parameters
    ----------
    provenance : Mapping
        See `gaitbench.results.provenance.collect_provenance`.
    stages, success_rate, ..., samples : tuple
        Rows of the kinds in `gaitbench.results.schema`, `schema_attacks` and `schema_pictures`.
    scores : pandas.DataFrame
        One row per sequence and measure; the columns of `SCORE_COLUMNS`.

    Examples
    --------
    >>> record = Record.load(Path("reports/quick"))  # doctest: +SKIP
    >>> [row.rate for row in record.success_rate if row.angle == 90]  # doctest: +SKIP
    """

    provenance: Mapping[str, Any]
    stages: tuple[Stage, ...] = ()
    success_rate: tuple[SuccessRate, ...] = ()
    quality: tuple[Quality, ...] = ()
    quality_adjusted: tuple[Quality, ...] = ()
    quality_difference: tuple[QualityDifference, ...] = ()
    competence: tuple[Competence, ...] = ()
    sets: tuple[SetShare, ...] = ()
    identification: tuple[Identification, ...] = ()
    cmc: tuple[CmcPoint, ...] = ()
    recognition: tuple[Recognition, ...] = ()
    gallery_size: tuple[GallerySize, ...] = ()
    subject_tail: tuple[SubjectTail, ...] = ()
    picture_measures: tuple[PictureMeasure, ...] = ()
    naturalness: tuple[Naturalness, ...] = ()
    ablations: tuple[Ablation, ...] = ()
    checks: tuple[Check, ...] = ()
    failures: tuple[Failure, ...] = ()
    samples: tuple[Sample, ...] = ()
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SCORE_COLUMNS)))

    @classmethod
    def from_dict(cls, document: object, scores: pd.DataFrame | None = None) -> Record:
        """Read the JSON document of a record, of this version or an older one.

        Raises
        ------
        DataError
            If the version is unknown or a field is missing, of another type, or contradicts another.
        """
        current = _migrate(document)
        provenance = current.get("provenance")
        if not isinstance(provenance, Mapping):
            raise DataError("run.json has no object 'provenance'; the record is damaged, run the suite again")
        bad = check_provenance(provenance)
        if bad:
            raise DataError(f"run.json: provenance lacks, or has in another form: {', '.join(bad)}")
        tables = current.get("tables", {})
        if not isinstance(tables, Mapping):
            raise DataError("run.json: 'tables' is not an object; the record is damaged, run the suite again")
        rows: dict[str, Any] = {name: _rows(current, name, kind, "") for name, kind in _LISTS.items()}
        rows |= {name: _rows(tables, name, kind, "tables.") for name, kind in _TABLES.items()}
        if scores is not None:
            rows["scores"] = scores
        return cls(provenance=dict(provenance), **rows)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document: everything but the scores."""
        lists = {name: [row_to_dict(row) for row in getattr(self, name)] for name in _LISTS}
        tables = {name: [row_to_dict(row) for row in getattr(self, name)] for name in _TABLES}
        return {
            "schema_version": SCHEMA_VERSION,
            "provenance": dict(self.provenance),
            "tables": tables,
            **lists,
        }

    def save(self, run_dir: Path) -> None:
        """Write ``run.json`` and ``scores.parquet`` into `run_dir`; both appear whole or neither does.

        The scores are renamed first, so that a folder with a ``run.json`` always has scores.

        Raises
        ------
        DataError
            If a value cannot be written (NaN or infinity in a cell, a column of scores missing), the folder cannot be
            written, its disk is full, or its ``run.json`` is no record of this program.
        """
        document = self.to_dict()
        Record.from_dict(document)  # what cannot be read again is not written
        try:
            text = json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise DataError(f"the record of {run_dir} cannot be written as JSON: {error}") from error
        scores = io.BytesIO()
        pq.write_table(_scores_table(self.scores), scores, compression="zstd")
        try:
            files = {"scores.parquet": scores.getvalue(), "run.json": (text + "\n").encode("utf-8")}
        except UnicodeEncodeError as error:
            raise DataError(f"the record of {run_dir} holds text that is no Unicode: {error}") from error
        _write_together(run_dir, files)

    @classmethod
    def load(cls, run_dir: Path) -> Record:
        """Read the record in `run_dir`.

        Raises
        ------
        DataError
            If the folder, ``run.json`` or ``scores.parquet`` is missing, damaged or of another version.
        """
        path = run_dir / "run.json"
        if not run_dir.is_dir():
            raise DataError(f"{run_dir} is no folder; give the folder that 'gaitbench run-all' wrote")
        if not path.is_file():
            raise DataError(f"{run_dir} has no run.json; give the folder that 'gaitbench run-all' wrote")
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise DataError(f"{path} is damaged ({error}); run 'gaitbench run-all' again") from error
        try:
            return cls.from_dict(document, _read_scores(run_dir / "scores.parquet"))
        except DataError as error:
            raise DataError(f"{path}: {error}") from error


def _migrate(document: object) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        raise DataError("this is not a record (no JSON object); run 'gaitbench run-all' again")
    current = dict(document)
    version = current.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise DataError("this is not a record (no 'schema_version'); run 'gaitbench run-all' again")
    if version > SCHEMA_VERSION:
        raise DataError(
            f"written by a newer gaitbench (schema version {version}; this one reads up to "
            f"{SCHEMA_VERSION}); update with 'pip install --upgrade gaitbench'"
        )
    while version < SCHEMA_VERSION:
        if version not in _MIGRATIONS:
            raise DataError(
                f"schema version {version} can no longer be read (this gaitbench reads {SCHEMA_VERSION}); "
                "run the suite again, or read it with the gaitbench that wrote it"
            )
        current = _MIGRATIONS[version](current)
        version += 1
    return current


def _rows(document: Mapping[str, Any], name: str, kind: type, prefix: str) -> tuple[Any, ...]:
    rows = document.get(name, [])
    if not isinstance(rows, list):
        raise DataError(f"{prefix}{name} is not a list; the record is damaged, run the suite again")
    return tuple(read_row(kind, row, f"{prefix}{name}[{i}]") for i, row in enumerate(rows))


def _scores_table(scores: pd.DataFrame) -> pa.Table:
    missing = [name for name in SCORE_COLUMNS if name not in scores.columns]
    if missing:
        raise DataError(f"the scores have no column {', '.join(missing)}")
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in SCORE_COLUMNS.items()])
    try:
        return pa.Table.from_pandas(scores[list(SCORE_COLUMNS)], schema=schema, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(f"the scores hold a value of another type: {error}") from error


def _read_scores(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise DataError("scores.parquet is missing beside it; copy the whole folder, or run the suite again")
    try:
        scores: pd.DataFrame = pq.read_table(path).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"scores.parquet beside it is damaged ({error}); run the suite again") from error
    missing = [name for name in SCORE_COLUMNS if name not in scores.columns]
    if missing:
        raise DataError(f"scores.parquet beside it has no column {', '.join(missing)}")
    return scores


def _write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files under other names before the first is renamed: a full disk leaves those that were there."""
    there = folder / "run.json"
    if there.exists() and not is_record(there):
        raise DataError(f"{there} is no record of gaitbench, and is not replaced; give another folder")
    parts = {name: folder / f".{name}.{os.getpid()}.part" for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            write_whole(parts[name], data, shared=True)
        for name, part in parts.items():
            part.replace(folder / name)
    except OSError as error:
        why = error.strerror or str(error)
        raise DataError(f"the record in {folder} cannot be written ({why}); give another folder") from error
    finally:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
