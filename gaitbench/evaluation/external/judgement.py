"""From the outcomes of an external system to its verdict: every look at plausibility, then one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import by_protocol, reads_of
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.external.experiment import ExternalExperiment
from gaitbench.evaluation.external.gate import (
    Finding,
    competence,
    frames_plausible,
    gaits_plausible,
    variants_plausible,
)
from gaitbench.evaluation.external.variants import VARIANTS
from gaitbench.evaluation.external.verdict import UNTOUCHED, Verdict, give_verdict
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.results.schema_attacks import Attack, Identification
from gaitbench.store import digest

__all__ = ["Judgement", "judge"]

#: Probes that are normalised and looked at again: enough to tell, and a minute at most.
_LOOKED_AT = 60


@dataclass(frozen=True)
class Judgement:
    """The verdict, and every finding that it stands on."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def odd(self) -> dict[SequenceKey, str]:
        """Every odd sequence, with what is odd about it."""
        found: dict[SequenceKey, str] = {}
        for finding in self.findings:
            for key in finding.odd:
                found[key] = (
                    f"{found[key]}, and {finding.wrong}" if key in found else f"frames {finding.wrong}"
                )
        return found


def judge(experiment: ExternalExperiment, rows: Sequence[Identification]) -> Judgement:
    """Judge the external system of an experiment whose attacks have been run.

    Parameters
    ----------
    experiment : ExternalExperiment
    rows : sequence of Identification
        Of all attacks.
    """
    name = experiment.plan.name
    plain = [
        o for o in experiment.outcomes
        if o.anonymizer == name and o.attack.attacker == "ignorant" and o.attack.input == "silhouette"
    ]  # fmt: skip
    competent = [_competence(experiment, o) for o in plain]
    probes = {need.key for need in experiment.needs["probe"]}
    figures = {k: f for k, f in experiment.files.figures.items() if k in probes}
    findings = frames_plausible(figures) if figures else []
    failed = float(np.mean(plain[0].failed)) if plain and len(plain[0].failed) else 0.0
    if plain and figures:
        shown = _shown(experiment, plain[0])
        ladder = experiment.ladder
        findings += gaits_plausible(ladder.views.originals("probe"), ladder.views.originals("gallery"), shown)
        mine = [r for r in rows if r.anonymizer == name and r.input == "silhouette"]
        if any((r.success or 0.0) > UNTOUCHED for r in mine):
            findings += _variants(experiment, plain, shown)
    verdict = give_verdict(name, rows, competent, findings, failed)
    return Judgement(verdict, (*competent, *findings))


def _competence(experiment: ExternalExperiment, outcome: AnyOutcome) -> Finding:
    correct = outcome.correct_before
    low = None
    if len(correct):
        low = bootstrap_of(experiment.run, outcome.subjects).mean(correct.astype(float))[1]
    return competence(
        outcome.attack.recognizer, correct, None if low is None else 100 * low, len(outcome.people)
    )


def _shown(experiment: ExternalExperiment, outcome: AnyOutcome) -> Features:
    """GEIs of the anonymized probes, cut by their own boxes."""
    attack = Attack("ignorant", outcome.attack.recognizer, "silhouette", outcome.attack.gallery)
    return experiment.ladder.views.shown(Cell(experiment.plan.name, "none", attack), "probe", "probe", "gei")


def _variants(experiment: ExternalExperiment, plain: Sequence[AnyOutcome], shown: Features) -> list[Finding]:
    """Whether a normalisation of the format brings the people back, by the first recognizer of GEIs."""
    recognizer = next((o.attack.recognizer for o in plain if reads_of(o.attack.recognizer) == "gei"), None)
    good = np.flatnonzero(shown.good)
    if recognizer is None or not len(good):
        return []
    chosen = np.sort(sorted(good, key=lambda i: digest("variant", str(shown.keys[i])))[:_LOOKED_AT])
    ladder = experiment.ladder
    training, gallery = ladder.views.originals("recognizer"), ladder.views.originals("gallery")
    few = shown.take(chosen)
    subjects = few.subjects

    def right(x: NDArray[np.float32], mark: str) -> NDArray[np.bool_]:
        there = np.asarray(np.isfinite(x).all(axis=(1, 2)))
        failures = {str(k): "nobody" for k, ok in zip(few.keys, there, strict=True) if not ok}
        seen = Features(np.nan_to_num(x), few.keys, failures, mark)
        found = ladder.recognizers.distances(recognizer, training, gallery, seen)
        ((_, _, d),) = by_protocol(found, few.angles, "all-views")
        named = np.full(len(few.keys), "", dtype=found.people.dtype)
        named[there] = found.people[d[there].argmin(axis=1)]
        return np.asarray(named == subjects)

    def tried(x: NDArray[np.float32], mark: str) -> NDArray[np.bool_]:
        try:
            return right(x, mark)
        except GaitbenchError:  # a reading that the recognizer refuses, as inverted for one, names nobody
            return np.zeros(len(few.keys), dtype=bool)

    try:
        x = experiment.files.variants(few.keys)
        mark = digest("variants", few.digest, [str(k) for k in few.keys], list(VARIANTS))
        base = tried(np.asarray(few.x), digest(mark, "plain"))
        before = tried(np.asarray(ladder.views.originals("probe").take(chosen).x), digest(mark, "untouched"))
        people = len(np.unique(gallery.usable().subjects))
        return [
            variants_plausible(
                before, base, people, list(VARIANTS), lambda i: tried(x[:, i], digest(mark, i))
            )
        ]
    except GaitbenchError as error:
        return [Finding("normalised readings could be tried", False, str(error))]
