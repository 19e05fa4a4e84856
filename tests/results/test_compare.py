"""Comparing runs: protocol first, then paired differences."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from fake_run import small_record

from gaitbench.cli.compare import command
from gaitbench.results.compare import compare_records
from gaitbench.results.schema import SCORE_COLUMNS


def scores(values, measure="psnr", kind="quality"):
    rows = [
        dict.fromkeys(SCORE_COLUMNS, "")
        | {
            "kind": kind, "key": f"{81 + i // 2:03d}-nm-0{5 + i % 2}-090", "subject": f"{81 + i // 2:03d}",
            "angle": 90, "anonymizer": "model-2", "colorizer": "proposed", "measure": measure, "value": float(v),
        }
        for i, v in enumerate(values)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS))


def record(values, protocol=None, **other):
    base = small_record()
    protocol = protocol or {"gallery": {"value": "all-views", "hash": "1"}}
    return dataclasses.replace(
        base, provenance={**base.provenance, "protocol": protocol}, scores=scores(values, **other)
    )


def test_differences_are_paired_by_sequence_and_clustered_by_subject():
    rng = np.random.default_rng(0)
    first = rng.normal(20, 5, 80)
    found = compare_records(record(first), record(first + 0.5 + rng.normal(0, 0.1, 80)))
    assert found.comparable and len(found.changes) == 1
    change = found.changes[0]
    assert change.sequences == 80 and abs(change.difference - 0.5) < 0.05
    assert 0.4 < change.ci_low < change.ci_high < 0.6 and change.p_holm < 0.01
    assert change.cell["measure"] == "psnr" and change.cell["colorizer"] == "proposed"


def test_shares_are_in_percent_and_only_common_sequences_count():
    a = record([1, 1, 0, 0], measure="correct_after", kind="identification")
    b = record([1, 0], measure="correct_after", kind="identification")
    change = compare_records(a, b).changes[0]
    assert (change.a, change.b, change.difference, change.sequences) == (100, 50, -50, 2)
    assert compare_records(a, record([], measure="correct_after")).changes == ()


def test_protocols_that_differ_are_named_entry_by_entry():
    a = {
        "split": {"value": {"test": ["081"], "models": ["051"]}, "hash": "1"},
        "seed": {"value": 1, "hash": "a"},
    }
    b = {
        "split": {"value": {"test": ["082"], "models": ["051"]}, "hash": "2"},
        "seed": {"value": 1, "hash": "a"},
    }
    found = compare_records(record([1], a), record([1], b))
    assert not found.comparable
    assert [(d.name, d.a, d.b) for d in found.differs] == [("split.test", ["081"], ["082"])]


def test_a_record_without_a_protocol_is_not_comparable():
    old = dataclasses.replace(small_record(), scores=scores([1.0]))
    assert [d.name for d in compare_records(old, record([1.0])).differs] == ["protocol"]


@pytest.fixture
def runs(tmp_path):
    other = {"gallery": {"value": "same-view", "hash": "2"}}
    for name, made in (("a", record([1, 2])), ("b", record([2, 3])), ("c", record([2, 3], other))):
        made.save(tmp_path / name)
    return [str(tmp_path / name) for name in "abc"]


def test_the_verb_says_in_what_runs_differ_before_it_shows_differences(runs):
    same = CliRunner().invoke(command, runs[:2])
    assert same.exit_code == 0 and "protocols agree" in same.output and "+1.000" in same.output
    different = CliRunner().invoke(command, [runs[0], runs[2]])
    assert different.exit_code == 1 and "'all-views' against 'same-view'" in different.output
    assert "+1.000" not in different.output
    assert "+1.000" in CliRunner().invoke(command, [runs[0], runs[2], "--anyway"]).output


def test_the_verb_prints_json(runs):
    printed = json.loads(CliRunner().invoke(command, [*runs[:2], "--json"]).output)
    assert printed[runs[1]]["changes"][0]["difference"] == 1.0
