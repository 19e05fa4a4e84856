"""The summary in plain words: what was tested, is the person hidden, is the picture good, what not to conclude."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gaitbench.reporting.reading.attacks import short_attack, system_text, worst_rows
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.selection import (
    HEADLINE_REFERENCE,
    attack_of,
    attack_text,
    headline_anonymizer,
    headline_attack,
    ordered,
    unique,
)  # fmt: skip
from gaitbench.reporting.reading.slides import SUCCESS_LOW
from gaitbench.reporting.words.headline import Fact, above_chance, headline_facts
from gaitbench.reporting.words.simpler_colorizers import TRUTH, better_rivals
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, Failure, SuccessRate

__all__ = ["Answer", "Summary", "summarize"]

#: Lines of one kind in an answer: the others stand in a table.
_LINES = 5

#: Rank-1 on untouched normal walks (percent) under which fooling the recognizer proves nothing (ours).
_WEAK = 60.0


@dataclass(frozen=True)
class Answer:
    """An answer: `mark` is good, mixed, bad or unknown; `short` one line; `lines` the evidence."""

    mark: str
    short: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """The four parts of the summary, and the figures that stand before them."""

    tested: tuple[str, ...]
    hidden: Answer
    picture: Answer
    beware: tuple[str, ...]
    facts: tuple[Fact, ...] = ()


def summarize(record: Record) -> Summary:
    """Put a record into words; every figure in them stands in a table as well."""
    return Summary(
        _tested(record), _hidden(record), _picture(record), _beware(record), headline_facts(record)
    )


def _percent(value: float) -> str:
    return f"{value:.1f} %"


def _tested(record: Record) -> tuple[str, ...]:
    data, run = record.provenance["dataset"], record.provenance
    people = (
        "rendered walkers (computer-made people, not filmed ones)" if data["rendered"] else "filmed people"
    )
    lines = list(run.get("evaluated", {}).get("counts", {}).get("lines", ()))
    lines += [f"Data: {data['name']}, {people}; suite {run['suite_name']}, seed {run['seed']}."]
    names = unique(row.anonymizer for row in record.success_rate)
    names += [row.anonymizer for row in record.quality if row.anonymizer not in names]
    systems = [name for name in unique(names) if name not in CONTROLS]
    held = [name for name in CONTROLS if name in names]
    painters = [c for c in unique(row.colorizer for row in record.quality) if c != "none"]
    if systems:
        painted = f", painted by {', '.join(painters)}" if painters else ""
        lines.append(f"Anonymizer: {', '.join(systems)}{painted}.")
    if held:
        lines.append(f"Controls beside it: {', '.join(held)}.")
    attack = headline_attack(record)
    if attack is not None:
        angles = sorted({row.angle for row in record.success_rate})
        others = len({attack_of(row) for row in record.success_rate}) - 1
        more = f" {others} further attack{'s' if others > 1 else ''} below." if others else ""
        span = f"{angles[0]}° to {angles[-1]}°" if len(angles) > 1 else f"{angles[0]}°"
        count = "1 viewing angle" if len(angles) == 1 else f"{len(angles)} viewing angles"
        lines.append(f"Attack: {attack_text(attack)}, at {count} ({span}).{more}")
    missing = len(data["missing"])
    if missing:
        lines.append(f"{missing} sequences were missing on disk and are not part of any figure.")
    return tuple(lines)


def _competence(record: Record, attack: tuple[str, str, str, str]) -> float | None:
    """Mean rank-1 on untouched normal walks of the attack's recognizer and gallery."""
    own = [
        row for row in record.competence
        if (row.recognizer, row.gallery) == (attack[1], attack[3]) and row.rank1 is not None
    ]  # fmt: skip
    normal = [row for row in own if row.condition == "nm"] or own
    means = [row.rank1 for row in normal if row.angle is None]
    values = [value for value in means or [row.rank1 for row in normal] if value is not None]
    return sum(values) / len(values) if values else None


def _control_trouble(record: Record, attack: tuple[str, str, str, str]) -> str | None:
    """What is wrong where a control does not give its known answer."""
    for row in record.success_rate:
        if attack_of(row) != attack or row.rate is None:
            continue
        if row.anonymizer == "original" and row.rate > 0:
            return f"The control original, where nothing was done, succeeds in {_percent(row.rate)} at {row.angle}°."
    return None


