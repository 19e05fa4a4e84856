"""Frechet distance of anonymized gaits from real ones, between codes of the bundled recognizer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.bundled import taught_by
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.metrics.frechet import frechet_infinity
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pictures import Naturalness
from gaitbench.results.schema_pooled import LeftOut
from gaitbench.system_value import base_name, settings_text
from recognizer import RobustVTM, load_pretrained

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["codes_of", "frechet_rows"]

#: Pixels of a picture that the bundled recognizer reads.
_SIZE = (64, 44)


def frechet_rows(experiment: Experiment) -> tuple[list[Naturalness], list[LeftOut]]:
    """One row a system and setting, and that of `original` as the floor, whether or not it is among the controls.

    A system whose distance cannot be told (too few people or walks, another size or view) is left out by name.
    """
    run, views = experiment.run, experiment.ladder.views
    model = load_pretrained()
    untouched = views.originals("probe")
    real, known = codes_of(model, untouched)
    people, names = untouched.subjects, [str(key) for key in untouched.keys]
    systems = [shown.name for shown in experiment.anonymized_and_swept()]
    rows: list[Naturalness] = []
    left: list[LeftOut] = []
    with run.stage("statistics") as stage:
        stage.made()
        for system in dict.fromkeys(["original", *systems]):
            seen = untouched
            if system != "original":
                attack = Attack("ignorant", "robust-vtm", "silhouette", "all-views")
                seen = views.shown(Cell(system, "none", attack), "probe", "probe", "gei")
            codes, told = (real, known) if seen is untouched else codes_of(model, seen)
            place = {str(key): row for row, key in enumerate(seen.keys) if told[row]}
            pairs = [(i, place[name]) for i, name in enumerate(names) if known[i] and name in place]
            if seen is not untouched:
                views.release()  # thirty megabytes a system
            a, b = (np.array([pair[side] for pair in pairs], dtype=int) for side in (0, 1))
            try:
                found = frechet_infinity(
                    real[a], codes[b], people[a], confidence=run.suite.confidence, seed=run.suite.seed
                )
            except ValueError as error:
                left.append(LeftOut("naturalness", f"frechet of {system}", str(error)))
                continue
            bounds = (found.value, found.low, found.high, found.samples, _convention(model))
            rows.append(Naturalness(base_name(system), settings_text(system), "frechet", *bounds))
    if len(left) > 1 and not rows and len({one.why for one in left}) == 1:
        left = [LeftOut("naturalness", "frechet", left[0].why)]
    return rows, left


def codes_of(model: RobustVTM, seen: Features) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Codes of GEIs under the projection that the bundled recognizer has for their view.

    Parameters
    ----------
    model : RobustVTM
    seen : Features
        GEIs float32 (n, h, w).

    Returns
    -------
    codes : float64 array (n, d)
    known : bool array (n,)
        False where there is nobody to see, or the view or the size is one that the model did not learn.
    """
    x = np.asarray(seen.x, dtype=np.float64)
    count, (h, w) = len(x), x.shape[1:] if x.ndim == 3 else (0, 0)
    codes = np.zeros((count, model.encode_.shape[2]))
    times = h // _SIZE[0]
    if not times or (h, w) != (times * _SIZE[0], times * _SIZE[1]):
        return codes, np.zeros(count, dtype=bool)
    x = x.reshape(count, _SIZE[0], times, _SIZE[1], times).mean(axis=(2, 4)).reshape(count, -1)
    for k, angle in enumerate(model.angles_):
        here = seen.angles == angle
        codes[here] = (x[here] - model.encode_mean_[k]) @ model.encode_[k]
    return codes, seen.good & np.isin(seen.angles, model.angles_)


def _convention(model: RobustVTM) -> str:
    """What a figure hangs on: two of another convention cannot be compared."""
    card = taught_by()
    made = f"gaitbench {card['package_version']}, data {str(card['data']['fingerprint'])[:8]}"
    return (
        f"squared, between {model.encode_.shape[2]} numbers a walk by the bundled robust-vtm ({made}), all views "
        "together, shown walks of one half of the people against real ones of the other, extrapolated to infinitely "
        "many people"
    )
