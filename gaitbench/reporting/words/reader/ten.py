"""What else a reader asks on the first screens: cost, claims, run, data, what not to conclude, citing, repeating."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import resources
from typing import NamedTuple

from gaitbench.reporting.formats.table import Table
from gaitbench.reporting.reading.verdicts import headline_verdict
from gaitbench.reporting.words.verdicts import Card
from gaitbench.results.record import Record

__all__ = ["Asked", "asked"]


#: Verdicts after a count of more than one.
_SAID = {"holds": "hold", "does not hold": "do not hold"}


class Asked(NamedTuple):
    """A question, its answer in a line, and the ``id`` on the page where more stands."""

    question: str
    answer: str
    where: str


def _claims(record: Record, claims: Table | None) -> tuple[str, str]:
    """Each claim as a whole, as the list of checks has it, then each reading of the table: both say what they count."""
    whole = Counter(
        {True: "holds", False: "does not hold", None: "cannot be told"}[check.passed]
        for check in record.checks
        if check.kind == "claim"
    )
    one = "claim" if whole.total() == 1 else "claims"
    said = f"of {whole.total()} {one}, each as a whole: {_counted(whole)}" if whole else ""
    if claims is None:
        return (
            said or "none of the slides' claims was put to the test in this run",
            "claims" if whole else "summary",
        )
    place = next(i for i, column in enumerate(claims.columns) if column.key == "verdict")
    words = [str(row.cells[place].value) for row in claims.rows]
    kinds = Counter(
        next((kind for kind in ("does not hold", "cannot be told", "holds") if word.startswith(kind)), word)
        for word in words
    )
    readings = "1 reading" if len(words) == 1 else f"{len(words)} readings"
    each = f"{readings} by set, measure, reference and angle: {_counted(kinds)}"
    return f"{said}; in {each}" if said else f"of {each}", claims.name


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(
        f"{count} {kind if count == 1 else _SAID.get(kind, kind)}" for kind, count in kinds.most_common()
    )


def _cost(record: Record, cards: Sequence[Card]) -> tuple[str, str]:
    """Name of the system that the sentence speaks of, and what its card says of picture, use and naturalness."""
    spoken = headline_verdict(record)
    card = next((one for one in cards if spoken is not None and one.system == spoken.anonymizer), None)
    if card is None:
        return "", "no attack ladder was run, so that there is no verdict to hold a cost against"
    lines = [f"{line.question.rstrip('?').lower()}: {line.word}" for line in card.lines[1:]]
    return card.system, "; ".join(lines)


def _data(record: Record) -> str:
    data = record.provenance["dataset"]
    parts = [data["name"], "rendered people, not filmed" if data["rendered"] else "filmed people"]
    parts += [f"{data[name]} {name}" for name in ("subjects", "sequences") if data.get(name) is not None]
    return ", ".join(parts)


def _again(record: Record) -> str:
    run = record.provenance
    if run.get("evaluated"):
        return f"gaitbench evaluate with the same files, seed {run['seed']}; the suite as it was resolved stands below"
    # a sweep and a file of the user's have names that run-all does not know
    shipped = (resources.files("gaitbench") / "suites" / f"{run['suite_name']}.toml").is_file()
    command = (
        f"gaitbench run-all --suite {run['suite_name']} --seed {run['seed']}"
        if shipped
        else f"the same command (suite {run['suite_name']} is a sweep's, or of a file), seed {run['seed']},"
    )
    return (
        f"{command} with version {run['package_version']} on the same data; the suite as it was resolved, with its "
        "hash, stands below"
    )


def asked(
    record: Record, claims: Table | None, beware: tuple[str, ...], cards: Sequence[Card] = ()
) -> tuple[Asked, ...]:
    """Seven of a reader's ten questions; sentence, bar and figures answer who, from whom and how sure.

    Parameters
    ----------
    record : Record
    claims : Table or None
        ``table_slides_claims``, where the run has it.
    beware : tuple of str
        What not to conclude; the first is said here.
    cards : sequence of Card
        What is said of each system: the cost is that of the one that the sentence speaks of.
    """
    run = record.provenance
    commit = f", commit {run['git_commit'][:12]}" if run.get("git_commit") else ""
    which = f"suite {run['suite_name']}, hash {run['suite_hash'][:12]}, gaitbench {run['package_version']}{commit}"
    claim, where = _claims(record, claims)
    system, cost = _cost(record, cards)
    return (
        Asked(
            "What does it cost?",
            f"{f'{system}, ' if system else ''}{cost}.",
            "cards" if system else "summary",
        ),
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
