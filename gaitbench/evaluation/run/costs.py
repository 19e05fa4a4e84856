"""What the stages of a run took, as costs by kind of task: what the next plan's estimates go by."""

from __future__ import annotations

import contextlib

from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.log import StageTimer
from gaitbench.registry import ANONYMIZERS, COLORIZERS, RECOGNIZERS
from gaitbench.store.costs import Cost
from gaitbench.suites import Suite
from gaitbench.system_value import base_name

__all__ = ["costs_of_run", "scale_of"]

#: Stages that are shared out to processes: kind of their tasks, and where what they make is kept.
_SHARED = {
    "prepare": ("prepare", "sequences"),
    "anonymize": ("anonymize", "anonymized"),
    "known noise": ("noise", "known-noise"),
    "observe": ("observe", "features"),
    "gei": ("observe", "features"),
    "quality": ("paint", "quality"),
}
#: Stages that one process does: what they make is kept under their name, which is that of the kind.
_ALONE = ("utility", "naturalness")
_LEARNED = ("identify", "de-anonymize", "train de-anonymize")


def costs_of_run(run: RunContext, began: float) -> list[Cost]:
    """Costs of what a run made.

    Parameters
    ----------
    run : RunContext
        One that has ended; its log tells the seconds, its store what was used.
    began : float
        When it began, in seconds since 1970: what is older was there before.
    """
    made = _made(run, began)
    seconds: dict[tuple[str, str], float] = {}
    memory: dict[tuple[str, str], float] = {}
    trained: dict[tuple[str, str], int] = {}
    for part in run.log.stages:
        if part.cached or part.beside_others:  # what a task took is noted by who had it done
            continue
        place = _place(part)
        shared = part.name in _SHARED
        seconds[place] = seconds.get(place, 0.0) + part.seconds * (
            1 if part.beside_others or not shared else run.jobs
        )
        processes = 1 + (run.jobs if part.workers_mb else 0)
        memory[place] = max(memory.get(place, 0.0), part.peak_memory_mb / processes)
        trained[place] = trained.get(place, 0) + 1
    found = []
    for (kind, label), spent in seconds.items():
        stage = kind if kind in _ALONE else dict(_SHARED.values()).get(kind)
        count, size = made.get("distances" if kind == "attack" else stage or "", (0, 0))
        units = count if stage or kind == "attack" else 1 if kind == "rest" else trained[kind, label]
        if units:
            scaled = units * scale_of(run.suite, kind)
            found.append(
                Cost(
                    kind, label, run.suite.name, scaled, round(spent, 3), round(memory[kind, label], 1), size
                )
            )
    return found


def scale_of(suite: Suite, kind: str) -> float:
    """How much larger an artifact of a kind is than in a suite of 60 frames of 64 x 44 pixels, at effort 1."""
    if kind == "train":
        return suite.effort
    if kind in ("prepare", "anonymize", "noise", "observe"):
        height, width = suite.data.size
        return (suite.data.frames or 60) * height * width / (60 * 64 * 44)
    return 1.0


def _place(part: StageTimer) -> tuple[str, str]:
    """Kind and label of a stage."""
    if part.name in _SHARED:
        return _SHARED[part.name][0], ""
    if part.name in _ALONE:
        return part.name, ""
    if part.name in _LEARNED:
        return "attack", ""
    what, _, who = part.name.partition(" ")
    if what == "train" and who:
        name = base_name(who)
        known = name in ANONYMIZERS.names() or name in COLORIZERS.names()
        return ("train", who) if known or name not in RECOGNIZERS.names() else ("attack", "")
    return "rest", part.name


def _made(run: RunContext, began: float) -> dict[str, tuple[int, int]]:
    """By stage of the store, how many artifacts this run made, and their bytes."""
    found: dict[str, tuple[int, int]] = {}
    for used in run.store.used:
        stage, _, key = used.partition("/")
        with contextlib.suppress(OSError):
            state = (run.store.root / stage / key[:2] / f"{key}.safetensors").stat()
            if state.st_mtime >= began:
                count, size = found.get(stage, (0, 0))
                found[stage] = (count + 1, size + state.st_size)
    return found
