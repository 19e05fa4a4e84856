"""Utility of silhouettes out of painted pictures: a ceiling extracted in the same way, and the masks' own figures."""

import dataclasses

import numpy as np
import pytest
from fake_run import fake_record

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.rows.utility_again_rows import _measured, utility_again_rows
from gaitbench.evaluation.run.setup import open_run
from gaitbench.metrics.utility import leg_opening
from gaitbench.reporting.tables.utility import utility_again
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import Attack

SUITE = """
effort = 0.001
resamples = 100
samples = 0
[data]
size = [64, 44]
frames = 20
angles = [54, 90]
[split]
recognizer = "001-006"
models = "051-053"
test = "081-084"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05", "bg-01"]
[systems]
anonymizers = ["deform"]
controls = ["original", "someone-else"]
colorizers = ["nearest"]
recognizers = ["gei-nn"]
[attacks]
attackers = ["ignorant"]
inputs = {inputs}
"""


def run_of(folder, inputs):
    folder.mkdir(exist_ok=True)
    (folder / "s.toml").write_text(SUITE.replace("{inputs}", inputs))
    return Experiment(open_run(str(folder / "s.toml"), store=folder / "store", jobs=1))


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    return run_of(tmp_path_factory.mktemp("again"), '["silhouette", "resegmented"]')


@pytest.fixture(scope="module")
def rows(experiment):
    return utility_again_rows(experiment)


def value(rows, name, measure, condition="all"):
    (row,) = [
        r for r in rows if (r.anonymizer, r.measure, r.condition) == (name, measure, condition)
    ]  # fmt: skip
    return row.value


def test_every_pair_that_is_attacked_is_measured_the_ceiling_first(rows):
    pairs = list(dict.fromkeys((r.anonymizer, r.painter) for r in rows))
    assert pairs == [("original", "none"), ("deform", "nearest"), ("someone-else", "nearest")]
    assert {r.measure for r in rows} == {"opening", "direction", "pose"}
    assert {r.condition for r in rows} == {"all", "nm", "bg"} and {r.frames for r in rows} == {8}
    assert {r.n for r in rows if r.condition == "all" and r.measure != "opening"} == {16}


def test_what_is_untouched_is_near_its_own_and_somebody_else_is_not(rows):
    assert value(rows, "original", "opening") > 0.9 > value(rows, "someone-else", "opening")
    assert value(rows, "original", "pose") < value(rows, "someone-else", "pose")


def test_opening_is_the_correlation_at_the_moments_that_attackers_see(experiment, rows):
    views = experiment.ladder.views
    seen = views.shown(
        Cell("deform", "nearest", Attack("ignorant", "gei-nn", "resegmented", "all-views")),
        "probe", "probe", "silhouettes",
    )  # fmt: skip
    originals = dict(
        zip(
            views.originals("probe", "silhouettes").keys,
            views.originals("probe", "silhouettes").x,
            strict=True,
        )
    )
    found = []
    for key, masks in zip(seen.keys, seen.x, strict=True):
        own = originals[key]
        at = np.linspace(0, len(own) - 1, 8).round().astype(int)
        found.append(np.corrcoef(leg_opening(masks), leg_opening(own[at]))[0, 1])
    assert value(rows, "deform", "opening") == pytest.approx(np.mean(found), abs=1e-9)
    assert SequenceKey.parse(str(seen.keys[0])) in originals


def test_the_table_names_ceiling_and_floor(rows):
    record = Record(fake_record().provenance, {"utility_again": rows})
    table = utility_again(record)
    first = [row.cells[0].value for row in table.rows]
    assert first[0] == "original (ceiling)" and "someone-else (floor)" in first
    assert "8 frames of each walk" in table.caption[0]
    assert utility_again(Record(record.provenance, {})) is None


def test_a_suite_that_extracts_nothing_again_has_none(tmp_path):
    plain = run_of(tmp_path / "plain", '["silhouette"]')
    assert utility_again_rows(plain) == []


def test_who_stands_out_nowhere_tells_nothing(experiment):
    """A painter that makes people vanish is not scored on those that it leaves."""
    views = experiment.ladder.views
    cell = Cell("deform", "nearest", Attack("ignorant", "gei-nn", "resegmented", "all-views"))
    again = views.shown(cell, "probe", "probe", "silhouettes")
    gone = [np.zeros_like(one) if i < 4 else one for i, one in enumerate(again.x)]
    names = frozenset(str(k) for k in again.keys[:4])
    found = _measured(experiment, dataclasses.replace(again, source=gone, blank=names))
    assert len(found) == 16
    for key in map(str, again.keys[:4]):
        opening, direction, pose = found[key]
        assert (opening, direction) == (0.0, 0.0) and np.isnan(pose)
    assert all(np.isfinite(found[str(key)][2]) for key in again.keys[4:])
