"""The bundled model: `RobustVTM`, trained on the fifty training people of gaitbench's embedded walkers.

The files lie beside this module as package data; how they were made, on what, and what they can do stands in their
card. ``python -m gaitbench.making.bundled_recognizer`` makes them again.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

from recognizer.attackers.robust_vtm import RobustVTM
from recognizer.serialization import ModelFileError, load_attacker, read_card

__all__ = ["load_pretrained", "pretrained_card"]

NAME = "robust-vtm"


def load_pretrained() -> RobustVTM:
    """The bundled `RobustVTM`, fitted, without a gallery: enroll one and ask for names.

    Its samples are gait energy images of 64 x 44 pixels, seen from 0, 18, ..., 180 degrees.

    Raises
    ------
    ModelFileError
        If the package data are missing or damaged.

    Examples
    --------
    >>> load_pretrained().n_features_in_
    2816
    """
    with as_file(files("recognizer.pretrained")) as folder:
        attacker = load_attacker(folder / NAME)
    if not isinstance(attacker, RobustVTM):
        raise ModelFileError(f"the bundled model is a {attacker.name}; install the package again")
    return attacker


def pretrained_card() -> dict[str, Any]:
    """What the bundled model was trained on, with which seed, and its rank-1 on the test people."""
    with as_file(files("recognizer.pretrained")) as folder:
        return read_card(folder / NAME)
