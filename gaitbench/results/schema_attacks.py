"""Rows about identification: the attacker ladder and what the attacks see beyond the success rate.

Rates are in percent (0..100); `d_sys` and `corrected` are on 0..1 scales. ``None`` is *undefined*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gaitbench.results.schema import _interval, _percent

__all__ = [
    "Attack", "CmcPoint", "CrossSession", "GallerySize", "Identification", "Recognition", "SubjectTail", "worst_cases",
]  # fmt: skip


@dataclass(frozen=True)
class Attack:
    """One attack in the terms of PROTOCOL."""

    attacker: str
    recognizer: str
    input: str
    gallery: str


@dataclass(frozen=True)
class Identification:
    """How well one attack identifies the anonymized probes of one system, all angles together.

    Parameters
    ----------
    anonymizer, colorizer, attacker, recognizer, input, gallery : str
        The attack in the terms of PROTOCOL; `colorizer` is ``none`` where the attack reads no picture.
    n, people : int
        Probes (under ``cross-view`` pairs of a probe and a gallery angle), and subjects in the gallery.
    rank1, rank1_ci_low, rank1_ci_high, rank5, map, eer : float or None
        Unconditional identification in percent (the interval over subjects), and the equal error rate. `map` is the
        mean average precision over gallery *entries*; None where the recognizer ranks people alone. Under
        ``cross-view`` `rank1` is the mean over the pairs of gallery and probe angle.
    mrr : float or None
        Mean reciprocal rank of the probe's person in percent: what average precision is with one entry a person.
    d_sys, d_sys_null : float or None
        Linkability (Gomez-Barrero 2018) in 0..1, and its mean under permuted labels. These and `eer` are None in the
        record's table ``galleries`` (the attacks under the other gallery protocols): they are not computed there.
    corrected : float or None
        Chance-corrected rank-1, ``(a - c) / (1 - c)``; below 0 where the attack does worse than a blind guess.
    s, m : int
        Probes named before, and of these those named wrongly after.
    success, success_ci_low, success_ci_high : float or None
        ``100 m / s``, under gallery ``cross-view`` its mean over the pairs of gallery and probe angle; None exactly
        when ``s == 0``.
    noise : str
        The level at which the system drew its noise: ``frame``, ``sequence`` or ``person``.
    strangers_n : int
        Strangers in the stranger test; 0 where it was not made (records before version 3).
    strangers, strangers_ci_low, strangers_ci_high, strangers_chance : float or None
        Percent of them named as the person whose noise they bear, its interval over people, and a blind guess.
    strangers_passed : bool or None
        False where an attack names the owner of the noise: it is no attack on people, and never a headline.

    Raises
    ------
    ValueError
        If the counts contradict each other, or the success.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    n: int
    people: int
    rank1: float | None
    rank1_ci_low: float | None
    rank1_ci_high: float | None
    rank5: float | None
    map: float | None
    eer: float | None
    d_sys: float | None
    d_sys_null: float | None
    corrected: float | None
    s: int
    m: int
    success: float | None
    success_ci_low: float | None
    success_ci_high: float | None
    noise: str = "sequence"
    strangers_n: int = 0
    strangers: float | None = None
    strangers_ci_low: float | None = None
    strangers_ci_high: float | None = None
    strangers_chance: float | None = None
    strangers_passed: bool | None = None
    mrr: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.m <= self.s <= self.n:
            raise ValueError(f"m = {self.m}, s = {self.s}, n = {self.n} contradict 0 <= m <= s <= n")
        if (self.success is None) != (self.s == 0):
            raise ValueError(f"success is {self.success} with s = {self.s}; it is null exactly when s is 0")
        pooled = (
            self.gallery != "cross-view"
        )  # there success is the mean over gallery angles, as its interval is
        if self.success is not None and pooled and abs(self.success - 100 * self.m / self.s) > 1e-3:
            raise ValueError(f"success is {self.success}, but 100 m / s = {100 * self.m / self.s}")
        _percent("a rate", self.rank1, self.rank5, self.map, self.mrr, self.eer, self.success)
        _interval("rank-1", self.rank1_ci_low, self.rank1_ci_high)
        _interval("the success", self.success_ci_low, self.success_ci_high)

    @property
    def attack(self) -> tuple[str, str, str]:
        """Attacker, recognizer and input."""
        return self.attacker, self.recognizer, self.input

    @property
    def counted(self) -> str:
        """What `n` counts, in words."""
        what = "pairs of a probe and a gallery angle" if self.gallery == "cross-view" else "probes"
        return f"{self.n} {what}"


