"""One BLAS thread: how many share a product changes its last bits, and here bits decide pixels."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from gaitbench.processes import one_blas_thread

__all__ = ["one_thread"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def one_thread(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run `function` with single-threaded BLAS, whatever OMP_NUM_THREADS says."""

    @wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with one_blas_thread():
            return function(*args, **kwargs)

    return run
