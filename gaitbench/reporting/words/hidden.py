"""Is the person hidden? The answer in words."""

from __future__ import annotations

from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.reading.attacks import angle_rows, lowest, short_attack, system_text, worst_of_all
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.selection import attack_of, attack_text, headline_anonymizer, headline_attack
from gaitbench.reporting.reading.slides import SUCCESS_LOW
from gaitbench.reporting.reading.verdicts import (
    WEAK,
    Verdict,
    broken_controls,
    normal_walks,
    system_verdicts,
)
from gaitbench.reporting.words.answer import LINES, Answer, percent
from gaitbench.reporting.words.attributes import attribute_lines
from gaitbench.reporting.words.galleries import gallery_lines
from gaitbench.reporting.words.gaps import gap_lines
from gaitbench.reporting.words.verdicts import LEVELS
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["hidden_answer"]


def hidden_answer(record: Record) -> Answer:
    """Whether the first anonymizer hides people: as its card says, with evidence; unknown where a control fails."""
    verdict = record.provenance.get("evaluated", {}).get("verdict", {})
    if verdict.get("answer") == "cannot be judged":  # somebody's files of a form in which nothing can be said
        return Answer("unknown", "Cannot be judged.", tuple(verdict["why"]))
    name, attack = headline_anonymizer(record), headline_attack(record)
    if attack is None or name is None:
        return Answer(
            "unknown", "Not measured in this run.", ("No success rate of an anonymizer is on record.",)
        )
    rows = angle_rows(record, name)
    own = [row for row in rows if attack_of(row) == attack]
    if not own:
        return Answer("unknown", "Cannot be told: nothing was measured or every |S| is 0.", ())
    lines = [_worst_line(record, name, own)]
    competence = normal_walks(record, attack[1], attack[3])
    if competence is not None:
        lines.append(
            f"Before anonymization the same attack names {percent(competence)} of the normal walks rightly (rank-1)."
        )
    else:
        lines.append("The attacker's own competence is not on record, so that fooling it proves little.")
    trouble = _control_trouble(record, attack)
    broken = broken_controls(record)
    if trouble or broken:
        trouble = trouble or f"A control broke: {broken[0]}."
        lines.append(f"{trouble} The measure is broken; do not use these rates.")
        return Answer("unknown", "Cannot be told: a control fails.", tuple(lines))
    lines += _control_lines(record, attack) + _system_lines(record)
    lines += gallery_lines(record, name) + _halves_lines(record, name) + gap_lines(record, name)
    lines += attribute_lines(record, name)
    worse = _other_attacks(rows, attack, own)
    if worse:
        lines.append(worse)
    judged = next((one for one in system_verdicts(record) if one.anonymizer == name), None)
    if judged is not None:
        return Answer(*_judged(judged, rows), tuple(lines))
    if competence is None or competence < WEAK:
        return Answer(
            "unknown", "Cannot be told: the attacker hardly recognizes anybody to begin with.", tuple(lines)
        )
    return Answer(*_by_angle(rows), tuple(lines))


def _control_trouble(record: Record, attack: tuple[str, str, str, str]) -> str | None:
    """What is wrong where a control does not give its known answer."""
    for row in record.success_rate:
        if attack_of(row) != attack or row.rate is None:
            continue
        if row.anonymizer == "original" and row.rate > 0:
            where = degrees(row.angle)
            return (
                f"The control original, where nothing was done, succeeds in {percent(row.rate)} at {where}."
            )
    return None


def _system_lines(record: Record) -> list[str]:
    """The worst case of each anonymizer, where there are several systems; the others are counted."""
    worst = worst_of_all(record)
    if len(worst) < 2:
        return []
    order = sorted(worst, key=lambda system: -(worst[system].rank1 or 0.0))
    strongest: dict[str, tuple[str, str]] = {}
    for system in order:
        strongest.setdefault(system[0], system)
    firsts = list(strongest.values())[:LINES]
    parts = [
        f"{system_text(*system)}: {percent(worst[system].rank1 or 0.0)} ({short_attack(worst[system])})"
        for system in firsts
    ]
    more = len(worst) - len(firsts)
    rest = f"; {more} more in the ladder table" if more else ""
    return [f"Still named rightly in the worst case of each anonymizer: {'; '.join(parts)}{rest}."]


