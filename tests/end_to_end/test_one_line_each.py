"""One entry point adds a thing of any kind, and a run shows it: in record, tables and page."""

import json

import pytest
from command_line import gaitbench
from plug_ins import environment, install

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("one-line")]  # a whole run, cut down from `smoke`

MODULE = '''
from dataclasses import dataclass

import numpy as np

from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.metrics.measure import Measure
from gaitbench.metrics.utility import UtilityMeasure
from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.results.report_table import ReportTable


@dataclass(frozen=True)
class LowerSettings:
    """How many pixels a person sinks."""

    pixels: int = 2


class Lower:
    name, trainable = "tp-lower", False

    def __init__(self, settings=None):
        self.settings = settings or LowerSettings()

    def fit(self, sequences, *, seed, **given):
        return self

    def anonymize(self, sequence, rng):
        return np.roll(sequence.silhouettes, self.settings.pixels, axis=1)

    def state(self):
        return {}

    def load_state(self, state):
        return self


class Grey:
    name, trainable = "tp-grey", False

    def fit(self, sequences, *, seed, **given):
        return self

    def colorize(self, rgb, silhouettes, anonymized):
        return np.repeat(anonymized[..., None] * np.float32(0.5), 3, axis=3)

    def state(self):
        return {}

    def load_state(self, state):
        return self


class Rows:
    """Names by the row sums of gait energy images."""

    reads = "gei"

    def fit(self, X, y, *, angle, walk=None):
        return self

    def enroll(self, X, y, *, angle):
        self.rows, self.people = np.asarray(X).sum(axis=2), np.asarray(y, str)
        return self

    def rank(self, X, *, angle):
        apart = np.linalg.norm(np.asarray(X).sum(axis=2)[:, None] - self.rows, axis=2)
        names = np.unique(self.people)
        near = np.stack([apart[:, self.people == name].min(axis=1) for name in names], axis=1)
        order = near.argsort(axis=1, kind="stable")
        return names[order], np.take_along_axis(near, order, axis=1).astype(np.float32)

    def predict(self, X, *, angle):
        return self.rank(X, angle=angle)[0][:, 0]


def steady(shown, target, *, region=None):
    """Mean change from one frame to the next: T - 1 values."""
    return np.abs(np.diff(np.asarray(shown, np.float64), axis=0)).mean(axis=(1, 2, 3))


STEADY = Measure("tp-steady", steady, "lower", temporal=True, title="Unrest")


def share(after, before, *, period, fps):
    """White area that stays where it was."""
    return (after & before).sum() / before.sum()


SHARE = UtilityMeasure("tp-share", share, "higher", "Area in place", "share")


class Shown(Rung):
    """Enrols the people as the system shows them, and learns from untouched ones."""

    name = "tp-shown"

    def gallery(self, views, cell, reads, ordinary):
        return views.shown(cell, "gallery", "gallery", reads)


@dataclass(frozen=True)
class Height:
    subject: str
    pixels: float


def make(experiment):
    from gaitbench.evaluation.stages.prepared import load_prepared

    tall = {}
    for need, key in experiment.needs["gallery"].items():
        sequence = load_prepared(experiment.run, need, key).sequence
        tall.setdefault(need.key.subject, []).append(sequence.silhouettes.any(axis=2).sum(axis=1).mean())
    return [Height(subject, float(np.mean(found))) for subject, found in sorted(tall.items())]


def show(record):
    rows = record.tables.get("tp_heights", ())
    if not rows:
        return None
    columns = (Column("subject", "Subject"), Column("pixels", "Height (pixels)", 1))
    cells = tuple(Row((Cell(r.subject), Cell(r.pixels))) for r in rows)
    return Table("table_tp_heights", "How tall the people stand in the picture", ("As prepared.",), columns, cells)


class People:
    """The embedded walkers under another roof: a data set by what it can do, not by what it inherits."""

    def __init__(self, root=None, **given):
        from gaitbench.datasets.walkers import Walkers

        self.held = Walkers()
        self.rendered = True

    name = "tp people"

    def __getattr__(self, what):
        if what not in ("fingerprint", "keys", "load", "load_walk", "true_masks"):
            raise AttributeError(what)
        return getattr(self.held, what)


HEIGHTS = ReportTable("details", show, row=Height, rows="tp_heights", make=make)
'''
POINTS = {
    "anonymizer": {"tp-lower": "third_party:Lower"},
    "colorizer": {"tp-grey": "third_party:Grey"},
    "recognizer": {"tp-rows": "third_party:Rows"},
    "metric": {"tp-steady": "third_party:STEADY"},
    "utility_measure": {"tp-share": "third_party:SHARE"},
    "rung": {"tp-shown": "third_party:Shown"},
    "table": {"tp-heights": "third_party:HEIGHTS"},
    "dataset": {"tp-people": "third_party:People"},
}
SUITE = """
resamples = 200
samples = 1
[data]
frames = 28
angles = [54, 90]
[split]
recognizer = "001-003"
models = "051-052"
test = "081-084"
[walks]
recognizer = ["nm-01", "nm-02"]
models = ["nm-01"]
gallery = ["nm-01", "nm-02"]
probe = ["nm-05"]
[systems]
anonymizers = ["tp-lower", {name = "tp-lower", settings = {pixels = 5}, label = "far lower"}]
controls = ["original", "someone-else"]
colorizers = ["tp-grey", "nearest"]
recognizers = ["tp-rows", "gei-nn"]
[attacks]
attackers = ["ignorant", "tp-shown"]
recognizers = ["tp-rows"]
[extras]
utility = true

[quality]
frames_per_sequence = 2
references = ["original"]
measures = ["tp-steady"]
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one-line")
    install(folder / "site", "third-party", {"third_party": MODULE}, POINTS)
    (folder / "cut.toml").write_text(SUITE, encoding="utf-8")
    gaitbench(
        "run-all", "--suite", "cut.toml", "--store", "store", "--output", "out", "--jobs", "1", "--quiet",
        cwd=folder, env=environment(folder / "site"),
    )  # fmt: skip
    return folder


def test_the_list_names_each_with_its_package(ran):
    done = gaitbench("list", "--json", cwd=ran, env=environment(ran / "site"))
    found = json.loads(done.stdout)
    for kind, named in POINTS.items():
        for name, place in named.items():
            assert found[kind][name] == f"third-party ({place})"


def test_each_is_in_the_record_with_figures_of_its_own(ran):
    record = json.loads((ran / "out" / "run.json").read_text(encoding="utf-8"))
    tables = record["tables"]
    assert record["failures"] == []
    attacks = {
        (r["anonymizer"], r["attacker"], r["recognizer"]): r["rank1"] for r in tables["identification"]
    }
    # a person moved down as a whole is nobody to the ignorant, and himself to who enrols people moved down
    assert attacks["tp-lower", "tp-shown", "tp-rows"] > attacks["tp-lower", "ignorant", "tp-rows"]
    assert "tp-lower[pixels=5]" in {name for name, _, _ in attacks}, "the same one with settings of the suite"
    assert {r["recognizer"] for r in tables["success_rate"]} == {"tp-rows", "gei-nn"}
    painted = {
        r["colorizer"]: r["ssim"] for r in tables["quality"] if r["anonymizer"] == "tp-lower" and r["n"]
    }
    assert set(painted) == {"tp-grey", "nearest"} and painted["tp-grey"] < painted["nearest"]
    left = {
        r["anonymizer"]: r["value"]
        for r in tables["utility"]
        if (r["measure"], r["condition"]) == ("tp-share", "all")
    }
    assert left["original"] == 1.0 and 0.5 < left["tp-lower"] < 1.0
    steady = {r["colorizer"]: r["value"] for r in tables["picture_measures"] if r["measure"] == "tp-steady"}
    assert 0 < steady["tp-grey"] < steady["nearest"]
    assert [r["subject"] for r in tables["tp_heights"]] == ["081", "082", "083", "084"]
    assert all(40 < r["pixels"] <= 64 for r in tables["tp_heights"])


def test_each_is_in_the_report(ran):
    page = (ran / "out" / "report.html").read_text(encoding="utf-8")
    for name in (
        "tp-lower",
        "tp-grey",
        "tp-rows",
        "tp-shown",
        "Unrest",
        "How tall the people stand",
        "far lower",
    ):
        assert name in page, name
    assert (ran / "out" / "tables" / "table_tp_heights.csv").read_text().startswith("subject,pixels\n081,")
    ladder = (ran / "out" / "tables" / "table4_attackers.csv").read_text()
    assert "tp-shown" in ladder and "tp-lower" in ladder


def test_the_data_set_is_read_and_named(ran):
    gaitbench(
        "run-all", "--suite", "cut.toml", "--format", "tp-people", "--store", "store", "--output", "own",
        "--jobs", "1", "--quiet", cwd=ran, env=environment(ran / "site"),
    )  # fmt: skip
    record = json.loads((ran / "own" / "run.json").read_text(encoding="utf-8"))
    assert record["provenance"]["dataset"]["name"] == "tp people" and record["failures"] == []
    page = (ran / "own" / "report.html").read_text(encoding="utf-8")
    assert "<b>tp people</b>" in page
    same = (ran / "out" / "tables" / "table4_attackers.csv").read_bytes()
    assert (ran / "own" / "tables" / "table4_attackers.csv").read_bytes() == same
