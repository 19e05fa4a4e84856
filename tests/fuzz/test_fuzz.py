"""Inputs mutated from good ones: a right figure or one clear line, never a traceback, a hang, a changed input.

``GAITBENCH_FUZZ=20000 pytest -q tests/fuzz --hypothesis-seed=$RANDOM`` looks further than CI does.
"""

import csv
import io
import json
import os
import shutil
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import pytest
from fake_run import small_record
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import BYTES, FILES, VALUES, change_bytes, change_files, change_values, steps
from outcomes import told
from planted_gaits import planted_gaits

from gaitbench.errors import GaitbenchError
from gaitbench.suites import load_suite
from recognizer import GeiNearestNeighbor, load_attacker
from recognizer.serialization import ModelFileError, save_attacker

SCALE = max(1.0, int(os.environ.get("GAITBENCH_FUZZ", "0")) / 600)


def cases(number):
    return settings(
        max_examples=int(number * SCALE), deadline=None, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip


# --- data folders: planned and read as evaluate does -------------------------------------------------------------

PEOPLE, WALKS = ("081", "082", "anna"), ("nm-01", "nm-02", "nm-05")
SUITE = Path(__file__).with_name("tiny.toml")


@pytest.fixture(scope="module")
def walks(tmp_path_factory):
    """Originals of three people and their untouched copy: 18 sequences of four frames."""
    import cv2

    root = tmp_path_factory.mktemp("good")
    for i, subject in enumerate(PEOPLE):
        for j, walk in enumerate(WALKS):
            for t in range(1, 5):
                mask = np.zeros((30, 40), np.uint8)
                mask[4:26, 8 + 2 * t : 14 + 2 * t + i] = 255
                mask[20 : 22 + j, 6 + 2 * t : 20 + 2 * t] = 255
                path = root / "o" / subject / walk / "090" / f"{subject}-{walk}-090-{t:03d}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(path), mask)
    shutil.copytree(root / "o", root / "a")
    return root


def untouched(good, folder):
    """Names of the sequences whose files are what they were."""
    found = set()
    for view in good.glob("*/*/090"):
        there = folder / view.relative_to(good)
        if there.is_dir() and not there.is_symlink():
            # a picture that is no file (a link to a device) is named, and its sequence left out
            files = {
                p.name: p.read_bytes() if p.is_file() else None
                for p in there.iterdir() if p.is_file() or p.suffix == ".png"
            }  # fmt: skip
            if files == {p.name: p.read_bytes() for p in view.iterdir()}:
                found.add("-".join(view.relative_to(good).parts))
    return found


def read_folders(root, store):
    from gaitbench.datasets.sources.anonymized_files import Counterparts
    from gaitbench.datasets.sources.casia_b import CasiaB

    return plan_and_read(CasiaB(root / "o"), Counterparts.from_layout(root / "a"), store)


def plan_and_read(data, counterparts, store):
    from gaitbench.evaluation.external.experiment import ExternalExperiment
    from gaitbench.evaluation.external.plan import Wishes, plan_evaluation
    from gaitbench.evaluation.external.record import counts_of
    from gaitbench.evaluation.run.setup import open_run

    run = open_run(str(SUITE), data=data, store=store, jobs=1, device="cpu")
    experiment = ExternalExperiment(plan_evaluation(run, counterparts, Wishes()))
    counts = counts_of(experiment)
    for side in (counts.originals, counts.shown):
        assert len(side.keys) == len(side.used) + sum(map(len, side.left_out.values()))
    assert all("\n" not in p.message for p in experiment.problems)
    return experiment


def test_what_is_not_mutated_gives_figures(walks, record, model, tmp_path):
    """A fuzz whose good input is refused would find nothing."""
    from gaitbench.datasets.sources.tables.manifest import read_manifest
    from gaitbench.results.record import Record

    figures = read_folders(walks, tmp_path / "store").files.figures
    assert len(figures) == 9 and all(one.copied == 1.0 for one in figures.values())
    with (walks / "m.csv").open("w", newline="") as file:
        csv.writer(file).writerows(manifest_text())
    found = read_manifest(walks / "m.csv")
    (walks / "m.csv").unlink()
    assert len(plan_and_read(found.originals, found.counterparts, tmp_path / "store").files.figures) == 9
    assert Record.load(record).success_rate
    assert load_attacker(model[0] / "model").enrolled_ if hasattr(GeiNearestNeighbor, "enrolled_") else True


@pytest.mark.slow  # the fuzz of CI: some hundred small folders
@cases(180)
@given(changes=steps(FILES), side=st.sampled_from("oab"))
def test_data_folders(walks, changes, side):
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "data"
        shutil.copytree(walks, root)
        for kind, where, value in changes:
            for name in ("o", "a") if side == "b" else side:
                change_files(root / name, kind, where, value)
        good = untouched(walks / "o", root / "o") & untouched(walks / "a", root / "a")
        done = told(
            "data folders", lambda: read_folders(root, Path(place) / "store"), (GaitbenchError,), inputs=root
        )
        if done is not None:
            right = {str(k) for k, figures in done.files.figures.items() if figures.copied == 1.0}
            probes = {str(n.key) for n in done.needs["probe"]}
            assert good & probes <= right, f"untouched and not read: {good & probes - right}"


# --- manifests ----------------------------------------------------------------------------------------------------


def manifest_text():
    rows = [["subject", "walk", "angle", "original", "anonymized", "role"]]
    for subject in PEOPLE:
        rows += [[subject, w, "90", f"o/{subject}/{w}/090", f"a/{subject}/{w}/090", "test"] for w in WALKS]
    return rows


@pytest.mark.slow
@cases(140)
@given(data=st.data())
def test_manifests(walks, data):
    from gaitbench.datasets.sources.tables.manifest import read_manifest

    rows = manifest_text()
    for kind, where, value in data.draw(steps(VALUES, 2)):
        rows = change_values(rows, kind, where, value)
    text = io.StringIO()
    if isinstance(rows, list):
        csv.writer(text, delimiter=data.draw(st.sampled_from(",;\t"))).writerows(
            [[str(c) for c in r] if isinstance(r, list) else [str(r)] for r in rows]
        )
    content = text.getvalue().encode("utf-8", "surrogatepass")
    for kind, where, value in data.draw(st.one_of(st.just([]), steps(BYTES, 2))):
        content = change_bytes(content, kind, where, value)
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "data"
        root.mkdir()
        for name in ("o", "a"):
            (root / name).symlink_to(walks / name)
        (root / "m.csv").write_bytes(content)

        def read():
            found = read_manifest(root / "m.csv")
            plan = plan_and_read(found.originals, found.counterparts, Path(place) / "store")
            assert set(map(str, plan.files.figures)) <= set(map(str, found.counterparts.silhouettes))
            return found

        found = told("manifests", read, (GaitbenchError,), inputs=root)
        if found is not None:
            assert all("\n" not in p.message for p in found.problems)


# --- suites -------------------------------------------------------------------------------------------------------


def suite_text():
    return (Path(__file__).parents[2] / "gaitbench" / "suites" / "standard.toml").read_text("utf-8")


@pytest.mark.slow
@cases(80)
@given(changes=steps(BYTES, 2))
def test_suites_of_mutated_bytes(changes):
    content = suite_text().encode()
    for kind, where, value in changes:
        content = change_bytes(content, kind, where, value)
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "s.toml").write_bytes(content)
        suite = told(
            "suites", lambda: load_suite(str(Path(place) / "s.toml")), (GaitbenchError,), inputs=Path(place)
        )
        if suite is not None:
            json.dumps(suite.resolved(), default=str, allow_nan=False)


