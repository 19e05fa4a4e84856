"""Tables, figures and the page of a run, made from its record and its picture samples alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gaitbench.reporting.report import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> Any:
    if name != "write_report":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gaitbench.reporting.report import write_report

    return write_report
