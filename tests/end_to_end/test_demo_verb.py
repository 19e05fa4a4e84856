"""``gaitbench demo``: a film of one walk through every system of a store, and refusals in one line."""

import pytest
from command_line import gaitbench

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("smoke")]

#: A probe of the suite `smoke`.
KEY = "082-nm-05-054"
#: Panels: the original, the binary silhouette, and what each colorizer of the suite painted.
FIRST = ("original", "binary anonymized")


@pytest.fixture
def store(smoke):
    """A store that a run of `smoke` has filled."""
    return smoke / "store"


def _demo(store, folder, *arguments, **more):
    where = ["--suite", "smoke", "--store", store, "--quiet", "--output", folder / "walk.mp4"]
    return gaitbench("demo", *arguments, *where, cwd=folder, **more)


def test_the_film_of_a_named_walk_is_h264_with_a_panel_for_every_system(store, tmp_path):
    av = pytest.importorskip("av")
    from PIL import Image

    from gaitbench.suites import load_suite

    done = _demo(store, tmp_path, KEY)
    assert done.stdout.splitlines()[:2] == [str(tmp_path / "walk.mp4"), str(tmp_path / "walk.webp")]
    assert "rendered walker, not a filmed one" in done.stdout
    systems = (*FIRST, *load_suite("smoke").systems.colorizer_names)
    with av.open(str(tmp_path / "walk.mp4")) as film:
        (stream,) = film.streams.video
        assert (stream.codec.name, stream.pix_fmt, float(stream.average_rate)) == ("h264", "yuv420p", 25.0)
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]
    # A frame of 64 x 44 pixels is shown four times as large, with six pixels beside every panel.
    assert frames[0].shape[1] == len(systems) * (4 * 44 + 6) + 6
    panels = [frames[3][-200:, 6 + i * 182 : 6 + i * 182 + 176].astype(int) for i in range(len(systems))]
    assert all(panel.max() - panel.min() > 60 for panel in panels)
    binary = panels[1]
    assert (abs(binary[..., 0] - binary[..., 1]) < 30).all() and binary.mean() < 200
    assert abs(panels[0][..., 0] - panels[0][..., 2]).max() > 30
    assert len(frames) >= 5 * 25 and (frames[0] != frames[5]).any()
    with Image.open(tmp_path / "walk.webp") as fallback:
        assert fallback.is_animated and fallback.n_frames > 10


def test_a_key_that_is_none_and_one_that_does_not_exist_are_refused_in_one_line(store, tmp_path):
    for key in ("nobody", "999-nm-05-054"):
        done = _demo(store, tmp_path, key, check=False)
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert key in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_that_does_not_exist_or_holds_no_data_is_refused_in_one_line(store, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for data in (empty, tmp_path / "none"):
        done = _demo(store, tmp_path, KEY, "--data", data, check=False)
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr
    done = gaitbench("report", empty, check=False)
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1 and str(empty) in done.stderr


def test_a_film_that_is_there_is_not_replaced_unasked(store, tmp_path):
    """Refused before anything is computed; the animated picture beside it counts, too."""
    (tmp_path / "walk.webp").write_bytes(b"mine")
    done = _demo(store, tmp_path, KEY, check=False)
    assert (
        done.returncode == 2 and "walk.webp is there already" in done.stderr and "--overwrite" in done.stderr
    )
    assert (tmp_path / "walk.webp").read_bytes() == b"mine" and not (tmp_path / "walk.mp4").exists()
    _demo(store, tmp_path, KEY, "--overwrite")
    assert (tmp_path / "walk.webp").read_bytes() != b"mine" and (tmp_path / "walk.mp4").is_file()
