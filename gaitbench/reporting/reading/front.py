"""Every system at every setting: what an attack still names of it beside what stays useful."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.reporting.reading.attacks import every_gallery
from gaitbench.reporting.reading.labels import labels_of
from gaitbench.reporting.reading.selection import unique
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_pictures import Utility
from gaitbench.results.schema_sweep import Swept

__all__ = ["Front", "Named", "Point", "dominators", "front_of"]

#: Attacker, recognizer, input, gallery.
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Named:
    """What one attack still names, in percent, with its interval."""

    attack: _Key
    value: float
    low: float | None
    high: float | None

    @property
    def text(self) -> str:
        """Attacker and recognizer."""
        return f"{self.attack[0]}, {self.attack[1]}"


@dataclass(frozen=True)
class Point:
    """A system at one setting.

    Parameters
    ----------
    label : str
        As tables name it, with its setting.
    anonymizer, variant : str
        As the rows of utility have them.
    attacks : mapping
        Every attack on its silhouettes that is on record, but those that fail their stranger test.
    utility : mapping of str to Utility
        By measure, all walking conditions together.
    at : float or None
        Where on its curve it stands.
    """

    label: str
    anonymizer: str
    variant: str
    attacks: Mapping[_Key, Named]
    utility: Mapping[str, Utility]
    at: float | None = None

    @property
    def control(self) -> bool:
        """Whether it is there for scale."""
        return self.anonymizer in CONTROLS

    @property
    def strongest(self) -> Named:
        """The strongest of all attacks on its silhouettes."""
        return max(self.attacks.values(), key=lambda one: one.value)

    @property
    def ignorant_only(self) -> bool:
        """Whether nobody attacked it who knows the system."""
        return all(key[0] == "ignorant" for key in self.attacks)

    def under(self, shared: frozenset[_Key]) -> Named:
        """The strongest of the attacks that every system met."""
        return max((one for key, one in self.attacks.items() if key in shared), key=lambda one: one.value)

    def gain(self, measure: str) -> float:
        """Its utility with the sign turned so that more is better; NaN where it was not measured."""
        row = self.utility.get(measure)
        if row is None or row.value is None:
            return float("nan")
        return row.value if row.direction == "higher" else -row.value


@dataclass(frozen=True)
class Front:
    """All systems under test at all their settings, held against each other.

    Parameters
    ----------
    points : tuple of Point
        Of systems under test.
    controls : tuple of Point
        For scale; they dominate nobody.
    shared : frozenset
        The attacks that every point met: privacy is compared under the strongest of these, as a system that is
        attacked less would look more private.
    measures : tuple of str
        Of utility.
    left_out : tuple of str
        Systems whose utility or privacy is not known.
    """

    points: tuple[Point, ...]
    controls: tuple[Point, ...]
    shared: frozenset[_Key]
    measures: tuple[str, ...]
    left_out: tuple[str, ...] = field(default=())

    def dominators(self, measures: tuple[str, ...]) -> list[tuple[int, ...]]:
        """For each point those that hide as much, are as useful by all of `measures`, and better in one of these."""
        hidden = [-p.under(self.shared).value for p in self.points]
        return dominators([[h, *map(p.gain, measures)] for h, p in zip(hidden, self.points, strict=True)])

    def clearly(self, better: Point, worse: Point, measures: tuple[str, ...]) -> bool:
        """Whether the intervals lie apart, in privacy and in every one of `measures`."""
        a, b = better.under(self.shared), worse.under(self.shared)
        pairs = [(_negative(a.low, a.high), _negative(b.low, b.high))]
        pairs += [(_reach(better, m), _reach(worse, m)) for m in measures]
        return all(x is not None and y is not None and x[0] > y[1] for x, y in pairs)


def front_of(record: Record) -> Front | None:
    """The points of a record; None where utility was not measured, or of fewer than two systems or settings."""
    rows: tuple[Utility, ...] = record.tables.get("utility", ())
    rows = tuple(r for r in rows if r.condition == "all" and r.value is not None)
    labels = labels_of(record)["anonymizer"]
    texts = {label: text for text, label in labels.items()}
    swept: tuple[Swept, ...] = record.tables.get("sweep", ())
    points, left = [], []
    for anonymizer, variant in unique((r.anonymizer, r.variant) for r in rows):
        name = texts.get(anonymizer, anonymizer)
        text = f"{name}[{variant}]" if variant else name
        attacks = {**_swept_attacks(swept, anonymizer, variant), **_attacks(record, text, texts)}
        label = labels.get(text, text)
        if not attacks:
            left.append(label)
            continue
        own = {r.measure: r for r in rows if (r.anonymizer, r.variant) == (anonymizer, variant)}
        at = next((r.at for r in swept if (r.anonymizer, r.variant) == (anonymizer, variant)), None)
        points.append(Point(label, anonymizer, variant, attacks, own, at))
    tested = tuple(p for p in points if not p.control)
    shared = frozenset.intersection(*(frozenset(p.attacks) for p in tested)) if tested else frozenset()
    if len(tested) < 2 or not shared:
        return None
    measures = tuple(unique(r.measure for r in rows))
    controls = tuple(p for p in points if p.control and shared & set(p.attacks))
    return Front(tested, controls, shared, measures, tuple(left))


def _attacks(record: Record, text: str, texts: Mapping[str, str]) -> dict[_Key, Named]:
    return {
        (r.attacker, r.recognizer, r.input, r.gallery): Named(
            (r.attacker, r.recognizer, r.input, r.gallery), r.rank1, r.rank1_ci_low, r.rank1_ci_high
        )
        for r in every_gallery(record)
        if texts.get(r.anonymizer, r.anonymizer) == text
        and r.colorizer == "none"
        and r.rank1 is not None
        and r.strangers_passed is not False
    }


def _swept_attacks(swept: tuple[Swept, ...], anonymizer: str, variant: str) -> dict[_Key, Named]:
    """Those of the sweep; of a record from before each had a row, the slides' and the strongest."""
    found = {}
    for r in swept:
        rate = r.measure in ("rank1", "worst_rank1", "attack_rank1")
        if rate and (r.anonymizer, r.variant) == (anonymizer, variant) and r.value is not None:
            attacker, _, recognizer = r.attack.partition(", ")
            key = (attacker, recognizer, "silhouette", "all-views")
            found[key] = Named(key, r.value, r.ci_low, r.ci_high)
    return found


