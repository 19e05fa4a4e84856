"""What else a reader asks on the first screens: claims, run, data, what not to conclude, how to cite, how to repeat."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from gaitbench.reporting.formats.table import Table
from gaitbench.results.record import Record

__all__ = ["Asked", "asked"]


#: Verdicts after a count.
_SAID = {"holds": "hold", "does not hold": "do not hold"}


class Asked(NamedTuple):
    """A question, its answer in a line, and the ``id`` on the page where more stands."""

    question: str
    answer: str
    where: str


def _claims(claims: Table | None) -> tuple[str, str]:
    if claims is None:
        return "none of the slides' claims was put to the test in this run", "summary"
    place = next(i for i, column in enumerate(claims.columns) if column.key == "verdict")
    words = [str(row.cells[place].value) for row in claims.rows]
    kinds = Counter(
        next((kind for kind in ("does not hold", "cannot be told", "holds") if word.startswith(kind)), word)
        for word in words
    )
    said = ", ".join(f"{count} {_SAID.get(kind, kind)}" for kind, count in kinds.most_common())
    return f"of {len(words)} readings of the slides' claims: {said}", claims.name


def _data(record: Record) -> str:
    data = record.provenance["dataset"]
    parts = [data["name"], "rendered people, not filmed" if data["rendered"] else "filmed people"]
    parts += [f"{data[name]} {name}" for name in ("subjects", "sequences") if data.get(name) is not None]
    return ", ".join(parts)


def _again(record: Record) -> str:
    run = record.provenance
    if run.get("evaluated"):
        return f"gaitbench evaluate with the same files, seed {run['seed']}; the suite as it was resolved stands below"
    return (
        f"gaitbench run-all --suite {run['suite_name']} --seed {run['seed']} with version {run['package_version']} "
        "on the same data; the suite as it was resolved, with its hash, stands below"
    )


def asked(record: Record, claims: Table | None, beware: tuple[str, ...]) -> tuple[Asked, ...]:
    """Six of a reader's ten questions; sentence, figures and cards answer who, from whom, how sure and at what cost.

    Parameters
    ----------
    record : Record
    claims : Table or None
        ``table_slides_claims``, where the run has it.
    beware : tuple of str
        What not to conclude; the first is said here.
    """
    run = record.provenance
    commit = f", commit {run['git_commit'][:12]}" if run.get("git_commit") else ""
    which = f"suite {run['suite_name']}, hash {run['suite_hash'][:12]}, gaitbench {run['package_version']}{commit}"
    claim, where = _claims(claims)
    return (
        Asked("Which claims hold?", f"{claim}.", where),
        Asked("Which run is this?", f"{which}, seed {run['seed']}.", "provenance"),
        Asked("What data?", f"{_data(record)}.", "provenance"),
        Asked("What not to conclude?", beware[0] if beware else "", "beware"),
        Asked(
            "How to cite it?",
            f"Name the slides, the worst case with its interval and chance, {run['dataset']['name']}, and: {which}.",
            "cite",
        ),
        Asked("How to repeat it?", f"{_again(record)}.", "provenance"),
    )
