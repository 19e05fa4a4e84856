"""The checks of a run by kind: controls, findings about systems, claims of the slides."""

from __future__ import annotations

from gaitbench.results.record import Record
from gaitbench.results.schema import Check

__all__ = ["CHECK_WORDS", "check_groups"]

#: Kind of check -> id and title of its list, and what is said of one that holds, does not, or cannot be told.
CHECK_WORDS: dict[str, tuple[str, str, dict[bool | None, str]]] = {
    "control": ("controls", "Controls", {True: "✓ holds", False: "✗ broke", None: "? cannot be told"}),
    "finding": ("findings", "About the systems", {True: "✓ yes", False: "✗ no", None: "? cannot be told"}),
    "claim": (
        "claims", "Claims of the slides, each as a whole",
        {True: "✓ holds", False: "✗ does not hold", None: "? cannot be told"},
    ),
}  # fmt: skip


def check_groups(record: Record) -> list[tuple[str, str, list[Check], dict[bool | None, str]]]:
    """Id, title, checks and words of each kind: controls, findings about systems, claims of the slides."""
    return [
        (place, title, [check for check in record.checks if check.kind == kind], words)
        for kind, (place, title, words) in CHECK_WORDS.items()
    ]
