"""Rows about sessions: every attack within the sessions that are enrolled, and across to another (PROTOCOL)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.key_text import walk_parts
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.rows.success_rows import ALL, bootstrap_of, pairs_of, rank1_of, success_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema_attacks import CrossSession

__all__ = ["session_rows"]

_Bounds = tuple[float | None, float | None, float | None]


def session_rows(run: RunContext, outcomes: Sequence[AnyOutcome]) -> list[CrossSession]:
    """One row an attack and condition, and one for all conditions; none where every probe is of an enrolled session."""
    enrolled = {walk_parts(walk)[0] for walk in run.suite.walks.gallery}
    rows: list[CrossSession] = []
    for outcome in outcomes:
        across = np.array([key.session not in enrolled for key in outcome.keys], dtype=bool)
        if not across.any():
            continue
        conditions = np.array([key.condition for key in outcome.keys], dtype=str)
        for condition in (ALL, *dict.fromkeys(conditions.tolist())):
            here = np.ones(len(across), dtype=bool) if condition == ALL else conditions == condition
            rows.append(_row(run, outcome, condition, conditions, here & ~across, here & across))
    return rows


def _row(
    run: RunContext,
    outcome: AnyOutcome,
    condition: str,
    conditions: NDArray[np.str_],
    within: NDArray[np.bool_],
    across: NDArray[np.bool_],
) -> CrossSession:
    a = outcome.attack
    values: dict[str, Any] = {}
    for side, part in (("within", within), ("across", across)):
        rank1, rank1_low, rank1_high = rank1_of(run, outcome, part)
        m, s, success, low, high = success_of(run, outcome, part)
        values |= {
            f"{side}_n": int(part.sum()), f"{side}_s": s, f"{side}_m": m,
            f"{side}_rank1": rank1, f"{side}_rank1_ci_low": rank1_low, f"{side}_rank1_ci_high": rank1_high,
            f"{side}_success": success, f"{side}_success_ci_low": low, f"{side}_success_ci_high": high,
        }  # fmt: skip
    change, change_low, change_high = _change(run, outcome, conditions, within, across)
    return CrossSession(
        anonymizer=outcome.anonymizer, colorizer=outcome.colorizer, attacker=a.attacker, recognizer=a.recognizer,
        input=a.input, gallery=a.gallery, condition=condition, people=len(outcome.people), **values,
        change=change, change_low=change_low, change_high=change_high,
    )  # fmt: skip


def _change(
    run: RunContext,
    outcome: AnyOutcome,
    conditions: NDArray[np.str_],
    within: NDArray[np.bool_],
    across: NDArray[np.bool_],
) -> _Bounds:
    """Rank-1 across less within in points, over what both have of one person, condition and pair of angles."""
    right, pairs = outcome.correct_after, pairs_of(outcome)
    cells = list(zip(outcome.subjects.tolist(), conditions.tolist(), pairs.tolist(), strict=True))
    place = {cell: i for i, cell in enumerate(dict.fromkeys(cells))}
    at = np.array([place[cell] for cell in cells], dtype=np.intp)
    rates = []
    for part in (within, across):
        trials = np.bincount(at[part], minlength=len(place))
        hits = np.bincount(at[part], weights=right[part], minlength=len(place))
        with np.errstate(invalid="ignore"):
            rates.append(hits / trials)
    difference = 100.0 * (rates[1] - rates[0])
    boot = bootstrap_of(run, np.array([cell[0] for cell in place], dtype=str))
    return boot.paired_difference(difference)[:3]