def _hidden(record: Record) -> Answer:
    verdict = record.provenance.get("evaluated", {}).get("verdict", {})
    if verdict.get("answer") == "cannot be judged":  # somebody's files of a form in which nothing can be said
        return Answer("unknown", "Cannot be judged.", tuple(verdict["why"]))
    name, attack = headline_anonymizer(record), headline_attack(record)
    if attack is None or name is None:
        return Answer(
            "unknown", "Not measured in this run.", ("No success rate of an anonymizer is on record.",)
        )
    rows = [row for row in record.success_rate if row.anonymizer == name and row.rate is not None]
    own = [row for row in rows if attack_of(row) == attack]
    if not own:
        return Answer("unknown", "Cannot be told: nothing was measured or every |S| is 0.", ())
    lines = [_worst_line(record, name, own)]
    competence = _competence(record, attack)
    if competence is not None:
        lines.append(
            f"Before anonymization the same attack names {_percent(competence)} of the normal walks rightly (rank-1)."
        )
    else:
        lines.append("The attacker's own competence is not on record, so that fooling it proves little.")
    trouble = _control_trouble(record, attack)
    if trouble:
        lines.append(f"{trouble} The measure is broken; do not use these rates.")
        return Answer("unknown", "Cannot be told: a control fails.", tuple(lines))
    lines += _control_lines(record, attack) + _system_lines(record)
    worse = _other_attacks(rows, attack, own)
    if worse:
        lines.append(worse)
    if competence is None or competence < _WEAK:
        return Answer(
            "unknown", "Cannot be told: the attacker hardly recognizes anybody to begin with.", tuple(lines)
        )
    return Answer(*_verdict(rows, better=above_chance(record, name)), tuple(lines))


def _system_lines(record: Record) -> list[str]:
    """The worst case of each anonymizer, where there are several systems; the others are counted."""
    worst = worst_rows(record)
    if len(worst) < 2:
        return []
    order = sorted(worst, key=lambda system: -(worst[system].rank1 or 0.0))
    strongest: dict[str, tuple[str, str]] = {}
    for system in order:
        strongest.setdefault(system[0], system)
    firsts = list(strongest.values())[:_LINES]
    parts = [
        f"{system_text(*system)}: {_percent(worst[system].rank1 or 0.0)} ({short_attack(worst[system])})"
        for system in firsts
    ]
    more = len(worst) - len(firsts)
    rest = f"; {more} more in the ladder table" if more else ""
    return [f"Still named rightly in the worst case of each anonymizer: {'; '.join(parts)}{rest}."]


def _worst_line(record: Record, name: str, rows: list[SuccessRate]) -> str:
    worst = min(rows, key=lambda row: (row.rate or 0.0, row.angle))
    rate = worst.rate or 0.0
    interval = ""
    if worst.ci_low is not None and worst.ci_high is not None:
        interval = f" ({interval_name(record)} {worst.ci_low:.1f} to {worst.ci_high:.1f})"
    return (
        f"At its worst angle, {worst.angle}°, {name} succeeds in {_percent(rate)}{interval}: of {worst.s} walks "
        f"named rightly before (of {worst.n} probes), {worst.m} are named wrongly after and {worst.s - worst.m} "
        f"still rightly, {_percent(100 - rate)}. A blind guess names {_percent(100 - worst.chance)} rightly."
    )


def _control_lines(record: Record, attack: tuple[str, str, str, str]) -> list[str]:
    parts = []
    for control in CONTROLS:
        rates = [
            row.rate for row in record.success_rate
            if row.anonymizer == control and attack_of(row) == attack and row.rate is not None
        ]  # fmt: skip
        if rates:
            low, high = _percent(min(rates)), _percent(max(rates))
            parts.append(f"{control} {low}" + (f" to {high}" if low != high else ""))
    return [f"For comparison, the controls over the angles: {'; '.join(parts)}."] if parts else []


def _other_attacks(
    rows: list[SuccessRate], attack: tuple[str, str, str, str], own: list[SuccessRate]
) -> str | None:
    others = [row for row in rows if attack_of(row) != attack]
    if not others:
        return None
    worst = min(others, key=lambda row: (row.rate or 0.0, row.angle))
    if (worst.rate or 0.0) >= min(row.rate or 0.0 for row in own):
        return None
    painted = f", painted by {worst.colorizer}" if worst.colorizer != "none" else ""
    return (
        f"A stronger attack brings that down to {_percent(worst.rate or 0.0)} at {worst.angle}° "
        f"({attack_text(attack_of(worst))}{painted}): judge by this one."
    )


def _verdict(rows: list[SuccessRate], *, better: bool) -> tuple[str, str]:
    """Mark and one line over all attacks: the worst case counts. `better`: over all angles some attack beats chance."""
    lowest = min(row.rate or 0.0 for row in rows)
    at_chance = not better and all(row.ci_high is not None and row.ci_high >= row.chance for row in rows)
    if at_chance:
        return "good", "Yes, against these attacks: at no angle do they do measurably better than guessing."
    if lowest >= SUCCESS_LOW:
        return (
            "mixed",
            "Mostly: the attack usually fails, but still names people more often than a guess would.",
        )
    if lowest >= 50:
        return "mixed", "In part: at some angle a good share of the people is still named rightly."
    return "bad", "No: at some angle most of the people are still named rightly."


