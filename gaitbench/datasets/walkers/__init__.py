"""Embedded walkers: people from measured body sizes and gait curves, rendered as eleven cameras film them.

Their clothes, bags, coats, scenes and the spread between walks are ours; body sizes and joint angles follow
measured statistics (``data/README.md``). See ``docs/walkers.md``.
"""

from gaitbench.datasets.walkers.dataset import RENDER_VERSION, Annotations, Walkers
from gaitbench.datasets.walkers.figures.figure import PARTS
from gaitbench.datasets.walkers.sheets import contact_sheet

__all__ = ["PARTS", "RENDER_VERSION", "Annotations", "Walkers", "contact_sheet"]
