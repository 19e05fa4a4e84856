"""Everything that `standard` has, on a handful of people: every rung, input, control, reference and extra."""

import json

import pytest
from command_line import gaitbench

from gaitbench.colorizers.learned.ablations import attribution_steps
from gaitbench.registry import ANONYMIZERS, COLORIZERS
from gaitbench.results.schema import CONTROLS
from gaitbench.suites import load_suite

#: One run serves all of them: they stay on one worker.
pytestmark = pytest.mark.xdist_group("whole")

SUITE = """
effort = 0.004
resamples = 200
samples = 1

[data]
size = [64, 44]
frames = 20
angles = [54, 90]

[split]
recognizer = "001-004"
models = "051-053"
test = "081-084"

[walks]
recognizer = ["nm-01", "cl-01"]
models = ["nm-01"]
gallery = ["nm-01", "nm-02"]
probe = ["nm-05", "bg-01"]

[systems]
anonymizers = ["model-2", "model-1", "deform"]
colorizers = [{name = "baseline", seeds = [0, 1, 2]}, "proposed", "warp", "gaitbench"]
recognizers = ["robust-vtm", "gei-lda", "gait-dynamics", {name = "gait-tcn", settings = {steps = 20}}, "appearance"]

[attacks]
attackers = ["ignorant", "lazy-informed", "semi-informed", "joint", "informed", "de-anonymize"]
recognizers = ["robust-vtm", "gei-lda", "gait-dynamics", "appearance"]
inputs = ["silhouette", "resegmented", "appearance"]

[quality]
frames_per_sequence = 4
references = ["original", "overlap", "scene", "truth"]
measures = ["gmsd", "sharpness", "flicker"]
others_painted_by = ["baseline", "proposed"]

[extras]
matrices = true
naturalness = true
sweep = ["model-1[strength=0.1]"]
ablations = true
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    (folder / "whole.toml").write_text(SUITE, encoding="utf-8")
    gaitbench(
        "run-all", "--suite", "whole.toml", "--store", "store", "--output", "out", "--quiet", cwd=folder
    )  # fails with a line for each cell that failed
    record = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    return {**record, **record["tables"]}


@pytest.mark.slow
def test_every_rung_attacks_through_every_input(whole):
    assert whole["failures"] == []
    found = {(r["anonymizer"], r["attacker"], r["recognizer"], r["input"]) for r in whole["identification"]}
    for attacker in ("ignorant", "lazy-informed", "semi-informed", "joint", "informed", "de-anonymize"):
        assert ("model-2", attacker, "robust-vtm", "silhouette") in found
        assert ("model-2", attacker, "gait-dynamics", "silhouette") in found
    # painted pictures are a few frames, not a film: nothing there for who reads the order of frames, and said so
    assert [r["what"] for r in whole["left_out"] if r["table"] == "attacks"] == [
        "gait-tcn[steps=20] as anybody but ignorant",  # the suite names others
        "gait-dynamics on the input resegmented",
        "gait-tcn[steps=20] on the input resegmented",
    ]
    assert {source for *_, recognizer, source in found if recognizer == "gait-dynamics"} == {"silhouette"}
    for attacker in ("ignorant", "lazy-informed", "semi-informed"):
        assert ("model-2", attacker, "gei-lda", "resegmented") in found
        assert ("model-2", attacker, "appearance", "appearance") in found
    # the gallery under the noise of each probe is drawn, not painted: informed reads silhouettes alone
    assert {source for _, attacker, _, source in found if attacker == "informed"} == {"silhouette"}
    for control in CONTROLS:
        assert (control, "ignorant", "robust-vtm", "silhouette") in found
    assert ("someone-else", "ignorant", "appearance", "appearance") in found


@pytest.mark.slow
def test_colours_count_where_pictures_are_read_and_nowhere_else(whole):
    rows = [r for r in whole["success_rate"] if r["anonymizer"] == "model-2" and r["attacker"] == "ignorant"]
    by_input = {}
    for r in rows:
        cell = by_input.setdefault((r["input"], r["recognizer"], r["angle"]), {})
        cell[r["colorizer"]] = (r["m"], r["s"])
    for (source, *_), cells in by_input.items():
        assert set(cells) >= {"baseline", "proposed", "warp", "gaitbench"}
        if source == "silhouette":
            assert len(set(cells.values())) == 1


@pytest.mark.slow
def test_extras_fill_their_tables(whole):
    cells = {
        (r["recognizer"], r["condition"], r["gallery_angle"], r["probe_angle"]) for r in whole["recognition"]
    }
    assert len(cells) == 5 * 2 * 2 * 2, "recognizers x conditions x angles x angles"
    natural = {(r["anonymizer"], r["variant"], r["measure"]): r["value"] for r in whole["naturalness"]}
    assert natural["original", "", "smoothness"] == pytest.approx(1.0)
    assert natural["original", "", "success"] == 0.0
    assert natural["model-2", "", "unbroken"] == pytest.approx(100.0)
    assert ("model-1", "strength=0.1", "unbroken") in natural
    assert natural["constant", "", "smoothness"] == natural["constant", "", "smoothness"], "a number"
    changed = {r["changed"] for r in whole["ablations"]}
    assert changed == {*[step.changed for step in attribution_steps()], "gaitbench"}
    assert {r["reference"] for r in whole["quality"]} == {"original", "overlap", "scene", "truth"}
    assert {r["measure"] for r in whole["picture_measures"]} == {"gmsd", "sharpness", "flicker"}
    strips = whole["samples"][0]["strips"]
    assert {"original", "anonymized", "model-1: silhouette", "gaitbench"} <= set(strips)
    assert not any(":" in path for path in strips.values())


@pytest.mark.slow
def test_trainings_are_repeated_counted_and_told_apart(whole):
    spread = [r for r in whole["trainings"] if r["measure"] == "psnr"]
    assert {(r["colorizer"], r["trainings"]) for r in spread} == {("baseline", 3)}
    assert all(r["lowest"] < r["value"] < r["highest"] and r["sd"] > 0 for r in spread)
    counts = {r["colorizer"]: r["trainings"] for r in whole["quality"] if r["colorizer"] != "none"}
    assert counts == {"baseline": 3, "proposed": 1, "warp": 0, "gaitbench": 0}
    pairs = {(r["a"], r["b"]): (r["trainings_a"], r["trainings_b"]) for r in whole["quality_difference"]}
    assert pairs["proposed", "baseline"] == (1, 3) and pairs["warp", "baseline"] == (0, 3)
    stages = {s["name"] for s in whole["stages"]}
    assert {"train baseline", "train baseline[seed=1]", "train baseline[seed=2]"} <= stages
    assert whole["provenance"]["trainings"] == {"model-2": 1, "model-1": 1, "deform": 0}


@pytest.mark.slow
def test_claims_say_what_was_measured(whole):
    names = " ".join(check["name"] for check in whole["checks"])
    for part in ("hides from robust-vtm", "someone-else is at chance for gei-lda", "informed attacker is the ordinary",
                 "worst case", "resegmented gives away", "proposed beats baseline in PSNR", "dB truer than proposed",
                 "sharper than proposed", "keeps incomplete silhouettes whole"):  # fmt: skip
        assert part in names, part


def test_standard_has_every_system_rung_control_and_reference():
    suite = load_suite("standard")
    bare = set(ANONYMIZERS.names()) - set(CONTROLS)
    # the gated pair is no system of the slides: the suite `attribution` has it, with what would take an hour here
    gated = {"baseline-gated", "proposed-gated"}
    assert set(suite.systems.anonymizer_names) == bare
    assert {value.name for value in suite.systems.colorizers} == set(COLORIZERS.names()) - gated
    assert {f'{name}[network="skips"]' for name in ("baseline", "proposed")} <= set(
        suite.systems.colorizer_names
    )
    assert set(suite.systems.controls) == set(CONTROLS)
    assert set(suite.attacks.attackers) == {
        "ignorant", "lazy-informed", "semi-informed", "joint", "informed", "de-anonymize",
    }  # fmt: skip
    # set-cnn attacks as ignorant alone: as anybody else it would train twenty-six times more; tsvd-vtm since
    # 29 November 2026, for it named as many as robust-vtm on every rung
    assert {"set-cnn", "tsvd-vtm"} <= set(suite.systems.recognizer_names)
    assert {"robust-vtm", "gei-lda", "gait-dynamics", "gait-tcn", "appearance"} == set(
        suite.attacks.recognizer_names
    )
    assert set(suite.attacks.inputs) == {"silhouette", "resegmented", "appearance"}
    assert set(suite.quality.references) == {"original", "overlap", "scene", "truth"}
    counts = [len(getattr(suite.split, role)) for role in ("recognizer", "models", "test")]
    assert counts == [50, 30, 40] and len(suite.data.angles) == 11
    assert suite.extras.matrices and suite.extras.naturalness and load_suite("attribution").extras.ablations
