"""How much was read, beside what the slides read, and how many sequences show a gait cycle."""

from __future__ import annotations

from gaitbench.reporting.reading.slides import SEQUENCES
from gaitbench.results.record import Record

__all__ = ["sequences_read"]


def sequences_read(record: Record) -> list[str]:
    """Sentences about the sequences of each role; empty for records that do not tell."""
    roles = record.provenance.get("gait_cycles", {})
    if not roles:
        return []
    count = {
        role: int(roles.get(role, {}).get("sequences", 0))
        for role in ("recognizer", "models", "gallery", "probe")
    }
    tested = count["gallery"] + count["probe"]
    lines = [
        f"Sequences: {count['recognizer']:,} train the recognizer, {count['models']:,} anonymizers and colorizers, "
        f"{tested:,} are tested ({count['gallery']:,} in the gallery, {count['probe']:,} probes); the slides have "
        f"{SEQUENCES['recognizer']:,}, {SEQUENCES['models']:,} and {SEQUENCES['test']:,}."
    ]
    probes = roles.get("probe", {})
    if probes.get("sequences"):
        share, median = 100 * probes["sure"] / probes["sequences"], probes.get("period")
        length = f" (median {median:.1f} frames)" if median is not None else ""
        lines.append(
            f"Gait cycles: {share:.0f} % of the probes, of {probes['frames']:g} frames in the median, show a sure one"
            f"{length}; the others are averaged over all their frames."
        )
    return lines
