"""Which attackers somebody else's files allow: who knows the system needs more of its output than the probes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.external.plan import ExternalPlan
from gaitbench.evaluation.external.split import LEAST_TRAINING, people_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.suites import Suite

__all__ = ["allowed_rungs"]


def allowed_rungs(
    plan: ExternalPlan, needs: Mapping[str, dict[Need, str]], read: Mapping[str, set[SequenceKey]]
) -> Suite:
    """The suite with the rungs of the ladder that the files allow; what is left out is noted with the reason.

    Parameters
    ----------
    needs : dict of role to (dict of Need to str)
        The originals.
    read : dict of role to set of SequenceKey
        Anonymized sequences that can be judged.
    """
    run, asked = plan.run, plan.run.suite.attacks
    enrols = "gallery" in read and _whole_gallery(run, needs["gallery"], read["gallery"])
    learns = "recognizer" in read and len(people_of(read["recognizer"])) >= LEAST_TRAINING
    rungs = ["ignorant"]
    if enrols:
        rungs.append("lazy-informed")
    if enrols and learns:
        # files cannot be made again under the noise of a probe; one noise for all of a person's walks links them
        rungs.append("linked" if plan.noise == "per-subject" else "semi-informed")
    wished = {"joint": enrols and learns, "de-anonymize": learns}
    rungs += [rung for rung, can in wished.items() if can and rung in asked.attackers]
    if not enrols:
        plan.left_out.append(
            "attackers lazy-informed and above: the gallery walks of every test subject must be handed in "
            "anonymized, too"
        )
    elif not learns:
        plan.left_out.append(
            "attackers semi-informed and linked: anonymized walks of at least "
            f"{LEAST_TRAINING} training subjects must be handed in, too"
        )
    level = "person" if plan.noise == "per-subject" else "sequence"
    return replace(
        run.suite,
        attacks=replace(asked, attackers=tuple(rungs)),
        systems=replace(run.suite.systems, noise=level),
    )


def _whole_gallery(run: RunContext, gallery: dict[Need, str], read: set[SequenceKey]) -> bool:
    """Whether the anonymized gallery holds the people and the angles of the original one."""
    original = [n.key for n, key in gallery.items() if load_prepared(run, n, key).failure is None]
    shown = [k for k in original if k in read]
    return all({part(k) for k in original} == {part(k) for k in shown} for part in (_subject, _angle))


def _subject(key: SequenceKey) -> str:
    return key.subject


def _angle(key: SequenceKey) -> int:
    return key.angle
