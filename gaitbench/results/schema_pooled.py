"""Rows about pools of sequences, one-to-one assignment, open set, and criteria of the Article 29 working party.

The third of these criteria, inference, is told of attributes: sex, bag, coat.
"""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.results.schema import _interval, _percent

__all__ = ["Assigned", "Criterion", "Gap", "Inference", "LeftOut", "Pooled", "WorstCase"]


@dataclass(frozen=True)
class Pooled:
    """How many people an attack names by k of their sequences together.

    Parameters
    ----------
    anonymizer, colorizer, attacker, recognizer, input, gallery : str
    over : str
        ``walks and cameras``, ``walks`` (before one camera) or ``cameras`` (along one walk).
    k : int
        Sequences of a pool.
    people, enrolled : int
        Who has so many sequences; how many are in the gallery.
    draws : int
        Pools of each person.
    rank1, ci_low, ci_high : float or None
        Percent of the pools named rightly, and its interval over people.
    chance : float
        Of a blind guess, in percent.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    over: str
    k: int
    people: int
    enrolled: int
    draws: int
    rank1: float | None
    ci_low: float | None
    ci_high: float | None
    chance: float

    def __post_init__(self) -> None:
        if min(self.k, self.people, self.enrolled, self.draws) < 1:
            raise ValueError("k, people, enrolled and draws must be at least 1")
        _percent("a rate", self.rank1, self.ci_low, self.ci_high, self.chance)
        _interval("the rate", self.ci_low, self.ci_high)


@dataclass(frozen=True)
class Assigned:
    """Probes of one walk and angle named together, each person once, beside the same probes named one by one.

    Parameters
    ----------
    anonymizer, colorizer, attacker, recognizer, input, gallery : str
    n, blocks, people : int
        Probes, (walk, angle) blocks of them, and people in the gallery.
    alone : float or None
        Percent of these probes that are named rightly one by one.
    assigned, ci_low, ci_high : float or None
        Percent named rightly together, and its interval over people.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    n: int
    blocks: int
    people: int
    alone: float | None
    assigned: float | None
    ci_low: float | None
    ci_high: float | None

    def __post_init__(self) -> None:
        if min(self.n, self.blocks, self.people) < 1:
            raise ValueError("n, blocks and people must be at least 1")
        _percent("a rate", self.alone, self.assigned, self.ci_low, self.ci_high)
        _interval("the rate", self.ci_low, self.ci_high)


