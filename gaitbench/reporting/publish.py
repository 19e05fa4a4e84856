"""A trimmed copy of a run, small enough to be committed: its tables and page are those of its own record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from gaitbench.errors import ConfigError, DataError
from gaitbench.reporting.reading.attacks import slides_cell, worst_rows
from gaitbench.reporting.reading.samples import picture_path
from gaitbench.reporting.reading.selection import headline_anonymizer, headline_reference
from gaitbench.reporting.report import fill_report
from gaitbench.results.files.folder import output_folder
from gaitbench.results.record import Record
from gaitbench.results.schema import Sample
from gaitbench.store.atomic import write_text

__all__ = ["PUBLISH_LIMIT", "publish", "trimmed"]

#: Bytes that a published run may have in all.
PUBLISH_LIMIT = 10_000_000
#: Decimals of the figures in a published record: as many as the CSV files have.
_DECIMALS = 6
#: Ranks that stay in a published record; tables print none but these.
_RANKS = frozenset((1, 2, 3, 5, 10, 20, 30, 40))
_ATTACK = ["anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery"]


def _samples(record: Record) -> tuple[Sample, ...]:
    """As few walks as show every set that any walk shows."""
    left = {name for sample in record.samples for name in sample.sets}
    kept: list[Sample] = []
    while left:
        best = max(record.samples, key=lambda sample: (len(left & set(sample.sets)), -abs(sample.angle - 90)))
        kept.append(best)
        left -= set(best.sets)
    return tuple(sample for sample in record.samples if sample in kept)


def _scores(record: Record) -> pd.DataFrame:
    """Scores of the slides' cell and the worst cases; of pictures under the first reference."""
    rows = [row for row in (*worst_rows(record).values(), slides_cell(record)) if row is not None]
    wanted = {(r.anonymizer, r.colorizer, *r.attack, r.gallery) for r in rows}
    frame = record.scores
    attacked = pd.Series(
        [attack in wanted for attack in frame[_ATTACK].itertuples(index=False, name=None)],
        index=frame.index,
        dtype=bool,
    )
    painted = (frame["reference"] == headline_reference(record)) & (
        frame["anonymizer"] == headline_anonymizer(record)
    )
    return frame[(frame["kind"] == "identification") & attacked | (frame["kind"] == "quality") & painted]


def trimmed(record: Record) -> Record:
    """The record without what no table prints; its provenance says so under ``trimmed``."""
    origin: dict[str, Any] = dict(record.provenance)
    origin["trimmed"] = {
        "decimals": _DECIMALS, "scores": "slides' cell, worst cases; pictures of the first anonymizer and reference",
        "scores_before": len(record.scores), "samples_before": len(record.samples),
    }  # fmt: skip
    cmc = tuple(point for point in record.cmc if point.rank in _RANKS)
    tables = {**record.tables, "cmc": cmc}
    return replace(record, tables=tables, provenance=origin, samples=_samples(record), scores=_scores(record))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def _size(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }


def publish(run_dir: Path, target: Path, *, limit: int = PUBLISH_LIMIT) -> int:
    """Write a trimmed copy of the run in `run_dir` with a report of its own, whole or not at all.

    Of what an earlier copy left in `target` only what it wrote is replaced or removed.

    Returns
    -------
    int
        Bytes of the copy.

    Raises
    ------
    DataError
        If the record cannot be read, a picture is missing, or the copy is larger than `limit` all the same.
    ConfigError
        If `target` cannot be written, is no folder that this program made, or is `run_dir` itself.
    """
    if target.resolve() == run_dir.resolve():
        raise ConfigError(f"--publish {target} is the run itself; give another folder")
    record = trimmed(Record.load(run_dir))
    with output_folder(target, option="--publish") as part:
        for sample in record.samples:
            for relative in (*sample.strips.values(), *sample.gei.values()):
                source = picture_path(run_dir, relative)
                (part / relative).parent.mkdir(parents=True, exist_ok=True)
                (part / relative).write_bytes(source.read_bytes())
        record.save(part)
        document = json.loads((part / "run.json").read_text(encoding="utf-8"))
        text = json.dumps(_rounded(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        write_text(part / "run.json", text.replace('},{"', '},\n{"') + "\n")
        fill_report(Record.load(part), part, part)
        sizes = _size(part)
        if sum(sizes.values()) > limit:
            largest = sorted(sizes, key=lambda name: -sizes[name])[:4]
            names = ", ".join(f"{name} {sizes[name] / 1e6:.1f} MB" for name in largest)
            raise DataError(
                f"the trimmed copy has {sum(sizes.values()) / 1e6:.1f} MB, more than {limit / 1e6:.0f}: {names}; "
                "--most-mb allows more"
            )
    return sum(sizes.values())
