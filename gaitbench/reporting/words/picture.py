"""Is the picture good? The answer in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gaitbench.reporting.reading.blocks import RIVALS
from gaitbench.reporting.reading.selection import headline_anonymizer, headline_reference, ordered, unique
from gaitbench.reporting.words.answer import LINES, Answer
from gaitbench.reporting.words.simpler_colorizers import TRUTH, better_rivals
from gaitbench.results.record import Record
from gaitbench.results.schema import Failure

__all__ = ["picture_answer"]


def picture_answer(record: Record) -> Answer:
    """How good the pictures of the first anonymizer are, by colorizer, and which colorizer is better."""
    name, spoken = headline_anonymizer(record), headline_reference(record)
    rows = [
        row for row in record.quality
        if row.anonymizer == name and row.reference == spoken and row.colorizer != "none"
    ]  # fmt: skip
    failed = [failure for failure in record.failures if failure.stage == "quality"]
    lines = _failed_lines(failed, {row.colorizer for row in rows})
    if not rows:
        if failed:
            return Answer("unknown", "Failed in this run.", tuple(lines))
        return Answer(
            "unknown", "Not measured in this run.", ("No picture quality of an anonymizer is on record.",)
        )
    for colorizer in ordered((row.colorizer for row in rows), RIVALS):
        psnr = [row.psnr for row in rows if row.colorizer == colorizer and row.psnr is not None]
        ssim = [row.ssim for row in rows if row.colorizer == colorizer and row.ssim is not None]
        if psnr and ssim:
            lines.append(
                f"{colorizer}: PSNR {min(psnr):.2f} to {max(psnr):.2f} dB, SSIM {min(ssim):.3f} to {max(ssim):.3f} "
                f"over the sets (reference {spoken})."
            )
    pairs = [
        row for row in record.quality_difference
        if row.anonymizer == name and row.reference == spoken and row.difference is not None
    ]  # fmt: skip
    if not pairs:
        short = "Figures below; no paired comparison is on record."
        return Answer("unknown", short, tuple(lines))
    mark, short = "good", ""
    compared = unique((row.a, row.b) for row in pairs)
    compared.sort(key=lambda pair: "proposed" not in pair)
    for a, b in compared[:LINES]:
        own = [row for row in pairs if (row.a, row.b) == (a, b)]
        wins, losses = sum(row.winner == a for row in own), sum(row.winner == b for row in own)
        drawn = len(own) - wins - losses
        lines.append(
            f"{a} against {b}, sets and measures together: better in {wins}, worse in {losses}, cannot be told "
            f"apart in {drawn} of {len(own)}."
        )
        if not short:
            short, mark = _picture_verdict(a, b, wins, losses, len(own))
    if len(compared) > LINES:
        lines.append(f"{len(compared) - LINES} more pairs stand in the table of differences.")
    truth = [
        row for row in record.quality_difference if row.reference == TRUTH and row.difference is not None
    ]
    for reference, better in (
        (spoken, better_rivals(pairs)),
        (TRUTH, better_rivals(truth, where=f"under the reference {TRUTH}")),
    ):
        lines += [line for _, line in better]
        if better:
            names = [name for name, _ in better]
            where = "" if reference == spoken else f" under the reference {reference}"
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
    more = len(lines) - LINES
    return [*lines[:LINES], *([f"{more} more failures stand at the top."] if more > 0 else [])]


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
