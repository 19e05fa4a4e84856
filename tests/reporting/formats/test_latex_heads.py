"""Heads stand over their columns, wide and long tables are laid out so that they can be read."""

import dataclasses
import re
import shutil
import subprocess

import pytest
from fake_attacks import attack_row
from fake_run import fake_record, second_record
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.reporting.formats.latex import to_latex
from gaitbench.reporting.formats.latex_document import all_tex
from gaitbench.reporting.formats.latex_layout import ONE_COLUMN, TWO_COLUMNS, layout
from gaitbench.reporting.formats.latex_width import text_width
from gaitbench.reporting.formats.plain import to_csv, to_markdown
from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.report import make_tables, write_tables
from gaitbench.reporting.tables.attacks import ladder

ATTACKERS = ("ignorant", "lazy-informed", "semi-informed", "informed", "de-anonymize")
RECOGNIZERS = ("robust-vtm", "tsvd-vtm", "gei-lda", "set-cnn")


def many_attacks():
    """A ladder of more attacks than a page holds: 1 + 4 x 5 x 4 rows of silhouettes and 2 x 4 x 4 of pictures."""
    rows, rate = [], 0.0
    for anonymizer in ("model-2", "model-1", "deform", "blur"):
        for attacker in ATTACKERS:
            for recognizer in RECOGNIZERS:
                rate = (rate + 7.3) % 90
                rows.append(attack_row(anonymizer, attacker, recognizer, "silhouette", rate))
    for colorizer in ("baseline", "proposed"):
        for attacker in ATTACKERS[:4]:
            for recognizer in RECOGNIZERS:
                rate = (rate + 7.3) % 90
                rows.append(
                    attack_row("model-2", attacker, recognizer, "resegmented", rate, colorizer=colorizer)
                )
    return dataclasses.replace(fake_record(), identification=tuple(rows))


def _numbers(preamble):
    """Whether each column of a preamble aligns numbers."""
    bare = re.sub(
        r"[@>p]\{(?:[^{}]|\{[^{}]*\})*\}|\[[^\]]*\]", lambda m: "l" if m[0][0] == "p" else "", preamble
    )
    return [letter == "S" for letter in bare if letter in "Sl"]


def _spans(line):
    """How many columns each entry of a row of LaTeX takes, None for one."""
    entries = line.removesuffix(r" \\").split(" & ")
    return [(re.match(r"\\multicolumn\{(\d+)\}", entry) or [None, None])[1] for entry in entries]


def _places(line):
    """(first column, entry) of each entry of a row of LaTeX."""
    at = 0
    for entry, spans in zip(line.removesuffix(r" \\").split(" & "), _spans(line), strict=True):
        yield at, entry
        at += int(spans or 1)


@pytest.mark.parametrize("paper", [ONE_COLUMN, TWO_COLUMNS])
def test_every_head_of_a_column_of_numbers_is_in_braces_or_spans(paper):
    tables = [t for chapter in make_tables(second_record()).values() for t in chapter] + [
        ladder(many_attacks())
    ]
    seen = 0
    for table in tables:
        text = to_latex(table, paper)
        preamble = re.search(r"\\begin\{tabular\}\{(.*)\}$", text, re.MULTILINE)[1]
        numbers = _numbers(preamble)
        lines = text.split(r"\midrule")[0].splitlines()
        head = next(line for line in reversed(lines) if line.endswith(r" \\"))
        assert len(numbers) == sum(int(spans or 1) for spans in _spans(head)), table.name
        for at, entry in _places(head):
            if numbers[at]:
                seen += 1
                assert entry.startswith(("{", r"\multicolumn")), (table.name, entry)
    assert seen > 40


def test_a_long_table_shows_what_counts_and_the_csv_file_has_everything():
    table = ladder(many_attacks())
    kept = [(row.labels["anonymizer"], row.labels["colorizer"], row.attacker) for row in table.shown[1:]]
    # one row for every kind of attacker on every system, and the slides' cell where another attack is stronger
    assert len(set(kept)) == 4 * 5 + 2 * 4 and len(kept) in (28, 29)
    assert len(to_csv(table).splitlines()) == 1 + 1 + 4 * 5 * 4 + 2 * 4 * 4
    for text in (to_latex(table).replace(r"\_\allowbreak ", "_"), to_markdown(table).replace(r"\_", "_")):
        assert "table4_attackers.csv holds all 113 rows" in text
    best = {}
    for row in table.rows[1:]:
        place = (row.labels["anonymizer"], row.labels["colorizer"], row.attacker)
        best[place] = max(best.get(place, -1.0), row.cells[4].value)
    for place in best:
        shown = [row.cells[4].value for row in table.shown[1:]
                 if (row.labels["anonymizer"], row.labels["colorizer"], row.attacker) == place]  # fmt: skip
        assert max(shown) == best[place]


def test_what_latex_leaves_out_for_room_is_named():
    table = ladder(many_attacks())
    way = layout(table)
    assert way.width <= ONE_COLUMN.width and len(way.kept) < len(table.columns)
    text = to_latex(table)
    assert "Rank-5" not in text.split(r"\toprule")[1].split(r"\bottomrule")[0]
    assert "mAP" not in text.split(r"Not shown here")[0] and r"$D_{\mathrm{sys}}$: linkability" in text
    assert r"D\_sys" not in text
    assert r"Not shown here but in table4\_\allowbreak attackers.csv: Rank-5 (\%)" in text


def _sixty(title="X"):
    return Table(
        "b", "T", ("Noted once.",), (Column("x", title, 0),), tuple(Row((Cell(i),)) for i in range(1, 61))
    )


