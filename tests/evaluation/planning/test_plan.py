"""A plan has the keys of the run, all of them and no other, and computes nothing."""

from pathlib import Path

import pytest

from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.record import record_of
from gaitbench.evaluation.run.mending import until_whole
from gaitbench.evaluation.run.setup import open_run
from gaitbench.store.keeping import artifacts

TINY = str(Path(__file__).with_name("tiny.toml"))
#: What tasks leave in the store; `run-all` adds what stands in tables alone.
STAGES = {
    "sequences",
    "models",
    "anonymized",
    "known-noise",
    "features",
    "distances",
    "quality",
    "utility",
    "naturalness",
}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A plan on a store that is not there."""
    root = tmp_path_factory.mktemp("plan") / "store"
    plan = plan_of(open_run(TINY, store=root, jobs=2))
    assert not root.exists(), "something was written"
    return plan


def test_what_a_task_needs_stands_before_it_and_each_artifact_is_made_once(before):
    seen, made = set(), []
    for task in before.tasks:
        assert set(task.needs) <= seen, task.name
        assert task.name not in seen
        seen.add(task.name)
        made += task.makes
    assert len(made) == len(set(made)) and {stage for stage, _ in made} == STAGES
    assert not before.troubles and not before.missing_data
    assert all(task.missing == len(task.makes) and not task.done for task in before.tasks)


def test_every_kind_is_there_and_needs_what_it_reads(before):
    by_kind = {}
    for task in before.tasks:
        by_kind.setdefault(task.kind, []).append(task)
    assert set(by_kind) == {
        "prepare",
        "train",
        "anonymize",
        "noise",
        "observe",
        "attack",
        "paint",
        "utility",
        "naturalness",
        "rest",
    }

    def kinds_needed(kind, label):
        return {before.by_name[n].kind for t in by_kind[kind] if t.label == label for n in t.needs}

    assert {t.label for t in by_kind["train"]} == {"model-1", "model-2", "baseline"}
    # the teacher of the baseline is trained before it, what learns nothing looks at the walks
    assert "train model-1 anonymizer" in before.by_name["train baseline colorizer"].needs
    assert kinds_needed("anonymize", "model-2") == {"train", "prepare"}
    assert kinds_needed("anonymize", "blur") == {"prepare"}
    assert kinds_needed("observe", "deform + baseline") == {"train", "prepare", "anonymize"}
    assert kinds_needed("attack", "gei-nn") >= {"observe", "noise"}
    assert {t.label.split("[")[0] for t in by_kind["noise"]} == {
        "deform",
        "model-2",
        "blur",
        "original",
        "someone-else",
    }


def test_what_depends_on_the_noise_is_said_to_be_unsure(before):
    unsure = [t.what for t in before.tasks if not t.known and t.kind != "rest"]
    assert before.unknown == len(unsure) > 0
    learning = {what.partition(" on ")[0] for what in unsure}
    assert learning == {"semi-informed", "joint", "de-anonymize"}  # informed goes with semi-informed
    sure = [t.what for t in before.tasks if t.kind == "attack" and t.known]
    # of what was painted one draw is learnt from
    assert all(what.startswith("ignorant") or " + " in what for what in sure)


@pytest.mark.slow  # a whole small run
def test_a_run_makes_what_was_planned_and_nothing_else(before, tmp_path):
    run = open_run(TINY, store=tmp_path / "store", jobs=2)
    record = until_whole(run, lambda own: record_of(Experiment(own), samples=tmp_path))
    assert not record.failures
    plan = plan_of(run)
    assert [t.name for t in plan.todo()] == [t.name for t in plan.tasks if t.kind == "rest"]
    assert plan.unknown == 0
    planned = {artifact for task in plan.tasks for artifact in task.makes}
    there = {(e.stage, e.key) for e in artifacts(run.store)}
    extra = {a for a in there - planned if a[0] in STAGES}
    # whole pictures of the one sample, and frames that one attacker has restored for all recognizers
    assert {stage for stage, _ in extra} <= {"sequences", "features"} and len(extra) <= 8, extra
    # what was sure beforehand was right
    sure = {artifact for task in before.tasks if task.known for artifact in task.makes}
    assert sure <= there
    assert {a for a in planned if a[0] == "anonymized"} <= {a for t in before.tasks for a in t.makes}
