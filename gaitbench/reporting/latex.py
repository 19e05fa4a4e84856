"""Tables as LaTeX: booktabs rules, siunitx columns, and a document that sets them all."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.reporting.latex_text import latex_escape
from gaitbench.reporting.plain import interval_text
from gaitbench.reporting.table import Cell, Column, Row, State, Table, number_text

__all__ = ["all_tex", "to_latex"]

_WORDS = {
    State.UNDEFINED: "undefined", State.FAILED: "failed", State.INFINITE: r"$\infty$", State.NOT_RUN: "--",
}  # fmt: skip

#: Rows beyond which a table is broken over pages.
_LONG = 42
#: Characters that fit one line of 166 mm, for each size of type (measured with Times).
_SIZES = ((r"\small", 96), (r"\footnotesize", 112), (r"\scriptsize", 128))
#: Line of a page lying on its side over that of an upright one (253 mm and 166 mm).
_LYING = 1.52


def _number_format(column: Column, cells: Sequence[Cell]) -> str:
    """``table-format`` of an S column: the widest integer part and the most decimals among its figures."""
    figures = [
        number_text(column, cell, cell.value)
        for cell in cells
        if cell.state is State.VALUE and isinstance(cell.value, int | float)
    ]
    whole = max((len(text.lstrip("-").partition(".")[0]) for text in figures), default=1)
    parts = max((len(text.partition(".")[2]) for text in figures), default=0)
    sign = "-" if any(text.startswith("-") for text in figures) else ""
    return f"{sign}{whole}.{parts}" if parts else f"{sign}{whole}"


def _cell(column: Column, cell: Cell) -> str:
    if cell.state is not State.VALUE:
        return f"{{{_WORDS[cell.state]}}}" if column.digits is not None else _WORDS[cell.state]
    text = number_text(column, cell, cell.value)
    if column.digits is None or isinstance(cell.value, str):
        text = latex_escape(text.replace("-", "–") if column.digits is not None else text)
        text = rf"\textbf{{{text}}}" if cell.bold else text
        return f"{{{text}}}" if column.digits is not None else text
    return rf"\bfseries {text}" if cell.bold else text


def _row(columns: Sequence[Column], row: Row) -> str:
    parts = []
    for column, cell in zip(columns, row.cells, strict=True):
        parts.append(_cell(column, cell))
        if column.interval:
            interval = interval_text(column, cell)
            parts.append(rf"{{\scriptsize {interval}}}" if interval else "")
    return " & ".join(parts) + r" \\"


def _preamble(table: Table) -> str:
    parts = []
    for i, column in enumerate(table.columns):
        if column.digits is None:
            parts.append("l")
        else:
            parts.append(f"S[table-format={_number_format(column, [row.cells[i] for row in table.rows])}]")
        if column.interval:
            # The interval stays beside its figure while the other columns share the spare width.
            parts.append(r"@{\extracolsep{0pt}\enspace}l@{\extracolsep{\fill}}")
    return r"@{\extracolsep{\fill}}" + "".join(parts) + "@{}"


def _heads(table: Table) -> list[str]:
    lines = []
    width = [2 if column.interval else 1 for column in table.columns]
    if table.groups:
        parts, rules, index, place = [], [], 0, 1
        for name, span in table.groups:
            columns = sum(width[index : index + span])
            parts.append(
                rf"\multicolumn{{{columns}}}{{c}}{{{latex_escape(name)}}}" if name else "& " * (columns - 1)
            )
            if name:
                rules.append(rf"\cmidrule(lr){{{place}-{place + columns - 1}}}")
            index, place = index + span, place + columns
        lines += [
            " & ".join(part.rstrip() for part in parts).replace("&  &", "& &") + r" \\",
            " ".join(rules),
        ]
    parts = []
    for column in table.columns:
        title = latex_escape(column.title)
        if column.interval:
            parts.append(rf"\multicolumn{{2}}{{c}}{{{title}}}")
        else:
            parts.append(f"{{{title}}}" if column.digits is not None else title)
    return [*lines, " & ".join(parts) + r" \\"]


def _body(table: Table) -> list[str]:
    total = sum(2 if column.interval else 1 for column in table.columns)
    lines = []
    for number, (section, rows) in enumerate(table.sections):
        if section:
            lines.append(r"\addlinespace" if number else "")
            lines.append(
                r"\multicolumn{1}{@{}l}{\rlap{\parbox[t]{\linewidth}{\raggedright\itshape "
                rf"{latex_escape(section)}}}}}}} \\*"
            )
        for row in rows:
            if isinstance(row.cells[0].value, str) and row.cells[0].value == "mean":
                lines.append(rf"\cmidrule{{1-{total}}}")
            lines.append(_row(table.columns, row))
    return [line for line in lines if line]


def _characters(table: Table) -> int:
    """Estimated width of the widest row, in characters of the running size (an interval is set smaller)."""
    total = 0.0
    for i, column in enumerate(table.columns):
        cells = [row.cells[i] for row in table.rows]
        texts = [
            _WORDS[c.state] if c.state is not State.VALUE else number_text(column, c, c.value) for c in cells
        ]
        wide = max([len(column.title), *map(len, texts)])
        if column.interval:
            inner = max(len(interval_text(column, cell)) for cell in cells)
            wide = max(len(column.title), max(map(len, texts)) + 1 + round(0.8 * inner))
        total += wide + 2
    return round(total)


def to_latex(table: Table) -> str:
    r"""The table as a LaTeX environment for ``\input``; needs booktabs, siunitx and longtable.

    It fills the line; the size of type is the largest that fits. A table of many rows breaks over pages, one that is
    too wide at any size lies on its side (pdflscape).
    """
    wide = _characters(table)
    size = next((name for name, fits in _SIZES if wide <= fits), None)
    lying = size is None
    if lying:
        size = next((name for name, fits in _SIZES if wide <= _LYING * fits), None)
    caption = latex_escape(f"{table.title}.") + " " + latex_escape(" ".join(table.caption))
    label = f"tab:{table.name}".replace("_", "-")
    head = ["\\toprule", *_heads(table), "\\midrule"]
    comment = (
        f"% {table.name}: needs booktabs, longtable, graphicx, siunitx{', pdflscape' if lying else ''}, "
        "\\sisetup{detect-weight,mode=text}"
    )
    if len(table.rows) > _LONG or (lying and size):
        total = sum(2 if column.interval else 1 for column in table.columns)
        lines = [
            comment, *(["\\begin{landscape}"] if lying and size else []), "\\begingroup", size or r"\tiny",
            "\\setlength{\\LTleft}{0pt plus 0.001fill}",
            "\\setlength{\\LTright}{0pt plus 0.001fill}", "\\setlength{\\LTcapwidth}{\\linewidth}",
            f"\\begin{{longtable}}{{{_preamble(table)}}}",
            f"\\caption{{{caption}}}\\label{{{label}}} \\\\", *head, "\\endfirsthead",
            f"\\multicolumn{{{total}}}{{@{{}}l}}{{\\itshape continued}} \\\\", *head, "\\endhead",
            "\\bottomrule", "\\endfoot", *_body(table), "\\end{longtable}", "\\endgroup",
            *(["\\end{landscape}"] if lying and size else []),
        ]  # fmt: skip
        return "\n".join(lines) + "\n"
    rows = [f"\\begin{{tabular*}}{{\\linewidth}}{{{_preamble(table)}}}", *head, *_body(table), "\\bottomrule"]
    rows.append("\\end{tabular*}")
    if size is None:
        # Too wide at any size: set on a wider line, then shrunk as a whole.
        rows[0] = rows[0].replace(r"\linewidth", rf"{wide / _SIZES[-1][1]:.2f}\linewidth")
        rows = ["\\resizebox{\\linewidth}{!}{%", *rows[:-1], rows[-1] + "}"]
    lines = [
        comment, "\\begin{table}[!htbp]", "\\centering", f"\\caption{{{caption}}}", f"\\label{{{label}}}",
        size or r"\scriptsize", *rows, "\\end{table}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def all_tex(names: Sequence[str]) -> str:
    """A document that sets the tables `names`; compile it in their folder with ``pdflatex all.tex``."""
    inputs = [f"\\input{{{name}}}" for name in names]
    return "\n".join(
        [
            "% All tables of one run. In this folder: pdflatex all.tex",
            "\\documentclass[10pt,a4paper]{article}",
            "\\usepackage[T1]{fontenc}",
            "\\usepackage{mathptmx,textcomp}",
            "\\usepackage[margin=22mm]{geometry}",
            "\\usepackage{graphicx,booktabs,longtable,pdflscape,siunitx}",
            "\\usepackage[font=small,labelfont=bf,justification=raggedright,singlelinecheck=false,skip=6pt]{caption}",
            "\\sisetup{detect-weight,mode=text}",
            "\\emergencystretch=3em",
            "\\pagestyle{plain}",
            "\\begin{document}",
            *inputs,
            "\\end{document}",
            "",
        ]
    )
