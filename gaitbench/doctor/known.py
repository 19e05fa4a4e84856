"""Damage of CASIA-B as it was released, known from public descriptions: nothing that a new download would mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gaitbench.datasets.sequence import WALKS, SequenceKey
from gaitbench.doctor.findings import Finding
from gaitbench.protocol import ANGLES

__all__ = ["is_casia_b", "marked"]

#: Subject of whom sequences are missing or broken, and which frames are black; 005-bg-01-000 has under five frames.
_INCOMPLETE = "005"
_KNOWN = {
    ("005-bg-01-000", "short"): "known of CASIA-B: it has under five valid frames",
    ("005-bg-01-000", "empty"): "known of CASIA-B: it has under five valid frames",
    ("005-bg-01-144", "black"): "known of CASIA-B: frames 061 to 065 are black",
    ("005-bg-01-162", "black"): "known of CASIA-B: frames 001 and 002 are black",
}
#: Of the people who are usually tested, common releases lack so many sequences.
_TESTED, _LACKING = range(75, 125), 34


def is_casia_b(keys: Sequence[SequenceKey], rendered: bool) -> bool:
    """Whether sequences are named as all of CASIA-B's are, and filmed."""
    people = {key.subject for key in keys}
    return (
        not rendered
        and all(re.fullmatch(r"[0-9]{3}", p) is not None and 1 <= int(p) <= 124 for p in people)
        and all(key.walk in WALKS and key.angle in ANGLES for key in keys)
    )


def marked(findings: Sequence[Finding]) -> list[Finding]:
    """Findings of CASIA-B, those marked that are known of it."""
    lacking = [f for f in findings if f.kind == "missing" and _number(f.where) in _TESTED]
    return [replace(f, known=_why(f, len(lacking))) for f in findings]


def _why(finding: Finding, lacking: int) -> str:
    if why := _KNOWN.get((finding.where, finding.kind)):
        return why
    if finding.kind in ("missing", "empty") and finding.where.startswith(f"{_INCOMPLETE}-"):
        return "known of CASIA-B: subject 005 is incomplete"
    if finding.kind == "missing" and _number(finding.where) in _TESTED and lacking <= _LACKING:
        return f"known of CASIA-B: common releases lack {_LACKING} sequences of 075 to 124"
    return ""


def _number(name: str) -> int:
    subject = name.partition("-")[0]
    return int(subject) if subject.isdecimal() else 0
