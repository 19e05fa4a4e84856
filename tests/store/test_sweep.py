"""What killed processes leave in the store is removed after a day, and only that."""

import os
import time

import numpy as np

from gaitbench.evaluation.run.setup import open_run
from gaitbench.store import Store


def test_old_unfinished_files_go(tmp_path):
    store = Store(tmp_path / "store")
    assert store.sweep() == []  # nothing there yet, not even the folder
    store.save("sequences", "ab" * 16, {"x": np.arange(3)})
    folder = store.path("sequences", "ab" * 16).parent
    old, young = folder / "tmpold.part", folder / "tmpyoung.part"
    for part in (old, young):
        part.write_bytes(b"half")
    before = time.time() - 90000
    for file in (old, store.path("sequences", "ab" * 16)):
        os.utime(file, (before, before))
    open_run("smoke", store=tmp_path / "store", device="cpu")
    assert not old.exists() and young.exists() and store.has("sequences", "ab" * 16)
    assert store.sweep(older_than=-1.0) == [young] and not young.exists()
