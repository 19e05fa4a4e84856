"""Table VI, the ablations; further picture measures; how natural the gaits look."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.labels import labels_of
from gaitbench.reporting.reading.selection import (
    REFERENCE_ORDER,
    SET_ORDER,
    data_sentence,
    failed_or_not_run,
    headline_anonymizer,
    ordered,
    rate_cell,
    unique,
)
from gaitbench.reporting.reading.slides import ABLATION_SENTENCE, PSNR, SLIDES_SYSTEM, SSIM
from gaitbench.reporting.words.assumptions import NATURAL_MEANINGS, NATURAL_UNITS
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_pictures import Ablation, PictureMeasure

__all__ = ["ablations", "naturalness", "picture_measures"]

_REST = "; figures without brackets have none"
_MEASURE_ORDER = ("gmsd", "sharpness", "flicker")
#: Of records before version 3, whose rows do not say it themselves.
_MEASURE_TITLE = {
    "gmsd": "GMSD (0 is best)",
    "sharpness": "Sharpness (1 is best)",
    "flicker": "Flicker (0 is best)",
}


def _title(rows: Sequence[PictureMeasure], measure: str) -> str:
    """Head of a measure's column: its title, unit and direction as its rows have them."""
    row = next((r for r in rows if r.measure == measure and r.title), None)
    if row is None:
        return _MEASURE_TITLE.get(measure, measure)
    said = ", ".join(part for part in (row.unit, row.better) if part)
    return f"{row.title} ({said})" if said else row.title


def picture_measures(record: Record) -> Table | None:
    """GMSD, sharpness and flicker of every system on every set."""
    failed = [
        part for part in (failure.parts for failure in record.failures)
        if {"anonymizer", "colorizer", "set", "reference"} <= set(part) and part.get("measure") in _MEASURE_ORDER
    ]  # fmt: skip
    if not record.picture_measures and not failed:
        return None
    rows_of = record.picture_measures
    measures = ordered([r.measure for r in rows_of] + [part["measure"] for part in failed], _MEASURE_ORDER)
    keys = unique(
        [(r.reference, r.anonymizer, r.colorizer, r.set) for r in rows_of]
        + [(part["reference"], part["anonymizer"], part["colorizer"], part["set"]) for part in failed]
    )
    sets = ordered((key[3] for key in keys), SET_ORDER)
    references = ordered((key[0] for key in keys), REFERENCE_ORDER)
    keys.sort(key=lambda k: (references.index(k[0]), k[1] in CONTROLS, k[1], sets.index(k[3]), k[2]))
    found = {(r.reference, r.anonymizer, r.colorizer, r.set, r.measure): r for r in rows_of}
    first = headline_anonymizer(record)
    rows = []
    for reference, anonymizer, colorizer, set_ in keys:
        where = {"anonymizer": anonymizer, "colorizer": colorizer, "set": set_, "reference": reference}
        cells = [Cell(anonymizer), Cell(colorizer), Cell(set_)]
        counts = set()
        for measure in measures:
            row = found.get((reference, anonymizer, colorizer, set_, measure))
            if row is None:
                cells.append(failed_or_not_run(record, measure=measure, **where))
            else:
                counts.add(row.n)
                cells.append(rate_cell(row.value, row.ci_low, row.ci_high))
        cells.append(Cell(" / ".join(map(str, sorted(counts)))) if counts else Cell(state=State.NOT_RUN))
        labels = {"source": "here", "reference": reference}
        detail = reference != references[0] or anonymizer not in (first, *CONTROLS)
        rows.append(Row(tuple(cells), f"Reference {reference}", labels, set=set_, detail=detail))
    columns = (
        Column("anonymizer", "Anonymizer"), Column("colorizer", "Colorizer"), Column("set", "Set"),
        *(Column(m, _title(rows_of, m), 3, interval=True) for m in measures), Column("n", "n", 0),
    )  # fmt: skip
    caption = (
        "GMSD: gradient magnitude similarity deviation, 0 for identical pictures; sharpness: gradient energy over the "
        "reference's; flicker: change between frames beyond the reference's own.",
        brackets(record, _REST), data_sentence(record), "The slides give none of these.",
    )  # fmt: skip
    brief = f"{first} and the controls under the reference {references[0]}"
    return Table("table_picture_measures", "Further picture measures", caption, columns, tuple(rows), brief)


