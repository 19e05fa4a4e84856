"""A document that sets the tables of a run: the main ones, then an appendix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gaitbench.reporting.formats.latex_layout import ONE_COLUMN, Paper
from gaitbench.reporting.formats.table import Table

__all__ = ["all_tex", "main_part"]

#: Rows of a table that the main part shows whole; of a longer one those that lead.
_MOST = 24

_ONE = (
    "\\documentclass[10pt,a4paper]{article}",
    "\\usepackage[margin=22mm]{geometry}",
)
_TWO = ("\\documentclass[10pt,a4paper,twocolumn]{article}",)

_HEAD = "\\section*{Appendix: further tables}"
#: A table over both columns never stands on the page where it is met: a heading in the text would fill a page alone.
_HEAD_OVER_BOTH = f"\\begin{{table*}}[!tp]{_HEAD}\\end{{table*}}"


def main_part(table: Table) -> Table | None:
    """The table as the main part of a document shows it: its leading rows alone; None where it is shown whole.

    The whole stands in the appendix. A table stays whole where it is short, or where all of its rows lead.
    """
    rows = tuple(row for row in table.shown if row.leads)
    if len(table.shown) <= _MOST or not rows or len(rows) == len(table.shown):
        return None
    said = f"Shown: {table.leading or 'the rows that lead'}; the whole table stands in the appendix."
    caption = (*table.caption, said)
    return replace(
        table, name=f"{table.name}_main", caption=caption, rows=rows, brief="", leading="", whole=table.name
    )


def all_tex(
    main: Sequence[str],
    appendix: Sequence[str],
    numbers: Mapping[str, int] | None = None,
    paper: Paper = ONE_COLUMN,
) -> str:
    """A document that sets the tables; compile it in their folder with ``pdflatex all.tex``, twice.

    A main table keeps its number (`numbers`: name to number) also where one before it is missing; main tables without
    one count on after the highest. Those of the appendix are A1, A2, ...
    """
    inputs: list[str] = []
    expected, highest = 1, max((numbers or {}).values(), default=0)
    following = highest + 1
    for name in main:
        number = (numbers or {}).get(name)
        if number is None:
            number, following = following, following + 1
        if number != expected:
            inputs.append(f"\\setcounter{{table}}{{{number - 1}}}")
        expected = number + 1
        inputs.append(f"\\input{{{name}}}")
    if appendix:
        inputs += [
            "\\clearpage",
            "\\typeout{gaitbench: the appendix begins on page \\thepage}",
            _HEAD if paper.columns == 1 else _HEAD_OVER_BOTH,
            "\\renewcommand{\\thetable}{A\\arabic{table}}\\setcounter{table}{0}",
            *(f"\\input{{{name}}}" for name in appendix),
        ]
    return "\n".join(
        [
            "% All tables of one run. In this folder: pdflatex all.tex, twice",
            *(_ONE if paper.columns == 1 else _TWO),
            "\\usepackage[T1]{fontenc}",
            "\\usepackage{mathptmx,textcomp}",
            "\\usepackage{graphicx,booktabs,array,siunitx}",
            "\\usepackage[font=small,labelfont=bf,justification=raggedright,singlelinecheck=false,skip=6pt]{caption}",
            "\\sisetup{detect-weight,mode=text}",
            "\\emergencystretch=3em",
            "\\renewcommand{\\thetable}{\\Roman{table}}",
            "% Tables fill their pages from the top, several to a page.",
            "\\renewcommand{\\topfraction}{.95}\\renewcommand{\\bottomfraction}{.9}\\renewcommand{\\textfraction}{.02}",
            "\\renewcommand{\\dbltopfraction}{.95}\\renewcommand{\\dblfloatpagefraction}{.6}",
            "\\renewcommand{\\floatpagefraction}{.6}\\setcounter{topnumber}{6}\\setcounter{totalnumber}{8}",
            "\\setcounter{dbltopnumber}{6}\\extrafloats{100}",
            "% Parts of long tables wait for their pages, in more than a hundred turns.",
            "\\maxdeadcycles=1000",
            "\\makeatletter\\setlength{\\@fptop}{0pt}\\setlength{\\@dblfptop}{0pt}\\makeatother",
            "\\pagestyle{plain}",
            "\\begin{document}",
            *inputs,
            "\\end{document}",
            "",
        ]
    )
