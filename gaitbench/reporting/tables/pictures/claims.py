"""The slides' claims, one by one: their figure, ours under a named convention, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import slides_cell
from gaitbench.reporting.reading.intervals import SEEN_SENTENCE, brackets
from gaitbench.reporting.reading.selection import (
    REFERENCE_ORDER,
    SET_ORDER,
    attack_of,
    data_sentence,
    display,
    headline_attack,
    seen_cell,
)
from gaitbench.reporting.reading.slides import PSNR, SLIDES_SYSTEM, SSIM, SUCCESS_HIGH, SUCCESS_LOW
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import LITTLE_LOSS, QualityDifference

__all__ = ["HOLDS", "NOT", "OPEN", "slides_claims"]

HOLDS, NOT, OPEN = "holds", "does not hold", "cannot be told"

_COLUMNS = (
    Column("claim", "Claim of the slides"), Column("convention", "Convention"), Column("slides", "Slides", 4),
    Column("here", "Here", 4, interval=True), Column("could_have_seen", "Could have seen", 4),
    Column("verdict", "Verdict"),
)  # fmt: skip


def slides_claims(record: Record) -> Table | None:
    """A row a claim and convention; None where no claim of the slides was measured."""
    rows = [*_proposed_beats_baseline(record), *_gaps(record), *_success(record)]
    if not rows:
        return None
    caption = (
        "Claims are the slides'; their figures are of CASIA-B, without intervals, under a reference that they do not "
        "name. The verdict is about the sign of a difference, or the slides' range, not about a level.",
        f"{HOLDS.capitalize()}: the interval is on the claim's side, and what learns was trained often enough; "
        f"{NOT}: it is on the other side; {OPEN}: it holds both, or too few trainings leave their spread unknown.",
        SEEN_SENTENCE,
        brackets(record),
        data_sentence(record),
    )
    title = "The slides' claims, one by one"
    return Table("table_slides_claims", title, caption, _COLUMNS, tuple(rows))


def _verdict(row: QualityDifference) -> str:
    if row.ci_low is None or row.ci_high is None or row.ci_low <= 0 <= row.ci_high:
        return OPEN
    if row.few_trainings:
        return f"{OPEN}: too few trainings"
    return HOLDS if row.ci_low > 0 else NOT


def _proposed_beats_baseline(record: Record) -> Iterator[Row]:
    """PSNR and SSIM of proposed minus baseline on every set, under both references."""
    for reference in REFERENCE_ORDER:
        for measure, figures in (("psnr", PSNR), ("ssim", SSIM)):
            found = {
                row.set: row
                for row in record.quality_difference
                if (row.anonymizer, row.a, row.b) == (SLIDES_SYSTEM[0], "proposed", "baseline")
                and (row.reference, row.measure) == (reference, measure)
                and row.difference is not None
            }
            for one in [one for one in SET_ORDER if one in found]:
                row = found[one]
                unit = " (dB)" if measure == "psnr" else ""
                yield _row(
                    f"proposed beats baseline in {display(measure)}{unit}, {one}",
                    f"reference {reference}",
                    Cell(figures["proposed", one] - figures["baseline", one]),
                    Cell(row.difference, row.ci_low, row.ci_high),
                    seen_cell(record, row.ci_low, row.ci_high),
                    _verdict(row),
                )


def _gaps(record: Record) -> Iterator[Row]:
    """What incomplete silhouettes cost the proposed colorizer; two sets of other walks, so that there is no pairing."""
    for kind, rows in (("", record.quality), (", adjusted for the angle", record.quality_adjusted)):
        found = {
            row.set: row.psnr
            for row in rows
            if (row.anonymizer, row.colorizer, row.reference)
            == (SLIDES_SYSTEM[0], "proposed", REFERENCE_ORDER[0])
        }
        complete, incomplete = found.get("complete"), found.get("incomplete")
        if complete is None or incomplete is None:
            continue
        loss, slides = complete - incomplete, PSNR["proposed", "complete"] - PSNR["proposed", "incomplete"]
        yield _row(
            "incomplete silhouettes cost proposed little (dB)",
            f"reference {REFERENCE_ORDER[0]}{kind}",
            Cell(slides),
            Cell(loss),
            Cell(state=State.UNDEFINED),
            f"{HOLDS if loss <= LITTLE_LOSS else NOT} (at most {LITTLE_LOSS:g} dB; no interval)",
        )


def _success(record: Record) -> Iterator[Row]:
    """The lowest and the highest success over the angles, against the slides' range; the highest against theirs."""
    attack = headline_attack(record)
    if attack is None or slides_cell(record) is None:
        return
    rows = [
        row
        for row in record.success_rate
        if attack_of(row) == attack and row.anonymizer == SLIDES_SYSTEM[0] and row.rate is not None
    ]
    if not rows:
        return
    ends = (
        ("lowest", min(rows, key=lambda row: row.rate or 0.0), SUCCESS_LOW),
        ("highest", max(rows, key=lambda row: row.rate or 0.0), SUCCESS_HIGH),
    )
    for word, row, slides in ends:
        low = row.rate if row.ci_low is None else row.ci_low
        high = row.rate if row.ci_high is None else row.ci_high
        assert low is not None and high is not None
        inside = low <= SUCCESS_HIGH and high >= SUCCESS_LOW
        yield _row(
            f"success of {SLIDES_SYSTEM[0]} lies within {SUCCESS_LOW} to {SUCCESS_HIGH} % at every angle: {word}",
            f"{degrees(row.angle)}, gallery {attack[3]}",
            Cell(slides),
            Cell(row.rate, row.ci_low, row.ci_high),
            Cell(state=State.UNDEFINED),
            HOLDS if inside else NOT,
        )
    _, best, slides = ends[1]
    reached, open_ = (best.rate or 0.0) >= slides, best.ci_high is not None and best.ci_high >= slides
    yield _row(
        f"success of {SLIDES_SYSTEM[0]} reaches {slides} % at some angle: highest",
        f"{degrees(best.angle)}, gallery {attack[3]}",
        Cell(slides),
        Cell(best.rate, best.ci_low, best.ci_high),
        Cell(state=State.UNDEFINED),
        HOLDS if reached else OPEN if open_ else NOT,
    )


def _row(claim: str, convention: str, slides: Cell, here: Cell, seen: Cell, verdict: str) -> Row:
    return Row((Cell(claim), Cell(convention), slides, here, seen, Cell(verdict)), "", {"source": "here"})


SLIDES_CLAIMS = ReportTable("quality", slides_claims)
