"""Tables of recognition between angles, of the gallery's size, of ranks, and of the people who are not hidden."""

from __future__ import annotations

import math

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import is_slides_cell, system_text, worst_rows
from gaitbench.reporting.reading.matrices import Matrix, recognition_matrices
from gaitbench.reporting.reading.selection import data_sentence, display, failed_or_not_run, rate_cell, unique
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import EXTRAPOLATION
from gaitbench.results.schema_attacks import GallerySize, SubjectTail

__all__ = ["cmc", "gallery_size", "matrices", "subject_tail"]

#: Ranks that the table of ranks shows; the figure has them all.
_RANKS = (1, 2, 3, 5, 10, 20)


def _file_name(text: str) -> str:
    """A name as part of a file's name."""
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in text)


def matrices(record: Record) -> list[Table]:
    """One table per recognizer and condition: gallery angle by probe angle."""
    made: list[Table] = []
    names: set[str] = set()
    for matrix in recognition_matrices(record):
        base = f"table_recognition_{_file_name(matrix.recognizer)}_{_file_name(matrix.condition)}"
        name, number = base, 2
        while name in names:
            name, number = f"{base}_{number}", number + 1
        names.add(name)
        made.append(_matrix(record, matrix, name))
    return made


def _matrix(record: Record, matrix: Matrix, name: str) -> Table:
    rows = []
    for i, gallery in enumerate(matrix.gallery_angles):
        line = [Cell(gallery)]
        for j, probe in enumerate(matrix.probe_angles):
            value = float(matrix.rank1[i, j])
            if matrix.present[i, j]:
                line.append(rate_cell(None if math.isnan(value) else value))
            else:
                where = {"recognizer": matrix.recognizer, "condition": matrix.condition}
                line.append(failed_or_not_run(record, **where, gallery_angle=gallery, probe_angle=probe))
        line.append(rate_cell(matrix.mean(gallery=gallery)))
        rows.append(Row(tuple(line), "", {"source": "here"}))
    means = [rate_cell(matrix.mean(probe=probe)) for probe in matrix.probe_angles]
    rows.append(Row((Cell("mean"), *means, rate_cell(matrix.mean())), "", {"source": "here"}))
    columns = (
        Column("gallery_angle", "Gallery (deg)", 0),
        *(Column(f"probe_{angle}", f"{angle}", 1, "Probe angle (deg)") for angle in matrix.probe_angles),
        Column("mean", "Mean", 1),
    )
    cells = int((matrix.cross & matrix.present).sum())
    n = " or ".join(map(str, matrix.n))
    caption = (
        f"Rank-1 (%) on untouched probes, {display(matrix.condition)} ({matrix.condition}); n = {n} probes a cell.",
        "Means leave out the diagonal, where gallery and probe are seen from one angle, and are taken before "
        f"rounding; the mean in the corner is over {cells} cells.",
        "No figure here has an interval.",
        data_sentence(record),
        "The slides give no such matrix.",
    )
    title = f"Recognition between angles: {matrix.recognizer}, {display(matrix.condition)}"
    return Table(name, title, caption, columns, tuple(rows))


_SYSTEM = (
    Column("system", "System"), Column("attacker", "Attacker"), Column("recognizer", "Recognizer"),
    Column("input", "Reads"),
)  # fmt: skip
_Attack = tuple[str, str, str, str, str]


def _attack(row: GallerySize | SubjectTail) -> _Attack:
    return row.anonymizer, row.colorizer, row.attacker, row.recognizer, row.input


def _texts(key: _Attack) -> tuple[Cell, ...]:
    return (Cell(system_text(key[0], key[1])), *map(Cell, key[2:]))


def _counts(record: Record, attacks: set[_Attack]) -> str:
    """Probes and gallery of these attacks, as far as the ladder has them."""
    own = [
        row for row in record.identification
        if (row.anonymizer, row.colorizer, row.attacker, row.recognizer, row.input) in attacks
    ]  # fmt: skip
    if not own:
        return "The number of probes is not on record."
    probes, people = (
        " or ".join(map(str, sorted(set(n)))) for n in ([r.n for r in own], [r.people for r in own])
    )
    return (
        f"n = {probes} probes; gallery {' or '.join(unique(row.gallery for row in own))} of {people} people."
    )


_BRIEF = "the strongest attack on each system, the slides' cell, and untouched probes"


def _main(record: Record) -> set[_Attack]:
    """The attacks that a long table shows: the worst case of each system, the slides' cell, untouched probes."""
    rows = list(worst_rows(record).values())
    rows += [row for row in record.identification if is_slides_cell(row)]
    found = {(r.anonymizer, r.colorizer, r.attacker, r.recognizer, r.input) for r in rows}
    return found | {("original", "none", *SLIDES_SYSTEM[1:])}


