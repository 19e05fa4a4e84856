"""The list of runs, the figures that stand first, and rivals that win."""

import dataclasses
import json

import pytest
from click.testing import CliRunner
from fake_attacks import attack_row
from fake_run import fake_record, provenance, second_record, small_record

from gaitbench.cli.runs import command
from gaitbench.errors import DataError
from gaitbench.reporting.figures.privacy import privacy_points
from gaitbench.reporting.runs import list_runs
from gaitbench.reporting.words.headline import headline_facts
from gaitbench.reporting.words.summary import summarize
from gaitbench.results.schema import QualityDifference


@pytest.fixture
def folder(tmp_path):
    small_record().save(tmp_path / "old")
    second_record(provenance=provenance(created="2027-01-01T00:00:00Z")).save(tmp_path / "deep" / "new")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    return tmp_path


def test_runs_are_listed_newest_first_and_a_broken_one_hides_no_other(folder):
    lines = list_runs(folder)
    assert [line.folder for line in lines] == ["deep/new", "old", "broken"]
    assert lines[0].headline.startswith("model-2 + proposed: 62.5 % still named, chance 2.5 % (")
    assert "lowest success 85.0 % at 0 deg" in lines[1].headline
    assert (lines[0].failures, lines[1].failures, lines[1].controls_broken) == (3, 2, 0)
    assert lines[2].problem.startswith("cannot be read") and lines[2].failures is None
    assert [line.folder for line in list_runs(folder / "old")] == ["."]


def test_the_verb_prints_a_table_or_json_and_says_where_there_is_nothing(folder, tmp_path):
    shown = CliRunner().invoke(command, [str(folder)])
    assert shown.exit_code == 0 and "deep/new" in shown.output and "cannot be read" in shown.output
    listed = json.loads(CliRunner().invoke(command, [str(folder), "--json"]).output)
    assert [one["folder"] for one in listed] == ["deep/new", "old", "broken"]
    (tmp_path / "empty").mkdir()
    assert "No run under" in CliRunner().invoke(command, [str(tmp_path / "empty")]).output
    wrong = CliRunner().invoke(command, [str(tmp_path / "none")])
    assert isinstance(wrong.exception, DataError)


def test_the_worst_case_stands_first_and_the_slides_cell_beside_it():
    worst, slides = headline_facts(second_record())
    assert worst.value == "62.5 %" and "model-2 + proposed" in worst.detail and "2.5 %" in worst.detail
    assert slides.value == "8.0 %" and "92/100" in slides.detail and "79.04 to 93.61" in slides.detail
    assert headline_facts(small_record()) == ()
    assert summarize(second_record()).facts == (worst, slides)


def test_an_attack_that_beats_chance_over_all_angles_is_not_called_hidden():
    def answer(rank1):
        rows = (attack_row("model-2", "ignorant", "robust-vtm", "silhouette", rank1),)
        rates = tuple(
            dataclasses.replace(row, m=row.s, rate=100.0, ci_low=95.0, ci_high=100.0)
            if row.anonymizer == "model-2" else row for row in small_record().success_rate
        )  # fmt: skip
        return summarize(dataclasses.replace(small_record(), success_rate=rates, identification=rows)).hidden

    assert answer(3.0).mark == "good"
    assert answer(30.0).mark == "mixed"


def test_a_simpler_colorizer_that_wins_is_named():
    rival = [
        QualityDifference(
            "model-2", "nearest", "proposed", "plain", "original", m, 0.2, 0.1, 0.3, 120, None, None, 0, 5
        )
        for m in ("psnr", "ssim")
    ]
    old = small_record()
    answer = summarize(dataclasses.replace(old, quality_difference=(*old.quality_difference, *rival))).picture
    assert "But nearest beats proposed." in answer.short and answer.mark == "mixed"
    assert any(line.startswith("nearest beats proposed: better in 2 of 2") for line in answer.lines)
    lost = [dataclasses.replace(row, difference=-0.2, ci_low=-0.3, ci_high=-0.1) for row in rival]
    answer = summarize(dataclasses.replace(old, quality_difference=(*old.quality_difference, *lost))).picture
    assert "beats proposed" not in " ".join((answer.short, *answer.lines))


def test_a_point_is_the_worst_case_and_a_control_takes_that_of_its_silhouettes():
    points = {point.label: point for point in privacy_points(fake_record())}
    own = [
        row.rank1 for row in fake_record().identification
        if row.anonymizer == "model-2" and row.colorizer in ("none", "proposed")
    ]  # fmt: skip
    assert points["model-2 + proposed"].hidden == pytest.approx(100 - max(own))
    assert points["constant + proposed"].control and points["constant + proposed"].hidden == 97.5
    assert points["original"].hidden == 16.0
    without = {
        p.label: p.hidden for p in privacy_points(dataclasses.replace(fake_record(), identification=()))
    }
    assert without["original"] == 0.0  # success stands in where no ladder was run
