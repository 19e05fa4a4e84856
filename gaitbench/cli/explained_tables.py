"""What ``gaitbench explain`` prints: tables for the terminal, or JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from gaitbench.datasets.views import view_label
from gaitbench.reporting.formats.console import table_console
from gaitbench.results.explained import AssignedProbe, Entry, Explained, Explanation, Match, PooledProbe

__all__ = ["as_text", "print_tables"]


def print_tables(found: Explained) -> None:
    """Print the nearest people of every attack, before and after; then what it makes of several probes together."""
    console = table_console()
    console.print(_nearest(found))
    if any(row.assigned for row in found.rows):
        console.print(_assigned(found))
    for row in found.rows:
        if row.pooled is not None:
            console.print(_pooled(found, row, row.pooled))


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
        table.add_column(column, overflow="fold")
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


def _assigned(found: Explained) -> Table:
    right = found.key.rsplit("-", 3)[0]
    table = Table(
        title="All probes of that walk and angle together, each person named once", title_justify="left",
        caption="where distances are equal, the order of the probes decides: several are drawn", caption_justify="left",
    )  # fmt: skip
    for column in ("attack", "probes", "alone", "together", "right in", f"who took the name {right}"):
        table.add_column(column, overflow="fold")
    for row in found.rows:
        a = row.assigned
        if a is None:
            continue
        named = "counts as named: it failed" if a.failed else a.named or "nothing to look at"
        other = a.taken_by or ("" if a.failed or a.named in ("", right) else "nobody")
        where = f", gallery at {view_label(a.gallery_angle)}" if a.gallery_angle >= 0 else ""
        rounds = f"{round(a.share * a.rounds)} of {a.rounds} orders"
        table.add_row(Text(_attack(row) + where), str(a.probes), a.alone, named, rounds, other)
    return table


def _pooled(found: Explained, row: Explanation, pool: PooledProbe) -> Table:
    subject = found.key.rsplit("-", 3)[0]
    where = f", gallery at {view_label(pool.gallery_angle)}" if pool.gallery_angle >= 0 else ""
    held = f"this probe is number {pool.place}" if pool.place else "no drawn pool over these holds this probe"
    table = Table(
        title=f"{_attack(row)}{where}: {pool.over} of {subject} pooled, "
        f"drawn pool {pool.draw} of {pool.draws} ({held})",
        title_justify="left", caption_justify="left",
        caption="* the right person; distances are sums, each sequence's over their mean. "
        f"The last column: of the {pool.draws} drawn pools of {subject}.",
    )  # fmt: skip
    for column in ("k", "pooled", "named", "1", "2", "3", "4", "5", "right in"):
        table.add_column(column, overflow="fold")
    known = 0
    for step in pool.steps:
        new = [name.removeprefix(f"{subject}-") for name in step.sequences[known:]]
        known = step.size
        shown = ("+ " if step.size > 1 else "") + ", ".join(new)
        named = (
            f"counts as named: {step.failed} failed" if step.failed else step.named or "nothing to look at"
        )
        cells = [f"{who}{'*' if who == subject else ' '} {total:.4g}" for who, total in step.nearest]
        cells += [""] * (5 - len(cells))
        table.add_row(str(step.size), shown, named, *cells, f"{100 * step.share:.0f} %")
    return table


def _cell(match: Match) -> str:
    entry = "" if match.entry is None else f"\n{match.entry.walk} {view_label(match.entry.angle)}"
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
            "assigned": None if r.assigned is None else _one_to_one(r.assigned),
            "pooled": None if r.pooled is None else _pools(r.pooled),
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


def _one_to_one(a: AssignedProbe) -> dict[str, Any]:
    return {
        "walk": a.walk, "angle": a.angle, "gallery_angle": a.gallery_angle if a.gallery_angle >= 0 else None,
        "probes": a.probes, "alone": a.alone or None, "named": a.named or None, "share": a.share, "rounds": a.rounds,
        "taken_by": a.taken_by, "failed": a.failed,
    }  # fmt: skip


def _pools(pool: PooledProbe) -> dict[str, Any]:
    return {
        "over": pool.over, "gallery_angle": pool.gallery_angle if pool.gallery_angle >= 0 else None,
        "draw": pool.draw, "draws": pool.draws, "place": pool.place,
        "steps": [
            {
                "k": s.size, "sequences": list(s.sequences), "named": s.named or None, "right": s.right,
                "failed": s.failed, "share": s.share,
                "nearest": [{"subject": who, "sum": total} for who, total in s.nearest],
            }
            for s in pool.steps
        ],
    }  # fmt: skip
