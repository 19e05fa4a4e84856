"""Suites: what a run does, written down as TOML and checked before anything starts."""

from gaitbench.suites.suite import Suite, load_suite, suite_names

__all__ = ["Suite", "load_suite", "suite_names"]
