"""What a run publishes of its attacks is enough to compute its figures again, by other code."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.studies import recompute
from benchmarks.studies.recompute import d_sys, equal_error_rate, figures
from gaitbench import metrics
from gaitbench.errors import DataError
from gaitbench.results.distances import (
    DISTANCES_FILE,
    AttackDistances,
    distances_bytes,
    distances_table,
    read_distances,
)

PEOPLE = [f"{i:03d}" for i in range(81, 89)]


def attack(seed=0, n=24, people=PEOPLE, attacker="ignorant"):
    rng = np.random.default_rng(seed)
    subjects = np.array(people)[np.arange(n) % len(people)]
    own = subjects[:, None] == np.array(people)
    before, after = (rng.gamma(4, 1, own.shape).astype(np.float32) - k * own for k in (2, 1))
    after[3] = np.nan
    return AttackDistances(
        ("model-2", "none", attacker, "gei-lda", "silhouette", "all-views"),
        [f"{s}-nm-05-090" for s in subjects], subjects.tolist(), np.full(n, 90), np.full(n, -1),
        np.arange(n) == 5, people, before.astype(np.float32), after.astype(np.float32),
    )  # fmt: skip


def test_what_is_written_comes_back_bit_for_bit(tmp_path):
    parts = [attack(0), attack(1, people=PEOPLE[:5], attacker="informed")]
    (tmp_path / DISTANCES_FILE).write_bytes(distances_bytes(distances_table(parts)))
    rows, people, before, after = read_distances(tmp_path)
    assert people == PEOPLE and len(rows) == 48 and rows["failed"].sum() == 2
    np.testing.assert_array_equal(before[:24], parts[0].before)
    np.testing.assert_array_equal(after[24:, :5], parts[1].after)
    enrolled = ~np.isnan(after[24:]).any(axis=1)
    assert np.isinf(after[24:][enrolled][:, 5:]).all()  # who is not in that gallery is infinitely far
    assert rows["attacker"].tolist() == ["ignorant"] * 24 + ["informed"] * 24
    assert pq.read_schema(tmp_path / DISTANCES_FILE).field("after").type.value_type == "float"


def test_other_code_comes_to_the_same_figures():
    part = attack(2, n=64)
    good = np.isfinite(part.after).all(axis=1) & ~part.failed
    own = np.array(part.subjects)[:, None] == np.array(PEOPLE)
    found = figures(
        np.array(part.subjects), part.angles, part.failed, np.array(PEOPLE),
        part.before.astype(float), part.after.astype(float),
    )  # fmt: skip
    scaled = part.after[good].astype(float) / part.after[good].astype(float).mean()
    genuine, impostor = scaled[own[good]], scaled[~own[good]]
    assert (
        found["d_sys"]
        == pytest.approx(metrics.d_sys(genuine, impostor), abs=1e-12)
        == d_sys(genuine, impostor)
    )
    assert equal_error_rate(genuine, impostor) == pytest.approx(
        metrics.equal_error_rate(genuine, impostor), abs=1e-6
    )
    ranks = metrics.true_ranks(scaled, np.array(part.subjects)[good], PEOPLE)
    sure = figures(
        np.array(part.subjects)[good], part.angles[good], part.failed[good], np.array(PEOPLE),
        part.before[good].astype(float), part.after[good].astype(float),
    )  # fmt: skip
    assert sure["rank1"] == pytest.approx(100 * np.mean(ranks == 1))
    assert sure["mrr"] == pytest.approx(100 * np.mean(1 / ranks))


def test_a_run_without_distances_says_so(tmp_path):
    assert distances_table([]) is None
    with pytest.raises(DataError, match="run the suite again"):
        read_distances(tmp_path)
    (tmp_path / DISTANCES_FILE).write_bytes(b"no parquet")
    with pytest.raises(DataError, match="damaged"):
        read_distances(tmp_path)


def test_the_study_says_what_agrees_and_what_does_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["recompute", str(tmp_path)])
    for difference, code, word in ((1e-9, 0, "agrees"), (0.5, 1, "DIFFERS")):
        monkeypatch.setattr(recompute, "compare", lambda run_dir, d=difference: ({"eer": d}, 1))
        assert recompute.main() == code and word in capsys.readouterr().out
