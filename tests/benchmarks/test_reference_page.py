"""The page of the reference run is made from the record: its figures are those of the tables, nothing is filled in."""

from pathlib import Path

import pytest

from benchmarks.studies.reference_run import main
from gaitbench.results.record import Record

QUICK = Path("reports/quick")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    target = tmp_path_factory.mktemp("page") / "page.md"
    main(str(QUICK), str(target))
    return target.read_text(encoding="utf-8")


def test_the_strongest_attack_and_the_worst_case_stand_there(page):
    record = Record.load(QUICK)
    rows = [r for r in record.identification if r.anonymizer == "model-2"]
    most = max(rows, key=lambda r: r.rank1)
    assert f"{most.rank1:.1f} [{most.rank1_ci_low:.1f}, {most.rank1_ci_high:.1f}] ({most.recognizer}" in page
    (worst,) = record.tables["worst_case"]
    assert f"| model-2 | none | {worst.attacks} | {worst.naive:.1f} |" in page


def test_what_the_run_has_not_is_named(page):
    assert "The run has no `informed` attacker." in page


def test_every_attack_of_the_stranger_test_is_counted(page):
    record = Record.load(QUICK)
    rows = [
        r for r in (*record.identification, *record.tables["galleries"]) if r.strangers_passed is not None
    ]
    assert f"Beside {len(rows)} attacks" in page and f"{sum(r.strangers_passed for r in rows)} pass" in page
