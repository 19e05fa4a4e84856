"""Pictures kept beside the record: strips of a few probes through every system, and their GEIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.features import gei_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.stages.checked import checked_masks
from gaitbench.evaluation.stages.paint import paint, to_bytes
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.results.files.own_files import file_name
from gaitbench.results.schema import Sample
from gaitbench.store import closure_digest, digest
from gaitbench.store.atomic import write_whole

__all__ = ["choose", "make_samples", "write_sample"]

#: Frames of a strip; fewer for large crops, so that the page stays small.
_FRAMES = {64: 20, 128: 10}
#: Enlargement of the GEI pictures.
_GEI_SCALE = 3


def choose(probes: Mapping[Need, str], sets: Mapping[str, tuple[str, ...]], count: int) -> list[Need]:
    """Probes to show: spread over the four sets, angles, conditions and people, by hash rather than by result."""
    left = sorted(probes, key=lambda n: digest("sample", str(n.key)))
    chosen: list[Need] = []
    while left and len(chosen) < count:

        def novelty(need: Need) -> tuple[int, int, int, int]:
            mine = sets.get(str(need.key), ())
            others = [(c.key, sets.get(str(c.key), ())) for c in chosen]
            return (
                -sum(mine == o for _, o in others),
                -sum(need.key.angle == k.angle for k, _ in others),
                -sum(need.key.subject == k.subject for k, _ in others),
                -sum(need.key.condition == k.condition for k, _ in others),
            )

        best = max(left, key=novelty)  # the first of the best: the order by hash decides ties
        chosen.append(best)
        left.remove(best)
    return sorted(chosen, key=lambda n: n.key)


def make_samples(
    run: RunContext,
    systems: Systems,
    probes: Mapping[Need, str],
    sets: Mapping[str, tuple[str, ...]],
    folder: Path,
) -> list[Sample]:
    """Write the strips under ``folder/samples`` and return their rows; a sample that fails is noted and left out."""
    count = run.suite.samples
    if not count:
        return []
    chosen = [Need(n.key, -1) for n in choose(probes, sets, count)]
    keys = prepare_all(run, chosen)
    anonymizer_name = run.suite.systems.anonymizer_names[0]
    colorizers = run.suite.systems.colorizer_names
    code = closure_digest(_pictures)
    rows: list[Sample] = []
    try:
        anonymizers = run.suite.systems.anonymizer_names
        made_by = [*map(systems.anonymizer_key, anonymizers), *map(systems.colorizer_key, colorizers)]
        with run.stage("samples") as stage:
            for need in chosen:
                key = digest(
                    "sample", keys[need], made_by, run.suite.seed, list(anonymizers), list(colorizers), code
                )

                def make(need: Need = need) -> tuple[dict[str, NDArray[Any]], None]:
                    stage.made()
                    return _pictures(run, systems, anonymizer_name, need, keys[need]), None

                try:
                    arrays = run.store.get("samples", key, make)[0]
                except GaitbenchError as error:
                    run.fail("samples", f"key={need.key}", str(error))
                    continue
                if arrays:
                    rows.append(write_sample(arrays, need, sets, folder))
    except GaitbenchError as error:
        run.fail("samples", f"anonymizer={anonymizer_name}", str(error))
    return rows


def _pictures(
    run: RunContext, systems: Systems, name: str, need: Need, key: str
) -> dict[str, NDArray[np.uint8]]:
    """Frames uint8 (t, h, w, 3) of every system, and the GEIs; nothing where the sequence has no pictures."""
    pictures = load_prepared(run, need, key).pictures
    if pictures is None:
        return {}
    assert pictures.rgb is not None
    anonymizer = systems.anonymizer(name)
    masks = checked_masks(
        anonymizer,
        name,
        pictures,
        draw_noise(run.suite.seed, name, pictures.key, level=run.suite.systems.noise),
    )
    t = min(len(masks), _FRAMES.get(pictures.size[0], 10))
    short = replace(
        pictures,
        silhouettes=pictures.silhouettes[:t],
        rgb=pictures.rgb[:t],
        frame_numbers=pictures.frame_numbers[:t],
        plate=None,
        oracle_silhouettes=None,
        oracle_rgb=None,
    )
    found: dict[str, NDArray[np.uint8]] = {
        "original": pictures.rgb[:t],
        "silhouette": _grey(short.silhouettes),
        "anonymized": _grey(masks[:t]),
    }
    for other in run.suite.systems.anonymizer_names[1:]:
        noise = draw_noise(run.suite.seed, other, pictures.key, level=run.suite.systems.noise)
        drawn = checked_masks(systems.anonymizer(other), other, pictures, noise)
        found[f"{other}: silhouette"] = _grey(drawn[:t])
    for colorizer in run.suite.systems.colorizer_names:
        found[colorizer] = to_bytes(paint(systems.colorizer(colorizer), short, masks[:t]))
    for moment, silhouettes in (("before", pictures.silhouettes), ("after", masks)):
        found[f"gei-{moment}"] = np.rint(255 * np.clip(gei_of(silhouettes), 0, 1)).astype(np.uint8)
    return found


def write_sample(
    arrays: Mapping[str, NDArray[Any]], need: Need, sets: Mapping[str, tuple[str, ...]], folder: Path
) -> Sample:
    """Write the pictures of one sample and return its row.

    Parameters
    ----------
    arrays : mapping of str to array
        Frames uint8 (t, h, w, 3) of every system, all of one shape; and ``gei-before`` and ``gei-after``, uint8 (h, w).
    need, sets
        Which sequence, and the sets of all.
    folder : path
        Of the run.
    """
    place = f"samples/{file_name(str(need.key))}"
    shown = [name for name in arrays if not name.startswith("gei-")]
    # a colon is no part of a file's name on Windows, and a third party's system may be called ``../x``
    strips = {name: f"{place}/{file_name(name.replace(': ', '-'))}.png" for name in shown}
    for system, path in strips.items():
        _write_png(folder / path, np.concatenate(list(arrays[system]), axis=1))
    gei = {moment: f"{place}/gei-{moment}.png" for moment in ("before", "after")}
    for moment, path in gei.items():
        image = arrays[f"gei-{moment}"]
        _write_png(folder / path, image.repeat(_GEI_SCALE, 0).repeat(_GEI_SCALE, 1))
    t, height, width = arrays[shown[0]].shape[:3]
    return Sample(
        key=str(need.key), angle=need.key.angle, condition=need.key.condition,
        sets=sets.get(str(need.key), ()), frames=t, height=height, width=width, strips=strips, gei=gei,
    )  # fmt: skip


def _grey(masks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.repeat((masks * np.uint8(255))[..., None], 3, axis=3)


def _write_png(path: Path, image: NDArray[np.uint8]) -> None:
    import cv2

    colours = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    ok, data = cv2.imencode(".png", colours, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    if not ok:
        raise GaitbenchError(f"the picture {path} could not be encoded")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data.tobytes(), shared=True)
