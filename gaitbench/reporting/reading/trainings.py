"""How often systems were trained, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gaitbench.reporting.reading.labels import labels_of
from gaitbench.results.record import Record
from gaitbench.results.schema import Quality

__all__ = ["anonymizer_sentences", "trainings_sentences"]


def trainings_sentences(rows: Iterable[Quality]) -> list[str]:
    """Sentences of a caption: which colorizers are means over trainings, and which were trained once."""
    counts: dict[int | None, list[str]] = {}
    for row in rows:
        if row.colorizer != "none" and row.colorizer not in counts.setdefault(row.trainings, []):
            counts[row.trainings].append(row.colorizer)
    said = []
    for count in sorted((c for c in counts if c is not None and c > 1), reverse=True):
        said.append(
            f"{', '.join(counts[count])}: mean over {count} trainings; the brackets are over subjects and trainings "
            "(two-way bootstrap)."
        )
    if counts.get(1):
        said.append(f"{', '.join(counts[1])}: one training; spread between trainings unknown.")
    if None in counts:
        said.append("How often colorizers were trained is not recorded (by older versions: once).")
    return said


def anonymizer_sentences(record: Record) -> list[str]:
    """Sentences of a caption about success: M and |S| are of one training, and what the others gave."""
    counts, labels = record.provenance.get("trainings"), labels_of(record)["anonymizer"]
    if not isinstance(counts, Mapping):
        return []
    once = [labels.get(str(name), str(name)) for name, count in counts.items() if count == 1]
    said = [f"{', '.join(once)}: one training; spread between trainings unknown."] if once else []
    for row in record.trainings:
        if row.measure == "success" and row.angle is None:
            between = "" if row.ci_low is None else f" [{row.ci_low:.2f}, {row.ci_high:.2f}]"
            said.append(
                f"{row.anonymizer}: the first of {row.trainings} trainings; mean over all of them, against "
                f"{row.recognizer}, {row.value:.2f} %{between} over subjects and trainings (SD {row.sd:.2f}, "
                f"{row.lowest:.2f} to {row.highest:.2f}; all angles, pooled)."
            )
    return said