def _picture(record: Record) -> Answer:
    name = headline_anonymizer(record)
    rows = [
        row for row in record.quality
        if row.anonymizer == name and row.reference == HEADLINE_REFERENCE and row.colorizer != "none"
    ]  # fmt: skip
    failed = [failure for failure in record.failures if failure.stage == "quality"]
    lines = _failed_lines(failed, {row.colorizer for row in rows})
    if not rows:
        if failed:
            return Answer("unknown", "Failed in this run.", tuple(lines))
        return Answer(
            "unknown", "Not measured in this run.", ("No picture quality of an anonymizer is on record.",)
        )
    for colorizer in ordered((row.colorizer for row in rows), ("baseline", "proposed")):
        psnr = [row.psnr for row in rows if row.colorizer == colorizer and row.psnr is not None]
        ssim = [row.ssim for row in rows if row.colorizer == colorizer and row.ssim is not None]
        if psnr and ssim:
            lines.append(
                f"{colorizer}: PSNR {min(psnr):.2f} to {max(psnr):.2f} dB, SSIM {min(ssim):.3f} to {max(ssim):.3f} "
                f"over the sets (reference {HEADLINE_REFERENCE})."
            )
    pairs = [
        row for row in record.quality_difference
        if row.anonymizer == name and row.reference == HEADLINE_REFERENCE and row.difference is not None
    ]  # fmt: skip
    if not pairs:
        short = "Figures below; no paired comparison is on record."
        return Answer("unknown", short, tuple(lines))
    mark, short = "good", ""
    compared = unique((row.a, row.b) for row in pairs)
    compared.sort(key=lambda pair: "proposed" not in pair)
    for a, b in compared[:_LINES]:
        own = [row for row in pairs if (row.a, row.b) == (a, b)]
        wins, losses = sum(row.winner == a for row in own), sum(row.winner == b for row in own)
        drawn = len(own) - wins - losses
        lines.append(
            f"{a} against {b}, sets and measures together: better in {wins}, worse in {losses}, cannot be told "
            f"apart in {drawn} of {len(own)}."
        )
        if not short:
            short, mark = _picture_verdict(a, b, wins, losses, len(own))
    if len(compared) > _LINES:
        lines.append(f"{len(compared) - _LINES} more pairs stand in the table of differences.")
    truth = [
        row for row in record.quality_difference if row.reference == TRUTH and row.difference is not None
    ]
    for reference, better in (
        (HEADLINE_REFERENCE, better_rivals(pairs)),
        (TRUTH, better_rivals(truth, where=f"under the reference {TRUTH}")),
    ):
        lines += [line for _, line in better]
        if better:
            names = [name for name, _ in better]
            where = "" if reference == HEADLINE_REFERENCE else f" under the reference {reference}"
            short += f" But {', '.join(names)} beat{'s' if len(names) == 1 else ''} proposed{where}."
            mark = "mixed" if mark == "good" else mark
    lines.append("How good a level is the eye must say: see the pictures and the player below.")
    return Answer(mark, short, tuple(lines))


def _failed_lines(failed: Sequence[Failure], measured: Collection[str]) -> list[str]:
    """What of the picture quality failed, and why; a sequence of a colorizer that has figures is none of it."""
    lines = []
    for failure in failed:
        parts = failure.parts
        if not ("key" in parts and parts.get("colorizer") in measured):
            named = [parts[name] for name in ("anonymizer", "colorizer", "set") if name in parts]
            lines.append(
                f"Failed: {', '.join(named) or failure.cell or 'picture quality'}: {failure.message}."
            )
    more = len(lines) - _LINES
    return [*lines[:_LINES], *([f"{more} more failures stand at the top."] if more > 0 else [])]


def _picture_verdict(a: str, b: str, wins: int, losses: int, total: int) -> tuple[str, str]:
    if wins == total:
        return f"{a} is better than {b} on every set and measure.", "good"
    if losses == total:
        return f"{a} is worse than {b} on every set and measure.", "bad"
    if wins and not losses:
        return f"{a} is better than {b} on some sets or measures, never worse.", "mixed"
    if losses and not wins:
        return f"{a} is worse than {b} on some sets or measures, never better.", "bad"
    return f"{a} and {b}: no clear winner.", "mixed"


def _beware(record: Record) -> tuple[str, ...]:
    lines = [
        "A success rate without |S|, chance and the controls means nothing: a recognizer that knows nobody is "
        "always fooled, and a blind guess alone succeeds almost always."
    ]
    if record.provenance["dataset"]["rendered"]:
        lines.append(
            "These people are rendered walkers. The figures show how the methods compare under equal conditions; "
            "they do not say how filmed people fare."
        )
    attackers = unique(row.attacker for row in record.success_rate)
    if attackers == ["ignorant"]:
        lines.append(
            "The attacker knows nothing of the anonymizer. One that was trained on anonymized gaits can do better, "
            "so that a high rate here is no proof of anonymity."
        )
    inputs = unique(row.input for row in record.success_rate)
    if inputs == ["silhouette"]:
        lines.append(
            "The recognizer reads the anonymized silhouette alone. That colour keeps the person hidden (clothes, "
            "a silhouette extracted again) is not tested by it; equal rates for all colorizers are so by construction."
        )
    lines.append(
        "PSNR and SSIM compare with a named reference; levels under different references, and the slides' figures "
        "(whose reference is not given), do not compare. Picture quality says nothing about privacy."
    )
    return tuple(lines)
