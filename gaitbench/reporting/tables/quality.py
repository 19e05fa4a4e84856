"""Tables of picture quality: the slides' two, all references, paired differences."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import (
    HEADLINE_REFERENCE,
    SET_ORDER,
    data_sentence,
    display,
    failed_or_not_run,
    headline_anonymizer,
    is_best,
    measure_cell,
    ordered,
    rate_cell,
    unique,
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
from gaitbench.results.schema import CONTROLS, LEAST_TRAININGS, Quality, QualityDifference

__all__ = ["differences", "incomplete_complete", "plain_textural", "quality_all_references"]

_BOLD = (
    "Bold: better than every other colorizer, and the interval of the paired difference excludes zero; never where "
    f"one of them was trained fewer than {LEAST_TRAININGS} times."
)
_COLORIZERS = ("baseline", "proposed")
#: The slides name no reference; under `overlap` levels and gaps fit theirs best (PROTOCOL, picture measures).
_REFERENCES = ("overlap", "original")
_WHAT_THEY_SHOW = {
    "overlap": "Reference overlap: the original, where old and new silhouette overlap, both pictures black elsewhere: "
    "colour alone, and nothing of the edge that the new shape adds.",
    "original": "Reference original: the original over black by its own silhouette, whole crop: colour and shape "
    "together, so that the difference of the shapes, which all colorizers share, swamps that of the colours.",
}
#: End of the titles of the adjusted blocks, and what it means.
_ADJUSTED = ", adjusted for the angle"
_ANGLES = (
    "Adjusted for the angle: the mean over the angles that both sets have, each counting alike, because the sets "
    "differ in their angles, and pictures score otherwise from the side."
)


def _infinite_sentence(rows: list[Quality]) -> str:
    count = sum(row.infinite for row in rows)
    return f"{count} pictures equal to their reference are counted, not averaged. " if count else ""


def _two_sets(record: Record, name: str, title: str, sets: tuple[str, str]) -> Table | None:
    """The slides' layout: PSNR on two sets, SSIM on two sets, one row per colorizer, a block per reference."""
    there = {row.reference for row in record.quality}
    references = [r for r in _REFERENCES if r in there] or [HEADLINE_REFERENCE]
    blocks = []
    for reference in references:
        blocks.append(_block(record, reference, sets, record.quality, ""))
        if record.quality_adjusted:
            blocks.append(_block(record, reference, sets, record.quality_adjusted, _ADJUSTED))
    if not any(rows for rows, _ in blocks):
        return None
    columns = (
        Column("colorizer", "Colorizer"),
        *(
            Column(f"{measure}_{one}", one, digits, unit, interval=True, set=one)
            for measure, unit, digits in (("psnr", "PSNR (dB)", 2), ("ssim", "SSIM", 4))
            for one in sets
        ),
    )
    rows = [_slides_row(colorizer, sets) for colorizer in _COLORIZERS]
    rows += [row for block, _ in blocks for row in block]
    own = [row for _, measured in blocks for row in measured if row in record.quality]
    counts = {one: sorted({row.n for row in own if row.set == one}) for one in sets}
    n = "; ".join(f"{one}: n = {' or '.join(map(str, c))}" for one, c in counts.items() if c)
    caption = (
        *(_WHAT_THEY_SHOW[reference] for reference in references),
        *([_ANGLES] if record.quality_adjusted else []),
        f"Pictures, rounded to 8 bits: {n}." if n else "No sequence was measured.",
        f"{_infinite_sentence(own)}{brackets(record)}",
        *trainings_sentences(own),
        _BOLD,
        data_sentence(record),
        PICTURE_SENTENCE,
    )
    return Table(name, title, caption, columns, tuple(rows))


