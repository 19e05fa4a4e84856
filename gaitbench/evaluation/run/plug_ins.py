"""What third parties joined to a run and cannot be used: it is left out, named, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from gaitbench.errors import ConfigError, GaitbenchError
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.metrics.measure import as_measure
from gaitbench.registry import METRICS, RECOGNIZERS, RUNGS
from gaitbench.results.schema import Failure
from gaitbench.suites import Suite
from gaitbench.system_value import SystemValue, base_name

__all__ = ["without_broken"]

Named = TypeVar("Named", str, SystemValue)


def without_broken(suite: Suite) -> tuple[Suite, list[Failure]]:
    """The suite without the recognizers, rungs and measures of third parties that cannot be used, and why not.

    Anonymizers and colorizers stay: what cannot be loaded of them is a failed cell of their own stage, for a probe
    that is not anonymized counts as identified.

    Returns
    -------
    (suite, failures)
    """
    failures: list[Failure] = []

    def usable(
        named: tuple[Named, ...], stage: str, kind: str, check: Callable[[str], None]
    ) -> tuple[Named, ...]:
        kept = []
        for name in named:
            try:
                check(base_name(str(name)))
            except GaitbenchError as error:
                failure = Failure(stage, f"{kind}={name}", f"{error}; it takes no part in this run")
                if failure not in failures:
                    failures.append(failure)
                continue
            kept.append(name)
        return tuple(kept)

    systems, attacks, quality = suite.systems, suite.attacks, suite.quality
    return replace(
        suite,
        systems=replace(
            systems, recognizers=usable(systems.recognizers, "attack", "recognizer", _check_recognizer)
        ),
        attacks=replace(
            attacks,
            attackers=usable(attacks.attackers, "attack", "attacker", _check_rung),
            recognizers=usable(attacks.recognizers, "attack", "recognizer", _check_recognizer),
        ),
        quality=replace(quality, measures=usable(quality.measures, "quality", "measure", _check_metric)),
    ), failures  # fmt: skip


def _check_recognizer(name: str) -> None:
    made = RECOGNIZERS.get(name)
    lacks = [method for method in ("fit", "enroll") if not callable(getattr(made, method, None))]
    reads = getattr(made, "reads", "gei")
    if not callable(made) or lacks or not any(hasattr(made, one) for one in ("distances", "rank")):
        _refuse(
            "recognizer", name, RECOGNIZERS.origin(name), "no class with fit, enroll, and distances or rank"
        )
    if reads not in ("gei", "silhouettes", "pictures"):
        _refuse(
            "recognizer",
            name,
            RECOGNIZERS.origin(name),
            f"it reads {reads!r}, not gei, silhouettes or pictures",
        )


def _check_rung(name: str) -> None:
    made = RUNGS.get(name)
    if not (isinstance(made, type) and issubclass(made, Rung)):
        _refuse("rung", name, RUNGS.origin(name), f"no subclass of {Rung.__module__}.Rung")
    for field in ("reads", "inputs", "controls"):
        if not isinstance(getattr(made, field), tuple):
            _refuse("rung", name, RUNGS.origin(name), f"{field} is no tuple of names")


def _check_metric(name: str) -> None:
    try:
        as_measure(name, METRICS.get(name))
    except ValueError as error:
        _refuse("metric", name, METRICS.origin(name), str(error))


def _refuse(kind: str, name: str, origin: str, why: str) -> None:
    raise ConfigError(f"{kind} {name} of {origin} cannot be used ({why}); mend or remove it")