def _negative(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (-high, -low)


def _reach(point: Point, measure: str) -> tuple[float, float] | None:
    row = point.utility.get(measure)
    if row is None or row.ci_low is None or row.ci_high is None:
        return None
    return (row.ci_low, row.ci_high) if row.direction == "higher" else (-row.ci_high, -row.ci_low)


def dominators(values: ArrayLike) -> list[tuple[int, ...]]:
    """For each system those that are as good in everything and better in something; empty on the front.

    Parameters
    ----------
    values : float array (n, k)
        More is better. A figure that one of two does not have (NaN) is not compared; two that share no figure do
        not dominate each other.

    References
    ----------
    Kung, Luccio, Preparata, *On finding the maxima of a set of vectors*, J. ACM 22 (1975): the definition.

    Raises
    ------
    ValueError
        If it is no matrix.

    Examples
    --------
    >>> dominators([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0]])
    [(), (), (0, 1)]
    """
    x: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError(f"expected a matrix (systems, figures), got shape {x.shape}")
    told: NDArray[np.bool_] = np.asarray(np.isfinite(x))
    both = told[:, None] & told[None]
    with np.errstate(invalid="ignore"):
        as_good = ((x[:, None] >= x[None]) | ~both).all(axis=2)
        better = ((x[:, None] > x[None]) & both).any(axis=2)
    beats: NDArray[np.bool_] = np.asarray(as_good & better)
    return [tuple(int(i) for i in np.flatnonzero(beats[:, j])) for j in range(len(x))]
