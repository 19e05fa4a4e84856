"""The folder of a run: whole or not at all, locked, and nothing of the user's is ever replaced or removed."""

import errno
import subprocess
import sys
import textwrap
from pathlib import Path
from unittest import mock

import pytest

from gaitbench.errors import ConfigError, DataError
from gaitbench.results.files.folder import output_folder
from gaitbench.results.files.own_files import HOUSE, LIST, read_list


def fill(target, files, **options):
    with output_folder(target, **options) as part:
        for name, text in files.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_text(text)


def shown(folder):
    """Every file but those of the hidden folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and HOUSE not in path.parts
    }


def test_it_appears_when_the_block_ends_and_replaces_an_earlier_run(tmp_path):
    target = tmp_path / "deep" / "out"
    for text in ("first", "second"):
        fill(target, {"run.json": text, "tables/all.tex": text})
        assert shown(target) == {"run.json": text, "tables/all.tex": text}
    assert [p.name for p in target.parent.iterdir()] == ["out"]
    assert set(read_list(target)) == {"run.json", "tables/all.tex"}


def test_what_the_user_put_there_stays_and_what_is_no_longer_made_goes(tmp_path):
    fill(tmp_path / "out", {"run.json": "1", "tables/old.csv": "1", "tables/all.tex": "1"})
    mine = {
        "notes.txt": "mine",
        "mine/thesis.tex": "mine",
        "tables/mine.csv": "mine",
        "figures/mine.png": "mine",
    }
    for name, text in mine.items():
        (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_text(text)
    fill(tmp_path / "out", {"run.json": "2", "tables/all.tex": "2"})
    assert shown(tmp_path / "out") == {**mine, "run.json": "2", "tables/all.tex": "2"}


def test_only_what_is_renewed_is_removed(tmp_path):
    fill(tmp_path, {"samples/a.png": "1", "tables/old.csv": "1"})
    fill(tmp_path, {"tables/new.csv": "2"}, renewed=("tables/",))
    assert shown(tmp_path) == {"samples/a.png": "1", "tables/new.csv": "2"}


def test_a_file_in_our_place_that_is_not_ours_is_kept_under_another_name(tmp_path, caplog):
    fill(tmp_path, {"a.csv": "1", "b.csv": "1", "c.csv": "1"})
    (tmp_path / "a.csv").write_text("edited")
    (tmp_path / "c.csv").write_text("edited")
    (tmp_path / "new.csv").write_text("mine")
    (tmp_path / "a.csv.kept").write_text("older")
    fill(tmp_path, {"a.csv": "2", "b.csv": "2", "new.csv": "2"})
    assert shown(tmp_path) == {
        "a.csv": "2", "a.csv.kept": "older", "a.csv.kept2": "edited", "b.csv": "2", "c.csv": "edited",
        "new.csv": "2", "new.csv.kept": "mine",
    }  # fmt: skip
    assert "a.csv is not as gaitbench wrote it; it is kept as a.csv.kept2" in caplog.text
    assert "c.csv is of an earlier run, but was changed since: it stays" in caplog.text


def test_equal_files_are_left_as_they_are(tmp_path):
    fill(tmp_path, {"a.csv": "1"})
    before = (tmp_path / "a.csv").stat().st_mtime_ns
    fill(tmp_path, {"a.csv": "1"})
    assert (tmp_path / "a.csv").stat().st_mtime_ns == before


def test_an_error_leaves_what_was_there(tmp_path):
    target = tmp_path / "out"
    fill(target, {"run.json": "kept"})
    with pytest.raises(KeyboardInterrupt), output_folder(target) as part:
        (part / "run.json").write_text("half")
        raise KeyboardInterrupt
    assert shown(target) == {"run.json": "kept"} and not (target / HOUSE / "part").exists()
    with pytest.raises(KeyboardInterrupt), output_folder(tmp_path / "a" / "b") as part:
        raise KeyboardInterrupt
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_what_this_program_did_not_make_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.json").write_text('{"name": "another program\'s"}')
    (tmp_path / "notes.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    for target in (tmp_path, tmp_path / "notes.txt", tmp_path / "mine"):
        with pytest.raises(ConfigError, match="no earlier run"), output_folder(target):
            raise AssertionError("never entered")
    assert sorted(tmp_path.rglob("*")) == before


def test_links_are_neither_followed_nor_replaced(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "all.tex").write_text("mine")
    target = tmp_path / "out"
    for name, to in (("tables", outside), ("report.html", outside / "all.tex")):
        fill(target, {"run.json": "1"})
        (target / name).symlink_to(to)
        with pytest.raises(ConfigError, match=f"{name} is a link"):
            fill(target, {"run.json": "2", "tables/all.tex": "2", "report.html": "2"})
        assert (outside / "all.tex").read_text() == "mine" and (target / "run.json").read_text() == "1"
        (target / name).unlink()
    # a folder of ours that became a link: what lies behind it is not removed, though its name and hash are on the list
    fill(target, {"run.json": "1", "tables/all.tex": "mine"})
    (target / "tables" / "all.tex").unlink()
    (target / "tables").rmdir()
    (target / "tables").symlink_to(outside)
    fill(target, {"run.json": "2"})
    assert (outside / "all.tex").read_text() == "mine" and (target / "run.json").read_text() == "2"
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / HOUSE).symlink_to(outside)
    with pytest.raises(ConfigError, match="no earlier run"):
        fill(tmp_path / "house", {"run.json": "1"})


def test_a_list_that_names_files_elsewhere_removes_nothing(tmp_path):
    (tmp_path / "victim").write_text("mine")
    fill(tmp_path / "out", {"run.json": "1"})
    mark = "4a3aa2ad4ea5cd9d1e6ccfd1d2ad6a6fe8c2a6e0a2e3ad0c9c7a1fcbb1ffdb52"
    for name in ("../victim", str(tmp_path / "victim")):
        (tmp_path / "out" / LIST).write_text(f'{{"files": {{"{name}": ["{mark}"]}}}}')
        assert read_list(tmp_path / "out") == {}
    (tmp_path / "out" / LIST).write_text("[")
    (tmp_path / "out" / "tables").mkdir()
    (tmp_path / "out" / "tables" / "mine.csv").write_text("mine")
    fill(tmp_path / "out", {"run.json": "2"})
    assert (tmp_path / "victim").exists() and (tmp_path / "out" / "tables" / "mine.csv").exists()


def test_a_file_where_a_folder_must_be_is_named(tmp_path):
    fill(tmp_path, {"run.json": "1"})
    (tmp_path / "tables").write_text("mine")
    with pytest.raises(ConfigError, match=r"tables stands where --output needs tables/all.tex"):
        fill(tmp_path, {"run.json": "2", "tables/all.tex": "2"})
    assert shown(tmp_path) == {"run.json": "1", "tables": "mine"}


def test_a_second_process_waits_with_a_word_and_is_then_refused(tmp_path, caplog):
    code = f"""
        import sys
        from pathlib import Path
        from gaitbench.results.files.folder import output_folder
        with output_folder(Path({str(tmp_path / "out")!r})) as part:
            (part / "run.json").write_text("first")
            print("held", flush=True)
            sys.stdin.readline()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(ConfigError, match="written by another gaitbench"):
            fill(tmp_path / "out", {"run.json": "second"}, wait=0.2)
        assert "waiting" in caplog.text
        first.communicate("go\n")
    assert shown(tmp_path / "out") == {"run.json": "first"}
    fill(tmp_path / "out", {"run.json": "second"})
    assert shown(tmp_path / "out") == {"run.json": "second"}


