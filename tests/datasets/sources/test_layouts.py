"""Walkers exported in every layout come back bit for bit, packed or not, and are guessed for what they are."""

import pickle
import shutil
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from moving_blob import outline, write_png

from gaitbench.datasets.exporting.export import export_walkers
from gaitbench.datasets.exporting.layouts import LAYOUTS
from gaitbench.datasets.opening import open_data
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.npz import NpzFolder
from gaitbench.datasets.sources.pattern import PATTERN, PatternFolder, compiled
from gaitbench.datasets.walkers import Walkers
from gaitbench.errors import ConfigError, DataError

FRAMES = 10


@pytest.fixture(scope="module")
def walkers():
    return Walkers(seed=3, subjects=3, length=14)


@pytest.fixture(scope="module", params=[*LAYOUTS, "casia-b"])
def exported(request, walkers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "set"
    given = (walkers, folder, ["001", "002"], [36, 90], ["nm-01", "bg-01"])
    export_walkers(*given, layout=request.param, video=False, frames=FRAMES)
    return request.param, folder


def same_as_in_memory(data, walkers):
    assert len(data.keys()) == 8 and data.rendered and data.name == "walkers"
    for key in data.keys():  # noqa: SIM118 - no dict
        want = prepare(walkers.load(key, frames=FRAMES), rgb=False)
        got = prepare(data.load(key, frames=FRAMES), rgb=False)
        assert np.array_equal(got.silhouettes, want.silhouettes), key
        assert got.frame_numbers.tolist() == want.frame_numbers.tolist()


def test_every_layout_comes_back_bit_for_bit(exported, walkers):
    layout, folder = exported
    pattern = PATTERN if layout == "pictures" else None
    data = open_data(folder, pattern=pattern)
    assert type(data).__name__ in {
        "opengait": "OpenGait", "ou-mvlp": "OuMvlp", "pictures": "PatternFolder", "npz": "NpzFolder",
        "casia-b": "CasiaB",
    }[layout]  # fmt: skip
    same_as_in_memory(data, walkers)
    same_as_in_memory(pickle.loads(pickle.dumps(data)), walkers)


@pytest.mark.parametrize("kind", ["zip", "gztar", "tar", "one a person"])
def test_packed_it_is_the_same(exported, walkers, tmp_path, kind):
    layout, folder = exported
    root = tmp_path / "packed"
    root.mkdir()
    if kind == "one a person":
        if layout in ("npz", "ou-mvlp", "opengait"):
            pytest.skip("packed by person is CASIA-B's way")
        for subject in ("001", "002"):
            with tarfile.open(root / f"{subject}.tar.gz", "w:gz") as out:
                out.add(folder / subject, subject)
    else:
        shutil.make_archive(str(root / "set"), kind, folder)
    shutil.copy(folder / "walkers.json", root)
    before = sorted(p.name for p in root.rglob("*"))
    for place in (root, next(p for p in root.iterdir() if p.suffix != ".json")):
        if place.is_file() and kind == "one a person":
            continue
        data = open_data(place)
        assert not Path(tmp_path / "001").exists()
        same_as_in_memory(data, walkers)
    assert sorted(p.name for p in root.rglob("*")) == before  # nothing was unpacked
    assert open_data(root).fingerprint() == open_data(root).fingerprint()


def test_an_export_again_writes_the_same_bytes(exported, walkers, tmp_path):
    layout, folder = exported
    given = (walkers, tmp_path / "again", ["001"], [36], ["nm-01"])
    export_walkers(*given, layout=layout, video=False, frames=FRAMES)
    for path in (tmp_path / "again").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (folder / path.relative_to(tmp_path / "again")).read_bytes()


# -- patterns ------------------------------------------------------------------------------------------------


def picture(root, name):
    write_png(root / name, outline(100, 1))


@pytest.mark.parametrize(
    ("pattern", "name", "key", "number"),
    [
        (PATTERN, "007/nm-01/090/12.png", "007-nm-01-090", 12),
        (PATTERN, "deep/er/007/cl-nt-02/90/f-012.png", "007-cl%2Dnt%2D02-090", 12),
        ("{subject}-{condition}-{take}-{view}-{frame}.png", "007-nm-01-090-001.png", "007-nm-01-090", 1),
        ("{subject}_{session}/{view}/{frame}.*", "anna_spring/left/12.jpg", "anna-spring@walk-left", 12),
        ("{subject}/{type}/{frame}.png", "1/00-nm/5.png", "1-nm-00-any", 5),
        ("{view}/{subject}/{subject}_{frame}.png", "side/9/9_3.png", "9-walk-side", 3),
    ],
)
def test_patterns(tmp_path, pattern, name, key, number):
    picture(tmp_path, name)
    data = PatternFolder(tmp_path, pattern=pattern)
    assert [str(k) for k in data.places] == [key]
    assert list(data.places[data.keys()[0]]) == [number]
    assert data.load(data.keys()[0]).silhouettes.shape[0] == 1


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("{subject}/{frames}.png", "field {frames}"), ("{subject}/x.png", "lacks {frame}"),
        ("{frame}.png", "lacks {sub"),
        ("{subject}/{}/{frame}.png", "without a name"), ("{subject/{frame}.png", "sign"), ("", "lacks"),
        ("{subject}/{type}/{take}/{frame}.png", "in one"),
    ],
)  # fmt: skip
def test_patterns_that_say_nothing_are_refused(pattern, why):
    with pytest.raises(ConfigError, match=why):
        compiled(pattern)


