"""The board of runs and files, as a page and as a verb."""

import csv
import dataclasses
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_attacks import attack_row
from fake_run import provenance, small_record
from submissions import write

from gaitbench.cli.board import command
from gaitbench.errors import ConfigError
from gaitbench.reporting.board.entries import gather, submissions_of
from gaitbench.reporting.page.board import board_document, render_board
from gaitbench.reporting.reading.verdicts import system_verdicts
from gaitbench.results.board.ranking import rank
from gaitbench.results.board.submission import read_submission
from gaitbench.results.record import Record

CELL = ("robust-vtm", "silhouette")
PARTS = {name: {"value": name, "hash": 64 * mark} for name, mark in (("data", "b"), ("split", "c"))}
EVIL = "<script>alert(1)</script>"


def record(*rows, **changes):
    origin = provenance(protocol=PARTS, **changes)
    return dataclasses.replace(small_record(), provenance=origin, identification=rows, checks=())


@pytest.fixture
def run(tmp_path):
    rows = (
        attack_row("model-2", "ignorant", *CELL, 10.0),
        attack_row("model-2", "semi-informed", *CELL, 45.0),
        attack_row("deform", "ignorant", *CELL, 70.0),
        attack_row("original", "semi-informed", *CELL, 90.0),
    )
    record(*rows).save(tmp_path / "run")
    return tmp_path / "run"


def board(*arguments):
    return CliRunner().invoke(command, [str(one) for one in arguments])


def test_each_system_of_a_run_stands_under_its_strongest_attack(run):
    found, out = gather([run])
    assert [(one.system, one.named.value, one.attack.attacker) for _, one in found] == [
        ("deform", 70.0, "ignorant"), ("model-2", 45.0, "semi-informed"),
    ]  # fmt: skip
    assert found[1][1].slides_named == 10.0 and found[1][1].untouched == 90.0 and not out
    assert found[1][1].protocol == {"data": "b" * 64, "split": "c" * 64}


@pytest.mark.parametrize(
    ("known", "verdict"), [(None, "hidden"), (95.0, "hidden"), (60.0, "hidden"), (59.0, "unknown")]
)
def test_nobody_is_hidden_from_recognizers_that_know_nobody(tmp_path, known, verdict):
    held = {} if known is None else {"known": known}
    found, _ = gather([write(tmp_path / "mine.json", "mine", 2.5, half=2.5, **held)])
    assert [row["verdict"] for row in board_document(rank(found, []))["rows"]] == [verdict]
    # without it, what the same attack names untouched stands in for it
    write(tmp_path / "mine.json", "mine", 2.5, half=2.5, untouched=known)
    found, _ = gather([tmp_path / "mine.json"])
    assert board_document(rank(found, []))["rows"][0]["verdict"] == (verdict if known else "unknown")


def test_a_run_hands_on_what_its_best_recognizer_knows(run):
    found, _ = gather([run])
    verdicts = {v.anonymizer: v.known for v in system_verdicts(Record.load(run))}
    assert {one.system: one.known for _, one in found} == verdicts and None not in verdicts.values()


def test_the_page_and_the_files_beside_it(run, tmp_path):
    same = dict.fromkeys(("data", "split"), "")
    parts = {name: part["hash"] for name, part in PARTS.items()}
    write(tmp_path / "in" / "mine.json", "mine", 5.0, protocol=parts)
    write(tmp_path / "in" / "other.json", "elsewhere", 5.0)
    (tmp_path / "in" / "bad.json").write_text("{")
    done = board(run, tmp_path / "in", "--output", tmp_path / "board")
    assert done.exit_code == 1 and "another protocol" in done.output and "bad.json" in done.output and same
    with (tmp_path / "board" / "board.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["system"] for row in rows] == ["mine", "model-2", "deform"]
    assert [row["group"] for row in rows] == ["a", "b", "c"]
    held = json.loads((tmp_path / "board" / "board.json").read_text())
    assert [row["system"] for row in held["rows"]] == ["mine", "model-2", "deform"] and len(
        held["left_out"]
    ) == 2
    page = (tmp_path / "board" / "index.html").read_text()
    assert "bad.json" in page and "another protocol" in page and "cannot be told apart" in page
    again = board(run, "--output", tmp_path / "board", "--json")
    assert again.exit_code == 0 and len(json.loads(again.output)["rows"]) == 2


def test_a_run_that_says_nothing_is_left_out_and_nothing_is_written(tmp_path):
    record().save(tmp_path / "empty")
    dataclasses.replace(small_record(), identification=()).save(tmp_path / "old")
    done = board(tmp_path / "empty", tmp_path / "old", tmp_path / "none", "--output", tmp_path / "board")
    assert done.exit_code == 2 and not (tmp_path / "board").exists()
    for words in ("no attack on a system is on record", "no protocol on record", "cannot be read"):
        assert words in done.output


def test_a_run_that_cannot_be_judged_is_left_out(tmp_path):
    said = {"verdict": {"answer": "cannot be judged", "why": ["x"], "sentence": "x"}, "counts": {"lines": []}}
    record(attack_row("mine", "ignorant", *CELL, 2.5), evaluated=said).save(tmp_path / "run")
    found, out = gather([tmp_path / "run"])
    assert not found and "cannot be judged" in out[0].why


def test_export_check_and_back(run, tmp_path):
    done = board(run, "--export", tmp_path / "out")
    files = sorted((tmp_path / "out").iterdir())
    assert done.exit_code == 0 and [path.name for path in files] == ["run-deform.json", "run-model-2.json"]
    assert board("--check", *files).exit_code == 0
    assert [read_submission(path) for path in files] == submissions_of(_loaded(run), str(run))
    with pytest.raises(ConfigError, match="is there already"):
        raise board(run, "--export", tmp_path / "out").exception
    files[0].write_text(files[0].read_text().replace('"people": 40', '"people": 0'))
    wrong = board("--check", *files)
    assert wrong.exit_code == 2 and "people" in wrong.output and "run-model-2.json: valid" in wrong.output
    listed = json.loads(board("--check", *files, "--json").output)
    assert [row["valid"] for row in listed] == [False, True]


def _loaded(folder: Path):
    from gaitbench.results.record import Record

    return Record.load(folder)


def test_the_schema_is_printed_and_nothing_given_is_refused():
    assert json.loads(board("--schema").output)["$defs"]["Submission"]
    with pytest.raises(ConfigError, match="give RUNS"):
        raise board().exception
    with pytest.raises(ConfigError, match="--check writes nothing"):
        raise board("--check", "x.json", "--output", "y").exception


def test_a_system_named_script_stays_a_name(tmp_path):
    parts = {name: part["hash"] for name, part in PARTS.items()}
    path = write(tmp_path / "a.json", EVIL, 5.0, protocol=parts, run=EVIL)
    page = render_board(rank([(EVIL, read_submission(path))]))
    assert EVIL not in page and "&lt;script&gt;" in page and page.count("<script") == 2