@dataclass(frozen=True)
class Criterion:
    """Open set, and criteria of the Article 29 working party.

    Parameters
    ----------
    anonymizer, colorizer, attacker, recognizer, input, gallery : str
    criterion : str
        ``open set`` (probes of enrolled people that are accepted and named rightly), ``singling out`` or
        ``linkability``.
    at : float
        Open set: the rate of strangers who are named, in percent; else the people in a set.
    people : int
        Whom the figure is over.
    value, ci_low, ci_high : float or None
        Percent, and its interval over people.
    blind : float
        What an attack reaches that knows nothing, in percent.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    criterion: str
    at: float
    people: int
    value: float | None
    ci_low: float | None
    ci_high: float | None
    blind: float

    def __post_init__(self) -> None:
        if self.criterion not in ("open set", "singling out", "linkability"):
            raise ValueError(f"criterion is {self.criterion!r}; open set, singling out or linkability")
        if self.people < 1 or self.at <= 0:
            raise ValueError("people must be at least 1, and `at` above 0")
        _percent("a rate", self.value, self.ci_low, self.ci_high, self.blind)
        _interval("the rate", self.ci_low, self.ci_high)


@dataclass(frozen=True)
class WorstCase:
    """The worst case of one system, chosen on one half of the test people and measured on the other, both ways.

    Parameters
    ----------
    anonymizer, colorizer : str
        The system; under colorizer ``none`` the attacks on the silhouettes alone.
    people, attacks : int
        Test people, and attacks compared (one that fails its stranger test is not eligible).
    splits : int
        Random splits into halves over which `rank1` is averaged; each has two choices.
    chosen : str
        Each attack that a half chose, and how many halves did, most first.
    naive : float
        The highest rank-1 in percent over all people.
    rank1, ci_low, ci_high : float or None
        Rank-1 in percent of the chosen attacks on the other half, and its interval over people. None with fewer than
        four people, or where attacks differ in whom they saw.
    """

    anonymizer: str
    colorizer: str
    people: int
    attacks: int
    splits: int
    chosen: str
    naive: float
    rank1: float | None
    ci_low: float | None
    ci_high: float | None

    def __post_init__(self) -> None:
        _percent("a rate", self.naive, self.rank1, self.ci_low, self.ci_high)
        _interval("rank-1", self.ci_low, self.ci_high)


@dataclass(frozen=True)
class Inference:
    """How well one attack tells an attribute of the people on a system's probes, having learnt from other people.

    Parameters
    ----------
    anonymizer, attacker : str
    attribute : str
        ``sex``, ``bag`` or ``coat``.
    of, against : str
        The two classes in words, such as ``female`` and ``male``.
    n, n_of : int
        Probes, and those of them of the first class.
    people, learnt : int
        Who is on the probes, and from how many others the attack learnt.
    before, before_ci_low, before_ci_high : float or None
        Balanced accuracy in percent (mean of the two shares told rightly) on the untouched probes, by a classifier that
        learnt from untouched gaits, and its interval over people. A blind guess has 50.
    after, after_ci_low, after_ci_high : float or None
        The same of the probes as the system shows them, by this attack.
    """

    anonymizer: str
    attacker: str
    attribute: str
    of: str
    against: str
    n: int
    n_of: int
    people: int
    learnt: int
    before: float | None
    before_ci_low: float | None
    before_ci_high: float | None
    after: float | None
    after_ci_low: float | None
    after_ci_high: float | None

    def __post_init__(self) -> None:
        if not 0 < self.n_of < self.n or min(self.people, self.learnt) < 1:
            raise ValueError("a balanced accuracy needs probes of both classes, and people")
        _percent("a balanced accuracy", self.before, self.after)
        _interval("the balanced accuracy before", self.before_ci_low, self.before_ci_high)
        _interval("the balanced accuracy after", self.after_ci_low, self.after_ci_high)


@dataclass(frozen=True)
class LeftOut:
    """A part of a table that these data or this suite do not allow.

    Parameters
    ----------
    table : str
        Rows among which it would stand, such as ``attributes``.
    what, why : str
    """

    table: str
    what: str
    why: str


@dataclass(frozen=True)
class Gap:
    """Who is hidden less by one system from one attack: one half of the people beside the other.

    Parameters
    ----------
    anonymizer, colorizer, attacker, recognizer, input, gallery : str
    role : str
        Why this attack stands here: ``worst case``, ``slides' cell`` or ``untouched``.
    first, second : str
        The groups: ``women`` and ``men``, or ``tall`` and ``short``.
    first_people, first_n, second_people, second_n : int
        People of each group, and their probes.
    first_rank1, first_ci_low, first_ci_high, second_rank1, second_ci_low, second_ci_high : float or None
        Percent of a group's probes that are named rightly after anonymization, and its interval over people.
    first_success, second_success : float or None
        Percent of a group's probes named rightly before that are named wrongly after; None where there are none.
    difference, ci_low, ci_high, p_value : float or None
        Rank-1 of the first less that of the second in points, its interval over people, and p for none.
    p_holm : float or None
        `p_value` corrected over all rows of the table.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    role: str
    first: str
    second: str
    first_people: int
    second_people: int
    first_n: int
    second_n: int
    first_rank1: float | None
    first_ci_low: float | None
    first_ci_high: float | None
    second_rank1: float | None
    second_ci_low: float | None
    second_ci_high: float | None
    first_success: float | None
    second_success: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    p_holm: float | None = None

    def __post_init__(self) -> None:
        if min(self.first_people, self.second_people, self.first_n, self.second_n) < 1:
            raise ValueError("both groups need people and probes")
        _percent("a rate", self.first_rank1, self.second_rank1, self.first_success, self.second_success)
        _interval("the first group", self.first_ci_low, self.first_ci_high)
        _interval("the second group", self.second_ci_low, self.second_ci_high)
        _interval("the difference", self.ci_low, self.ci_high)
