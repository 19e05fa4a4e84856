"""Labels: what users call systems and views. Records hold systems by their texts and views by numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gaitbench.reporting.formats.shown_views import NAMES, shown_views
from gaitbench.results.record import Record

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["labelled", "labels_of", "system_of"]

#: Which column of rows, scores and failed cells holds a system of which kind.
_COLUMNS = {
    "anonymizer": "anonymizer", "colorizer": "colorizer", "a": "colorizer", "b": "colorizer",
    "recognizer": "recognizer",
}  # fmt: skip
#: Where a suite names systems: part, field, kind.
_FIELDS = (
    ("systems", "anonymizers", "anonymizer"), ("extras", "naturalness_of", "anonymizer"),
    ("extras", "sweep", "anonymizer"), ("extras", "sweep_painted_by", "colorizer"),
    ("systems", "colorizers", "colorizer"), ("quality", "others_painted_by", "colorizer"),
    ("systems", "recognizers", "recognizer"), ("attacks", "recognizers", "recognizer"),
)  # fmt: skip


def system_of(entry: object) -> tuple[str, str]:
    """Text and label of a system as the suite of a record has it: a text, or an object of name, settings and label.

    Examples
    --------
    >>> system_of({"name": "model-2", "settings": {"strength": 0.5}, "text": "model-2[strength=0.5]", "label": "half"})
    ('model-2[strength=0.5]', 'half')
    """
    if isinstance(entry, Mapping):
        return str(entry.get("text", entry.get("name", ""))), str(entry.get("label", ""))
    return str(entry), ""


def labels_of(record: Record) -> dict[str, dict[str, str]]:
    """Labels by kind (``anonymizer``, ``colorizer``, ``recognizer``) and text; systems without one are left out."""
    found: dict[str, dict[str, str]] = {"anonymizer": {}, "colorizer": {}, "recognizer": {}}
    for part, field, kind in _FIELDS:
        for text, label in _systems(record.provenance["suite"], part, field):
            if label:
                found[kind][text] = label
    return found


def _systems(suite: Mapping[str, Any], part: str, field: str) -> Iterator[tuple[str, str]]:
    held = suite.get(part)
    entries = held.get(field) if isinstance(held, Mapping) else None
    yield from (system_of(entry) for entry in entries or ())


def labelled(record: Record) -> Record:
    """The record as reports show it: every system and view under its label. Without any it is the record itself."""
    labels, views = labels_of(record), shown_views(record.provenance)
    if not any(labels.values()) and not views:
        return record
    everything = {text: label for own in labels.values() for text, label in own.items() if "[" in text}

    def said(text: str) -> str:
        for own, label in everything.items():
            text = text.replace(own, label)
        return text

    def renamed(scores: pd.DataFrame) -> pd.DataFrame:
        held = scores.copy()
        for column, kind in _COLUMNS.items():
            if column in held:
                held[column] = held[column].replace(labels[kind])
        return held

    pictures = labels["anonymizer"] | labels["colorizer"]
    return Record(
        record.provenance,
        {name: tuple(_row(row, labels, views) for row in rows) for name, rows in record.tables.items()},
        stages=[dataclasses.replace(one, name=said(one.name)) for one in record.stages],
        checks=[
            dataclasses.replace(one, name=said(one.name), detail=said(one.detail)) for one in record.checks
        ],
        failures=[
            dataclasses.replace(one, cell=_cell(one.cell, labels), message=said(one.message))
            for one in record.failures
        ],
        samples=[
            _row(
                dataclasses.replace(one, strips={_strip(k, pictures): v for k, v in one.strips.items()}),
                {},
                views,
            )
            for one in record.samples
        ],
        scores=record.score_parts.changed(renamed),
        distances=record.distances,
    )


def _row(row: Any, labels: Mapping[str, Mapping[str, str]], views: Mapping[int, int]) -> Any:
    if not dataclasses.is_dataclass(row) or isinstance(row, type):
        return row
    changed: dict[str, Any] = {}
    for one in dataclasses.fields(row):
        own = labels.get(_COLUMNS.get(one.name, ""), {})
        value = getattr(row, one.name)
        if isinstance(value, str) and value in own:
            changed[one.name] = own[value]
        elif one.name in NAMES and value in views:
            changed[one.name] = views[value]
    return dataclasses.replace(row, **changed) if changed else row


def _cell(cell: str, labels: Mapping[str, Mapping[str, str]]) -> str:
    parts = [part.partition("=") for part in cell.split(", ")]
    return ", ".join(
        f"{name}{sign}{labels.get(_COLUMNS.get(name, ''), {}).get(value, value)}"
        for name, sign, value in parts
    )


def _strip(name: str, labels: Mapping[str, str]) -> str:
    """A strip is called as its system, or ``SYSTEM: silhouette``."""
    system, sign, what = name.partition(": silhouette")
    return f"{labels.get(system, system)}{sign}{what}"
