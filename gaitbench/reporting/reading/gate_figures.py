"""The figures that release gates ask for, read from a record."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.reporting.reading.selection import headline_reference
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.reporting.reading.verdicts import broken_controls, system_verdicts
from gaitbench.results.gates import Gate, GateResult
from gaitbench.results.record import Record

__all__ = ["gate_figures", "judge_gates"]


def judge_gates(record: Record, gates: Sequence[Gate]) -> list[GateResult]:
    """Hold gates against a record."""
    figures = gate_figures(record)
    return [gate.judge(figures) for gate in gates]


def gate_figures(record: Record) -> dict[str, dict[str, float | None]]:
    """`gaitbench.results.gates.FIGURES` of every anonymizer that is no control; the run's own under ``""``."""
    found: dict[str, dict[str, float | None]] = {
        "": {"controls.broken": len(broken_controls(record)), "failures": len(record.failures)}
    }
    for verdict in system_verdicts(record):
        name, worst, gait = verdict.anonymizer, verdict.worst, verdict.gait
        found[name] = {
            "worst.rank1": worst.rank1,
            "worst.rank1.high": worst.rank1_ci_high,
            "worst.over_chance": verdict.named - verdict.chance,
            "gait.rank1": gait.rank1 if gait else None,
            "gait.rank1.high": gait.rank1_ci_high if gait else None,
            **_success(record, name),
            **_pictures(record, name),
        }
    return found


def _success(record: Record, name: str) -> dict[str, float | None]:
    """Of the first gallery that was run; undefined as a whole where it is undefined at some angle."""
    mine = [
        row for row in record.success_rate
        if row.anonymizer == name and (row.attacker, row.recognizer, row.input) == SLIDES_SYSTEM[1:]
    ]  # fmt: skip
    rows = [row for row in mine if (row.gallery, row.colorizer) == (mine[0].gallery, mine[0].colorizer)]
    s, m = sum(row.s for row in rows), sum(row.m for row in rows)
    rates = [row.rate for row in rows]
    known = [rate for rate in rates if rate is not None]
    return {
        "slides.success": 100.0 * m / s if s else None,
        "slides.success.lowest": min(known) if known and len(known) == len(rates) else None,
    }


def _pictures(record: Record, name: str) -> dict[str, float | None]:
    """The colorizer whose worst set is best: of a release, one has to be good everywhere."""
    reference = headline_reference(record)
    rows = [r for r in record.quality if (r.anonymizer, r.reference) == (name, reference)]
    found: dict[str, float | None] = {}
    for measure in ("psnr", "ssim"):
        worst: list[float] = []
        for painter in dict.fromkeys(row.colorizer for row in rows):
            values = [getattr(row, measure) for row in rows if row.colorizer == painter]
            if all(value is not None for value in values):
                worst.append(min(values))
        found[f"picture.{measure}"] = max(worst) if worst else None
    return found
