"""Is a system's gait hidden? Read from the strongest attack on it, beside what the same attack names untouched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitbench.reporting.reading.attacks import every_gallery, headline_worst, system_text
from gaitbench.reporting.reading.selection import headline_anonymizer, unique
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.schema import BROKEN, CONTROLS
from gaitbench.results.schema_attacks import Identification

__all__ = [
    "WEAK", "Level", "Verdict", "broken_controls", "headline_verdict", "level_of", "level_of_rate",
    "normal_walks", "proven", "system_verdicts", "too_weak",
]  # fmt: skip

Level = Literal["hidden", "partly", "not", "unknown"]

#: Rank-1 on untouched normal walks (percent) under which a recognizer that is fooled proves nothing (ours).
WEAK = 60.0


@dataclass(frozen=True)
class Verdict:
    """What the strongest attack leaves of an anonymizer.

    Parameters
    ----------
    anonymizer : str
    level : str
        ``hidden`` (cannot be told from a blind guess, and less than half of what the attack had over a guess is left
        by the whole of its interval), ``partly``, ``not`` (the attack keeps half or more) or ``unknown``. Nobody is
        called hidden where no recognizer that was run names `WEAK` of the untouched normal walks.
    worst : Identification
        The strongest attack, whatever paints the system and whichever gallery is used.
    untouched : float or None
        Rank-1 (percent) of the same recognizer on untouched probes, same gallery.
    slides : Identification or None
        The slides' attack on the same anonymizer.
    gait : Identification or None
        The strongest attack that reads silhouettes alone; `worst` itself where that reads no colours.
    known : float or None
        Rank-1 (percent) on untouched normal walks of the best recognizer that attacked the anonymizer; `untouched`
        where no competence is on record.
    """

    anonymizer: str
    level: Level
    worst: Identification
    untouched: float | None
    slides: Identification | None
    gait: Identification | None
    known: float | None

    @property
    def weak(self) -> bool:
        """Whether no recognizer that was run knows people well enough for its failure to prove anything."""
        return too_weak(self.known)

    @property
    def system(self) -> str:
        """Anonymizer and colorizer that the worst case is of."""
        return system_text(self.worst.anonymizer, self.worst.colorizer)

    @property
    def named(self) -> float:
        """Rank-1 of the worst case, in percent."""
        return self.worst.rank1 or 0.0

    @property
    def chance(self) -> float:
        """What a blind guess names, in percent."""
        return 100 / self.worst.people


def broken_controls(record: Record) -> list[str]:
    """Names of the controls that did not give their known answer."""
    return [check.name for check in record.checks if check.kind == "control" and check.passed is False]


def level_of(row: Identification, untouched: float | None) -> Level:
    """How far an attack still names people."""
    return level_of_rate(row.rank1 or 0.0, row.rank1_ci_low, row.rank1_ci_high, 100 / row.people, untouched)


def level_of_rate(
    named: float, low: float | None, high: float | None, chance: float, untouched: float | None
) -> Level:
    """The same from figures in percent: still named, the ends of its interval, a blind guess, untouched.

    An interval that holds a blind guess, and half of what the attack has over one as well, is of too few people to say
    either: nobody is called hidden by it.
    """
    if untouched is not None and untouched <= chance:
        return "unknown"
    # where nobody measured what the attack names untouched: half of all
    half = 50.0 if untouched is None else chance + BROKEN * (untouched - chance)
    if low is not None and low <= chance:
        return "unknown" if high is not None and high >= half else "hidden"
    return "not" if named >= half else "partly"


def too_weak(known: float | None) -> bool:
    """Whether recognizers of which the best names `known` (percent) of the untouched normal walks prove nothing."""
    return known is None or known < WEAK


def proven(level: Level, known: float | None) -> Level:
    """A level, or ``unknown`` in place of ``hidden`` where the recognizers that failed are `too_weak`."""
    return "unknown" if level == "hidden" and too_weak(known) else level


def system_verdicts(record: Record) -> list[Verdict]:
    """A verdict for each anonymizer that is no control, who is named most first; empty where no ladder was run."""
    evaluated = record.provenance.get("evaluated", {}).get("verdict", {}).get("answer")
    every = [row for row in every_gallery(record) if row.rank1 is not None and row.people]
    names = unique(row.anonymizer for row in every if row.anonymizer not in CONTROLS)
    found = []
    for name in names:
        worst = headline_worst(record, name)
        if worst is None or worst.rank1 is None:
            continue
        mine = [row for row in every if row.anonymizer == name]
        slides = next((row for row in mine if row.attack == SLIDES_SYSTEM[1:]), None)
        shapes = [r for r in mine if r.input == "silhouette" and r.strangers_passed is not False]
        gait = max(shapes, key=lambda r: r.rank1 or 0.0, default=None)
        untouched = _untouched(record, every, worst)
        level = "unknown" if evaluated == "cannot be judged" else level_of(worst, untouched)
        means = [normal_walks(record, one) for one in unique(row.recognizer for row in mine)]
        known = max((mean for mean in means if mean is not None), default=untouched)
        found.append(Verdict(name, proven(level, known), worst, untouched, slides, gait, known))
    return sorted(found, key=lambda v: -v.named)


def headline_verdict(record: Record) -> Verdict | None:
    """That of the slides' anonymizer where there is one, else of the one that is named most; None without a ladder."""
    verdicts = system_verdicts(record)
    chosen = headline_anonymizer(record)
    return next((v for v in verdicts if v.anonymizer == chosen), verdicts[0] if verdicts else None)


def normal_walks(record: Record, recognizer: str, gallery: str | None = None) -> float | None:
    """Mean rank-1 (percent) of a recognizer on untouched normal walks, of all walks where none is called normal.

    Parameters
    ----------
    record : Record
    recognizer : str
    gallery : str, optional
        Under this gallery alone.
    """
    own = [
        row for row in record.competence
        if row.recognizer == recognizer and row.rank1 is not None and gallery in (None, row.gallery)
    ]  # fmt: skip
    normal = [row for row in own if row.condition == "nm"] or own
    means = [row.rank1 for row in normal if row.angle is None]
    values = [value for value in means or [row.rank1 for row in normal] if value is not None]
    return sum(values) / len(values) if values else None


def _untouched(record: Record, rows: list[Identification], worst: Identification) -> float | None:
    """The same attack on the control ``original``, else the same recognizer under ``ignorant``, else its competence."""
    same = [
        row for row in rows
        if row.anonymizer == "original"
        and (row.recognizer, row.input, row.gallery) == (worst.recognizer, worst.input, worst.gallery)
    ]  # fmt: skip
    own = [row for row in same if row.attacker == worst.attacker] or same
    if own:
        return own[0].rank1
    means = [
        row
        for row in record.competence
        if (row.recognizer, row.gallery) == (worst.recognizer, worst.gallery)
        and row.condition != "all"  # the others again
        and row.angle is None
        and row.rank1 is not None
    ]
    total = sum(row.n for row in means)
    return sum(row.n * (row.rank1 or 0.0) for row in means) / total if total else None
