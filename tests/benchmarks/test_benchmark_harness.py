import dataclasses
import json

import numpy as np
import pytest

from benchmarks.harness import Case, Peer, discover, run_case, write_results

PEERS = [Peer("numpy", lambda: np.ones(3), least_ratio=0.0), Peer("idiom", lambda: np.ones(3) + 1e-3, "-")]


def case(**goals):
    return Case("ones", lambda: np.ones(3), PEERS, lambda a, b: float(np.abs(a - b).max()), "-", 2, **goals)


def test_one_row_for_each_peer_with_figures_that_fit():
    numpy_row, idiom = run_case("here", case())
    assert (numpy_row.peer_version, idiom.peer_version) == (np.__version__, "-")
    assert (numpy_row.agreement, idiom.agreement) == (0.0, pytest.approx(1e-3))
    for row in (numpy_row, idiom):
        assert row.rounds == 2
        assert row.ratio == row.peer_s / row.ours_s


@pytest.mark.parametrize(
    ("goals", "reached"),
    [
        ({}, (True, None)),
        ({"most_difference": 0.0}, (True, False)),
        ({"most_difference": 1e-2}, (True, True)),
        ({"most_seconds": 0.0}, (False, False)),
        ({"most_mb": -1.0}, (False, False)),
    ],
)
def test_reached_means_every_goal(goals, reached):
    assert tuple(row.reached for row in run_case("here", case(**goals))) == reached


def test_a_ratio_or_memory_short_of_the_goal_is_not_reached():
    for goal in ({"least_ratio": 1e9}, {"least_ratio": 0.0, "most_memory": -1e9}):
        peer = Peer("idiom", lambda: np.zeros(2_000_000) + 1, "-", **goal)
        (row,) = run_case("here", dataclasses.replace(case(), peers=[peer], agreement=lambda a, b: 0.0))
        assert row.reached is False


def test_results_keep_rows_of_other_cases(tmp_path):
    first, second = list(run_case("here", case()))
    file = tmp_path / "results.json"
    write_results([first], file)
    write_results([dataclasses.replace(second, benchmark="there")], file)
    write_results([dataclasses.replace(first, ratio=7.0)], file)
    rows = json.loads(file.read_text())["rows"]
    assert [(r["benchmark"], r["ratio"]) for r in rows] == [("here", 7.0), ("there", second.ratio)]
    other = json.loads(file.read_text())
    file.write_text(json.dumps({**other, "libraries": {"numpy": "1.0"}}))
    write_results([first], file)
    assert len(json.loads(file.read_text())["rows"]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_names_pick_modules_and_unknown_ones_are_refused():
    names = [name for name, _ in discover(["recognizer_gei"])]
    assert names == ["recognizer_gei"]
    with pytest.raises(ValueError, match="no benchmark named 'nonsense'; known: "):
        discover(["nonsense"])
