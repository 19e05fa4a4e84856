"""``gaitbench doctor`` as a user calls it: exit codes, one line for what is no data, JSON, page, nothing written."""

import json
import sys

import numpy as np
import pytest
from moving_blob import outline, write_png
from small_suite import SUITE

from gaitbench.cli import main


def called(capsys, monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["gaitbench", "doctor", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return ended.value.code, out, err


@pytest.fixture
def drawn(tmp_path):
    """Three people of two walks and two views, and a suite that asks for all of it."""
    (tmp_path / "own.toml").write_text(SUITE)
    for number, name in enumerate(f"{s}-{w}-{v}" for s in ("001", "002", "003") for w in ("nm-01", "nm-02")
                                  for v in ("054", "090")):  # fmt: skip
        folder = tmp_path / "set" / name[:3] / name[4:9] / name[10:]
        for t in range(12):
            mask = outline(70 + 3 * t, number + 0.5 * t, 240, 200, 0.7 + 0.01 * number)
            write_png(folder / f"{name}-{t + 1:03d}.png", mask)
    return tmp_path / "set"


@pytest.fixture
def examine(drawn, capsys, monkeypatch):
    suite = drawn.parent / "own.toml"
    return lambda *more: called(capsys, monkeypatch, drawn, "--suite", suite, "--quiet", "--jobs", 1, *more)


def test_a_clean_set_ends_with_0_and_fits_the_terminal(examine):
    code, out, err = examine()
    assert code == 0 and err == ""
    assert max(map(len, out.splitlines())) <= 80
    assert "No fault was found." in out and "(exit code 0)" in out
    assert "guessed: no other format claims it" in out


def test_a_missing_probe_ends_with_1_and_is_named(examine, drawn):
    for file in (drawn / "003" / "nm-02" / "090").iterdir():
        file.unlink()
    code, out, _ = examine()
    assert code == 1
    assert "1 sequence that the suite tests is missing (first: 003-nm-02-090)" in out
    assert "probe: 090 0 of 1" in out


def test_a_broken_sequence_that_no_role_needs_does_not_end_a_run(examine, drawn):
    next((drawn / "001" / "nm-02" / "054").iterdir()).write_bytes(b"no picture")
    code, out, _ = examine()
    assert code == 0 and "1 of 12 pictures cannot be read" in out


def test_a_role_with_nobody_ends_with_2_and_says_whose_names_differ(drawn, capsys, monkeypatch):
    code, out, _ = called(capsys, monkeypatch, drawn, "--suite", "smoke", "--quiet", "--jobs", 1)
    assert code == 2 and "would not start (exit code 2)" in out
    assert "no sequence that suite smoke needs as models, gallery, probe" in " ".join(out.split())


def test_json_holds_all_of_it(examine, drawn):
    write_png(drawn / "001" / "nm-01" / "090" / "001-nm-01-090-001.png", np.ones((240, 200), bool))
    code, out, _ = examine("--json")
    found = json.loads(out)
    assert (code, found["format"], found["sequences"], found["frames"]) == (0, "casia-b", 12, 144)
    (fault,) = found["findings"]
    assert (fault["kind"], fault["where"], fault["frames"]) == ("filled", "001-nm-01-090", 1)
    assert found["present"] == {walk: {"054": 3, "090": 3} for walk in ("nm-01", "nm-02")}
    assert [role["role"] for role in found["roles"]] == ["recognizer", "models", "gallery", "probe"]


def test_the_page_is_whole_and_escapes_names(examine, drawn, tmp_path):
    evil = "<img src=x onerror=alert(1)>"
    (drawn / "001").rename(drawn / evil)
    code, _, err = examine("--output", tmp_path / "deep" / "page.html")
    page = (tmp_path / "deep" / "page.html").read_text(encoding="utf-8")
    assert code == 2 and "Page:" in err
    assert "<img" not in page and "&lt;img src=x" in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_nothing_is_written_into_the_data(examine, drawn):
    before = sorted((p, p.stat().st_mtime_ns) for p in [drawn, *drawn.rglob("*")])
    assert examine("--json")[0] == 0
    code, _, err = examine("--output", drawn / "page.html")
    assert code == 2 and "where nothing is written" in err
    assert sorted((p, p.stat().st_mtime_ns) for p in [drawn, *drawn.rglob("*")]) == before


def test_two_processes_say_what_one_says(examine):
    assert examine("--json", "--jobs", 2)[1] == examine("--json")[1]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p, "no such folder or file"),
        (lambda p: p.write_text("hello") and p, "is a file"),
        (lambda p: p.mkdir() or p, "it is empty"),
        (lambda p: (p / "images").mkdir(parents=True) or ((p / "images" / "a.txt").write_text("a") and p), "images"),
    ],
    ids=["nowhere", "a file", "an empty folder", "nothing that is known"],
)  # fmt: skip
def test_what_is_no_data_is_one_line_and_ends_with_2(make, says, tmp_path, capsys, monkeypatch):
    code, out, err = called(capsys, monkeypatch, make(tmp_path / "it"), "--quiet")
    assert code == 2 and out == ""
    assert len(err.splitlines()) == 1 and says in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--suite", "smok"], "did you mean 'smoke'"),
        (["--format", "casia"], "did you mean 'casia-b'"),
        (["--jobs", "0"], "take 1 or more"),
        (["--fps", "0"], "is not possible"),
        (["--pattern", "{frame}.png"], "lacks {subject}"),
    ],
)
def test_a_slip_in_an_option_is_one_line(examine, words, says):
    code, out, err = examine(*words)
    assert code == 2 and out == "" and len(err.splitlines()) == 1 and says in err
