"""The stage `quality`: paint the anonymized silhouettes and measure the pictures (PROTOCOL, Picture measures)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.pictures.references import compare_pictures, measure_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.scores import score_frame, score_table
from gaitbench.evaluation.run.worker_processes import share_out
from gaitbench.evaluation.stages.anonymize import Anonymized, by_subject, load_masks
from gaitbench.evaluation.stages.paint import paint
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.store import closure_digest, digest
from gaitbench.systems import Colorizer

__all__ = ["PictureScores", "measure", "score_rows"]


@dataclass(frozen=True)
class PictureScores:
    """Picture measures of one system, one value a picture.

    Parameters
    ----------
    anonymizer, colorizer, reference : str
    keys : tuple of SequenceKey
        The sequence of each value.
    numbers : tuple of int
        Which of the sequence's measured pictures it is, from 0.
    values : dict of str to float64 array (n,)
        By measure: `psnr` in dB (infinite for identical pictures), `ssim`, and what the suite adds. NaN where a
        measure says nothing of a picture. Means over the trainings where there are several.
    trainings : tuple of dict
        The values of each training of the colorizer, where it was trained more than once.
    trained : bool
        The colorizer learns from the run's people.
    """

    anonymizer: str
    colorizer: str
    reference: str
    keys: tuple[SequenceKey, ...]
    numbers: tuple[int, ...]
    values: dict[str, NDArray[np.float64]]
    trainings: tuple[dict[str, NDArray[np.float64]], ...] = ()
    trained: bool = False

    @property
    def count(self) -> int:
        """How often the colorizer was trained; 0 where it learns nothing."""
        return len(self.trainings) or int(self.trained)


def measure(run: RunContext, systems: Systems, anonymized: Anonymized, colorizer: str) -> list[PictureScores]:
    """Paint and measure all probes of one anonymizer with one colorizer ("none": the original colours).

    Results are kept subject by subject. A sequence that fails is noted in ``run.log.failures`` and left out.
    """
    subjects = by_subject(anonymized.needs)
    if not anonymized.keys:
        return []  # already named as a failure of its own stage
    try:
        painter_key = "none" if colorizer == "none" else systems.colorizer_key(colorizer)
    except GaitbenchError as error:
        run.fail("quality", f"anonymizer={anonymized.name}, colorizer={colorizer}", str(error))
        return []
    quality = run.suite.quality
    references, measures = list(quality.references), ["psnr", "ssim", *quality.measures]
    code = closure_digest(_one_subject, *(measure_of(m).function for m in measures))
    given = [repr(sorted(measure_of(m).settings.items())) for m in measures]
    keys = {
        s: digest(
            "quality", anonymized.keys[s], painter_key, [anonymized.needs[n] for n in mine], references, measures,
            given, code,
            {str(n.key): anonymized.failures.get(str(n.key)) for n in mine},
        )
        for s, mine in subjects.items()
    }  # fmt: skip
    todo = [s for s in subjects if _unfinished(run, keys[s])]
    painter = None
    if todo and colorizer != "none":
        try:
            painter = systems.colorizer(colorizer)  # trained before the clock of this stage starts
        except GaitbenchError as error:
            run.fail("quality", f"anonymizer={anonymized.name}, colorizer={colorizer}", str(error))
            return []

    def task(subject: str) -> tuple[Any, ...]:
        mine = {n: anonymized.needs[n] for n in subjects[subject]}
        shown = (anonymized.name, anonymized.keys[subject])
        return painter, shown, mine, references, measures, keys[subject]

    found: dict[str, list[tuple[str, dict[str, NDArray[np.float64]]]]] = {r: [] for r in references}
    with run.stage("quality") as stage:
        if todo:
            stage.made()
        for i, _ in enumerate(share_out(run, stage, _one_subject, [task(s) for s in todo], uses=[painter])):
            run.progress.update((i + 1) / len(todo), f"{anonymized.name} + {colorizer}: subject {todo[i]}")
        for subject in subjects:
            try:
                arrays, failures = run.store.load("quality", keys[subject])
            except KeyError:  # damaged in the store, or removed meanwhile
                _one_subject(run, painter or _painter(systems, colorizer), *task(subject)[1:])
                arrays, failures = run.store.expect("quality", keys[subject])
            for name, message in failures.items():
                cell = f"anonymizer={anonymized.name}, colorizer={colorizer}, key={name}"
                run.fail("quality", cell, message)
            for name in sorted(arrays):
                key, reference = name.split("|")
                found[reference].append((key, dict(zip(measures, arrays[name], strict=True))))
    return [
        PictureScores(
            anonymized.name, colorizer, reference,
            tuple(SequenceKey.parse(key) for key, v in parts for _ in v["psnr"]),
            tuple(i for _, v in parts for i in range(len(v["psnr"]))),
            {m: np.concatenate([v[m] for _, v in parts]) for m in measures},
        )
        for reference, parts in found.items()
        if parts
    ]  # fmt: skip


def _unfinished(run: RunContext, key: str) -> bool:
    """Whether a subject is not measured yet, or something of it failed: that is tried again."""
    try:
        return bool(run.store.load_meta("quality", key))
    except KeyError:
        return True


def _painter(systems: Systems, colorizer: str) -> Colorizer | None:
    return None if colorizer == "none" else systems.colorizer(colorizer)


def _one_subject(
    run: RunContext,
    painter: Colorizer | None,
    shown: tuple[str, str],
    needs: dict[Need, str],
    references: list[str],
    measures: list[str],
    kept_as: str,
) -> None:
    """Paint and measure one subject's sequences (runs in a worker), and keep the values.

    They are kept by ``sequence|reference``: float64 (measures, pictures). `shown`: the anonymizer, and the artifact
    with the subject's anonymized silhouettes.
    """
    anonymizer, masks_key = shown
    arrays: dict[str, NDArray[Any]] = {}
    failures: dict[str, str] = {}
    masks, failed = load_masks(run, masks_key)
    for need in needs:
        name = str(need.key)
        prepared = load_prepared(run, need, needs[need])
        if prepared.sequence is None or name in failed:
            continue  # already named as a failure of its own stage
        if prepared.pictures is None:
            failures[name] = f"{name}: no RGB video beside the silhouettes; picture quality needs it"
            continue
        mask = masks[name][prepared.index]
        trouble: list[str] = []
        try:
            painted = paint(painter, prepared.pictures, mask)
            for reference in references:
                if reference == "truth" and anonymizer != "oracle":
                    continue
                values = compare_pictures(painted, prepared.pictures, mask, reference, measures, trouble)
                if values is not None:
                    arrays[f"{name}|{reference}"] = values
        except GaitbenchError as error:
            failures[name] = str(error)
        if trouble:
            failures.setdefault(name, f"{name}: " + "; ".join(dict.fromkeys(trouble)))
    run.store.save("quality", kept_as, arrays, failures)


def score_rows(scores: Iterable[PictureScores], sets: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Rows of ``scores.parquet``: the mean over a sequence's pictures (finite ones), one row a measure."""
    frames = []
    for part in scores:
        names = np.array([str(k) for k in part.keys])
        _, first, owner = np.unique(names, return_index=True, return_inverse=True)
        order = np.argsort(first)
        keys = [part.keys[i] for i in first[order]]
        pictures = [np.flatnonzero(owner == i) for i in order]
        of_set = ["+".join(sets.get(str(k), ())) for k in keys]
        for measure_name, values in part.values.items():
            frames.append(
                score_frame(
                    keys, [_mean_or_bound(values[here]) for here in pictures], sets=of_set, kind="quality",
                    measure=measure_name, anonymizer=part.anonymizer, colorizer=part.colorizer,
                    reference=part.reference,
                )
            )  # fmt: skip
    return score_table(frames)


def _mean_or_bound(values: NDArray[np.float64]) -> float:
    """Mean of the finite values; infinite if all that counts is, NaN if nothing was measured."""
    finite = values[np.isfinite(values)]
    if finite.size:
        return float(finite.mean())
    return float("inf") if np.isinf(values).any() else float("nan")
