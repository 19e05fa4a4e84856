"""One probe through every attack of a suite: who it was taken for before and after, and how near everybody was."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import ConfigError, DataError, GaitbenchError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import reads_of
from gaitbench.evaluation.attacks.large_outcome import LargeOutcome
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.attacks.plan import Cell, plan
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.explain.entries import Entries, Neighbours, WatchedViews
from gaitbench.evaluation.explain.together import assigned_probe, pooled_probe
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.nearest import close_to, nearest
from gaitbench.registry import RUNGS
from gaitbench.results.explained import Enrolled, Entry, Explained, Explanation, Match

__all__ = ["GEIS", "attacks_on", "explain", "probe_of"]

#: Pooled sequences whose picture is kept.
GEIS = 8


def probe_of(run: RunContext, text: str) -> SequenceKey:
    """The probe that is meant; nothing is prepared for it.

    Raises
    ------
    DataError
        If it is no name of a sequence, or no probe of the suite; the nearest names are offered.
    """
    probes = [str(need.key) for need in needs_of_role(run, "probe")]
    if text in probes:
        return SequenceKey.parse(text)
    near = close_to(text, probes, most=3, cutoff=0.5)
    hint = f"near: {', '.join(near)}" if near else f"such as {probes[0]}"
    raise DataError(f"{text!r} is none of the {len(probes)} probes of suite {run.suite.name}; {hint}")


def attacks_on(
    run: RunContext, anonymizer: str | None, attackers: Sequence[str] = (), recognizers: Sequence[str] = ()
) -> list[Cell]:
    """The attacks that are explained; nothing is computed for them.

    Raises
    ------
    ConfigError
        If the suite has no attack on such a system, or none of such a kind.
    """
    cells = plan(run.suite, rendered=run.dataset.rendered)
    name = anonymizer or run.suite.systems.anonymizer_names[0]
    mine = [cell for cell in cells if cell.anonymizer == name]
    if not mine:
        known = dict.fromkeys(cell.anonymizer for cell in cells)
        raise ConfigError(f"suite {run.suite.name} attacks no system {name!r}{nearest(name, known)}")
    mine = _only(mine, name, "attacker", attackers)
    return _only(mine, name, "recognizer", recognizers)


def explain(
    experiment: Experiment,
    key: SequenceKey,
    anonymizer: str | None = None,
    *,
    attackers: Sequence[str] = (),
    recognizers: Sequence[str] = (),
    gallery: str | None = None,
    over: str | None = None,
    count: int = 5,
) -> Explained:
    """Look one probe up in every attack of the suite on an anonymizer.

    What the store holds is read; the rest is computed as in a run.

    Parameters
    ----------
    experiment : Experiment
    key : SequenceKey
        A probe, see `probe_of`.
    anonymizer : str, optional
        Or a control; the suite's first by default.
    attackers, recognizers : sequence of str
        These alone; all if empty.
    gallery : str, optional
        One of `gaitbench.protocol.GALLERIES`, in place of the suite's.
    over : str, optional
        One of `gaitbench.metrics.pooling.POOLS`: pools of the person's sequences are explained, too.
    count : int
        People, and entries, shown.

    Raises
    ------
    ConfigError
        If the suite has no attack on such a system, or none of such a kind.
    """
    run = experiment.run
    mine = attacks_on(run, anonymizer, attackers, recognizers)
    if gallery is not None:
        mine = [replace(cell, attack=replace(cell.attack, gallery=gallery)) for cell in mine]
    name = mine[0].anonymizer
    rows = tuple(_explanation(experiment, cell, key, over, count) for cell in mine)
    views = experiment.ladder.views
    before = _gei(views.originals("probe"), key)
    after = _gei(views.shown(_by_silhouette(mine[0]), "probe", "probe", "gei"), key)
    return Explained(str(key), name, before, after, rows, run.suite.systems.noise)


def _only(cells: list[Cell], name: str, what: str, wanted: Sequence[str]) -> list[Cell]:
    """Those attacks by the attackers, or with the recognizers, that were asked for."""
    known = dict.fromkeys(getattr(cell.attack, what) for cell in cells)
    for text in wanted:
        if text not in known:
            raise ConfigError(f"no {what} {text!r} among the attacks on {name}{nearest(text, known)}")
    return [cell for cell in cells if not wanted or getattr(cell.attack, what) in wanted]


def _by_silhouette(cell: Cell) -> Cell:
    return replace(cell, colorizer="none", attack=replace(cell.attack, input="silhouette"))


def _gei(features: Features, key: SequenceKey) -> NDArray[np.float32] | None:
    if str(key) in features.failures or key not in features.keys:
        return None
    return np.asarray(features.x[features.keys.index(key)], dtype=np.float32)


def _explanation(
    experiment: Experiment, cell: Cell, key: SequenceKey, over: str | None, count: int
) -> Explanation:
    rung, views = RUNGS.get(cell.attack.attacker)(), experiment.ladder.views
    ordinary = views.originals("gallery")
    try:
        outcome = experiment.ladder.outcome(cell)
        if isinstance(outcome, LargeOutcome):
            raise GaitbenchError(
                "the distances of this attack are too many to be held, and a search in blocks keeps none to explain "
                "it by; give the suite more attacks.distances_mb, or fewer people"
            )
        rows = np.array([i for i, k in enumerate(outcome.keys) if k == key], dtype=np.intp)
        if not len(rows):
            why = _left_out(experiment, cell, rung, key)
            return Explanation(cell.colorizer, cell.attack, (), (), None, None, len(outcome.people), why)
        ours = RUNGS.origin(cell.attack.attacker) == "built in"
        with contextlib.nullcontext() if ours else guarded(f"attacker {cell.attack.attacker}"):
            one, two, how = _entries(experiment, cell, rung, key)
            enrolled = rung.enrolled_for(views, _by_silhouette(cell), key, ordinary)
    except GaitbenchError as error:
        return Explanation(cell.colorizer, cell.attack, (), (), None, None, 0, str(error))
    failed = "the anonymization failed: counts as identified" if outcome.failed[rows].any() else None
    one, two = (
        _trusted(found, values[rows], outcome, key) for found, values in ((one, outcome.before), (two, outcome.after))
    )  # fmt: skip
    before, place_before = _matches(outcome, outcome.before[rows], key, ordinary, one, count)
    after, place_after = _matches(outcome, outcome.after[rows], key, enrolled, two, count)
    seed = experiment.run.suite.seed
    pooled = None
    if over is not None:
        pooled = pooled_probe(outcome, key, over, seed=seed, count=count)
        shown = views.shown(_by_silhouette(cell), "probe", "probe", "gei")
        first = [SequenceKey.parse(name) for name in pooled.steps[-1].sequences[:GEIS]]
        pooled = replace(pooled, geis=tuple(_gei(shown, one) for one in first))
    return Explanation(
        cell.colorizer, cell.attack, before, after, place_before, place_after, len(outcome.people), failed, how,
        _listed(one, count) if before else (), _listed(two, count) if after else (),
        assigned_probe(outcome, key, seed=seed), pooled,
    )  # fmt: skip


def _left_out(experiment: Experiment, cell: Cell, rung: Rung, key: SequenceKey) -> str:
    """Why an attack has no answer about a probe."""
    probes = experiment.features["probe"]
    if str(key) in probes.failures:
        return probes.failures[str(key)]
    chosen = rung.chosen(experiment.ladder.views, probes.keys)
    if not chosen[probes.keys.index(key)]:
        drawn, of = int(chosen.sum()), len(chosen)
        return (
            f"{cell.attack.attacker} attacks {drawn} of the {of} probes, drawn by hash; this is none of them"
        )
    return f"the gallery has no entry that {cell.attack.gallery} lets a probe of the view {key.view} meet"


def _entries(
    experiment: Experiment, cell: Cell, rung: Rung, key: SequenceKey
) -> tuple[Entries | None, Entries | None, Enrolled]:
    """The entries that the probe meets untouched and anonymized, and how the latter are shown."""
    ladder, recognizer = experiment.ladder, cell.attack.recognizer
    reads = reads_of(recognizer)
    seen = ladder.ordinary(reads, cell.attack.input)
    near = Neighbours(ladder.recognizers, key)
    near.distances(recognizer, seen.training, seen.gallery, seen.probes)
    before, near.found = near.found, None
    views = WatchedViews(ladder.views)
    shown = views.shown(cell, "probe", "probe", reads)
    published = shown.take(rung.chosen(views, shown.keys))
    rung.distances(near, views, cell, reads, seen, published, published.keys)
    return before, near.found, views.enrolled


def _trusted(
    found: Entries | None, distances: NDArray[np.float32], outcome: Outcome, key: SequenceKey
) -> Entries | None:
    """The entries, if they give the very distances that the attack reports: a rung may make others of them."""
    if found is None:
        return None
    gallery = outcome.attack.gallery
    allowed = found.under(gallery, key.angle)
    if gallery == "cross-view":
        parts = [allowed.under("same-view", a) for a in sorted({k.angle for k in allowed.keys})]
        own = np.mean([part.of_people(outcome.people) for part in parts], axis=0)
    else:
        own = allowed.of_people(outcome.people)
    told = distances.mean(axis=0)
    there = np.isfinite(told)
    if not np.array_equal(there, np.isfinite(own)):
        return None
    # a probe that is measured alone has other rounding errors, which count where a distance is nearly zero
    far = 1e-3 * float(np.abs(told[there]).max(initial=0.0))
    return allowed if np.allclose(own[there], told[there], rtol=1e-3, atol=far) else None


def _entry(key: SequenceKey, distance: float) -> Entry:
    return Entry(str(key), key.subject, key.walk, key.angle, distance)


def _listed(found: Entries | None, count: int) -> tuple[Entry, ...]:
    return () if found is None else tuple(_entry(k, d) for k, d in found.first(count))


def _matches(
    outcome: Outcome,
    distances: NDArray[np.float32],
    key: SequenceKey,
    gallery: Features,
    entries: Entries | None,
    count: int,
) -> tuple[tuple[Match, ...], int | None]:
    mean = distances.mean(axis=0)
    if np.isnan(mean).any():
        return (), None
    # who has no entry to compare with is infinitely far: neither shown nor placed
    order = [i for i in mean.argsort(kind="stable").tolist() if np.isfinite(mean[i])]
    people = [str(outcome.people[i]) for i in order]
    found = tuple(
        _match(gallery, entries, key, subject, float(mean[i]))
        for subject, i in zip(people[:count], order[:count], strict=True)
    )
    return found, people.index(key.subject) + 1 if key.subject in people else None


def _match(
    gallery: Features, entries: Entries | None, key: SequenceKey, subject: str, distance: float
) -> Match:
    best = None if entries is None else entries.nearest_of(subject)
    right = subject == key.subject
    if entries is None or best is None:
        return Match(subject, distance, right, _seen(gallery, subject, key.angle))
    own = float(entries.distances[entries.keys.index(best)])
    return Match(subject, distance, right, _gei(gallery, best), _entry(best, own))


def _seen(gallery: Features, subject: str, angle: int) -> NDArray[np.float32] | None:
    """The person's first gallery walk from this angle, or from the nearest there is."""
    mine = [k for k in gallery.keys if k.subject == subject and str(k) not in gallery.failures]
    if not mine:
        return None
    return _gei(gallery, min(mine, key=lambda k: (abs(k.angle - angle), k)))
