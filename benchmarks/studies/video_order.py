"""Do videos say the same of tools as true silhouettes do? Walkers painted as plain videos, judged both ways.

Each tool is a function of the true outline: what it shows is drawn over the empty scene in one colour and written as
H.264, and written as silhouettes, too. ``gaitbench evaluate --before --after`` then judges the films, ``--original
--anonymized`` the silhouettes, by the same bundled recognizer: how far apart are the two, and do they put the tools in
the same order?

    python -m benchmarks.studies.video_order --people 16 --output build/video-order
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.video_writing import write_mp4
from gaitbench.datasets.walkers import Walkers

Mask = NDArray[np.bool_]
#: What is drawn where the tool shows somebody, RGB.
_COLOUR = (150, 60, 60)
_WALKS = ("nm-01", "nm-05")


def _thicker(mask: Mask) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)


def _blocks(mask: Mask, side: int = 12) -> Mask:
    small = cv2.resize(
        mask.astype(np.float32), (mask.shape[1] // side, mask.shape[0] // side), interpolation=cv2.INTER_AREA
    )
    return cv2.resize(
        (small >= 0.5).astype(np.uint8), mask.shape[::-1], interpolation=cv2.INTER_NEAREST
    ).astype(bool)


def _box(mask: Mask) -> Mask:
    out = np.zeros_like(mask)
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    out[top : top + height, left : left + width] = True
    return out


#: Tools, from the one that hides least; None leaves the film as it is.
TOOLS: dict[str, Callable[[Mask], Mask] | None] = {
    "original": None, "figure": lambda mask: mask, "thicker": _thicker, "blocks": _blocks, "box": _box,
}  # fmt: skip


def write(people: int, root: Path, angle: int = 90) -> None:
    """Films and silhouettes of every tool, ``ROOT/TOOL/films/*.mp4`` and ``ROOT/TOOL/masks/*.npz``."""
    walkers = Walkers()
    for subject in range(81, 81 + people):
        for walk in _WALKS:
            key = SequenceKey(f"{subject:03d}", walk, angle)
            recording = walkers.load(key)
            film, empty = recording.frames, recording.background
            truth = walkers.true_masks(key, body=key.subject, rgb=False)
            assert film is not None and empty is not None and truth is not None
            scene = np.median(empty, axis=0).astype(np.uint8)
            for tool, change in TOOLS.items():
                shown, pictures = truth.masks, film
                if change is not None:
                    shown = np.stack([change(mask) if mask.any() else mask for mask in truth.masks])
                    pictures = film.copy()
                    for picture, mask, was in zip(pictures, shown, truth.masks, strict=True):
                        person = _thicker(was)
                        picture[person] = scene[person]
                        picture[mask] = _COLOUR
                for kind in ("films", "masks"):
                    (root / tool / kind).mkdir(parents=True, exist_ok=True)
                write_mp4(root / tool / "films" / f"{key}.mp4", pictures, fps=25, crf=18)
                # Of frames that the walk lacks both sides know nothing: the film has the others one after the other.
                np.savez_compressed(root / tool / "masks" / f"{key}.npz", silhouettes=shown)


def judged(root: Path, tool: str, ways: list[str], out: Path, suite: str) -> dict[str, float]:
    """Rank-1 of each attacker on the silhouettes of a tool, percent, by the command line."""
    command = [
        sys.executable,
        "-m",
        "gaitbench",
        "evaluate",
        *ways,
        "--suite",
        suite,
        "--name",
        f"tool-{tool}",
    ]
    command += ["--output", str(out), "--store", str(root / "store"), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{tool}: {done.stderr[-2000:]}")
    rows = json.loads((out / "run.json").read_text(encoding="utf-8"))["tables"]["identification"]
    return {
        row["attacker"]: row["rank1"]
        for row in rows
        if row["anonymizer"] == f"tool-{tool}" and row["input"] == "silhouette" and row["rank1"] is not None
    }


def main() -> int:
    """Write, judge both ways, and print the table; 1 where the orders differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--suite", default="quick")
    parser.add_argument("--output", type=Path, default=Path("build/video-order"))
    options = parser.parse_args()
    root = options.output
    write(options.people, root)
    films, masks = ({t: root / t / kind for t in TOOLS} for kind in ("films", "masks"))
    found = {}
    for tool in TOOLS:
        by_film = ["--before", str(films["original"]), "--after", str(films[tool])]
        by_mask = ["--original", str(masks["original"]), "--anonymized", str(masks[tool])]
        found[tool] = [
            judged(root, tool, ways, root / f"{tool}-{how}", options.suite)
            for how, ways in (("films", by_film), ("masks", by_mask))
        ]
    same = True
    for attacker in ("ignorant", "lazy-informed"):
        print(
            f"\nRank-1 (%), {attacker}, {options.people} people\n{'tool':12}{'films':>8}{'true':>8}{'apart':>8}"
        )
        values = [[one[attacker] for one in found[tool]] for tool in TOOLS]
        for tool, (film, mask) in zip(TOOLS, values, strict=True):
            print(f"{tool:12}{film:8.1f}{mask:8.1f}{film - mask:8.1f}")
        turned = [
            f"{a} and {b}"
            for i, a in enumerate(TOOLS)
            for j, b in list(enumerate(TOOLS))[i + 1 :]
            if (values[i][0] - values[j][0]) * (values[i][1] - values[j][1]) < 0
        ]
        same = same and not turned
        print(f"order: {'the same' if not turned else 'differs for ' + ', '.join(turned)}")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
