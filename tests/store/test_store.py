import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaitbench.errors import ConfigError
from gaitbench.store import Store, default_root


@settings(max_examples=30, deadline=None)
@given(
    hnp.arrays(
        st.sampled_from([np.uint8, np.float32, np.float64, np.bool_, np.int32, np.int64]),
        hnp.array_shapes(min_dims=1, max_dims=3, max_side=4),
    )
)
def test_round_trip(tmp_path_factory, array):
    store = Store(tmp_path_factory.mktemp("store"))
    store.save("s", "k" * 32, {"a": array}, {"note": ["é", 1, None]})
    arrays, meta = store.load("s", "k" * 32)
    assert arrays["a"].dtype == array.dtype
    np.testing.assert_array_equal(arrays["a"], array)
    assert meta == {"note": ["é", 1, None]}


def test_non_contiguous_arrays_keep_their_values(tmp_path):
    store = Store(tmp_path)
    a = np.arange(12).reshape(3, 4).T
    store.save("s", "key", {"a": a})
    np.testing.assert_array_equal(store.load("s", "key")[0]["a"], a)


def test_get_makes_once(tmp_path):
    store, calls = Store(tmp_path), []

    def make():
        calls.append(1)
        return {"a": np.ones(2)}, {"n": 1}

    assert store.get("s", "key", make)[2] is False
    arrays, meta, cached = store.get("s", "key", make)
    assert cached and len(calls) == 1 and meta == {"n": 1} and arrays["a"].sum() == 2


def test_artifact_without_arrays(tmp_path):
    store = Store(tmp_path)
    store.save("s", "key", {}, ["only", "meta"])
    assert store.load("s", "key") == ({}, ["only", "meta"])


@pytest.mark.parametrize("damage", [b"", b"\x00" * 4, b"not safetensors at all, but long enough", "half"])
def test_damaged_artifact_is_removed_and_made_again(tmp_path, damage):
    store = Store(tmp_path)
    store.save("s", "key", {"a": np.ones(50)}, None)
    path = store.path("s", "key")
    path.write_bytes(path.read_bytes()[:100] if damage == "half" else damage)
    with pytest.raises(KeyError):
        store.load("s", "key")
    assert not path.exists()
    assert store.get("s", "key", lambda: ({"a": np.zeros(1)}, None))[2] is False


def test_interrupted_writing_leaves_nothing(tmp_path, monkeypatch):
    store = Store(tmp_path)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", stop)
    with pytest.raises(KeyboardInterrupt):
        store.save("s", "key", {"a": np.ones(3)})
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_unwritable_store_says_the_way_out(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="GAITBENCH_STORE"):
        Store(tmp_path / "file").save("s", "key", {"a": np.ones(1)})


def test_default_root_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("GAITBENCH_STORE", str(tmp_path))
    assert default_root() == tmp_path
    monkeypatch.delenv("GAITBENCH_STORE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_root() == tmp_path / "gaitbench"
