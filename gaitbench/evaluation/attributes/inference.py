"""The attack: a classifier that learnt from other people tells sex, bag and coat of the probes (PROTOCOL, Inference).

Each rung learns from the gaits that its recognizers learn from, and looks at the probes as it makes them for those:
`ignorant` learns from untouched gaits, `semi-informed` from anonymized ones, `de-anonymize` undoes the system first. A
rung that would learn from the same gaits and look at the same probes as one before it tells the same, and is left out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.attributes import people_of, wears
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.errors import DataError, GaitbenchError, LostArtifactError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.attributes.classifier import AttributeClassifier, GaitSpace
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.registry import RUNGS
from gaitbench.store import closure_digest, digest

__all__ = ["ATTRIBUTES", "Told", "classes", "infer"]

#: What is told, with the words for the class that is true and the one that is false.
ATTRIBUTES: dict[str, tuple[str, str]] = {
    "sex": ("female", "male"),
    "bag": ("with a bag", "without"),
    "coat": ("in a coat", "without"),
}
#: People of each class that training and probes must have: what one person has, tells of that person.
LEAST = 2


@dataclass(frozen=True)
class Told:
    """What one attack on one system tells of one attribute.

    Parameters
    ----------
    anonymizer, attacker, attribute : str
    keys : tuple of SequenceKey
        Probes (n) of which the attribute is known and that could be read untouched.
    truth : bool array (n,)
    before, after : bool array (n,)
        Told rightly: untouched, by who learnt from untouched gaits; and as the system shows them, by this attack.
        A probe that could not be anonymized counts as told rightly.
    learnt : int
        People whom the attack learnt from.
    """

    anonymizer: str
    attacker: str
    attribute: str
    keys: tuple[SequenceKey, ...]
    truth: NDArray[np.bool_]
    before: NDArray[np.bool_]
    after: NDArray[np.bool_]
    learnt: int


def classes(
    dataset: Dataset, attribute: str, keys: Sequence[SequenceKey]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which sequences the attribute is known of, and which class each has: two bool arrays (n,)."""
    found: list[bool | None]
    if attribute == "sex":
        with guarded(f"data set {dataset.name}"):
            people = people_of(dataset, (k.subject for k in keys))
        found = [None if (sex := people[k.subject].sex) is None else sex == "female" for k in keys]
    else:
        found = [wears(k, attribute) for k in keys]
    return np.array([v is not None for v in found], dtype=bool), np.array(
        [bool(v) for v in found], dtype=bool
    )


def infer(run: RunContext, views: Views, cells: Sequence[Cell]) -> tuple[list[Told], dict[str, str]]:
    """Attack systems; one that fails is noted in the run's log.

    Parameters
    ----------
    run : RunContext
    views : Views
    cells : sequence of Cell
        Attacks on silhouettes that were run; what their recognizers are does not matter.

    Returns
    -------
    list of Told
    dict of str to str
        Attributes that are told of nobody, with the reason.
    """
    if not views.needs["recognizer"]:
        return [], dict.fromkeys(ATTRIBUTES, "nobody to learn from has been handed in")
    training, probes = views.originals("recognizer"), views.originals("probe")
    asked, left_out = {}, {}
    for name in ATTRIBUTES:
        why = _why_not(run.dataset, name, training, probes)
        if why:
            left_out[name] = why
        else:
            asked[name] = classes(run.dataset, name, probes.keys)
    found: list[Told] = []
    if not asked:
        return found, left_out
    ordinary = _told(run, training, probes, list(asked))
    done: set[tuple[str, str, str]] = set()
    for cell in cells:
        try:
            seen = _seen(views, cell, training)
            if seen is None or (cell.anonymizer, seen[0].digest, seen[1].digest) in done:
                continue
            done.add((cell.anonymizer, seen[0].digest, seen[1].digest))
            told = _told(run, *seen, list(asked))
        except LostArtifactError:
            raise
        except GaitbenchError as error:
            where = f"anonymizer={cell.anonymizer}, attacker={cell.attack.attacker}"
            run.fail("attributes", where, str(error))
            continue
        failed, learnt = ~seen[1].good, len(set(seen[0].usable().subjects.tolist()))
        for name, (known, truth) in asked.items():
            rows = known & probes.good
            found.append(
                Told(
                    cell.anonymizer, cell.attack.attacker, name,
                    tuple(k for k, taken in zip(probes.keys, rows, strict=True) if taken), truth[rows],
                    (ordinary[name] == truth)[rows], ((told[name] == truth) | failed)[rows], learnt,
                )
            )  # fmt: skip
    return found, left_out


