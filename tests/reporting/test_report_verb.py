"""``gaitbench report`` as it is typed."""

import dataclasses
import errno
import subprocess
import sys
from unittest import mock

import pytest
from click.testing import CliRunner
from fake_run import SAMPLE_KEYS, small_record, write_fake_run

from gaitbench.cli.report import command
from gaitbench.errors import DataError
from gaitbench.reporting.figures import files
from gaitbench.reporting.report import save_and_report
from gaitbench.results.record import Record


def _report(path):
    return CliRunner().invoke(command, [str(path)], catch_exceptions=True)


@pytest.mark.slow
def test_a_run_gets_its_tables_figures_and_page_and_twice_the_same(tmp_path):
    run = write_fake_run(tmp_path / "run", keys=SAMPLE_KEYS[:2])
    assert _report(run).exit_code == 0
    names = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
    assert {
        "report.html",
        "tables/all.tex",
        "figures/success_by_angle.pdf",
        "figures/picture_grid.png",
    } <= names
    assert not [name for name in names if name.endswith(".tmp")]
    before = {name: (run / name).read_bytes() for name in names}
    assert _report(run).exit_code == 0
    assert {name: (run / name).read_bytes() for name in names} == before


def test_a_missing_picture_costs_its_figure_not_the_report(tmp_path):
    run = write_fake_run(tmp_path / "run", keys=SAMPLE_KEYS[:1])
    (run / "samples" / "00-original.png").unlink()
    assert _report(run).exit_code == 0
    assert not (run / "figures" / "picture_grid.png").exists()
    assert "Figure picture_grid was not drawn" in (run / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_figures_are_drawn_again_when_and_only_when_something_changed(tmp_path):
    run = write_fake_run(tmp_path / "run", keys=SAMPLE_KEYS[:1])
    figure = run / "figures" / "gei.svg"

    def drawn_again(change):
        change()
        with mock.patch("gaitbench.reporting.figures.files._draw", wraps=files._draw) as draw:
            assert _report(run).exit_code == 0
        return draw.called

    assert drawn_again(lambda: None)
    assert not drawn_again(lambda: None)
    original = figure.read_bytes()
    assert drawn_again(lambda: figure.write_text("<svg/>")) and figure.read_bytes() == original
    assert drawn_again((run / "figures" / "recognition.pdf").unlink)
    assert drawn_again((run / "figures" / ".drawn.json").unlink)
    picture = run / "samples" / "00-gei-after.png"
    assert drawn_again(lambda: picture.write_bytes((run / "samples" / "00-gei-before.png").read_bytes()))
    assert figure.read_bytes() != original
    record = Record.load(run)
    assert drawn_again(lambda: dataclasses.replace(record, competence=()).save(run))
    assert not (run / "figures" / "recognition.pdf").exists()


def test_only_what_an_earlier_report_wrote_is_replaced_or_removed(tmp_path, monkeypatch):
    def draw(_record, _run_dir, folder):
        (folder / "cmc.svg").write_text("<svg/>")
        return ["cmc.svg"], []

    monkeypatch.setattr(files, "_draw", draw)  # what is drawn takes seconds, and is not the matter here
    run = write_fake_run(tmp_path / "run", keys=SAMPLE_KEYS[:1])
    mine = [
        "notes.txt",
        "tables/mine.csv",
        "tables/mine.tex",
        "tables/README.md",
        "figures/mine.png",
        "figures/mine.pdf",
    ]
    for name in mine:
        (run / name).parent.mkdir(exist_ok=True)
        (run / name).write_text("mine")
    assert _report(run).exit_code == 0
    assert (run / "tables" / "table4_attackers.tex").exists()
    (run / "tables" / "table3_success_by_angle.csv").write_text("mine")
    record = Record.load(run)
    small_record().save(run)
    assert _report(run).exit_code == 0
    assert not (run / "tables" / "table4_attackers.tex").exists()
    assert not list((run / "tables").glob("table_recognition*"))
    assert record.samples and list((run / "samples").iterdir())
    mine.append("tables/table3_success_by_angle.csv.kept")
    assert [(run / name).read_text() for name in mine] == ["mine"] * len(mine)
    assert "mine" not in (run / "tables" / "table3_success_by_angle.csv").read_text()


def test_a_report_is_of_the_record_as_it_was_saved(tmp_path, monkeypatch):
    save = Record.save

    def other(record, folder):
        save(dataclasses.replace(record, provenance={**record.provenance, "suite_name": "as saved"}), folder)

    monkeypatch.setattr(Record, "save", other)
    given = save_and_report(small_record(), tmp_path, tmp_path)
    assert given.provenance["suite_name"] == "as saved"
    assert "gaitbench: as saved on" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_report_of_the_time_before_there_were_lists_is_written_over(tmp_path):
    run = tmp_path / "run"
    small_record().save(run)
    (run / "tables").mkdir()
    (run / "report.html").write_text("written by version 0.0.9")
    (run / "tables" / "all.tex").write_text("written by version 0.0.9")
    (run / "tables" / "gone.tex").write_text("mine, or of an older gaitbench: nobody knows")
    assert _report(run).exit_code == 0
    assert "0.0.9" not in (run / "tables" / "all.tex").read_text() + (run / "report.html").read_text()
    assert (run / "tables" / "gone.tex").exists() and not list(run.rglob("*.kept"))


def test_a_full_disk_is_one_line_and_the_old_report_stays(tmp_path, monkeypatch):
    run = tmp_path / "run"
    small_record().save(run)
    assert _report(run).exit_code == 0
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    dataclasses.replace(small_record(), competence=()).save(run)
    before |= {run / name: (run / name).read_bytes() for name in ("run.json", "scores.parquet")}

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gaitbench.reporting.report.render_page", full)
    result = _report(run)
    assert isinstance(result.exception, DataError) and "No space left on device" in str(result.exception)
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda run: (run / "run.json").unlink(), "no run.json"),
        (lambda run: (run / "run.json").write_text("{"), "damaged"),
        (lambda run: (run / "run.json").write_text('{"schema_version": 99}'), "newer gaitbench"),
        (lambda run: (run / "scores.parquet").unlink(), "scores.parquet is missing"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path, break_it, message):
    small_record().save(tmp_path)
    break_it(tmp_path)
    before = sorted(tmp_path.iterdir())
    result = _report(tmp_path)
    assert isinstance(result.exception, DataError) and message in str(result.exception)
    assert sorted(tmp_path.iterdir()) == before


def test_the_command_line_prints_one_line_and_exits_2(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gaitbench", "report", str(tmp_path / "no such run")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("gaitbench: ") and len(done.stderr.splitlines()) == 1
