"""What the benchmarks of robustness and training are made of: the bootstrap by hand, the planted people."""

import numpy as np
import pytest
from planted_gaits import planted_gaits

from benchmarks import recognizer_training
from benchmarks.studies import recognizer_robustness as robustness
from recognizer import GeiNearestNeighbor, RobustVTM


def cells(right):
    return robustness.Cells(np.array(right, float), np.ones((len(right), len(right[0]))))


def rows(robust, truncated, draws=2):
    made = [("robust-vtm", 0.0, 0, {"nm": cells([[9] * 4])}), ("tsvd-vtm", 0.0, 0, {"nm": cells([[0] * 4])})]
    for seed in range(draws):
        made += [
            ("robust-vtm", 0.1, seed, {"nm": cells(robust)}),
            ("tsvd-vtm", 0.1, seed, {"nm": cells(truncated)}),
        ]
    return made


def test_the_difference_and_its_interval_are_of_the_spoiled_draws():
    same = robustness.differences(rows([[1, 0, 1, 1]], [[1, 0, 1, 1]]))
    assert same == {"nm": (0.0, 0.0, 0.0)}
    everybody = robustness.differences(rows([[1, 1, 1, 1]], [[0, 0, 0, 0]]))
    assert everybody == {"nm": (100.0, 100.0, 100.0)}
    people = 400
    better = (np.arange(people) < 100).astype(float)  # a quarter: 25 points, deviation sqrt(.25 * .75 / 400)
    value, low, high = robustness.differences(rows([better], [0 * better]))["nm"]
    assert value == pytest.approx(25)
    assert (low, high) == pytest.approx((25 - 1.96 * 2.165, 25 + 1.96 * 2.165), abs=0.4)


def test_percent_is_the_mean_over_cells_and_leaves_out_those_without_people():
    two = robustness.Cells(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 3.0], [1.0, 0.0]]))
    assert two.percent().tolist() == [pytest.approx(100 * (1 / 4 + 1) / 2)]
    weights = np.array([[2.0, 0.0], [0.0, 2.0]])
    assert two.percent(weights).tolist() == [100, 0]


def test_compare_and_report_print_an_interval_for_every_condition(capsys):
    made = [planted_gaits(people=12, seed=s) for s in (0, 1, 2)]
    training, gallery, probes = (robustness.Gaits(g.X, g.y, g.angle, g.walk) for g in made)
    probes = probes._replace(subjects=gallery.subjects)
    kinds = {"robust-vtm": GeiNearestNeighbor, "tsvd-vtm": GeiNearestNeighbor}
    found = robustness.compare(training, gallery, probes, share=0.2, seeds=3, kinds=kinds)
    assert [r[2] for r in found if r[0] == "tsvd-vtm" and r[1] > 0] == [0, 1, 2]
    attacker = GeiNearestNeighbor().fit(training.x, training.subjects, angle=training.angles)
    distances = attacker.enroll(gallery.x, gallery.subjects).distances(probes.x)
    rates = []
    for a in np.unique(gallery.angles):
        for b in np.unique(gallery.angles):
            if a != b:
                d = distances[np.ix_(probes.angles == b, gallery.angles == a)]
                names = gallery.subjects[gallery.angles == a][d.argmin(axis=1)]
                rates.append(np.mean(names == probes.subjects[probes.angles == b]))
    assert found[0][3]["nm"].percent().item() == pytest.approx(100 * np.mean(rates))
    robustness.report(found)
    text = capsys.readouterr().out
    assert "95 % over 12 people; 3 draws" in text
    assert "nm  +0.0  [+0.0, +0.0]" in text


def test_the_people_of_the_training_benchmark_can_be_told_apart():
    training, strangers = recognizer_training.gaits(8, 2, seed=0), recognizer_training.gaits(6, 2, seed=1)
    assert training.x.shape == (8 * 2 * 11, 64, 44)
    assert training.x.min() >= 0 and training.x.max() <= 1
    attacker = RobustVTM(n_components=10).fit(
        training.x, training.subjects, angle=training.angles, walk=training.walks
    )
    assert recognizer_training.rank1(attacker, strangers) > 0.8