def _halves_lines(record: Record, name: str) -> list[str]:
    """The worst case of this anonymizer beside the one corrected for having looked at many attacks."""
    own = [
        row for row in record.tables.get("worst_case", ()) if row.anonymizer == name and row.rank1 is not None
    ]
    if not own:
        return []
    row = max(own, key=lambda row: row.naive)
    counted = " (each under each gallery)" if record.tables.get("galleries") else ""
    return [
        f"Of {row.attacks} attacks{counted} on {system_text(row.anonymizer, row.colorizer)} the strongest names "
        f"{percent(row.naive)} rightly; chosen on one half of the people and measured on the other, both ways, "
        f"{percent(row.rank1)} ({interval_name(record)} {row.ci_low:.1f} to {row.ci_high:.1f})."
    ]


def _worst_line(record: Record, name: str, rows: list[SuccessRate]) -> str:
    worst = lowest(rows)
    rate = worst.rate or 0.0
    interval = ""
    if worst.ci_low is not None and worst.ci_high is not None:
        interval = f" ({interval_name(record)} {worst.ci_low:.1f} to {worst.ci_high:.1f})"
    return (
        f"By angle, the slides' measure ({attack_text(attack_of(worst))}): lowest at {degrees(worst.angle)}, where "
        f"{name} succeeds in {percent(rate)}{interval}: of {worst.s} walks "
        f"named rightly before (of {worst.n} probes), {worst.m} are named wrongly after and {worst.s - worst.m} "
        f"still rightly, {percent(100 - rate)}. A blind guess names {percent(100 - worst.chance)} rightly."
    )


def _control_lines(record: Record, attack: tuple[str, str, str, str]) -> list[str]:
    parts = []
    for control in CONTROLS:
        rates = [
            row.rate for row in record.success_rate
            if row.anonymizer == control and attack_of(row) == attack and row.rate is not None
        ]  # fmt: skip
        if rates:
            low, high = percent(min(rates)), percent(max(rates))
            parts.append(f"{control} {low}" + (f" to {high}" if low != high else ""))
    return [f"For comparison, the controls over the angles: {'; '.join(parts)}."] if parts else []


def _other_attacks(
    rows: list[SuccessRate], attack: tuple[str, str, str, str], own: list[SuccessRate]
) -> str | None:
    others = [row for row in rows if attack_of(row) != attack]
    if not others:
        return None
    worst = lowest(others)
    if (worst.rate or 0.0) >= min(row.rate or 0.0 for row in own):
        return None
    painted = f", painted by {worst.colorizer}" if worst.colorizer != "none" else ""
    return (
        f"By angle, the lowest success of all attacks is {percent(worst.rate or 0.0)}, at {degrees(worst.angle)} "
        f"({attack_text(attack_of(worst))}{painted}): there {percent(100 - (worst.rate or 0.0))} of the walks named "
        "before are still named."
    )


def _judged(verdict: Verdict, rows: list[SuccessRate]) -> tuple[str, str]:
    """Mark and one line where attacks were run over all angles: the verdict of the card, and the worst angle beside it.

    The verdict rests on rank-1 over all angles (docs/protocol.md, worst case); what one angle alone gives is of few
    walks, is of those named before, and is said as such.
    """
    mark, _, word = LEVELS[verdict.level]
    untouched = "" if verdict.untouched is None else f", untouched {percent(verdict.untouched)}"
    said = (
        f"{word.capitalize()}: over all angles the strongest attack still names {percent(verdict.named)} of all walks "
        f"(a blind guess {percent(verdict.chance)}{untouched})"
    )
    if verdict.level == "unknown" and verdict.weak:
        known = "none is on record" if verdict.known is None else f"at most {percent(verdict.known)}"
        said += f"; too few people are known untouched to prove anything ({known} of the normal walks)"
    if rows:
        worst = lowest(rows)
        said += (
            f"; at the worst angle, {degrees(worst.angle)}, {percent(100 - (worst.rate or 0.0))} of the walks "
            "that were named before"
        )
    return mark, f"{said}."


def _by_angle(rows: list[SuccessRate]) -> tuple[str, str]:
    """Mark and one line where success by angle is all there is: the worst angle counts."""
    rate = lowest(rows).rate or 0.0
    if all(row.ci_high is not None and row.ci_high >= row.chance for row in rows):
        return "good", "Yes, against these attacks: at no angle do they do measurably better than guessing."
    if rate >= SUCCESS_LOW:
        return (
            "mixed",
            "Mostly: the attack usually fails, but still names people more often than a guess would.",
        )
    if rate >= 50:
        return "mixed", "In part: at some angle a good share of the people is still named rightly."
    return "bad", "No: at some angle most of the people are still named rightly."
