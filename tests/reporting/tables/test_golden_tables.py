"""The tables of a small run, byte for byte. ``python tests/golden/write_golden.py`` writes them again."""

import dataclasses
from pathlib import Path

import pytest
from fake_run import fake_record, provenance, second_record, small_record

from gaitbench.reporting.report import write_tables
from gaitbench.results.record import Record

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize(("folder", "make"), [("run", second_record), ("run_v1", small_record)])
def test_the_committed_run_is_the_hand_written_one_also_from_an_older_version(folder, make):
    loaded, written = Record.load(GOLDEN / folder), make()
    for field in dataclasses.fields(Record):
        if field.name == "tables" and folder == "run_v1":
            for name, rows in written.tables.items():  # that version did not write down how often it trained
                assert loaded.tables[name] == tuple(map(_untold, rows)), name
        elif field.name != "scores":
            assert getattr(loaded, field.name) == getattr(written, field.name), field.name


def _untold(row):
    counts = {f.name: None for f in dataclasses.fields(row) if f.name.startswith("trainings")}
    return dataclasses.replace(row, **counts)


def _texts(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_the_tables_of_the_golden_run_are_the_golden_tables(tmp_path):
    write_tables(Record.load(GOLDEN / "run"), tmp_path)
    expected, written = _texts(GOLDEN / "tables"), _texts(tmp_path)
    assert sorted(written) == sorted(expected)
    for name, text in expected.items():
        assert written[name] == text, name


def test_equal_results_are_equal_bytes_whenever_and_wherever_they_were_made(tmp_path):
    here = fake_record()
    there = fake_record(
        provenance=provenance(
            created="2031-12-31T23:59:59Z",
            git_commit=None,
            platform={"system": "Windows", "machine": "arm64", "python": "3.12.0", "processors": 64},
        ),
        stages=(),
    )
    write_tables(here, tmp_path / "a")
    write_tables(there, tmp_path / "b")
    assert _texts(tmp_path / "a") == _texts(tmp_path / "b")


def test_no_path_and_no_time_stands_in_a_table(tmp_path):
    write_tables(fake_record(), tmp_path)
    for name, text in _texts(tmp_path).items():
        assert str(tmp_path) not in text and "/tmp" not in text and "2026-01-02" not in text, name


TABLES = (
    "quality", "success_rate", "competence", "quality_difference", "identification", "cmc", "recognition",
    "gallery_size", "subject_tail", "picture_measures", "naturalness", "ablations",
)  # fmt: skip


@pytest.mark.parametrize("empty", TABLES)
def test_a_partial_run_has_no_empty_table(tmp_path, empty):
    write_tables(dataclasses.replace(second_record(), **{empty: ()}), tmp_path)
    for path in tmp_path.glob("*.csv"):
        assert len(path.read_text(encoding="utf-8").splitlines()) > 1, path.name
