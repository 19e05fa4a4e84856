"""Tables I and II of the slides: picture quality on two sets, in three blocks, under two references."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.reading.blocks import BLOCK_SENTENCES, RIVALS, blocks_of
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import (
    REFERENCE_ORDER,
    data_sentence,
    failed_or_not_run,
    headline_anonymizer,
    headline_reference,
    is_best,
    measure_cell,
    unique,
)
from gaitbench.reporting.reading.slides import PICTURE_SENTENCE, PSNR, SSIM
from gaitbench.reporting.reading.trainings import trainings_sentences
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS, LEAST_TRAININGS, Quality

__all__ = ["incomplete_complete", "plain_textural"]

_BOLD = (
    "Bold: better than every other colorizer of its block, and the interval of the paired difference excludes zero; "
    f"never where one of them was trained fewer than {LEAST_TRAININGS} times."
)
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
_EVEN = "Both sets have the same angles: adjusting for them changes nothing."


def _infinite_sentence(rows: list[Quality]) -> str:
    count = sum(row.infinite for row in rows)
    return f"{count} pictures equal to their reference are counted, not averaged. " if count else ""


def _two_sets(record: Record, name: str, title: str, sets: tuple[str, str]) -> Table | None:
    """The slides' layout: PSNR on two sets, SSIM on two sets, one row per colorizer, a block per reference."""
    there = {row.reference for row in record.quality}
    references = [r for r in REFERENCE_ORDER if r in there] or [headline_reference(record)]
    uneven = _uneven(record, sets)
    rows: list[Row] = [_slides_row(colorizer, sets) for colorizer in RIVALS]
    own = [row for row in record.quality if row.reference in references and _shown(row, sets)]
    blocks = blocks_of(record, [row.colorizer for row in own])
    for reference in references:
        rows += _measured(record, reference, sets, record.quality, "")
        if uneven:
            rows += _measured(record, reference, sets, record.quality_adjusted, _ADJUSTED)
    if len(rows) == len(RIVALS):
        return None
    columns = (
        Column("colorizer", "Colorizer"),
        *(
            Column(f"{measure}_{one}", one, digits, unit, interval=True, set=one)
            for measure, unit, digits in (("psnr", "PSNR (dB)", 2), ("ssim", "SSIM", 4))
            for one in sets
        ),
    )
    counts = {one: sorted({row.n for row in own if row.set == one}) for one in sets}
    n = "; ".join(f"{one}: n = {' or '.join(map(str, c))}" for one, c in counts.items() if c)
    caption = (
        *(_WHAT_THEY_SHOW[reference] for reference in references),
        *([_ANGLES if uneven else _EVEN] if record.quality_adjusted else []),
        *(BLOCK_SENTENCES[block] for block in blocks if len(blocks) > 1),
        f"Pictures, rounded to 8 bits: {n}." if n else "No sequence was measured.",
        f"{_infinite_sentence(own)}{brackets(record)}",
        *trainings_sentences(own),
        _BOLD,
        data_sentence(record),
        PICTURE_SENTENCE,
    )
    leading = f"the slides and {headline_anonymizer(record)}"
    return Table(name, title, caption, columns, tuple(rows), leading=leading)


def _shown(row: Quality, sets: tuple[str, str]) -> bool:
    return row.set in sets and row.anonymizer not in CONTROLS


def _uneven(record: Record, sets: tuple[str, str]) -> bool:
    """Whether the means adjusted for the angle differ anywhere from the raw ones."""
    raw = {_place(row): _printed(row) for row in record.quality if _shown(row, sets)}
    return any(_printed(row) != raw.get(_place(row)) for row in record.quality_adjusted if _shown(row, sets))


def _printed(row: Quality) -> tuple[float | None, float | None]:
    """PSNR and SSIM to the digits of the table: sums in another order differ in the last bits."""
    return None if row.psnr is None else round(row.psnr, 2), None if row.ssim is None else round(row.ssim, 4)


def _place(row: Quality) -> tuple[str, str, str, str]:
    return row.anonymizer, row.colorizer, row.set, row.reference


def _measured(
    record: Record, reference: str, sets: tuple[str, str], measured: tuple[Quality, ...], how: str
) -> list[Row]:
    """Rows of one reference, block by block; `how` ends the section's title."""
    own = [row for row in measured if row.reference == reference and _shown(row, sets)]
    systems = unique(
        [(row.anonymizer, row.colorizer) for row in own] + _failed_systems(record, reference, sets)
    )
    cells = {(row.anonymizer, row.colorizer, row.set): row for row in own}
    first = headline_anonymizer(record)
    rows = []
    for anonymizer in sorted({one for one, _ in systems}, key=lambda one: (one != first, one)):
        blocks = blocks_of(record, [colorizer for one, colorizer in systems if one == anonymizer])
        for block, colorizers in blocks.items():
            where = f"{reference}{how}" + (f": {block}" if len(blocks) > 1 else "")
            for colorizer in colorizers:
                line = [Cell(colorizer)]
                for measure in ("psnr", "ssim"):
                    for one in sets:
                        row = cells.get((anonymizer, colorizer, one))
                        if row is None:
                            place = {"anonymizer": anonymizer, "colorizer": colorizer, "set": one}
                            line.append(
                                failed_or_not_run(record, reference=reference, measure=measure, **place)
                            )
                        else:
                            bold = not how and is_best(record.quality_difference, row, measure, colorizers)
                            line.append(measure_cell(row, measure, bold=bold))
                labels = {"source": "here", "anonymizer": anonymizer, "reference": reference + how}
                section = f"Here: {anonymizer}, reference {where}"
                leads = anonymizer == first and (not how or reference == headline_reference(record))
                rows.append(Row(tuple(line), section, labels, leads=leads))
    return rows


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


PLAIN_TEXTURAL = ReportTable("quality", plain_textural)
INCOMPLETE_COMPLETE = ReportTable("quality", incomplete_complete)
