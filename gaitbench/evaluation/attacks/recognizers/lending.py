"""Recognizers that attack with a part of an anonymizer: which one, and handing it over."""

from __future__ import annotations

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.systems import Borrower, Recognizer

__all__ = ["lend", "lender_key"]


def lend(systems: Systems | None, model: Recognizer, who: str) -> None:
    """Give a recognizer the trained anonymizer that it attacks with; nothing to most.

    Parameters
    ----------
    systems : Systems or None
        Of the run.
    model : Recognizer
    who : str
        The recognizer's name, for messages.

    Raises
    ------
    GaitbenchError
        If there is no such anonymizer, it cannot be trained, or it has not what the recognizer needs.
    """
    if isinstance(model, Borrower):
        anonymizer = _there(systems, who).anonymizer(
            model.system
        )  # trained under a stage and a name of its own
        with guarded(f"recognizer {who}"):
            model.borrow(anonymizer)


def lender_key(systems: Systems | None, model: Recognizer, who: str) -> str | None:
    """Content hash of the anonymizer that a recognizer attacks with; None for most."""
    return _there(systems, who).anonymizer_key(model.system) if isinstance(model, Borrower) else None


def _there(systems: Systems | None, who: str) -> Systems:
    if systems is None:
        raise GaitbenchError(f"recognizer {who} attacks with a part of an anonymizer, and there is none here")
    return systems
