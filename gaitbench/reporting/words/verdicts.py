"""The verdict in words: one sentence to repeat, and a card for each system."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.reading.attacks import angle_rows, attack_words, lowest
from gaitbench.reporting.reading.selection import (
    REFERENCE_ORDER,
    headline_reference,
    ordered,
)
from gaitbench.reporting.reading.verdicts import (
    Level,
    Verdict,
    broken_controls,
    headline_verdict,
    level_of,
    system_verdicts,
)  # fmt: skip
from gaitbench.results.record import Record

__all__ = ["LEVELS", "Card", "Line", "attacker_words", "cards", "of_100", "sentence"]

#: Level -> mark of the page, sign, and what it says.
LEVELS: dict[Level, tuple[str, str, str]] = {
    "hidden": ("good", "✓", "hidden"), "partly": ("mixed", "≈", "partly hidden"),
    "not": ("bad", "✗", "not hidden"), "unknown": ("unknown", "?", "cannot be told"),
}  # fmt: skip

#: What an attacker knows, in words.
_ATTACKERS = {
    "ignorant": "people who never saw the system",
    "lazy-informed": "people who can run the system on those they look for",
    "semi-informed": "people who trained on its output",
    "joint": "people who trained on its output and on originals",
    "informed": "people who hold the very noise of the walk",
    "linked": "people who know walks under the same noise",
    "de-anonymize": "people who learnt to undo it",
}
#: Percent of the frames in one piece from which a gait counts as natural, and under which as broken (ours).
_WHOLE, _BROKEN = 98.0, 90.0


@dataclass(frozen=True)
class Line:
    """An answer on a card: the question, a mark (good, mixed, bad, unknown), its sign, the word and the figure."""

    question: str
    mark: str
    sign: str
    word: str
    detail: str


@dataclass(frozen=True)
class Card:
    """A system in words."""

    system: str
    lines: tuple[Line, ...]


def attacker_words(attacker: str) -> str:
    """Who attacks, in words; an attacker of a third party is called by its name."""
    return _ATTACKERS.get(attacker, f"the {attacker} attacker")


def of_100(value: float) -> str:
    """Percent as a count of a hundred walks.

    Examples
    --------
    >>> of_100(69.4), of_100(2.5), of_100(0.0)
    ('69', '2.5', '0')
    """
    return f"{value:.0f}" if value >= 10 or value == 0 else f"{value:.1f}"


def sentence(record: Record) -> str:
    """One sentence that a person can repeat; empty where no attack is on record.

    Of the slides' anonymizer where there is one, else of the one that is named most.
    """
    said = record.provenance.get("evaluated", {}).get("verdict", {})
    if said.get("answer") == "cannot be judged":
        return _sentence_case(str(said.get("sentence") or "what was handed in cannot be judged"))
    verdict = headline_verdict(record)
    if verdict is None:
        return ""
    broken = broken_controls(record)
    if broken:
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        return f"No figure of this run is to be trusted: a control broke ({broken[0]}{more})."
    return _of(verdict)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _of(verdict: Verdict) -> str:
    guess = f"a blind guess names {of_100(verdict.chance)}"
    if verdict.untouched is not None:
        guess += f", untouched {of_100(verdict.untouched)}"
    who, name = attacker_words(verdict.worst.attacker), verdict.anonymizer
    count = f"{of_100(verdict.named)} of 100 walks are still named ({guess})"
    if verdict.level == "hidden":
        return f"{name} hides people from every attack that was run: {count} by {who}."
    how = "only in part from" if verdict.level == "partly" else "not from"
    easy = verdict.slides
    if (
        easy is not None
        and easy.rank1 is not None
        and easy.attack != verdict.worst.attack
        and easy.rank1 < verdict.named
        and level_of(easy, verdict.untouched) in ("hidden", "partly")
    ):
        return (
            f"{name} keeps most people from the slides' attacker ({of_100(easy.rank1)} of 100 walks still named), but "
            f"{how} {who}: {count}."
        )
    word = {"partly": "hides people only in part", "not": "does not hide people"}.get(verdict.level)
    return (
        f"{name} {word}: {count} by {who}."
        if word
        else f"Whether {name} hides people cannot be told: {count}{_open(verdict)}."
    )


def _open(verdict: Verdict) -> str:
    """Why nothing can be told: nobody who attacked knows the people untouched, or the interval is too wide."""
    if verdict.weak and verdict.known is not None:
        return f", and no recognizer that was run names more than {of_100(verdict.known)} of 100 untouched normal walks"
    low, high = verdict.worst.rank1_ci_low, verdict.worst.rank1_ci_high
    return (
        "" if low is None or high is None else f", anything from {of_100(low)} to {of_100(high)} is possible"
    )


def cards(record: Record) -> tuple[Card, ...]:
    """A card for each anonymizer, who is named most first."""
    broken = bool(broken_controls(record))
    return tuple(
        Card(
            v.anonymizer,
            (
                _hidden(record, v, broken=broken),
                _good(record, v.anonymizer),
                _useful(record, v.anonymizer),
                _natural(record, v),
            ),
        )
        for v in system_verdicts(record)
    )


def _hidden(record: Record, verdict: Verdict, *, broken: bool) -> Line:
    mark, sign, word = LEVELS["unknown" if broken else verdict.level]
    low, high = verdict.worst.rank1_ci_low, verdict.worst.rank1_ci_high
    between = "" if low is None or high is None else f" ({low:.0f} to {high:.0f})"
    untouched = "" if verdict.untouched is None else f", untouched {of_100(verdict.untouched)}"
    detail = (
        f"{of_100(verdict.named)} of 100{between}, over all angles, still named by "
        f"{attacker_words(verdict.worst.attacker)}: {attack_words(verdict.worst)}, on {verdict.system}; "
        f"guess {of_100(verdict.chance)}{untouched}."
    )
    rows = angle_rows(record, verdict.anonymizer)
    if len({row.angle for row in rows}) > 1:
        worst = lowest(rows)
        detail += (
            f" At the worst angle, {degrees(worst.angle)}: {of_100(100 - (worst.rate or 0.0))} of 100 that were named "
            "before."
        )
    if verdict.gait is not None and verdict.gait is not verdict.worst:
        detail += (
            f" By silhouettes alone: {of_100(verdict.gait.rank1 or 0.0)} of 100, "
            f"{attacker_words(verdict.gait.attacker)}."
        )
    if verdict.slides is not None and verdict.slides is not verdict.worst:
        detail += f" The slides' attacker names {of_100(verdict.slides.rank1 or 0.0)}."
    return Line("Hidden?", mark, sign, word, detail)


def _good(record: Record, anonymizer: str) -> Line:
    """Picture quality has no line between good and bad: figures, and no mark."""
    reference = headline_reference(record)
    rows = [
        row
        for row in record.quality
        if (row.anonymizer, row.reference) == (anonymizer, reference) and row.colorizer != "none"
    ]
    painters = ordered((row.colorizer for row in rows), ("proposed", "gaitbench"))
    for painter in painters:
        psnr = [row.psnr for row in rows if row.colorizer == painter and row.psnr is not None]
        ssim = [row.ssim for row in rows if row.colorizer == painter and row.ssim is not None]
        if psnr and ssim:
            word = f"{sum(psnr) / len(psnr):.1f} dB, SSIM {sum(ssim) / len(ssim):.3f}"
            what = "colours alone" if reference == REFERENCE_ORDER[0] else f"reference {reference}"
            return Line(
                "Good picture?", "unknown", "·", word, f"painted by {painter}; {what}, mean of the sets."
            )
    return Line("Good picture?", "unknown", "–", "not measured", "")


def _useful(record: Record, anonymizer: str) -> Line:
    """How much of each measure is left between the floor and the ceiling; no line between useful and not."""
    held = [
        r
        for r in record.tables.get("utility", ())
        if r.condition == "all" and r.value is not None and not r.variant
    ]
    found = {(r.anonymizer, r.measure): r.value for r in held}
    parts = []
    for row in [r for r in held if r.anonymizer == anonymizer]:
        top, floor = found.get(("original", row.measure)), found.get(("constant", row.measure))
        if top is None or floor is None or abs(top - floor) < 1e-9:
            continue
        if (top > floor) == (row.direction == "higher"):
            parts.append((row.title, 100 * (row.value - floor) / (top - floor)))
    if not parts:
        return Line("Useful?", "unknown", "–", "not measured", "")
    parts.sort(key=lambda part: part[1])
    word = f"{parts[0][1]:.0f} to {parts[-1][1]:.0f} % of what the original tells"
    detail = "; ".join(f"{title[:1].lower() + title[1:]} {left:.0f} %" for title, left in parts)
    return Line("Useful?", "unknown", "·", word, f"{detail} (0: one gait for everybody, 100: untouched).")


def _natural(record: Record, verdict: Verdict) -> Line:
    rows = [
        row
        for row in record.tables.get("naturalness", ())
        if (row.anonymizer, row.measure) == (verdict.anonymizer, "unbroken") and row.value is not None
    ]
    if not rows:
        return Line("Natural?", "unknown", "–", "not measured", "")
    value = min(row.value for row in rows)
    mark, sign = ("good", "✓") if value >= _WHOLE else ("mixed", "≈") if value >= _BROKEN else ("bad", "✗")
    return Line("Natural?", mark, sign, f"{value:.0f} % unbroken", "frames in one piece, on its worst set.")
