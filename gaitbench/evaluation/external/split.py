"""Who is tested and who teaches, where somebody else's files are judged: nobody is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.anonymized_files import Problem
from gaitbench.datasets.splits import Split
from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.attacks.bundled import taught_by
from gaitbench.suites import load_suite

__all__ = ["LEAST_TRAINING", "OpenSplit", "Roles", "Wishes", "people_of", "share_roles"]

#: Fewer people than this teach no recognizer (`smoke` has so many).
LEAST_TRAINING = 6


@dataclass(frozen=True)
class OpenSplit(Split):
    """Subjects by role; nobody need have the roles `recognizer` and `models`."""

    def __post_init__(self) -> None:
        roles = {r: set(getattr(self, r)) for r in ("recognizer", "models", "test")}
        both = (roles["test"] & (roles["recognizer"] | roles["models"])) | (
            roles["recognizer"] & roles["models"]
        )
        if both:
            raise ConfigError(f"subject {min(both)} is in two roles; give each subject one role")


@dataclass(frozen=True)
class Wishes:
    """What the user asked for; None leaves it to the suite and the data.

    Parameters
    ----------
    name : str
        What tables call the system.
    test, train : tuple of str, optional
        Subjects.
    gallery, probe, train_walks : tuple of str, optional
        Walks; the last are those by which the attacker learns.
    noise : str
        One of `gaitbench.evaluation.external.plan.NOISE`.
    by_role : bool
        `test` comes from a table that gives subjects their roles: who has none there was forgotten, and is named.
    """

    name: str = "external"
    test: tuple[str, ...] | None = None
    train: tuple[str, ...] | None = None
    gallery: tuple[str, ...] | None = None
    probe: tuple[str, ...] | None = None
    train_walks: tuple[str, ...] | None = None
    noise: str = "undeclared"
    by_role: bool = False


@dataclass(frozen=True)
class Roles:
    """The subjects by role.

    Parameters
    ----------
    split : OpenSplit
    trained : bool
        The recognizers learn from people of these data; otherwise the bundled one attacks.
    problems : list of Problem
        Subjects who could not have the role that was meant for them.
    said : list of str
        Who has another role than the suite's, where nobody asked for it in so many words.
    """

    split: OpenSplit
    trained: bool
    problems: list[Problem] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def people_of(keys: Iterable[SequenceKey]) -> set[str]:
    """The subjects of these sequences."""
    return {k.subject for k in keys}


def share_roles(data: Dataset, usual: Split, judged: set[SequenceKey], wishes: Wishes) -> Roles:
    """Give the subjects of the originals their roles.

    Without a wish, the suite's test subjects that are among the originals are tested, handed in anonymized or not: who
    is missing counts as found. Only where none of those is there, whoever was handed in is tested.

    Parameters
    ----------
    data : Dataset
        The originals.
    usual : Split
        The suite's.
    judged : set of SequenceKey
        Sequences that have an original and were handed in anonymized.
    wishes : Wishes

    Raises
    ------
    ConfigError
        If a wish names somebody who is not there.
    DataError
        If fewer than two subjects can be tested.
    """
    people, shown = people_of(data.keys()), people_of(judged)
    wishes = replace(
        wishes, test=_known("--subjects", wishes.test, people), train=_known("--train", wishes.train, people)
    )
    problems: list[Problem] = []
    test, by_suite = _tested(usual, people, shown, wishes)
    train = [s for s in (usual.recognizer if wishes.train is None else wishes.train) if s in people]
    said: list[str] = []
    teachers = () if wishes.train is not None else usual.recognizer
    if moved := [s for s in (*teachers, *usual.models) if s in people and s in test]:
        said.append(
            f"{len(moved)} of the suite's training subjects are tested, so they do not teach (first: {moved[0]})"
        )
    for subject in [s for s in train if s in test]:
        if wishes.train is not None:
            text = f"subject {subject} is in training and in test: it is only tested"
            problems.append(Problem("two roles", f"subject={subject}", text))
        train.remove(subject)
    models = [s for s in usual.models if s in people and s not in test and s not in train]
    if not models and len(train) > LEAST_TRAINING:
        count = min(max(1, len(train) // 5), len(train) - LEAST_TRAINING)
        train, models = train[:-count], train[-count:]
        said.append(
            f"{count} of {count + len(train)} people who teach show the controls instead (first: {models[0]})"
        )
    left = sorted(people - {*test, *train, *models})
    if wishes.by_role:
        problems += [_without_role(s, "give it the role test or train, or take its rows out") for s in left]
    elif wishes.test is None and not by_suite:
        away = [s for s in left if s not in shown]
        problems += [_without_role(s, "it was not handed in anonymized; see --subjects") for s in away]
    trained = len(train) >= LEAST_TRAINING
    if not trained:
        models, train = models or train, []
        test = _not_taught(data, test, problems)
    if len(test) < 2:
        raise DataError(
            f"only {len(test)} subject can be tested; naming somebody needs two or more (--subjects)"
        )
    return Roles(
        OpenSplit(tuple(train), tuple(models), tuple(test)), trained, problems, said if trained else []
    )


def _tested(usual: Split, people: set[str], shown: set[str], wishes: Wishes) -> tuple[list[str], bool]:
    """The test subjects, and whether they are the suite's."""
    if wishes.test is not None:
        return list(wishes.test), False
    # who was named as a teacher and not handed in at all is not missing
    teachers = set(wishes.train or ()) - shown
    test = [s for s in usual.test if s in people and s not in teachers]
    strangers = sorted(shown - {*usual.recognizer, *usual.models, *usual.test} - teachers)
    if not test:
        return strangers or sorted(shown), False
    if not shown & set(test):
        raise DataError(
            f"none of the suite's {len(test)} test subjects among the originals (first: {test[0]}) was handed in "
            f"anonymized (first: {min(shown)}); name those to be tested with --subjects"
        )
    # who has no role in the suite at all and was handed in is not dropped
    return [*test, *strangers], True


