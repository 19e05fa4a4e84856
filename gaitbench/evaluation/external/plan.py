"""What can be asked of somebody else's files: which walks, which angles, which attackers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.anonymized_files import Counterparts, Problem
from gaitbench.datasets.sources.judged.originals import background_of, colours_of, junk_of, left_out_of
from gaitbench.datasets.sources.tree import LeftOut
from gaitbench.datasets.views import view_text
from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.external.split import LEAST_TRAINING, Wishes, people_of, share_roles
from gaitbench.evaluation.run.context import RunContext
from gaitbench.registry import ANONYMIZERS, COLORIZERS
from gaitbench.suites import Suite
from gaitbench.system_value import SystemValue

__all__ = ["BUNDLED", "NOISE", "PLAIN_COLOURS", "ExternalPlan", "Wishes", "plan_evaluation"]

#: The recognizer where the data hold nobody to learn from.
BUNDLED = "robust-vtm-bundled"
#: The attacker by clothes there.
PLAIN_COLOURS = "plain-colours"
#: Recognizers that need two views to learn from, and the one that stands in where there is one.
_OF_VIEWS = ("robust-vtm", "tsvd-vtm")
_OF_ONE_VIEW = "gei-lda"
#: Extras of a suite that run-all has and `evaluate` has not.
_NOT_HERE = {
    "naturalness": "naturalness of the gaits: run-all measures it, of its own systems and their strengths",
    "ablations": "ablations: they change one choice of gaitbench's own colorizer at a time, which paints nothing here",
}
#: How a system may draw its noise, as its user declares.
NOISE: tuple[str, ...] = ("undeclared", "none", "per-subject", "per-sequence", "per-frame")


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
    said : list of str
        Lines that stand first in the report, beside the counts.
    not_read : list of LeftOut
        Files and folders of no use.
    junk : int
        Files that systems leave behind.
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
    said: list[str] = field(default_factory=list)
    not_read: list[LeftOut] = field(default_factory=list)
    junk: int = 0


def plan_evaluation(run: RunContext, counterparts: Counterparts, wishes: Wishes) -> ExternalPlan:
    """Fit a suite to what was handed in.

    Parameters
    ----------
    run : RunContext
        With the suite as it was asked for, over the originals.
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
    plan = ExternalPlan(wishes.name, run, counterparts, wishes.noise, False, False)
    there, shown = set(data.keys()), set(counterparts.silhouettes)
    _note_what_is_not_read(plan, data)
    for key in sorted(shown - there):
        plan.problems.append(
            Problem("no original", f"key={key}", f"{key}: anonymized, but there is no original")
        )
    if not shown & there:
        raise DataError(
            f"none of the {len(shown)} anonymized sequences (first: {min(shown)}) has an original (first: "
            f"{min(there)}); name both alike"
        )
    roles = share_roles(data, suite.split, shown & there, wishes)
    plan.trained = roles.trained
    plan.problems += roles.problems
    plan.said += [f"People: {text}." for text in roles.said]
    if not plan.trained:
        plan.left_out.append(
            f"recognizers trained on these data: fewer than {LEAST_TRAINING} of their subjects are there to learn from"
        )
    suite = replace(suite, split=roles.split)
    suite, angles = _walks_and_angles(plan, suite, there, shown & there, wishes)
    plan.painted = _has_pictures(plan, data, suite, angles)
    suite = _systems(plan, data, suite, shown, angles)
    plan.run = replace(run, suite=suite, probe_angles=angles)
    return plan


def _note_what_is_not_read(plan: ExternalPlan, data: Dataset) -> None:
    """What lies in the folders and is not read; what may hide sequences is a problem."""
    found = [*left_out_of(data), *plan.counterparts.left_out]
    # the same folder may be handed in on both sides
    plan.not_read = list(dict.fromkeys(found))
    plan.junk = junk_of(data) + plan.counterparts.junk
    kinds = {"double": "double", "archive": "archive", "unreadable": "folder"}
    for one in plan.not_read:
        if one.kind in kinds:
            plan.problems.append(Problem(kinds[one.kind], "", one.text))


