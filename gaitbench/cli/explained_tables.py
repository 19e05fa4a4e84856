"""What ``gaitbench explain`` prints: tables for the terminal, or JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gaitbench.results.explained import Entry, Explained, Explanation, Match

__all__ = ["as_text", "print_tables"]


def print_tables(found: Explained) -> None:
    """Print the nearest people of every attack, before and after."""
    console = Console(width=None if Console().is_terminal else 160)
    console.print(_nearest(found))


def _nearest(found: Explained) -> Table:
    people = max(row.people for row in found.rows)
    mean = any(row.attack.gallery == "cross-view" for row in found.rows)
    table = Table(
        title=f"{found.key} through {found.anonymizer}: the nearest of {people} people", title_justify="left",
        caption="* the right person; below each the nearest gallery walk. Distances are each recognizer's own and "
        "compare within a row only" + (", and are the mean over the gallery's angles." if mean else "."),
        caption_justify="left",
    )  # fmt: skip
    for column in ("attack, gallery", "", "right person is", "1", "2", "3", "4", "5"):
        table.add_column(column)
    for row in found.rows:
        how = f"gallery: {row.enrolled.words(found.key, found.anonymizer, found.level)}" if row.after else ""
        for moment, matches, place in (
            ("before", row.before, row.place_before), ("after", row.after, row.place_after),
        ):  # fmt: skip
            label = Text(_attack(row) if moment == "before" else how)
            if not matches:
                table.add_row(label, moment, Text(row.failed or "nothing to look at"))
                continue
            where = f"number {place}" if place else "not in the gallery"
            if moment == "after" and row.failed:
                where = row.failed
            table.add_row(label, moment, where, *(_cell(m) for m in matches), end_section=moment == "after")
    return table


def _cell(match: Match) -> str:
    entry = "" if match.entry is None else f"\n{match.entry.walk} {match.entry.angle:03d}"
    return f"{match.subject}{'*' if match.right else ' '} {match.distance:.4g}{entry}"


def _attack(row: Explanation) -> str:
    a = row.attack
    painted = "" if row.colorizer == "none" else f", painted by {row.colorizer}"
    return f"{a.attacker}, {a.recognizer}, {a.input}{painted}"


def as_text(found: Explained, target: Path) -> str:
    """The same as JSON.

    Parameters
    ----------
    target : Path
        Of the picture.
    """
    rows = [
        {
            "attacker": r.attack.attacker, "recognizer": r.attack.recognizer, "input": r.attack.input,
            "gallery": r.attack.gallery, "colorizer": r.colorizer, "people": r.people, "failed": r.failed,
            "enrolled": {
                "draw": r.enrolled.draw,
                "noise_of": found.key if r.enrolled.draw == "probe in hand" else None,
                "words": r.enrolled.words(found.key, found.anonymizer, found.level),
            },
            "before": _people(r.before), "after": _people(r.after),
            "place_before": r.place_before, "place_after": r.place_after,
            "entries_before": [_entry(e) for e in r.entries_before],
            "entries_after": [_entry(e) for e in r.entries_after],
        }
        for r in found.rows
    ]  # fmt: skip
    document = {
        "sequence": found.key, "anonymizer": found.anonymizer, "noise": found.level, "attacks": rows,
        "picture": str(target),
    }  # fmt: skip
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)


def _people(matches: tuple[Match, ...]) -> list[dict[str, Any]]:
    return [
        {
            "subject": m.subject, "distance": m.distance, "right": m.right,
            "entry": None if m.entry is None else _entry(m.entry),
        }
        for m in matches
    ]  # fmt: skip


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "sequence": entry.key, "subject": entry.subject, "walk": entry.walk, "angle": entry.angle,
        "distance": entry.distance,
    }  # fmt: skip
