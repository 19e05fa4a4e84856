"""Rows about sessions on attacks made by hand: who counts within, who across, and what lies between."""

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances
from gaitbench.evaluation.attacks.outcomes import outcome_of
from gaitbench.evaluation.rows.gallery_rows import under_every_gallery
from gaitbench.evaluation.rows.session_rows import session_rows
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema_attacks import Attack
from gaitbench.store import Store
from gaitbench.suites import load_suite

PEOPLE = np.array([f"08{s}" for s in range(1, 7)])
ANGLES = (0, 54)
WALKS = ("nm-05", "cl-01", "2@nm-05", "2@cl-01")
KEYS = tuple(SequenceKey(str(p), w, a) for p in PEOPLE for w in WALKS for a in ANGLES)


@pytest.fixture
def run(tmp_path):
    return RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))


def distances(named, keys=KEYS):
    """`named(key)`: whether the right person is the nearest, at every gallery angle."""
    values = np.ones((len(keys), len(ANGLES), len(PEOPLE)), np.float32)
    for i, key in enumerate(keys):
        right = PEOPLE.tolist().index(key.subject)
        values[i, :, right if named(key) else (right + 1) % len(PEOPLE)] = 0.1
    return Distances(values, np.array(ANGLES), PEOPLE)


def outcomes(before, after, keys=KEYS, galleries=("all-views",)):
    rows = Features(np.zeros((len(keys), 4, 4), np.float32), keys, {}, "d")
    return [
        outcome_of(
            "model-2", "none", Attack("ignorant", "gei-nn", "silhouette", gallery), rows, rows,
            distances(before, keys), distances(after, keys),
        )
        for gallery in galleries
    ]  # fmt: skip


def _untouched(key):
    """All within; across those before the camera at 54 degrees."""
    return key.session is None or key.angle == 54


def _hidden(key):
    """Within two of six people are named after all; across nobody but one person at 54 degrees."""
    return key.subject in ("081", "082") if key.session is None else key.subject == "081" and key.angle == 54


def test_within_and_across_are_counted_apart(run):
    rows = session_rows(run, outcomes(_untouched, _hidden))
    assert [row.condition for row in rows] == ["all", "nm", "cl"]
    row = rows[0]
    assert (row.within_n, row.across_n, row.people) == (24, 24, 6)
    assert (row.within_s, row.within_m, row.across_s, row.across_m) == (24, 16, 12, 10)
    assert row.within_rank1 == pytest.approx(100 * 8 / 24) and row.across_rank1 == pytest.approx(100 * 2 / 24)
    assert row.within_success == pytest.approx(100 * 16 / 24) and row.across_success == pytest.approx(
        100 * 10 / 12
    )
    assert row.within_rank1_ci_low < row.within_rank1 < row.within_rank1_ci_high
    # per person: -50 (081: 4 of 4, then 2 of 4), -100 (082), 0 for four
    assert row.change == pytest.approx(-150 / 6) and row.change_low < row.change < row.change_high
    assert (rows[1].within_n, rows[2].across_n) == (12, 12)


def test_every_gallery_has_its_rows_and_one_session_has_none(run):
    three = ("all-views", "same-view", "cross-view")
    found = under_every_gallery(run, [outcomes(_untouched, _hidden, galleries=three)])
    assert [row.gallery for row in found.sessions if row.condition == "all"] == list(three)
    whole = {row.gallery: row for row in found.sessions if row.condition == "all"}
    assert whole["cross-view"].within_rank1 == pytest.approx(whole["all-views"].within_rank1)
    assert whole["cross-view"].change == pytest.approx(whole["all-views"].change)
    first = tuple(key for key in KEYS if key.session is None)
    assert under_every_gallery(run, [outcomes(_untouched, _hidden, first)]).sessions == []


def test_probes_of_another_session_alone_have_no_figure_within(run):
    later = tuple(key for key in KEYS if key.session is not None)
    row = session_rows(run, outcomes(_untouched, _hidden, later))[0]
    assert (row.within_n, row.within_rank1, row.within_success, row.change) == (0, None, None, None)
    assert row.across_rank1 == pytest.approx(100 * 2 / 24)


def test_which_session_is_enrolled_decides(run):
    """Where the second is enrolled, the first is the other one."""
    walks = replace(run.suite.walks, gallery=("2@nm-01",))
    turned = replace(run, suite=replace(run.suite, walks=walks))
    row = session_rows(turned, outcomes(_untouched, _hidden))[0]
    assert row.across_rank1 == pytest.approx(100 * 8 / 24) and row.within_rank1 == pytest.approx(100 * 2 / 24)


def test_a_failed_anonymization_counts_as_named_in_its_session(run):
    one = outcomes(_untouched, lambda key: False)[0]
    failed = np.array([key.session == "2" and key.subject == "083" for key in one.keys])
    row = session_rows(run, [replace(one, failed=failed)])[0]
    assert row.within_rank1 == 0 and row.across_rank1 == pytest.approx(100 / 6)
