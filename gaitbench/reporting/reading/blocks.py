"""Which block of the slides' tables a colorizer stands in: as described, fair fight, beyond."""

from __future__ import annotations

from collections.abc import Iterable

from gaitbench.reporting.reading.labels import labels_of
from gaitbench.results.record import Record

__all__ = ["AS_DESCRIBED", "BEYOND", "BLOCK_SENTENCES", "FAIR_FIGHT", "RIVALS", "blocks_of"]

AS_DESCRIBED, FAIR_FIGHT, BEYOND = "as described", "fair fight", "what lies beyond"
#: The slides' two colorizers.
RIVALS = ("baseline", "proposed")

#: Block -> what stands in it, in the words of a caption.
BLOCK_SENTENCES = {
    AS_DESCRIBED: "As described: the slides' two systems with what the slides give, one network for both (the slides "
    "name none for the proposed one).",
    FAIR_FIGHT: "Fair fight: both with the same other settings.",
    BEYOND: "What lies beyond: ours, yardsticks, and rivals whose like is not here.",
}


def blocks_of(record: Record, colorizers: Iterable[str]) -> dict[str, list[str]]:
    """Colorizers (as a report calls them) by block, in the order of the blocks; empty blocks are left out.

    The slides' two stand as described where they have no settings of the suite's; with settings they are a fair fight
    where both have the same ones.
    """
    texts = {label: text for text, label in labels_of(record)["colorizer"].items()}
    names = list(dict.fromkeys(colorizers))
    inside = {name: texts.get(name, name).partition("[") for name in names}
    found: dict[str, list[str]] = {AS_DESCRIBED: [], FAIR_FIGHT: [], BEYOND: []}
    for name in names:
        system, _, settings = inside[name]
        like = [other for other, _, same in inside.values() if same == settings and other in RIVALS]
        if system in RIVALS and not settings:
            found[AS_DESCRIBED].append(name)
        elif system in RIVALS and set(like) == set(RIVALS):
            found[FAIR_FIGHT].append(name)
        else:
            found[BEYOND].append(name)
    return {
        block: sorted(own, key=lambda name: _place(inside[name][0])) for block, own in found.items() if own
    }


def _place(system: str) -> int:
    return RIVALS.index(system) if system in RIVALS else len(RIVALS)
