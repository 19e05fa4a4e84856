"""The committed runs: their tables are those of their records, and README's figures are those of its run's tables."""

import re
from pathlib import Path

import pytest

from gaitbench.reporting.report import write_tables
from gaitbench.results.record import Record

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "reports" / "quick"
#: Committed runs, with the most bytes that each may have.
RUNS = {"quick": 10_000_000, "standard": 20_000_000, "paper-3-angles": 6_000_000}
#: The oldest release whose code may have made the committed run; raise it when the figures change their meaning.
OLDEST_RELEASE = (0, 1, 0)
#: Tables whose figures README shows.
SHOWN = ("table1_plain_textural", "table2_incomplete_complete", "table3_success_by_angle")


def _release(version):
    return tuple(int(part) for part in re.match(r"(\d+)\.(\d+)\.(\d+)", version).groups())


@pytest.fixture(scope="module", params=RUNS)
def run(request):
    return ROOT / "reports" / request.param


@pytest.fixture(scope="module")
def record(run):
    return Record.load(run)


def _files(folder):
    files = [path for path in folder.rglob("*") if path.suffix in (".csv", ".md", ".tex")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_committed_tables_are_those_of_the_record_byte_for_byte(run, record, tmp_path):
    write_tables(record, tmp_path)
    written = _files(tmp_path)
    committed = _files(run / "tables")
    assert sorted(committed) == sorted(written)
    different = [name for name, data in written.items() if committed[name] != data]
    assert different == [], f"run: gaitbench report reports/{run.name}, and look at what changed"


def test_a_run_is_of_its_suite_and_of_a_release_that_counts(run, record):
    assert record.provenance["suite_name"] == run.name
    assert _release(record.provenance["package_version"]) >= OLDEST_RELEASE
    assert record.identification and record.success_rate and record.quality


def test_it_is_whole_and_small(run):
    for name in ("report.html", "scores.parquet", "tables/all.tex", "samples"):
        assert (run / name).exists(), name
    size = sum(path.stat().st_size for path in run.rglob("*") if path.is_file())
    assert size < RUNS[run.name], f"{size / 1e6:.1f} MB; run: gaitbench report RUN --publish {run}"


def _figures(text):
    """Figures with decimals of a Markdown table, as they are printed."""
    return re.findall(r"(?<![\w.])-?\d+\.\d+", text)


@pytest.mark.parametrize("name", SHOWN)
def test_readme_shows_the_tables_of_this_run(name):
    table = (REFERENCE / "tables" / f"{name}.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("|")]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    start, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    assert start in readme and end in readme, f"README lacks the marks {start} and {end}"
    block = readme.partition(start)[2].partition(end)[0]
    shown = [line for line in block.splitlines() if line.startswith("|") and _figures(line)]
    assert shown, f"no figures between {start} and {end}"
    # A row of README is a row of the table, whole: nothing is rounded or retold by hand.
    for line in shown:
        assert line in rows, line
