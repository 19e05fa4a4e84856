"""LaTeX: names escaped, documents that compile without an error or an overfull box."""

import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fake_run import fake_record, provenance, rate_row, small_record
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.reporting.formats.latex import to_latex
from gaitbench.reporting.formats.latex_text import latex_escape
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.report import write_tables
from gaitbench.results.record import Record


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A_1 & 50 % #3 $x$", r"A\_1 \& 50 \% \#3 \$x\$"),
        ("{~^\\}", r"\{\textasciitilde{}\textasciicircum{}\textbackslash{}\}"),
        ("<script>", r"\textless{}script\textgreater{}"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("[x]", "{[}x{]}"),
        ("Müller, José", r"M\"{u}ller, Jos\'{e}"),
        ("ï", r"\"{\i}"),
        ("79–93", "79--93"),
        ("李", r"\texttt{U+674E}"),
        ("e\u0301", r"\'{e}"),
        ("a\nb", "a b"),
    ],
)
def test_known_answers(text, expected):
    assert latex_escape(text) == expected


@given(st.text(max_size=30))
def test_any_text_becomes_ascii_without_a_bare_special(text):
    escaped = latex_escape(text)
    assert escaped.isascii()
    assert not re.search(r"(?<!\\)[&%#_]", escaped)
    assert "\n" not in escaped


def test_figures_without_value_are_words_in_braces():
    columns = (Column("name", "Name"), Column("x", "X", 2))
    states = (State.UNDEFINED, State.FAILED, State.INFINITE, State.NOT_RUN)
    rows = tuple(Row((Cell("a"), Cell(state=state))) for state in states)
    text = to_latex(Table("t", "T", (), columns, rows))
    for word in ("{undefined}", "{failed}", r"{$\infty$}", "{--}"):
        assert f"a & {word} " in text


def test_the_number_format_fits_the_widest_figure():
    rows = tuple(Row((Cell(value),)) for value in (-1.5, 10.25, 120.0))
    assert "table-format=-3.2" in to_latex(Table("t", "T", (), (Column("x", "X", 2),), rows))


def _compile(folder, name="all", passes=2):
    for _ in range(passes):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"],
            cwd=folder, capture_output=True, text=True, errors="replace", timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:]
    log = (folder / f"{name}.log").read_text(errors="replace")
    unknown = ("undefined references",) if passes > 1 else ()
    for trouble in ("Overfull", "too large for page", *unknown, "multiply defined"):
        assert trouble not in log, re.findall(rf".*{trouble}.*\n.*", log)
    assert not re.findall(r"^!.*", log, re.MULTILINE)
    assert (folder / f"{name}.pdf").stat().st_size > 10_000
    return log


def _main_pages(log):
    found = re.search(r"the appendix begins on page (\d+)", log)
    return int(found[1]) - 1 if found else int(re.search(r"\((\d+) pages?", log)[1])


#: Classes that papers are submitted in, with the folder of tables that is meant for them.
PAPERS = {
    "one": (r"\documentclass{article}", "."),
    "two": (r"\documentclass[twocolumn]{article}", "twocolumn"),
    "ieee": (r"\documentclass[conference]{IEEEtran}", "twocolumn"),
}


def _paper(head, names):
    """A paper with nothing in its preamble but what the documentation asks for."""
    lines = [head, r"\usepackage{booktabs,siunitx,array,graphicx}", r"\sisetup{detect-weight,mode=text}"]
    lines += [r"\usepackage[T1]{fontenc}\usepackage{textcomp}", r"\extrafloats{100}", r"\begin{document}"]
    return "\n".join([*lines, *(rf"\input{{{name}}}" for name in names), r"\end{document}", ""])


def _strange():
    """A record whose every name is trouble for LaTeX."""
    name = r"Żółć_&%#$ 李 <script>\input{x}"
    record = fake_record(provenance=provenance(dataset={"name": name}))
    return dataclasses.replace(
        record,
        success_rate=tuple(dataclasses.replace(row, recognizer=name) for row in record.success_rate),
        quality=tuple(dataclasses.replace(row, anonymizer=name) for row in record.quality),
    )


def _many():
    """Several galleries and inputs: tables that break over pages."""
    attacks = [("ignorant", "all-views"), ("lazy-informed", "same-view"), ("semi-informed", "cross-view")]
    more = [
        rate_row(
            "model-2",
            angle,
            240,
            200,
            160 + i,
            attacker=attacker,
            gallery=gallery,
            colorizer=colorizer,
            input=one,
        )
        for i, (attacker, gallery) in enumerate(attacks)
        for one in ("resegmented", "appearance")
        for colorizer in ("baseline", "proposed")
        for angle in range(0, 181, 18)
    ]
    record = fake_record()
    return dataclasses.replace(record, success_rate=(*record.success_rate, *more))


def _published(name):
    return Record.load(Path(__file__).parents[3] / "reports" / name)


def _reference():
    return _published("quick")


MADE = {"small": small_record, "usual": fake_record, "strange": _strange, "many": _many, "quick": _reference}


@pytest.mark.latex
@pytest.mark.slow  # pdflatex needs seconds
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
# the largest committed run, below, has all that these have
@pytest.mark.parametrize(
    "make",
    [pytest.param(n, marks=[pytest.mark.long] if n in ("many", "usual", "quick") else []) for n in MADE],
)
def test_all_tables_compile_alone_and_the_main_part_has_eight_pages_at_most(tmp_path, make):
    write_tables(MADE[make](), tmp_path)
    for folder in (tmp_path, tmp_path / "twocolumn"):
        assert _main_pages(_compile(folder)) <= 8


@pytest.mark.latex
@pytest.mark.slow  # pdflatex needs seconds
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_the_largest_run_compiles_whole_and_its_main_part_has_eight_pages_at_most_in_both_papers(tmp_path):
    write_tables(_published("standard"), tmp_path)
    assert _main_pages(_compile(tmp_path, passes=1)) <= 8
    wide = tmp_path / "twocolumn"
    text = (wide / "all.tex").read_text().split("\\clearpage")[0]  # the appendix of the other is enough
    (wide / "main.tex").write_text(text + "\\end{document}\n")
    assert _main_pages(_compile(wide, "main", passes=1)) <= 8


@pytest.mark.latex
@pytest.mark.slow  # pdflatex needs seconds
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize(
    ("make", "paper"),
    [("strange", "one"), ("strange", "two"), ("quick", "one"), ("quick", "two"), ("quick", "ieee"),
     pytest.param("strange", "ieee", marks=pytest.mark.long)],
)  # fmt: skip
def test_tables_fit_the_papers_that_they_are_submitted_in(tmp_path, make, paper):
    head, folder = PAPERS[paper]
    if "IEEEtran" in head and not _installed("IEEEtran.cls"):
        pytest.skip("IEEEtran.cls is not installed (Debian: texlive-publishers)")
    write_tables(MADE[make](), tmp_path)
    names = sorted(path.stem for path in (tmp_path / folder).glob("table*.tex"))
    (tmp_path / folder / "paper.tex").write_text(_paper(head, names))
    _compile(tmp_path / folder, "paper")


def _installed(name):
    return not subprocess.run(["kpsewhich", name], capture_output=True).returncode
