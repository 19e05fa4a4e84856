"""Walkers whose left and right differ as people's do, filmed by cameras that do not stand on an exact arc."""

from gaitbench.datasets.walkers.uneven.amounts import AMOUNTS, Amounts
from gaitbench.datasets.walkers.uneven.dataset import UnevenWalkers

__all__ = ["AMOUNTS", "Amounts", "UnevenWalkers"]
