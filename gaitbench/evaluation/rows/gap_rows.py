"""Rows about gaps: who is hidden less, women or men, the tall or the short (ours)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.attributes import Person, people_of
from gaitbench.errors import GaitbenchError, LostArtifactError
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.rows.worst_case_rows import Candidate, attacks_on
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.metrics.uncertainty.multiple_tests import holm
from gaitbench.metrics.uncertainty.rates import difference_of_groups
from gaitbench.protocol import SLIDES_SYSTEM
from gaitbench.results.schema_pooled import Gap, LeftOut

__all__ = ["gap_rows", "groups_of"]

#: People that a group must have: one person says nothing of others like him.
LEAST = 2
#: First group, second group, and why a person may be of neither.
SPLITS = (("women", "men", "sex"), ("tall", "short", "height"))


def gap_rows(run: RunContext, candidates: Sequence[Candidate]) -> tuple[list[Gap], list[LeftOut]]:
    """The worst case of each system, the slides' cell and untouched probes, by group; and what is left out."""
    if not candidates:
        return [], []
    tested = sorted({str(p) for c in candidates for p in c.people})
    try:
        with guarded(f"data set {run.dataset.name}"):
            people = people_of(run.dataset, tested)
    except LostArtifactError:
        raise
    except GaitbenchError as error:
        run.fail("gaps", "gaps", str(error))
        people = {}
    rows: list[Gap] = []
    left: list[LeftOut] = []
    for first, second, what in SPLITS:
        groups = groups_of(people, what)
        small = [f"{len(g)} of the tested people {'is' if len(g) == 1 else 'are'} {word}"
                 for word, g in zip((first, second), groups, strict=True) if len(g) < LEAST]  # fmt: skip
        if not any(groups):
            left.append(LeftOut("gaps", what, f"the data set {run.dataset.name} does not say it"))
        elif small:
            left.append(LeftOut("gaps", what, "; ".join(small)))
        else:
            rows += [_row(run, role, c, (first, second), groups) for role, c in _chosen(run, candidates)]
    return _corrected(rows), left


def groups_of(people: Mapping[str, Person], what: str) -> tuple[frozenset[str], frozenset[str]]:
    """Women and men, or who is taller than the median of these people and who is not; the others are in neither.

    Examples
    --------
    >>> people = {"a": Person("male", 1.9), "b": Person("female", 1.7), "c": Person(None, 1.6), "d": Person("male")}
    >>> [sorted(g) for g in groups_of(people, "sex")], [sorted(g) for g in groups_of(people, "height")]
    ([['b'], ['a', 'd']], [['a'], ['b', 'c']])
    """
    if what == "sex":
        first, second = ({s for s, p in people.items() if p.sex == sex} for sex in ("female", "male"))
        return frozenset(first), frozenset(second)
    heights = {s: p.height for s, p in people.items() if p.height is not None}
    middle = float(np.median(list(heights.values()))) if heights else 0.0
    tall = frozenset(s for s, height in heights.items() if height > middle)
    return tall, frozenset(heights) - tall


def _chosen(run: RunContext, candidates: Sequence[Candidate]) -> list[tuple[str, Candidate]]:
    """Attacks of the table, with why each stands there: of an attack that is two things, the first."""
    found = [
        ("worst case", max(own, key=lambda c: c.hits.sum() / c.trials.sum()))
        for own in attacks_on(candidates).values()
    ]
    system, attacker, recognizer, source = SLIDES_SYSTEM
    usual = [c for c in candidates if (c.attack.attacker, c.attack.input) == (attacker, source)]
    usual = [c for c in usual if c.attack.gallery == run.suite.systems.gallery]
    slides = [c for c in usual if c.attack.recognizer == recognizer]
    found += [("slides' cell", c) for c in slides if c.anonymizer == system]
    found += [("untouched", c) for c in [*slides, *usual] if c.anonymizer == "original"][:1]
    kept: list[tuple[str, Candidate]] = []
    for role, one in found:  # a system's worst case may be its silhouettes', or the slides' own
        if not any(one is other for _, other in kept):
            kept.append((role, one))
    return kept


def _row(
    run: RunContext,
    role: str,
    c: Candidate,
    names: tuple[str, str],
    groups: tuple[frozenset[str], frozenset[str]],
) -> Gap:
    places = [np.array([str(p) in group for p in c.people], dtype=bool) for group in groups]
    sums = [(c.hits[here][:, None], c.trials[here][:, None]) for here in places]
    found = difference_of_groups(sums[0], sums[1], confidence=run.suite.confidence)
    one, two = (bootstrap_of(run, c.people[here]).ratio(c.hits[here], c.trials[here]) for here in places)
    success = [_success(c.lost[here], c.known[here]) for here in places]
    a, p = c.attack, None
    difference: tuple[float | None, float | None, float | None] = (None, None, None)
    if np.isfinite(found.value[0]) and found.p_value is not None:
        p = float(found.p_value[0])
        difference = 100.0 * float(found.value[0]), 100.0 * float(found.low[0]), 100.0 * float(found.high[0])
    return Gap(
        c.anonymizer, c.colorizer, a.attacker, a.recognizer, a.input, a.gallery, role, names[0], names[1],
        int(places[0].sum()), int(places[1].sum()), int(sums[0][1].sum()), int(sums[1][1].sum()),
        *one, *two, success[0], success[1], *difference, p,
    )  # fmt: skip


def _success(lost: NDArray[np.float64], known: NDArray[np.float64]) -> float | None:
    return 100.0 * float(lost.sum() / known.sum()) if known.sum() else None


def _corrected(rows: Sequence[Gap]) -> list[Gap]:
    """p-values corrected over the table."""
    p = holm([np.nan if row.p_value is None else row.p_value for row in rows])
    return [replace(row, p_holm=float(v) if np.isfinite(v) else None) for row, v in zip(rows, p, strict=True)]
