"""Videos before and after a tool, judged by the verb: what hides nobody, what hides, and what is wrong with films."""

import json
import shutil
from unittest import mock

import numpy as np
import pytest
from click.testing import CliRunner
from drawn_people import SUITE
from drawn_walks import blurred, boxed, film_of, masks_of, same_boxes, write

from gaitbench.cli.evaluate import command

PEOPLE = {"anna": 3, "bob": 4, "carl": 5, "dora": 6}


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Four people, two walks each, before a tool; and a suite."""
    folder = tmp_path_factory.mktemp("films")
    for name, person in PEOPLE.items():
        for walk in (1, 2):
            write(folder / "before" / f"{name}_{walk}.mp4", film_of(person, walk))
    (folder / "tiny.toml").write_text(SUITE)
    return folder


def judge(films, *arguments, out="out"):
    with mock.patch("gaitbench.reporting.report.fill_report"):
        done = CliRunner().invoke(
            command,
            [*map(str, arguments), "--suite", str(films / "tiny.toml"), "--store", str(films / "store"), "--jobs", "1",
             "--output", str(films / out), "--quiet"],
        )  # fmt: skip
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    path = films / out / "run.json"
    return done, json.loads(path.read_text()) if path.is_file() else None


def rank1(record, recognizer, anonymizer="external", attacker="ignorant"):
    rows = record["tables"]["identification"]
    (row,) = [
        r
        for r in rows
        if (r["anonymizer"], r["attacker"], r["recognizer"]) == (anonymizer, attacker, recognizer)
    ]
    return row["rank1"]


@pytest.mark.slow  # films of four people are segmented and judged
def test_untouched_videos_hide_nobody_and_the_answer_is_one_sentence(films):
    done, record = judge(films, "--before", films / "before", "--after", films / "before")
    assert done.exit_code == 0, done.output
    answer = done.output.strip().splitlines()[-1]
    assert answer.startswith("Answer: external hides nobody") and "95 % interval" in answer
    assert "people are known from 1 and looked for in 2" in done.output
    assert (
        "Frames of 8 films before the tool: 512; judged 2" in done.output
        and "in which nobody is seen" in done.output
    )
    assert rank1(record, "robust-vtm-bundled") == rank1(record, "robust-vtm-bundled", "original") == 100
    assert rank1(record, "plain-colours") == 100
    assert record["provenance"]["dataset"]["name"] == "videos"
    before = {p: p.stat().st_mtime_ns for p in (films / "store" / "films").rglob("*.safetensors")}
    again, _ = judge(
        films, "--original-videos", films / "before", "--anonymized-videos", films / "before", out="again"
    )
    assert again.exit_code == 0
    after = {p: p.stat().st_mtime_ns for p in (films / "store" / "films").rglob("*.safetensors")}
    assert before == after and len(before) == 8


@pytest.mark.slow  # films of four people are segmented and judged
def test_blurred_people_are_named_by_their_clothes_and_boxes_of_one_size_are_not(films, tmp_path):
    for name, person in PEOPLE.items():
        for walk in (1, 2):
            film, true = film_of(person, walk), masks_of(person, walk)
            write(tmp_path / "blur" / f"{name}_{walk}.mp4", blurred(film, true))
            write(tmp_path / "box" / f"{name}_{walk}.mp4", boxed(film, same_boxes(walk), (10, 10, 10)))
    done, blur = judge(films, "--before", films / "before", "--after", tmp_path / "blur", out="blur")
    assert done.exit_code == 0, done.output
    assert rank1(blur, "plain-colours") >= 75
    assert "Answer: external" in done.output and "cannot be judged" not in done.output
    _, boxes = judge(films, "--before", films / "before", "--after", tmp_path / "box", out="box")
    assert rank1(boxes, "plain-colours") <= 50 < rank1(blur, "plain-colours")
    assert rank1(boxes, "robust-vtm-bundled") <= 50


@pytest.mark.slow  # films of four people are segmented and judged
def test_whatever_is_wrong_is_one_line_and_the_rest_goes_on(films, tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    shutil.copytree(films / "before", before)
    shutil.copytree(films / "before", after)
    film = film_of(3, 1)
    (after / "anna_1.mp4").write_text("not a film")
    write(after / "anna_2.mp4", film_of(3, masks=np.zeros_like(masks_of(3))))
    write(after / "bob_1.mp4", film_of(4, 1)[:3])
    write(after / "bob_2.mp4", np.stack([np.roll(f, 3 * i, axis=1) for i, f in enumerate(film_of(4, 2))]))
    write(after / "carl_1.mp4", np.repeat(film_of(5, 1), 2, axis=0), fps=50.0)
    write(after / "carl_2.mp4", film_of(5, 2)[:-20])
    large = np.repeat(np.repeat(film_of(6, 1), 2, axis=1), 2, axis=2)
    write(after / "dora_1.mp4", large)
    (after / "dora_2.mp4").unlink()
    write(before / "emil_1.mp4", film)
    (before / "film.mp4").write_bytes(b"x")
    (before / "notes.txt").write_text("x")
    done, record = judge(films, "--before", before, "--after", after, out="wrong")
    assert done.exit_code == 1, done.output
    messages = [f["message"] for f in record["failures"]]
    for words in (
        "anna-1-cam: anonymized", "anna_2.mp4: nobody is seen", "bob_1.mp4: 3 frames are too few",
        "bob_2.mp4: the camera",
        "carl_1.mp4: 128 frames in 2.56 s for 64", "carl_2.mp4: 44 frames", "dora_1.mp4: 320 x 240 pixels",
        "dora-2-cam: no anonymized counterpart", "emil: 1 walk (1)", "film.mp4: its name says no subject",
    ):  # fmt: skip
        assert [m for m in messages if words in m], (words, messages)
        assert done.output.count(words) == 1, (words, done.output)
    assert all("\n" not in m for m in messages)
    assert "notes.txt: no video" in done.output
    counts = record["provenance"]["evaluated"]["counts"]["anonymized"]
    assert counts["handed_in"] == 7, "a film of which nothing can be read was handed in all the same"
    assert sum(map(len, counts["left_out"].values())) == 7 - counts["used"] >= 2
    assert rank1(record, "plain-colours") == 100  # what failed counts as found, and the rest is untouched


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--before", "{}/before"], "--before DIR and --after DIR"),
        (["--before", "{}/before", "--after", "{}/none"], "no such folder"),
        (["--before", "{}/before", "--after", "{}/before", "--painted", "x"], "--painted does not go with"),
        (["--before", "{}/before", "--after", "{}/before", "--fps", "25"], "their own clock"),
        (["--pairs", "{}/none.csv"], "no such file"),
    ],
)
def test_what_cannot_be_started_is_one_line(films, arguments, words):
    with pytest.raises(Exception, match=words):
        judge(films, *[a.format(films) for a in arguments], out="none")
    assert not (films / "none").exists()
