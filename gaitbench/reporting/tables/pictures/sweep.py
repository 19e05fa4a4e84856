"""Tables of a sweep: privacy beside quality for every setting, and quality at equal success."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.labels import labels_of
from gaitbench.reporting.reading.selection import data_sentence, rate_cell, unique
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema_sweep import EqualSuccess, Swept

__all__ = ["equal_success", "sweep"]

_PRIVACY = (
    Column("success", "Success (%)", 1, interval=True,
           meaning="success: M/|S| under the slides' attacker, all angles together"),
    Column("rank1", "Slides' attacker (%)", 1, interval=True, meaning="slides' attacker: its rank-1"),
    Column("worst_rank1", "Strongest (%)", 1, interval=True,
           meaning="strongest: rank-1 of the strongest of the attacks that a sweep makes"),
    Column("by", "By"),
    Column("iou", "IoU", 3, interval=True,
           meaning="IoU: overlap with the original's silhouette, on the frames that are painted"),
    Column("nearest", "Naturalness", 2, interval=True,
           meaning="naturalness: distance to the nearest real silhouette over the usual one, 1 is best"),
)  # fmt: skip
_QUALITY = (
    Column("psnr", "PSNR (dB)", 2, interval=True,
           meaning="PSNR and SSIM: reference original, all sets together, painted by the first training of a "
           "colorizer; pictures that equal the original have no PSNR and are left out of its mean"),
    Column("ssim", "SSIM", 4, interval=True),
)  # fmt: skip
_NAMES = {"psnr": "PSNR (dB)", "ssim": "SSIM", "iou": "IoU", "nearest": "Naturalness"}


def _cell(rows: list[Swept], measure: str, colorizer: str) -> Cell:
    found = next((r for r in rows if (r.measure, r.colorizer) == (measure, colorizer)), None)
    return Cell(state=State.NOT_RUN) if found is None else rate_cell(found.value, found.ci_low, found.ci_high)


def sweep(record: Record) -> Table | None:
    """One row a setting and painter; None where nothing was swept."""
    held: tuple[Swept, ...] = record.tables.get("sweep", ())
    if not held:
        return None
    labels = labels_of(record)["anonymizer"]
    people = max((row.people for row in record.identification), default=0)
    rows = []
    for name, variant in unique((r.anonymizer, r.variant) for r in held):
        own = [r for r in held if (r.anonymizer, r.variant) == (name, variant)]
        worst = next((r.attack for r in own if r.measure == "worst_rank1"), "")
        for painter in unique(r.colorizer for r in own if r.measure in ("psnr", "ssim")) or ["none"]:
            said = labels.get(f"{name}[{variant}]", variant) or "as run"
            cells = (
                Cell(said), Cell(painter),
                *(_cell(own, column.key, "none") if column.key != "by" else Cell(worst) for column in _PRIVACY),
                *(_cell(own, column.key, painter) for column in _QUALITY),
            )  # fmt: skip
            rows.append(Row(cells, name, {"source": "here", "anonymizer": name, "variant": variant}))
    caption = (
        "Every setting is judged on the same probes and pictures. A lower bound of the risk: only attacks that are "
        "quick to train are made here." + (f" A blind guess names {100 / people:.1f} %." if people else ""),
        brackets(record),
        data_sentence(record),
    )
    columns = (Column("setting", "Setting"), Column("colorizer", "Colorizer"), *_PRIVACY, *_QUALITY)
    return Table("table_sweep", "Privacy and quality over the settings", caption, columns, tuple(rows))


def equal_success(record: Record) -> Table | None:
    """One row a success, measure and system; a success that the settings do not reach has no figure."""
    held: tuple[EqualSuccess, ...] = record.tables.get("equal_success", ())
    if not held:
        return None
    rows = []
    order = sorted(
        held, key=lambda r: (r.success, list(_NAMES).index(r.measure) if r.measure in _NAMES else 9)
    )
    for row in order:
        value = (
            Cell("not reached" if not row.crossings else f"crossed {row.crossings} times")
            if row.value is None
            else Cell(row.value, row.ci_low, row.ci_high, digits=2 if row.measure == "psnr" else 4)
        )
        cells = (
            Cell(_NAMES.get(row.measure, row.measure)), Cell(row.anonymizer), Cell(row.colorizer), value,
            Cell(row.lowest), Cell(row.highest), Cell(row.settings),
        )  # fmt: skip
        section = f"At a success of {row.success:g} % under the slides' attacker"
        rows.append(Row(cells, section, {"source": "here", "success": f"{row.success:g}"}))
    columns = (
        Column("measure", "Measure"), Column("anonymizer", "Anonymizer"), Column("colorizer", "Colorizer"),
        Column("value", "There", 2, interval=True), Column("lowest", "from", 1, "Settings reach (%)"),
        Column("highest", "to", 1, "Settings reach (%)"), Column("settings", "Settings", 0),
    )  # fmt: skip
    caption = (
        "Linear between two neighbouring settings whose success lies around it; a curve that crosses it more than once "
        "has no single figure. The interval is over people, success and "
        "quality drawn together.",
        brackets(record),
        data_sentence(record),
    )
    return Table("table_equal_success", "Quality at equal success", caption, columns, tuple(rows))


SWEEP = ReportTable("quality", sweep)
EQUAL_SUCCESS = ReportTable("quality", equal_success)