@pytest.mark.slow
@cases(120)
@given(changes=steps(VALUES, 2))
def test_suites_of_mutated_values(changes):
    from gaitbench.suites.reading import suite_from_table

    table = tomllib.loads(suite_text())
    for kind, where, value in changes:
        table = change_values(table, kind, where, value)
    with tempfile.TemporaryDirectory() as place:
        suite = told(
            "suites", lambda: suite_from_table(table, "mutated"), (GaitbenchError,), inputs=Path(place)
        )
        if suite is not None:
            json.dumps(suite.resolved(), default=str, allow_nan=False)


# --- records ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    small_record().save(folder)
    return folder


@pytest.mark.slow
@cases(120)
@given(changes=steps(VALUES, 2), damage=st.one_of(st.just([]), steps(BYTES, 1)), in_scores=st.booleans())
def test_records(record, changes, damage, in_scores):
    from gaitbench.reporting.words.summary import summarize
    from gaitbench.results.record import Record

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "run"
        shutil.copytree(record, folder)
        document = json.loads((folder / "run.json").read_text("utf-8"))
        for kind, where, value in changes if not in_scores or not damage else []:
            document = change_values(document, kind, where, value)
        (folder / "run.json").write_text(json.dumps(document))
        target = folder / (
            "scores.parquet" if in_scores and (folder / "scores.parquet").is_file() else "run.json"
        )
        for kind, where, value in damage:
            target.write_bytes(change_bytes(target.read_bytes(), kind, where, value))

        def read():
            found = Record.load(folder)
            assert summarize(found).hidden.short
            return found

        told("records", read, (GaitbenchError,), inputs=folder)


# --- model files --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    gaits = planted_gaits(people=5, walks=1, angles=(0, 90))
    fitted = GeiNearestNeighbor().fit(gaits.X, gaits.y, angle=gaits.angle, walk=gaits.walk)
    save_attacker(fitted.enroll(gaits.X, gaits.y, angle=gaits.angle), folder / "model")
    return folder, gaits


@pytest.mark.slow
@cases(120)
@given(data=st.data())
def test_model_files(model, data):
    good, gaits = model
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        shutil.copytree(good, folder)
        card = next(p for p in sorted(folder.iterdir()) if p.suffix == ".json")
        if data.draw(st.booleans()):
            document = json.loads(card.read_text("utf-8"))
            for kind, where, value in data.draw(steps(VALUES, 2)):
                document = change_values(document, kind, where, value)
            card.write_text(json.dumps(document))
        else:
            target = data.draw(st.sampled_from(sorted(folder.iterdir())))
            for kind, where, value in data.draw(steps(BYTES, 2)):
                target.write_bytes(change_bytes(target.read_bytes(), kind, where, value))

        def read():
            found = load_attacker(folder / "model")
            assert np.isfinite(found.distances(gaits.X, angle=gaits.angle)).all()
            return found

        told("model files", read, (ModelFileError, ValueError), inputs=folder)
