"""Metadata can be read alone, and a file that is cut off is found out without reading its arrays."""

import numpy as np
import pytest

from gaitbench.store import Store


def test_metadata_alone_equals_metadata_with_the_arrays(tmp_path):
    store = Store(tmp_path)
    store.save("s", "k" * 16, {"x": np.arange(5)}, {"a": ["ä", 1]})
    assert store.load_meta("s", "k" * 16) == store.load("s", "k" * 16)[1] == {"a": ["ä", 1]}
    with pytest.raises(KeyError):
        store.load_meta("s", "missing-key")


@pytest.mark.parametrize("cut", [0, 4, 20, -1])
def test_a_damaged_file_is_removed(tmp_path, cut):
    store = Store(tmp_path)
    store.save("s", "k" * 16, {"x": np.arange(5)}, {})
    path = store.path("s", "k" * 16)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(KeyError):
        store.load_meta("s", "k" * 16)
    assert not path.exists()
