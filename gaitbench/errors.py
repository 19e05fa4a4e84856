"""Errors that a user can mend: one line that says what, where and the way out."""

from __future__ import annotations

__all__ = ["ConfigError", "DataError", "GaitbenchError", "ModelError"]


class GaitbenchError(Exception):
    """Base of all errors that the command line prints as one line, without a traceback.

    The message is one sentence or two: what is wrong, where, and what to do about it.
    """


class ConfigError(GaitbenchError):
    """A suite, an option or a name is wrong (unknown suite, angle, device, anonymizer, ...)."""


class DataError(GaitbenchError):
    """The data on disk is missing, unreadable or contradicts itself."""


class ModelError(GaitbenchError):
    """A model file is of another version, truncated, foreign, or its training failed."""