@pytest.mark.parametrize("paper", [ONE_COLUMN, TWO_COLUMNS])
def test_a_long_table_comes_in_parts_with_one_caption_one_number_and_the_notes_below_the_last(paper):
    text = to_latex(_sixty(), paper)
    floats = re.findall(r"\\begin\{table\*?\}.*?\\end\{table\*?\}", text, re.DOTALL)
    assert len(floats) > 1
    assert [r"\caption{T.}" in one for one in floats] == [True] + [False] * (len(floats) - 1)
    assert [r"Table~\ref{tab:b}, continued" in one for one in floats] == [False] + [True] * (len(floats) - 1)
    assert ["Noted once." in one for one in floats] == [False] * (len(floats) - 1) + [True]
    assert re.findall(r"^(\d+) \\\\$", text, re.MULTILINE) == [str(i) for i in range(1, 61)]


def test_a_paper_of_two_columns_takes_one_where_the_table_fits_and_both_where_it_does_not():
    narrow = dataclasses.replace(_sixty(), rows=_sixty().rows[:3])
    wide = dataclasses.replace(narrow, columns=(Column("x", "ahead" * 20, 0),))
    assert r"\begin{table}[!htbp]" in to_latex(narrow, TWO_COLUMNS)
    assert r"\begin{table*}[!tp]" in to_latex(wide, TWO_COLUMNS)
    assert r"\begin{table}[!htbp]" in to_latex(wide, ONE_COLUMN)


def test_where_figures_and_intervals_do_not_fit_beside_each_other_the_interval_stands_below():
    columns = tuple(Column(f"x{i}", f"X{i}", 4, interval=True) for i in range(7))
    row = Row(tuple(Cell(10.0 + i, 9.0 + i, 11.0 + i) for i in range(7)))
    way = layout(Table("t", "T", (), columns, (row,)), TWO_COLUMNS)
    assert way.stacked and way.width <= TWO_COLUMNS.width and len(way.kept) == 7
    text = to_latex(Table("t", "T", (), columns, (row,)), TWO_COLUMNS)
    assert "10.0000 & 11.0000" in text and r"{\scriptsize [9.0000, 11.0000]} & {\scriptsize" in text


def test_a_main_table_keeps_its_number_where_one_before_it_is_missing_and_the_appendix_counts_anew():
    text = all_tex(["v", "t1", "t4", "t5"], ["x", "y"], {"t1": 1, "t4": 4, "t5": 5})
    body = text.split("document}\n")[1].splitlines()
    assert body[:7] == [
        r"\setcounter{table}{5}", r"\input{v}", r"\setcounter{table}{0}", r"\input{t1}",
        r"\setcounter{table}{3}", r"\input{t4}", r"\input{t5}",
    ]  # fmt: skip
    assert body[-4:-1] == [
        r"\renewcommand{\thetable}{A\arabic{table}}\setcounter{table}{0}", r"\input{x}", r"\input{y}",
    ]  # fmt: skip
    assert r"\renewcommand{\thetable}{\Roman{table}}" in text


@given(st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126)), st.text(max_size=5))
def test_a_longer_text_is_not_narrower(text, more):
    assert text_width(text + more) >= text_width(text) - 1e-9
    assert text_width(text, bold=True) >= text_width(text)


def test_widths_are_those_of_times():
    assert text_width("0") == 0.5 and text_width("W") == 0.944 and text_width("é") == text_width("e")


def _words(folder):
    """(text, left, right) of every word of the document, by page and line."""
    subprocess.run(["pdftotext", "-bbox-layout", "all.pdf", "all.html"], cwd=folder, check=True)
    text = (folder / "all.html").read_text(encoding="utf-8")
    return [
        (found[2], float(found[0]), float(found[1]))
        for found in re.findall(
            r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>([^<]*)</word>', text
        )
    ]


def test_the_head_of_the_appendix_floats_with_its_tables_where_those_go_over_two_columns():
    wide = all_tex(["v"], ["x"], {}, TWO_COLUMNS)
    head = r"\section*{Appendix: further tables}"
    assert wide.index(r"\begin{table*}[!tp]" + head + r"\end{table*}") < wide.index(r"\input{x}")
    assert r"\begin{table*}" not in all_tex(["v"], ["x"], {}, ONE_COLUMN)


@pytest.mark.latex
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_heads_stand_over_their_columns_after_a_single_run_of_latex(tmp_path):
    record = dataclasses.replace(
        many_attacks(), success_rate=(), quality=(), quality_difference=(), competence=()
    )
    write_tables(record, tmp_path)
    (tmp_path / "all.tex").write_text(all_tex(["table4_attackers"], []))
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0
    assert "Overfull" not in (tmp_path / "all.log").read_text(errors="replace")
    words = _words(tmp_path)
    words = words[next(i for i, (text, _, _) in enumerate(words) if text == "Attacker") :]
    # the notes below the table explain the attackers' names
    notes = ladder(record).sentences[0].split()[0]
    words = words[: next(i for i, (text, _, _) in enumerate(words) if text == notes)]
    for head, entries in (("Attacker", {"ignorant", "informed"}), ("Recognizer", {"gei-lda", "set-cnn"}),
                          ("Reads", {"silhouette", "resegmented"})):  # fmt: skip
        lefts = [left for text, left, _ in words if text == head]
        own = [left for text, left, _ in words if text in entries]
        assert lefts and own
        assert all(min(abs(left - one) for one in lefts) < 0.5 for left in own), head
    eer = next(i for i, (text, _, _) in enumerate(words) if text == "EER" and words[i + 1][0] == "(%)")
    middle = (words[eer][1] + words[eer + 1][2]) / 2
    figures = [(left + right) / 2 for text, left, right in words if re.fullmatch(r"\d+\.\d", text)]
    assert sum(abs(one - middle) < 4 for one in figures) >= 28
