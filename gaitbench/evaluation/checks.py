"""What a run promises, looked at after every run: invariants (a miss is a failure) and claims (a miss is a finding)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gaitbench.evaluation.context import RunContext
from gaitbench.results.schema import Check, Competence, QualityDifference, SuccessRate

__all__ = ["SLIDES_LOWEST", "claims", "invariants"]

#: The slides' lowest success rate over the angles, in percent (given).
SLIDES_LOWEST = 79.04


def invariants(rows: Sequence[SuccessRate]) -> list[Check]:
    """What must hold by construction; if one does not, the run itself is wrong."""
    checks: list[Check] = []
    untouched = [r for r in rows if r.anonymizer == "original" and r.rate is not None]
    if untouched:
        worst = max(r.rate or 0.0 for r in untouched)
        checks.append(
            Check("control original has success 0 at every angle", worst == 0.0, f"largest: {worst:.2f} %")
        )
    cells: dict[tuple[str, str, str, int], set[tuple[int, int]]] = {}
    colorizers: set[str] = set()
    for r in rows:
        if r.colorizer != "none":
            cells.setdefault((r.anonymizer, r.recognizer, r.gallery, r.angle), set()).add((r.m, r.s))
            colorizers.add(r.colorizer)
    if len(colorizers) > 1:
        unequal = [key for key, found in cells.items() if len(found) > 1]
        checks.append(
            Check(
                "all colorizers have equal success at every angle (input silhouette)",
                not unequal,
                f"{len(cells) - len(unequal)} of {len(cells)} cells equal; every painting was checked to stay inside "
                "the silhouette that the attacker reads",
            )
        )
    return checks


def claims(
    run: RunContext,
    rows: Sequence[SuccessRate],
    competence: Sequence[Competence],
    differences: Sequence[QualityDifference],
) -> list[Check]:
    """What the suite and the slides claim; a claim that fails is printed as a finding."""
    return [
        *_competent(competence),
        *_hides(run, rows),
        *_someone_else(rows),
        *_proposed_wins(differences),
    ]


def _competent(rows: Sequence[Competence]) -> Iterator[Check]:
    for recognizer in dict.fromkeys(r.recognizer for r in rows):
        mine = [r for r in rows if r.recognizer == recognizer and r.rank1 is not None]
        mean = {r.condition: r.rank1 or 0.0 for r in mine if r.angle is None}
        nm = [r.rank1 or 0.0 for r in mine if r.angle is not None and r.condition == "nm"]
        if not nm or "nm" not in mean:
            continue
        yield Check(
            f"{recognizer} names untouched nm probes (at least 80 % on average, 60 % at the worst angle)",
            mean["nm"] >= 80 and min(nm) >= 60,
            f"mean {mean['nm']:.1f} %, worst angle {min(nm):.1f} %",
        )
        harder = [c for c in ("bg", "cl") if c in mean]
        if harder:
            yield Check(
                f"{recognizer} is worse on bag and coat",
                all(mean[c] < mean["nm"] for c in harder),
                ", ".join(f"{c} {mean[c]:.1f} %" for c in ["nm", *harder]),
            )


def _hides(run: RunContext, rows: Sequence[SuccessRate]) -> Iterator[Check]:
    for name in run.suite.systems.anonymizers:
        for recognizer in run.suite.systems.recognizers:
            rates = [r.rate for r in rows if (r.anonymizer, r.recognizer) == (name, recognizer)]
            known = [r for r in rates if r is not None]
            if known:
                yield Check(
                    f"{name} hides from {recognizer} at every angle (at least {SLIDES_LOWEST} %)",
                    min(known) >= SLIDES_LOWEST and len(known) == len(rates),
                    f"lowest {min(known):.2f} %, highest {max(known):.2f} %",
                )


def _someone_else(rows: Sequence[SuccessRate]) -> Iterator[Check]:
    mine = [r for r in rows if r.anonymizer == "someone-else" and r.rate is not None]
    if not mine:
        return
    s, m = sum(r.s for r in mine), sum(r.m for r in mine)
    chance = sum(r.chance * r.s for r in mine) / s
    rate = 100.0 * m / s
    yield Check(
        "control someone-else is at chance (within 2 points over all angles)",
        abs(rate - chance) <= 2.0,
        f"{rate:.2f} % against a chance of {chance:.2f} %",
    )


def _proposed_wins(rows: Sequence[QualityDifference]) -> Iterator[Check]:
    for measure in ("psnr", "ssim"):
        mine = [
            r
            for r in rows
            if (r.a, r.b, r.measure, r.reference) == ("proposed", "baseline", measure, "original")
            and r.anonymizer not in ("someone-else", "constant", "oracle")
            and r.difference is not None
        ]
        if mine:
            unit = " dB" if measure == "psnr" else ""
            yield Check(
                f"proposed beats baseline in {measure.upper()} on every set (reference original, interval above 0)",
                all(r.ci_low is not None and r.ci_low > 0 for r in mine),
                "; ".join(
                    f"{r.set} {r.difference:+.4f}{unit} [{r.ci_low:+.4f}, {r.ci_high:+.4f}]" for r in mine
                ),
            )
