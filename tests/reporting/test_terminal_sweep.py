"""What the terminal says at the end of a sweep: the verdict first, in a table that 80 columns hold."""

import dataclasses

import pytest
from fake_attacks import attack_row
from fake_run import small_record
from fake_sweep import swept_rows

from gaitbench.reporting.terminal_sweep import print_sweep
from gaitbench.results.record import Record
from gaitbench.results.schema import Check, Competence, Failure
from gaitbench.results.schema_sweep import EqualSuccess

LONG = "example-average-of-all-the-bodies-there-are"


def _record(competence=90.0, **changes):
    old = small_record()
    ladder = (
        attack_row("original", "ignorant", "robust-vtm", "silhouette", 92.0, m=0, success=0.0),
        attack_row("model-2", "ignorant", "robust-vtm", "silhouette", 60.0),
    )
    equal = EqualSuccess(50.0, LONG, "nearest", "psnr", 24.5, 23.1, 25.9, 10.0, 97.0, 4, 1)
    tables = {
        **old.tables, "identification": ladder, "equal_success": (equal,),
        "sweep": (*swept_rows("model-2"), *swept_rows(LONG)),
        "competence": (Competence("robust-vtm", "all-views", "nm", None, 40, competence, None, None),),
    }  # fmt: skip
    return dataclasses.replace(Record(old.provenance, tables, scores=old.scores), **changes)


@pytest.fixture
def said(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    def of(record):
        print_sweep(record, tmp_path)
        return capsys.readouterr().out

    return of


def test_the_verdict_opens_it_and_nothing_is_wider_than_80_columns(said):
    text = said(_record())
    assert " ".join(text.split()).startswith(
        "model-2, 4 settings: not hidden at 2, partly hidden at 1, hidden at 1. 3.0 of 100 walks are still named at "
        "strength=1.0, 90 at strength=0.0 (a blind guess names 2.5, untouched 92)."
    )
    lines = [line for line in text.splitlines() if not line.startswith("Report: ")]
    assert max(map(len, lines)) <= 80 and "\u2026" not in text
    row = next(line for line in lines if "strength=0.5" in line)
    words = ["strength=0.5", "≈ partly", "30 [28, 32]", "70.0", "0.81", "–", "undefined", "0.912"]
    assert [cell.strip() for cell in row.split("│")[1:-1]] == words
    assert "24.50 [23.10, 25.90]" in text and "10.0 to 97.0 %" in text


def test_nobody_is_hidden_at_a_setting_by_a_broken_control_or_a_recognizer_that_knows_nobody(said):
    broken = said(_record(checks=(Check("original at 0", False, "3 %", "control"),)))
    assert broken.startswith("No figure of this run is to be trusted") and "cannot be told at 4" in broken
    weak = " ".join(said(_record(competence=40.0)).split())
    assert "not hidden at 2, partly hidden at 1, cannot be told at 1." in weak


def test_a_sweep_that_failed_says_what_failed(said):
    record = _record(failures=(Failure("sweep", "anonymizer=model-2", "no [pictures]"),))
    empty = Record(
        record.provenance, {**record.tables, "sweep": (), "equal_success": ()}, failures=record.failures,
        scores=record.scores,
    )  # fmt: skip
    assert said(empty).startswith("failed sweep: anonymizer=model-2: no [pictures]")