def naturalness(record: Record) -> Table | None:
    """How natural the anonymized gaits look to each measure, by strength where strengths were run."""
    if not record.naturalness:
        return None
    measures = unique(row.measure for row in record.naturalness)
    names = ordered((row.anonymizer for row in record.naturalness), (SLIDES_SYSTEM[0],))
    names = [name for name in names if name not in CONTROLS] + [name for name in names if name in CONTROLS]
    found = {(row.anonymizer, row.variant, row.measure): row for row in record.naturalness}
    labels = labels_of(record)["anonymizer"]
    rows = []
    for name in names:
        for variant in sorted({row.variant for row in record.naturalness if row.anonymizer == name}):
            cells = [Cell(name), Cell(labels.get(f"{name}[{variant}]", variant) or "as run")]
            counts = set()
            for measure in measures:
                row = found.get((name, variant, measure))
                if row is None:
                    where = {"anonymizer": name, "variant": variant, "measure": measure}
                    cells.append(failed_or_not_run(record, **where))
                else:
                    counts.add(row.n)
                    cells.append(rate_cell(row.value, row.ci_low, row.ci_high))
            cells.append(Cell(" / ".join(map(str, sorted(counts)))) if counts else Cell(state=State.NOT_RUN))
            rows.append(Row(tuple(cells), "", {"source": "here"}))
    columns = (
        Column("anonymizer", "Anonymizer"), Column("variant", "Variant"),
        *(
            Column(one, NATURAL_UNITS.get(one, one), 3, interval=True, meaning=NATURAL_MEANINGS.get(one, ""))
            for one in measures
        ),
        Column("n", "n", 0),
    )  # fmt: skip
    caption = (
        "Means over sequences.",
        "The control original is how untouched gaits score.",
        *(f"Frechet distance: {text}." for text in unique(r.convention for r in record.naturalness if r.convention)),
        *(f"Left out: {r.what} ({r.why})." for r in record.tables["left_out"] if r.table == "naturalness"),
        brackets(record, _REST), data_sentence(record), "The slides judge naturalness by eye and give no figure.",
    )  # fmt: skip
    return Table("table_naturalness", "How natural the gaits look", caption, columns, tuple(rows))


def _gain(row: Ablation) -> Cell:
    if row.gain is None:
        return Cell(state=State.NOT_RUN)
    return Cell(row.gain, row.gain_ci_low, row.gain_ci_high)


def ablations(record: Record) -> Table | None:
    """Table VI: picture quality of a colorizer with one of its choices changed, and what that gains."""
    if not record.ablations:
        return None
    gains = any(row.gain is not None for row in record.ablations)
    rows = []
    places = unique((r.reference, r.anonymizer, r.colorizer) for r in record.ablations)
    references = ordered((place[0] for place in places), REFERENCE_ORDER)
    places.sort(key=lambda place: references.index(place[0]))
    for reference, anonymizer, colorizer in places:
        place = (reference, anonymizer, colorizer)
        own = [r for r in record.ablations if (r.reference, r.anonymizer, r.colorizer) == place]
        detail = reference != references[0]
        sets = ordered((row.set for row in own), SET_ORDER)
        section = f"{system_text(anonymizer, colorizer)}, reference {reference}"
        labels = {"source": "here", "anonymizer": anonymizer, "colorizer": colorizer, "reference": reference}
        for set_ in sets:
            if (colorizer, set_) in PSNR and reference == references[0]:
                nothing = Cell(state=State.NOT_RUN)
                psnr, ssim = Cell(PSNR[colorizer, set_], digits=4), Cell(SSIM[colorizer, set_])
                gain = (nothing, nothing) if gains else ()
                cells = (Cell("as in the slides"), Cell(set_), psnr, *gain, ssim, nothing, nothing)
                said = labels | {"source": "slides", "reference": ""}
                rows.append(Row(cells, section, said, set=set_, slides=True))
        changes = ordered((row.changed for row in own), ("",))
        found = {(row.changed, row.set): row for row in own}
        for changed in changes:
            for set_ in sets:
                row = found.get((changed, set_))
                texts = (Cell(changed or "as it is"), Cell(set_))
                if row is None:
                    where = {name: labels[name] for name in ("anonymizer", "colorizer", "reference")}
                    missing = failed_or_not_run(record, changed=changed, set=set_, **where)
                    rows.append(
                        Row(
                            (*texts, *(missing,) * (6 if gains else 4)),
                            section,
                            labels,
                            set=set_,
                            detail=detail,
                        )
                    )
                    continue
                psnr = rate_cell(row.psnr, row.psnr_ci_low, row.psnr_ci_high)
                gain = (_gain(row), Cell(row.after or "–")) if gains else ()
                cells = (*texts, psnr, *gain, rate_cell(row.ssim), rate_cell(row.sharpness), Cell(row.n))
                rows.append(Row(cells, section, labels, set=set_, detail=detail))
    columns = (
        Column("changed", "Changed"), Column("set", "Set"), Column("psnr", "PSNR (dB)", 2, interval=True),
        *((Column("gain", "Gain (dB)", 2, interval=True), Column("after", "Over")) if gains else ()),
        Column("ssim", "SSIM", 4), Column("sharpness", "Sharpness", 3), Column("n", "n", 0),
    )  # fmt: skip
    caption = (
        "One choice of the colorizer changed at a time, everything else equal.",
        *(["Gain: PSNR minus that of the row named beside it, paired by picture."] if gains else []),
        "Sharpness: gradient energy over the reference's, 1 is best.",
        brackets(record, _REST), data_sentence(record), ABLATION_SENTENCE,
    )  # fmt: skip
    brief = f"the reference {references[0]}"
    return Table("table6_ablations", "Ablations of the colorizers", caption, columns, tuple(rows), brief)


ABLATIONS = ReportTable("quality", ablations)
PICTURE_MEASURES = ReportTable("quality", picture_measures)
NATURALNESS = ReportTable("quality", naturalness)
