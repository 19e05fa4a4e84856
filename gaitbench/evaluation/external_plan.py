"""What can be asked of somebody else's files: who is tested, who teaches the attacker, which rungs there are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gaitbench.datasets.casia_b import CasiaB
from gaitbench.datasets.casia_layout import MARKER
from gaitbench.datasets.counterparts import Counterparts, Problem
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.splits import Split
from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.bundled import taught_by
from gaitbench.evaluation.context import RunContext
from gaitbench.evaluation.needs import Need
from gaitbench.evaluation.prepared import load_prepared
from gaitbench.registry import ANONYMIZERS, COLORIZERS
from gaitbench.suites import Suite, load_suite
from gaitbench.suites.parts import AttacksPart

__all__ = [
    "BUNDLED",
    "LEAST_TRAINING",
    "NOISE",
    "ExternalPlan",
    "OpenSplit",
    "Wishes",
    "allow_rungs",
    "plan_evaluation",
]

#: The recognizer where the data hold nobody to learn from.
BUNDLED = "robust-vtm-bundled"
#: Fewer people than this teach no recognizer (`smoke` has so many).
LEAST_TRAINING = 6
#: Recognizers that need two views to learn from, and the one that stands in where there is one.
_OF_VIEWS = ("robust-vtm", "tsvd-vtm")
_OF_ONE_VIEW = "gei-lda"
#: How a system may draw its noise, as its user declares.
NOISE: tuple[str, ...] = ("undeclared", "none", "per-subject", "per-sequence", "per-frame")


@dataclass(frozen=True)
class OpenSplit(Split):
    """Subjects by role; nobody need have the roles `recognizer` and `models`."""

    def __post_init__(self) -> None:
        roles = {r: set(getattr(self, r)) for r in ("recognizer", "models", "test")}
        both = (roles["test"] & (roles["recognizer"] | roles["models"])) | (
            roles["recognizer"] & roles["models"]
        )
        if both:
            raise ConfigError(f"subject {min(both)} is in two roles; give each subject one role")


@dataclass(frozen=True)
class Wishes:
    """What the user asked for; None leaves it to the suite and the data."""

    name: str = "external"
    test: tuple[str, ...] | None = None
    train: tuple[str, ...] | None = None
    gallery: tuple[str, ...] | None = None
    probe: tuple[str, ...] | None = None
    noise: str = "undeclared"


@dataclass
class ExternalPlan:
    """A judgement that can start.

    Parameters
    ----------
    name : str
        What tables call the system.
    run : RunContext
        With the suite as it is run on these data.
    counterparts : Counterparts
    noise : str
        As declared.
    trained : bool
        The recognizers learn from people of these data; otherwise the bundled one attacks.
    painted : bool
        Painted pictures are measured and attacked.
    roles_shown : set of str
        Of `gallery` and `recognizer`: whose sequences were handed in anonymized.
    problems : list of Problem
    left_out : list of str
        What of the protocol these data do not allow, and why.
    """

    name: str
    run: RunContext
    counterparts: Counterparts
    noise: str
    trained: bool
    painted: bool
    roles_shown: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def plan_evaluation(run: RunContext, counterparts: Counterparts, wishes: Wishes) -> ExternalPlan:
    """Fit a suite to what was handed in.

    Parameters
    ----------
    run : RunContext
        With the suite as it was asked for, over the originals (a `CasiaB`).
    counterparts : Counterparts
    wishes : Wishes

    Raises
    ------
    ConfigError
        If a name or an option is not possible.
    DataError
        If nothing can be judged.
    """
    _check_name(wishes.name)
    if wishes.noise not in NOISE:
        raise ConfigError(f"--noise {wishes.noise!r} is unknown; known: {', '.join(NOISE)}")
    data, suite = run.dataset, run.suite
    assert isinstance(data, CasiaB)
    plan = ExternalPlan(wishes.name, run, counterparts, wishes.noise, False, False)
    there, shown = set(data.keys()), set(counterparts.silhouettes)
    for key in sorted(shown - there):
        plan.problems.append(
            Problem("no original", f"key={key}", f"{key}: anonymized, but there is no original")
        )
    if not shown & there:
        raise DataError(
            f"none of the {len(shown)} anonymized sequences (first: {min(shown)}) has an original (first: "
            f"{min(there)}); name both alike"
        )
    split, plan.trained = _split(plan, there, shown & there, wishes)
    suite = replace(suite, split=split)
    suite, angles = _walks_and_angles(suite, there, shown & there, wishes)
    plan.painted = _has_pictures(plan, data, suite, angles)
    suite = _systems(plan, data, suite, shown, angles)
    plan.run = replace(run, suite=suite, probe_angles=angles)
    return plan


def _check_name(name: str) -> None:
    if not name or any(sign in name for sign in ",=|()\n"):
        raise ConfigError(f"--name {name!r} is not possible; take letters, digits, - and _")
    if name in ANONYMIZERS.names() or name in COLORIZERS.names():
        raise ConfigError(f"--name {name} is a system of gaitbench; take another name")


def _people(keys: Iterable[SequenceKey]) -> set[str]:
    return {k.subject for k in keys}


def _split(
    plan: ExternalPlan, there: set[SequenceKey], judged: set[SequenceKey], wishes: Wishes
) -> tuple[OpenSplit, bool]:
    usual, people, shown = plan.run.suite.split, _people(there), _people(judged)
    for option, asked in (("--subjects", wishes.test), ("--train", wishes.train)):
        unknown = [s for s in asked or () if s not in people]
        if unknown:
            raise ConfigError(f"{option}: {unknown[0]} is not among the originals ({len(people)} subjects)")
    if wishes.test is not None:
        test = list(wishes.test)
    else:
        test = [s for s in usual.test if s in shown]
        test = test or sorted(shown - {*usual.recognizer, *usual.models}) or sorted(shown)
    train = [s for s in (usual.recognizer if wishes.train is None else wishes.train) if s in people]
    for subject in [s for s in train if s in test]:
        if wishes.train is not None:
            plan.problems.append(
                Problem(
                    "two roles",
                    f"subject={subject}",
                    f"subject {subject} is in training and in test: it is only tested",
                )
            )
        train.remove(subject)
    models = [s for s in usual.models if s in people and s not in test and s not in train]
    if not models and len(train) > LEAST_TRAINING:
        count = min(max(1, len(train) // 5), len(train) - LEAST_TRAINING)
        train, models = train[:-count], train[-count:]
    trained = len(train) >= LEAST_TRAINING
    if not trained:
        models, train = models or train, []
        test = _not_taught(plan, test)
        plan.left_out.append(
            f"recognizers trained on these data: fewer than {LEAST_TRAINING} of their subjects are there to learn from"
        )
    if len(test) < 2:
        raise DataError(
            f"only {len(test)} subject can be tested; naming somebody needs two or more (--subjects)"
        )
    return OpenSplit(tuple(train), tuple(models), tuple(test)), trained


def _not_taught(plan: ExternalPlan, test: list[str]) -> list[str]:
    """The test people without those who taught the bundled recognizer (exported walkers of the same seed)."""
    data = plan.run.dataset
    assert isinstance(data, CasiaB)
    if not data.rendered:
        return test
    card = taught_by()["data"]
    marker: Mapping[str, Any] = json.loads((data.layout.root / MARKER).read_text("utf-8"))
    if marker["seed"] != card["data_seed"]:
        return test
    teachers = set(load_suite(card["suite"]).split.recognizer)
    both = [s for s in test if s in teachers]
    for subject in both:
        text = f"subject {subject} is in training and in test: it taught the bundled recognizer, so it is not tested"
        plan.problems.append(Problem("two roles", f"subject={subject}", text))
    rest = [s for s in test if s not in teachers]
    if not rest:
        raise DataError(
            f"all {len(test)} test subjects (first: {test[0]}) taught the bundled recognizer; test others with "
            "--subjects, or bring at least six more subjects to --train on"
        )
    return rest


def _walks_and_angles(
    suite: Suite, there: set[SequenceKey], shown: set[SequenceKey], wishes: Wishes
) -> tuple[Suite, tuple[int, ...]]:
    split = suite.split
    tested = {k for k in there if k.subject in split.test}
    seen = {k for k in shown if k.subject in split.test}
    walks = suite.walks
    probe = [w for w in wishes.probe or walks.probe if any(k.walk == w for k in seen)]
    gallery = [w for w in wishes.gallery or walks.gallery if any(k.walk == w for k in tested)]
    for found, option, asked, among in (
        (probe, "--probe", wishes.probe or walks.probe, seen),
        (gallery, "--gallery", wishes.gallery or walks.gallery, tested),
    ):
        if not found:
            have = ", ".join(sorted({k.walk for k in among})) or "none"
            raise DataError(
                f"none of the {option[2:]} walks {', '.join(asked)} is among the "
                f"{'anonymized' if among is seen else 'original'} ones of the test subjects ({have}); name them with "
                f"{option}"
            )
    if both := sorted(set(probe) & set(gallery)):
        raise ConfigError(
            f"walk {both[0]} is both gallery and probe; an attacker would find the very same pictures"
        )
    seen = {k for k in seen if k.walk in probe}
    every = {k.angle for k in tested}
    angles = tuple(sorted(every & set(suite.data.angles) or every))
    probed = tuple(a for a in angles if any(k.angle == a for k in seen))
    if not probed:
        raise DataError(
            f"no anonymized probe is seen from an angle of suite {suite.name} ({', '.join(map(str, angles))})"
        )

    def taught(role: str) -> tuple[str, ...]:
        own = {k.walk for k in there if k.subject in getattr(split, role)}
        usual: tuple[str, ...] = getattr(walks, role)
        return tuple(w for w in usual if w in own) or tuple(sorted(own)) or usual

    walks = replace(
        walks,
        probe=tuple(probe),
        gallery=tuple(gallery),
        recognizer=taught("recognizer"),
        models=taught("models"),
    )
    return replace(suite, walks=walks, data=replace(suite.data, angles=angles)), probed


def _has_pictures(plan: ExternalPlan, data: CasiaB, suite: Suite, angles: tuple[int, ...]) -> bool:
    if not plan.counterparts.has_painted:
        return False
    colours = {*data.layout.videos, *getattr(data, "frames", {})}
    keys = data.keys()
    wanted = {k for k in keys if _probes(suite, angles, k)}
    if not wanted & colours:
        plan.left_out.append("picture quality: there are no colours (videos, rgb) beside the originals")
        return False
    return True


def _probes(suite: Suite, angles: tuple[int, ...], key: SequenceKey) -> bool:
    return key.subject in suite.split.test and key.walk in suite.walks.probe and key.angle in angles


def _systems(
    plan: ExternalPlan, data: CasiaB, suite: Suite, shown: set[SequenceKey], angles: tuple[int, ...]
) -> Suite:
    """The suite with the external system in place of its own, and every attack that the files allow."""
    systems, split = suite.systems, suite.split
    controls = [c for c in systems.controls if c == "original" or split.models]
    if len(controls) < len(systems.controls):
        gone = ", ".join(c for c in systems.controls if c not in controls)
        plan.left_out.append(f"controls {gone}: they show people who are not tested, and there are none")
    recognizers = list(dict.fromkeys(systems.recognizers)) if plan.trained else [BUNDLED]
    attacking = list(suite.attacks.recognizers) if plan.trained else [BUNDLED]
    if plan.trained and len(suite.data.angles) < 2 and set(_OF_VIEWS) & {*recognizers, *attacking}:
        plan.left_out.append(
            f"recognizers {' and '.join(_OF_VIEWS)}: they learn how views go over into each other, and there is one "
            f"view; {_OF_ONE_VIEW} attacks instead"
        )
        recognizers, attacking = (
            [_OF_ONE_VIEW if r in _OF_VIEWS else r for r in names] for names in (recognizers, attacking)
        )
    inputs = ["silhouette"]
    if plan.painted:
        inputs += _inputs(plan, data, suite, angles)
        if "appearance" in inputs:
            recognizers, attacking = [*recognizers, "appearance"], [*attacking, "appearance"]
    if "appearance" not in inputs:
        recognizers, attacking = (
            [r for r in names if r != "appearance"] for names in (recognizers, attacking)
        )
    gallery = {k.subject for k in shown if k.walk in suite.walks.gallery and k.subject in split.test}
    if gallery >= set(split.test):
        plan.roles_shown.add("gallery")
    if plan.trained and len(_people(shown) & set(split.recognizer)) >= LEAST_TRAINING:
        plan.roles_shown.add("recognizer")
    return replace(
        suite,
        systems=replace(
            systems, anonymizers=(plan.name,), controls=tuple(controls), recognizers=tuple(dict.fromkeys(recognizers)),
            colorizers=(plan.name,) if plan.painted else ("none",),
        ),
        attacks=AttacksPart(suite.attacks.attackers, tuple(dict.fromkeys(attacking)), tuple(inputs)),
        extras=replace(suite.extras, naturalness=False, ablations=False),
    )  # fmt: skip


def _inputs(plan: ExternalPlan, data: CasiaB, suite: Suite, angles: tuple[int, ...]) -> list[str]:
    """Which attacks on pictures there can be."""
    found = []
    keys = data.keys()
    probes = [k for k in keys if _probes(suite, angles, k)]
    if all(data.layout.background(k) is not None for k in probes):
        found.append("resegmented")
    else:
        plan.left_out.append("input resegmented: there is no clip of the empty scene for every probe")
    if plan.trained:
        found.append("appearance")
    else:
        plan.left_out.append("input appearance: its recognizer must learn from people of these data")
    return found


def allow_rungs(
    plan: ExternalPlan, needs: Mapping[str, dict[Need, str]], read: Mapping[str, set[SequenceKey]]
) -> None:
    """Set the rungs of the ladder to those that the files allow; what is left out is noted with the reason.

    Parameters
    ----------
    needs : dict of role to (dict of Need to str)
        The originals.
    read : dict of role to set of SequenceKey
        Anonymized sequences that can be judged.
    """
    run, asked = plan.run, plan.run.suite.attacks
    enrols = "gallery" in read and _whole_gallery(run, needs["gallery"], read["gallery"])
    learns = "recognizer" in read and len(_people(read["recognizer"])) >= LEAST_TRAINING
    rungs = ["ignorant"]
    if enrols:
        rungs.append("lazy-informed")
    if enrols and learns:
        # noise that is the same for all of a person's walks, or none, is known to whoever has the gallery
        rungs.append("informed" if plan.noise in ("none", "per-subject") else "semi-informed")
    if learns and "de-anonymize" in asked.attackers:
        rungs.append("de-anonymize")
    if not enrols:
        plan.left_out.append(
            "attackers lazy-informed and above: the gallery walks of every test subject must be handed in "
            "anonymized, too"
        )
    elif not learns:
        plan.left_out.append(
            "attackers semi-informed and informed: anonymized walks of at least "
            f"{LEAST_TRAINING} training subjects must be handed in, too"
        )
    run.suite = replace(run.suite, attacks=replace(asked, attackers=tuple(rungs)))


def _whole_gallery(run: RunContext, gallery: dict[Need, str], read: set[SequenceKey]) -> bool:
    """Whether the anonymized gallery holds the people and the angles of the original one."""
    original = [n.key for n, key in gallery.items() if load_prepared(run, n, key).failure is None]
    shown = [k for k in original if k in read]
    return all({part(k) for k in original} == {part(k) for k in shown} for part in (_subject, _angle))


def _subject(key: SequenceKey) -> str:
    return key.subject


def _angle(key: SequenceKey) -> int:
    return key.angle
