"""What no way of doing it can go under: pictures drawn or decoded once, bytes read once, a training's multiplications.

Each is seconds of one processor, measured on this machine on a drawn share and extrapolated; nothing else is done with
what is drawn, decoded, read or multiplied.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from gaitbench.datasets.sequence import ANGLES
from gaitbench.datasets.walkers import Walkers
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.run.setup import open_run

__all__ = ["decoding", "multiplications_a_second", "reading", "rendering", "training_multiplications"]

_SUITE = """
effort = {effort}
resamples = 100
samples = 1
[data]
frames = 60
angles = [54, 90]
[split]
recognizer = "001"
models = "051-054"
test = "081"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05"]
[systems]
anonymizers = ["model-2"]
colorizers = ["baseline", "proposed"]
[attacks]
attackers = ["ignorant"]
"""


def rendering(frames: int, walks: int = 2) -> float:
    """Seconds to draw a frame of the walkers (RGB, silhouette): `walks` walks of `frames` frames, from every angle."""
    data, drawn, started = Walkers(), 0, time.process_time()
    for number in range(1, walks + 1):
        for recording in data.load_walk(f"{number:03d}", "nm-01", list(ANGLES), frames=frames):
            drawn += recording.frame_count
    return (time.process_time() - started) / drawn


def decoding(pictures: Sequence[Path]) -> float:
    """Seconds to decode one of `pictures` by OpenCV, over all of them.

    Raises
    ------
    ValueError
        If one is no picture.
    """
    started = time.process_time()
    for path in pictures:
        if cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) is None:
            raise ValueError(f"{path} is no picture")
    return (time.process_time() - started) / len(pictures)


def reading(root: Path) -> tuple[float, float]:
    """Seconds to read every file under `root` once, from the system's cache where it is there; and their MB."""
    started, size = time.process_time(), 0
    for path in root.rglob("*"):
        if path.is_file():
            size += len(path.read_bytes())
    return time.process_time() - started, size / 1e6


def multiplications_a_second(side: int = 768, rounds: int = 20) -> float:
    """Multiplications (with their additions) a second of one thread, by a float32 matrix product."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        a = torch.from_numpy(np.random.default_rng(0).random((side, side), dtype=np.float32))
        (a @ a).sum()
        started = time.perf_counter()
        for _ in range(rounds):
            a @ a
        return rounds * side**3 / (time.perf_counter() - started)
    finally:
        torch.set_num_threads(threads)


def training_multiplications(effort: float) -> dict[str, float]:
    """Multiplications of a training of `model-2`, `baseline` and `proposed`, 64 x 44 pixels, at an effort.

    Counted by torch at two small efforts: what grows with the effort is a straight line.
    """
    low, high = (_counted(e) for e in (0.005, 0.01))
    return {name: low[name] + (high[name] - low[name]) * (effort - 0.005) / 0.005 for name in low}


def _counted(effort: float) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="gaitbench-floor-"))
    try:
        (folder / "suite.toml").write_text(_SUITE.format(effort=effort), encoding="utf-8")
        test = Experiment(open_run(str(folder / "suite.toml"), store=folder / "store", jobs=1, device="cpu"))
        found = {}
        test.systems.anonymizer("model-1")  # the baseline's teacher: no part of its training
        for kind, name in (("anonymizer", "model-2"), ("colorizer", "baseline"), ("colorizer", "proposed")):
            given = test.systems.given(kind, name)
            with FlopCounterMode(display=False) as counter:
                test.systems.train(kind, name, given)
            found[name] = counter.get_total_flops() / 2
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)
