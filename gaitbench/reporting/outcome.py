"""What came of a run, for a program: the verdict of each system, what broke, what failed, where it lies."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from gaitbench.reporting.reading.verdicts import broken_controls, system_verdicts
from gaitbench.reporting.words.checks import CHECK_WORDS
from gaitbench.reporting.words.verdicts import sentence
from gaitbench.results.record import Record

__all__ = ["outcome"]


def outcome(record: Record, output: Path) -> dict[str, Any]:
    """The closing words of a run as JSON values.

    Parameters
    ----------
    record : Record
    output : path
        Folder of the results.
    """
    broken = bool(broken_controls(record))
    document: dict[str, Any] = {
        "output": str(output),
        "report": str(output / "report.html"),
        "suite": record.provenance["suite_name"],
        "sentence": sentence(record),
        "systems": [
            {
                "system": one.system, "verdict": "unknown" if broken else one.level, "named": one.named,
                "low": one.worst.rank1_ci_low, "high": one.worst.rank1_ci_high, "chance": one.chance,
                "untouched": one.untouched, "attacker": one.worst.attacker, "recognizer": one.worst.recognizer,
                "input": one.worst.input, "gallery": one.worst.gallery,
                "slides": None if one.slides is None else one.slides.rank1,
            }
            for one in system_verdicts(record)
        ],
        "checks": {
            kind: [
                {"name": check.name, "passed": check.passed, "detail": check.detail}
                for check in record.checks
                if check.kind == kind
            ]
            for kind in CHECK_WORDS
        },
        "failures": [asdict(failure) for failure in record.failures],
    }  # fmt: skip
    evaluated = record.provenance.get("evaluated")
    if evaluated is not None:
        document["evaluated"] = {
            name: evaluated[name] for name in ("verdict", "counts", "problems", "left_out")
        }
    return document
