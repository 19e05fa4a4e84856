"""What success rates under the ignorant attacker are held against: the slides' range, and chance for a control."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scipy.stats import binomtest

from gaitbench.evaluation.run.context import RunContext
from gaitbench.protocol import SLIDES_HIGHEST, SLIDES_LOWEST
from gaitbench.results.schema import Check, SuccessRate

__all__ = ["best_angle_check", "hides_checks", "someone_else_checks"]

#: The slides' own anonymizers, of which their highest rate is asked too.
_SLIDES_SYSTEMS = ("model-1", "model-2")
#: How far from chance the control someone-else may lie, in points (ours); with few walks also as far as blind guesses
#: lie in all but this share of runs.
_NEAR_CHANCE, _UNLUCKY = 2.0, 0.01


def hides_checks(run: RunContext, rows: Sequence[SuccessRate]) -> Iterator[Check]:
    """Whether each anonymizer hides people from each recognizer that never saw it, by the slides' rates."""
    for name in run.suite.systems.anonymizer_names:
        for recognizer in run.suite.systems.recognizer_names:
            cell = (name, recognizer, "ignorant", "silhouette")
            found = [r for r in rows if (r.anonymizer, r.recognizer, r.attacker, r.input) == cell]
            known = [r.rate for r in found if r.rate is not None]
            if known:
                yield Check(
                    f"{name} hides from {recognizer} at every angle (at least {SLIDES_LOWEST} %)",
                    min(known) >= SLIDES_LOWEST and len(known) == len(found),
                    f"lowest {min(known):.2f} %, highest {max(known):.2f} %",
                    "finding",
                )
                if name in _SLIDES_SYSTEMS and recognizer == run.suite.systems.recognizer_names[0]:
                    yield best_angle_check(name, recognizer, found)


def best_angle_check(name: str, recognizer: str, rows: Sequence[SuccessRate]) -> Check:
    """Whether the highest rate over the angles reaches the slides' highest; open where only an interval does."""
    best = max(rows, key=lambda r: -1.0 if r.rate is None else r.rate)
    rate, high = best.rate or 0.0, best.ci_high
    highs = [r.ci_high for r in rows if r.ci_high is not None]
    open_ = rate < SLIDES_HIGHEST and max(highs, default=0.0) >= SLIDES_HIGHEST
    between = "" if best.ci_low is None or high is None else f" [{best.ci_low:.2f}, {high:.2f}]"
    return Check(
        f"{name} hides from {recognizer} at some angle as well as in the slides ({SLIDES_HIGHEST} %)",
        None if open_ else rate >= SLIDES_HIGHEST,
        f"highest {rate:.2f} %{between}",
        "claim",
    )


def someone_else_checks(rows: Sequence[SuccessRate]) -> Iterator[Check]:
    """By recognizer, so that none hides behind the others; of silhouettes, because the clothes are the probe's own.

    A few dozen walks lie farther from chance than many do, where nothing is wrong: as far as blind guesses may.
    """
    cell = ("someone-else", "ignorant", "silhouette")
    mine = [r for r in rows if (r.anonymizer, r.attacker, r.input) == cell and r.rate is not None]
    for recognizer in dict.fromkeys(r.recognizer for r in mine):
        found = [r for r in mine if r.recognizer == recognizer]
        s, m = sum(r.s for r in found), sum(r.m for r in found)
        chance = sum(r.chance * r.s for r in found) / s
        rate = 100.0 * m / s
        guessed = float(binomtest(m, s, min(chance / 100.0, 1.0)).pvalue)
        yield Check(
            f"control someone-else is at chance for {recognizer} over all angles (within {_NEAR_CHANCE:g} points, or "
            f"where {100 * (1 - _UNLUCKY):g} % of blind guesses end)",
            abs(rate - chance) <= _NEAR_CHANCE or guessed >= _UNLUCKY,
            f"{rate:.2f} % ({m} of {s}) against a chance of {chance:.2f} %; guesses lie this far in "
            f"{100 * guessed:.0f} % of such runs",
            "control",
        )
