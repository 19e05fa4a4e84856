"""Claims of non-inferiority: from pictures to rows, table and verdict; wrong claims in a suite."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from fake_run import fake_record

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import ConfigError
from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.pictures.trainings import over_trainings
from gaitbench.evaluation.rows.pictures.margin_rows import margin_rows
from gaitbench.metrics.uncertainty.noninferiority import non_inferiority
from gaitbench.reporting.tables.pictures.margins import margins
from gaitbench.results.record import Record
from gaitbench.results.schema_pictures import MarginClaim
from gaitbench.suites import load_suite
from gaitbench.suites.parts import Margin
from gaitbench.suites.reading import suite_from_table

SMOKE = load_suite("smoke")
KEYS = tuple(SequenceKey(f"{s:03d}", "nm-05", a) for s in range(12) for a in (0, 90))
SETS = {str(k): ("plain", "complete" if k.angle else "incomplete") for k in KEYS}


def run(*claims, measures=()):
    quality = replace(SMOKE.quality, margins=claims, measures=measures)
    failures = []
    return SimpleNamespace(
        suite=replace(SMOKE, quality=quality), failures=failures, fail=lambda *what: failures.append(what)
    )


def scores(colorizer, level, seed=0, trained=False):
    rng = np.random.default_rng(seed)
    psnr = np.random.default_rng(9).normal(20, 2, len(KEYS)) + level + rng.normal(0, 0.2, len(KEYS))
    values = {"psnr": psnr, "ssim": psnr / 40, "gmsd": -psnr}
    return PictureScores("model-2", colorizer, "overlap", KEYS, (0,) * len(KEYS), values, trained=trained)


def claim(margin=0.5, a="proposed", b="baseline", measure="psnr", **more):
    return Margin(a, b, measure, margin, **more)


def test_a_row_is_the_test_of_its_paired_pictures_and_the_verdict_follows_the_margin():
    a, b = scores("proposed", -0.3, 1), scores("baseline", 0.0, 2)
    held = margin_rows(run(claim(0.5), claim(0.01), claim(0.3)), [a, b], SETS)
    assert [row.verdict for row in held] == ["holds", "does not hold", "cannot be told"]
    plain = non_inferiority(a.values["psnr"], b.values["psnr"], [k.subject for k in KEYS], 0.5)
    assert (held[0].difference, held[0].low, held[0].smallest) == (
        plain.difference,
        plain.low,
        plain.smallest,
    )
    assert (held[0].n, held[0].people, held[0].unit) == (24, 12, "dB")


def test_a_set_counts_its_own_pictures_and_infinite_ones_are_left_out():
    a, b = scores("proposed", 0.0, 1), scores("baseline", 0.0, 2)
    a.values["psnr"][1] = np.inf
    rows = margin_rows(run(claim(set="complete"), claim(set="textural")), [a, b], SETS)
    assert [row.n for row in rows] == [11]
    noted = run(claim(set="textural"))
    assert margin_rows(noted, [a, b], SETS) == [] and "no picture" in noted.failures[0][2]


def test_less_is_better_is_turned_and_a_measure_without_direction_is_a_failed_cell(monkeypatch):
    a, b = scores("proposed", -0.3, 1), scores("baseline", 0.0, 2)
    (turned,) = margin_rows(run(claim(measure="gmsd"), measures=("gmsd",)), [a, b], SETS)
    expected = np.mean(np.abs(b.values["gmsd"]) - np.abs(a.values["gmsd"]))
    assert turned.difference == pytest.approx(expected)
    from gaitbench.evaluation.rows.pictures import margin_rows as module

    monkeypatch.setattr(
        module, "measure_of", lambda name: SimpleNamespace(name=name, direction=None, title="", unit="")
    )
    noted = run(claim(measure="gmsd"), measures=("gmsd",))
    assert margin_rows(noted, [a, b], SETS) == [] and "which way is better" in noted.failures[0][2]


def test_trainings_count_and_from_two_nothing_is_claimed():
    several = [[scores("proposed", 0.2 * s, s, trained=True)] for s in range(3)]
    three = over_trainings(several, "proposed", trained=True)[0]
    two = over_trainings(several[:2], "proposed", trained=True)[0]
    other = scores("baseline", 0.0, 7)
    (wide,) = margin_rows(run(claim(2.0)), [three, other], SETS)
    assert (wide.trainings_a, wide.trainings_b, wide.verdict) == (3, 0, "holds")
    (single,) = margin_rows(run(claim(2.0)), [several[0][0], other], SETS)
    assert wide.high - wide.low > 2 * (single.high - single.low), "trainings differ more than people here"
    (few,) = margin_rows(run(claim(2.0)), [two, other], SETS)
    assert few.few_trainings and few.verdict == "cannot be told"


def test_the_table_says_the_claim_the_bounds_and_what_could_have_been_shown():
    rows = margin_rows(
        run(claim(0.5), claim(0.01)), [scores("proposed", -0.3, 1), scores("baseline", 0.0, 2)], SETS
    )
    old = fake_record()
    table = margins(Record(old.provenance, {**old.tables, "margins": rows}, scores=old.scores))
    assert table.rows[0].section == "proposed is not worse than baseline by more than 0.5 dB (PSNR)"
    cell = {column.key: cell for column, cell in zip(table.columns, table.rows[0].cells, strict=True)}
    assert (cell["verdict"].value, cell["difference"].low, cell["smallest"].value) == (
        "holds", rows[0].low, rows[0].smallest,
    )  # fmt: skip
    assert "does not hold" in [c.value for c in table.rows[1].cells]
    assert margins(old) is None


def test_claims_survive_the_record():
    rows = margin_rows(run(claim(0.5)), [scores("proposed", -0.3, 1), scores("baseline", 0.0, 2)], SETS)
    old = fake_record()
    document = Record(old.provenance, {**old.tables, "margins": rows}, scores=old.scores).to_dict()
    assert Record.from_dict(document).tables["margins"] == tuple(rows)
    document["tables"].pop("margins")
    assert Record.from_dict(document).tables["margins"] == ()
    with pytest.raises(ValueError, match="greater than 0"):
        replace(rows[0], margin=0.0)
    assert isinstance(rows[0], MarginClaim)


def written(**entry):
    table = {
        "split": {"recognizer": "001-006", "models": "051-054", "test": "081-086"},
        "walks": {"recognizer": ["nm-01"], "models": ["nm-01"], "gallery": ["nm-01"], "probe": ["nm-05"]},
    }
    whole = {"a": "proposed", "b": "baseline", "measure": "psnr", "margin": 0.5, **entry}
    return suite_from_table({**table, "quality": {"margins": [whole]}}, "own")


def test_a_claim_in_a_suite_is_read_and_stands_in_the_record_of_it():
    suite = written(set="plain")
    assert suite.quality.margins == (Margin("proposed", "baseline", "psnr", 0.5, "", "plain"),)
    assert suite.resolved()["quality"]["margins"][0]["margin"] == 0.5
    assert suite.quality.margins[0].reference_of(suite.quality.references) == "overlap"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"margin": 0}, "margin"), ({"margin": -1}, "margin"), ({"margin": "much"}, "margin"),
        ({"a": "propsed"}, "colorizer 'propsed'"), ({"b": "proposed"}, "against itself"),
        ({"measure": "gmsd"}, "measure 'gmsd'"), ({"reference": "scene"}, "reference 'scene'"),
        ({"set": "all-of-them"}, "set 'all-of-them'"), ({"margn": 1}, "margn"),
    ],
)  # fmt: skip
def test_a_claim_that_names_nothing_is_refused_in_one_line(entry, message):
    with pytest.raises(ConfigError) as refused:
        written(**entry)
    assert message in str(refused.value) and "\n" not in str(refused.value)
