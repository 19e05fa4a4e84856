"""Makes the model that is bundled with `recognizer`: ``python -m gaitbench.making.bundled_recognizer``.

The subjects of the suite's role `recognizer` train it; its card holds its figures on the test subjects, measured on
the files as they are loaded again. The same data and package give the same bytes.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recognizer import RobustVTM, load_attacker
from recognizer.serialization import save_attacker

__all__ = ["BASIS_RANK", "Walks", "competence", "make_pretrained"]

log = logging.getLogger(__name__)

#: Vectors of the shared basis of the stored projections: the largest round number under 4 MB.
BASIS_RANK = 400


class Walks(NamedTuple):
    """Gait energy images with what is known of each.

    Parameters
    ----------
    x : float32 array (n, h, w)
    subjects, walks : str arrays (n,)
    angles : int array (n,)
    """

    x: NDArray[np.float32]
    subjects: NDArray[np.str_]
    angles: NDArray[np.int64]
    walks: NDArray[np.str_]


def make_pretrained(
    training: Walks,
    gallery: Walks,
    probes: Walks,
    folder: Path,
    *,
    data: dict[str, Any],
    basis_rank: int = BASIS_RANK,
    attacker: RobustVTM | None = None,
) -> dict[str, Any]:
    """Train, store small, load again, measure, and write the card.

    Parameters
    ----------
    training, gallery, probes : Walks
        Of disjoint people: the first against the other two.
    folder : path
        Takes ``robust-vtm.safetensors`` and ``robust-vtm.json``.
    data : dict
        For the card: what the walks are; JSON values.
    basis_rank : int
        See `recognizer.serialization.save_attacker`; the stored numbers are float16.
    attacker : RobustVTM, optional
        With other than the default parameters.

    Returns
    -------
    dict
        The card.
    """
    from gaitbench import __version__

    model = attacker or RobustVTM()
    model.fit(training.x, training.subjects, angle=training.angles, walk=training.walks)
    path = folder / "robust-vtm"
    save_attacker(model, path, basis_rank=basis_rank, half=True)
    small = load_attacker(path)
    assert isinstance(small, RobustVTM)
    card = {
        "made_by": "python -m gaitbench.making.bundled_recognizer",
        "package_version": __version__,
        "data": data,
        "training": {
            "subjects": len(np.unique(training.subjects)),
            "walks": np.unique(training.walks).tolist(),
            "sequences": len(training.subjects),
        },
        "test": {
            "subjects": len(np.unique(probes.subjects)),
            "gallery_walks": np.unique(gallery.walks).tolist(),
            "gallery": "all-views",
            "rank1_percent": competence(small, gallery, probes),
            "rank1_percent_angle_unknown": competence(small, gallery, probes, angles_known=False),
            "rank1_percent_before_compaction": competence(model, gallery, probes),
            "view_accuracy_percent": _view_accuracy(small, probes),
        },
        "stored": {"basis_rank": basis_rank, "numbers": "float16"},
    }
    del small.gallery_codes_, small.gallery_y_, small.gallery_angle_
    del model.gallery_codes_, model.gallery_y_, model.gallery_angle_
    save_attacker(model, path, card=card, basis_rank=basis_rank, half=True)
    return card


def competence(
    attacker: RobustVTM, gallery: Walks, probes: Walks, *, angles_known: bool = True
) -> dict[str, float]:
    """Rank-1 in percent by condition (``nm``, ``bg``, ``cl``) with a gallery of all views."""
    attacker.enroll(gallery.x, gallery.subjects, angle=gallery.angles)
    named = attacker.predict(probes.x, angle=probes.angles if angles_known else None)
    return _by_condition(named == probes.subjects, probes)


def _view_accuracy(attacker: RobustVTM, probes: Walks) -> dict[str, float]:
    seen = attacker.estimate_angles(probes.x)
    return _by_condition(seen == probes.angles, probes)


def _by_condition(right: NDArray[np.bool_], probes: Walks) -> dict[str, float]:
    conditions = np.array([w.split("-")[0] for w in probes.walks])
    return {str(c): round(100 * float(right[conditions == c].mean()), 2) for c in np.unique(conditions)}


def main(arguments: list[str] | None = None) -> None:
    """Prepare what is not in the store yet, and write the bundled model."""
    import recognizer
    from gaitbench.evaluation.experiment import Experiment
    from gaitbench.evaluation.run.setup import open_run

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--suite", default="quick", help="whose data and split are used")
    parser.add_argument("--out", type=Path, default=Path(recognizer.__file__).parent / "pretrained")
    parser.add_argument("--store", type=Path, help="folder of the artifacts")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--basis-rank", type=int, default=BASIS_RANK, help="of the stored projections")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run = open_run(given.suite, store=given.store, jobs=given.jobs, device="cpu")
    found = Experiment(run).features
    walks = {
        role: Walks(np.asarray(f.x, dtype=np.float32), f.subjects, f.angles, f.walks)
        for role, f in ((r, f.usable()) for r, f in found.items())
    }
    card = make_pretrained(
        walks["recognizer"],
        walks["gallery"],
        walks["probe"],
        given.out,
        data=describe(run),
        basis_rank=given.basis_rank,
    )
    log.info("%s: rank-1 %s", given.out / "robust-vtm.safetensors", card["test"]["rank1_percent"])


def describe(run: Any) -> dict[str, Any]:
    """What the data of a run are, for the card."""
    from gaitbench.datasets.walkers import RENDER_VERSION

    suite = run.suite
    return {
        "suite": suite.name,
        "dataset": run.dataset.name,
        "fingerprint": run.dataset.fingerprint(),
        "render_version": RENDER_VERSION if run.dataset.rendered else None,
        "data_seed": suite.data.seed,
        "frames": suite.data.frames,
    }


if __name__ == "__main__":
    main()
