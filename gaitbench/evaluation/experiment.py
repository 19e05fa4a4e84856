"""A run from data to record: the order of the stages, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from gaitbench.evaluation import checks, quality, quality_tables, success
from gaitbench.evaluation.context import RunContext
from gaitbench.evaluation.features import Features, original_features
from gaitbench.evaluation.identification import Attack, Naming
from gaitbench.evaluation.quality import PictureScores
from gaitbench.evaluation.samples import make_samples
from gaitbench.evaluation.sequences import Need, load_prepared, needs_of_role, prepare_all
from gaitbench.evaluation.systems import Anonymized, Systems, anonymize_probes
from gaitbench.results.provenance import collect_provenance
from gaitbench.results.record import Record
from gaitbench.results.schema import SCORE_COLUMNS, Check, Failure, Sample, Stage
from gaitbench.store import digest

__all__ = ["Experiment"]

_ROLES = ("recognizer", "models", "gallery", "probe")


class Experiment:
    """All stages of a suite on a data set; each is done when its result is first asked for.

    Parameters
    ----------
    run : RunContext
    labels : mapping of str to tuple of str, optional
        Hand-made labels by sequence name, which win over the computed ones.

    Examples
    --------
    >>> from gaitbench.evaluation.setup import open_run  # doctest: +SKIP
    >>> record = Experiment(open_run("smoke")).record()  # doctest: +SKIP
    """

    def __init__(self, run: RunContext, labels: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.run = run
        self.labels = dict(labels or {})

    @cached_property
    def needs(self) -> dict[str, dict[Need, str]]:
        """Prepared sequences by role: need -> artifact key."""
        by_role = {role: needs_of_role(self.run, role) for role in _ROLES}
        keys = prepare_all(self.run, [n for needs in by_role.values() for n in needs])
        return {role: {n: keys[n] for n in needs} for role, needs in by_role.items()}

    @cached_property
    def features(self) -> dict[str, Features]:
        """GEIs of the untouched sequences by role."""
        needs = self.needs
        with self.run.stage("gei") as stage:
            found = {
                r: original_features(self.run, needs[r], stage) for r in ("recognizer", "gallery", "probe")
            }
        for role, features in found.items():
            for name, message in features.failures.items():
                self.run.fail("prepare", f"role={role}, key={name}", message)
        for need, key in needs["models"].items():
            prepared = load_prepared(self.run, need, key)
            if prepared.failure is not None:
                self.run.fail("prepare", f"role=models, key={need.key}", prepared.failure)
        return found

    @cached_property
    def systems(self) -> Systems:
        """Anonymizers and colorizers."""
        return Systems(self.run, self.needs["models"])

    @cached_property
    def anonymized(self) -> dict[str, Anonymized]:
        """Anonymized probes by anonymizer: the systems under test, then the controls that the data allow."""
        names = list(self.run.suite.systems.anonymizers)
        for control in self.run.suite.systems.controls:
            if control != "oracle" or self.run.dataset.rendered:
                names.append(control)
        original = self.features["probe"].failures
        found = {n: anonymize_probes(self.run, self.systems, n, self.needs["probe"]) for n in names}
        for name, part in found.items():
            for key, message in part.features.failures.items():
                if key not in original:
                    self.run.fail("anonymize", f"anonymizer={name}, key={key}", message)
        return found

    @cached_property
    def outcomes(self) -> list[success.Outcome]:
        """What every attack found out about every anonymizer."""
        gallery_protocol = self.run.suite.systems.gallery
        features = self.features
        outcomes: list[success.Outcome] = []
        for recognizer in self.run.suite.systems.recognizers:
            attack = Attack(
                self.run, recognizer, features["recognizer"], features["gallery"], gallery_protocol
            )
            before: Naming = attack.name_probes(features["probe"])
            size = len(set(attack.gallery.subjects.tolist()))
            for name, part in self.anonymized.items():
                after = attack.name_probes(part.features)
                outcomes.append(
                    success.outcome_of(
                        name,
                        recognizer,
                        gallery_protocol,
                        size,
                        features["probe"],
                        before,
                        part.features,
                        after,
                    )
                )
        return outcomes

    @cached_property
    def sets(self) -> dict[str, tuple[str, ...]]:
        """The sets of each probe: plain or textural, complete or incomplete."""
        from gaitbench.datasets.labels import sets_of_scores

        found: dict[str, tuple[str, ...]] = {}
        for need, key in self.needs["probe"].items():
            scores = load_prepared(self.run, need, key).scores
            if scores:
                name = str(need.key)
                found[name] = sets_of_scores(scores, self.labels.get(name, ()))
        return found

    @cached_property
    def picture_scores(self) -> list[PictureScores]:
        """Picture measures: the untouched original, and anonymizers with every colorizer.

        Two controls, `someone-else` and `constant`, are there for scale: the suite's last colorizer paints them.
        """
        scores: list[PictureScores] = []
        colorizers = self.run.suite.systems.colorizers
        for name, part in self.anonymized.items():
            chosen = {"original": ("none",), "someone-else": colorizers[-1:], "constant": colorizers[-1:]}
            for colorizer in chosen.get(name, colorizers):
                scores += quality.measure(self.run, self.systems, part, colorizer, self.needs["probe"])
        return scores

    def success_rows(self) -> list[Any]:
        """Rows of the success-rate table."""
        suite = self.run.suite
        rows: list[Any] = []
        for outcome in self.outcomes:
            tested = outcome.anonymizer in suite.systems.anonymizers
            rows += success.success_rows(self.run, outcome, suite.systems.colorizers if tested else ("none",))
        return rows

    def competence_rows(self) -> list[Any]:
        """Rows of the competence table, from the untouched probes."""
        seen: set[str] = set()
        rows: list[Any] = []
        for outcome in self.outcomes:
            if outcome.recognizer not in seen:
                seen.add(outcome.recognizer)
                rows += success.competence_rows(self.run, outcome)
        return rows

    def difference_rows(self) -> list[Any]:
        """Paired differences: each later colorizer of the suite against its first."""
        names = self.run.suite.systems.colorizers
        return [
            row
            for later in names[1:]
            for row in quality_tables.difference_rows(
                self.run, self.picture_scores, self.sets, later, names[0]
            )
        ]

    def record(self, *, pictures: bool = True, samples: Path | None = None) -> Record:
        """Run what is left to run and put the record together.

        Parameters
        ----------
        pictures : bool
            Also paint and measure picture quality; False stops after identification.
        samples : path, optional
            Folder under which sample pictures are written (none if not given).
        """
        rates, competence = self.success_rows(), self.competence_rows()
        scores = [row for outcome in self.outcomes for row in success.score_rows(outcome)]
        means: list[Any] = []
        differences: list[Any] = []
        shares: list[Any] = []
        shown: list[Sample] = []
        if pictures:
            measured = self.picture_scores
            scores += quality.score_rows(measured, self.sets)
            with self.run.stage("statistics") as stage:
                stage.made()
                means = quality_tables.quality_rows(self.run, measured, self.sets)
                differences = self.difference_rows()
                shares = quality_tables.set_rows(self.sets)
            if samples is not None:
                shown = make_samples(self.run, self.systems, self.needs["probe"], self.sets, samples)
        held = checks.invariants(rates)
        for check in held:
            if not check.passed:
                self.run.fail("invariant", check.name, check.detail)
        found: list[Check] = [*held, *checks.claims(self.run, rates, competence, differences)]
        return Record(
            provenance=self.provenance(),
            stages=tuple(Stage(**row) for row in self.run.stage_rows()),
            success_rate=tuple(rates),
            quality=tuple(means),
            quality_difference=tuple(differences),
            competence=tuple(competence),
            sets=tuple(shares),
            checks=tuple(found),
            failures=tuple(Failure(f.stage, f.cell, f.message) for f in self.run.failures),
            samples=tuple(shown),
            scores=pd.DataFrame(scores, columns=list(SCORE_COLUMNS)),
        )

    def provenance(self) -> dict[str, Any]:
        """Where the figures come from."""
        suite, dataset = self.run.suite, self.run.dataset
        keys = dataset.keys()
        split = {role: list(getattr(suite.split, role)) for role in ("recognizer", "models", "test")}
        return collect_provenance(
            suite_name=suite.name,
            suite=_json(suite.resolved()),
            dataset={
                "name": dataset.name,
                "rendered": dataset.rendered,
                "fingerprint": dataset.fingerprint(),
                "subjects": len({k.subject for k in keys}),
                "sequences": len(keys),
                "missing": self.run.missing,
            },
            split_hash=digest(split),
            seed=suite.seed,
            device=self.run.device,
        )


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(v) for v in value]
    return value
