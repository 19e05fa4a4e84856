"""What was handed in is counted first, and what is part of no figure is named with its reason."""

import json
from unittest import mock

import pytest
from click.testing import CliRunner
from drawn_people import FRAMES, SUITE, draw, folder_of

from gaitbench.cli.evaluate import command
from gaitbench.errors import DataError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Originals of four of the suite's people and one stranger, with a walk and a view that no suite asks for."""
    place = tmp_path_factory.mktemp("handed")
    draw(place / "original", (81, 82, 83, 84, 1085))
    draw(place / "original", (81,), walks=["nm-09"])
    draw(place / "original", (82,), walks=["nm-05"], angle=17)
    draw(place / "original", (7,))
    (place / "original" / "082" / "nm-05" / "999").mkdir()
    (place / "original" / "Thumbs.db").write_bytes(b"x")
    (place / "tiny.toml").write_text(SUITE.replace("frames = 12", "frames = 5"))
    return place


def evaluate(folder, out, *more, shown=None):
    arguments = ["--original", folder / "original", "--anonymized", shown or folder / "original", "--suite",
                 folder / "tiny.toml", "--store", folder / "store",
                 "--jobs", 1, "--out", out, "--quiet", *more]  # fmt: skip
    with mock.patch("gaitbench.reporting.report.fill_report"):
        done = CliRunner().invoke(command, list(map(str, arguments)))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done, json.loads((out / "run.json").read_text())["provenance"]["evaluated"]["counts"]


def test_the_verdict_stands_first_then_counts_that_add_up(folder, tmp_path):
    done, counts = evaluate(folder, tmp_path / "out")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].startswith("Verdict: external hides nobody: ")
    lines = lines[1:]
    assert lines[0] == (
        "Handed in: 14 anonymized sequences of 6 people; judged 10; left out 4 (1 at views that are not tested; 2 "
        "of people who are not tested; 1 on walks that are not tested)."
    )
    assert lines[1].startswith("Originals: 14 untouched sequences of 6 people; used 11; left out 3 (")
    assert lines[2] == (
        "Not read: 1 folders or files whose name is no subject, walk or view; 2 junk files and folders (.DS_Store, "
        "Thumbs.db and their like)."
    )
    assert lines[3] == f"Frames: all frames of each sequence, {FRAMES} to {FRAMES}."
    assert lines[4].startswith("Read: 10 sequences, original: frame rate assumed")
    for side in ("originals", "anonymized"):
        part = counts[side]
        assert part["handed_in"] == part["used"] + sum(map(len, part["left_out"].values()))
    for name in ("081-nm-09-090", "082-nm-05-017", "007-nm-05-090", "082/nm-05/999"):
        assert name in done.stderr, name


def test_a_sequence_that_cannot_be_read_is_left_out_by_its_reason(folder, tmp_path):
    shown = draw(tmp_path / "shown", (81, 82, 83, 84, 1085))
    next(folder_of(shown, 83, "nm-05").iterdir()).unlink()
    done, counts = evaluate(folder, tmp_path / "out", shown=shown)
    assert done.exit_code == 1
    why = "not to be used: another number of frames than the original"
    assert counts["anonymized"]["left_out"][why] == ["083-nm-05-090"]
    assert "judged 9" in done.output.splitlines()[1]


def test_frames_can_be_limited_and_are_told(folder, tmp_path):
    done, _ = evaluate(folder, tmp_path / "out", "--frames", 6)
    assert "Frames: at most the first 6 frames (--frames) of each sequence, 6 to 6." in done.output


def test_a_refused_run_leaves_no_folder(folder, tmp_path):
    out = tmp_path / "deep" / "er" / "out"
    with pytest.raises(DataError, match="none of the probe walks"):
        evaluate(folder, out, "--probe", "cl-01")
    assert list(tmp_path.iterdir()) == []
