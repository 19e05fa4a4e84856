"""``gaitbench walkers``: arguments read, files written, wrong ones refused in one line."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from gaitbench.cli.walkers import command, parse_numbers
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.export_note import ExportNote
from gaitbench.datasets.video import read_video
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.films import FilmedWalkers
from gaitbench.datasets.walkers.second_session import TwoSessions
from gaitbench.datasets.walkers.uneven import UnevenWalkers
from gaitbench.errors import ConfigError, GaitbenchError
from gaitbench.protocol import FILM_NAMES, WALKER_KINDS

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("81", [81]), ("81-83", [81, 82, 83]), ("5, 1,7-9,8", [1, 5, 7, 8, 9]), ("124", [124])],
)
def test_ranges(text, numbers):
    assert parse_numbers(text, "--subjects", range(1, 125)) == numbers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("81-", "'81-' is no number"), ("a", "'a' is no number"), ("", "'' is no number"), ("-3", "is no number"),
        ("9-3", "backwards"), ("0", "0 is not there; they run from 1 to 124"), ("3-9999999", "9999999 is not there"),
    ],
)  # fmt: skip
def test_wrong_ranges(text, message):
    with pytest.raises(ConfigError, match=message):
        parse_numbers(text, "--subjects", range(1, 125))


def test_angles_come_in_steps():
    assert parse_numbers("0-54", "--angles", range(0, 181, 18)) == [0, 18, 36, 54]
    with pytest.raises(ConfigError, match="91 is not there; they run from 0 to 180 in steps of 18"):
        parse_numbers("91", "--angles", range(0, 181, 18))


def test_export(tmp_path):
    arguments = ["export", str(tmp_path / "x"), "--subjects", "7", "--angles", "90", "--walks", "nm-01"]
    result = CliRunner().invoke(command, [*arguments, "--frames", "3"], catch_exceptions=False)
    assert result.exit_code == 0 and "1 sequences written, 0 were there" in result.output
    assert len(list((tmp_path / "x" / "007" / "nm-01" / "090").glob("*.png"))) == 3
    assert (tmp_path / "x" / "video" / "007-nm-01-090.avi").is_file()


@pytest.fixture
def short(monkeypatch):
    """The verbs with walks of 12 frames."""
    for name, made in (("Walkers", Walkers), ("second_session.TwoSessions", TwoSessions)):
        monkeypatch.setattr(f"gaitbench.datasets.walkers.{name}", partial(made, length=12))


@pytest.mark.parametrize("subject", ["007", "130"])  # a set has 124 people unless more are asked for
def test_show(subject, short, tmp_path):
    arguments = ["show", "--subject", subject, "--angle", "90", "--output", str(tmp_path)]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    names = [f"{subject}-nm-01-090.mp4", f"{subject}-nm-01-090.png"]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    assert read_video(tmp_path / names[0]).shape[1:] == (240, 640, 3)


def test_show_without_an_angle_has_all_views_on_the_sheet_and_one_in_the_video(short, tmp_path):
    result = CliRunner().invoke(command, ["show", "--output", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 0
    names = ["007-nm-01-054.mp4", "007-nm-01.png"]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    assert all(name in result.output for name in names)
    assert len(read_video(tmp_path / names[0])) <= 12
    sheet = cv2.imread(str(tmp_path / names[1]))
    assert 1500 < sheet.shape[1] <= 1600 and 1000 < sheet.shape[0] < 1500


def test_export_of_somebody_past_the_usual_ones(tmp_path):
    arguments = ["export", str(tmp_path / "x"), "--subjects", "124-125", "--angles", "90", "--walks", "nm-01"]
    result = CliRunner().invoke(command, [*arguments, "--frames", "2", "--no-video"], catch_exceptions=False)
    assert result.exit_code == 0 and "2 sequences written" in result.output
    assert sorted(p.name for p in (tmp_path / "x").iterdir() if p.is_dir()) == ["124", "125"]


@pytest.mark.parametrize(
    "arguments",
    [["export", "x", "--walks", "nm-09"], ["export", "x", "--subjects", "10000"], ["show", "--angle", "7"]],
)
def test_wrong_arguments_end_with_one_line_and_write_nothing(arguments, tmp_path):
    run = [sys.executable, "-m", "gaitbench", "walkers", *arguments]
    result = subprocess.run(run, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True)
    assert result.returncode == 2 and not list(tmp_path.iterdir())
    assert len(result.stderr.strip().splitlines()) == 1 and result.stderr.startswith("gaitbench: --")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "--walk", "nm-01,nm-02"], "one walk at a time"), (["show", "--walk", "xx"], "--walk 'xx': no walk"),
        (["show", "--subject", "0"], "0 is not there"), (["show", "--output", "FILE"], "cannot be written"),
        (["show", "--output", "FILE/below"], "cannot be written"), (["show", "--seed", "-1"], "seed -1"),
        (["export", "FILE"], "holds something else"), (["export", "FILE/below"], "cannot be written"),
        (["export", "new", "--subjects", ""], "is no number"), (["export", "new", "--walks", ""], "no walk"),
        (["export", "new", "--seed", "-1"], "seed -1"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("FILE").write_text("x")
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, GaitbenchError) and message in str(result.exception)
    assert "\n" not in str(result.exception)
    assert [p.name for p in tmp_path.iterdir() if p.name != "reports"] == ["FILE"]


def test_help_needs_neither_numpy_nor_torch():
    code = "import sys, gaitbench.cli.walkers; sys.exit(any(m in sys.modules for m in ('numpy', 'torch', 'cv2', 'av')))"
    assert subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT).returncode == 0


def test_another_film_is_exported_with_its_truth_and_refused_where_the_usual_one_lies(tmp_path):
    arguments = [
        "export",
        str(tmp_path / "x"),
        "--subjects",
        "7",
        "--angles",
        "90",
        "--walks",
        "nm-01",
        "--frames",
        "3",
    ]
    result = CliRunner().invoke(command, [*arguments, "--film", "small"], catch_exceptions=False)
    assert result.exit_code == 0
    key = SequenceKey("007", "nm-01", 90)
    data = CasiaB(tmp_path / "x")
    assert data.load(key).frames.shape[1:] == (120, 160, 3)
    assert data.true_masks(key, body="007", rgb=False).masks.shape[1:] == (120, 160)
    again = CliRunner().invoke(command, arguments)
    assert isinstance(again.exception, GaitbenchError) and "export of other walkers" in str(again.exception)
    later = CliRunner().invoke(
        command, ["show", "--film", "grey", "--walk", "2@nm-01", "--output", str(tmp_path / "y")]
    )
    assert "films are of the first session" in str(later.exception) and not (tmp_path / "y").exists()


def test_uneven_walkers_are_exported_with_their_truth(tmp_path):
    arguments = ["export", str(tmp_path / "x"), "--subjects", "7", "--angles", "0", "--walks", "nm-01"]
    arguments += ["--frames", "2", "--no-video", "--kind", "uneven"]
    assert CliRunner().invoke(command, arguments, catch_exceptions=False).exit_code == 0
    key, data = SequenceKey("007", "nm-01", 0), CasiaB(tmp_path / "x")
    true = data.true_masks(key, body="007", rgb=False).masks
    assert np.array_equal(true, UnevenWalkers().true_masks(key, body="007", frames=2, rgb=False).masks)
    assert not np.array_equal(true, Walkers().true_masks(key, body="007", frames=2, rgb=False).masks)
    both = CliRunner().invoke(command, [*arguments, "--film", "grey"])
    assert "uneven ones are on the usual film alone" in str(both.exception)
    later = CliRunner().invoke(
        command, ["show", "--kind", "uneven", "--walk", "2@nm-01", "--output", str(tmp_path / "y")]
    )
    assert "kinds of walkers are of the first session" in str(later.exception)


def test_a_note_knows_every_film_and_kind():
    of = {"seed": 0, "parameters": {"seed": 0, "subjects": 1, "length": 12, "fps": 25.0}}
    for name, values in (("film", FILM_NAMES), ("kind", WALKER_KINDS)):
        for value in values:
            assert getattr(msgspec.convert({**of, name: value}, ExportNote), name) == value
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**of, name: "none such"}, ExportNote)


def test_show_of_another_film_says_so_in_its_names(short, tmp_path, monkeypatch):
    monkeypatch.setattr("gaitbench.datasets.walkers.kinds.FilmedWalkers", partial(FilmedWalkers, length=12))
    arguments = ["show", "--angle", "90", "--film", "grey", "--output", str(tmp_path)]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    names = ["grey-007-nm-01-090.mp4", "grey-007-nm-01-090.png"]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
