"""Makes the weights that come with the colorizer `gaitbench`: ``python -m gaitbench.making.bundled_colorizer``.

Walkers of another seed than any suite's train it, so that nobody it learned from is ever painted or tested. The same
package gives the same weights on one kind of processor.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import delayed
from numpy.typing import NDArray

from gaitbench.colorizers.carried.gaitbench_colorizer import complete_rows
from gaitbench.datasets.sequence import ANGLES
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepare import prepare_one
from gaitbench.evaluation.stages.prepared import unpack_masks
from gaitbench.processes import worker_pool
from gaitbench.store.atomic import write_whole

if TYPE_CHECKING:
    from gaitbench.colorizers.carried.correction import FieldCorrection
    from gaitbench.colorizers.carried.correction_training import TruePairs

__all__ = ["PEOPLE", "SEED", "make_weights", "measured", "true_pairs"]

log = logging.getLogger(__name__)

#: Walkers that learn and walkers that are looked at, of a seed of their own.
SEED, PEOPLE, HELD_OUT = 20201, 48, 12
WALKS = ("nm-01", "bg-01", "cl-01")
FRAMES, PICTURES, SIZE = 28, 6, (64, 44)


def true_pairs(subject: int, people: int, angles: Sequence[int] = ANGLES) -> list[NDArray[Any]]:
    """Pictures of one walker, and of the same clothes on another one's body.

    Parameters
    ----------
    subject, people : int
        The walker's number, and how many there are; the other body is drawn from them for each walk.

    Returns
    -------
    list of arrays
        rgb and truth uint8 (N, h, w, 3), old and new silhouettes bool (N, h, w).
    """
    from gaitbench.datasets.walkers import Walkers

    walkers = Walkers(seed=SEED, subjects=people)
    draws = np.random.default_rng(subject)
    found: list[tuple[NDArray[Any], ...]] = []
    for walk in WALKS:
        body = f"{(subject - 1 + int(draws.integers(1, people))) % people + 1:03d}"
        for recording in walkers.load_walk(f"{subject:03d}", walk, angles, frames=FRAMES):
            arrays, meta = prepare_one(walkers, recording, Need(recording.key, PICTURES, body), FRAMES, SIZE)
            if "oracle_rgb" in arrays:
                index = np.array(meta["index"])
                old, new = (
                    unpack_masks(arrays[n], SIZE)[index] for n in ("silhouettes", "oracle_silhouettes")
                )
                rgb, old = complete_rows(arrays["rgb"], old)
                found.append((rgb, arrays["oracle_rgb"], old, new))
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


def make_weights(
    folder: Path, *, jobs: int = 2, people: int = PEOPLE, held_out: int = HELD_OUT
) -> dict[str, Any]:
    """Render, train, measure on walkers that were held out, and write ``gaitbench.safetensors`` and its card."""
    from safetensors.numpy import save

    from gaitbench import __version__
    from gaitbench.colorizers.carried.correction import read_correction
    from gaitbench.colorizers.carried.correction_training import (
        CorrectionSettings,
        TruePairs,
        train_correction,
    )
    from gaitbench.datasets.walkers import RENDER_VERSION
    from gaitbench.training.weights import module_state

    total = people + held_out
    made = worker_pool(jobs, total)(delayed(true_pairs)(s, total) for s in range(1, total + 1))
    learn, look = (
        TruePairs(*(np.concatenate(parts) for parts in zip(*some, strict=True)))
        for some in (made[:people], made[people:])
    )
    log.info("%d pictures to learn from, %d to look at", len(learn.rgb), len(look.rgb))
    settings = CorrectionSettings()
    network, history = train_correction(
        learn, settings, seed=0, progress=lambda share, text: log.info("%3.0f %% %s", 100 * share, text)
    )
    blob = save(
        {
            n.removeprefix("network."): a.astype(np.float16)
            for n, a in module_state(network, "network").items()
        }
    )
    correction = read_correction(blob, settings.width)  # measured as it will be read: rounded to float16
    card = {
        "made_by": "python -m gaitbench.making.bundled_colorizer",
        "package_version": __version__,
        "weights_sha256": hashlib.sha256(blob).hexdigest(),
        "width": settings.width,
        "settings": asdict(settings),
        "data": {
            "dataset": "walkers (rendered people) of a seed that no suite uses", "seed": SEED, "people": people,
            "walks": list(WALKS), "angles": list(ANGLES), "pictures": len(learn.rgb), "render_version": RENDER_VERSION,
        },
        "losses": {"first": history[0], "last": history[-1]},
        "held_out": {"people": held_out, "pictures": len(look.rgb), **measured(look, correction)},
    }  # fmt: skip
    write_whole(folder / "gaitbench.safetensors", blob, shared=True)
    write_whole(folder / "gaitbench.json", (json.dumps(card, indent=1) + "\n").encode(), shared=True)
    return card


def measured(look: TruePairs, correction: FieldCorrection) -> dict[str, dict[str, float]]:
    """PSNR, SSIM and sharpness inside the new body: as it paints, without the sharpening, without the correction."""
    from gaitbench.colorizers.carried.gaitbench_colorizer import (
        GaitbenchColorizer,
        GaitbenchColorizerSettings,
    )
    from gaitbench.metrics import psnr, sharpness_ratio, ssim

    found = {}
    ways = {
        "corrected": GaitbenchColorizerSettings(),
        "not_sharpened": GaitbenchColorizerSettings(sharpen=0.0),
        "not_corrected": GaitbenchColorizerSettings(corrected=False),
    }
    for name, settings in ways.items():
        painter = GaitbenchColorizer(settings, correction)
        each = (slice(i, i + 1) for i in range(len(look.rgb)))  # rows are borrowed within a sequence only
        painted = np.concatenate([painter.colorize(look.rgb[i], look.old[i], look.new[i]) for i in each])
        pair = painted.astype(np.float64), look.truth / 255.0
        found[name] = {
            measure.__name__: round(float(np.nanmean(measure(*pair, region=look.new))), 4)
            for measure in (psnr, ssim, sharpness_ratio)
        }
    return found


def main(arguments: list[str] | None = None) -> None:
    """Write the bundled weights."""
    from gaitbench.colorizers.carried.correction import FOLDER

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    card = make_weights(given.out, jobs=given.jobs)
    log.info("%s: %s", given.out / "gaitbench.safetensors", card["held_out"])


if __name__ == "__main__":
    main()
