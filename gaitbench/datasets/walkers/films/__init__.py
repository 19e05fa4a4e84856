"""Walkers on film that is hard to cut people out of: grey, small and compressed, in a hall that shines. Ours.

The people, their walks and what is true of them are those of `gaitbench.datasets.walkers`; the film alone differs.
"""

from gaitbench.datasets.walkers.films.dataset import FILMS, FilmedWalkers

__all__ = ["FILMS", "FilmedWalkers"]
