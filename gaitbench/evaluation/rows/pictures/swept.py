"""What a suite sweeps: which settings, attacked by whom, painted by whom."""

from __future__ import annotations

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.identify import reads_of
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.registry import ANONYMIZERS
from gaitbench.results.schema_attacks import Attack
from gaitbench.suites import Suite
from gaitbench.suites.building import is_default
from gaitbench.system_value import base_name

__all__ = ["swept_cells", "swept_names", "swept_painters"]

#: Who attacks in a sweep, of those whom the suite has (ours): nothing of theirs takes minutes for each setting.
_ATTACKERS = ("ignorant", "semi-informed")


def swept_names(suite: Suite) -> list[str]:
    """Texts of everything that is swept: the suite's own setting of each system first, if it is not among them."""
    values = suite.extras.sweep
    there = {value.name for value in values if is_default(ANONYMIZERS, value)}
    bases = {value.name for value in values}
    names = suite.systems.anonymizer_names
    own = [n for n in names if base_name(n) in bases and not (n in there and base_name(n) == n)]
    return list(dict.fromkeys([*own, *map(str, values)]))


def swept_cells(suite: Suite, text: str) -> list[Cell]:
    """Attacks on one setting: the slides' attack first, then what else the suite has of the sweep's.

    Raises
    ------
    GaitbenchError
        If no recognizer of the suite reads silhouettes.
    """
    own = [r for r in suite.systems.recognizer_names if reads_of(r) != "pictures"]
    if not own:
        raise GaitbenchError("no recognizer of the suite reads silhouettes")
    others = [r for r in suite.attacks.recognizer_names if r in map(str, suite.extras.sweep_recognizers)]
    pairs = [("ignorant", own[0])]
    pairs += [(a, r) for a in _ATTACKERS if a in suite.attacks.attackers for r in [own[0], *others]]
    return [
        Cell(text, "none", Attack(attacker, recognizer, "silhouette", "all-views"))
        for attacker, recognizer in dict.fromkeys(pairs)
        if suite.attacks.asks(attacker, recognizer)
    ]


def swept_painters(suite: Suite) -> list[str]:
    """Colorizers that paint what is swept."""
    chosen = suite.extras.sweep_painted_by or suite.quality.others_painted_by or suite.systems.colorizers[:1]
    return list(map(str, chosen))
