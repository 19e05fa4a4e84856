"""Text from outside stays text: in the page, in LaTeX, in spreadsheets, on the terminal and in the names of files."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hostile_names import HOSTILE, hostile_run

from gaitbench.reporting import write_report
from gaitbench.reporting.formats.visible import visible
from gaitbench.reporting.page.compare import render_comparison
from gaitbench.reporting.terminal import print_summary
from gaitbench.results.compare import compare_records
from gaitbench.results.record import Record

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = hostile_run(tmp_path_factory.mktemp("hostile") / "run")
    write_report(folder)
    return folder


@pytest.fixture(scope="module")
def record(run):
    return Record.load(run)


def _squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def _everything_opened(page):
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true; }")
    for button in page.locator("button[data-all]").all():
        button.click()
    for select in page.locator("#filters select, #walk").all():
        for number in range(select.locator("option").count()):
            select.select_option(index=number)
        select.select_option(index=0)


@pytest.mark.browser
@pytest.mark.slow  # starts a browser
@pytest.mark.parametrize("file", ["report.html", "compare.html"])
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_page_shows_every_name_and_runs_none(browser, run, record, tmp_path, file, script):
    if file == "compare.html":
        found = {"other": compare_records(record, record, resamples=200)}
        text = render_comparison((HOSTILE["proposed"], record), [("other", record)], found)
        other = tmp_path / file
        other.write_text(text, encoding="utf-8")
    complaints = []
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.on("console", lambda one: complaints.append(one.text))
    page.on("pageerror", lambda one: complaints.append(str(one)))
    page.on("dialog", lambda one: complaints.append(f"dialog {one.message}"))
    page.on("request", lambda one: complaints.append(one.url))
    page.goto((run / file if file == "report.html" else other).as_uri())
    if script:
        _everything_opened(page)
        assert page.evaluate("window.hacked") is None
    text = _squeezed(page.locator("main").text_content())
    names = HOSTILE.values() if file == "report.html" else [HOSTILE["proposed"], HOSTILE["robust-vtm"]]
    for name in names:
        assert _squeezed(visible(name)) in text, name
    assert not re.search("[\u2028\u202a-\u202e\x1b]", text)
    assert page.locator("main img[src=x], main svg[onload], main script").count() == 0
    context.close()
    assert [one for one in complaints if not one.startswith(("file:", "data:"))] == []


@pytest.mark.latex
@pytest.mark.slow  # two runs of pdflatex
@pytest.mark.skipif(
    not (shutil.which("pdflatex") and shutil.which("pdftotext")), reason="no pdflatex or pdftotext"
)
def test_latex_sets_every_name_as_it_is(run, tmp_path):
    shutil.copytree(run / "tables", tmp_path / "tables")
    folder = tmp_path / "tables"
    for _ in range(2):
        done = subprocess.run(
            ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-recorder", "all.tex"],
            cwd=folder, capture_output=True, text=True, errors="replace", timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:]
    opened = {
        line.split(" ", 1)[1]
        for line in (folder / "all.fls").read_text().splitlines()
        if line.startswith("INPUT")
    }
    assert not [name for name in opened if "passwd" in name or "outside" in name]
    subprocess.run(["pdftotext", "-layout", "all.pdf"], cwd=folder, check=True)
    text = unicodedata.normalize("NFKC", (folder / "all.txt").read_text(encoding="utf-8"))
    sources = "".join(path.read_text() for path in folder.glob("*.csv"))
    printed = [name for name in HOSTILE.values() if name.strip() in sources.replace('""', '"')]
    assert len(printed) >= 9
    for name in printed:
        wanted = _squeezed(visible(name).replace("'", "’"))
        assert wanted in _squeezed(text), name


def test_no_cell_is_a_formula_and_figures_stay_figures(run):
    negative = 0
    for path in sorted((run / "tables").glob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            for cell in row:
                try:
                    negative += float(cell) < 0
                except ValueError:
                    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")), (
                        path.name,
                        cell,
                    )
                assert cell != "+1"  # a name, which a spreadsheet would take for the number 1
    assert negative


def test_names_of_files_are_plain_and_stay_in_the_folder(run):
    for path in run.parent.rglob("*"):
        assert path.resolve().is_relative_to(run)
        assert all(re.fullmatch(r"[A-Za-z0-9._+-]+", part) for part in path.relative_to(run.parent).parts), (
            path
        )


def test_the_terminal_prints_names_and_obeys_none(record, run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    print_summary(record, run)
    text = capsys.readouterr().out
    assert "\x1b" not in text and "\u202e" not in text
    for name in (HOSTILE["model-1"], HOSTILE["deform"], visible(HOSTILE["quick"]), HOSTILE["proposed"]):
        assert name in text


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31mred", "\u202egnp.exe", b"\xff\xfe"])
def test_an_error_is_one_line_whatever_the_file_is_called(tmp_path, name):
    path = os.fsencode(tmp_path) + b"/" + os.fsencode(name)
    done = subprocess.run([sys.executable, "-m", "gaitbench", "report", path], capture_output=True)
    text = done.stderr.decode("utf-8")
    assert done.returncode == 2 and text.startswith("gaitbench: ") and text.count("\n") == 1, text
    assert "\x1b" not in text and "\u202e" not in text
