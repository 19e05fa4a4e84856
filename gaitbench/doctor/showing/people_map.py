"""People, walks and views as a picture of characters: one sign a person, or a few people, and walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["SIGNS", "people_map"]

#: Sign -> what it says.
SIGNS: dict[str, str] = {"#": "every view", "+": "some views", "x": "a fault", ".": "none"}


def people_map(
    people: Sequence[str],
    walks: Sequence[str],
    present: Mapping[str, Mapping[str, tuple[int, int]]],
    width: int,
) -> tuple[int, dict[str, str]]:
    """A line a walk, people from left to right.

    Parameters
    ----------
    people, walks : sequence of str
    present : mapping
        Person -> walk -> views that are there, and those with a fault.
    width : int
        Most signs of a line.

    Returns
    -------
    together : int
        People that one sign stands for.
    lines : dict of str to str

    Examples
    --------
    >>> people_map(["1", "2"], ["nm-01"], {"1": {"nm-01": (4, 0)}, "2": {"nm-01": (3, 0)}}, 60)
    (1, {'nm-01': '#+'})
    """
    together = -(-len(people) // width)
    groups = [people[i : i + together] for i in range(0, len(people), together)]
    lines = {}
    for walk in walks:
        most = max(present[p].get(walk, (0, 0))[0] for p in people)
        lines[walk] = "".join(_sign([present[p].get(walk, (0, 0)) for p in group], most) for group in groups)
    return together, lines


def _sign(cells: Sequence[tuple[int, int]], most: int) -> str:
    if any(faults for _, faults in cells):
        return "x"
    if not any(there for there, _ in cells):
        return "."
    return "#" if all(there == most for there, _ in cells) else "+"
