"""The control `constant` must be at chance for every k; one that is not is seen."""

from gaitbench.evaluation.claims.recognition import pooled_check
from gaitbench.results.schema_pooled import Pooled


def row(anonymizer, k, rank1, low, high):
    names = (anonymizer, "none", "informed", "gei-lda", "silhouette", "all-views")
    return Pooled(*names, "walks", k, 40, 40, 20, rank1, low, high, 2.5)


def test_a_constant_above_chance_fails_the_check():
    fine = [row("constant", 1, 2.5, 0.5, 9.0), row("model-2", 8, 80.0, 70.0, 88.0)]
    (check,) = pooled_check(fine)
    assert check.passed and "1 of 1" in check.detail
    (check,) = pooled_check([*fine, row("constant", 8, 40.0, 28.0, 52.0)])
    assert not check.passed and "40.0 % of 40 people by 8 together" in check.detail
    assert pooled_check(fine[1:]) == []
