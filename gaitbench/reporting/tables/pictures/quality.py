"""Tables of picture quality: every reference, and paired differences."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import SEEN_SENTENCE, brackets
from gaitbench.reporting.reading.selection import (
    REFERENCE_ORDER,
    SET_ORDER,
    data_sentence,
    display,
    headline_anonymizer,
    measure_cell,
    ordered,
    rate_cell,
    seen_cell,
)  # fmt: skip
from gaitbench.reporting.reading.slides import (
    DIFFERENCE_SENTENCE,
    PICTURE_SENTENCE,
    PSNR,
    SLIDES_SYSTEM,
    SSIM,
)
from gaitbench.reporting.reading.trainings import trainings_sentences
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS, QualityDifference

__all__ = ["differences", "quality_all_references"]


def quality_all_references(record: Record) -> Table | None:
    """Every row of picture quality, controls among them."""
    if not record.quality:
        return None
    references = ordered((row.reference for row in record.quality), REFERENCE_ORDER)
    first = headline_anonymizer(record)
    rows = []
    for reference in references:
        own = [row for row in record.quality if row.reference == reference]
        order = ordered((row.set for row in own), SET_ORDER)
        for row in sorted(
            own, key=lambda r: (r.anonymizer in CONTROLS, r.anonymizer, order.index(r.set), r.colorizer)
        ):
            cells = (
                Cell(row.anonymizer), Cell(row.colorizer), Cell(row.set), measure_cell(row, "psnr"),
                measure_cell(row, "ssim"), Cell(row.n), Cell(row.infinite),
            )  # fmt: skip
            labels = {"source": "here", "reference": reference}
            detail = row.anonymizer != first and (row.anonymizer not in CONTROLS or row.set != order[0])
            rows.append(Row(cells, f"Reference {reference}", labels, set=row.set, detail=detail))
    columns = (
        Column("anonymizer", "Anonymizer"), Column("colorizer", "Colorizer"), Column("set", "Set"),
        Column("psnr", "PSNR (dB)", 2, interval=True), Column("ssim", "SSIM", 4, interval=True),
        Column("n", "n", 0), Column("infinite", "Identical", 0),
    )  # fmt: skip
    caption = (
        "References: original, the original picture over black; overlap, only where old and new silhouette "
        "overlap, black elsewhere; scene, the painted person back in the frame; truth, the same clothes rendered "
        "on the other body.",
        "Identical: pictures without any error; they are counted, and not averaged.",
        "Levels under different references do not compare.",
        brackets(record),
        *trainings_sentences(record.quality),
        *(f"Left out: {r.what} ({r.why})." for r in record.tables["left_out"] if r.table == "quality"),
        data_sentence(record),
        PICTURE_SENTENCE,
    )
    title = "Picture quality under every reference, controls included"
    brief = f"{first} on every set, the controls on the first one"
    return Table("table_quality_all_references", title, caption, columns, tuple(rows), brief)


def _slides_gap(row: QualityDifference, reference: str) -> float | None:
    """The slides' difference of the same two colorizers on the same set, beside ours under the first reference."""
    figures = {"psnr": PSNR, "ssim": SSIM}.get(row.measure, {})
    both = [figures.get((name, row.set)) for name in (row.a, row.b)]
    if row.anonymizer != SLIDES_SYSTEM[0] or row.reference != reference or both[0] is None or both[1] is None:
        return None
    return both[0] - both[1]


def differences(record: Record) -> Table | None:
    """Paired differences between colorizers, with what they allow to say."""
    if not record.quality_difference:
        return None
    references = ordered((row.reference for row in record.quality_difference), REFERENCE_ORDER)
    tested = any(row.p_value is not None for row in record.quality_difference)
    first = headline_anonymizer(record)
    gaps = any(_slides_gap(row, references[0]) is not None for row in record.quality_difference)
    rows = []
    for reference in references:
        own = [row for row in record.quality_difference if row.reference == reference]
        sets = ordered((row.set for row in own), SET_ORDER)
        for row in sorted(own, key=lambda r: (r.anonymizer, r.a, r.b, r.measure, sets.index(r.set))):
            known = row.difference is not None
            value = Cell(row.difference, row.ci_low, row.ci_high) if known else Cell(state=State.UNDEFINED)
            verdict = (
                "undefined" if not known else f"{row.winner} better" if row.winner
                else "trainings not recorded" if None in (row.trainings_a, row.trainings_b)
                else "one training; spread between trainings unknown" if 1 in (row.trainings_a, row.trainings_b)
                else "two trainings are too few" if row.few_trainings else "cannot be told apart"
            )  # fmt: skip
            gap = _slides_gap(row, references[0])
            slides = Cell(gap) if gap is not None else Cell(state=State.NOT_RUN)
            cells = (
                Cell(row.anonymizer), Cell(f"{row.a} minus {row.b}"), Cell(display(row.measure)), Cell(row.set),
                value, seen_cell(record, row.ci_low, row.ci_high), *((slides,) if gaps else ()),
                *(map(rate_cell, (row.p_value, row.p_holm)) if tested else ()),
                Cell(row.n), Cell(verdict),
            )  # fmt: skip
            labels = {"source": "here", "reference": reference}
            main = reference == references[0] and row.anonymizer == first and row.measure in ("psnr", "ssim")
            detail = not (main and "proposed" in (row.a, row.b))
            rows.append(Row(cells, f"Reference {reference}", labels, set=row.set, detail=detail))
    columns = (
        Column("anonymizer", "Anonymizer"), Column("pair", "Difference of"), Column("measure", "Measure"),
        Column("set", "Set"), Column("difference", "Difference", 4, interval=True),
        Column("could_have_seen", "Could have seen", 4),
        *((Column("slides", "Slides", 4),) if gaps else ()),
        *((Column("p_value", "p", 4), Column("p_holm", "p (Holm)", 4)) if tested else ()), Column("n", "n", 0),
        Column("verdict", "Says"),
    )  # fmt: skip
    p = "p: two-sided, Student's t over subjects; Holm: corrected over all rows of this table."
    caption = (
        "Differences are paired by sequence; PSNR in dB.",
        *(
            [
                "Of systems with several trainings: the mean over them; trainings of the two are drawn apart from each "
                "other, the people together (two-way bootstrap)."
            ]
            if max(
                (max(r.trainings_a or 0, r.trainings_b or 0) for r in record.quality_difference), default=0
            )
            > 1
            else []
        ),
        *([p] if tested else []),
        SEEN_SENTENCE,
        brackets(record, "; where it holds zero the two cannot be told apart"),
        *(
            ["Slides: their proposed minus baseline on the same set, under a reference they do not name."]
            if gaps
            else []
        ),
        data_sentence(record),
        DIFFERENCE_SENTENCE,
    )
    brief = f"PSNR and SSIM of {first} under the reference {references[0]}, the pairs with proposed"
    title = "Paired differences between colorizers"
    return Table("table_differences", title, caption, columns, tuple(rows), brief)


DIFFERENCES = ReportTable("quality", differences)
ALL_REFERENCES = ReportTable("quality", quality_all_references)
