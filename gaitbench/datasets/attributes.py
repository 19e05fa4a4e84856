"""What is known of the people and the walks of a data set besides their names: sex, height, bag, coat.

A data set that knows its people has a method ``person`` (`KnowsPeople`): the walkers, exported ones too. Nothing is
guessed. Bag and coat are in the names of the walks (``bg-01``, ``cl-01``), in every data set that names them so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.errors import DataError

__all__ = ["CONDITIONS", "KnowsPeople", "Person", "people_of", "wears"]

#: Conditions of CASIA-B: what a walk of one of them tells of bag and coat; other names tell nothing.
CONDITIONS: dict[str, tuple[str, ...]] = {"nm": (), "bg": ("bag",), "cl": ("coat",)}


@dataclass(frozen=True)
class Person:
    """What a data set knows of one of its people.

    Parameters
    ----------
    sex : {"female", "male"} or None
        None where it is not known.
    height : float or None
        Stature without shoes in metres, measured (never told from pixels), 0.3 to 3.

    Raises
    ------
    ValueError
        If one is something else.

    Examples
    --------
    >>> Person("female", 1.63).height
    1.63
    """

    sex: Literal["female", "male"] | None = None
    height: float | None = None

    def __post_init__(self) -> None:
        if self.sex not in ("female", "male", None):
            raise ValueError(f"sex is {self.sex!r}; female, male, or None where it is not known")
        if self.height is not None and not 0.3 <= self.height <= 3.0:
            raise ValueError(f"height is {self.height!r}; give metres, or None where it is not known")


@runtime_checkable
class KnowsPeople(Protocol):
    """A data set that knows more of its people than their names; no data set needs this."""

    def person(self, subject: str) -> Person:
        """What is known of `subject`, one of the data set's."""
        ...


def people_of(dataset: Dataset, subjects: Iterable[str]) -> dict[str, Person]:
    """What a data set knows of people; nothing of anybody where it has no ``person``.

    Raises
    ------
    DataError
        If it gives something that is no `Person`.

    Examples
    --------
    >>> from gaitbench.datasets.walkers import Walkers
    >>> people_of(Walkers(), ["001", "003"])["003"].sex
    'male'
    """
    found: dict[str, Person] = {}
    for subject in dict.fromkeys(subjects):
        person = dataset.person(subject) if isinstance(dataset, KnowsPeople) else Person()
        if not isinstance(person, Person):
            raise DataError(
                f"data set {dataset.name} says of person {subject} {type(person).__name__}, no Person; mend it"
            )
        found[subject] = person
    return found


def wears(key: SequenceKey, what: str) -> bool | None:
    """Whether the name of a walk says that a person has a ``bag`` or a ``coat``; None where it says nothing.

    Examples
    --------
    >>> wears(SequenceKey("001", "bg-02", 90), "bag"), wears(SequenceKey("001", "bg-02", 90), "coat")
    (True, False)
    >>> wears(SequenceKey("001", "run-01", 90), "bag") is None
    True
    """
    return what in CONDITIONS[key.condition] if key.condition in CONDITIONS else None
