"""The stage `quality`: paint the anonymized silhouettes and measure the pictures (PROTOCOL, Picture measures)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.context import RunContext
from gaitbench.evaluation.sequences import Need, load_prepared
from gaitbench.evaluation.systems import Anonymized, Systems, load_masks
from gaitbench.metrics.pictures import psnr, ssim
from gaitbench.store import code_digest, digest

__all__ = ["PictureScores", "measure", "paint", "reference_pictures", "score_rows"]

_CODE = ("gaitbench.metrics.pictures", "gaitbench.evaluation.quality")


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
    psnr, ssim : float64 array (n,)
        PSNR in dB (infinite for identical pictures) and SSIM.
    """

    anonymizer: str
    colorizer: str
    reference: str
    keys: tuple[SequenceKey, ...]
    numbers: tuple[int, ...]
    psnr: NDArray[np.float64]
    ssim: NDArray[np.float64]


def reference_pictures(
    pictures: GaitSequence, reference: str, anonymized: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_] | None] | None:
    """The reference picture and the region that counts, or None where the reference does not exist.

    Parameters
    ----------
    pictures : GaitSequence
        The frames that are measured, with RGB.
    reference : str
        `original`: the original over black by its own silhouette, whole crop. `truth`: the rendering of the same
        clothes on the other body, inside the anonymized silhouette (oracle only).
    anonymized : bool array (K, h, w)

    Returns
    -------
    (float64 array (K, h, w, 3) in [0, 1], bool array (K, h, w) or None) or None
    """
    assert pictures.rgb is not None
    if reference == "original":
        return pictures.rgb / 255.0 * pictures.silhouettes[..., None], None
    if reference == "truth" and pictures.oracle_rgb is not None:
        return pictures.oracle_rgb / 255.0, anonymized
    return None


