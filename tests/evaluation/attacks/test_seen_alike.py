"""Attackers of pictures see training, gallery and probes alike: the same frames of a walk, over the same plate."""

import dataclasses

import numpy as np
import pytest
from stamped_frames import Recorder

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.silhouettes.resegment import resegment
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks import observe as observing
from gaitbench.evaluation.attacks.identify import Recognizers, reads_order
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.observe import observe
from gaitbench.evaluation.attacks.plan import Cell, attacks_left_out, plan
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.anonymize import anonymize
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.registry import COLORIZERS, RECOGNIZERS
from gaitbench.results.schema_attacks import Attack
from gaitbench.suites import load_suite
from gaitbench.training_free import TrainingFree

FRAMES, SEEN = 20, [0, 4, 8, 11, 15, 19]
ROLES = ("recognizer", "gallery", "probe")
SUITE = f"""
[data]
frames = {FRAMES}
angles = [90]
[split]
recognizer = "001-002"
models = "051"
test = "081-082"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05"]
[systems]
anonymizers = ["deform"]
controls = ["original"]
[attacks]
inputs = ["silhouette", "resegmented", "appearance"]
frames_per_sequence = {len(SEEN)}
[quality]
frames_per_sequence = 4
measures = ["flicker"]
"""


class Same(TrainingFree):
    """Paints everybody in his own colours."""

    name = "same"
    settings = None

    def colorize(self, rgb, silhouettes, anonymized):
        return rgb / 255.0 * anonymized[..., None]