def _block(
    record: Record, reference: str, sets: tuple[str, str], measured: tuple[Quality, ...], how: str
) -> tuple[list[Row], list[Quality]]:
    """Rows of one reference, and the figures that they show; `how` ends the section's title."""
    own = [
        row for row in measured
        if row.reference == reference and row.set in sets and row.anonymizer not in CONTROLS
    ]  # fmt: skip
    systems = unique(
        [(row.anonymizer, row.colorizer) for row in own] + _failed_systems(record, reference, sets)
    )
    first = headline_anonymizer(record)
    systems.sort(key=lambda pair: (pair[0] != first, pair[0], _COLORIZERS.index(pair[1])
                                   if pair[1] in _COLORIZERS else len(_COLORIZERS)))  # fmt: skip
    rows = []
    cells = {(row.anonymizer, row.colorizer, row.set): row for row in own}
    for anonymizer, colorizer in systems:
        rivals = [c for a, c in systems if a == anonymizer]
        line = [Cell(colorizer)]
        for measure in ("psnr", "ssim"):
            for one in sets:
                row = cells.get((anonymizer, colorizer, one))
                if row is None:
                    where = {"anonymizer": anonymizer, "colorizer": colorizer, "set": one}
                    line.append(failed_or_not_run(record, reference=reference, measure=measure, **where))
                else:
                    bold = not how and is_best(record.quality_difference, row, measure, rivals)
                    line.append(measure_cell(row, measure, bold=bold))
        labels = {"source": "here", "anonymizer": anonymizer, "reference": reference + how}
        rows.append(Row(tuple(line), f"Here: {anonymizer}, reference {reference}{how}", labels))
    return rows, own


def _failed_systems(record: Record, reference: str, sets: tuple[str, str]) -> list[tuple[str, str]]:
    """Anonymizer and colorizer of every failure of picture quality on these sets; one without a set is on all."""
    places = {"anonymizer", "colorizer", "set", "reference", "measure", "key"}
    found = []
    for part in (failure.parts for failure in record.failures):
        named = {"anonymizer", "colorizer"} <= set(part) <= places
        here = (
            part.get("set", sets[0]) in sets
            and part.get("reference", reference) == reference
            and part.get("measure", "psnr") in ("psnr", "ssim")
        )
        if named and here and part["anonymizer"] not in CONTROLS:
            found.append((part["anonymizer"], part["colorizer"]))
    return found


def _slides_row(colorizer: str, sets: tuple[str, str]) -> Row:
    figures = [Cell(table[colorizer, one], digits=4) for table in (PSNR, SSIM) for one in sets]
    labels = {"source": "slides", "anonymizer": "model-2", "reference": ""}
    return Row((Cell(colorizer), *figures), "Slides (CASIA-B, reference not given)", labels, slides=True)


def plain_textural(record: Record) -> Table | None:
    """Table I of the slides."""
    title = "Picture quality on plain and textural clothes"
    return _two_sets(record, "table1_plain_textural", title, ("plain", "textural"))


def incomplete_complete(record: Record) -> Table | None:
    """Table II of the slides."""
    title = "Picture quality on incomplete and complete silhouettes"
    return _two_sets(record, "table2_incomplete_complete", title, ("incomplete", "complete"))


def quality_all_references(record: Record) -> Table | None:
    """Every row of picture quality, controls among them."""
    if not record.quality:
        return None
    references = ordered((row.reference for row in record.quality), (HEADLINE_REFERENCE,))
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
    references = ordered((row.reference for row in record.quality_difference), (HEADLINE_REFERENCE,))
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
                value, *((slides,) if gaps else ()), *(map(rate_cell, (row.p_value, row.p_holm)) if tested else ()),
                Cell(row.n), Cell(verdict),
            )  # fmt: skip
            labels = {"source": "here", "reference": reference}
            main = reference == references[0] and row.anonymizer == first and row.measure in ("psnr", "ssim")
            detail = not (main and "proposed" in (row.a, row.b))
            rows.append(Row(cells, f"Reference {reference}", labels, set=row.set, detail=detail))
    columns = (
        Column("anonymizer", "Anonymizer"), Column("pair", "Difference of"), Column("measure", "Measure"),
        Column("set", "Set"), Column("difference", "Difference", 4, interval=True),
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


PLAIN_TEXTURAL = ReportTable("quality", plain_textural)
INCOMPLETE_COMPLETE = ReportTable("quality", incomplete_complete)
DIFFERENCES = ReportTable("quality", differences)
ALL_REFERENCES = ReportTable("quality", quality_all_references)
