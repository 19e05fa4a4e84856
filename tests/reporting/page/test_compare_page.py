"""Runs compared as a page: protocol first, told from not told apart, nothing unescaped."""

import dataclasses
import html
import re

import pytest
from click.testing import CliRunner
from fake_run import provenance, small_record

from gaitbench.cli.compare import command
from gaitbench.errors import ConfigError
from gaitbench.reporting.page.compare import change_tables, render_comparison, verdict
from gaitbench.results.compare import Change, Comparison, ProtocolDifference, compare_records

EVIL = "<script>alert(1)</script>"


def _change(measure, difference, low, high, p=0.001, **cell):
    names = dict.fromkeys(
        ("anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery", "reference"), "none"
    )
    return Change(names | {"measure": measure} | cell, 1.0, 1.0 + difference, difference, low, high, p, p, 60)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_change("psnr", 1.0, 0.5, 1.5), "higher"),
        (_change("psnr", -1.0, -1.5, -0.5), "lower"),
        (_change("psnr", 1.0, 0.5, 1.5, p=0.2), "higher, not after correction"),
        (_change("psnr", 1.0, -0.5, 1.5), "cannot be told apart"),
        (_change("psnr", 1.0, 0.0, 1.5), "cannot be told apart"),
        (_change("psnr", 0.0, None, None, p=None), "no interval"),
    ],
)
def test_the_verdict_is_what_interval_and_correction_allow(change, says):
    assert verdict(change) == says


def test_what_can_be_told_comes_first_and_largest_first_and_nothing_is_lost():
    changes = [
        _change("ssim", 0.01, 0.005, 0.015, anonymizer="a"), _change("ssim", 0.2, -0.1, 0.5, anonymizer="b"),
        _change("ssim", -0.1, -0.15, -0.05, anonymizer="c"), _change("correct_after", 5.0, -1.0, 9.0, anonymizer="d"),
    ]  # fmt: skip
    (after, none), (ssim, rest) = change_tables(changes)
    assert after.name == "correct_after" and none is None and len(after.rows) == 1
    assert [row.cells[0].value for row in ssim.rows] == ["c", "a"]
    assert [row.cells[0].value for row in rest.rows] == ["b"]
    assert "2 of 3 cells" in ssim.caption[0]


def _page(differs=(), changes=()):
    first = small_record()
    second = dataclasses.replace(first, provenance=provenance(suite_name=EVIL))
    return render_comparison(
        ("a", first), [(EVIL, second)], {EVIL: Comparison(tuple(differs), tuple(changes), 0.95)}
    )


def test_the_protocols_differences_stand_before_the_figures_and_nothing_runs():
    text = _page(
        [ProtocolDifference(EVIL, EVIL, {"x": EVIL})], [_change("psnr", 1.0, 0.5, 1.5, anonymizer=EVIL)]
    )
    assert text.index("these runs do not measure the same thing") < text.index("PSNR (dB)")
    assert "<script" not in text and "alert(1)" in text
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1])
    assert "script-src" not in policy and policy.startswith("default-src 'none'; ")
    assert "http://" not in text and "https://" not in text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_agreement_and_nothing_in_common_are_said():
    assert "The protocols agree" in _page() and "share no cell" in _page()
    assert "<tbody></tbody>" not in _page()


def test_runs_without_a_protocol_cannot_be_compared_and_nobody_says_they_differ(tmp_path):
    for name in ("a", "b"):
        small_record().save(tmp_path / name)
    page = tmp_path / "page.html"
    result = CliRunner().invoke(command, [str(tmp_path / "a"), str(tmp_path / "b"), "--html", str(page)])
    assert result.exit_code == 1 and "against not recorded" not in result.output
    assert "cannot be compared: neither run has its protocol" in result.output
    assert "cannot be compared: neither run has its protocol" in page.read_text(encoding="utf-8")
    known = small_record(provenance=provenance(protocol={}))
    assert "second run has no protocol" in compare_records(known, small_record()).unknown
    assert "first run has no protocol" in compare_records(small_record(), known).unknown
    assert compare_records(known, known).unknown == ""


def test_the_verb_writes_the_page_and_keeps_its_exit_code(tmp_path):
    for name in ("a", "b"):
        part = {"value": name, "hash": name}
        small_record(provenance=provenance(protocol={"walks": part})).save(tmp_path / name)
    page = tmp_path / "new" / "compare.html"
    runs = [str(tmp_path / "a"), str(tmp_path / "b")]
    result = CliRunner().invoke(command, [*runs, "--html", str(page)])
    assert result.exit_code == 1 and "differs  walks: 'a' against 'b'" in result.output
    assert "The protocols differ in 1 point" in page.read_text(encoding="utf-8")
    (tmp_path / "file").write_text("x")
    result = CliRunner().invoke(command, [*runs, "--html", str(tmp_path / "file" / "x.html")])
    assert isinstance(result.exception, ConfigError) and "--html" in str(result.exception)
