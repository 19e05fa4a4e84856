"""Walkers of every layout come in and are read again bit for bit; a second import goes on; nothing is mixed or lost."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from gaitbench.datasets import opening
from gaitbench.datasets.exporting.export import export_walkers
from gaitbench.datasets.opening import guess_format, open_data
from gaitbench.datasets.walkers import Walkers
from gaitbench.doctor.reading.raw import read_raw
from gaitbench.errors import ConfigError, DataError
from gaitbench.importing import run as run_module
from gaitbench.importing.asked import Asked
from gaitbench.importing.run import run_import

LAYOUTS = ("casia-b", "opengait", "ou-mvlp", "pictures", "npz")
PATTERNS = {"pictures": "{subject}/{condition}-{take}/{view}/{frame}.png"}


@pytest.fixture(scope="module")
def walkers():
    return Walkers(seed=3, subjects=2, length=14)


@pytest.fixture(scope="module")
def exported(walkers, tmp_path_factory):
    """Two walks of one person in every layout; CASIA-B's with videos."""
    root = tmp_path_factory.mktemp("walkers")
    for layout in LAYOUTS:
        export_walkers(walkers, root / layout, ["001"], [90], ["nm-01", "bg-01"], layout=layout, frames=10)
    return root


def brought_in(source, dest, pattern=None, to="casia-b", jobs=1, **how):
    return run_import(source, Asked(dest, to, **how), pattern=pattern, jobs=jobs)


def same(one, other, video=True):
    """Whether two data sets hold the same recordings, bit for bit."""
    assert one.keys() == other.keys() and one.keys()
    for key in one.keys():  # noqa: SIM118 - no dict
        a, b = one.load(key, video=video), other.load(key, video=video)
        assert np.array_equal(a.silhouettes, b.silhouettes) and a.silhouettes.dtype == b.silhouettes.dtype
        assert np.array_equal(a.frame_numbers, b.frame_numbers) and a.frame_count == b.frame_count
        assert a.aligned == b.aligned
        for x, y in ((a.frames, b.frames), (a.background, b.background)):
            assert (x is None) == (y is None) and (x is None or np.array_equal(x, y))


