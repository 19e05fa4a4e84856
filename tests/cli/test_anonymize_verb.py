"""`gaitbench anonymize`: several videos, what is there already, bad input; the bundled systems on a drawn film."""

import os
import subprocess
import sys

import numpy as np
import pytest
from drawn_film import walk, wall, write

from gaitbench.datasets.video import read_video

FREE = ("--anonymizer", "deform", "--colorizer", "warp", "--quiet", "--seed", "1")


def anonymize(*words):
    return subprocess.run(
        [sys.executable, "-m", "gaitbench", "anonymize", *map(str, words)],
        capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return write(tmp_path_factory.mktemp("clips") / "walk.mp4", walk(40, start=-20.0, step=7.0)[0])


def test_one_bad_video_does_not_stop_the_others(clip, tmp_path):
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    empty = write(tmp_path / "empty.mp4", np.repeat(wall()[None], 20, 0))
    before = clip.read_bytes()
    found = anonymize(text, empty, tmp_path / "gone.mp4", clip, "-o", tmp_path / "out", *FREE)
    assert found.returncode == 1, found.stderr
    lines = found.stderr.splitlines()
    assert len(lines) == 3 and all(line.startswith("gaitbench: ") for line in lines)
    for line, words in zip(lines, ("not a readable video", "nobody is seen", "no such video"), strict=True):
        assert words in line
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["walk.json", "walk.mp4"]
    assert read_video(tmp_path / "out" / "walk.mp4").shape == read_video(clip).shape
    assert clip.read_bytes() == before

    made = (tmp_path / "out" / "walk.mp4").read_bytes()
    again = anonymize(clip, "-o", tmp_path / "out", *FREE)
    assert again.returncode == 0 and "left as it is" in again.stdout
    other = anonymize(clip, "-o", tmp_path / "out", *FREE, "--strength", "0.5")
    assert other.returncode == 1 and "is there already" in other.stderr
    assert (tmp_path / "out" / "walk.mp4").read_bytes() == made


def test_a_file_of_the_user_is_never_overwritten(clip, tmp_path):
    mine = tmp_path / "mine.mp4"
    mine.write_bytes(b"precious")
    found = anonymize(clip, "-o", mine, *FREE)
    assert found.returncode == 1 and "is there already" in found.stderr
    assert mine.read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--anonymizer", "original"), "hides nobody"),
        (("--anonymizer", "modell-2"), "did you mean 'model-2'"),
        (("--colorizer", "baseline"), "must be trained first"),
        (("--anonymizer", "blur", "--strength", "2"), "strength"),
        (("--anonymizer", "model-2", "--strength", "7"), "strength"),
    ],
)
def test_what_no_video_can_have_is_refused_before_anything(clip, tmp_path, words, why):
    found = anonymize(clip, "-o", tmp_path / "out", *words)
    assert found.returncode == 2 and why in found.stderr and len(found.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_two_videos_of_one_name_are_refused(clip, tmp_path):
    other = write(tmp_path / "walk.mp4", walk(10)[0])
    found = anonymize(clip, other, "-o", tmp_path / "out", *FREE)
    assert found.returncode == 2 and "would both become" in found.stderr


@pytest.mark.parametrize("anonymizer", ["model-2", "model-1"])
def test_the_bundled_systems_need_no_training(clip, tmp_path, anonymizer):
    found = anonymize(
        clip, "-o", tmp_path / "new.mp4", "--seed", 1, "--anonymizer", anonymizer, "--keep", "masks"
    )
    assert found.returncode == 0, found.stderr
    shown, filmed = (read_video(p).astype(int) for p in (tmp_path / "new.mp4", clip))
    assert shown.shape == filmed.shape
    red = (shown[..., 0] - shown[..., 1:].max(axis=-1) > 40).sum(axis=(1, 2))
    assert red[12:28].min() > 100  # the shirt is still red
    assert (np.abs(shown - filmed).max(axis=-1) > 60).sum(axis=(1, 2))[12:28].min() > 50  # on another body
