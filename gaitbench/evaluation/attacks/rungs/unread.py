"""What an attack on pictures cannot look at: counted and named, so that no walk is missing from it without a word.

Silhouettes need none of this: a walk without them fails before any attack, and is named there.
"""

from __future__ import annotations

from collections.abc import Collection

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.rungs.rung import Seen
from gaitbench.results.schema_pooled import LeftOut

__all__ = ["unread_rows", "unread_shown"]


def unread_rows(source: str, seen: Seen) -> list[LeftOut]:
    """Untouched walks that an input leaves out of training, gallery and probes, a row for each role and reason.

    Parameters
    ----------
    source : str
        The attacker's input.
    seen : Seen
    """
    found = []
    for role, rows in (("training", seen.training), ("gallery", seen.gallery), ("probe", seen.probes)):
        names = [str(key) for key in rows.keys]
        failed = [name for name in names if name in rows.failures]
        blank = [name for name in names if name in rows.blank]
        for gone, why in (
            (failed, f"first: {rows.failures[failed[0]]}" if failed else ""),
            (blank, f"nobody stands out of the scene, first: {blank[0]}" if blank else ""),
        ):
            if gone:
                what = f"{len(gone)} of {len(names)} {role} walks on the input {source}"
                found.append(LeftOut("attacks", what, why))
    enrolled = set(seen.gallery.usable().subjects.tolist())
    if strangers := sorted(set(seen.probes.usable().subjects.tolist()) - enrolled):
        what = f"{len(strangers)} tested people on the input {source}"
        found.append(
            LeftOut(
                "attacks",
                what,
                f"no gallery walk shows them, so that nobody can name them, first: {strangers[0]}",
            )
        )
    return found


def unread_shown(shown: Features, known: Collection[str]) -> str:
    """One line on the probes that cannot be read as they were painted; "" where all can.

    Parameters
    ----------
    shown : Features
        The probes as an attacker of pictures sees them.
    known : collection of str
        Names of which it was said already that there is nothing to read.
    """
    names = [str(key) for key in shown.keys]
    failed = [name for name in names if name in shown.failures and name not in known]
    if not failed:
        return ""
    first = shown.failures[failed[0]]
    told = first if failed[0] in first else f"{failed[0]}: {first}"
    return f"{len(failed)} of {len(names)} painted probes cannot be read and count as named (first: {told})"