def _check_name(name: str) -> None:
    if not name or any(sign in name for sign in ",=|()[]\n"):
        raise ConfigError(f"--name {name!r} is not possible; take letters, digits, - and _")
    if name in ANONYMIZERS.names() or name in COLORIZERS.names():
        raise ConfigError(f"--name {name} is a system of gaitbench; take another name")


def _training_walks(plan: ExternalPlan, asked: tuple[str, ...], own: set[str]) -> tuple[str, ...]:
    """Those of the walks asked for that people who teach have; what they lack is said."""
    found, absent = (tuple(w for w in asked if (w in own) == there) for there in (True, False))
    if not found:
        raise DataError(
            f"none of the training walks {', '.join(absent)} is among the original ones of those who teach "
            f"({', '.join(sorted(own))}); name them with --train-walks"
        )
    text = f"training walks {', '.join(absent)}: those who teach have no originals of them"
    if absent and text not in plan.left_out:
        plan.left_out.append(text)
    return found


def _walks_and_angles(
    plan: ExternalPlan, suite: Suite, there: set[SequenceKey], shown: set[SequenceKey], wishes: Wishes
) -> tuple[Suite, tuple[int, ...]]:
    """The walks and the angles of the test people's originals: what was not handed in of them counts as found."""
    split, walks = suite.split, suite.walks
    tested = {k for k in there if k.subject in split.test}
    walked = {k.walk for k in tested}
    chosen: dict[str, tuple[str, ...]] = {}
    for part in ("probe", "gallery"):
        asked: tuple[str, ...] = getattr(wishes, part) or getattr(walks, part)
        chosen[part] = tuple(w for w in asked if w in walked)
        absent = ", ".join(w for w in asked if w not in walked)
        if not chosen[part]:
            raise DataError(
                f"none of the {part} walks {absent} is among the original ones of the test subjects "
                f"({', '.join(sorted(walked)) or 'none'}); name them with --{part}"
            )
        if absent:
            plan.left_out.append(f"{part} walks {absent}: the test subjects have no originals of them")
    if both := sorted(set(chosen["probe"]) & set(chosen["gallery"])):
        raise ConfigError(
            f"walk {both[0]} is both gallery and probe; an attacker would find the very same pictures"
        )
    every = {k.angle for k in tested}
    angles = tuple(sorted(every & set(suite.data.angles) or every))
    # views of their own (videos, cameras by number) are no angles of the suite that are missing
    if every & set(suite.data.angles) and (away := sorted(set(suite.data.angles) - every)):
        plan.left_out.append(
            f"angles {', '.join(map(view_text, away))}: the test subjects have no originals of them"
        )
    probes = {k for k in tested if k.walk in chosen["probe"] and k.angle in angles}
    if not probes & shown:
        raise DataError(
            f"none of the {len(probes)} probes was handed in anonymized (walks {', '.join(chosen['probe'])}; angles "
            f"{', '.join(map(view_text, angles))}); name the walks that are tested with --probe"
        )
    probed = tuple(a for a in angles if any(k.angle == a for k in probes))

    def taught(role: str) -> tuple[str, ...]:
        own = {k.walk for k in there if k.subject in getattr(split, role)}
        usual: tuple[str, ...] = getattr(walks, role)
        if wishes.train_walks is not None and own:
            return _training_walks(plan, wishes.train_walks, own)
        return tuple(w for w in usual if w in own) or tuple(sorted(own)) or usual

    if wishes.train_walks is not None and not plan.trained:
        raise ConfigError(
            f"--train-walks: nobody learns from these data, fewer than {LEAST_TRAINING} people are there to learn "
            "from; name them with --train, or leave the option out"
        )
    walks = replace(
        walks,
        probe=chosen["probe"],
        gallery=chosen["gallery"],
        recognizer=taught("recognizer"),
        models=taught("models"),
    )
    return replace(suite, walks=walks, data=replace(suite.data, angles=angles)), probed


def _has_pictures(plan: ExternalPlan, data: Dataset, suite: Suite, angles: tuple[int, ...]) -> bool:
    if not plan.counterparts.has_painted:
        return False
    colours = colours_of(data)
    keys = data.keys()
    wanted = {k for k in keys if _probes(suite, angles, k)}
    if not wanted & colours:
        plan.left_out.append("picture quality: there are no colours (videos, rgb) beside the originals")
        return False
    return True


