"""Tables as LaTeX: booktabs rules, siunitx columns, a caption of one sentence and the notes below."""

from __future__ import annotations

from dataclasses import replace

from gaitbench.reporting.formats.latex_layout import GAP, ONE_COLUMN, Layout, Paper, layout, parts
from gaitbench.reporting.formats.latex_rows import body, heads, ours, preamble
from gaitbench.reporting.formats.table import Column, Row, Table

__all__ = ["label", "to_latex"]

#: Puts the boxed table on the line, shrunk as a whole where a line is shorter than the one it was set for.
_PLACE = r"\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi"


def label(table: Table) -> str:
    """The label that a paper refers to."""
    return f"tab:{table.name}".replace("_", "-")


def _full_title(column: Column) -> str:
    return f"{column.group} {column.title}".strip()


def _breakable(text: str) -> str:
    """Notes in LaTeX whose names of files may break at an underscore, and whose code points may break between."""
    return text.replace(r"\_", r"\_\allowbreak ").replace(r"\texttt{U+", r"\allowbreak\texttt{U+")


def _notes(table: Table, way: Layout) -> list[str]:
    sentences = list(table.sentences_of([table.columns[i] for i in way.kept]))
    if len(way.kept) < len(table.columns):
        left = ", ".join(_full_title(c) for i, c in enumerate(table.columns) if i not in way.kept)
        sentences.append(f"Not shown here but in {table.file}: {left}.")
    return sentences


def to_latex(table: Table, paper: Paper = ONE_COLUMN) -> str:
    r"""The table as one or more floats for ``\input``; needs booktabs, siunitx, array and graphicx.

    The caption is the title; what else must be said stands in notes below. The size of type is the largest that fits
    the line of the `paper`; a table that fits no way wraps its words, then leaves out its minor columns, then sets
    intervals below their figures. On a paper of two columns it takes one where it fits, else both (``table*``). A table
    of more rows than a page takes comes in parts, of which the first has the caption and the last the notes.
    """
    way = layout(table, paper)
    notes = _notes(table, way)
    blocks = parts(table, way, paper, " ".join(notes))
    kept = replace(
        table,
        columns=tuple(table.columns[i] for i in way.kept),
        rows=tuple(replace(row, cells=tuple(row.cells[i] for i in way.kept)) for row in table.shown),
    )
    lines = [
        f"% {table.name}: needs booktabs, siunitx, array, graphicx, \\sisetup{{detect-weight,mode=text}}",
        f"% Set for a line of {paper.width if way.spans else paper.column:.0f} points; "
        "on a shorter one the table is shrunk as a whole.",
    ]
    for number, sections in enumerate(blocks):
        lines += _float(kept, sections, way, number == 0, notes if number == len(blocks) - 1 else [])
    return "\n".join(lines) + "\n"


def _float(
    table: Table, sections: list[tuple[str, list[Row]]], way: Layout, first: bool, notes: list[str]
) -> list[str]:
    kind = "table*" if way.spans else "table"
    cut = [
        (name, [replace(row, cells=tuple(row.cells[i] for i in way.kept)) for row in rows])
        for name, rows in sections
    ]
    name = label(table)
    if first:
        head = [f"\\caption{{{ours(f'{table.title}.')}}}", f"\\label{{{name}}}"]
    else:
        head = [f"{{\\itshape Table~\\ref{{{name}}}, continued}}\\par\\smallskip"]
    lines = [
        f"\\begin{{{kind}}}[{'!tp' if way.spans else '!htbp'}]", "\\centering", *head,
        f"\\begingroup{way.size.name}\\setlength{{\\tabcolsep}}{{{GAP}pt}}%",
        f"\\sbox0{{\\begin{{tabular}}{{{preamble(table, way.kept, way)}}}",
        "\\toprule", *heads(table, way), "\\midrule", *body(table, cut, way), "\\bottomrule",
        "\\end{tabular}}%", _PLACE, "\\par\\endgroup",
    ]  # fmt: skip
    if notes:
        text = _breakable(ours(" ".join(notes)))
        lines.append(
            f"\\smallskip\\parbox{{\\linewidth}}{{\\footnotesize\\raggedright\\emergencystretch=2em {text}}}"
        )
    return [*lines, f"\\end{{{kind}}}"]
