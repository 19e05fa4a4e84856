"""Artifacts of a run, kept under a hash of everything they depend on."""

from gaitbench.store.closure import closure_digest
from gaitbench.store.hashing import digest
from gaitbench.store.store import Store, default_root

__all__ = ["Store", "closure_digest", "default_root", "digest"]
