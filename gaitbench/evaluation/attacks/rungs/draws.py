"""What learning attackers see of training people: each walk under one draw of noise or several."""

from __future__ import annotations

import numpy as np

from gaitbench.evaluation.attacks.features import Features, Rows, as_other_walks, join
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.store import digest

__all__ = ["learnt", "training_draws"]


def training_draws(views: Views, cell: Cell, role: str, reads: str) -> list[Features]:
    """The sequences of a role as the attacked system shows them, once a draw (`attacks.training_draws`).

    Returns
    -------
    list of Features
        Rows of each draw, all in the same order. One draw where another would show the same (nothing is drawn, or the
        output was handed in), and of what colorizers painted.
    """
    found = [views.shown(cell, role, "training", reads)]
    if cell.attack.input != "silhouette" or not views.redraws(cell):
        return found
    for number in range(2, views.run.suite.attacks.training_draws + 1):
        again = views.shown(cell, role, f"training {number}", reads)
        if number == 2 and _same(found[0].x, again.x):
            break
        found.append(again)
    return found


def learnt(views: Views, cell: Cell, role: str, reads: str) -> Features:
    """All draws under each other; a walk under a further draw is a walk of its own."""
    first, *others = training_draws(views, cell, role, reads)
    if not others:
        return first
    more = [as_other_walks(one, f"draw {number}") for number, one in enumerate(others, 2)]
    parts = [first, *more]
    return join([part.usable() for part in parts], digest("draws", [part.digest for part in parts]))


def _same(one: Rows, two: Rows) -> bool:
    """Whether two sets of rows are the same to the bit."""
    return len(one) == len(two) and all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
