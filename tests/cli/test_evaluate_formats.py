"""The outputs of a tool in every format that is read: who is not hidden is not hidden in any of them."""

import json
import pickle
from pathlib import Path
from unittest import mock

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from drawn_people import SUITE, draw
from other_formats import FORMATS, write_as

from gaitbench.cli.evaluate import command
from gaitbench.datasets.views import view_of_label
from gaitbench.errors import GaitbenchError

PEOPLE = tuple(range(81, 87))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Folder with six people in CASIA-B's layout, and a suite."""
    folder = tmp_path_factory.mktemp("formats")
    draw(folder / "original", PEOPLE)
    (folder / "tiny.toml").write_text(SUITE.replace("081-084", "081-086"))
    return folder


def judge(folder, original, shown, out, *more):
    """Exit code, output and record of the verb; no tables or figures, which take seconds."""
    with mock.patch("gaitbench.reporting.report.fill_report"):
        done = CliRunner().invoke(
            command,
            ["--original", str(original), "--anonymized", str(shown), "--suite", str(folder / "tiny.toml"),
             "--store", str(folder / "store"), "--jobs", "1", "--output", str(out), "--quiet", *more],
        )  # fmt: skip
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output, json.loads((out / "run.json").read_text())


def rates(record):
    rows = record["tables"]["success_rate"]
    return [r["rate"] for r in rows if r["anonymizer"] == "external" and r["rate"] is not None]


def answer(record):
    return record["provenance"]["evaluated"]["verdict"]["answer"]


#: The others are read by the same code: by whoever asks for all (-m long).
FIRST = ("opengait", "pictures", "npz of crops", "casia-b.zip")


def some(kinds):
    return [pytest.param(kind, marks=() if kind in FIRST else pytest.mark.long) for kind in kinds]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_copy_in_any_format_is_not_hidden(drawn, tmp_path, kind):
    root, patterns = write_as(kind, drawn / "original", tmp_path / "set")
    more = [word for text in patterns for word in ("--pattern", text)]
    code, _, record = judge(drawn, root, root, tmp_path / "out", *more)
    assert (code, answer(record)) == (0, "hides nobody")
    assert len(rates(record)) == 2 and max(rates(record)) == 0  # both attackers, and every copy is found
    assert record["provenance"]["evaluated"]["problems"] == {}


@pytest.mark.parametrize("kind", some(FORMATS[1:]))
def test_a_copy_in_another_format_than_the_originals_is_not_hidden(drawn, tmp_path, kind):
    root, patterns = write_as(kind, drawn / "original", tmp_path / "set")
    more = [word for text in patterns for word in ("--anonymized-pattern", text)]
    code, told, record = judge(drawn, drawn / "original", root, tmp_path / "out", *more)
    assert (code, answer(record)) == (0, "hides nobody"), told
    assert max(rates(record)) <= 5


def _moved(crops):
    return np.roll(crops, 6, axis=2)


