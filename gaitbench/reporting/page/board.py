"""The board as one static page, sortable without a library, and as a table for a program."""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources
from typing import Any

import msgspec
from markupsafe import Markup

from gaitbench.reporting.formats.html import content_policy, environment, json_block
from gaitbench.reporting.formats.plain import cell_words, interval_text, readable_time
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.page.script import page_script
from gaitbench.reporting.reading.verdicts import Level, level_of_rate, proven
from gaitbench.reporting.words.verdicts import LEVELS, attacker_words, of_100
from gaitbench.results.board.ranking import Board, Ranked
from gaitbench.results.board.submission import Submission

__all__ = ["board_document", "board_table", "board_text", "render_board"]

#: What of the page's script the board needs.
_SCRIPTS = ("dom", "theme", "sorting", "scrolling", "main")
_COLUMNS = (
    Column("system", "System"), Column("verdict", "Verdict"),
    Column("named", "Still named (%)", 1, interval=True,
           meaning="still named: rank-1 of the strongest attack that was run, all angles together"),
    Column("group", "Group", meaning="group: systems that share a letter cannot be told apart"),
    Column("guess", "Guess (%)", 1), Column("untouched", "Untouched (%)", 1, meaning="untouched: the same attack where "
           "nothing was done"),
    Column("attacker", "By"), Column("attack", "Attack"),
    Column("slides", "Slides' attacker (%)", 1), Column("psnr", "PSNR (dB)", 2), Column("ssim", "SSIM", 3),
    Column("unbroken", "Unbroken frames (%)", 1), Column("failures", "Failures", 0), Column("run", "Run"),
    Column("made", "Made"), Column("version", "gaitbench"),
)  # fmt: skip


def board_table(board: Board) -> Table | None:
    """One row a system, who is named least first; None where nothing is left."""
    if not board.rows:
        return None
    first = board.rows[0].submission
    references = sorted(
        {r.submission.picture.reference for r in board.rows if r.submission.picture is not None}
    )
    caption = (
        "A lower bound of the risk: a stronger attack may exist. Two systems are told apart where the interval of "
        "their difference leaves out zero, put together from the intervals shown as of independent figures and "
        "corrected over all pairs (Holm); the people are the same, so that the test is a careful one.",
        f"Brackets: {100 * first.confidence:g} % intervals over people.",
        *([f"PSNR and SSIM: means of the sets, reference {', '.join(references)}."] if references else []),
    )
    return Table(
        "board",
        "Systems, who is named least first",
        caption,
        _COLUMNS,
        tuple(_row(one) for one in board.rows),
    )


def _row(ranked: Ranked) -> Row:
    one = ranked.submission
    attack = one.attack
    psnr, ssim = (None, None) if one.picture is None else (one.picture.psnr, one.picture.ssim)
    return Row(
        (
            Cell(one.system), Cell(LEVELS[_level(one)][2]),
            Cell(one.named.value, one.named.low, one.named.high), Cell(ranked.group), Cell(one.chance),
            _figure(one.untouched), Cell(attacker_words(attack.attacker)),
            Cell(f"{attack.attacker}, {attack.recognizer}, {attack.input}, {attack.gallery}"),
            _figure(one.slides_named), _figure(psnr), _figure(ssim),
            _figure(one.unbroken), Cell(one.failures), Cell(ranked.source), Cell(readable_time(one.made)),
            Cell(one.version),
        )
    )  # fmt: skip


def _level(one: Submission) -> Level:
    level = level_of_rate(one.named.value, one.named.low, one.named.high, one.chance, one.untouched)
    return proven(level, one.untouched if one.known is None else one.known)


def _figure(value: float | None) -> Cell:
    return Cell(state=State.NOT_RUN) if value is None else Cell(value)


def board_document(board: Board) -> dict[str, Any]:
    """The board as JSON values."""
    return {
        "rows": [
            {"group": one.group, "source": one.source, "verdict": _level(one.submission),
             **msgspec.to_builtins(one.submission)}
            for one in board.rows
        ],
        "left_out": [asdict(one) for one in board.left_out],
    }  # fmt: skip


def board_text(board: Board) -> tuple[str, ...]:
    """The board in lines, for the terminal."""
    lines = []
    for one in board.rows:
        named = one.submission.named
        interval = "" if named.low is None else f" [{named.low:.1f}, {named.high:.1f}]"
        lines.append(
            f"{one.group:<4} {named.value:5.1f} %{interval:<15} {LEVELS[_level(one.submission)][2]:<14} "
            f"{one.submission.system}  ({one.source})"
        )
    return (*lines, *(f"left out: {one.name}: {one.why}" for one in board.left_out))


def render_board(board: Board) -> str:
    """The page as HTML."""
    templates = resources.files("gaitbench.reporting.page") / "templates"
    style = (templates / "style.css").read_text(encoding="utf-8")
    script = page_script(_SCRIPTS)
    template = environment().from_string((templates / "board.html.j2").read_text(encoding="utf-8"))
    first = board.rows[0].submission if board.rows else None
    html: str = template.render(
        csp=content_policy(style, script), style=Markup(style), script=Markup(script), data=json_block({"darker": []}),
        board=board, table=board_table(board), words=cell_words, interval=interval_text, first=first,
        marks=[LEVELS[_level(row.submission)] for row in board.rows],
        of_100=of_100,
    )  # fmt: skip
    return html
