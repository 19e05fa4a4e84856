"""Suites: what a run does, written down as TOML and checked before anything starts."""

from gaitbench.suites.reading import load_suite, suite_names
from gaitbench.suites.suite import Suite

__all__ = ["Suite", "load_suite", "suite_names"]
