"""The trimmed copy of a run: the same tables, less of everything else, and it is never the run itself."""

import dataclasses

import pandas as pd
import pytest
from fake_run import SAMPLE_KEYS, second_record, write_fake_run

from gaitbench.errors import ConfigError, DataError
from gaitbench.reporting.publish import publish, trimmed
from gaitbench.reporting.report import write_report, write_tables
from gaitbench.results.files.own_files import HOUSE
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import CmcPoint


def _scores():
    names = {"key": "k", "subject": "081", "walk": "nm-05", "condition": "nm", "angle": 90, "set": "", "value": 1.0,
             "named": "", "gallery": "all-views", "measure": "correct_after", "reference": ""}  # fmt: skip
    attack = {
        "kind": "identification",
        "anonymizer": "model-2",
        "input": "silhouette",
        "recognizer": "robust-vtm",
    }
    painted = {"kind": "quality", "anonymizer": "model-2", "colorizer": "proposed", "attacker": "", "recognizer": "",
               "input": "", "gallery": "", "measure": "psnr"}  # fmt: skip
    return pd.DataFrame(
        [
            names | attack | {"colorizer": "none", "attacker": "ignorant"},
            names | attack | {"colorizer": "none", "attacker": "semi-informed"},
            names | attack | {"colorizer": "none", "attacker": "lazy-informed"},
            names | painted | {"reference": "original"},
            names | painted | {"reference": "scene"},
        ]
    )


def test_what_no_table_prints_goes_and_the_tables_stay(tmp_path):
    point = second_record().cmc[0]
    ranks = tuple(dataclasses.replace(point, recognizer="x", rank=rank, rate=50.0) for rank in range(1, 41))
    assert isinstance(point, CmcPoint)
    record = dataclasses.replace(second_record(), scores=_scores(), cmc=(*second_record().cmc, *ranks))
    small = trimmed(record)
    # the worst case and the slides' cell stay, and pictures under the headline reference
    assert list(small.scores.attacker) == ["ignorant", "semi-informed", ""]
    assert set(small.scores.reference) == {"", "original"}
    assert small.provenance["trimmed"]["scores_before"] == 5 and "trimmed" not in record.provenance
    assert len(small.cmc) < len(record.cmc)
    write_tables(record, tmp_path / "a")
    write_tables(small, tmp_path / "b")
    files = [p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()]
    assert any(p.parent.name == "twocolumn" for p in files)
    for path in files:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path


@pytest.mark.slow
def test_the_copy_is_a_run_of_its_own_whole_or_not_at_all(tmp_path):
    run = write_fake_run(tmp_path / "run", keys=SAMPLE_KEYS[:2])
    target = tmp_path / "copy"
    with pytest.raises(DataError, match=r"more than 0: .* MB"):
        publish(run, target, limit=1000)
    assert not target.exists() and not list(tmp_path.glob(".*"))
    size = publish(run, target)
    # the list of what was written comes after the copy is weighed
    files = [path for path in target.rglob("*") if path.is_file() and HOUSE not in path.parts]
    assert size == sum(path.stat().st_size for path in files)
    copy = Record.load(target)
    whole = Record.load(run)
    assert [row.m for row in copy.success_rate] == [row.m for row in whole.success_rate] and copy.provenance[
        "trimmed"
    ]
    assert [row.rate for row in copy.success_rate] == pytest.approx(
        [row.rate for row in whole.success_rate], abs=1e-6
    )
    assert {name for one in copy.samples for name in one.sets} == {
        n for one in whole.samples for n in one.sets
    }
    write_tables(copy, tmp_path / "again")
    again = [path for path in (tmp_path / "again").rglob("*") if path.is_file()]
    assert any(path.parent.name == "twocolumn" for path in again)
    for path in again:
        assert path.read_bytes() == (target / "tables" / path.relative_to(tmp_path / "again")).read_bytes()
    assert not list((target / "figures").glob("*.svg")) and (target / "report.html").is_file()
    with pytest.raises(ConfigError, match="the run itself"):
        publish(run, run)
    # reported again it stays a copy: all figures were written back into it
    names = {path.relative_to(target).as_posix(): path.read_bytes() for path in files}
    write_report(target)
    assert {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file() and HOUSE not in path.parts
    } == names


def test_a_copy_keeps_what_the_user_put_beside_an_earlier_one(tmp_path):
    run = write_fake_run(tmp_path / "run", keys=SAMPLE_KEYS[:1])
    target = tmp_path / "copy"
    publish(run, target)
    (target / "mine").mkdir()
    mine = ("notes.txt", "mine/thesis.tex", "tables/mine.csv", "figures/mine.png")
    for name in mine:
        (target / name).write_text("mine")
    publish(run, target)
    assert [(target / name).read_text() for name in mine] == ["mine"] * 4
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match=r"--publish .* no earlier run"):
        publish(run, foreign)
    assert [path.name for path in foreign.iterdir()] == ["notes.txt"]
