"""What came of an import, and how it is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from gaitbench.importing.asked import Done

__all__ = ["Outcome", "outcome_text", "score_line"]

#: Notes that are shown; JSON has all.
_NOTES = 12


@dataclass(frozen=True)
class Outcome:
    """Of an import.

    Parameters
    ----------
    source, format, because : str
        What was read, as what, and why so.
    dest : Path
    layout : str
    least : float
        Score under which silhouettes are no good.
    done : tuple of Done
    said : tuple of str
        Of the source as a whole.
    """

    source: str
    format: str
    because: str
    dest: Path
    layout: str
    least: float
    done: tuple[Done, ...]
    said: tuple[str, ...] = field(default=())

    @property
    def problems(self) -> list[str]:
        """What was wrong, one line each."""
        return [one.problem for one in self.done if one.problem]

    @property
    def counts(self) -> dict[str, int]:
        """Sequences by status."""
        found: Counter[str] = Counter(one.status for one in self.done)
        return {status: found[status] for status in ("written", "present", "refused", "failed")}

    @property
    def score(self) -> float | None:
        """Share of all frames that look like one whole person; None without a frame."""
        notes = [one.note for one in self.done if one.note is not None]
        frames = sum(note.frames for note in notes)
        return sum(note.score * note.frames for note in notes) / frames if frames else None

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "source": self.source, "format": self.format, "because": self.because, "destination": str(self.dest),
            "layout": self.layout, **self.counts, "score": self.score, "least": self.least, "said": list(self.said),
            "problems": self.problems, "sequences": [_plain(one) for one in self.done],
        }  # fmt: skip


def _plain(one: Done) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "status": one.status}
    if one.note is not None:
        told |= {
            "frames": one.note.frames, "score": one.note.score, "faults": dict(one.note.faults),
            "notes": list(one.note.notes),
        }  # fmt: skip
    return {**told, "problem": one.problem} if one.problem else told


def score_line(found: Outcome) -> str:
    """How good the silhouettes are, in a sentence."""
    notes = [one.note for one in found.done if one.note is not None]
    if found.score is None:
        return "No silhouette came in."
    worst = min(notes, key=lambda note: note.score)
    middle = median(note.score for note in notes)
    said = f"{100 * found.score:.1f} % of the frames look like one whole person"
    if len(notes) == 1:
        return f"{said}."
    return f"{said} (median walk {100 * middle:.0f} %, worst {100 * worst.score:.0f} %: {worst.key})."


def outcome_text(found: Outcome) -> str:
    """What came of it, on some lines."""
    counts = found.counts
    lines = [f"{found.source}: read as {found.format} ({found.because})."]
    parts = [f"{counts['written']} sequences written to {found.dest}"]
    parts += [f"{counts['present']} there already, left as they are"] if counts["present"] else []
    parts += [f"{counts['refused']} not written: no whole people"] if counts["refused"] else []
    parts += [f"{counts['failed']} failed"] if counts["failed"] else []
    lines += [f"{'; '.join(parts)}.", score_line(found)]
    lines += [f"  {text}" for text in (*found.said, *_notes(found.done))]
    return "\n".join(lines)


def _notes(done: Sequence[Done]) -> list[str]:
    """What was said of sequences, the same words once; those of one film alone with its name."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for one in done:
        for text in one.note.notes if one.note is not None else ():
            counts[text] += 1
            first.setdefault(text, one.name)
    told = [
        f"{first[text]}: {text}" if count == 1 else f"{text} ({count} sequences)"
        for text, count in counts.most_common()
    ]
    more = len(told) - _NOTES
    return [*told[:_NOTES], *([f"{more} further notes (--json)"] if more > 0 else [])]