def _learnt_or_enrolled(plan: ExternalPlan, suite: Suite, key: SequenceKey) -> bool:
    if key.angle not in suite.data.angles:
        return False
    enrolled = key.subject in suite.split.test and key.walk in suite.walks.gallery
    learnt = plan.trained and key.subject in suite.split.recognizer and key.walk in suite.walks.recognizer
    return enrolled or learnt


def _probes(suite: Suite, angles: tuple[int, ...], key: SequenceKey) -> bool:
    return key.subject in suite.split.test and key.walk in suite.walks.probe and key.angle in angles


def _systems(
    plan: ExternalPlan, data: Dataset, suite: Suite, shown: set[SequenceKey], angles: tuple[int, ...]
) -> Suite:
    """The suite with the external system in place of its own, and every attack that the files allow."""
    systems, split = suite.systems, suite.split
    controls = [c for c in systems.controls if c == "original" or split.models]
    if len(controls) < len(systems.controls):
        gone = ", ".join(c for c in systems.controls if c not in controls)
        plan.left_out.append(f"controls {gone}: they show people who are not tested, and there are none")
    recognizers = list(systems.recognizer_names) if plan.trained else [BUNDLED]
    attacking = list(suite.attacks.recognizer_names) if plan.trained else [BUNDLED]
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
            clothes = "appearance" if plan.trained else PLAIN_COLOURS
            recognizers, attacking = [*recognizers, clothes], [*attacking, clothes]
    if "appearance" not in inputs:
        recognizers, attacking = (
            [r for r in names if r != "appearance"] for names in (recognizers, attacking)
        )
    if "someone-else" in controls and (looks := [i for i in inputs if i != "silhouette"]):
        plan.left_out.append(
            f"control someone-else on the input {' and '.join(looks)}: {plan.name}'s pictures show the people who were "
            "handed in and nobody else, so there is nothing to paint a stranger with"
        )
    plan.left_out += [text for extra, text in _NOT_HERE.items() if getattr(suite.extras, extra)]
    gallery = {k.subject for k in shown if k.walk in suite.walks.gallery and k.subject in split.test}
    if gallery >= set(split.test):
        plan.roles_shown.add("gallery")
    if plan.trained and len(people_of(shown) & set(split.recognizer)) >= LEAST_TRAINING:
        plan.roles_shown.add("recognizer")
    return replace(
        suite,
        systems=replace(
            systems, anonymizers=(SystemValue(plan.name),), controls=tuple(controls),
            recognizers=_values(recognizers),
            colorizers=(SystemValue(plan.name if plan.painted else "none"),),
        ),
        attacks=replace(suite.attacks, recognizers=_values(attacking), inputs=tuple(inputs)),
        extras=replace(suite.extras, naturalness=False, ablations=False, sweep=()),
    )  # fmt: skip


def _values(texts: Iterable[str]) -> tuple[SystemValue, ...]:
    return tuple(SystemValue.parse(text) for text in dict.fromkeys(texts))


def _inputs(plan: ExternalPlan, data: Dataset, suite: Suite, angles: tuple[int, ...]) -> list[str]:
    """Which attacks on pictures there can be."""
    found = []
    # who extracts people again learns from, and enrols, people whom he saw in the same way
    keys = data.keys()
    seen = [k for k in keys if _probes(suite, angles, k) or _learnt_or_enrolled(plan, suite, k)]
    colours = colours_of(data)
    lacking = [
        what
        for there, what in (
            (all(k in colours for k in seen), "no colours (videos, rgb)"),
            (all(background_of(data, k) is not None for k in seen), "no clip of the empty scene"),
        )
        if not there
    ]
    if plan.counterparts.sources:
        pass  # the silhouettes themselves are extracted from the pictures
    elif lacking:
        plan.left_out.append(
            f"input resegmented: there is {lacking[0]} for every probe, gallery walk and training walk"
        )
    else:
        found.append("resegmented")
    found.append("appearance")
    if not plan.trained:
        plan.left_out.append(
            "the attacker by clothes who learns (appearance): nobody of these data teaches; "
            f"{PLAIN_COLOURS}, who learns nothing, attacks instead"
        )
    return found
