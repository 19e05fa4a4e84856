"""From the outcomes of handed-in attackers to an ordinary record, its verdict among it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.claims import recognition as claims
from gaitbench.evaluation.embeddings.handed_in import KINDS, HandedIn, counted
from gaitbench.evaluation.external.gate import Finding, competence
from gaitbench.evaluation.external.verdict import Verdict, give_verdict
from gaitbench.evaluation.rows import identification_rows as attack_rows
from gaitbench.evaluation.rows import success_rows as success
from gaitbench.evaluation.rows.criteria_rows import criteria_rows
from gaitbench.evaluation.rows.pooled_rows import assigned_rows, pooled_rows
from gaitbench.evaluation.rows.worst_case_rows import candidate_of, worst_case_rows
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.protocol_hash import protocol_of
from gaitbench.evaluation.run.scores import score_table
from gaitbench.results.distances import distances_table
from gaitbench.results.provenance import collect_provenance
from gaitbench.results.record import Record
from gaitbench.results.schema import Check, Failure
from gaitbench.store import digest

__all__ = ["record_of_attacks"]


def record_of_attacks(
    run: RunContext,
    name: str,
    noise: str,
    handed: HandedIn,
    outcomes: Sequence[AnyOutcome],
    elsewhere: Sequence[AnyOutcome],
    findings: Sequence[Finding],
    how: Mapping[str, object],
) -> Record:
    """Put the record together.

    Parameters
    ----------
    run : RunContext
    name, noise : str
        The anonymizer, and how it draws its noise as declared.
    handed : HandedIn
    outcomes : sequence of outcomes
        The untouched ones (anonymizer ``original``) first, then `ignorant`, then further rungs.
    elsewhere : sequence of outcomes
        The same under the other gallery protocols.
    findings : sequence of Finding
        Whether what was handed in is plausible.
    how : mapping
        How embeddings were compared.
    """
    with run.stage("statistics") as stage:
        stage.made()
        rates = [row for o in outcomes for row in success.success_rows(run, o, ("none",))]
        competent = success.competence_rows(run, outcomes[0])
        rows = attack_rows.identification_rows(run, outcomes)
        tables: dict[str, Sequence[Any]] = {
            "success_rate": rates, "competence": competent, "identification": rows,
            "cmc": attack_rows.cmc_rows(outcomes), "gallery_size": attack_rows.gallery_size_rows(outcomes),
            "subject_tail": attack_rows.subject_tail_rows(outcomes), "pooled": pooled_rows(run, outcomes),
            "assigned": assigned_rows(run, outcomes), "criteria": criteria_rows(run, outcomes),
            "galleries": attack_rows.identification_rows(run, elsewhere, verified=False),
            "worst_case": worst_case_rows(run, [candidate_of(o) for o in (*outcomes, *elsewhere)]),
        }  # fmt: skip
        scores = score_table([success.score_rows(o) for o in outcomes])
    first = _competence(run, outcomes[0])
    failed = float(np.mean(outcomes[1].failed))
    verdict = give_verdict(name, rows, [first], findings, failed)
    held = [*claims.invariants(rates), *claims.stranger_check([*rows, *tables["galleries"]])]
    for check in held:
        if not check.passed:
            run.fail("invariant", check.name, check.detail)
    kept = [o for o in outcomes if isinstance(o, Outcome)]
    if len(kept) < len(outcomes):
        handed.left_out.append(
            "pools, assignment, open set, criteria of the working party, distances.parquet: the distances are too many"
        )
    said = [*held, *claims.claims(run, rates, competent, rows)]
    failures = [Failure("read", p.cell, p.message) for p in handed.problems]
    if verdict.answer == "cannot be judged":
        failures.insert(0, Failure("verdict", f"anonymizer={name}", verdict.sentence))
        said = [
            replace(c, passed=False, detail=f"cannot be judged ({c.detail})")
            if c.name.startswith(f"{name} hides from")
            else c
            for c in said
        ]
    return Record(
        provenance=_provenance(run, name, noise, handed, verdict, how),
        stages=run.log.stage_rows(),
        checks=(
            *_checks(handed, verdict),
            *(Check(f.name, f.passed, f.detail, "finding") for f in (first, *findings)),
            *said,
        ),
        failures=(*failures, *run.log.failures),
        scores=scores,
        distances=distances_table([attack_rows.attack_distances(o) for o in kept]),
        tables=tables,
    )


def _competence(run: RunContext, untouched: AnyOutcome) -> Finding:
    correct = untouched.correct_before
    boot = success.bootstrap_of(run, untouched.subjects)
    low = boot.ratio(correct, np.ones(len(correct), dtype=bool))[1]
    return competence(untouched.attack.recognizer, correct, low, len(untouched.people))


def _checks(handed: HandedIn, verdict: Verdict) -> list[Check]:
    wrong = [f"{n} {KINDS[kind]}" for kind, n in counted(handed.problems).items()]
    return [
        Check(
            "everything that was handed in could be judged",
            not wrong and not verdict.why,
            "; ".join(wrong) or "; ".join(verdict.why) or "no problem found",
            "finding",
        ),
        Check(
            "every part of the protocol could be run on these data",
            not handed.left_out,
            "; ".join(handed.left_out) or "all",
            "finding",
        ),
    ]


def _provenance(
    run: RunContext,
    name: str,
    noise: str,
    handed: HandedIn,
    verdict: Verdict,
    how: Mapping[str, object],
) -> dict[str, Any]:
    suite, keys = run.suite, run.dataset.keys()
    split = {role: list(getattr(suite.split, role)) for role in ("recognizer", "models", "test")}
    told = {"draw": noise, "seed": None}
    protocol = protocol_of(run)
    protocol["noise"] = {"value": told, "hash": digest("noise", told)}
    protocol["embeddings"] = {"value": dict(how), "hash": digest("embeddings", dict(how))}
    problems = counted(handed.problems)
    return {
        **collect_provenance(
            suite_name=suite.name,
            suite=plain_suite(suite.resolved()),
            dataset={
                "name": run.dataset.name, "rendered": False, "fingerprint": run.dataset.fingerprint(),
                "subjects": len({k.subject for k in keys}), "sequences": len(keys), "missing": [], "read": {},
            },
            split_hash=digest(split),
            seed=suite.seed,
            device=run.device,
        ),
        "protocol": protocol,
        "evaluated": {
            "name": name,
            "files": run.dataset.fingerprint(),
            "painted": False,
            "noise": noise,
            "verdict": verdict.as_json(),
            "counts": {**handed.counts.as_json(), "frames": None},
            "partial": bool(problems),
            "problems": problems,
            "left_out": handed.left_out,
            "attacker": "embeddings handed in",
            "attacker_card": None,
            "compared_by": dict(how),
        },
    }  # fmt: skip


def plain_suite(value: Any) -> Any:
    """A resolved suite as JSON values."""
    if isinstance(value, Mapping):
        return {str(k): plain_suite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain_suite(v) for v in value]
    return value
