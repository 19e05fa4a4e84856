"""Walkers written as CASIA-B and read back: the same sequences, bit for bit; whole or not there."""

import json

import numpy as np
import pytest

from gaitbench.datasets.exporting import export as export_module
from gaitbench.datasets.exporting.export import export_walkers
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.walkers import Walkers
from gaitbench.errors import DataError

FRAMES = 10
PEOPLE, ANGLES, KINDS = ["001", "002"], [36, 90], ["nm-01", "bg-01"]


@pytest.fixture(scope="module")
def walkers():
    return Walkers(seed=3, subjects=3, length=14)


@pytest.fixture(scope="module")
def exported(walkers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "walkers ü 歩"
    steps = []
    summary = export_walkers(
        walkers,
        folder,
        PEOPLE,
        ANGLES,
        KINDS,
        frames=FRAMES,
        progress=lambda share, text: steps.append((share, text)),
    )
    assert (summary.written, summary.present) == (8, 0)
    assert steps[-1] == (1.0, "002 bg-01") and len(steps) == 4
    return folder


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_layout_is_casia_b_s(exported):
    names = set(content(exported))
    assert {"001/nm-01/036/001-nm-01-036-001.png", "video/002-bg-01-090.avi", "walkers.json"} <= names
    assert {"video/001-bkgrd-090.avi", "video/001-bg-01-bkgrd-036.avi"} <= names
    assert not [n for n in names if "part" in n]


@pytest.mark.parametrize("frames", [None, 6])
def test_from_disk_comes_what_memory_gives(walkers, exported, frames):
    data = CasiaB(exported)
    keys = data.keys()
    assert data.rendered and len(keys) == 8
    for key in keys:
        film, read = walkers.load(key, frames=frames or FRAMES), data.load(key, frames=frames)
        a, b = prepare(film), prepare(read)
        assert np.array_equal(a.silhouettes, b.silhouettes) and np.array_equal(a.rgb, b.rgb)
        assert np.array_equal(a.plate, b.plate)
        assert np.array_equal(a.frame_numbers, b.frame_numbers) and a.frame_count == b.frame_count
        assert np.array_equal(film.background, read.background)


def test_ground_truth_is_there_from_disk_too(walkers, exported):
    key = SequenceKey("001", "bg-01", 90)
    a = walkers.true_masks(key, body="003", frames=4)
    b = CasiaB(exported).true_masks(key, body="003", frames=4)
    assert np.array_equal(a.masks, b.masks) and np.array_equal(a.rgb, b.rgb)


def test_without_videos_the_silhouettes_and_counts_are_the_same(walkers, exported, tmp_path):
    export_walkers(walkers, tmp_path / "s", ["001"], [90], ["bg-01"], video=False, frames=FRAMES)
    assert not (tmp_path / "s" / "video").exists()
    key = SequenceKey("001", "bg-01", 90)
    a, b = CasiaB(tmp_path / "s").load(key), CasiaB(exported).load(key)
    assert np.array_equal(a.silhouettes, b.silhouettes) and a.frame_count == b.frame_count
    assert a.frames is None


@pytest.mark.slow
def test_twice_the_same_bytes_and_an_interruption_leaves_nothing_half(
    walkers, exported, tmp_path, monkeypatch
):
    """Broken off in the second sequence, resumed by two processes: the bytes of the export at one go."""
    folder = tmp_path / "again"
    write, calls = export_module.write_lossless_avi, []

    def breaks(path, *args):
        calls.append(path)
        if len(calls) == 4:
            raise KeyboardInterrupt
        write(path, *args)

    monkeypatch.setattr(export_module, "write_lossless_avi", breaks)
    with pytest.raises(KeyboardInterrupt):
        export_walkers(walkers, folder, PEOPLE, ANGLES, KINDS, frames=FRAMES)
    monkeypatch.undo()
    assert [p.name for p in (folder / "001" / "nm-01").iterdir()] == ["036"]
    assert not list(folder.rglob("*.part"))
    summary = export_walkers(walkers, folder, PEOPLE, ANGLES, KINDS, frames=FRAMES, jobs=2)
    assert (summary.written, summary.present) == (7, 1)
    assert content(folder) == content(exported)


def test_another_export_or_other_files_are_not_mixed_in(walkers, exported, tmp_path):
    before = content(exported)
    with pytest.raises(DataError, match="export of other walkers"):
        export_walkers(
            Walkers(seed=4, subjects=3, length=14), exported, ["001"], [90], ["nm-01"], frames=FRAMES
        )
    assert content(exported) == before
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "walkers.json").write_bytes(b"\xff\xfe not a note")
    with pytest.raises(DataError, match="export of other walkers"):
        export_walkers(walkers, tmp_path / "broken", ["001"], [90], ["nm-01"])
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(DataError, match="holds something else"):
        export_walkers(walkers, tmp_path, ["001"], [90], ["nm-01"])
    with pytest.raises(DataError, match="no sequence 009-nm-01-090"):
        export_walkers(walkers, tmp_path / "new", ["009"], [90], ["nm-01"])
    assert not (tmp_path / "new").exists()


def test_the_note_says_that_nobody_was_filmed(exported):
    note = json.loads((exported / "walkers.json").read_text("utf-8"))
    assert note["seed"] == 3 and note["frames"] == FRAMES and "rendered" in note["what"]
