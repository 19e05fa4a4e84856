"""``gaitbench repeat``: what is run, what the tables say of it, and what is refused before anything is computed."""

import dataclasses
import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from gaitbench.cli.repeat import command
from gaitbench.errors import ConfigError
from gaitbench.reporting.repeated.figures import headlines, strongest_of, variances
from gaitbench.results.record import Record
from gaitbench.results.repeated.comparing import PEOPLE, repeated

QUICK = Path(__file__).parents[2] / "reports" / "quick"


@pytest.fixture(scope="module")
def quick():
    return Record.load(QUICK)


def _moved(record, points):
    """The same run with every rank-1 of Model 2 some points higher."""

    def up(row):
        if row.anonymizer != "model-2":
            return row
        ends = {name: getattr(row, name) + points for name in ("rank1", "rank1_ci_low", "rank1_ci_high")}
        return dataclasses.replace(row, **ends)

    tables = dict(record.tables)
    for name in ("identification", "galleries"):
        tables[name] = tuple(map(up, record.tables[name]))
    return dataclasses.replace(record, tables=tables)


def _compared(*runs):
    strongest = strongest_of(runs[0])
    return repeated(PEOPLE, [headlines(run, strongest) for run in runs])


def test_the_strongest_attack_is_chosen_on_the_first_run_and_held(quick):
    strongest = strongest_of(quick)
    attack, _ = strongest["model-2"]
    assert (attack.attacker, attack.recognizer) == ("semi-informed", "gait-dynamics")
    named = {name: f for name, f in headlines(quick, strongest).items() if name[0] == "model-2"}
    row = next(r for r in quick.identification if r.recognizer == "gait-dynamics" and r.attacker == "semi-informed"
               and r.anonymizer == "model-2")  # fmt: skip
    (found,) = (f for name, f in named.items() if "gait-dynamics" in name[1])
    assert found.value == row.rank1
    assert found.error == pytest.approx((row.rank1_ci_high - row.rank1_ci_low) / 2 / 1.96, rel=1e-3)
    assert any("proposed minus baseline" in name[1] for name in named)


def test_runs_that_differ_are_said_to_by_so_much(quick):
    rows, left_out = _compared(quick, _moved(quick, 10), _moved(quick, 20))
    assert not left_out
    attacked = [r for r in rows if r.name[0] == "model-2" and r.name[1].startswith("rank-1, semi-informed")]
    (row,) = attacked
    assert row.found.sd == pytest.approx(10) and row.values[1] - row.values[0] == pytest.approx(10)
    assert row.found.between_sd == pytest.approx(math.sqrt(100 - row.within**2))
    same = [r for r in rows if r.name[0] == "original"]
    assert same and all(r.found.sd == 0 and r.found.between_sd == 0 for r in same)


def test_a_run_without_a_figure_is_named(quick):
    tables = dict(quick.tables) | {"worst_case": ()}
    rows, left_out = _compared(quick, dataclasses.replace(quick, tables=tables))
    assert any("worst case by halves" in line for line in left_out)
    assert not any("by halves" in r.name[1] for r in rows)


def test_people_and_walks_explain_a_part_of_the_answers(quick):
    rows = variances(quick)
    assert any("gait-dynamics" in r.attack for r in rows)
    for row in rows:
        assert row.n == 1320 and row.people == 40 and 0 < row.named < 100
        assert row.shares.person + row.shares.walk + row.shares.rest == pytest.approx(1)
        assert 0.01 < row.shares.person < 0.6


def _ask(*words):
    return CliRunner().invoke(command, words)


def test_every_run_is_asked_for_once_and_the_tables_are_written(quick, tmp_path, monkeypatch):
    asked = []

    def execute(options):
        suite = options["suite"]
        asked.append((suite.data.seed, suite.seed, options["output"].name))
        return _moved(quick, 3 * suite.data.seed + suite.seed), options["output"]

    monkeypatch.setattr("gaitbench.cli.run_all.execute", execute)
    out = tmp_path / "out"
    done = _ask(
        "--suite", "smoke", "--people", "0-2", "--seeds", "0,5", "--output", str(out), "--quiet", "--json"
    )
    assert done.exit_code == 0, done.output
    assert asked == [
        (0, 0, "people-0-seed-0"), (1, 0, "people-1-seed-0"), (2, 0, "people-2-seed-0"), (0, 5, "people-0-seed-5"),
    ]  # fmt: skip
    said = json.loads(done.output)
    assert set(said) == {"table_repeated", "table_variance"}
    names = said["table_repeated"]["names"]
    rows = [dict(zip(names, row, strict=True)) for row in said["table_repeated"]["rows"]]
    attacked = [
        r for r in rows if r["figure"].startswith("rank-1, semi-informed") and r["system"] == "model-2"
    ]
    assert {r["drawn"]: r["sd"] for r in attacked} == {
        PEOPLE: pytest.approx(3), "training and noise": pytest.approx(5 / math.sqrt(2), abs=1e-5)
    }  # fmt: skip
    assert json.loads((out / "repeat.json").read_text()) == {
        "suite": "smoke",
        "people": [0, 1, 2],
        "seeds": [0, 5],
    }
    assert {p.name for p in (out / "tables").iterdir()} == {
        f"{t}.{e}" for t in said for e in ("csv", "md", "tex")
    }


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--people", "3"), "name one run"),
        (("--people", "4-1"), "runs backwards"),
        (("--people", "x"), "is no number"),
        (("--data", "somewhere"), "cannot be drawn anew"),
        (("--seed", "3"), "give --seeds"),
    ],
)
def test_what_cannot_be_repeated_is_refused_in_a_line(words, says, tmp_path):
    done = _ask("--suite", "smoke", "--output", str(tmp_path / "out"), *words)
    assert isinstance(done.exception, ConfigError) and says in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_the_users_is_refused_before_anything_runs(tmp_path, monkeypatch):
    monkeypatch.setattr("gaitbench.cli.run_all.execute", lambda options: pytest.fail("ran"))
    (tmp_path / "mine.txt").write_text("x")
    done = _ask("--suite", "smoke", "--people", "0-1", "--output", str(tmp_path))
    assert isinstance(done.exception, ConfigError) and (tmp_path / "mine.txt").read_text() == "x"
