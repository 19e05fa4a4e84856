"""``gaitbench import`` as a user calls it: exit codes, JSON, the sheet, one line for what is wrong."""

import json
import sys

import numpy as np
import pytest
from drawn_walks import film_of, write
from moving_blob import outline

from gaitbench.cli import main


def called(capsys, monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["gaitbench", "import", *map(str, words), "--workers", "1", "--quiet"])
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def bring(capsys, monkeypatch):
    return lambda *words: called(capsys, monkeypatch, *words)


@pytest.fixture
def walks(tmp_path):
    """Two walks as .npz."""
    (tmp_path / "set").mkdir()
    for number in (1, 2):
        masks = np.stack([outline(70 + 3 * t, 0.5 * t, 240, 200, 0.7) for t in range(12)])
        np.savez(tmp_path / "set" / f"00{number}-nm-01-090.npz", silhouettes=masks)
    return tmp_path / "set"


def test_a_set_comes_in_and_a_second_time_it_is_there(bring, walks, tmp_path):
    code, out, err = bring(walks, tmp_path / "in")
    assert (code, err) == (0, "")
    assert "read as npz (guessed: Files KEY.npz)" in out and "2 sequences written to" in out
    assert "100.0 % of the frames look like one whole person (median walk 100 %, worst 100 %" in out
    sheet = (tmp_path / "in.sheet.html").read_text("utf-8")
    assert sheet.count("data:image/png") == 2 and "001-nm-01-090" in sheet and "<script" not in sheet
    code, out, _ = bring(walks, tmp_path / "in", "--json")
    told = json.loads(out)
    assert (
        code == 0 and (told["written"], told["present"]) == (0, 2) and told["sheet"].endswith("in.sheet.html")
    )
    assert [one["name"] for one in told["sequences"]] == ["001-nm-01-090", "002-nm-01-090"]


def test_what_is_wrong_is_one_line(bring, walks, tmp_path):
    for words, says in (
        ((tmp_path / "none", tmp_path / "in"), "no such folder or file"),
        ((walks, walks), "lie in each other"),
        ((walks, tmp_path / "in", "--masks", walks), "no video"),
        ((walks, tmp_path / "in", "--background", walks / "001-nm-01-090.npz"), "--background is for videos"),
        ((walks, tmp_path / "in", "--least", "7"), "--least 7.0 is no share"),
        ((walks, tmp_path / "in", "--to", "npzz"), "did you mean 'npz'"),
        ((walks, tmp_path / "in", "--format", "videos", "--fps", "25"), "--fps is not for videos"),
    ):
        code, out, err = bring(*words)
        assert code == 2 and out == "" and says in err and len(err.splitlines()) == 1, words
    assert not (tmp_path / "in").exists()


def test_rubbish_ends_with_1_and_is_on_the_sheet(bring, tmp_path):
    masks = np.zeros((64, 120, 160), bool)
    for t, mask in enumerate(masks):
        mask[70:100, max(0, 4 * t - 80) : max(0, 4 * t)] = True
    write(tmp_path / "cart_1.mp4", film_of(3, masks=masks))
    code, out, err = bring(tmp_path / "cart_1.mp4", tmp_path / "in")
    assert code == 1 and "1 not written: no whole people" in out and "No silhouette came in." in out
    assert "0 % of" in err and "not written: look at the sheet" in err
    sheet = (tmp_path / "in.sheet.html").read_text("utf-8")
    assert "not written" in sheet and "data:image/png" in sheet
