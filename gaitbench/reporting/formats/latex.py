"""Tables as LaTeX: booktabs rules, siunitx columns, and a document that sets them all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from gaitbench.reporting.formats.latex_layout import GAP, SIZES, UPRIGHT, is_long, layout, natural_width
from gaitbench.reporting.formats.latex_text import latex_escape
from gaitbench.reporting.formats.latex_width import text_width
from gaitbench.reporting.formats.plain import interval_text
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table, number_text

__all__ = ["all_tex", "to_latex"]

_WORDS = {
    State.UNDEFINED: "undefined", State.FAILED: "failed", State.INFINITE: r"$\infty$", State.NOT_RUN: "--",
}  # fmt: skip


def _ours(text: str) -> str:
    """Text of ours as LaTeX: as any text, but for the name of a measure that has an index."""
    return latex_escape(text).replace(r"D\_sys", r"$D_{\mathrm{sys}}$")


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


def _is_number(cell: Cell) -> bool:
    return cell.state is State.VALUE and isinstance(cell.value, int | float)


def _row(columns: Sequence[Column], row: Row) -> str:
    parts = []
    for column, cell in zip(columns, row.cells, strict=True):
        text = _cell(column, cell)
        if not column.interval:
            parts.append(text)
        elif _is_number(cell):
            interval = interval_text(column, cell)
            parts += [text, rf"{{\scriptsize {interval}}}" if interval else ""]
        else:
            # A word needs no room beside the figures.
            parts.append(rf"\multicolumn{{2}}{{c}}{text}")
    return " & ".join(parts) + r" \\"


def _preamble(table: Table) -> str:
    parts = []
    for i, column in enumerate(table.columns):
        if column.digits is None:
            parts.append("l")
        else:
            parts.append(f"S[table-format={_number_format(column, [row.cells[i] for row in table.shown])}]")
        if column.interval:
            # The interval stays beside its figure while the other columns share the spare width.
            # After it the space between columns is kept even where the table has no width to spare.
            last = column is table.columns[-1]
            after = "" if last else r"@{\hspace{2\tabcolsep}\extracolsep{\fill}}"
            parts.append(rf"@{{\extracolsep{{0pt}}\enspace}}l{after}")
    return r"@{\extracolsep{\fill}}" + "".join(parts) + "@{}"


def _heads(table: Table) -> list[str]:
    lines = []
    width = [2 if column.interval else 1 for column in table.columns]
    if table.groups:
        parts, rules, index, place = [], [], 0, 1
        for name, span in table.groups:
            columns = sum(width[index : index + span])
            parts.append(
                rf"\multicolumn{{{columns}}}{{c}}{{{_ours(name)}}}" if name else "& " * (columns - 1)
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
        title = _ours(column.title)
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


def _widest(table: Table) -> str:
    """An invisible row of no height with the widest entry of each column.

    longtable knows the widths of its head only after several runs; with this row in the head they are right at once,
    and heads stand over their columns.
    """
    parts = []
    for i, column in enumerate(table.columns):
        cells = [row.cells[i] for row in table.shown]
        texts = [_cell(column, c) for c in cells if column.digits is None or not _is_number(c)]
        if column.digits is not None:
            # An S column keeps the room of its format.
            texts = [] if column.interval else texts
            whole, _, parted = _number_format(column, cells).partition(".")
            room = "0" * int(whole.lstrip("-")) + ("." + "0" * int(parted) if parted else "")
            texts.append(("$-$" if whole.startswith("-") else "") + room)
        parts.append(rf"{{\phantom{{{max(texts, key=text_width)}}}}}")
        if column.interval:
            inner = max((interval_text(column, cell) for cell in cells), key=text_width)
            parts.append(rf"\phantom{{\scriptsize {inner}}}")
    return " & ".join(parts) + r" \\[-\normalbaselineskip]"


def to_latex(table: Table) -> str:
    r"""The table as a LaTeX environment for ``\input``; needs booktabs, siunitx and longtable.

    It fills the line; the size of type is the largest that fits. A table of many rows breaks over pages; one that is
    too wide at any size leaves out its minor columns, else lies on its side (pdflscape).
    """
    kept, size, lying = layout(table)
    sentences = table.sentences_of([table.columns[i] for i in kept])
    if len(kept) < len(table.columns):
        left = ", ".join(_full_title(c) for i, c in enumerate(table.columns) if i not in kept)
        sentences = (*sentences, f"Not shown here but in {table.name}.csv: {left}.")
        table = replace(
            table,
            columns=tuple(table.columns[i] for i in kept),
            rows=tuple(replace(row, cells=tuple(row.cells[i] for i in kept)) for row in table.shown),
        )
    caption = latex_escape(f"{table.title}.") + " " + _ours(" ".join(sentences))
    label = f"tab:{table.name}".replace("_", "-")
    heads = ["\\toprule", *_heads(table)]
    comment = (
        f"% {table.name}: needs booktabs, longtable, graphicx, siunitx{', pdflscape' if lying else ''}, "
        "\\sisetup{detect-weight,mode=text}"
    )
    name = size.name if size else SIZES[-1].name
    gap = f"\\setlength{{\\tabcolsep}}{{{GAP}pt}}"
    around = (["\\begin{landscape}"], ["\\end{landscape}"]) if lying else ([], [])
    if is_long(table):
        total = sum(2 if column.interval else 1 for column in table.columns)
        head = [*heads, _widest(table), "\\midrule"]
        lines = [
            comment, *around[0], "\\begingroup", name, gap,
            "\\setlength{\\LTleft}{0pt plus 0.001fill}",
            "\\setlength{\\LTright}{0pt plus 0.001fill}", "\\setlength{\\LTcapwidth}{\\linewidth}",
            f"\\begin{{longtable}}{{{_preamble(table)}}}",
            f"\\caption{{{caption}}}\\label{{{label}}} \\\\", *head, "\\endfirsthead",
            f"\\multicolumn{{{total}}}{{@{{}}l}}{{\\itshape continued}} \\\\", *head, "\\endhead",
            "\\bottomrule", "\\endfoot", *_body(table), "\\end{longtable}", "\\endgroup", *around[1],
        ]  # fmt: skip
        return "\n".join(lines) + "\n"
    rows = [f"\\begin{{tabular*}}{{\\linewidth}}{{{_preamble(table)}}}", *heads, "\\midrule", *_body(table)]
    rows += ["\\bottomrule", "\\end{tabular*}"]
    if size is None:
        # Too wide in any way: set on a wider line, then shrunk as a whole.
        wide = natural_width(table, range(len(table.columns)), SIZES[-1]) / UPRIGHT
        rows[0] = rows[0].replace(r"\linewidth", rf"{wide:.2f}\linewidth")
        rows = ["\\resizebox{\\linewidth}{!}{%", *rows[:-1], rows[-1] + "}"]
    lines = [
        comment, *around[0], "\\begin{table}[!htbp]", "\\centering", f"\\caption{{{caption}}}",
        f"\\label{{{label}}}", name, gap, *rows, "\\end{table}", *around[1],
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _full_title(column: Column) -> str:
    return f"{column.group} {column.title}".strip()


def all_tex(
    names: Sequence[str], long: Collection[str] = (), numbers: Mapping[str, int] | None = None
) -> str:
    """A document that sets the tables `names`; compile it in their folder with ``pdflatex all.tex``.

    Before one of the `long` tables, which do not float, those that do are set: the order stays, and the numbers. A main
    table keeps its number (`numbers`: name to number) also where one before it is missing; the others count on.
    """
    inputs: list[str] = []
    expected, highest = 1, max((numbers or {}).values(), default=0)
    for name in names:
        number = (numbers or {}).get(name, max(expected, highest + 1))
        if number != expected:
            inputs.append(f"\\setcounter{{table}}{{{number - 1}}}")
        expected = number + 1
        inputs.append(("\\clearpage" if name in long else "") + f"\\input{{{name}}}")
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
            "\\renewcommand{\\thetable}{\\Roman{table}}",
            "% Tables fill their pages from the top, several to a page.",
            "\\renewcommand{\\topfraction}{.9}\\renewcommand{\\bottomfraction}{.9}\\renewcommand{\\textfraction}{.05}",
            "\\renewcommand{\\floatpagefraction}{.8}\\setcounter{topnumber}{6}\\setcounter{totalnumber}{8}",
            "\\makeatletter\\setlength{\\@fptop}{0pt}\\makeatother",
            "\\pagestyle{plain}",
            "\\begin{document}",
            *inputs,
            "\\end{document}",
            "",
        ]
    )
