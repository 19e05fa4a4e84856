"""Views that have a label and no degrees: held as numbers, shown and sorted by their labels."""

from dataclasses import fields, is_dataclass, replace

import pandas as pd
import pyarrow.parquet as pq
import pytest
from fake_run import fake_record

from gaitbench.datasets.views import labels_of_views, view_of_label
from gaitbench.reporting.formats.shown_views import NAMES, ShownView, degrees, shown_views, spaced
from gaitbench.reporting.loaded import LoadedRun
from gaitbench.reporting.reading.labels import labelled
from gaitbench.reporting.report import write_tables
from gaitbench.results.record import Record

NUMBERS = {0: view_of_label("cam10"), 54: view_of_label("cam2")}


def renamed(row):
    if not is_dataclass(row):
        return row
    own = {
        f.name: NUMBERS.get(getattr(row, f.name), getattr(row, f.name))
        for f in fields(row)
        if f.name in NAMES
    }
    return replace(row, **{name: value for name, value in own.items() if value is not None})


@pytest.fixture(scope="module")
def record():
    """The record of a fake run, two of whose views are cameras."""
    old = fake_record()
    tables = {name: [renamed(row) for row in rows] for name, rows in old.tables.items()}
    scores = old.scores.assign(angle=old.scores["angle"].replace({k: int(v) for k, v in NUMBERS.items()}))
    views = labels_of_views(NUMBERS.values())
    assert {r.angle for r in tables["success_rate"]} & set(views.values())
    return Record({**old.provenance, "views": views}, tables, stages=old.stages, scores=scores)


def test_labels_stand_behind_degrees_in_their_own_order():
    views = shown_views({"views": labels_of_views(NUMBERS.values())})
    ten, two = views[NUMBERS[0]], views[NUMBERS[54]]
    assert sorted([ten, 90, two, 0]) == [0, 90, two, ten]  # cam2 before cam10, as a person counts
    assert f"{two}" == str(two) == degrees(two) == "cam2" and degrees(90) == "90°"
    assert spaced([0, 90]) == {0: 0.0, 90: 90.0}
    assert len(set(spaced([90, two, ten]).values())) == 3 and max(spaced([90, two, ten]).values()) < 100


def test_tables_print_labels_and_no_numbers(record, tmp_path):
    shown = labelled(record)
    assert any(isinstance(r.angle, ShownView) for r in shown.success_rate)
    write_tables(record, tmp_path)
    texts = [p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file()]
    for number in NUMBERS.values():
        assert not any(str(int(number)) in text for text in texts)
    angles = pd.read_csv(tmp_path / "table3_success_by_angle.csv", dtype=str)["angle"].dropna()
    assert {"cam2", "cam10"} <= set(angles) and not any(a.startswith("100") for a in angles)
    assert sum("cam10" in text and "cam2" in text for text in texts) >= 3
    assert not any("cam10°" in text or "cam10 deg" in text for text in texts)


def test_a_record_of_labels_is_written_and_read_again(record, tmp_path):
    record.save(tmp_path)
    again = Record.load(tmp_path)
    assert (
        again.success_rate == record.success_rate and again.provenance["views"] == record.provenance["views"]
    )
    assert set(NUMBERS.values()) & set(again.scores["angle"])
    assert pq.read_schema(tmp_path / "scores.parquet").field("angle").type == "int64"
    run = LoadedRun(tmp_path, again)
    assert {"cam2", "cam10"} <= set(run.rows["success_rate"]["view"])
    assert run.scores[run.scores["angle"] == NUMBERS[0]]["view"].eq("cam10").all()


def test_a_record_of_degrees_is_what_it_was(tmp_path):
    old = fake_record()
    old.save(tmp_path)
    assert pq.read_schema(tmp_path / "scores.parquet").field("angle").type == "int32"
    run = LoadedRun(tmp_path, Record.load(tmp_path))
    assert "view" not in run.scores and "view" not in run.rows["success_rate"]
    pd.testing.assert_frame_equal(run.scores, run.record.scores)
