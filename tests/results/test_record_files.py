"""The record on disk: what goes in comes out, equal records are equal bytes, damage is named."""

import dataclasses
import errno
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from fake_run import fake_record, provenance, small_record

from gaitbench.errors import DataError
from gaitbench.results import migrations
from gaitbench.results.record import Record
from gaitbench.results.schema import SCHEMA_VERSION, SCORE_COLUMNS, Stage

GOLDEN_RUN = Path(__file__).parents[1] / "golden" / "run"


def test_what_is_saved_is_what_is_loaded(tmp_path):
    record = fake_record()
    record.save(tmp_path)
    loaded = Record.load(tmp_path)
    for field in dataclasses.fields(Record):
        if field.name != "scores":
            assert getattr(loaded, field.name) == getattr(record, field.name), field.name
    pd.testing.assert_frame_equal(
        loaded.scores.replace({np.nan: None}), record.scores.replace({np.nan: None}), check_dtype=False
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.json", "scores.parquet"]


def test_equal_records_are_equal_bytes_whatever_the_order_of_names(tmp_path):
    record = small_record()
    shuffled = dataclasses.replace(record, provenance=dict(reversed(record.provenance.items())))
    record.save(tmp_path / "a")
    shuffled.save(tmp_path / "b")
    for name in ("run.json", "scores.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_document_has_the_names_of_the_architecture(tmp_path):
    small_record().save(tmp_path)
    document = json.loads((tmp_path / "run.json").read_text())
    assert set(document) == {
        "schema_version", "provenance", "stages", "tables", "checks", "failures", "samples",
    }  # fmt: skip
    assert document["schema_version"] == SCHEMA_VERSION
    assert set(document["tables"]) == {
        "success_rate", "quality", "quality_adjusted", "quality_difference", "competence", "sets",
            "identification", "cmc",
        "recognition", "gallery_size", "subject_tail", "picture_measures", "naturalness", "ablations", "pooled",
        "assigned", "criteria", "trainings", "worst_case", "galleries", "attributes", "left_out", "gaps",
        "sweep", "equal_success", "utility", "utility_again", "margins", "ratings", "sessions",
    }  # fmt: skip
    assert {"anonymizer", "m", "s", "n", "rate", "chance"} <= set(document["tables"]["success_rate"][0])
    assert {"name", "seconds", "peak_memory_mb", "cached"} == set(document["stages"][0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "damaged"),
        ("\x00", "damaged"),
        ("[]", "not a record"),
        ("{}", "schema_version"),
        ('{"schema_version": true}', "schema_version"),
        ('{"schema_version": 0}', "can no longer be read"),
        (f'{{"schema_version": {SCHEMA_VERSION + 1}}}', "newer gaitbench.*upgrade"),
        ('{"schema_version": 1}', "provenance"),
        ('{"schema_version": 1, "provenance": {}}', "provenance has no field 'package_version'"),
    ],
)
def test_another_file_is_refused_in_one_line_with_its_place(tmp_path, text, message):
    small_record().save(tmp_path)
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(DataError, match=f"(?s){message}") as caught:
        Record.load(tmp_path)
    assert "run.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_folders_and_files_are_named(tmp_path):
    with pytest.raises(DataError, match="no folder"):
        Record.load(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"no run\.json"):
        Record.load(tmp_path)
    small_record().save(tmp_path)
    (tmp_path / "scores.parquet").write_bytes(b"PAR1 but not really")
    with pytest.raises(DataError, match=r"scores\.parquet"):
        Record.load(tmp_path)
    (tmp_path / "scores.parquet").unlink()
    with pytest.raises(DataError, match=r"scores\.parquet is missing"):
        Record.load(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": "seven"}, "^provenance.seed is 'seven', not a whole number$"),
        ({"dataset": {"name": "x", "rendered": "yes"}}, "^provenance.dataset.rendered is 'yes', not true or false$"),
        ({"suite": {"confidence": float("nan")}}, "^provenance.suite.confidence is nan"),
        ({"evaluated": []}, "^provenance.evaluated is .., not an object"),
        ({"evaluated": {"counts": {"lines": 3}}}, "^provenance.evaluated.counts.lines is 3, not a list$"),
        ({"protocol": {"split": {"hash": None}}}, "^provenance.protocol.split.hash is None, not text$"),
        ({"protocol": {"split": 3}}, "^provenance.protocol.split is 3, not an object"),
        ({"suite": {"systems": {"anonymizers": True}}}, "^provenance.suite.systems.anonymizers is True, not a list$"),
        ({"suite": {"confidence": 3}}, "^provenance.suite.confidence is 3, not a number below 1.0$"),
        ({"git_commit": 7}, "^provenance.git_commit is 7, not text or null$"),
        ({"suite": {"effort": 10**400}}, r"^provenance.suite.effort is 10+\.\.\., beyond"),
    ],
)  # fmt: skip
def test_wrong_provenance_is_named_with_its_place(change, message):
    document = small_record().to_dict()
    document["provenance"] = provenance(**change)
    with pytest.raises(DataError, match=message):
        Record.from_dict(document)


