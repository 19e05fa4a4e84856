"""``gaitbench evaluate --embeddings``: exit codes, first lines, and files that are refused."""

import contextlib
import json
from unittest import mock

import numpy as np
import pytest
from click.testing import CliRunner
from made_embeddings import arrays

from gaitbench.cli.evaluate import command
from gaitbench.errors import ConfigError, DataError


def run(folder, *arguments, report=False):
    args = [*map(str, arguments), "--suite", "smoke", "--quiet", "--output", str(folder / "out")]
    with contextlib.nullcontext() if report else mock.patch("gaitbench.reporting.report.fill_report"):
        done = CliRunner().invoke(command, args)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def files(tmp_path):
    np.savez(tmp_path / "o.npz", **arrays())
    np.savez(tmp_path / "a.npz", **arrays(kept=0.0, seed=3))
    return tmp_path / "o.npz", tmp_path / "a.npz"


def test_a_whole_set_ends_with_0_and_has_a_report(files, tmp_path):
    done = run(tmp_path, "--embeddings", *files, "--recognizer", "mine", report=True)
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[1] == "Handed in: 96 anonymized sequences of 12 people; judged 96; left out none."
    assert lines[0].startswith("Verdict: external hides these people")
    out = tmp_path / "out"
    assert "mine" in (out / "tables" / "table4_attackers.csv").read_text()
    for name in ("report.html", "tables/all.tex", "distances.parquet", "scores.parquet"):
        assert (out / name).is_file(), name


def test_partial_and_unjudged_sets_end_with_1(files, tmp_path):
    some = {k: v[:-1] for k, v in arrays(kept=0.0, seed=3).items()}
    np.savez(tmp_path / "some.npz", **some)
    done = run(tmp_path, "--embeddings", files[0], tmp_path / "some.npz")
    assert done.exit_code == 1 and "1 sequences without an anonymized counterpart" in done.stderr
    assert "012-cl-01-090" in done.stderr
    done = run(tmp_path, "--embeddings", files[1], files[1])
    assert done.exit_code == 1 and "cannot be judged" in done.output
    assert json.loads((tmp_path / "out" / "run.json").read_text())["failures"][0]["stage"] == "verdict"


def test_objects_are_not_read(files, tmp_path):
    np.savez(tmp_path / "p.npz", **dict(arrays(), subject=np.array([{"a": 1}] * 96, dtype=object)))
    with pytest.raises(DataError, match=r"'subject' holds Python objects.*dtype='U'"):
        run(tmp_path, "--embeddings", files[0], tmp_path / "p.npz")
    (tmp_path / "t.npz").write_bytes(files[0].read_bytes()[:500])
    with pytest.raises(DataError, match="cannot be read as"):
        run(tmp_path, "--embeddings", files[0], tmp_path / "t.npz")
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(DataError, match="is one array"):
        run(tmp_path, "--embeddings", files[0], tmp_path / "one.npy")
    assert not (tmp_path / "out").exists()


def test_options_that_do_not_go_together_are_refused(files, tmp_path):
    for arguments, said in (
        (("--metric", "cosine", "--original", "x"), "goes with --embeddings"),
        (("--embeddings", *files, "--distances", "d.npz"), "not both"),
        (("--embeddings", *files, "--painted", "x"), "no pictures"),
        (("--distances", "d.npz", "--metric", "cosine"), "does not go with --distances"),
        (("--embeddings", *files, "--views", "front"), "unknown views 'front'. Known: all-views"),
        (("--embeddings", *files, "--embeddings-rung", "informed", *files), "cannot be handed in"),
    ):
        with pytest.raises(ConfigError, match=said):
            run(tmp_path, *arguments)


def test_rungs_and_distances_go_through_the_command_line(files, tmp_path):
    again = tmp_path / "again.npz"
    np.savez(again, **arrays(kept=0.9, seed=5))
    done = run(tmp_path, "--embeddings", *files, "--embeddings-rung", "semi-informed", again, again)
    assert (
        done.exit_code == 0 and "does not hide everybody: the strongest attack (semi-informed" in done.output
    )
    with pytest.raises(ConfigError, match="given twice"):
        run(tmp_path, "--embeddings", *files, *(2 * ("--embeddings-rung", "linked", again, again)))
    found = arrays()
    probe = np.isin(found["walk"], ("nm-05", "cl-01"))
    flat = found["embeddings"].reshape(96, -1)
    d = np.linalg.norm(flat[probe][:, None] - flat[~probe], axis=2)
    labels = {
        f"{side}_{name}": found[name][rows]
        for side, rows in (("probe", probe), ("gallery", ~probe))
        for name in ("subject", "walk", "angle")
    }
    np.savez(tmp_path / "d.npz", original=d, ignorant=d, **labels)
    done = run(tmp_path, "--distances", tmp_path / "d.npz", "--name", "copy")
    assert done.exit_code == 0 and "copy hides nobody" in done.output
    tables = json.loads((tmp_path / "out" / "run.json").read_text())["tables"]
    assert {r["recognizer"] for r in tables["identification"]} == {"distances"}
    assert tables["pooled"] and tables["assigned"] and tables["criteria"]
