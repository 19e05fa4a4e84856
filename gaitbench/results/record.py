"""The record of one run: written once, read by everything that reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gaitbench.errors import DataError, GaitbenchError
from gaitbench.registry import TABLES
from gaitbench.results.migrations import migrate
from gaitbench.results.provenance import Provenance
from gaitbench.results.rows import WAY_OUT, row_to_dict
from gaitbench.results.schema import (
    SCHEMA_VERSION,
    Check,
    Competence,
    Failure,
    Quality,
    QualityDifference,
    Sample,
    SetShare,
    Stage,
    SuccessRate,
)  # fmt: skip
from gaitbench.results.schema_attacks import (
    CmcPoint,
    CrossSession,
    GallerySize,
    Identification,
    Recognition,
    SubjectTail,
)
from gaitbench.results.schema_pictures import (
    Ablation,
    MarginClaim,
    Naturalness,
    PictureMeasure,
    Rated,
    TrainingSpread,
    Utility,
    UtilityAgain,
)
from gaitbench.results.schema_pooled import Assigned, Criterion, Gap, Inference, LeftOut, Pooled, WorstCase
from gaitbench.results.schema_sweep import EqualSuccess, Swept
from gaitbench.validation import convert, read_json

if TYPE_CHECKING:
    # imported where they are needed: they take half a second, and a list of runs needs neither
    import pandas as pd
    import pyarrow as pa

    from gaitbench.results.files.score_parts import ScoreParts

__all__ = ["BUILT_IN_TABLES", "Record"]

#: Lists outside ``tables``.
_LISTS = ("stages", "checks", "failures", "samples")
#: Tables of this program, with the row each holds.
BUILT_IN_TABLES: dict[str, type] = {
    "success_rate": SuccessRate, "quality": Quality, "quality_adjusted": Quality,
    "quality_difference": QualityDifference,
    "competence": Competence, "sets": SetShare, "identification": Identification, "cmc": CmcPoint,
    "recognition": Recognition, "gallery_size": GallerySize, "subject_tail": SubjectTail,
    "picture_measures": PictureMeasure, "naturalness": Naturalness, "ablations": Ablation,
    "trainings": TrainingSpread, "galleries": Identification, "sessions": CrossSession,
    "pooled": Pooled, "assigned": Assigned, "criteria": Criterion, "worst_case": WorstCase,
    "attributes": Inference, "left_out": LeftOut, "gaps": Gap,
    "sweep": Swept, "equal_success": EqualSuccess, "utility": Utility,
    "utility_again": UtilityAgain,
    "margins": MarginClaim, "ratings": Rated,
}  # fmt: skip


class _Document(msgspec.Struct, frozen=True):
    """``run.json`` of this version; the rows of a table are looked at by their own type."""

    provenance: Provenance
    tables: dict[str, list[Any]] = {}
    stages: tuple[Stage, ...] = ()
    checks: tuple[Check, ...] = ()
    failures: tuple[Failure, ...] = ()
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, init=False)
class Record:
    """Everything a run found out.

    Parameters
    ----------
    provenance : Mapping
        See `gaitbench.results.provenance.collect_provenance`.
    tables : Mapping of str to tuple
        Rows by the name of their table. Those of this program have a name of their own, too
        (`success_rate`, ..., `ablations`), and may be given by it. Rows of a third party are of the type that its
        `ReportTable` names; where that is not installed, they stay JSON objects.
    stages, checks, failures, samples : tuple
    scores : pandas.DataFrame, or ScoreParts
        One row per sequence and measure; the columns of `SCORE_COLUMNS`. Parts are put together when somebody asks for
        `scores`; `save` writes them one after another.
    distances : pyarrow.Table, optional
        Of every probe to every person (`gaitbench.results.distances`): written by `save`, not read by `load`.

    Examples
    --------
    >>> record = Record.load(Path("reports/quick"))  # doctest: +SKIP
    >>> [row.rate for row in record.success_rate if row.angle == 90]  # doctest: +SKIP
    """

    provenance: Mapping[str, Any]
    tables: Mapping[str, tuple[Any, ...]]
    stages: tuple[Stage, ...]
    checks: tuple[Check, ...]
    failures: tuple[Failure, ...]
    samples: tuple[Sample, ...]
    scores: pd.DataFrame
    distances: pa.Table | None

    def __init__(
        self,
        provenance: Mapping[str, Any],
        tables: Mapping[str, Sequence[Any]] | None = None,
        *,
        stages: Sequence[Stage] = (),
        checks: Sequence[Check] = (),
        failures: Sequence[Failure] = (),
        samples: Sequence[Sample] = (),
        scores: pd.DataFrame | ScoreParts | None = None,
        distances: pa.Table | None = None,
        **named: Sequence[Any],
    ) -> None:
        unknown = sorted(set(named) - set(BUILT_IN_TABLES))
        if unknown:
            raise TypeError(f"a record has no table {', '.join(unknown)} of that name; give it in `tables`")
        rows = {**dict.fromkeys(BUILT_IN_TABLES, ()), **(tables or {}), **named}
        values = {
            "provenance": provenance, "tables": {name: tuple(own) for name, own in rows.items()},
            "stages": tuple(stages), "checks": tuple(checks), "failures": tuple(failures), "samples": tuple(samples),
            "distances": distances, **_held(scores),
        }  # fmt: skip
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """The scores, put together once somebody asks for them, and their parts (`score_parts`)."""
        if name not in ("scores", "score_parts"):
            raise AttributeError(f"a record has no {name!r}")
        from gaitbench.results.files.score_parts import parts_of

        parts = vars(self).get("score_parts") or parts_of(vars(self).get("scores"))
        if name == "score_parts":
            return parts
        object.__setattr__(self, "scores", parts.whole())
        return self.scores

    @property
    def confidence(self) -> float:
        """Level of the intervals, 0 to 1: the suite's; 0.95 where an old record does not say."""
        level = self.provenance["suite"].get("confidence", 0.95)
        return float(level) if isinstance(level, int | float) else 0.95

    @property
    def success_rate(self) -> tuple[SuccessRate, ...]:
        """One row a system, attack and angle."""
        return self.tables["success_rate"]

    @property
    def quality(self) -> tuple[Quality, ...]:
        """Mean picture quality, one row a system, set and reference."""
        return self.tables["quality"]

    @property
    def quality_adjusted(self) -> tuple[Quality, ...]:
        """As `quality`, adjusted for the angle."""
        return self.tables["quality_adjusted"]

    @property
    def quality_difference(self) -> tuple[QualityDifference, ...]:
        """Paired differences between colorizers."""
        return self.tables["quality_difference"]

    @property
    def competence(self) -> tuple[Competence, ...]:
        """Rank-1 on untouched probes."""
        return self.tables["competence"]

    @property
    def sets(self) -> tuple[SetShare, ...]:
        """How many sequences each set holds."""
        return self.tables["sets"]

    @property
    def identification(self) -> tuple[Identification, ...]:
        """The ladder of attackers."""
        return self.tables["identification"]

    @property
    def cmc(self) -> tuple[CmcPoint, ...]:
        """Share of probes named within each rank."""
        return self.tables["cmc"]

    @property
    def recognition(self) -> tuple[Recognition, ...]:
        """Rank-1 between angles."""
        return self.tables["recognition"]

    @property
    def gallery_size(self) -> tuple[GallerySize, ...]:
        """Success by the size of the gallery."""
        return self.tables["gallery_size"]

    @property
    def subject_tail(self) -> tuple[SubjectTail, ...]:
        """The subjects who are identified most often."""
        return self.tables["subject_tail"]

    @property
    def picture_measures(self) -> tuple[PictureMeasure, ...]:
        """Further picture measures."""
        return self.tables["picture_measures"]

    @property
    def naturalness(self) -> tuple[Naturalness, ...]:
        """How natural the anonymized gaits are."""
        return self.tables["naturalness"]

    @property
    def trainings(self) -> tuple[TrainingSpread, ...]:
        """Systems that were trained more than once."""
        return self.tables["trainings"]

    @property
    def ablations(self) -> tuple[Ablation, ...]:
        """Quality with one choice of a colorizer changed."""
        return self.tables["ablations"]

    @classmethod
    def from_dict(cls, document: object, scores: pd.DataFrame | ScoreParts | None = None) -> Record:
        """Read the JSON document of a record, of this version or an older one.

        Raises
        ------
        DataError
            If the version is unknown or a field is missing, of another type, or contradicts another.
        """
        current = migrate(document)
        read = convert(_Document, current, "", way_out=WAY_OUT)
        found = {name: _rows(name, read.tables.get(name, [])) for name in {**BUILT_IN_TABLES, **read.tables}}
        lists: dict[str, Any] = {name: getattr(read, name) for name in _LISTS}
        return cls(dict(current["provenance"]), found, scores=scores, **lists)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document: everything but the scores."""
        lists = {name: [row_to_dict(row) for row in getattr(self, name)] for name in _LISTS}
        tables = {name: [row_to_dict(row) for row in rows] for name, rows in self.tables.items()}
        return {
            "schema_version": SCHEMA_VERSION,
            "provenance": dict(self.provenance),
            "tables": tables,
            **lists,
        }

    def save(self, run_dir: Path) -> None:
        """Write ``run.json``, ``scores.parquet`` and, where there are distances, ``distances.parquet`` into `run_dir`.

        All appear whole or none does.

        The scores are renamed first, so that a folder with a ``run.json`` always has scores.

        Raises
        ------
        DataError
            If a value cannot be written (NaN or infinity in a cell, a column of scores missing), the folder cannot be
            written, its disk is full, or its ``run.json`` is no record of this program.
        """
        from gaitbench.results.distances import DISTANCES_FILE, distances_bytes
        from gaitbench.results.files.record_files import write_together

        document = self.to_dict()
        Record.from_dict(document)  # what cannot be read again is not written
        try:
            text = json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise DataError(f"the record of {run_dir} cannot be written as JSON: {error}") from error
        files: dict[str, bytes | Callable[[Path], None]] = {"scores.parquet": self.score_parts.write}
        try:
            files["run.json"] = (text + "\n").encode("utf-8")
            if self.distances is not None:
                files = {DISTANCES_FILE: distances_bytes(self.distances), **files}
        except UnicodeEncodeError as error:
            raise DataError(f"the record of {run_dir} holds text that is no Unicode: {error}") from error
        write_together(run_dir, files)

    @classmethod
    def load(cls, run_dir: Path) -> Record:
        """Read the record in `run_dir`.

        Raises
        ------
        DataError
            If the folder, ``run.json`` or ``scores.parquet`` is missing, damaged or of another version.
        """
        from gaitbench.results.files.record_files import read_scores

        path = run_dir / "run.json"
        if not run_dir.is_dir():
            raise DataError(f"{run_dir} is no folder; give the folder that 'gaitbench run-all' wrote")
        if not path.is_file():
            raise DataError(f"{run_dir} has no run.json; give the folder that 'gaitbench run-all' wrote")
        document = read_json(path, way_out="run 'gaitbench run-all' again")
        try:
            return cls.from_dict(document, read_scores(run_dir / "scores.parquet"))
        except DataError as error:
            raise DataError(f"{path}: {error}") from error


def _held(scores: pd.DataFrame | ScoreParts | None) -> dict[str, Any]:
    if scores is None:
        return {}
    from gaitbench.results.files.score_parts import ScoreParts

    return {"score_parts" if isinstance(scores, ScoreParts) else "scores": scores}


def _row_type(name: str) -> type | None:
    """What the rows of a table are; None for those of a third party that is not installed or cannot be loaded."""
    if name in BUILT_IN_TABLES:
        return BUILT_IN_TABLES[name]
    for registered in TABLES.names():
        try:
            table = TABLES.get(registered) if TABLES.origin(registered) != "built in" else None
        except GaitbenchError:
            continue
        if getattr(table, "rows", None) == name:
            return getattr(table, "row", None)
    return None


def _rows(name: str, rows: list[Any]) -> tuple[Any, ...]:
    """The rows of a table; those of a third party that is not installed stay what they are."""
    kind: Any = _row_type(name)
    if kind is None:
        return tuple(rows)
    found: tuple[Any, ...] = convert(tuple[kind, ...], rows, f"tables.{name}", way_out=WAY_OUT, bounded=True)
    return found
