"""What a run promises, looked at after every run: invariants (a miss is a failure) and claims (a miss is a finding)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gaitbench.evaluation.claims.success import hides_checks, someone_else_checks
from gaitbench.evaluation.run.context import RunContext
from gaitbench.protocol import BROKEN, SLIDES_SYSTEM
from gaitbench.registry import RUNGS
from gaitbench.results.schema import CONTROLS, Check, Competence, SuccessRate
from gaitbench.results.schema_attacks import Identification, worst_cases
from gaitbench.results.schema_pooled import Inference, Pooled

__all__ = ["attribute_check", "claims", "invariants", "pooled_check", "stranger_check", "worst_case_checks"]


def invariants(rows: Sequence[SuccessRate]) -> list[Check]:
    """What must hold by construction; if one does not, the run itself is wrong."""
    checks: list[Check] = []
    # what is extracted again from a picture differs: only silhouettes are equal by construction
    controls = [r for r in rows if r.anonymizer == "original" and r.input == "silhouette"]
    untouched = [r for r in controls if r.attacker == "ignorant" and r.rate is not None]
    if untouched:
        worst = max(r.rate or 0.0 for r in untouched)
        checks.append(
            Check(
                "control original has success 0 at every angle",
                worst == 0.0,
                f"largest: {worst:.2f} %",
                "control",
            )
        )
    informed = [
        r for r in controls
        if r.attacker != "ignorant" and _as_usual(r.attacker)
    ]  # fmt: skip
    if informed:
        unlike = [r for r in informed if r.rank1_after != r.rank1_before]
        checks.append(
            Check(
                "on the control original an informed attacker is the ordinary recognizer",
                not unlike,
                f"{len(informed) - len(unlike)} of {len(informed)} cells equal",
                "control",
            )
        )
    cells: dict[tuple[str, str, str, int], set[tuple[int, int]]] = {}
    colorizers: set[str] = set()
    for r in rows:
        if r.colorizer != "none" and r.input == "silhouette":
            cells.setdefault((r.anonymizer, r.recognizer, r.gallery, r.angle), set()).add((r.m, r.s))
            colorizers.add(r.colorizer)
    if len(colorizers) > 1:
        unequal = [key for key, found in cells.items() if len(found) > 1]
        checks.append(
            Check(
                "all colorizers have equal success at every angle (input silhouette), by construction",
                not unequal,
                f"{len(cells) - len(unequal)} of {len(cells)} cells equal: the attacker reads the silhouette that "
                "every painting is cut out by, one attack stands for all of them; what a painting gives away is "
                "attacked under the inputs resegmented and appearance",
                "control",
            )
        )
    return checks


def _as_usual(attacker: str) -> bool:
    """Whether an attacker learns from, and enrols, what the ordinary recognizer does where nothing is anonymized."""
    rung = RUNGS.get(attacker)
    return bool(getattr(rung, "usual_gallery", True) and getattr(rung, "usual_training", True))


def stranger_check(rows: Sequence[Identification]) -> list[Check]:
    """No attack may name a stranger as the person whose noise he bears."""
    tested = [r for r in rows if r.strangers_passed is not None]
    if not tested:
        return []
    bad = [r for r in tested if not r.strangers_passed]
    largest = max(tested, key=lambda r: (r.strangers or 0.0) - (r.strangers_chance or 0.0))
    named = "; ".join(
        f"{r.anonymizer}, {' / '.join(r.attack)}, {r.gallery}: {r.strangers:.1f} % of {r.strangers_n}"
        for r in (bad or [largest])[:5]
    )
    return [
        Check(
            "no attack names strangers as the person whose noise they bear (stranger test)",
            not bad,
            f"{len(tested) - len(bad)} of {len(tested)} attacks pass; {'failed' if bad else 'largest'}: {named} "
            f"(chance {largest.strangers_chance:.1f} %)",
            "control",
        )
    ]


def pooled_check(rows: Sequence[Pooled]) -> list[Check]:
    """One fixed gait for everybody tells nothing, however many videos are pooled."""
    constant = [
        r for r in rows if r.anonymizer == "constant" and r.ci_low is not None and r.input == "silhouette"
    ]
    if not constant:
        return []
    off = [r for r in constant if not (r.ci_low or 0.0) <= r.chance <= (r.ci_high or 0.0)]
    worst = max(constant, key=lambda r: abs((r.rank1 or 0.0) - r.chance))
    return [
        Check(
            "control constant is at chance however many videos of a person are pooled",
            not off,
            f"{len(constant) - len(off)} of {len(constant)} sizes and attacks; farthest: {worst.rank1:.1f} % of "
            f"{worst.people} people by {worst.k} together over {worst.over} (chance {worst.chance:.1f} %)",
            "control",
        )
    ]


def attribute_check(rows: Sequence[Inference]) -> list[Check]:
    """One fixed gait for everybody tells nothing of anybody."""
    constant = [r for r in rows if r.anonymizer == "constant" and r.after is not None]
    if not constant:
        return []
    off = [r for r in constant if not (r.after_ci_low or 0.0) <= 50.0 <= (r.after_ci_high or 0.0)]
    said = "; ".join(f"{r.attribute} {r.after:.1f} %" for r in constant)
    return [
        Check(
            "control constant tells no attribute (sex, bag, coat): balanced accuracy at 50 %",
            not off,
            f"{len(constant) - len(off)} of {len(constant)}: {said}",
            "control",
        )
    ]


def claims(
    run: RunContext,
    rows: Sequence[SuccessRate],
    competence: Sequence[Competence],
    identification: Sequence[Identification] = (),
) -> list[Check]:
    """What the suite and the slides claim of recognition; a claim that fails is printed as a finding."""
    return [
        *_competent(competence),
        *hides_checks(run, rows),
        *someone_else_checks(rows),
        *worst_case_checks(run.suite.systems.anonymizer_names, identification),
        *_colours_betray(rows),
    ]


def _competent(rows: Sequence[Competence]) -> Iterator[Check]:
    """Where the suite's first recognizer knows nobody, no success rate of the slides' kind means anything."""
    for number, recognizer in enumerate(dict.fromkeys(r.recognizer for r in rows)):
        first = number == 0
        mine = [r for r in rows if r.recognizer == recognizer and r.rank1 is not None]
        mean = {r.condition: r.rank1 or 0.0 for r in mine if r.angle is None}
        nm = [r.rank1 or 0.0 for r in mine if r.angle is not None and r.condition == "nm"]
        if not nm or "nm" not in mean:
            continue
        yield Check(
            f"{recognizer} names untouched nm probes (at least 80 % on average, 60 % at the worst angle)",
            mean["nm"] >= 80 and min(nm) >= 60,
            f"mean {mean['nm']:.1f} %, worst angle {min(nm):.1f} %",
            "control" if first else "finding",
        )
        harder = [c for c in ("bg", "cl") if c in mean]
        if harder and recognizer != "appearance":  # clothes know nothing of bags
            yield Check(
                f"{recognizer} is worse on bag and coat",
                all(mean[c] < mean["nm"] for c in harder),
                ", ".join(f"{c} {mean[c]:.1f} %" for c in ["nm", *harder]),
                "finding",
            )


def worst_case_checks(names: Sequence[str], rows: Sequence[Identification]) -> Iterator[Check]:
    """The strongest attack on each anonymizer, under whichever gallery, beside the slides' own cell.

    An interval that holds chance, and half of what the attack has over chance untouched as well, leaves it open.
    """
    silhouettes = [r for r in rows if r.colorizer == "none"]
    worst = worst_cases(silhouettes)
    for name in names:
        found = worst.get((name, "none"))
        slides = next(
            (r for r in silhouettes if r.anonymizer == name and r.attack == SLIDES_SYSTEM[1:]),
            None,
        )
        if found is None or slides is None or found.rank1 is None or slides.rank1 is None:
            continue
        chance = 100.0 / found.people
        low, high = found.rank1_ci_low, found.rank1_ci_high
        reached = low is not None and low <= chance
        wide = reached and high is not None and high >= _half_left(silhouettes, found, chance)
        yield Check(
            f"{name} hides from every attacker that reads silhouettes (worst case not above chance)",
            None if wide else reached,
            f"worst case {' / '.join(found.attack)}, {found.gallery}: rank-1 {found.rank1:.2f} % against a chance of "
            f"{chance:.2f} %; "
            f"the slides' attacker: {slides.rank1:.2f} %"
            + (f"; too few people: anything from {low:.1f} to {high:.1f} % is possible" if wide else ""),
            "finding",
        )


def _half_left(rows: Sequence[Identification], worst: Identification, chance: float) -> float:
    """Rank-1 (percent) at which an attack keeps half of what it has over chance untouched; half of all, if unknown."""
    same = [
        r for r in rows
        if r.anonymizer == "original"
        and (r.recognizer, r.input, r.gallery) == (worst.recognizer, worst.input, worst.gallery)
    ]  # fmt: skip
    own = [r.rank1 for r in same if r.attacker == worst.attacker] or [r.rank1 for r in same]
    return 50.0 if not own or own[0] is None else chance + BROKEN * (own[0] - chance)


def _colours_betray(rows: Sequence[SuccessRate]) -> Iterator[Check]:
    """Equality of the colorizers is a matter of the silhouettes: what attackers of pictures see differs."""
    for source in ("resegmented", "appearance"):
        cells: dict[tuple[str, str, str, int], set[tuple[int, int]]] = {}
        colorizers: set[str] = set()
        for r in rows:
            if r.input == source and r.colorizer != "none" and r.anonymizer not in CONTROLS:
                cells.setdefault((r.anonymizer, r.attacker, r.recognizer, r.angle), set()).add((r.m, r.s))
                colorizers.add(r.colorizer)
        if len(colorizers) > 1:
            unequal = sum(len(found) > 1 for found in cells.values())
            yield Check(
                f"colorizers differ in what input {source} gives away (equality holds for silhouettes only)",
                unequal > 0,
                f"{unequal} of {len(cells)} cells differ between {', '.join(sorted(colorizers))}",
                "finding",
            )
