"""Which attacks a suite runs, in which order (PROTOCOL, Attackers)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from gaitbench.evaluation.attacks.identify import reads_of, reads_order
from gaitbench.registry import RUNGS
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pooled import LeftOut
from gaitbench.suites import Suite

__all__ = ["NO_ORDER", "Cell", "attacks_left_out", "plan"]

#: Why a recognizer of the order of frames does not attack through the input `resegmented`.
NO_ORDER = "it reads the order of frames, and these frames are spread over the walk, not one after another"


@dataclass(frozen=True)
class Cell:
    """One attack on one system."""

    anonymizer: str
    colorizer: str
    attack: Attack

    def __str__(self) -> str:
        a = self.attack
        return (
            f"anonymizer={self.anonymizer}, colorizer={self.colorizer}, attacker={a.attacker}, "
            f"recognizer={a.recognizer}, input={a.input}"
        )


def plan(suite: Suite, *, rendered: bool, fixed: Collection[str] = ()) -> list[Cell]:
    """Every attack of a suite, in the order in which it is run.

    ``ignorant`` attacks every system and control with every recognizer. The rungs above it attack the systems under
    test, and the controls `original` and `someone-else`; ``de-anonymize`` undoes what was done to silhouettes, so it
    attacks systems under test alone; ``informed`` redraws silhouettes, so it reads nothing else.
    Recognizers of shapes read ``resegmented``, but for those that need frames in a row (`attacks_left_out`). What
    colorizers painted is attacked over the suite's first anonymizer; of the controls `original` as it is, and
    `someone-else` as the first colorizer paints it, unless that one is among the `fixed`: pictures that were handed in
    show nobody else.
    """
    systems, ladder = suite.systems, suite.attacks
    controls = [c for c in systems.controls if c != "oracle" or rendered]
    names = list(dict.fromkeys([*systems.recognizer_names, *ladder.recognizer_names]))
    shapes = [r for r in names if reads_of(r) != "pictures"]
    looks = [r for r in names if reads_of(r) == "pictures"]
    attackers = list(dict.fromkeys(["ignorant", *ladder.attackers]))
    cells: list[Cell] = []

    def add(anonymizer: str, colorizer: str, attacker: str, recognizer: str, source: str) -> None:
        cells.append(Cell(anonymizer, colorizer, Attack(attacker, recognizer, source, systems.gallery)))

    for recognizer in shapes:
        for name in [*systems.anonymizer_names, *controls]:
            add(name, "none", "ignorant", recognizer, "silhouette")
    for attacker in attackers[1:]:
        for recognizer in [r for r in shapes if r in ladder.recognizer_names]:
            rung = RUNGS.get(attacker)
            if reads_of(recognizer) not in rung.reads or not ladder.asks(attacker, recognizer):
                continue
            for name in [*systems.anonymizer_names, *[c for c in controls if c in rung.controls]]:
                add(name, "none", attacker, recognizer, "silhouette")
    for source in [i for i in ladder.inputs if i != "silhouette"]:
        readers = looks if source == "appearance" else [r for r in shapes if not reads_order(r)]
        for recognizer in readers:
            if "original" in controls:
                add("original", "none", "ignorant", recognizer, source)
            if "someone-else" in controls and set(systems.colorizer_names[:1]) - set(fixed):
                add("someone-else", systems.colorizer_names[0], "ignorant", recognizer, source)
            for attacker in [a for a in attackers if source in RUNGS.get(a).inputs]:
                asked = recognizer in ladder.recognizer_names and ladder.asks(attacker, recognizer)
                if attacker != "ignorant" and not asked:
                    continue
                for colorizer in [c for c in systems.colorizer_names if ladder.looks_at(source, c)]:
                    add(systems.anonymizer_names[0], colorizer, attacker, recognizer, source)
    return cells


def attacks_left_out(suite: Suite) -> list[LeftOut]:
    """Recognizers that the suite keeps to ``ignorant`` or from ``informed``, or that an input gives nothing."""
    above = set(suite.attacks.attackers) - {"ignorant"}
    found = [
        LeftOut("attacks", f"{name} as anybody but ignorant", "the suite names others (attacks.recognizers)")
        for name in suite.systems.recognizer_names
        if above and name not in suite.attacks.recognizer_names
    ]
    found += [
        LeftOut("attacks", f"{name} as informed", "the suite names others (attacks.informed_recognizers)")
        for name in suite.attacks.recognizer_names
        if "informed" in suite.attacks.attackers
        and reads_of(name) != "pictures"
        and name not in map(str, suite.attacks.informed_recognizers or suite.attacks.recognizers)
    ]
    found += [
        LeftOut(
            "attacks", f"{recognizer} as {' or '.join(attackers)}",
            "the suite keeps it to other attackers (attacks.kept)",
        )
        for recognizer, attackers in _kept_from(suite).items()
    ]  # fmt: skip
    if "resegmented" not in suite.attacks.inputs:
        return found
    found += [
        LeftOut(
            "attacks", f"pictures of {name} extracted again",
            "the suite names other painters (attacks.resegmented_painted_by)",
        )
        for name in suite.systems.colorizer_names
        if not suite.attacks.looks_at("resegmented", name)
    ]  # fmt: skip
    names = dict.fromkeys([*suite.systems.recognizer_names, *suite.attacks.recognizer_names])
    return found + [
        LeftOut("attacks", f"{name} on the input resegmented", NO_ORDER)
        for name in names
        if reads_order(name)
    ]


def _kept_from(suite: Suite) -> dict[str, list[str]]:
    """By recognizer, as whom it would attack if the suite kept it to nobody."""
    if not suite.attacks.kept:
        return {}
    whole = replace(suite, attacks=replace(suite.attacks, kept=()))
    now = {(c.attack.recognizer, c.attack.attacker) for c in plan(suite, rendered=True)}
    found: dict[str, list[str]] = {}
    for cell in plan(whole, rendered=True):
        recognizer, attacker = cell.attack.recognizer, cell.attack.attacker
        if (recognizer, attacker) not in now and attacker not in found.setdefault(recognizer, []):
            found[recognizer].append(attacker)
    return {recognizer: attackers for recognizer, attackers in found.items() if attackers}