def paint(colorizer: Any, pictures: GaitSequence, anonymized: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Painted pictures, float64 (K, h, w, 3) in [0, 1]; `colorizer` None leaves the original colours.

    Raises
    ------
    GaitbenchError
        If a colorizer returns another shape, leaves [0, 1], or paints outside the anonymized silhouette.
    """
    assert pictures.rgb is not None
    if colorizer is None:
        return pictures.rgb / 255.0 * anonymized[..., None]
    painted = np.asarray(colorizer.colorize(pictures.rgb, pictures.silhouettes, anonymized), dtype=np.float64)
    name = getattr(colorizer, "name", type(colorizer).__name__)
    if painted.shape != pictures.rgb.shape:
        raise GaitbenchError(
            f"{name} returned shape {painted.shape} for {pictures.key}; expected {pictures.rgb.shape}"
        )
    if not (np.isfinite(painted).all() and painted.min() >= 0 and painted.max() <= 1):
        raise GaitbenchError(f"{name} returned values outside [0, 1] for {pictures.key}")
    if painted[~anonymized].any():
        raise GaitbenchError(f"{name} painted outside the anonymized silhouette of {pictures.key}")
    return painted


def measure(
    run: RunContext, systems: Systems, anonymized: Anonymized, colorizer: str, probes: dict[Need, str]
) -> list[PictureScores]:
    """Paint and measure all probes of one anonymizer with one colorizer ("none": the original colours).

    Results are kept subject by subject. A sequence that fails is noted in ``run.failures`` and left out.
    """
    by_subject: dict[str, list[Need]] = {}
    for need in sorted(probes, key=lambda n: n.key):
        by_subject.setdefault(need.key.subject, []).append(need)
    painter_key = "none" if colorizer == "none" else systems.colorizer_key(colorizer)
    references = list(run.suite.quality.references)
    keys = {
        s: digest(
            "quality",
            anonymized.keys[s],
            painter_key,
            [probes[n] for n in needs],
            references,
            code_digest(*_CODE),
        )
        for s, needs in by_subject.items()
    }
    todo = [s for s in by_subject if not run.store.has("quality", keys[s])]
    if todo and colorizer != "none":
        try:
            systems.colorizer(colorizer)  # train it before the clock of this stage starts
        except GaitbenchError as error:
            run.fail("quality", f"anonymizer={anonymized.name}, colorizer={colorizer}", str(error))
            return []
    collected: dict[str, list[tuple[str, NDArray[np.float64], NDArray[np.float64]]]] = {
        r: [] for r in references
    }
    with run.stage("quality") as stage:
        for i, (subject, needs) in enumerate(by_subject.items()):

            def make(
                subject: str = subject, needs: list[Need] = needs
            ) -> tuple[Mapping[str, NDArray[Any]], dict[str, str]]:
                stage.made()
                painter = None if colorizer == "none" else systems.colorizer(colorizer)
                return _one_subject(
                    run, painter, anonymized, subject, {n: probes[n] for n in needs}, references
                )

            arrays, failures, _ = run.store.get("quality", keys[subject], make)
            for name, message in failures.items():
                run.fail(
                    "quality", f"anonymizer={anonymized.name}, colorizer={colorizer}, key={name}", message
                )
            for name in sorted(arrays):
                key, reference, kind = name.split("|")
                if kind == "psnr":
                    collected[reference].append((key, arrays[name], arrays[f"{key}|{reference}|ssim"]))
            run.progress.update(
                (i + 1) / len(by_subject), f"{anonymized.name} + {colorizer}: subject {subject}"
            )
    return [
        PictureScores(
            anonymized.name,
            colorizer,
            reference,
            tuple(SequenceKey.parse(key) for key, p, _ in found for _ in p),
            tuple(i for _, p, _ in found for i in range(len(p))),
            np.concatenate([p for _, p, _ in found]),
            np.concatenate([s for _, _, s in found]),
        )
        for reference, found in collected.items()
        if found
    ]


def _one_subject(
    run: RunContext,
    painter: Any,
    anonymized: Anonymized,
    subject: str,
    probes: dict[Need, str],
    references: list[str],
) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    arrays: dict[str, NDArray[Any]] = {}
    failures: dict[str, str] = {}
    masks, failed = load_masks(run, anonymized.keys[subject])
    for need, key in probes.items():
        name = str(need.key)
        prepared = load_prepared(run, need, key)
        if prepared.sequence is None or name in failed:
            continue  # already named as a failure of its own stage
        if prepared.pictures is None:
            failures[name] = f"{name}: no RGB video beside the silhouettes; picture quality needs it"
            continue
        mask = masks[name][prepared.index]
        try:
            painted = paint(painter, prepared.pictures, mask)
        except GaitbenchError as error:
            failures[name] = str(error)
            continue
        for reference in references:
            if reference == "truth" and anonymized.name != "oracle":
                continue
            found = reference_pictures(prepared.pictures, reference, mask)
            if found is None:
                continue
            target, region = found
            arrays[f"{name}|{reference}|psnr"] = psnr(painted, target, region=region)
            arrays[f"{name}|{reference}|ssim"] = ssim(painted, target, region=region)
    return arrays, failures


def score_rows(
    scores: Iterable[PictureScores], sets: Mapping[str, tuple[str, ...]]
) -> list[dict[str, object]]:
    """Rows of ``scores.parquet``: the mean over a sequence's pictures (finite ones), one row a measure."""
    rows: list[dict[str, object]] = []
    for part in scores:
        names = np.array([str(k) for k in part.keys])
        for name in dict.fromkeys(names.tolist()):
            key = SequenceKey.parse(name)
            here = names == name
            for measure_name, values in (("psnr", part.psnr[here]), ("ssim", part.ssim[here])):
                rows.append(
                    {
                        "kind": "quality", "key": name, "subject": key.subject, "walk": key.walk,
                        "condition": key.condition, "angle": key.angle, "anonymizer": part.anonymizer,
                        "colorizer": part.colorizer, "attacker": "", "recognizer": "", "input": "",
                        "gallery": "", "set": "+".join(sets.get(name, ())), "reference": part.reference,
                        "measure": measure_name,
                        "value": _mean_or_bound(values), "named": "",
                    }
                )  # fmt: skip
    return rows


def _mean_or_bound(values: NDArray[np.float64]) -> float:
    """Mean of the finite values; infinite if all that counts is, NaN if nothing was measured."""
    finite = values[np.isfinite(values)]
    if finite.size:
        return float(finite.mean())
    return float("inf") if np.isinf(values).any() else float("nan")
