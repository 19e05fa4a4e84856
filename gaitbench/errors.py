"""Errors that a user can mend: one line that says what, where and the way out."""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "DataError",
    "GaitbenchError",
    "LostArtifactError",
    "ModelError",
    "UnreachableError",
]


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


class LostArtifactError(Exception):
    """An artifact that a run counted on is damaged or gone; the run makes it again from the start.

    No `GaitbenchError`, for a stage that notes those as failures of a sequence would let the damage into its figures.
    """


class UnreachableError(Exception):
    """The object store behind the cache cannot be reached, after several tries; the run ends with one line.

    No `GaitbenchError`, for a stage that notes those as failed cells would go on and ask again.
    """