@pytest.fixture(scope="module")
def views(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seen")
    (folder / "own.toml").write_text(SUITE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(COLORIZERS._builtin, "same", f"{__name__}:Same")
        patch.setitem(RECOGNIZERS._builtin, "recorder", "stamped_frames:Recorder")
        run = open_run(str(folder / "own.toml"), store=folder / "store", jobs=1)
        needs = {role: prepare_all(run, needs_of_role(run, role)) for role in ROLES}
        yield Views(run, Systems(run, prepare_all(run, needs_of_role(run, "models"))), needs)


def filmed(run, need):
    """The whole walk with all its pictures, prepared here."""
    return prepare(run.dataset.load(need.key, frames=FRAMES), size=(64, 44), frames=FRAMES)


def test_the_frames_that_attackers_see_do_not_hang_on_the_role(views):
    run = dataclasses.replace(views.run, suite=load_suite("standard"))
    assert "flicker" in run.suite.quality.measures, (
        "a measure that wants pairs of frames, of the probes alone"
    )
    first = {role: needs_of_role(run, role)[0] for role in ROLES}
    for count in (5, 8, 33, 60):
        seen = [need.watched_frames(count).tolist() for need in first.values()]
        assert seen[0] == seen[1] == seen[2], "the same frames of training, gallery and probes"
        gaps = np.diff(seen[0])
        assert seen[0][0] == 0 and seen[0][-1] == count - 1 and gaps.max() - gaps.min() <= 1
        assert all(set(seen[0]) <= set(need.kept(count).tolist()) for need in first.values())
    # two pictures a probe: a pair, in the middle of the walk since 29 November 2026 (at its beginning before)
    assert first["probe"].frames(60).tolist() == [29, 30]
    assert len(first["gallery"].kept(60)) == 8
    assert needs_of_role(run, "models")[0].watched == 0
    silhouettes_alone = dataclasses.replace(views.run, suite=load_suite("quick"))
    assert {needs_of_role(silhouettes_alone, role)[0].watched for role in ROLES} == {0}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_extracted_again_from_the_same_frames_over_the_clean_plate(views, role):
    seen = views.originals(role, "silhouettes", "resegmented")
    images, looks = (
        views.originals(role, "gei", "resegmented"),
        views.originals(role, "pictures", "appearance"),
    )
    assert seen.good.all() and [k.subject for k in seen.keys] == sorted(k.subject for k in seen.keys)
    for i, need in enumerate(sorted(views.needs[role], key=lambda n: n.key)):
        walk = filmed(views.run, need)
        masks, rgb, plate = walk.silhouettes[SEEN], walk.rgb[SEEN], walk.plate[SEEN]
        expected = resegment(np.where(masks[..., None], rgb, plate), plate)
        assert np.array_equal(seen.x[i], expected) and len(expected) == len(SEEN)
        assert not np.array_equal(expected, resegment(rgb, plate)), (
            "the film's noise would have changed something"
        )
        assert np.allclose(images.x[i], expected.mean(axis=0), atol=1e-6)
        assert np.array_equal(looks.x[i], (rgb * masks[..., None])[[0, -1]])


def test_the_control_painted_back_as_itself_is_the_ceiling(views):
    run, systems, needs = views.run, views.systems, views.needs["probe"]
    shown = anonymize(run, systems, "original", needs)
    for source, reads in (("resegmented", "gei"), ("resegmented", "silhouettes"), ("appearance", "pictures")):
        ceiling = observe(run, systems, needs, reads=reads, source=source)
        for painter in ("none", "same"):
            again = observe(
                run, systems, needs, reads=reads, source=source, anonymized=shown, colorizer=painter
            )
            assert not again.failures
            assert np.array_equal(np.asarray(again.x), np.asarray(ceiling.x))
    other = anonymize(run, systems, "deform", needs)
    changed = observe(run, systems, needs, source="resegmented", anonymized=other, colorizer="same")
    assert not np.array_equal(changed.x, observe(run, systems, needs, source="resegmented").x)


def test_what_is_measured_is_still_measured_in_pairs(views):
    for need, key in views.needs["probe"].items():
        prepared, walk = load_prepared(views.run, need, key), filmed(views.run, need)
        assert prepared.index.tolist() == [0, 1, 18, 19] == (prepared.pictures.frame_numbers - 1).tolist()
        assert np.array_equal(prepared.pictures.rgb, walk.rgb[prepared.index])
        assert prepared.kept_index.tolist() == sorted({*SEEN, 0, 1, 18, 19})
        assert set(prepared.scores) == {"texture", "completeness"}
    for need, key in views.needs["gallery"].items():
        prepared = load_prepared(views.run, need, key)
        assert prepared.pictures is None and prepared.kept_index.tolist() == SEEN


def test_a_system_that_is_done_gives_its_memory_back(views):
    cell = Cell("deform", "none", Attack("ignorant", "gei-nn", "silhouette", "all-views"))
    untouched, first = views.originals("probe"), views.shown(cell, "probe", "probe", "gei")
    assert views.shown(cell, "probe", "probe", "gei") is first
    views.forget("deform")
    again = views.shown(cell, "probe", "probe", "gei")
    assert again is not first and np.array_equal(again.x, first.x)
    views.forget("original")
    assert views.originals("probe") is untouched, "untouched rows serve every system"


def test_a_recognizer_of_sets_attacks_on_equal_sets(views):
    Recorder.given = []
    ladder = Ladder(views.run, views)
    outcome = ladder.outcome(
        Cell("deform", "same", Attack("ignorant", "recorder", "resegmented", "all-views"))
    )
    assert len(outcome.keys) == 2
    assert {verb for verb, _ in Recorder.given} == {"fit", "enroll", "probe"}
    assert {x.shape for _, x in Recorder.given} == {(len(SEEN), 64, 44)}


def test_who_reads_the_order_of_frames_is_refused_with_a_word(views):
    suite = load_suite("standard")
    again = {c.attack.recognizer for c in plan(suite, rendered=True) if c.attack.input == "resegmented"}
    assert again == {"robust-vtm", "tsvd-vtm", "gei-lda", "gei-nn", "set-cnn"}
    told = [row.what for row in attacks_left_out(suite) if row.what.endswith("resegmented")]
    assert told == [f"{name} on the input resegmented" for name in ("gait-dynamics", "gait-tcn", "pose-code")]
    assert attacks_left_out(load_suite("quick")) == []
    assert reads_order("by-cycle") and not reads_order("set-cnn")
    cell = Cell("original", "none", Attack("ignorant", "gait-dynamics", "resegmented", "all-views"))
    with pytest.raises(
        GaitbenchError, match=r"^gait-dynamics cannot attack .* resegmented: it reads the order"
    ):
        Ladder(views.run, views).outcome(cell)


def test_who_stands_out_nowhere_is_named_by_nobody_and_no_failure(views, monkeypatch, tmp_path):
    run = dataclasses.replace(views.run, store=type(views.run.store)(tmp_path))
    needs = {role: prepare_all(run, needs_of_role(run, role)) for role in ROLES}
    gone = sorted(needs["probe"], key=lambda n: n.key)[0].key
    extract = observing._resegment
    monkeypatch.setattr(observing, "_resegment", lambda p, m, c: extract(p, m, c) & (p.key != gone))
    rows = {r: observe(run, views.systems, own, source="resegmented") for r, own in needs.items()}
    assert rows["probe"].blank == {str(gone)} and not rows["probe"].failures
    assert rows["probe"].good.tolist() == [False, True] and len(rows["probe"].usable().keys) == 1
    found = Recognizers(run).distances("gei-nn", rows["recognizer"], rows["gallery"], rows["probe"])
    assert np.isnan(found.values[0]).all() and np.isfinite(found.values[1]).all()


def test_a_suite_keeps_a_network_from_informed_and_says_so():
    suite = load_suite("standard")
    informed = {c.attack.recognizer for c in plan(suite, rendered=True) if c.attack.attacker == "informed"}
    assert informed == {"robust-vtm", "gait-dynamics"} < set(suite.attacks.recognizer_names)
    told = {row.what for row in attacks_left_out(suite)}
    assert "gait-tcn as informed" in told and "robust-vtm as informed" not in told
    assert "set-cnn as anybody but ignorant" in told, (
        "it attacks as ignorant alone: said once, for every other rung"
    )
    assert not [one for one in told if one.startswith("appearance as")], (
        "pictures are not redrawn: nothing is left out"
    )