def test_a_pattern_that_never_ends_to_match_ends_at_once(tmp_path):
    import time

    picture(tmp_path, "-".join("a" * 100) + ".png")
    started = time.perf_counter()
    with pytest.raises(DataError, match="no picture named"):
        PatternFolder(tmp_path, pattern="{subject}-{condition}-{take}-{view}-{frame}/x.png").keys()
    assert time.perf_counter() - started < 2


def test_what_the_pattern_does_not_fit_is_said_and_a_name_that_cannot_be(tmp_path, caplog):
    for name in (
        "007/nm-01/090/1.png",
        "007/nm-01/odd.png",
        "007/nm-01/090/none.png",
        "007/nm-01/090/01.png",
    ):
        picture(tmp_path, name)
    data = PatternFolder(tmp_path)
    assert len(data.keys()) == 1
    for part in ("odd.png", "no frame number", "frame 1:"):
        assert part in caplog.text
    with pytest.raises(DataError, match=r"no picture named .* \(it holds"):
        PatternFolder(tmp_path, pattern="{subject}+{frame}.png").keys()
    with pytest.raises(ConfigError, match="--pattern does not go with --format opengait"):
        open_data(tmp_path, "opengait", pattern=PATTERN)


# -- npz -------------------------------------------------------------------------------------------------------


def masks(frames=5):
    return np.stack([outline(100, t) for t in range(frames)])


def npz(root, name="001-nm-01-090", **arrays):
    np.savez_compressed(root / f"{name}.npz", **arrays)
    return NpzFolder(root)


def test_npz_of_bool_levels_and_floats_are_one(tmp_path):
    want = masks() > 0
    for i, given in enumerate((want, want.astype(np.uint8), want * np.uint8(255), want.astype(np.float32))):
        data = npz(tmp_path, f"00{i + 1}-nm-01-090", silhouettes=given, frame_numbers=np.arange(3, 8))
    for key in data.keys():  # noqa: SIM118
        read = data.load(key)
        assert np.array_equal(read.silhouettes, want)
        assert read.frame_numbers.tolist() == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"silhouettes": np.array([[None]], dtype=object)}, "Python objects"),
        ({"silhouettes": masks() > 0, "extra": np.array([print], dtype=object)}, "Python objects"),
        ({"masks": masks()}, "no array silhouettes"),
        ({"silhouettes": masks()[0]}, "shape"),
        ({"silhouettes": masks(), "frame_numbers": np.arange(5)}, "ascending"),
        ({"silhouettes": masks(), "frame_numbers": np.arange(1, 5)}, "ascending"),
        ({"silhouettes": np.array([[["a"]]])}, "no silhouettes"),
    ],
)
def test_npz_of_something_else_are_refused(tmp_path, arrays, why):
    data = npz(tmp_path, **arrays)
    with pytest.raises(DataError, match=why) as error:
        data.load(SequenceKey("001", "nm-01", 90))
    assert "001-nm-01-090" in str(error.value)


def test_npz_bombs_are_not_unpacked(tmp_path):
    import io
    import resource

    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "|u1", "fortran_order": False, "shape": (10**6, 10**3, 10**3)}
    )
    with zipfile.ZipFile(tmp_path / "001-nm-01-090.npz", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("silhouettes.npy", head.getvalue() + b"abc")
    with (
        zipfile.ZipFile(tmp_path / "002-nm-01-090.npz", "w", zipfile.ZIP_DEFLATED) as out,
        out.open("silhouettes.npy", "w", force_zip64=True) as stream,
    ):
        stream.write(head.getvalue())
        for _ in range(600):
            stream.write(bytes(2**20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for subject, why in (("001", "larger than the file"), ("002", "unpacks to more")):
        with pytest.raises(DataError, match=why):
            NpzFolder(tmp_path).load(SequenceKey(subject, "nm-01", 90))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
