"""Two or more runs side by side as one self-contained page: the protocols' differences first, then the figures'."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from markupsafe import Markup

from gaitbench.reporting.formats.html import content_policy, environment
from gaitbench.reporting.formats.plain import cell_words, interval_text, readable_time
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.intervals import level_text
from gaitbench.reporting.reading.selection import display, ordered, unique
from gaitbench.results.compare import Change, Comparison
from gaitbench.results.record import Record

__all__ = ["change_tables", "render_comparison", "verdict"]

#: Measures in the order of the page, in words, with what a rise means.
_MEASURES = {
    "correct_after": ("Named rightly after anonymization (%)", "higher: people are named more often"),
    "correct_before": ("Named rightly before anonymization (%)", "higher: a stronger recognizer"),
    "psnr": ("PSNR (dB)", "higher: closer to the reference"),
    "ssim": ("SSIM", "higher: closer to the reference"),
}
_DIGITS = {"correct_after": 2, "correct_before": 2, "psnr": 3}
#: Characters of a protocol's entry that are shown.
_LENGTH = 400
_LEVEL = 0.05
#: Cells that are shown of a measure where none can be told from no difference.
_MOST = 12


def verdict(change: Change) -> str:
    """What the interval and the corrected p-value of a difference allow to say of the second run."""
    if change.ci_low is None or change.ci_high is None:
        return "no interval"
    if change.ci_low <= 0.0 <= change.ci_high:
        return "cannot be told apart"
    word = "higher" if change.difference > 0 else "lower"
    told = change.p_holm is not None and change.p_holm < _LEVEL
    return word if told else f"{word}, not after correction"


def _system(change: Change) -> str:
    return system_text(change.cell["anonymizer"], change.cell["colorizer"] or "none")


def _context(change: Change) -> str:
    """The attack or the reference: what else makes the cell."""
    names = [change.cell[key] for key in ("attacker", "recognizer", "input", "gallery", "reference")]
    return ", ".join(name for name in names if name not in ("", "none")) or "–"


def _row(change: Change) -> Row:
    p = Cell(change.p_holm) if change.p_holm is not None else Cell(state=State.UNDEFINED)
    cells = (
        Cell(_system(change)), Cell(_context(change)), Cell(change.a), Cell(change.b),
        Cell(change.difference, change.ci_low, change.ci_high), p, Cell(change.sequences), Cell(verdict(change)),
    )  # fmt: skip
    return Row(cells, "", {})


def change_tables(changes: Sequence[Change]) -> list[tuple[Table, Table | None]]:
    """By measure: the differences that can be told from none, largest first, and all others (None: there are none).

    Where none can be told, the first table holds the largest few.
    """
    found: list[tuple[Table, Table | None]] = []
    for measure in ordered((change.cell["measure"] for change in changes), tuple(_MEASURES)):
        own = [change for change in changes if change.cell["measure"] == measure]
        own.sort(key=lambda change: -abs(change.difference))
        told = [change for change in own if verdict(change) in ("higher", "lower")]
        shown = told or own[:_MOST]
        rest = [change for change in own if change not in shown]
        title, meaning = _MEASURES.get(measure, (display(measure), "its own page says which way is better"))
        digits = _DIGITS.get(measure, 4)
        columns = (
            Column("system", "System"), Column("context", "Attack or reference"), Column("a", "First", digits),
            Column("b", "Second", digits), Column("difference", "Second minus first", digits, interval=True),
            Column("p_holm", "p (Holm)", 3), Column("sequences", "n", 0), Column("verdict", "Second is"),
        )  # fmt: skip
        say = f"{len(told)} of {len(own)} cells can be told from no difference; {meaning}."

        def table(rows: Sequence[Change], name: str, title: str, say: str, columns: Any = columns) -> Table:
            return Table(name, title, (say,), columns, tuple(map(_row, rows)))

        if rest:
            found.append(
                (
                    table(shown, measure, title, say),
                    table(rest, f"{measure}_rest", f"{title}: the others", ""),
                )
            )
        else:
            found.append((table(own, measure, title, say), None))
    return found


def _value(value: Any) -> str:
    text = (
        value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    )
    return text if len(text) <= _LENGTH else text[:_LENGTH] + " …"


def _origin(name: str, record: Record) -> dict[str, str]:
    origin = record.provenance
    commit = origin.get("git_commit")
    return {
        "name": name, "suite": origin["suite_name"], "dataset": origin["dataset"]["name"],
        "created": readable_time(origin["created"]), "seed": str(origin["seed"]),
        "program": origin["package_version"] + (f", commit {commit[:12]}" if commit else ""),
        "failures": str(len(record.failures)),
    }  # fmt: skip


def render_comparison(
    base: tuple[str, Record], others: Sequence[tuple[str, Record]], found: Mapping[str, Comparison]
) -> str:
    """The page as HTML.

    Parameters
    ----------
    base : tuple of str and Record
        Name and record of the first run: the one the others are compared with.
    others : sequence of tuple of str and Record
    found : Mapping
        Name of another run -> its comparison with the first.
    """
    templates = resources.files("gaitbench.reporting.page") / "templates"
    style = (templates / "style.css").read_text(encoding="utf-8")
    template = environment().from_string((templates / "compare.html.j2").read_text(encoding="utf-8"))
    parts = [
        {
            "id": f"run{number}", "name": name, "comparison": found[name],
            "differs": [(one.name, _value(one.a), _value(one.b)) for one in found[name].differs],
            "tables": change_tables(found[name].changes),
        }
        for number, (name, _) in enumerate(others, 1)
    ]  # fmt: skip
    html: str = template.render(
        level=level_text(next(iter(found.values())).confidence),
        csp=content_policy(style), style=Markup(style), runs=[_origin(*base), *(_origin(*one) for one in others)],
        parts=parts, words=cell_words, interval=interval_text, count=len(unique(name for name, _ in others)),
    )  # fmt: skip
    return html
