"""From runs and files to what stands on the board."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gaitbench.errors import DataError
from gaitbench.reporting.reading.selection import headline_reference, ordered
from gaitbench.reporting.reading.verdicts import Verdict, broken_controls, system_verdicts
from gaitbench.results.board.ranking import LeftOut
from gaitbench.results.board.submission import (
    Attacked,
    DataOf,
    Picture,
    Rate,
    Submission,
    protocol_hash,
    read_submission,
)
from gaitbench.results.record import Record

__all__ = ["gather", "submissions_of"]

#: Who is taken to paint, where several do.
_PAINTERS = ("proposed", "gaitbench")


def gather(places: Iterable[Path]) -> tuple[list[tuple[str, Submission]], list[LeftOut]]:
    """Every system of runs and submissions, and what could not be read or says nothing about a system.

    Parameters
    ----------
    places : iterable of path
        Folders of runs, files of submissions (``.json``), or folders of such files.
    """
    found: list[tuple[str, Submission]] = []
    out: list[LeftOut] = []
    for place in places:
        try:
            held = _read(place)
        except DataError as error:
            out.append(LeftOut(str(place), f"cannot be read: {error}"))
            continue
        if not held:
            out.append(LeftOut(str(place), "no attack on a system is on record"))
        for source, one in held:
            if isinstance(one, LeftOut):
                out.append(one)
            else:
                found.append((source, one))
    return found, out


def _read(place: Path) -> list[tuple[str, Submission | LeftOut]]:
    if place.is_file():
        return [(str(place), read_submission(place))]
    if (place / "run.json").is_file() or not place.is_dir():
        record = Record.load(place)
        answer = record.provenance.get("evaluated", {}).get("verdict", {}).get("answer")
        if answer == "cannot be judged":
            return [(str(place), LeftOut(str(place), "what was handed in cannot be judged"))]
        return [(str(place), one) for one in submissions_of(record, str(place))]
    files = sorted(place.glob("*.json"))
    if not files:
        raise DataError(f"{place} holds no run.json and no submission; give the folder of a run, or a file")
    found: list[tuple[str, Submission | LeftOut]] = []
    for path in files:
        try:
            found.append((str(path), read_submission(path)))
        except DataError as error:
            found.append((str(path), LeftOut(str(path), f"cannot be read: {error}")))
    return found


def submissions_of(record: Record, run: str) -> list[Submission]:
    """A submission for each system of a run, under the strongest attack on it.

    Raises
    ------
    DataError
        If the run has no protocol on record: nobody could tell what it compares with.
    """
    origin = record.provenance
    parts = {name: part["hash"] for name, part in origin.get("protocol", {}).items()}
    if not parts:
        raise DataError("the run has no protocol on record (an older gaitbench); run it again")
    return [_submission(record, verdict, parts, run) for verdict in system_verdicts(record)]


def _submission(record: Record, verdict: Verdict, parts: dict[str, str], run: str) -> Submission:
    origin, worst = record.provenance, verdict.worst
    data = origin["dataset"]
    return Submission(
        gaitbench_submission=1,
        system=verdict.system,
        suite=origin["suite_name"],
        dataset=DataOf(name=data["name"], fingerprint=data["fingerprint"], rendered=data["rendered"]),
        protocol=parts,
        protocol_hash=protocol_hash(parts),
        people=worst.people,
        probes=worst.n,
        named=Rate(value=verdict.named, low=worst.rank1_ci_low, high=worst.rank1_ci_high),
        attack=Attacked(
            attacker=worst.attacker, recognizer=worst.recognizer, input=worst.input, gallery=worst.gallery
        ),
        untouched=verdict.untouched,
        known=verdict.known,
        slides_named=None if verdict.slides is None else verdict.slides.rank1,
        picture=_picture(record, verdict.anonymizer),
        unbroken=_unbroken(record, verdict.anonymizer),
        confidence=record.confidence,
        controls_broken=broken_controls(record),
        failures=len(record.failures),
        made=origin["created"],
        version=origin["package_version"],
        commit=origin["git_commit"],
        run=run,
    )


def _picture(record: Record, anonymizer: str) -> Picture | None:
    """Means over the sets under the reference that stands first, of the painter that stands first."""
    reference = headline_reference(record)
    rows = [
        row
        for row in record.quality
        if (row.anonymizer, row.reference) == (anonymizer, reference) and row.colorizer != "none"
    ]
    for painter in ordered((row.colorizer for row in rows), _PAINTERS):
        psnr = [row.psnr for row in rows if row.colorizer == painter and row.psnr is not None]
        ssim = [row.ssim for row in rows if row.colorizer == painter and row.ssim is not None]
        if psnr and ssim:
            return Picture(
                reference=reference or "",
                colorizer=painter,
                psnr=sum(psnr) / len(psnr),
                ssim=sum(ssim) / len(ssim),
            )
    return None


def _unbroken(record: Record, anonymizer: str) -> float | None:
    values = [
        row.value
        for row in record.tables.get("naturalness", ())
        if (row.anonymizer, row.measure) == (anonymizer, "unbroken") and row.value is not None
    ]
    return min(values, default=None)
