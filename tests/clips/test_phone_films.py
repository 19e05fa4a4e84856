"""Films as telephones write them, made by the ffmpeg program: 10 bits, turned, at a varying rate, odd, with sound."""

import json
import shutil
import subprocess

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from drawn_film import walk, wall

from gaitbench.anonymizers.controls import Original
from gaitbench.cli.import_data import command as import_verb
from gaitbench.clips.output import Wishes, anonymize_clip
from gaitbench.clips.pairs.masks import film_masks
from gaitbench.colorizers.warp import Warp
from gaitbench.datasets.video import read_timed, read_video
from gaitbench.datasets.video_writing import write_lossless_avi

FFMPEG = shutil.which("ffmpeg")
#: What each file is: the encoder and its pixels, degrees by which players turn it, what else.
PHONES = {
    "hevc-10-bit": ("libx265", "yuv420p10le", 0, ()),
    "h264-10-bit-turned-90": ("libx264", "yuv420p10le", 90, ()),
    "hevc-turned-180-with-sound": ("libx265", "yuv420p", 180, ("sound",)),
    "h264-turned-270-varying": ("libx264", "yuv420p", 270, ("varying", "sound")),
    "h264-10-bit-odd": ("libx264", "yuv444p10le", 0, ("odd",)),
    "hevc-10-bit-turned-90-varying-with-sound": ("libx265", "yuv420p10le", 90, ("varying", "sound")),
}


def times_of(frames, how):
    """Seconds of each frame: as telephones do in the dark, every third one is late."""
    late = 0.02 * (np.arange(frames) % 3 == 2) if "varying" in how else 0.0
    return np.arange(frames) / 25 + late


@pytest.fixture(scope="module")
def drawn():
    empty = np.repeat(wall()[None], 15, 0)
    film, masks = walk(50, step=6.0)
    nobody = np.zeros((15, *masks.shape[1:]), bool)
    return np.concatenate([empty, film, empty]), np.concatenate([nobody, masks, nobody])


def filmed(folder, film, name):
    """The file of a telephone that shows `film`."""
    if FFMPEG is None:
        pytest.skip("the ffmpeg program is not installed: it makes these files")
    codec, pixels, turned, how = PHONES[name]
    # held the other way, so that a player has to turn it
    held = np.rot90(film, -turned // 90, axes=(1, 2))
    held = held[:, :-1, :-1] if "odd" in how else held
    source = folder / f"{name}.avi"
    write_lossless_avi(source, held)
    words = [FFMPEG, "-v", "error", "-y"]
    # players turn by so many degrees counter-clockwise
    plain = folder / f"{name}-plain.mp4"
    clock = [
        "-vf",
        "settb=1/1000,setpts='(N/25+0.02*eq(mod(N,3),2))/TB'",
        "-fps_mode",
        "passthrough",
        "-enc_time_base",
        "1/1000",
    ]
    sound = ["-f", "lavfi", "-t", "2", "-i", "sine=440"] if "sound" in how else []
    quality = ["-x265-params", "log-level=error", "-crf", "12"] if codec == "libx265" else ["-crf", "12"]
    made = subprocess.run(
        [*words, "-i", str(source), *sound, *(clock if "varying" in how else []), "-c:v", codec, *quality,
         "-pix_fmt", pixels, "-c:a", "aac", str(plain)],
        capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode and "Unknown encoder" in made.stderr:
        pytest.skip(f"this ffmpeg has no {codec}")
    assert made.returncode == 0, made.stderr
    if not turned:
        return plain
    path = folder / f"{name}.mp4"
    copy = ["-i", str(plain), "-c", "copy"]
    ways = (
        ["-display_rotation", str(turned), *copy],
        [*copy, "-metadata:s:v:0", f"rotate={turned}"],  # before version 6
    )
    for way in ways:
        copied = subprocess.run([*words, *way, str(path)], capture_output=True, text=True)
        if copied.returncode == 0:
            break
    assert copied.returncode == 0, copied.stderr
    return path


@pytest.mark.parametrize("name", PHONES)
def test_a_film_of_a_telephone_is_read_as_a_player_shows_it(name, drawn, tmp_path):
    film, _ = drawn
    how = PHONES[name][3]
    seen, times = read_timed(filmed(tmp_path, film, name))
    shown = film[:, :-1, :-1] if "odd" in how else film
    assert seen.shape == shown.shape and seen.dtype == np.uint8
    assert np.abs(seen.astype(int) - shown).mean() < 4, "upright, and the same levels"
    np.testing.assert_allclose(times, times_of(len(film), how), atol=0.003)


@pytest.mark.parametrize("name", ["h264-10-bit-odd", "hevc-10-bit-turned-90-varying-with-sound"])
def test_a_film_of_a_telephone_goes_through_all_three_verbs(name, drawn, tmp_path):
    film, true = drawn
    path = filmed(tmp_path, film, name)
    true = true[:, : -1 if "odd" in name else None, : -1 if "odd" in name else None]
    walked = np.flatnonzero(true.sum(axis=(1, 2)) > 0.95 * true.sum(axis=(1, 2)).max())

    def overlap(masks):
        return np.mean([(masks[n] & true[n]).sum() / (masks[n] | true[n]).sum() for n in walked])

    output = tmp_path / "out" / "new.mp4"
    outcome = anonymize_clip(path, output, Original(), Warp(), Wishes(seed=1, masks=True), mark="x")
    new, times = read_timed(output)
    assert outcome.frames == len(film) and new.shape == (len(film), *true.shape[1:], 3)
    np.testing.assert_allclose(times, times_of(len(film), PHONES[name][3]), atol=0.003)
    kept = sorted((tmp_path / "out" / "new.masks" / "original").glob("*.png"))
    assert overlap([cv2.imread(str(one), cv2.IMREAD_GRAYSCALE) > 0 for one in kept]) > 0.8

    found = film_masks(path)
    judged = np.zeros_like(true)
    for number, png in found.pictures.items():
        judged[number - 1] = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE) > 0
    assert overlap(judged) > 0.8 and not found.doubts

    films = tmp_path / "films"
    films.mkdir()
    shutil.copyfile(path, films / "anna_1_90.mp4")
    done = CliRunner().invoke(
        import_verb, [str(films), str(tmp_path / "set"), "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)
    pictures = [cv2.imread(str(p), cv2.IMREAD_GRAYSCALE) for p in sorted((tmp_path / "set").rglob("*.png"))]
    people = [p > 0 for p in pictures if p is not None and p.shape == true.shape[1:]]
    assert len(people) >= 20
    assert np.median([m.sum() for m in people]) == pytest.approx(
        np.median(true[walked].sum(axis=(1, 2))), rel=0.12
    )
    (clip,) = [p for p in (tmp_path / "set" / "video").glob("*.avi") if "bkgrd" not in p.name]
    assert read_video(clip, 1).shape[1:3] == true.shape[1:]
