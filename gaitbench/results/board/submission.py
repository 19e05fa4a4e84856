"""A submission to the board: one system of one run, in a file that a command checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gaitbench.errors import DataError
from gaitbench.protocol import GALLERIES
from gaitbench.results.provenance import hash_of
from gaitbench.validation import convert, read_json

__all__ = [
    "About", "Attacked", "DataOf", "Picture", "Rate", "Submission", "protocol_hash", "read_submission",
    "submission_schema", "to_json",
]  # fmt: skip

#: Version of the form; a reader refuses every other.
VERSION = 1
#: How far a rate may be from a count over the probes, in percent: figures may be rounded to four decimals.
_ROUNDING = 1e-3

Text = Annotated[str, Meta(min_length=1, max_length=200, description="a text of 1 to 200 characters")]
Note = Annotated[str, Meta(max_length=2000, description="a text of at most 2000 characters")]
Percent = Annotated[float, Meta(ge=0, le=100, description="a number from 0 to 100")]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{16,64}$", description="a hash, 16 to 64 hexadecimal digits")]


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a submission: every field is known, nothing is passed over."""


class Rate(_Form, frozen=True, kw_only=True):
    """Percent of the walks, with the ends of its interval over people."""

    value: Percent
    low: Percent | None = None
    high: Percent | None = None


class Attacked(_Form, frozen=True, kw_only=True):
    """By whom: the strongest attack of all that were run."""

    attacker: Text
    recognizer: Text
    input: Text
    gallery: Text


class DataOf(_Form, frozen=True, kw_only=True):
    """On what."""

    name: Text
    fingerprint: Text
    rendered: bool


class Picture(_Form, frozen=True, kw_only=True):
    """Means over the sets, under a named reference."""

    reference: Text
    colorizer: Text
    psnr: Annotated[float, Meta(ge=-100, le=200)] | None = None
    ssim: Annotated[float, Meta(ge=-1, le=1)] | None = None


class About(_Form, frozen=True, kw_only=True):
    """What its makers say; nothing of it is checked."""

    authors: Note = ""
    url: Note = ""
    paper: Note = ""
    note: Note = ""


class Submission(_Form, frozen=True, kw_only=True):
    """One system of one run.

    Parameters
    ----------
    gaitbench_submission : int
        Version of this form.
    system : str
        Anonymizer, and who paints where the strongest attack reads pictures.
    suite : str
    dataset : DataOf
    protocol : dict of str to str
        Part -> hash, as in the record. Only submissions of one protocol stand on one board.
    protocol_hash : str
        Of all parts together, see `protocol_hash`.
    people, probes : int
        In the gallery; walks (under ``cross-view`` pairs) that were tested.
    named : Rate
        Walks that the strongest attack still names.
    attack : Attacked
    untouched : float or None
        What the same attack names where nothing was done.
    known : float or None
        What the best recognizer that attacked the system names of the untouched normal walks: where that is little,
        nobody is called hidden. `untouched` stands in for it where it is not given.
    slides_named : float or None
        What the slides' attacker still names.
    picture : Picture or None
    unbroken : float or None
        Frames in one piece, in percent, on the worst set.
    confidence : float
        Of the interval.
    controls_broken : list of str
        A run with any is no run: the board leaves it out.
    failures : int
        Cells of the run that could not be computed.
    made : str
        ISO 8601.
    version, commit : str
        Of gaitbench.
    run : str
        What the run's makers call it.
    about : About
    """

    gaitbench_submission: Literal[1]
    system: Text
    suite: Text
    dataset: DataOf
    protocol: Annotated[dict[Text, Hash], Meta(min_length=1)]
    protocol_hash: Hash
    people: Annotated[int, Meta(ge=2)]
    probes: Annotated[int, Meta(ge=1)]
    named: Rate
    attack: Attacked
    untouched: Percent | None = None
    known: Percent | None = None
    slides_named: Percent | None = None
    picture: Picture | None = None
    unbroken: Percent | None = None
    confidence: Annotated[float, Meta(gt=0, lt=1)] = 0.95
    controls_broken: list[Text] = []
    failures: Annotated[int, Meta(ge=0)] = 0
    made: Text
    version: Text
    commit: Text | None = None
    run: Note = ""
    about: About = About()

    @property
    def chance(self) -> float:
        """What a blind guess names, in percent."""
        return 100 / self.people


def protocol_hash(parts: Mapping[str, str]) -> str:
    """The hash of a whole protocol, from the hashes of its parts."""
    return hash_of(dict(parts))


def read_submission(path: Path) -> Submission:
    """Read and check a submission.

    Raises
    ------
    DataError
        On one line: what is wrong, where, and what may stand there.
    """
    document = read_json(path)
    if isinstance(document, dict) and document.get("gaitbench_submission") not in (None, VERSION):
        raise DataError(
            f"{path} is a submission of version {document['gaitbench_submission']!r}; this gaitbench reads {VERSION}"
        )
    found = convert(Submission, document, f"{path}:", way_out="see `gaitbench board --schema`")
    wrong = _contradiction(found)
    if wrong:
        raise DataError(f"{path}: {wrong}")
    return found


def _contradiction(one: Submission) -> str:
    """What its figures say against each other; empty where nothing does."""
    if one.protocol_hash != protocol_hash(one.protocol):
        return "protocol_hash is not that of the parts in protocol; export the run again"
    if (one.named.low is None) != (one.named.high is None):
        return "named has one end of an interval; give both, or none"
    low, high = one.named.low, one.named.high
    if low is not None and high is not None and not low - _ROUNDING <= one.named.value <= high + _ROUNDING:
        return f"named: {one.named.value:g} lies outside of its interval {low:g} to {high:g}"
    if one.attack.gallery not in GALLERIES:
        return f"attack.gallery {one.attack.gallery!r} is unknown; known: {', '.join(GALLERIES)}"
    count = one.named.value * one.probes / 100
    # under cross-view a rate is a mean over pairs of angles
    if one.attack.gallery != "cross-view" and abs(count - round(count)) * 100 / one.probes > _ROUNDING:
        return f"named: {one.named.value:g} % is no whole number of {one.probes} probes"
    try:
        datetime.fromisoformat(one.made)
    except ValueError:
        return f"made {one.made!r} is no time; write it as 2026-01-02T03:04:05Z"
    return ""


def submission_schema() -> dict[str, Any]:
    """The form as a JSON Schema (draft 2020-12)."""
    schema = msgspec.json.schema(Submission)
    for part in schema["$defs"].values():  # numpydoc is for readers of the code
        part["description"] = " ".join(part.get("description", "").partition("\n\n")[0].split())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A submission to a board of gaitbench",
        **schema,
    }  # fmt: skip


def to_json(one: Submission) -> str:
    """As it stands in a file."""
    return json.dumps(msgspec.to_builtins(one), indent=1, ensure_ascii=False) + "\n"
