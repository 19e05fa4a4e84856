"""An untouched copy, in whatever form, is never certified as hidden (issue: nothing silently wrong)."""

import json
from unittest import mock

import pytest
from click.testing import CliRunner
from drawn_people import SUITE, draw
from untouched_copies import FOLDERS, FORMS, ORDERS, copy_as

from gaitbench.cli.evaluate import command
from gaitbench.errors import GaitbenchError

PEOPLE = tuple(range(81, 89))


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies")
    draw(folder / "original", PEOPLE)
    (folder / "tiny.toml").write_text(SUITE.replace("081-084", "081-088"))
    return folder


def judged(folder, shown, *more):
    """Exit code, output, and the record (None where nothing was judged)."""
    out = shown.with_name(shown.name + "-out")
    with mock.patch("gaitbench.reporting.report.fill_report"):
        done = CliRunner().invoke(
            command,
            ["--original", str(folder / "original"), "--anonymized", str(shown), "--suite", str(folder / "tiny.toml"),
             "--store", str(folder / "store"), "--jobs", "1", "--out", str(out), "--quiet", *more],
        )  # fmt: skip
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        assert isinstance(done.exception, GaitbenchError), done.exception  # one line and exit code 2
        assert "\n" not in str(done.exception) and not out.exists()
        return 2, str(done.exception), None
    return done.exit_code, done.output, json.loads((out / "run.json").read_text())


@pytest.mark.parametrize("form", [*FORMS, *ORDERS, *FOLDERS])
@pytest.mark.slow  # half a second each, and there are fifty
def test_an_untouched_copy_is_never_hidden(originals, tmp_path, form):
    shown = copy_as(form, originals / "original", tmp_path / "shown")
    code, _, record = judged(originals, shown)
    if record is None:
        return
    rows = [r for r in record["tables"]["success_rate"] if r["anonymizer"] == "external"]
    rates = [r["rate"] for r in rows if r["rate"] is not None]
    verdict = record["provenance"]["evaluated"]["verdict"]
    assert verdict["answer"] != "hides", verdict
    hidden = max(rates, default=0)
    assert hidden <= 5 or (code == 1 and verdict["answer"] == "cannot be judged"), (code, rates, verdict)
    claims = [c for c in record["checks"] if c["name"].startswith("external hides from")]
    assert hidden <= 5 or not any(c["passed"] for c in claims)


def test_the_gate_lets_hiding_through_and_a_copy_is_said(originals, tmp_path):
    """A gate that never opens would pass every test above."""
    many = range(81, 111)  # with a handful of people nothing can be ruled out
    (tmp_path / "tiny.toml").write_text(SUITE.replace("081-084", "081-110"))
    draw(tmp_path / "original", many)
    hidden = draw(tmp_path / "hidden", many, as_subject=lambda s: 500 + 13 * s, walks=["nm-05"])
    code, told, record = judged(tmp_path, hidden)
    verdict = record["provenance"]["evaluated"]["verdict"]
    assert (verdict["answer"], verdict["why"], code) == ("hides", [], 0), told
    code, _, record = judged(originals, originals / "original")
    assert record["provenance"]["evaluated"]["verdict"]["answer"] == "hides nobody" and code == 0
    found = {c["name"]: c for c in record["checks"]}
    assert "pixel by pixel" in found["files differ from their originals"]["detail"]


@pytest.mark.parametrize(
    ("form", "words"),
    [("one person for all", "no two people share a file"),
     ("transposed in the frame", "recognizes people again"),
     ("names shifted by one person", "another person's untouched original"),
     ("noise", "fills the frame")],
)  # fmt: skip
def test_the_reason_is_named(originals, tmp_path, form, words):
    code, _, record = judged(originals, copy_as(form, originals / "original", tmp_path / "shown"))
    verdict = record["provenance"]["evaluated"]["verdict"]
    assert code == 1 and verdict["answer"] == "cannot be judged"
    assert any(words in why for why in verdict["why"]), verdict["why"]
    assert any(f["stage"] == "verdict" for f in record["failures"])
