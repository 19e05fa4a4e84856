"""Contact sheets of all systems on the four sets: ``python -m benchmarks.studies.system_sheets FOLDER``.

Writes ``anonymizers-sets.png`` and ``colorizers.png``, and ``anonymizers.png``: two incomplete inputs frame by frame.
Rows are the sets at four angles, one walk each, chosen by hash and not by how it looks. Systems are those of a suite's
store; what is not there is trained and prepared first.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from gaitbench.datasets.labels import sets_of_scores
from gaitbench.evaluation.run.needs import Need, needs_of_role
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.paint import paint
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import Prepared, load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.store import digest

ANGLES = (0, 36, 90, 144)
#: The angle, the frames and the number of incomplete inputs that are shown frame by frame.
SIDE, FRAMES, INPUTS = 90, 8, 2
SETS = ("plain", "textural", "complete", "incomplete")
#: Enlargement of the crops, height of the headings and width of the names of the rows, in pixels.
SCALE, HEAD, NAMES = 2, 34, 130


def chosen(run: Any, needs: dict[Need, str]) -> list[tuple[str, Prepared]]:
    """One prepared probe for each set and angle, with what the row is called; no walk twice."""
    found: list[tuple[str, Prepared]] = []
    taken: set[str] = set()
    order = sorted(needs, key=lambda n: digest("sheet", str(n.key)))
    for name in SETS:
        for angle in ANGLES:
            for need in (n for n in order if n.key.angle == angle and str(n.key) not in taken):
                prepared = load_prepared(run, need, needs[need])
                if prepared.pictures is not None and name in sets_of_scores(prepared.scores):
                    found.append((f"{name} {angle}", prepared))
                    taken.add(str(need.key))
                    break
    return found


def labelled(columns: list[str], rows: list[tuple[str, list[np.ndarray]]]) -> np.ndarray:
    """Pictures float (h, w, 3) in a grid with headings, uint8 RGB."""
    h, w = (SCALE * side for side in rows[0][1][0].shape[:2])
    sheet = np.full((HEAD + h * len(rows), NAMES + w * len(columns), 3), 255, np.uint8)
    for i, title in enumerate(columns):
        # settings below the name: beside it they would run into the next column
        name, _, settings = title.partition("[")
        for line, text in enumerate((name, settings.rstrip("]").replace('"', ""))):
            put(sheet, text, (NAMES + w * i + 2, HEAD - 20 + 12 * line), 0.36)
    for r, (name, pictures) in enumerate(rows):
        top = HEAD + h * r
        put(sheet, name, (4, top + h // 2), 0.42)
        for i, picture in enumerate(pictures):
            large = cv2.resize(picture.astype(np.float32), (w, h), interpolation=cv2.INTER_NEAREST)
            sheet[top : top + h, NAMES + w * i : NAMES + w * (i + 1)] = np.rint(255 * large)
    return sheet


def put(sheet: np.ndarray, text: str, at: tuple[int, int], size: float) -> None:
    """Write black text."""
    cv2.putText(sheet, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (0, 0, 0), 1, cv2.LINE_AA)


def grey(mask: np.ndarray) -> np.ndarray:
    """A silhouette as a picture."""
    return np.repeat(mask[..., None], 3, axis=2).astype(np.float32)


def incomplete_inputs(run: Any, systems: Systems, needs: dict[Need, str]) -> np.ndarray:
    """Frames of incomplete probes seen from the side, below each what the trained anonymizers make of it, uint8 RGB."""
    trained = [name for name in ("model-1", "model-2") if name in run.suite.systems.anonymizer_names]
    rows: list[tuple[str, list[np.ndarray]]] = []
    frames: list[int] = []
    order = sorted((n for n in needs if n.key.angle == SIDE), key=lambda n: digest("sheet", str(n.key)))
    for need in order:
        prepared = load_prepared(run, need, needs[need])
        sequence = prepared.sequence
        if (
            sequence is None
            or prepared.pictures is None
            or "incomplete" not in sets_of_scores(prepared.scores)
        ):
            continue
        frames = [int(i) for i in np.linspace(0, len(sequence.silhouettes) - 1, FRAMES)]
        rows.append((str(need.key), [grey(sequence.silhouettes[i]) for i in frames]))
        for name in trained:
            masks = systems.anonymizer(name).anonymize(
                sequence, draw_noise(run.suite.seed, name, sequence.key)
            )
            rows.append((name, [grey(masks[i]) for i in frames]))
        if len(rows) == INPUTS * (1 + len(trained)):
            break
    return labelled([f"frame {i}" for i in frames], rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the three sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suite", default="standard")
    parser.add_argument("--store", type=Path)
    options = parser.parse_args(arguments)
    run = open_run(options.suite, store=options.store)
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    needs = [n for n in needs_of_role(run, "probe") if n.key.angle in ANGLES]
    anonymizers, colorizers = run.suite.systems.anonymizer_names, run.suite.systems.colorizer_names
    drawn, painted = [], []
    found = prepare_all(run, needs)
    for name, prepared in chosen(run, found):
        sequence, pictures = prepared.sequence, prepared.pictures
        assert sequence is not None and pictures is not None and pictures.rgb is not None
        middle = len(prepared.index) // 2
        at, original = int(prepared.index[middle]), pictures.rgb[middle] / 255.0
        noise = {a: draw_noise(run.suite.seed, a, sequence.key) for a in anonymizers}
        masks = {a: systems.anonymizer(a).anonymize(sequence, noise[a]) for a in anonymizers}
        own = grey(sequence.silhouettes[at])
        drawn.append((name, [original, own, *(grey(masks[a][at]) for a in anonymizers)]))
        shown = masks[anonymizers[0]][prepared.index]
        colours = [paint(systems.colorizer(c), pictures, shown)[middle] for c in colorizers]
        painted.append((name, [original, own, grey(shown[middle]), *colours]))
    options.folder.mkdir(parents=True, exist_ok=True)
    for file, columns, rows in (
        ("anonymizers-sets.png", ["original", "silhouette", *anonymizers], drawn),
        ("colorizers.png", ["original", "silhouette", f"{anonymizers[0]}", *colorizers], painted),
    ):
        write(options.folder / file, labelled(list(columns), rows))
    write(options.folder / "anonymizers.png", incomplete_inputs(run, systems, found))


def write(path: Path, sheet: np.ndarray) -> None:
    """Write a sheet, uint8 RGB, as PNG."""
    cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
