"""Judge an anonymizer by the embeddings, or the distances, of any recognizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.embeddings.arrays import Embeddings
from gaitbench.evaluation.embeddings.attackers import (
    Attacker,
    Enrolled,
    check_rung,
    outcome_of_search,
    searched,
)
from gaitbench.evaluation.embeddings.handed_in import HandedIn, Side, look_through
from gaitbench.evaluation.embeddings.people import context_of
from gaitbench.evaluation.embeddings.plausible import embeddings_plausible
from gaitbench.evaluation.embeddings.record import record_of_attacks
from gaitbench.evaluation.embeddings.search import Found
from gaitbench.evaluation.embeddings.spaces import Vectors
from gaitbench.evaluation.embeddings.wishes import Wishes
from gaitbench.evaluation.external.gate import Finding
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.progress import Progress, SilentProgress
from gaitbench.protocol import GALLERIES
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import Attack

__all__ = ["judge_embeddings", "judged"]

#: Probes times gallery entries up to which everything is computed in float64, and all rungs attack all probes.
SMALL = 100_000_000
#: Probes of drawn people that the rung made of the same files attacks beyond it.
DRAWN = 20_000


def judge_embeddings(
    original: Embeddings,
    anonymized: Embeddings,
    *,
    rungs: Mapping[str, tuple[Embeddings, Embeddings]] | None = None,
    wishes: Wishes | None = None,
    progress: Progress | None = None,
) -> Record:
    """Judge an anonymizer by what a recognizer makes of its output.

    Parameters
    ----------
    original : Embeddings
        Of the untouched sequences: gallery and probes.
    anonymized : Embeddings
        Of the anonymized ones, by the same recognizer. With the gallery's sequences among them ``lazy-informed`` is
        attacked, too.
    rungs : dict of str to (Embeddings, Embeddings), optional
        Gallery and probes of further rungs, by recognizers that were trained again: ``semi-informed``, ``linked``,
        ``de-anonymize``, or ``lazy-informed``.
    wishes : Wishes, optional
    progress : Progress, optional

    Returns
    -------
    Record
        As of any run. ``provenance["evaluated"]["verdict"]`` is the answer, ``["counts"]`` what was handed in.

    Raises
    ------
    DataError
        If nothing can be judged: other dimensions, no person, view or sequence in common, one walk a person.
    ConfigError
        If a wish or a rung is unknown.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> who = [f"{p:03d}" for p in range(1, 9) for _ in range(2)]
    >>> walks, x = ["nm-01", "nm-05"] * 8, np.repeat(rng.normal(size=(8, 16)), 2, axis=0)
    >>> untouched = Embeddings.of(x + 0.1 * rng.normal(size=x.shape), who, walks, [90] * 16)
    >>> hidden = Embeddings.of(rng.normal(size=x.shape), who, walks, [90] * 16)
    >>> record = judge_embeddings(untouched, hidden, wishes=Wishes(suite="smoke"))
    >>> record.identification[0].people
    8
    """
    wish = wishes or Wishes()
    suite = wish.loaded()
    given = dict(rungs or {})
    for rung, pair in given.items():
        check_rung(rung)
        _same_shape(*pair)
    _same_shape(original, anonymized)
    sides = [Side(one.labels, one.usable, one.source) for one in (original, anonymized)]
    handed = look_through(
        sides[0], sides[1], wish.gallery, wish.probe, (suite.walks.gallery, suite.walks.probe)
    )
    exact = len(handed.probes) * len(handed.gallery) <= SMALL

    def attacker(rung: str, gallery: Embeddings, probes: Embeddings, drawn: bool = False) -> Attacker:
        space = Vectors(probes.x, gallery.x, wish.metric, exact=exact)
        some = _drawn(handed, suite.seed) if drawn and not exact else None
        return Attacker(rung, space, _usable(probes), _usable(gallery), some)

    attackers = [attacker("ignorant", original, anonymized)]
    if handed.lazy and "lazy-informed" not in given:
        attackers.append(attacker("lazy-informed", anonymized, anonymized, drawn=True))
        if attackers[-1].drawn is not None:
            handed.left_out.append(
                f"lazy-informed attacks {len(attackers[-1].drawn)} probes of people drawn by the seed, among everybody"
            )
    attackers += [attacker(rung, *pair) for rung, pair in given.items()]
    before, after = _usable(original), _usable(anonymized)
    rows = [(k, before[k], after[k]) for k in handed.probes if k in after]
    run = context_of(
        suite, wish.recognizer, wish.name, handed, [a.rung for a in attackers], wish.views, wish.noise,
        (original.source, f"{original.fingerprint} {anonymized.fingerprint}"), progress or SilentProgress(),
    )  # fmt: skip
    untouched = attacker("untouched", original, original)
    findings = embeddings_plausible(original, anonymized, rows, wish.metric)
    how = {"metric": wish.metric, "parts": original.shape[0], "numbers": original.shape[1]}
    return judged(run, wish, handed, untouched, attackers, findings, how)


def judged(
    run: RunContext,
    wish: Wishes,
    handed: HandedIn,
    untouched: Attacker,
    attackers: Sequence[Attacker],
    findings: list[Finding],
    how: dict[str, object],
) -> Record:
    """Attack: competence first, then rung after rung.

    Parameters
    ----------
    run : RunContext
    wish : Wishes
    handed : HandedIn
    untouched : Attacker
        Untouched probes against the untouched gallery.
    attackers : sequence of Attacker
        `ignorant` first.
    findings : list of Finding
        Whether what was handed in is plausible.
    how : dict
        How sequences were compared.
    """
    protocol = run.suite.systems.gallery
    _note_unmet(handed, protocol)
    outcomes = _attacked(run, wish, handed, untouched, attackers, protocol)
    elsewhere: list[AnyOutcome] = []
    for other in _others(handed, protocol):
        elsewhere += _attacked(run, wish, handed, untouched, attackers, other, whole=False)
    return record_of_attacks(run, wish.name, wish.noise, handed, outcomes, elsewhere, findings, how)


def _attacked(
    run: RunContext,
    wish: Wishes,
    handed: HandedIn,
    untouched: Attacker,
    attackers: Sequence[Attacker],
    protocol: str,
    *,
    whole: bool = True,
) -> list[AnyOutcome]:
    """Rung after rung under one gallery protocol, the untouched probes first; `whole`: also what verification needs."""
    enrolled = Enrolled(handed.people, handed.gallery, handed.probes, protocol, run.suite.seed)

    def look(attacker: Attacker, precision: bool) -> tuple[Found, NDArray[np.intp]]:
        with run.stage(f"search: {attacker.rung}") as stage:
            stage.made()
            return searched(attacker, enrolled, precision=precision, count=whole, tell=run.progress.update)

    # average precision of what needs no attack is left out where it takes minutes
    before = look(untouched, enrolled.keep)
    attack = Attack("ignorant", wish.recognizer, wish.reads, protocol)
    found: list[AnyOutcome] = [outcome_of_search(("original", attack), enrolled, before, before)]
    for attacker in attackers:
        after = look(attacker, whole or enrolled.keep)
        names = (wish.name, replace(attack, attacker=attacker.rung))
        found.append(outcome_of_search(names, enrolled, before, after, attacker.drawn))
    return found


def _others(handed: HandedIn, protocol: str) -> list[str]:
    """The further gallery protocols under which a probe meets somebody; one that takes too long is named."""
    found = [g for g in GALLERIES if g != protocol and len(_unmet(handed, g)) < len(handed.probes)]
    pairs = len(handed.probes) * len(handed.gallery)
    slow = [g for g in found if g != "same-view" and pairs > SMALL]
    for gallery in slow:
        handed.left_out.append(
            f"the gallery {gallery}: {pairs} pairs of a probe and an entry take as long again; --views {gallery} asks "
            "for it"
        )
    return [g for g in found if g not in slow]


def _unmet(handed: HandedIn, protocol: str) -> list[SequenceKey]:
    """Probes that meet no gallery entry under a protocol."""
    views = {k.angle for k in handed.gallery}
    return [
        k for k in handed.probes
        if (protocol == "same-view" and k.angle not in views) or (protocol == "cross-view" and views == {k.angle})
    ]  # fmt: skip


def _note_unmet(handed: HandedIn, protocol: str) -> None:
    """Probes that meet no gallery entry under a protocol of views are part of no figure: said, or refused."""
    unmet = _unmet(handed, protocol)
    if len(unmet) == len(handed.probes):
        views = sorted({k.angle for k in handed.gallery})
        raise DataError(
            f"under --views {protocol} no probe meets a gallery sequence (gallery views {views}); take "
            "--views all-views, or hand in other views"
        )
    if unmet:
        handed.left_out.append(
            f"{len(unmet)} probes meet no gallery sequence under {protocol} (first: {unmet[0]}) and are in no figure"
        )


def _same_shape(one: Embeddings, two: Embeddings) -> None:
    if one.shape != two.shape:
        raise DataError(
            f"{one.source} has {one.shape[0]} parts of {one.shape[1]} numbers, {two.source} {two.shape[0]} of "
            f"{two.shape[1]}; hand in embeddings of one recognizer"
        )


def _usable(one: Embeddings) -> dict[SequenceKey, int]:
    good = one.usable
    first = Side(one.labels, good, one.source).rows()
    return {key: row for key, row in first.items() if good[row]}


def _drawn(handed: HandedIn, seed: int) -> list[SequenceKey]:
    """Probes of people drawn at random, all of each, until there are `DRAWN`."""
    by_person: dict[str, list[SequenceKey]] = {}
    for key in handed.probes:
        by_person.setdefault(key.subject, []).append(key)
    names, found = list(by_person), list[SequenceKey]()
    for i in np.random.default_rng(seed).permutation(len(names)).tolist():
        found += by_person[names[i]]
        if len(found) >= DRAWN:
            break
    return sorted(found)
