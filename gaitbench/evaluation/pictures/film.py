"""One walk through every system of a suite, side by side as the frames of a film."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need, needs_of_role
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.stages.checked import checked_masks
from gaitbench.evaluation.stages.paint import paint, to_bytes
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems

__all__ = ["frames_of", "side_by_side"]

#: Pixels between two panels.
_GAP = 6
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def _caption(text: str, width: int, height: int) -> NDArray[np.uint8]:
    """White words on dark grey, as large as fits the width, in ASCII (what the font has)."""
    strip = np.full((height, width, 3), 32, np.uint8)
    shown = text.encode("ascii", "replace").decode("ascii")
    (wide, tall), _ = cv2.getTextSize(shown, _FONT, 1.0, 1)
    scale = min(0.9 * width / max(wide, 1), 0.42 * height / max(tall, 1))
    (wide, tall), _ = cv2.getTextSize(shown, _FONT, scale, 1)
    place = ((width - wide) // 2, (height + tall) // 2)
    cv2.putText(strip, shown, place, _FONT, scale, (235, 235, 235), 1, cv2.LINE_AA)
    return strip


def side_by_side(
    systems: Mapping[str, NDArray[np.uint8]], *, title: str = "", scale: int | None = None
) -> NDArray[np.uint8]:
    """Frames of several systems beside each other, each under its name.

    Parameters
    ----------
    systems : mapping of str to uint8 array (T, h, w, 3) or (T, h, w)
        Name -> RGB or grey frames; all of one shape (T, h, w).
    title : str
        A line over everything.
    scale : int, optional
        Whole enlargement of the pixels; by default so that a frame is at least 240 pixels high.

    Returns
    -------
    uint8 array (T, H, W, 3)
        `H` and `W` are even, as H.264 wants them.

    Raises
    ------
    DataError
        If there is nothing to show, or the shapes differ.
    """
    if not systems:
        raise DataError("a film needs at least one system")
    frames = {
        name: one if one.ndim == 4 else np.repeat(one[..., None], 3, 3) for name, one in systems.items()
    }
    shapes = {name: one.shape for name, one in frames.items()}
    if len(set(shapes.values())) > 1 or not all(min(shape) > 0 for shape in shapes.values()):
        told = ", ".join(f"{name} {'x'.join(map(str, shape))}" for name, shape in shapes.items())
        raise DataError(f"the frames of a film must be of one shape and not empty: {told}")
    count, height, width, _ = next(iter(shapes.values()))
    scale = scale or max(1, -(-240 // height))
    panel_h, panel_w, band = height * scale, width * scale, max(20, 14 * scale // 2)
    total_w = len(frames) * (panel_w + _GAP) + _GAP
    top = band if title else 0
    total_h = top + band + panel_h + _GAP
    film = np.full((count, total_h + total_h % 2, total_w + total_w % 2, 3), 32, np.uint8)
    if title:
        film[:, :top, :total_w] = _caption(title, total_w, top)
    for number, (name, pictures) in enumerate(frames.items()):
        left = _GAP + number * (panel_w + _GAP)
        film[:, top : top + band, left : left + panel_w] = _caption(name, panel_w, band)
        film[:, top + band : top + band + panel_h, left : left + panel_w] = pictures.repeat(scale, 1).repeat(
            scale, 2
        )
    return film


def frames_of(run: RunContext, key: SequenceKey) -> dict[str, NDArray[np.uint8]]:
    """Every system's frames of one walk, in the order in which they are shown.

    Returns
    -------
    dict of str to uint8 array (T, h, w, 3) or (T, h, w)
        The original, the binary silhouettes of the suite's first anonymizer, and what each colorizer painted.

    Raises
    ------
    DataError
        If the sequence cannot be read or has no pictures.
    """
    need, training = Need(key, -1), needs_of_role(run, "models")
    stored = prepare_all(run, [need, *training])
    prepared = load_prepared(run, need, stored[need])
    walk = prepared.pictures
    if walk is None or walk.rgb is None:
        why = prepared.failure or "the data hold silhouettes alone, no pictures"
        raise DataError(f"{key} cannot be shown: {why}")
    systems = Systems(run, {one: stored[one] for one in training})
    name = run.suite.systems.anonymizer_names[0]
    noise = draw_noise(run.suite.seed, name, key, level=run.suite.systems.noise)
    masks = checked_masks(systems.anonymizer(name), name, walk, noise)
    frames = {"original": walk.rgb, "binary anonymized": np.where(masks, np.uint8(255), np.uint8(0))}
    for colorizer in run.suite.systems.colorizer_names:
        frames[colorizer] = to_bytes(paint(systems.colorizer(colorizer), walk, masks))
    return frames