def test_what_a_killed_process_left_is_swept(tmp_path):
    part = tmp_path / HOUSE / "part"
    part.mkdir(parents=True)
    (part / "half.csv").write_text("x")
    fill(tmp_path, {"run.json": "1"})
    assert shown(tmp_path) == {"run.json": "1"} and not part.exists()


@pytest.mark.parametrize("name", ["write_list", "content_hash"])
def test_a_full_disk_is_one_line_and_leaves_what_was_there(tmp_path, name):
    fill(tmp_path / "out", {"run.json": "1"})
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(DataError, match="No space left on device") as caught, output_folder(tmp_path / "out"):
        raise full
    assert "\n" not in str(caught.value)
    with (
        mock.patch(f"gaitbench.results.files.folder.{name}", side_effect=full),
        pytest.raises(DataError, match="space"),
    ):
        fill(tmp_path / "out", {"run.json": "2"})
    assert shown(tmp_path / "out") == {"run.json": "1"} and not (tmp_path / "out" / HOUSE / "part").exists()


def test_an_error_of_reading_elsewhere_is_not_blamed_on_the_output(tmp_path):
    with pytest.raises(FileNotFoundError), output_folder(tmp_path / "out"):
        Path(tmp_path / "no such data").read_text()
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(__import__("os"), "geteuid"), reason="Unix permissions")
def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(ConfigError, match=r"--publish .* cannot be written"),
        output_folder(tmp_path / "file" / "out", option="--publish"),
    ):
        raise AssertionError("never entered")
