"""The sheet of an import: some frames of each walk, the worst first, on one self-contained page."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from markupsafe import Markup

from gaitbench.clips.people.quality import FAULTS
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.importing.asked import Done
from gaitbench.importing.showing.outcome import Outcome, score_line
from gaitbench.importing.writing import strip_place
from gaitbench.reporting.formats.html import content_policy, data_uri, environment

__all__ = ["render_sheet"]

#: Walks that are shown.
_SHOWN = 120


def render_sheet(found: Outcome) -> str:
    """The page as HTML: no script, nothing from elsewhere, everything escaped."""
    own = resources.files("gaitbench.importing.showing") / "templates"
    shared = resources.files("gaitbench.reporting.page") / "templates" / "style.css"
    style = shared.read_text(encoding="utf-8") + (own / "sheet.css").read_text(encoding="utf-8")
    template = environment().from_string((own / "sheet.html.j2").read_text(encoding="utf-8"))
    walks = [one for one in found.done if one.note is not None or one.strip]
    walks.sort(key=lambda one: (one.note is not None, one.note.score if one.note is not None else 0.0))
    html: str = template.render(
        csp=content_policy(style), style=Markup(style), found=found, verdict=score_line(found),
        tone="bad" if found.problems else "good", hidden=max(0, len(walks) - _SHOWN),
        shown=[_shown(one, found.dest, found.least) for one in walks[:_SHOWN]],
    )  # fmt: skip
    return html


def _shown(one: Done, dest: Path, least: float) -> dict[str, object]:
    strip, note = one.strip, one.note
    if note is not None and not strip:
        place = strip_place(dest, SequenceKey.parse(note.key))
        strip = place.read_bytes() if place.is_file() else b""
    picture = data_uri(strip, "png") if strip else ""
    if note is None:
        return {"name": one.name, "share": "not written", "why": one.problem, "bad": True, "picture": picture}
    why = ", ".join(f"{count} {FAULTS.get(fault, fault)}" for fault, count in note.faults.items())
    share = f"{100 * note.score:.0f} % of {note.frames}"
    return {"name": one.name, "share": share, "why": why, "bad": note.score < least, "picture": picture}