def _shrunk(crops):
    """The person at three quarters of the size, in the middle of a crop of the same size."""
    h, w = crops.shape[1:]
    out = np.zeros_like(crops)
    small = [cv2.resize(c, (w * 3 // 4, h * 3 // 4), interpolation=cv2.INTER_AREA) for c in crops]
    out[:, h // 8 : h // 8 + h * 3 // 4, w // 8 : w // 8 + w * 3 // 4] = small
    return out


def _probability(masks):
    return np.stack([cv2.GaussianBlur(m, (0, 0), 1.0) for m in masks]).astype(np.float32) / 255


@pytest.mark.parametrize(
    ("kind", "levels"),
    [("opengait", lambda m: 255 - m), ("npz of crops", _probability), ("pictures", lambda m: m // 3 + 20),
     ("opengait", _moved), ("opengait", _shrunk),
     *(pytest.param(kind, change, marks=pytest.mark.long) for kind, change in [
         ("npz", lambda m: 255 - m), ("ou-mvlp", lambda m: 255 - m), ("npz", lambda m: m > 0),
         ("npz of crops", lambda m: m[:, ::-1])])],
    ids=["inverted pickles", "probabilities", "grey", "moved in the crop", "smaller in the crop",
         "inverted npz", "inverted pictures", "bool", "upside down"],
)  # fmt: skip
def test_another_form_of_the_masks_hides_nobody(drawn, tmp_path, kind, levels):
    """Such a copy is found, or refused and counted as found, or cannot be judged: never certified."""
    plain, patterns = write_as(kind, drawn / "original", tmp_path / "plain")
    shown, _ = write_as(kind, drawn / "original", tmp_path / "shown", levels)
    more = [word for text in patterns for word in ("--pattern", text)]
    code, told, record = judge(drawn, plain, shown, tmp_path / "out", *more)
    assert answer(record) == "hides nobody" or (code, answer(record)) == (1, "cannot be judged"), told
    if kind == "opengait" and levels in (_moved, _shrunk):  # an attacker cuts by what he sees
        assert answer(record) == "hides nobody" and max(rates(record)) <= 5


def test_people_who_are_others_in_a_tree_of_pickles_are_not_named(drawn, tmp_path):
    """A test of copies alone would pass a reader that hands the originals out on both sides."""
    draw(tmp_path / "others", PEOPLE, as_subject=lambda s: 500 + 13 * s)
    shown, _ = write_as("opengait", tmp_path / "others", tmp_path / "shown")
    _, _, record = judge(drawn, drawn / "original", shown, tmp_path / "out")
    assert max(rates(record)) > 30


def test_what_does_not_go_together_is_one_line(drawn, tmp_path):
    root, _ = write_as("opengait", drawn / "original", tmp_path / "set")
    for more, words in [
        (["--anonymized-format", "npz"], "no KEY.npz"),
        (["--anonymized-format", "walkers"], "rendered"),
        (["--anonymized-format", "nothing"], "unknown"),
        (["--painted", str(drawn / "original")], "whole frames"),
    ]:
        with pytest.raises(GaitbenchError, match=words) as caught:
            judge(drawn, drawn / "original", root, tmp_path / "out", *more)
        assert "\n" not in str(caught.value) and not (tmp_path / "out").exists()


def test_a_pickle_that_runs_code_is_named_and_does_not_run(drawn, tmp_path):
    class Hostile:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    root, _ = write_as("opengait", drawn / "original", tmp_path / "set")
    (root / "083" / "nm-05" / "090" / "090.pkl").write_bytes(pickle.dumps(Hostile()))
    code, told, record = judge(drawn, drawn / "original", root, tmp_path / "out")
    assert code == 1 and not (tmp_path / "ran").exists()
    assert record["provenance"]["evaluated"]["problems"] == {"unreadable": 1}
    assert "090.pkl" in told


def test_crops_without_the_frames_that_show_nobody_are_matched(drawn, tmp_path):
    """OpenGait's pretreatment leaves such frames out; its pickles hold no numbers."""
    draw(tmp_path / "original", PEOPLE)
    for black in (tmp_path / "original").glob("*/nm-05/090/*-00[12].png"):
        cv2.imwrite(str(black), np.zeros((120, 160), np.uint8))
    root, _ = write_as("opengait", tmp_path / "original", tmp_path / "set")
    code, told, record = judge(drawn, tmp_path / "original", root, tmp_path / "out")
    assert (code, answer(record)) == (0, "hides nobody"), told


def test_a_view_that_is_a_name_is_judged_and_shown(drawn, tmp_path):
    root, _ = write_as("pictures", drawn / "original", tmp_path / "set")
    pattern = "{subject}_{type}/{view}_f{frame}.png"  # the view is `cam090`: nobody knows where it stood
    code, told, record = judge(drawn, root, root, tmp_path / "out", "--pattern", pattern)
    assert (code, answer(record)) == (0, "hides nobody"), told
    assert record["provenance"]["views"] == {"cam090": view_of_label("cam090")}
    assert {r["angle"] for r in record["tables"]["success_rate"]} == {view_of_label("cam090")}