@dataclass(frozen=True)
class CrossSession:
    """One attack on one system, within the sessions that are enrolled and across to others; angles together.

    Parameters
    ----------
    anonymizer, colorizer, attacker, recognizer, input, gallery, condition : str
        The attack, and the walking condition (``all``: all of them). Anonymizer ``original``: untouched walks.
    people : int
        Subjects in the gallery.
    within_n, across_n : int
        Probes (under ``cross-view`` pairs of a probe and a gallery angle) whose session is, or is not, one of the
        gallery's.
    within_rank1, across_rank1 : float or None
        Percent named rightly, with its interval over people; None where there is no probe.
    within_s, within_m, within_success, across_s, across_m, across_success
        As in `Identification`: the untouched probes named within, or across, sessions are the S.
    change, change_low, change_high : float or None
        Rank-1 across less rank-1 within, in points: the mean over what both sessions have of one person, condition and
        angle, with its interval over people.

    Raises
    ------
    ValueError
        If the counts contradict each other, or the success.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    condition: str
    people: int
    within_n: int
    within_rank1: float | None
    within_rank1_ci_low: float | None
    within_rank1_ci_high: float | None
    within_s: int
    within_m: int
    within_success: float | None
    within_success_ci_low: float | None
    within_success_ci_high: float | None
    across_n: int
    across_rank1: float | None
    across_rank1_ci_low: float | None
    across_rank1_ci_high: float | None
    across_s: int
    across_m: int
    across_success: float | None
    across_success_ci_low: float | None
    across_success_ci_high: float | None
    change: float | None
    change_low: float | None
    change_high: float | None

    def __post_init__(self) -> None:
        for part in ("within", "across"):
            n, s, m = (getattr(self, f"{part}_{count}") for count in "nsm")
            rank1, success = getattr(self, f"{part}_rank1"), getattr(self, f"{part}_success")
            if not 0 <= m <= s <= n:
                raise ValueError(f"{part}: m = {m}, s = {s}, n = {n} contradict 0 <= m <= s <= n")
            if (success is None) != (s == 0) or (rank1 is None) != (n == 0):
                raise ValueError(f"{part}: success {success} with s = {s}, rank-1 {rank1} with n = {n}")
            _percent("a rate", rank1, success)
            _interval("rank-1", getattr(self, f"{part}_rank1_ci_low"), getattr(self, f"{part}_rank1_ci_high"))
            _interval(
                "success", getattr(self, f"{part}_success_ci_low"), getattr(self, f"{part}_success_ci_high")
            )
        _interval("the change", self.change_low, self.change_high)

    @property
    def attack(self) -> tuple[str, str, str, str]:
        """Attacker, recognizer, input and gallery."""
        return self.attacker, self.recognizer, self.input, self.gallery


@dataclass(frozen=True)
class CmcPoint:
    """Share of probes (percent) whose subject is among the first `rank`; anonymizer ``original``: untouched."""

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    rank: int
    rate: float

    def __post_init__(self) -> None:
        _percent("a rate", self.rate)


@dataclass(frozen=True)
class Recognition:
    """Rank-1 on untouched probes of one condition between one gallery angle and one probe angle."""

    recognizer: str
    condition: str
    gallery_angle: int
    probe_angle: int
    n: int
    rank1: float | None

    def __post_init__(self) -> None:
        _percent("rank-1", self.rank1)


@dataclass(frozen=True)
class GallerySize:
    """Success against the number of people in the gallery; `extrapolated` beyond those there are."""

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    size: int
    success: float | None
    rank1: float
    extrapolated: bool

    def __post_init__(self) -> None:
        _percent("a rate", self.success, self.rank1)


@dataclass(frozen=True)
class SubjectTail:
    """One of the subjects that an attack identifies most often: who is *not* hidden."""

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    subject: str
    probes: int
    identified: float

    def __post_init__(self) -> None:
        _percent("a rate", self.identified)


def worst_cases(rows: Iterable[Identification]) -> dict[tuple[str, str], Identification]:
    """The strongest attack on each system: the highest unconditional rank-1.

    Attacks that read no picture (`colorizer` ``none``) count for every colorizer of their anonymizer; one that fails
    the stranger test counts nowhere.

    Returns
    -------
    dict of (anonymizer, colorizer) to Identification
        Under colorizer ``none``: the worst case over the attacks on the silhouettes alone.
    """
    rows = [r for r in rows if r.rank1 is not None and r.strangers_passed is not False]
    systems = dict.fromkeys((r.anonymizer, r.colorizer) for r in rows)
    return {
        (anonymizer, colorizer): max(
            (r for r in rows if r.anonymizer == anonymizer and r.colorizer in (colorizer, "none")),
            key=lambda r: r.rank1 or 0.0,
        )
        for anonymizer, colorizer in systems
    }
