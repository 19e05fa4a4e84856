"""Makes the weights that `gaitbench anonymize` comes with: ``python -m gaitbench.making.bundled_anonymizer``.

Model 2, Model 1 and the proposed colorizer, at crops of 128 x 88. Walkers of another seed than any suite's train them,
so that nobody they learned from is ever shown or tested. The same package gives the same weights on one kind of
processor.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from joblib import delayed
from numpy.typing import NDArray

from gaitbench.anonymizers.model1.anonymizer import Model1
from gaitbench.anonymizers.model2.anonymizer import Model2
from gaitbench.clips.bundled import FOLDER
from gaitbench.colorizers.learned.proposed import Proposed
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import ANGLES, GaitSequence
from gaitbench.processes import worker_pool
from gaitbench.training import save_system

__all__ = ["make_weights", "training_walks"]

log = logging.getLogger(__name__)

#: Walkers of a seed that no suite uses.
SEED = 20202
WALKS = ("nm-01", "cl-01")
#: Pictures of each walk that the colorizer learns from.
PICTURES = 6


def training_walks(
    subject: int,
    people: int,
    *,
    frames: int,
    size: tuple[int, int],
    angles: Sequence[int] = ANGLES,
    walks: Sequence[str] = WALKS,
) -> list[GaitSequence]:
    """Walks of one walker as the systems read them, every frame with its picture in a few of them.

    Parameters
    ----------
    subject, people : int
        The walker's number, and how many there are.
    frames : int
    size : (int, int)
        Height and width of the crops.
    """
    from gaitbench.datasets.walkers import Walkers

    walkers = Walkers(seed=SEED, subjects=people)
    return [
        prepare(recording, size=size, rgb=_few, frames=frames)
        for walk in walks
        for recording in walkers.load_walk(f"{subject:03d}", walk, angles, frames=frames)
    ]


def _few(numbers: NDArray[np.int32]) -> NDArray[np.intp]:
    """Evenly spread frames whose pictures are kept."""
    return np.unique(np.linspace(0, len(numbers) - 1, PICTURES).round().astype(np.intp))


def _pictured(sequence: GaitSequence, masks: NDArray[np.bool_]) -> tuple[GaitSequence, NDArray[np.bool_]]:
    """The frames of a sequence that have a picture, and their anonymized silhouettes."""
    at = _few(sequence.frame_numbers)
    assert sequence.rgb is not None
    some = GaitSequence(
        sequence.key, sequence.silhouettes[at], sequence.rgb[at], sequence.frame_numbers[at],
        sequence.frame_count,
    )  # fmt: skip
    return some, masks[at]


def make_weights(
    folder: Path,
    *,
    people: int = 20,
    frames: int = 30,
    size: tuple[int, int] = (128, 88),
    effort: float = 0.6,
    colorizer_steps: int = 1500,
    jobs: int = 2,
    seed: int = 0,
    angles: Sequence[int] = ANGLES,
    walks: Sequence[str] = WALKS,
) -> dict[str, dict[str, Any]]:
    """Render, train, and write ``model-2/``, ``model-1/`` and ``proposed/``, each weights and card.

    Returns
    -------
    dict
        What each card says of the training.
    """
    made = worker_pool(jobs, people)(
        delayed(training_walks)(s, people, frames=frames, size=size, angles=angles, walks=walks)
        for s in range(1, people + 1)
    )
    sequences = [one for some in made for one in some]
    log.info("%d walks to learn from", len(sequences))
    cards: dict[str, dict[str, Any]] = {}

    def tell(share: float, text: str) -> None:
        log.info("%3.0f %% %s", 100 * share, text)

    def keep(kind: str, system: Any, begun: float, **more: Any) -> None:
        history = system.history_
        cards[system.name] = {
            "made_by": "python -m gaitbench.making.bundled_anonymizer",
            "data": {
                "dataset": "walkers (rendered people) of a seed that no suite uses", "seed": SEED, "people": people,
                "walks": list(walks), "angles": list(angles), "frames": frames, "size": list(size),
                "sequences": len(sequences), "render_version": _render_version(),
            },
            "seed": seed, "torch": torch.__version__, "seconds": round(time.perf_counter() - begun),
            "losses": {"first": history[0], "last": history[-1]}, **more,
        }  # fmt: skip
        save_system(system, kind, folder / system.name, {"training": cards[system.name]})

    begun = time.perf_counter()
    model2 = Model2().fit(sequences, seed=seed, effort=effort, progress=tell)
    keep("anonymizer", model2, begun, effort=effort)
    masks = [
        model2.anonymize(one, np.random.default_rng([seed, number])) for number, one in enumerate(sequences)
    ]
    pairs = [_pictured(one, mask) for one, mask in zip(sequences, masks, strict=True)]
    begun = time.perf_counter()
    share = colorizer_steps / Proposed().settings.steps
    proposed = Proposed().fit(
        [one for one, _ in pairs],
        seed=seed,
        effort=share,
        progress=tell,
        anonymized=[new for _, new in pairs],
    )
    keep("colorizer", proposed, begun, effort=share, partner="model-2")
    begun = time.perf_counter()
    model1 = Model1().fit(sequences, seed=seed, effort=effort, progress=tell)
    keep("anonymizer", model1, begun, effort=effort)
    return cards


def _render_version() -> int:
    from gaitbench.datasets.walkers import RENDER_VERSION

    return int(RENDER_VERSION)


def main(arguments: list[str] | None = None) -> None:
    """Write the bundled weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--people", type=int, default=20, help="walkers to learn from")
    parser.add_argument("--frames", type=int, default=30, help="frames of each walk")
    parser.add_argument("--effort", type=float, default=0.6, help="scales the steps of the anonymizers")
    parser.add_argument("--colorizer-steps", type=int, default=1500)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cards = make_weights(
        given.out, people=given.people, frames=given.frames, effort=given.effort,
        colorizer_steps=given.colorizer_steps, jobs=given.jobs,
    )  # fmt: skip
    for name, card in cards.items():
        log.info("%s: %d s", given.out / name, card["seconds"])


if __name__ == "__main__":
    main()
