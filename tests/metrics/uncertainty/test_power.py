"""The planner against simulated studies, what must hang together, and bad input."""

import numpy as np
import pytest
from scipy.stats import beta, ttest_rel

from gaitbench.metrics.uncertainty.power import Design, intraclass_correlation


def _people(rng, studies, subjects, rate, icc):
    """Each person's own rate: beta, so that two probes of a person correlate by `icc`."""
    total = (1 - icc) / icc
    return beta.rvs(rate * total, (1 - rate) * total, size=(studies, subjects), random_state=rng)


@pytest.mark.parametrize(
    ("rate", "difference", "subjects", "probes", "icc"),
    [(0.4, 0.08, 40, 33, 0.087), (0.1, 0.04, 40, 33, 0.035), (0.5, 0.1, 20, 3, 0.2), (0.3, 0.05, 120, 11, 0.05),
     (0.4, 0.0, 30, 11, 0.1)],
)  # fmt: skip
def test_simulated_studies_see_the_difference_as_often_as_planned(rate, difference, subjects, probes, icc):
    rng, studies = np.random.default_rng(5), 4000
    named = [
        rng.binomial(probes, _people(rng, studies, subjects, p, icc)) / probes
        for p in (rate, rate + difference)
    ]
    seen = 100 * np.mean(ttest_rel(*named, axis=1).pvalue < 0.05)
    assert seen == pytest.approx(100 * Design(rate, icc, probes).power(difference, subjects), abs=3)


def test_what_the_planner_says_hangs_together():
    design = Design(0.4, 0.1, 33)
    smallest = design.smallest_difference(40)
    assert design.power(smallest, 40) == pytest.approx(0.8, abs=1e-4)
    needed = design.subjects(smallest)
    assert design.power(smallest, needed) >= 0.8 > design.power(smallest, needed - 1) and needed in (40, 41)
    assert design.power(0.0, 40) == pytest.approx(0.05, abs=1e-9)  # the test's own level


def test_more_people_probes_or_agreement_see_more_and_likeness_within_a_person_less():
    base = Design(0.4, 0.1, 10)
    assert base.power(0.1, 80) > base.power(0.1, 40) > base.power(0.05, 40)
    assert Design(0.4, 0.1, 100).power(0.1, 40) > base.power(0.1, 40)
    assert Design(0.4, 0.1, 10, shared=0.5).power(0.1, 40) > base.power(0.1, 40)
    assert Design(0.4, 0.3, 10).power(0.1, 40) < base.power(0.1, 40)
    many = [Design(0.4, 0.1, n).spread(0.1) for n in (10**5, 10**6)]
    assert many[0] == pytest.approx(many[1], rel=1e-3), "more probes of the same people do not replace people"


def test_a_difference_that_nobody_can_see_is_none():
    assert Design(0.5, 0.9, 1).smallest_difference(2) is None
    assert Design(0.5, 0.9, 1).subjects(1e-4) is None


def test_the_correlation_of_simulated_people_is_found():
    rng = np.random.default_rng(3)
    for icc in (0.05, 0.3):
        own = _people(rng, 1, 3000, 0.4, icc)[0]
        correct = rng.random((3000, 20)) < own[:, None]
        found = intraclass_correlation(correct.ravel(), np.repeat(np.arange(3000), 20))
        assert found == pytest.approx(icc, abs=0.02)
    assert intraclass_correlation([True, False, True, False], ["a", "a", "b", "b"]) == 0.0
    assert intraclass_correlation([True, True, False, False], ["a", "a", "b", "b"]) == 1.0


@pytest.mark.parametrize(
    "wrong",
    [{"rate": 0.0}, {"rate": 1.0}, {"rate": 40}, {"icc": 1.0}, {"icc": -0.1}, {"probes": 0}, {"shared": 1.0},
     {"confidence": 95}],
)  # fmt: skip
def test_a_design_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Design(**({"rate": 0.4, "icc": 0.1, "probes": 3} | wrong))


def test_too_few_people_or_probes_have_no_correlation():
    with pytest.raises(ValueError, match="two people and more"):
        intraclass_correlation([True, False], ["a", "b"])
    with pytest.raises(ValueError, match="impossible"):
        Design(0.4, 0.1, 3).power(0.7, 10)
