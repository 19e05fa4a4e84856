"""From what the stages found to the record of the run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from gaitbench.datasets.views import labels_of_views
from gaitbench.errors import GaitbenchError, LostArtifactError, UnreachableError
from gaitbench.evaluation.attacks.blocks.left_out import searched_rows
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.attacks.plan import attacks_left_out
from gaitbench.evaluation.claims import recognition as checks
from gaitbench.evaluation.claims.pictures import naturalness_claims, picture_claims
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.pictures.painters import trainings_left_out
from gaitbench.evaluation.pictures.samples import make_samples
from gaitbench.evaluation.rows import identification_rows as attack_rows
from gaitbench.evaluation.rows import success_rows as success
from gaitbench.evaluation.rows.attribute_rows import attribute_rows
from gaitbench.evaluation.rows.gait_cycles import gait_cycles
from gaitbench.evaluation.rows.gap_rows import gap_rows
from gaitbench.evaluation.rows.pictures import quality_rows as quality_tables
from gaitbench.evaluation.rows.pictures.ablation_rows import ablation_rows
from gaitbench.evaluation.rows.pictures.frechet_rows import frechet_rows
from gaitbench.evaluation.rows.pictures.margin_rows import margin_rows
from gaitbench.evaluation.rows.pictures.naturalness_rows import naturalness_rows
from gaitbench.evaluation.rows.pictures.sweep_rows import sweep_rows
from gaitbench.evaluation.rows.pictures.training_rows import picture_spread, success_spread
from gaitbench.evaluation.rows.utility_again_rows import utility_again_rows
from gaitbench.evaluation.rows.utility_rows import utility_rows
from gaitbench.evaluation.rows.worst_case_rows import worst_case_rows
from gaitbench.evaluation.run.protocol_hash import protocol_of
from gaitbench.evaluation.statistics import statistics_of
from gaitbench.registry import TABLES
from gaitbench.results.distances import distances_table
from gaitbench.results.files.score_parts import ScoreParts
from gaitbench.results.provenance import collect_provenance
from gaitbench.results.record import BUILT_IN_TABLES, Record
from gaitbench.results.rows import read_row, row_to_dict
from gaitbench.results.schema import Competence, QualityDifference, SuccessRate
from gaitbench.store import digest

__all__ = ["record_of"]


def record_of(experiment: Experiment, *, pictures: bool = True, samples: Path | None = None) -> Record:
    """Run what is left to run and put the record together.

    Parameters
    ----------
    experiment : Experiment
    pictures : bool
        Also paint and measure picture quality; False stops after identification.
    samples : path, optional
        Folder under which sample pictures are written (none if not given).
    """
    run = experiment.run
    rates, competence = _success(experiment), _competence(experiment)
    scores = [partial(success.score_rows, outcome) for outcome in experiment.outcomes]
    rows: dict[str, Any] = {}
    with run.stage("statistics") as stage:
        stage.made()
        rows |= statistics_of(run, experiment.outcomes)
        rows["cmc"] = attack_rows.cmc_rows(experiment.outcomes)
        rows["subject_tail"] = attack_rows.subject_tail_rows(experiment.outcomes)
        rows["galleries"] = experiment.attacked.elsewhere
        rows["sessions"] = experiment.attacked.sessions
        rows["worst_case"] = worst_case_rows(run, experiment.attacked.candidates)
        rows["gaps"], no_gaps = gap_rows(run, experiment.attacked.candidates)
    views = experiment.ladder.views
    rows["attributes"], untold = attribute_rows(run, views, experiment.outcomes)
    rows["left_out"] = [*attacks_left_out(run.suite), *experiment.ladder.unread, *no_gaps, *untold]
    rows["left_out"] += searched_rows(run.suite, experiment.outcomes)
    if pictures:
        rows["left_out"] += trainings_left_out(run.suite, partial(experiment.systems.trainings, "colorizer"))
    views.release()
    if run.suite.extras.matrices:
        rows["recognition"] = attack_rows.recognition_rows(experiment.ladder)
    if run.suite.extras.utility:
        rows["utility"] = utility_rows(experiment)
        rows["utility_again"] = utility_again_rows(experiment)
    if run.suite.extras.sweep and pictures:
        rows["sweep"], rows["equal_success"] = sweep_rows(experiment)
    if run.suite.extras.naturalness:
        distances, no_distance = frechet_rows(experiment)
        rows["naturalness"] = [*naturalness_rows(experiment), *distances]
        rows["left_out"] += no_distance
    differences: list[QualityDifference] = []
    if pictures:
        measured = experiment.picture_scores
        scores.append(partial(quality.score_rows, measured, experiment.sets))
        with run.stage("statistics") as stage:
            stage.made()
            rows["quality"] = quality_tables.quality_rows(run, measured, experiment.sets)
            rows["quality_adjusted"] = quality_tables.adjusted_rows(run, measured, experiment.sets)
            rows["picture_measures"] = quality_tables.measure_rows(run, measured, experiment.sets)
            differences = _differences(experiment)
            rows["margins"] = margin_rows(run, measured, experiment.sets)
            rows["trainings"] = picture_spread(run, measured, experiment.sets)
            rows["sets"] = quality_tables.set_rows(experiment.sets)
        if run.suite.extras.ablations:
            rows["ablations"] = ablation_rows(experiment)
        if samples is not None:
            needs = experiment.needs["probe"]
            rows["samples"] = make_samples(run, experiment.systems, needs, experiment.sets, samples)
    rows["trainings"] = [*success_spread(experiment), *rows.get("trainings", ())]
    extra = _third_party_rows(experiment)
    ladder = [*rows["identification"], *rows["galleries"]]
    held = [*checks.invariants(rates), *checks.stranger_check(ladder)]
    for check in held:
        if not check.passed:
            run.fail("invariant", check.name, check.detail)
    found = [
        *held,
        *checks.claims(run, rates, competence, ladder),
        *checks.pooled_check(rows["pooled"]),
        *checks.attribute_check(rows["attributes"]),
        *picture_claims(
            run.suite.systems.anonymizer_names[0],
            differences,
            rows.get("quality", ()),
            rows.get("picture_measures", ()),
        ),
        *naturalness_claims(rows.get("naturalness", ())),
    ]
    return Record(
        provenance=_provenance(experiment),
        stages=run.log.stage_rows(),
        checks=tuple(found),
        failures=tuple(run.log.failures),
        scores=ScoreParts(scores),
        distances=distances_table(
            [attack_rows.attack_distances(o) for o in experiment.outcomes if isinstance(o, Outcome)]
        ),
        samples=rows.pop("samples", ()),
        tables={
            "success_rate": rates, "quality_difference": differences, "competence": competence, **rows, **extra,
        },
    )  # fmt: skip


def _third_party_rows(experiment: Experiment) -> dict[str, list[Any]]:
    """Rows of tables that joined by an entry point; what they raise, or give amiss, is a failed cell."""
    found: dict[str, list[Any]] = {}
    for name in [name for name in TABLES.names() if TABLES.origin(name) != "built in"]:
        try:
            table = TABLES.get(name)
            if table.make is None:
                continue
            if table.rows in found or table.rows in BUILT_IN_TABLES:
                raise ValueError(f"the rows {table.rows!r} are those of another table")
            rows = list(table.make(experiment))
            for number, row in enumerate(rows):
                if not isinstance(row, table.row):
                    raise ValueError(f"row {number} is no {table.row.__name__}")
                read_row(table.row, row_to_dict(row), f"{table.rows}[{number}]")
            found[table.rows] = rows
        except (Exception, SystemExit) as error:
            if isinstance(error, LostArtifactError | UnreachableError):
                raise
            why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            experiment.run.fail("table", f"table={name}", f"table {name} failed ({why})")
    return found


def _success(experiment: Experiment) -> list[SuccessRate]:
    """One row an attack, system and angle; the slides' cell once for each colorizer, which must be equal."""
    suite = experiment.run.suite
    rows: list[SuccessRate] = []
    for outcome in experiment.outcomes:
        tested = outcome.anonymizer in suite.systems.anonymizer_names
        plain = outcome.attack.attacker == "ignorant" and outcome.attack.input == "silhouette"
        colorizers = suite.systems.colorizer_names if tested and plain else (outcome.colorizer,)
        rows += success.success_rows(experiment.run, outcome, colorizers)
    return rows


