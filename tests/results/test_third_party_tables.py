"""A table of a third party joins record and report by one entry point; a broken one is named and left out."""

import dataclasses
import importlib
import json
import sys
from types import SimpleNamespace

import pytest
from fake_run import second_record, small_record

from gaitbench.errors import DataError
from gaitbench.evaluation.record import _third_party_rows
from gaitbench.reporting.report import make_tables, write_tables
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable

MODULE = """
from dataclasses import dataclass
from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.results.report_table import ReportTable

@dataclass(frozen=True)
class Height:
    subject: str
    metres: float | None

def make(experiment):
    return [Height(name, metres) for name, metres in experiment.heights]

def show(record):
    rows = record.tables.get("heights", ())
    if not rows:
        return None
    columns = (Column("subject", "Subject"), Column("metres", "Height (m)", 2))
    cells = tuple(Row((Cell(r.subject), Cell(r.metres))) for r in rows)
    return Table("table_heights", "Heights of the people", ("As measured.",), columns, cells)

def breaks(record):
    raise RuntimeError("no heights\\nhere")

def steals(record):
    return Table("table4_attackers", "Mine", (), (Column("a", "a"),), (Row((Cell("1"),)),))

HEIGHTS = ReportTable("details", show, row=Height, rows="heights", make=make)
BROKEN = ReportTable("details", breaks)
THIEF = ReportTable("details", steals)
WRONG = "no table"
"""
HEIGHTS = [("081", 1.5), ("082", 1.75)]


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package that names tables by entry points, and takes it away again."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def do(**points):
        (tmp_path / "tall_people.py").write_text(MODULE)
        info = tmp_path / "tall_people-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tall-people\nVersion: 1.0\n")
        lines = [f"{name} = tall_people:{attribute}" for name, attribute in points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[gaitbench.tables]", *lines]) + "\n")
        importlib.invalidate_caches()

    yield do
    sys.modules.pop("tall_people", None)


def experiment(heights=HEIGHTS):
    failed = []
    run = SimpleNamespace(fail=lambda *what: failed.append(what))
    return SimpleNamespace(heights=heights, run=run, failed=failed)


def test_rows_are_made_kept_read_again_and_shown(install, tmp_path):
    install(heights="HEIGHTS")
    rows = _third_party_rows(experiment())
    record = dataclasses.replace(second_record(), tables={**second_record().tables, **rows})
    record.save(tmp_path / "run")
    again = Record.load(tmp_path / "run")
    assert [(row.subject, row.metres) for row in again.tables["heights"]] == HEIGHTS
    tables = make_tables(again)
    assert tables["details"][-1].name == "table_heights"
    usual = make_tables(second_record())
    usual["details"].append(tables["details"][-1])
    assert tables == usual
    write_tables(again, tmp_path / "tables")
    assert (tmp_path / "tables" / "table_heights.csv").read_text() == "subject,metres\n081,1.5\n082,1.75\n"
    assert r"\input{table_heights}" in (tmp_path / "tables" / "all.tex").read_text()
    document = json.loads((tmp_path / "run" / "run.json").read_text())
    document["tables"]["heights"][1]["metres"] = "tall"
    with pytest.raises(DataError, match=r"tables\.heights\[1\]\.metres is 'tall'"):
        Record.from_dict(document)


def test_where_the_package_is_missing_its_rows_stay_what_they_are(install, tmp_path):
    install(heights="HEIGHTS")
    rows = _third_party_rows(experiment())
    dataclasses.replace(small_record(), tables=rows).save(tmp_path / "run")
    before = (tmp_path / "run" / "run.json").read_bytes()
    install()
    record = Record.load(tmp_path / "run")
    assert record.tables["heights"] == tuple({"subject": s, "metres": m} for s, m in HEIGHTS)
    record.save(tmp_path / "run")
    assert (tmp_path / "run" / "run.json").read_bytes() == before


@pytest.mark.parametrize("heights", [None, [("081", float("nan"))], [("081", "tall")], [(1, 1.0)]])
def test_rows_that_cannot_be_made_are_a_failed_cell(install, heights):
    install(heights="HEIGHTS")
    asked = experiment(heights)
    assert _third_party_rows(asked) == {}
    assert [what[:2] for what in asked.failed] == [("table", "table=heights")]


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("BROKEN", "failed (RuntimeError: no heights here)"),
        ("THIEF", "the name 'table4_attackers' is taken"),
        ("WRONG", "is no ReportTable"),
        ("ABSENT", "cannot be loaded"),
    ],
)
def test_a_broken_table_is_named_and_the_others_are_there(install, attribute, words, caplog):
    whole = make_tables(second_record())
    install(tall=attribute)
    trouble = []
    assert make_tables(second_record(), trouble) == whole
    assert len(trouble) == 1 and words in trouble[0] and "tall of tall-people" in trouble[0]
    assert words in caplog.text


def test_a_table_says_what_is_wrong_with_it():
    with pytest.raises(ValueError, match="chapter is 'end'"):
        ReportTable("end", print)
    with pytest.raises(ValueError, match="belong together"):
        ReportTable("details", print, rows="heights")
    with pytest.raises(TypeError, match="no table heights"):
        Record({}, heights=())
