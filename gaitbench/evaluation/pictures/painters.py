"""Which systems a run anonymizes, and which colorizers paint each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema_pooled import LeftOut
from gaitbench.suites import Suite

__all__ = ["painters_of", "tested_and_controls", "trainings_left_out", "trainings_shown"]


def tested_and_controls(run: RunContext) -> list[str]:
    """The systems under test, then the controls that the data allow."""
    systems = run.suite.systems
    return [
        *systems.anonymizer_names,
        *(c for c in systems.controls if c != "oracle" or run.dataset.rendered),
    ]


def painters_of(suite: Suite) -> Callable[[str], tuple[str, ...]]:
    """By the name of an anonymizer or control, the colorizers that paint it ("none": the original colours).

    Two controls, `someone-else` and `constant`, are there for scale: the suite's last colorizer paints them.
    """
    systems = suite.systems
    colorizers = systems.colorizer_names
    others = tuple(map(str, suite.quality.others_painted_by))
    chosen = {"original": ("none",), "someone-else": colorizers[-1:], "constant": colorizers[-1:]}
    if others:
        chosen |= dict.fromkeys(systems.anonymizer_names[1:], others)
    return lambda name: chosen.get(name, colorizers)


def trainings_shown(suite: Suite, anonymizer: str, trainings: Sequence[str]) -> Sequence[str]:
    """Those of a colorizer's trainings that paint an anonymizer: all, or fewer (`quality.others_trainings`).

    Controls are painted by all of them: what is true of a colour is told on the `oracle`.
    """
    most = suite.quality.others_trainings
    return trainings[:most] if most and anonymizer in suite.systems.anonymizer_names[1:] else trainings


def trainings_left_out(suite: Suite, trainings: Callable[[str], Sequence[str]]) -> list[LeftOut]:
    """Colorizers of which not all trainings paint the anonymizers after the first.

    Parameters
    ----------
    suite : Suite
    trainings : callable
        Text of a colorizer -> its trainings.
    """
    found = []
    for other in suite.systems.anonymizer_names[1:2]:
        for painter in painters_of(suite)(other):
            try:
                every = trainings(painter)
            except GaitbenchError:
                continue  # it cannot be built: named where it should have painted
            shown = trainings_shown(suite, other, every)
            if len(shown) < len(every):
                gone = f"{len(every) - len(shown)} of {len(every)} trainings of {painter}"
                what = f"{gone} on every anonymizer but the first"
                found.append(LeftOut("quality", what, "the suite has fewer paint (quality.others_trainings)"))
    return found
