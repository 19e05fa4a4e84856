"""What the record of an external system says beside the figures: what was handed in, wrong, and left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import KINDS, Problem
from gaitbench.evaluation.attacks.bundled import taught_by
from gaitbench.evaluation.external.counts import Counts, count_handed_in
from gaitbench.evaluation.external.experiment import ExternalExperiment
from gaitbench.evaluation.external.judgement import Judgement, judge
from gaitbench.evaluation.external.plan import ExternalPlan
from gaitbench.evaluation.external.silhouette_samples import silhouette_samples
from gaitbench.evaluation.external.verdict import Verdict
from gaitbench.evaluation.record import record_of
from gaitbench.results.files.read_notes import read_lines
from gaitbench.results.record import Record
from gaitbench.results.schema import Check, Failure
from gaitbench.store import digest

__all__ = ["count_problems", "counts_of", "external_record", "finish_record"]


def external_record(experiment: ExternalExperiment, *, samples: Path | None = None) -> Record:
    """Run what is left to run and put the record together; it says what was handed in and what was wrong."""
    painted = experiment.plan.painted
    record = record_of(experiment, pictures=painted, samples=samples if painted else None)
    if samples is not None and not painted:
        record = replace(record, samples=tuple(silhouette_samples(experiment, samples)))
    judgement = judge(experiment, [*record.identification, *record.tables["galleries"]])
    places = {**experiment.plan.counterparts.silhouettes, **experiment.plan.counterparts.sources}
    experiment.files.problems += [
        Problem("odd", f"key={key}", f"{key}: {wrong} ({places[key]})")
        for key, wrong in sorted(judgement.odd.items())
    ]
    unread = [f"{row.what}: {row.why}" for row in experiment.ladder.unread]
    experiment.plan.left_out += [text for text in unread if text not in experiment.plan.left_out]
    finished = finish_record(record, experiment.plan, experiment.problems, judgement, counts_of(experiment))
    read = dict(sorted(experiment.files.notes.items()))
    evaluated = {**finished.provenance["evaluated"], "read": read}
    lines = [*experiment.plan.said, *read_lines(read)]
    evaluated["counts"] = {**evaluated["counts"], "lines": [*evaluated["counts"]["lines"], *lines]}
    return replace(finished, provenance={**finished.provenance, "evaluated": evaluated})


def counts_of(experiment: ExternalExperiment) -> Counts:
    """What was handed in, and what became of it."""
    plan, files, run = experiment.plan, experiment.files, experiment.run
    shown = {**plan.counterparts.silhouettes, **plan.counterparts.sources}
    # an original that could not be used is none of the data set's, and was handed in all the same
    unused = {p.cell: p for p in plan.problems if p.kind in ("original", "film")}
    lost = [SequenceKey.parse(cell[len("key=") :]) for cell, p in unused.items() if p.kind == "original"]
    keys = [*run.dataset.keys(), *lost]
    used = {role: {n.key for n in found} for role, found in experiment.needs.items()}
    attackers = set(run.suite.attacks.attackers)
    if attackers & {"lazy-informed", "semi-informed", "joint", "linked"}:
        used["gallery shown"] = used["gallery"]
    if attackers & {"semi-informed", "joint", "linked", "de-anonymize"}:
        used["recognizer shown"] = used["recognizer"]
    names = {str(k): k for k in {*keys, *shown}}
    broken = {
        names[name]: _short(p.kind) for p in [*unused.values(), *files.problems]
        if (name := p.cell.removeprefix("key=")) in names and names[name] not in files.figures
    }  # fmt: skip
    return count_handed_in(
        run.suite, run.angles_probed, keys, shown, used, files.figures, broken, plan.not_read,
        plan.junk,
    )  # fmt: skip


def count_problems(problems: Sequence[Problem]) -> dict[str, int]:
    """How many there are of each kind, in the order of `KINDS`."""
    counted = Counter(p.kind for p in problems)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def _short(kind: str) -> str:
    """What is wrong with a sequence of a kind, without the count: ``no anonymized counterpart``."""
    words = KINDS[kind].partition(" (")[0].removeprefix("sequences ")
    return words.removeprefix("with ").removeprefix("of ").removeprefix("whose ")


def finish_record(
    record: Record, plan: ExternalPlan, problems: Sequence[Problem], judgement: Judgement, counted: Counts
) -> Record:
    """Add what was handed in, every problem among the failures, and findings that say what is not judged.

    A run with problems is partial: its record says so, and its failures are not empty. So does one that cannot be
    judged: a claim that the system hides somebody is then no claim.
    """
    counts = count_problems(problems)
    said = {f.message for f in record.failures}
    failures = [Failure("read", p.cell, p.message) for p in problems if p.message not in said]
    verdict = judgement.verdict
    checks = record.checks
    if verdict.answer == "cannot be judged":
        failures.insert(0, Failure("verdict", f"anonymizer={plan.name}", verdict.sentence))
        checks = tuple(
            replace(c, passed=False, detail=f"cannot be judged ({c.detail})")
            if c.name.startswith(f"{plan.name} hides from")
            else c
            for c in checks
        )
    provenance: dict[str, Any] = dict(record.provenance)
    noise = {"draw": plan.noise, "seed": None}
    provenance["protocol"] = {
        **provenance["protocol"], "noise": {"value": noise, "hash": digest("noise", noise)},
    }  # fmt: skip
    provenance["evaluated"] = {
        "name": plan.name,
        "files": plan.counterparts.fingerprint,
        "painted": plan.painted,
        "noise": plan.noise,
        "verdict": verdict.as_json(),
        "counts": counted.as_json(),
        "partial": bool(counts),
        "problems": counts,
        "left_out": plan.left_out,
        "attacker": "trained on these data" if plan.trained else "bundled",
        "attacker_card": None if plan.trained else taught_by(),
    }
    return replace(
        record,
        provenance=provenance,
        checks=(
            *_checks(plan, counts, verdict),
            *(Check(f.name, f.passed, f.detail, "finding") for f in judgement.findings),
            *checks,
        ),
        failures=(*failures, *record.failures),
    )


def _checks(plan: ExternalPlan, counts: dict[str, int], verdict: Verdict) -> list[Check]:
    wrong = "; ".join(f"{n} {KINDS[kind]}" for kind, n in counts.items())
    people = len(plan.run.suite.split.recognizer)
    if plan.trained:
        learnt = f"trained on {people} subjects who are not tested"
    else:
        card = taught_by()
        learnt = (
            f"the bundled robust-vtm attacks, trained on {card['training']['subjects']} rendered walkers: it is weaker "
            "on filmed people, so a high success rate says little"
        )
    return [
        Check(
            "everything that was handed in could be judged",
            not counts and not verdict.why,
            wrong or "; ".join(verdict.why) or "no problem found",
            "finding",
        ),
        Check("the recognizer learnt from people of these data", plan.trained, learnt, "finding"),
        Check(
            "every part of the protocol could be run on these data",
            not plan.left_out,
            "; ".join(plan.left_out) or "all",
            "finding",
        ),
    ]
