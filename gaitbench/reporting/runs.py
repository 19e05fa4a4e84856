"""The runs under a folder, one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gaitbench.errors import DataError
from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.reading.attacks import attack_words, headline_worst, system_text
from gaitbench.reporting.reading.labels import labelled
from gaitbench.reporting.reading.selection import headline_anonymizer, headline_attack
from gaitbench.reporting.reading.verdicts import broken_controls
from gaitbench.results.files.own_files import HOUSE
from gaitbench.results.record import Record
from gaitbench.validation import read_json

__all__ = ["RunLine", "list_runs"]


@dataclass(frozen=True)
class RunLine:
    """A run in a list; `problem` says why a record cannot be read, all else is then empty.

    `folder` is relative to the folder that was listed. `headline` is the worst case where a ladder of attackers was
    run, else the lowest success over the angles.
    """

    folder: str
    suite: str = ""
    created: str = ""
    version: str = ""
    dataset: str = ""
    failures: int | None = None
    controls_broken: int | None = None
    headline: str = ""
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def list_runs(folder: Path) -> list[RunLine]:
    """Every run under `folder` (or `folder` itself), the newest first, unreadable ones last.

    Raises
    ------
    DataError
        If `folder` is no folder.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; give one that holds runs, such as reports")
    # What a run under way, or a killed one, holds in its hidden folder is no run yet.
    found = sorted(path.parent for path in folder.rglob("run.json") if HOUSE not in path.parts)
    lines = [_line(folder, path) for path in found]
    lines.sort(key=lambda line: line.created, reverse=True)
    return lines


def _line(root: Path, folder: Path) -> RunLine:
    name = folder.relative_to(root).as_posix()
    try:
        # The scores are not needed, and take most of the time to read.
        record = Record.from_dict(read_json(folder / "run.json"))
    except DataError as error:
        return RunLine(name, problem=f"cannot be read: {error}")
    origin: Mapping[str, Any] = record.provenance
    return RunLine(
        name, origin["suite_name"], origin["created"], origin["package_version"], origin["dataset"]["name"],
        len(record.failures), len(broken_controls(record)), _headline(labelled(record)),
    )  # fmt: skip


def _headline(record: Record) -> str:
    name, attack = headline_anonymizer(record), headline_attack(record)
    worst = headline_worst(record, name) if name is not None else None
    if worst is not None and worst.rank1 is not None:
        who = system_text(worst.anonymizer, worst.colorizer)
        return f"{who}: {worst.rank1:.1f} % still named, chance {100 / worst.people:.1f} % ({attack_words(worst)})"
    rates = [
        row for row in record.success_rate
        if row.anonymizer == name and row.rate is not None
        and (row.attacker, row.recognizer, row.input, row.gallery) == attack
    ]  # fmt: skip
    if not rates:
        return "no success rate on record"
    lowest = min(rates, key=lambda row: row.rate or 0.0)
    where = degrees(lowest.angle, " deg")
    return f"{name}: lowest success {lowest.rate:.1f} % at {where} (chance {lowest.chance:.1f} %)"