def test_a_table_that_is_no_list_is_refused():
    document = small_record().to_dict()
    document["tables"]["quality"] = {}
    with pytest.raises(DataError, match=r"tables\.quality"):
        Record.from_dict(document)


def test_an_older_version_is_migrated_step_by_step(monkeypatch):
    document = small_record().to_dict()
    document["schema_version"] = -1
    document["phases"] = document.pop("stages")
    steps = {
        -1: lambda old: old | {"stages": old["phases"]},
        0: lambda old: old | {"failures": []},
        1: lambda old: old,
        2: lambda old: old,
        3: lambda old: old,
    }
    monkeypatch.setattr(migrations, "_MIGRATIONS", steps)
    record = Record.from_dict(document)
    assert record.stages == small_record().stages
    assert record.failures == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("control someone-else is at chance for robust-vtm (within 2 points over all angles)", "control"),
        ("no attack names strangers as the person whose noise they bear (stranger test)", "control"),
        ("model-2 hides from robust-vtm at every angle (at least 79.04 %)", "finding"),
        ("model-2 hides from robust-vtm at some angle as well as in the slides (93.61 %)", "claim"),
        ("proposed beats baseline in PSNR on every set (reference overlap, interval above 0)", "claim"),
        (
            "gaitbench's colorizer is sharper than proposed (reference truth, textural set, nearer to 1)",
            "finding",
        ),
    ],
)
def test_version_3_told_the_kinds_of_checks_by_their_names(name, kind):
    document = small_record().to_dict() | {
        "schema_version": 3, "checks": [{"name": name, "passed": False, "detail": ""}],
    }  # fmt: skip
    assert Record.from_dict(document).checks[0].kind == kind


def test_what_version_2_called_map_was_the_mean_reciprocal_rank():
    """It was computed with one entry a person; the average over entries was never taken then."""
    document = Record.load(GOLDEN_RUN).to_dict()
    rows = document["tables"]["identification"]
    document["schema_version"] = 2
    for row in rows:
        row["map"] = row.pop("mrr")
    for old, new in zip(rows, Record.from_dict(document).identification, strict=True):
        assert new.mrr == old["map"] and new.map is None


def test_a_record_of_version_1_lacks_the_later_tables_and_is_read_as_it_is():
    document = small_record().to_dict() | {"schema_version": 1}
    old = ("success_rate", "quality", "quality_difference", "competence", "sets")
    document["tables"] = {name: document["tables"][name] for name in old}
    record = Record.from_dict(document)
    assert record.success_rate == small_record().success_rate
    assert record.identification == record.ablations == ()


def test_nothing_is_written_that_could_not_be_read(tmp_path):
    bad = dataclasses.replace(small_record(), stages=(Stage("x", float("nan"), None, False),))
    with pytest.raises(DataError, match="seconds"):
        bad.save(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_scores_of_another_form_are_refused_and_leave_nothing(tmp_path):
    record = dataclasses.replace(small_record(), scores=pd.DataFrame({"key": ["a"]}))
    with pytest.raises(DataError, match="no column kind"):
        record.save(tmp_path / "run")
    row = dict.fromkeys(SCORE_COLUMNS) | {"value": "many", "angle": 0}
    record = dataclasses.replace(small_record(), scores=pd.DataFrame([row]))
    with pytest.raises(DataError, match="another type"):
        record.save(tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("who", "step", "nth"),
    [
        (pq.ParquetWriter, "write_table", 1),
        (Path, "write_bytes", 1),
        (Path, "replace", 1),
        (Path, "replace", 2),
    ],
)
def test_a_full_disk_keeps_the_old_record_and_is_one_line(tmp_path, monkeypatch, who, step, nth):
    small_record().save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    real = getattr(who, step)
    calls = []

    def full(*arguments, **options):
        calls.append(arguments)
        if len(calls) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(who, step, full)
    with pytest.raises(DataError, match=r"cannot be written \(No space left on device\)") as caught:
        fake_record().save(tmp_path)
    assert len(calls) == nth and "\n" not in str(caught.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_programs_run_json_is_not_replaced(tmp_path):
    (tmp_path / "run.json").write_text('{"mine": 1}')
    with pytest.raises(DataError, match="no record of gaitbench"):
        small_record().save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    assert (tmp_path / "run.json").read_text() == '{"mine": 1}'


def test_infinite_scores_survive(tmp_path):
    row = dict.fromkeys(SCORE_COLUMNS) | {"value": float("inf"), "angle": 0, "measure": "psnr"}
    dataclasses.replace(small_record(), scores=pd.DataFrame([row])).save(tmp_path)
    assert np.isinf(Record.load(tmp_path).scores["value"].iloc[0])
