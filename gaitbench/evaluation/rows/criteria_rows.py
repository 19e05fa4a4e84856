"""Rows about strangers who walk by (open set), and after the Article 29 working party: singling out, linkability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.open_set import open_set
from gaitbench.metrics.working_party import linkability, nearer_people, singled_out, sizes_up_to
from gaitbench.results.schema_pooled import Criterion

__all__ = ["criteria_rows"]

#: People in a set.
SIZES = (2, 5, 10, 20, 40, 100)
#: Rates of strangers who are named (PROTOCOL, Open set), and drawn halves of the people.
RATES, HALVES = (0.01, 0.1), 20
#: Folds (a walk and a view) of singling out that are drawn, and sets of each person in a fold.
FOLDS, SETS = 6, 2


def criteria_rows(run: RunContext, outcomes: Sequence[AnyOutcome]) -> list[Criterion]:
    """Every criterion of every attack whose distances are kept, but those of gallery ``cross-view``."""
    return [
        row
        for outcome in outcomes
        if isinstance(outcome, Outcome) and outcome.attack.gallery != "cross-view"
        for part in (_open_set, _linkability, _singling_out)
        for row in part(run, outcome)
    ]


def _row(
    run: RunContext,
    outcome: Outcome,
    cell: tuple[str, float, float],
    people: NDArray[np.str_],
    share: NDArray[np.float64],
) -> Criterion:
    """One row from a share of each person: a person is one trial."""
    a, (criterion, at, blind) = outcome.attack, cell
    value, low, high = bootstrap_of(run, people).ratio(share, np.ones(len(people)))
    return Criterion(
        outcome.anonymizer, outcome.colorizer, a.attacker, a.recognizer, a.input, a.gallery, criterion, at,
        len(people), value, low, high, blind,
    )  # fmt: skip


def _over_mean(outcome: Outcome) -> NDArray[np.float64]:
    """Distances over their mean at the probe's angle, as in verification: comparable between probes."""
    d = outcome.after.astype(np.float64)
    good = np.isfinite(d).all(axis=1) & ~outcome.failed
    for angle in np.unique(outcome.angles):
        here = outcome.angles == angle
        mean = d[here & good].mean() if (here & good).any() else 0.0
        if mean > 0:
            d[here] /= mean
    return d


def _open_set(run: RunContext, outcome: Outcome) -> Iterator[Criterion]:
    found = open_set(
        _over_mean(outcome), outcome.subjects, outcome.people, failed=outcome.failed, rates=RATES, halves=HALVES,
        seed=run.suite.seed,
    )  # fmt: skip
    half = max(1, len(outcome.people) // 2)
    for one in found:
        rate = 100.0 * one.false_positive
        yield _row(run, outcome, ("open set", rate, rate / half), one.subjects, one.identified)


def _linkability(run: RunContext, outcome: Outcome) -> Iterator[Criterion]:
    people = len(outcome.people)
    # a person of whom no gallery walk could be read is enrolled nowhere, and linked to nothing
    enrolled = np.isin(outcome.subjects, outcome.people)
    seen = ~np.isnan(outcome.after).any(axis=1) & ~outcome.failed & enrolled
    nearer = np.full(len(seen), people - 1)
    if seen.any():
        nearer[seen] = nearer_people(outcome.after[seen], outcome.subjects[seen], outcome.people)
    nearer[outcome.failed] = 0  # a failed sequence is found
    names, who = np.unique(outcome.subjects, return_inverse=True)
    for size in sizes_up_to(people, SIZES) if people > 1 else []:
        share = np.bincount(who, weights=linkability(nearer, people, size)) / np.bincount(who)
        yield _row(run, outcome, ("linkability", float(size), 100.0 / size), names, np.clip(share, 0.0, 1.0))


def _singling_out(run: RunContext, outcome: Outcome) -> Iterator[Criterion]:
    """Folds: the test sequence is that of one walk and view, calibration the other walks at that view."""
    people = outcome.people.tolist()
    walks = sorted({k.walk for k in outcome.keys})
    places = {(k.subject, k.walk, k.angle): i for i, k in enumerate(outcome.keys)}
    folds = [(w, a) for w in walks for a in np.unique(outcome.angles).tolist()]
    order = np.random.default_rng(run.suite.seed).permutation(len(folds))[:FOLDS].tolist()
    if len(walks) < 2 or len(people) < 3:
        return
    bad = ~np.isfinite(outcome.after).all(axis=1) | outcome.failed
    shares: dict[int, dict[str, list[float]]] = {}
    for number, fold in enumerate(sorted(order)):
        walk, angle = folds[fold]
        rest = [w for w in walks if w != walk]
        rows = {p: [places.get((p, w, angle), -1) for w in (walk, *rest)] for p in people}
        there = [p for p in people if all(r >= 0 and not bad[r] for r in rows[p])]
        for person in people:  # a failed sequence is singled out
            if rows[person][0] >= 0 and outcome.failed[rows[person][0]]:
                for size in sizes_up_to(len(people), SIZES):
                    shares.setdefault(size, {}).setdefault(person, []).append(1.0)
        if len(there) < 3:
            continue
        columns = [people.index(p) for p in there]
        table = outcome.after.astype(np.float64)[np.array([rows[p] for p in there])][:, :, columns]
        test, held = table[:, 0, :].T, table[:, 1:, :].transpose(2, 0, 1)
        for size in sizes_up_to(len(there), SIZES):
            found = singled_out(test, held, size, runs=SETS, seed=run.suite.seed, fold=number)
            for person, share in zip(there, found.mean(axis=1).tolist(), strict=True):
                shares.setdefault(size, {}).setdefault(person, []).append(share)
    for size, by_person in sorted(shares.items()):
        names = np.array(list(by_person))
        blind = 100.0 * (1.0 - 1.0 / size) ** (size - 1)
        means = np.array([np.mean(v) for v in by_person.values()])
        yield _row(run, outcome, ("singling out", float(size), blind), names, means)
