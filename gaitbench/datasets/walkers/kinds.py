"""Which walkers are meant: the plain ones, uneven ones, or the plain ones on another film."""

from __future__ import annotations

from typing import Any

from gaitbench.datasets.walkers.dataset import Walkers
from gaitbench.datasets.walkers.films.dataset import FilmedWalkers
from gaitbench.datasets.walkers.uneven.dataset import UnevenWalkers
from gaitbench.errors import ConfigError
from gaitbench.protocol import WALKER_KINDS

__all__ = ["walkers_of"]


def walkers_of(kind: str = "", film: str = "", **made_of: Any) -> Walkers:
    """The embedded walkers of a kind, on a film.

    Parameters
    ----------
    kind : str
        One of `gaitbench.protocol.WALKER_KINDS`; the plain ones if it is empty.
    film : str
        One of `gaitbench.datasets.walkers.films.FILMS`; the usual one if it is empty.
    **made_of
        As of `Walkers`: seed, subjects, length, fps.

    Raises
    ------
    ConfigError
        If there is no such kind or film, or if both are asked for.
    """
    if kind and kind not in WALKER_KINDS:
        raise ConfigError(f"walkers: no kind {kind!r}; there are {', '.join(WALKER_KINDS)}")
    if kind and film:
        raise ConfigError(
            f"walkers: {kind} ones are on the usual film alone, and film {film!r} was asked for; leave one of them out"
        )
    if film:
        return FilmedWalkers(film, **made_of)
    return UnevenWalkers(**made_of) if kind else Walkers(**made_of)
