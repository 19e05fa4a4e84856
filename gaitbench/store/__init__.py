"""Artifacts of a run, kept under a hash of everything they depend on."""

from gaitbench.store.hashing import code_digest, digest
from gaitbench.store.store import Store, default_root

__all__ = ["Store", "code_digest", "default_root", "digest"]
