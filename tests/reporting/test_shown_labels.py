"""Reports show a system under its label; the record holds its text."""

from dataclasses import fields, is_dataclass, replace

import pytest
from fake_run import fake_record

from gaitbench.reporting.reading.labels import labelled, labels_of
from gaitbench.reporting.reading.samples import shown_anonymizer
from gaitbench.reporting.report import write_tables
from gaitbench.results.record import Record
from gaitbench.results.schema import Check, Failure

TEXT, LABEL = "model-2[strength=0.5]", "model-2 at one half"


def renamed(row, new):
    if not is_dataclass(row):
        return row
    own = {f.name: new for f in fields(row) if f.name == "anonymizer" and row.anonymizer == "model-1"}
    return replace(row, **own)


@pytest.fixture
def record():
    old = fake_record()
    entry = {"name": "model-2", "settings": {"strength": 0.5}, "label": LABEL, "text": TEXT}
    suite = {
        **old.provenance["suite"],
        "systems": {"anonymizers": ["model-2", entry], "colorizers": ["proposed"]},
    }
    tables = {name: [renamed(row, TEXT) for row in rows] for name, rows in old.tables.items()}
    return Record(
        {**old.provenance, "suite": suite}, tables, stages=old.stages, samples=[],
        checks=[Check(f"{TEXT} hides", True, f"of {TEXT}", "finding")], scores=old.scores,
        failures=[Failure("quality", f"anonymizer={TEXT}, colorizer=proposed, key=x", f"{TEXT} failed")],
    )  # fmt: skip


def test_every_place_of_a_record_is_labelled(record):
    assert labels_of(record)["anonymizer"] == {TEXT: LABEL}
    shown = labelled(record)
    for rows in shown.tables.values():
        assert not any(TEXT in repr(row) for row in rows)
    assert any(row.anonymizer == LABEL for row in shown.identification)
    assert shown.checks[0].name == f"{LABEL} hides" and shown.failures[0].message == f"{LABEL} failed"
    assert shown.failures[0].parts == {"anonymizer": LABEL, "colorizer": "proposed", "key": "x"}
    assert shown_anonymizer(shown) == "model-2"
    assert labelled(shown).success_rate == shown.success_rate


def test_the_tables_print_labels_and_no_texts(record, tmp_path):
    write_tables(record, tmp_path)
    written = {str(p): p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file()}
    assert not any("strength=0.5" in text for text in written.values())
    assert sum(LABEL in text for text in written.values()) >= 3


def test_a_record_without_labels_is_left_alone():
    record = fake_record()
    assert labelled(record) is record