def gallery_size(record: Record) -> Table | None:
    """Success and rank-1 against the number of people in the gallery, one row per attack."""
    if not record.gallery_size:
        return None
    sizes = sorted({(row.size, row.extrapolated) for row in record.gallery_size})
    found = {(_attack(row), row.size, row.extrapolated): row for row in record.gallery_size}
    missing = Cell(state=State.NOT_RUN)
    rows = []
    main = _main(record)
    for key in unique(map(_attack, record.gallery_size)):
        cells = []
        for measure in ("success", "rank1"):
            for size, extrapolated in sizes:
                row = found.get((key, size, extrapolated))
                cells.append(rate_cell(getattr(row, measure)) if row else missing)
        line = (*_texts(key), *cells)
        rows.append(Row(line, "", {"source": "here"}, attacker=key[2], detail=key not in main))
    chance = tuple(Cell(100 - 100 / size) for size, _ in sizes) + tuple(Cell(100 / size) for size, _ in sizes)
    words = (Cell("blind guess"), *(missing,) * 3)
    rows.append(Row((*words, *chance), "", {"source": "chance"}))
    columns = [*_SYSTEM]
    for measure, title in (("success", "Success (%), people in the gallery"), ("rank1", "Rank-1 (%)")):
        for size, extrapolated in sizes:
            key_ = f"{measure}_{size}{'_extrapolated' if extrapolated else ''}"
            columns.append(Column(key_, f"{size}{'*' if extrapolated else ''}", 1, title))
    caption = (
        _counts(record, {_attack(row) for row in record.gallery_size}),
        "Success is that of the probes named rightly before among all these people. Smaller galleries: the exact mean "
        "over every draw of so many of them; *: extrapolated, a model's "
        f"figure and not measured, assuming that {EXTRAPOLATION}.",
        "No figure here has an interval. A success rate holds for its gallery's size only.",
        data_sentence(record),
        "The slides state a range for one gallery, whose size they do not give.",
    )
    title = "Success against the gallery's size"
    return Table("table_gallery_size", title, caption, tuple(columns), tuple(rows), _BRIEF)


def cmc(record: Record) -> Table | None:
    """Share of probes whose subject is among the first few ranks."""
    points = [row for row in record.cmc if row.rank in _RANKS]
    if not points:
        return None
    ranks = [rank for rank in _RANKS if any(row.rank == rank for row in points)]
    rows = []
    keys = [
        (r.anonymizer, r.colorizer, r.attacker, r.recognizer, r.input, r.gallery) for r in points
    ]  # fmt: skip
    found = {(key, row.rank): row for key, row in zip(keys, points, strict=True)}
    main = _main(record)
    for key in unique(keys):
        texts = (Cell(system_text(key[0], key[1])), *map(Cell, key[2:5]))
        cells = [
            rate_cell(found[key, rank].rate) if (key, rank) in found else Cell(state=State.NOT_RUN)
            for rank in ranks
        ]
        labels = {"source": "here", "gallery": key[5]}
        rows.append(Row((*texts, *cells), "", labels, attacker=key[2], detail=key[:5] not in main))
    columns = (
        *_SYSTEM, *(Column(f"rank_{rank}", f"{rank}", 1, "Rank") for rank in ranks),
    )  # fmt: skip
    caption = (
        "Share of probes (%) whose subject is among the first few candidates; original: untouched probes.",
        _counts(record, {key[:5] for key in keys}),
        "Every probe counts once, with one draw of noise; no figure here has an interval.",
        data_sentence(record),
        "The slides give no ranks.",
    )
    return Table("table_cmc", "Cumulative match characteristic", caption, columns, tuple(rows), _BRIEF)


def subject_tail(record: Record) -> Table | None:
    """The people whom an attack identifies most often."""
    if not record.subject_tail:
        return None
    most = 0
    lines: list[tuple[_Attack, list[Cell]]] = []
    for key in unique(map(_attack, record.subject_tail)):
        own = [row for row in record.subject_tail if _attack(row) == key]
        own.sort(key=lambda r: (-r.identified, r.subject))
        lines.append((key, [Cell(f"{row.subject}: {row.identified:.1f} of {row.probes}") for row in own]))
        most = max(most, len(own))
    nothing = Cell(state=State.NOT_RUN)
    main = _main(record)
    rows = [
        Row((*_texts(key), *(cells + [nothing] * (most - len(cells)))), "", {"source": "here"}, attacker=key[2],
            detail=key not in main)
        for key, cells in lines
    ]  # fmt: skip
    people = (Column(f"person_{i + 1}", f"{i + 1}.", None, "Identified most") for i in range(most))
    columns = (*_SYSTEM, *people)
    caption = (
        "Subject: share of its probes that are identified (%), of how many probes.",
        "A mean over people can be good while these are not hidden; some people come out above the others by luck "
        "alone: read it as where to look, not as a test. No figure here has an interval.",
        data_sentence(record),
        "The slides give no figures by person.",
    )
    return Table("table_subject_tail", "Who is not hidden", caption, columns, tuple(rows), _BRIEF)


GALLERY_SIZE = ReportTable("privacy", gallery_size)
SUBJECT_TAIL = ReportTable("privacy", subject_tail)
CMC = ReportTable("details", cmc)
MATRICES = ReportTable("details", matrices)