def _competence(experiment: Experiment) -> list[Competence]:
    """Rank-1 of every recognizer on the untouched probes."""
    seen: set[str] = set()
    rows: list[Competence] = []
    for outcome in experiment.outcomes:
        if outcome.attack.recognizer not in seen:
            seen.add(outcome.attack.recognizer)
            rows += success.competence_rows(experiment.run, outcome)
    return rows


def _differences(experiment: Experiment) -> list[QualityDifference]:
    """Paired differences: each later colorizer of the suite against its first, and against `proposed`."""
    names = experiment.run.suite.systems.colorizer_names
    pairs = [(later, names[0]) for later in names[1:]]
    if "proposed" in names:
        pairs += [(n, "proposed") for n in names if n not in ("proposed", names[0])]
    found = [
        row
        for a, b in pairs
        for row in quality_tables.difference_rows(
            experiment.run, experiment.picture_scores, experiment.sets, a, b
        )
    ]
    return quality_tables.corrected(found)


def _provenance(experiment: Experiment) -> dict[str, Any]:
    """Where the figures come from."""
    run = experiment.run
    suite, dataset = run.suite, run.dataset
    keys = dataset.keys()
    split = {role: list(getattr(suite.split, role)) for role in ("recognizer", "models", "test")}
    provenance = collect_provenance(
        suite_name=suite.name,
        suite=_json((run.asked or suite).resolved()),
        dataset={
            "name": dataset.name,
            "rendered": dataset.rendered,
            "fingerprint": dataset.fingerprint(),
            "subjects": len({k.subject for k in keys}),
            "sequences": len(keys),
            "missing": run.log.missing,
            "read": dict(sorted(run.log.notes.items())),
        },
        split_hash=digest(split),
        seed=suite.seed,
        device=run.device,
    )
    return {
        **provenance,
        "protocol": protocol_of(run),
        "trainings": _trainings(experiment),
        "gait_cycles": gait_cycles(experiment),
        **({"views": labels} if (labels := labels_of_views(suite.data.angles)) else {}),
    }


def _trainings(experiment: Experiment) -> dict[str, int]:
    """How often each anonymizer of the suite was trained; 0 where it learns nothing."""
    counts: dict[str, int] = {}
    for name in experiment.run.suite.systems.anonymizer_names:
        try:
            counts[name] = len(experiment.systems.seeds("anonymizer", name))
        except GaitbenchError:
            continue  # it cannot be made: a failure of its own stage
    return counts


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(v) for v in value]
    return value