def _known(option: str, asked: tuple[str, ...] | None, people: set[str]) -> tuple[str, ...] | None:
    """The subjects that are meant: as they are written, else the one of that number (81 is 081).

    Raises
    ------
    ConfigError
        If a subject is not there.
    """
    if asked is None:
        return None
    by_number: dict[int, list[str]] = {}
    for subject in sorted(p for p in people if p.isascii() and p.isdecimal()):
        by_number.setdefault(int(subject), []).append(subject)
    found: list[str] = []
    for subject in asked:
        alike = by_number.get(int(subject), []) if subject.isascii() and subject.isdecimal() else []
        if subject in people:
            found.append(subject)
        elif len(alike) == 1:
            found.append(alike[0])
        else:
            near = f"; did you mean one of {', '.join(alike)}?" if alike else f", such as {min(people)}"
            raise ConfigError(
                f"{option}: {subject} is not among the originals ({len(people)} subjects{near})"
            )
    return tuple(dict.fromkeys(found))


def _without_role(subject: str, what: str) -> Problem:
    text = f"subject {subject} is neither tested nor does it teach: {what}"
    return Problem("no role", f"subject={subject}", text)


def _not_taught(data: Dataset, test: list[str], problems: list[Problem]) -> list[str]:
    """The test people without those who taught the bundled recognizer (exported walkers of the same seed)."""
    note = getattr(data, "export_note", None)
    if note is None:
        return test
    card = taught_by()["data"]
    if note.seed != card["data_seed"]:
        return test
    teachers = set(load_suite(card["suite"]).split.recognizer)
    both = [s for s in test if s in teachers]
    for subject in both:
        text = f"subject {subject} is in training and in test: it taught the bundled recognizer, so it is not tested"
        problems.append(Problem("two roles", f"subject={subject}", text))
    rest = [s for s in test if s not in teachers]
    if not rest:
        raise DataError(
            f"all {len(test)} test subjects (first: {test[0]}) taught the bundled recognizer; test others with "
            "--subjects, or bring at least six more subjects to --train on"
        )
    return rest
