"""The diagnosis as one self-contained page."""

from __future__ import annotations

from importlib import resources

from markupsafe import Markup

from gaitbench.doctor.diagnosis import Diagnosis
from gaitbench.doctor.findings import KINDS, Finding
from gaitbench.doctor.showing.people_map import SIGNS, people_map
from gaitbench.doctor.showing.text import source_line, verdict_line
from gaitbench.reporting.formats.html import content_policy, environment

__all__ = ["render_diagnosis"]

#: Squares of a line of the people's map, and walks of it.
_SQUARES, _WALKS = 124, 60
_WORDS = {"#": "whole", "+": "some", "x": "fault", ".": "none"}


def render_diagnosis(found: Diagnosis) -> str:
    """The page as HTML: no script, nothing from elsewhere, everything escaped."""
    own = resources.files("gaitbench.doctor.showing") / "templates"
    shared = resources.files("gaitbench.reporting.page") / "templates" / "style.css"
    style = shared.read_text(encoding="utf-8") + (own / "doctor.css").read_text(encoding="utf-8")
    template = environment().from_string((own / "doctor.html.j2").read_text(encoding="utf-8"))
    together, lines = people_map(found.people, found.walks[:_WALKS], found.by_person, _SQUARES)
    squares = {walk: [_WORDS[sign] for sign in line] for walk, line in lines.items()}
    html: str = template.render(
        csp=content_policy(style), style=Markup(style), found=found, source=source_line(found),
        verdict=verdict_line(found), together=together, squares=squares, hidden=len(found.walks) - len(lines),
        legend=[(_WORDS[sign], says) for sign, says in SIGNS.items()],
        kinds=_by_kind([one for one in found.findings if not one.known]),
        known=[one for one in found.findings if one.known], people=_share(found),
        tone={0: "good", 1: "mixed", 2: "bad"}[found.verdict.code],
    )  # fmt: skip
    return html


def _share(found: Diagnosis) -> dict[str, dict[str, int]]:
    """Walk -> view -> shade of its square, 0 to 4: the share of the people who have it."""
    people = len(found.people)
    return {
        walk: {view: -(-4 * count // people) for view, count in own.items()}
        for walk, own in found.present.items()
    }


def _by_kind(findings: list[Finding]) -> list[tuple[str, str, list[Finding]]]:
    """Title, way out and findings of each kind that there is."""
    kinds = [
        (title, way, [one for one in findings if one.kind == kind]) for kind, (title, way) in KINDS.items()
    ]
    return [(title, way, own) for title, way, own in kinds if own]
