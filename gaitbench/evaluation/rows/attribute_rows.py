"""Rows about attributes: how well sex, bag and coat are told of a gait, before and after (PROTOCOL, Inference)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import GaitbenchError, LostArtifactError
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.attributes.inference import ATTRIBUTES, Told, infer
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.uncertainty.bootstrap import SubjectBootstrap
from gaitbench.metrics.uncertainty.rates import mean_of_groups
from gaitbench.results.schema_pooled import Inference, LeftOut

__all__ = ["attribute_rows", "balanced_accuracy"]

#: A value in percent with its interval; Nones where it is undefined.
Bounds = tuple[float | None, float | None, float | None]


def attribute_rows(
    run: RunContext, views: Views, outcomes: Sequence[AnyOutcome]
) -> tuple[list[Inference], list[LeftOut]]:
    """What every rung tells of the attributes on every system that it attacked by silhouettes, and what is left out.

    Of the control `original` the ordinary attacker alone: the others would tell how their training suits other gaits.
    """
    cells = {
        (o.anonymizer, o.attack.attacker): Cell(o.anonymizer, o.colorizer, o.attack)
        for o in outcomes
        if o.attack.input == "silhouette" and (o.anonymizer != "original" or o.attack.attacker == "ignorant")
    }
    try:
        found, why = infer(run, views, list(cells.values()))
    except LostArtifactError:
        raise
    except GaitbenchError as error:
        run.fail("attributes", "attributes", str(error))
        found, why = [], dict.fromkeys(ATTRIBUTES, "it failed")
    order = {name: i for i, name in enumerate(ATTRIBUTES)}
    rows = [_row(run, told) for told in sorted(found, key=lambda told: order[told.attribute])]
    return rows, [LeftOut("attributes", name, reason) for name, reason in why.items()]


def _row(run: RunContext, told: Told) -> Inference:
    subjects = np.array([k.subject for k in told.keys], dtype=str)
    people = np.unique(subjects)
    of, against = ATTRIBUTES[told.attribute]
    boot = bootstrap_of(run, subjects)
    return Inference(
        told.anonymizer, told.attacker, told.attribute, of, against, len(subjects), int(told.truth.sum()), len(people),
        told.learnt,
        *balanced_accuracy(boot, subjects, told.truth, told.before),
        *balanced_accuracy(boot, subjects, told.truth, told.after),
    )  # fmt: skip


def balanced_accuracy(
    boot: SubjectBootstrap, subjects: NDArray[np.str_], truth: NDArray[np.bool_], right: NDArray[np.bool_]
) -> Bounds:
    """Mean of the shares of the two classes that are told rightly, in percent, with its interval over people.

    Parameters
    ----------
    boot : SubjectBootstrap
        Of `subjects`.
    subjects : str array (n,)
    truth, right : bool array (n,)
        The class of each observation, and whether it is told rightly.

    Returns
    -------
    value, low, high : float or None
        Where nobody has both classes (sex), the classes are groups of different people, each with an interval of its
        own; where people have both (bag, coat), what a person adds to both counts together.
    """
    if set(subjects[truth].tolist()) & set(subjects[~truth].tolist()):
        return boot.mean_of_ratios(right, np.ones(len(right)), truth)
    groups = [
        (boot.sums(subjects[those], right[those]), boot.sums(subjects[those], np.ones(int(those.sum()))))
        for those in (truth, ~truth)
    ]
    found = mean_of_groups(groups[0], groups[1], confidence=boot.confidence)
    if not np.isfinite(found.value[0]):
        return None, None, None
    return 100.0 * float(found.value[0]), 100.0 * float(found.low[0]), 100.0 * float(found.high[0])