def _seen(views: Views, cell: Cell, untouched: Features) -> tuple[Features, Features] | None:
    """What this attack learns from, and the probes that it looks at; None where it reads no GEIs."""
    attacker = cell.attack.attacker
    rung = RUNGS.get(attacker)()
    if "gei" not in rung.reads:
        return None
    ours = RUNGS.origin(attacker) == "built in"
    with contextlib.nullcontext() if ours else guarded(f"attacker {attacker}"):
        shown = views.shown(cell, "probe", "probe", "gei")
        training = rung.training(views, cell, "gei", untouched)
        probes = rung.restored(views, cell, "gei", untouched, shown)
    if probes.keys != shown.keys:
        raise GaitbenchError(f"attacker {attacker} looks at other probes than those it was shown")
    return training, probes


def _told(
    run: RunContext, training: Features, probes: Features, names: Sequence[str]
) -> Mapping[str, NDArray[np.bool_]]:
    """The class of every probe by attribute, bool (n,); False where there is nothing to look at. Kept in the store."""
    learners = training.usable()
    labels = {name: classes(run.dataset, name, learners.keys) for name in names}
    marks = {
        n: digest([bool(v) for v in known], [bool(v) for v in truth]) for n, (known, truth) in labels.items()
    }
    key = digest(
        "attributes", closure_digest(_learn), training.digest, probes.digest, marks, run.suite.seed,
        [str(k) for k in learners.keys], [str(k) for k in probes.keys],
    )  # fmt: skip

    def make() -> tuple[dict[str, NDArray[Any]], None]:
        with run.stage("attributes") as stage:
            stage.made()
            return dict(_learn(learners, labels, probes, run.suite.seed)), None

    return run.store.get("attributes", key, make)[0]


def _learn(
    learners: Features,
    labels: Mapping[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]],
    probes: Features,
    seed: int,
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Learn each attribute in one space, and tell it of the probes."""
    space = GaitSpace(seed).fit(np.asarray(learners.x), learners.angles)
    own = space.coordinates(np.asarray(learners.x), learners.angles)
    good = probes.good
    shown = probes.take(good)
    theirs = space.coordinates(np.asarray(shown.x), shown.angles) if good.any() else own[:0]
    for name, (known, truth) in labels.items():
        if len(set(truth[known].tolist())) < 2:
            words = " or ".join(ATTRIBUTES[name])
            raise DataError(
                f"no training gait of one kind ({words}) could be read, so {name} cannot be learnt"
            )
        told = np.zeros(len(good), dtype=bool)
        told[good] = AttributeClassifier().fit(own[known], truth[known]).tell(theirs)
        yield name, told


def _why_not(dataset: Dataset, name: str, training: Features, probes: Features) -> str:
    """Why an attribute cannot be told; empty where it can."""
    yes, no = ATTRIBUTES[name]
    for who, rows in (("people to learn from", training.usable()), ("people on the probes", probes.usable())):
        known, truth = classes(dataset, name, rows.keys)
        if name == "sex" and not known.any():
            return f"the data set {dataset.name} does not say it"
        for word, those in ((yes, known & truth), (no, known & ~truth)):
            people = len(set(rows.subjects[those].tolist()))
            if people < LEAST:
                counted = "nobody" if not people else f"{people} person"
                return f"among the {who} {counted} is {word}" if name == "sex" else (
                    f"among the {who} {counted} walks {word}"
                )  # fmt: skip
    return ""