@pytest.mark.parametrize("to", ["casia-b", "npz"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_comes_in_bit_for_bit(exported, tmp_path, layout, to):
    pattern = PATTERNS.get(layout)
    source = exported / layout
    found = brought_in(source, tmp_path / "in", pattern, to)
    assert found.counts["written"] == 2 and not found.problems
    assert guess_format(tmp_path / "in") == ("imported" if to == "casia-b" else "npz")
    original = open_data(source, layout if pattern is None else None, pattern=pattern)
    read = open_data(tmp_path / "in", guess_format(tmp_path / "in"))
    same(original, read, video=to == "casia-b")
    assert read.rendered and read.name == "walkers"


def test_casia_b_s_tree_is_one_for_every_other_tool(exported, tmp_path):
    brought_in(exported / "casia-b", tmp_path / "in")
    shutil.rmtree(tmp_path / "in" / ".import")
    assert guess_format(tmp_path / "in") == "casia-b"
    same(open_data(exported / "casia-b", "casia-b"), open_data(tmp_path / "in", "casia-b"))


def content(folder):
    return {p.relative_to(folder): p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}


def test_an_import_that_was_stopped_goes_on_and_says_what_is_there(exported, tmp_path, monkeypatch):
    whole, dest = tmp_path / "whole", tmp_path / "in"
    brought_in(exported / "npz", whole)
    monkeypatch.setattr(opening, "_TOGETHER", 1)
    work, calls = run_module._work, []

    def stops(*task):
        calls.append(task)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return work(*task)

    monkeypatch.setattr(run_module, "_work", stops)
    with pytest.raises(KeyboardInterrupt):
        brought_in(exported / "npz", dest)
    monkeypatch.setattr(run_module, "_work", work)
    assert len(list((dest / ".import" / "sequences").glob("*.json"))) == 1
    assert (found := brought_in(exported / "npz", dest)).counts == {
        "written": 1, "present": 1, "refused": 0, "failed": 0,
    }  # fmt: skip
    assert content(dest) == content(whole)
    assert brought_in(exported / "npz", dest).counts["present"] == 2
    assert not [p for p in content(dest) if ".part" in p.name] and found.score > 0.9


def test_what_was_killed_before_its_note_is_taken_up(exported, tmp_path):
    brought_in(exported / "npz", tmp_path / "in")
    for note in (tmp_path / "in" / ".import" / "sequences").glob("*bg*"):
        note.unlink()
    assert len(open_data(tmp_path / "in", "imported").keys()) == 1
    assert not brought_in(exported / "npz", tmp_path / "in").problems
    assert len(open_data(tmp_path / "in", "imported").keys()) == 2


def test_nothing_is_overwritten_and_sources_are_not_mixed(exported, tmp_path):
    source = tmp_path / "source"
    shutil.copytree(exported / "npz", source)
    brought_in(source, tmp_path / "in")
    before = content(tmp_path / "in")
    one, other = sorted(source.glob("*.npz"))
    shutil.copyfile(other, one)
    found = brought_in(source, tmp_path / "in")
    assert found.counts["failed"] == 1 and "already with other content" in found.problems[0]
    assert content(tmp_path / "in") == before
    with pytest.raises(DataError, match="other data, or in another way"):
        brought_in(source, tmp_path / "in", to="npz")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    with pytest.raises(DataError, match="something else"):
        brought_in(source, tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.tex"]


def test_a_damaged_sequence_is_named_and_the_rest_comes_in(exported, tmp_path):
    source = tmp_path / "source"
    shutil.copytree(exported / "npz", source)
    damaged = min(source.glob("*.npz"))
    damaged.write_bytes(damaged.read_bytes()[:200])
    found = brought_in(source, tmp_path / "in", jobs=2)
    assert found.counts == {"written": 1, "present": 0, "refused": 0, "failed": 1}
    assert damaged.name in found.problems[0]


def test_names_of_any_kind_and_another_rate_come_through(tmp_path):
    draws = np.random.default_rng(0)
    masks = np.zeros((60, 80, 60), np.uint8)
    masks[:, 10:70, 20:40] = draws.integers(0, 2, (60, 60, 20)) | 1
    masks[:, 10:70, 24:36] = 1
    (tmp_path / "s").mkdir()
    name = "a%2Db-autumn@U0_D0_BG-left%2D1"
    np.savez(tmp_path / "s" / f"{name}.npz", silhouettes=masks * 255)
    found = run_import(tmp_path / "s", Asked(tmp_path / "in"), rate=50.0, jobs=1)
    assert found.counts["written"] == 1
    data = open_data(tmp_path / "in", "imported")
    (key,) = data.keys()
    assert (str(key), key.subject, key.session, key.view) == (name, "a-b", "autumn", "left-1")
    read = data.load(key)
    assert read.frame_numbers.tolist() == list(range(1, 31)) and data.name == "npz"
    assert np.array_equal(read.silhouettes, masks[::2] > 0)
    assert any("50 frames a second" in text and "taken at 25" in text for text in read.notes)


def test_silhouettes_that_are_no_people_are_kept_and_said(tmp_path):
    masks = np.zeros((12, 60, 80), bool)
    masks[:, 20:40, 5:75] = True
    (tmp_path / "s").mkdir()
    np.savez(tmp_path / "s" / "001-nm-01-090.npz", silhouettes=masks)
    found = run_import(tmp_path / "s", Asked(tmp_path / "in"), jobs=1)
    assert found.counts["written"] == 1 and found.score == 0
    assert "0 % of its frames look like one whole person" in found.problems[0]
    note = json.loads((tmp_path / "in" / ".import" / "sequences" / "001-nm-01-090.json").read_text())
    assert note["faults"] == {"shape": 12}


def test_parts_of_a_torn_person_are_all_there_when_read_again(tmp_path):
    """Crops that somebody has aligned are taken as they are: a leg far from the trunk is no speck."""
    masks = np.zeros((12, 64, 44), bool)
    masks[:, 2:30, 14:30] = masks[:, 50:62, 16:28] = masks[:, 3, 40] = True
    (tmp_path / "s").mkdir()
    np.savez(tmp_path / "s" / "001-nm-01-090.npz", silhouettes=masks, aligned=True)
    run_import(tmp_path / "s", Asked(tmp_path / "in"), jobs=1)
    data = open_data(tmp_path / "in", "imported")
    (key,) = data.keys()
    assert np.array_equal(data.load(key).silhouettes, masks) and data.load(key).aligned
    assert data.load(key, frames=5).frame_numbers.tolist() == [1, 2, 3, 4, 5]
    raw = read_raw(data, key)
    assert raw.aligned and raw.levels and len(raw.pictures) == 12
    min((tmp_path / "in" / "001" / "nm-01" / "090").iterdir()).unlink()
    with pytest.raises(DataError, match=r"11 pictures in .*, 12 came in"):
        data.load(key)


def test_an_import_comes_in_as_another_layout(exported, tmp_path):
    brought_in(exported / "casia-b", tmp_path / "in")
    found = brought_in(tmp_path / "in", tmp_path / "files", to="npz")
    assert found.format == "imported" and found.counts["written"] == 2
    same(open_data(exported / "casia-b", "casia-b"), open_data(tmp_path / "files", "npz"), video=False)


def test_dest_in_the_source_is_refused(exported):
    with pytest.raises(ConfigError, match="lie in each other"):
        brought_in(exported / "npz", exported / "npz" / "in")
    assert not (exported / "npz" / "in").exists()
