"""Names of sequences that are asked for their text, and compared, tens of thousands of times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.run.needs import Need

__all__ = ["planned"]


@dataclass(frozen=True, order=False, eq=False)
class _Name(SequenceKey):
    """A key that makes its text once. It equals its like alone: no plan mixes them with others."""

    @cached_property
    def _text(self) -> str:
        return super().__str__()

    @cached_property
    def _parts(self) -> tuple[str, str, int]:
        return self.subject, self.walk, self.angle

    def __str__(self) -> str:
        return self._text

    def __hash__(self) -> int:
        return hash(self._parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Name) and self._parts == other._parts

    def __lt__(self, other: SequenceKey) -> bool:
        return isinstance(other, _Name) and self._parts < other._parts


def planned(need: Need) -> Need:
    """The same need, by a name that makes its text once."""
    key = need.key
    return replace(need, key=_Name(key.subject, key.walk, key.angle))
