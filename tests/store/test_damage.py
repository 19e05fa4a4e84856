"""A changed byte is noticed, named and mended; what cannot be mended is one line."""

import logging

import numpy as np
import pytest

from gaitbench.errors import ConfigError, DataError, LostArtifactError
from gaitbench.evaluation.run.mending import until_whole
from gaitbench.evaluation.run.setup import open_run
from gaitbench.store import Store
from gaitbench.store.artifact import DamagedError, pack, unpack
from gaitbench.store.keeping import verify

KEY = "ab" * 16
ARRAYS = {
    "x": np.arange(12, dtype=np.float32).reshape(3, 4),
    "empty": np.zeros((0, 2)),
    "one": np.array(True),
}


def test_every_changed_byte_is_noticed_or_changes_nothing():
    data = pack(ARRAYS, {"a": [1, "ä"]})
    noticed = 0
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 1
        try:
            arrays, meta = unpack(bytes(broken))
        except DamagedError:
            noticed += 1
            continue
        assert meta == {"a": [1, "ä"]} and arrays.keys() == ARRAYS.keys()
        for name, array in ARRAYS.items():
            assert arrays[name].dtype == array.dtype and np.array_equal(arrays[name], array)
    assert noticed > 0.95 * len(data)


def test_the_same_artifact_has_the_same_bytes():
    assert len({pack(ARRAYS, {"a": 1}) for _ in range(20)}) == 1


def test_a_changed_value_is_named_and_made_again(tmp_path, caplog):
    store = Store(tmp_path)
    store.save("s", KEY, ARRAYS)
    path = store.path("s", KEY)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 128]))
    with caplog.at_level(logging.WARNING):
        arrays, _, kept = store.get("s", KEY, lambda: (ARRAYS, None))
    assert not kept and np.array_equal(arrays["x"], ARRAYS["x"])
    assert str(path) in caplog.text and "made again" in caplog.text
    assert path.read_bytes() != data[:-1]


def test_changed_metadata_are_noticed_without_the_arrays(tmp_path):
    store = Store(tmp_path)
    store.save("s", KEY, ARRAYS, {"failure": None})
    path = store.path("s", KEY)
    path.write_bytes(path.read_bytes().replace(b"null", b"true"))
    with pytest.raises(KeyError):
        store.load_meta("s", KEY)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_not_kept(tmp_path, value):
    store = Store(tmp_path)
    with pytest.raises(DataError, match=r"features holds 1 of 12 values of x"):
        store.save("features", KEY, {"x": np.where(np.arange(12) == 3, value, 0.0)})
    assert not store.has("features", KEY)
    store.save("distances", KEY, {"values": np.full(3, np.nan)})  # there it means: nothing to look at


def test_a_damaged_artifact_that_cannot_be_removed_is_one_line(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.save("s", KEY, ARRAYS)
    path = store.path("s", KEY)
    path.write_bytes(path.read_bytes()[:-3])

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.unlink", refuse)  # tests may run as root, who may everything
    for read in (store.load, store.load_meta):
        with pytest.raises(ConfigError, match=r"is damaged .* cannot be removed .*GAITBENCH_STORE"):
            read("s", KEY)


def test_what_is_lost_during_a_run_is_made_again(tmp_path, caplog):
    run = open_run("smoke", store=tmp_path / "store", device="cpu")
    tries = []

    def work(own):
        tries.append(own)
        own.store.get("s", KEY, lambda: (ARRAYS, None))
        if len(tries) == 1:  # somebody empties the store
            own.fail("s", "cell", "noted in the first try")
            own.store.path("s", KEY).unlink()
        return own.store.expect("s", KEY)[0]["x"], own.log.failures

    found, failures = until_whole(run, work)
    assert np.array_equal(found, ARRAYS["x"]) and len(tries) == 2 and not failures
    assert "damaged or gone" in caplog.text


def test_a_store_that_is_emptied_again_and_again_is_one_line(tmp_path):
    run = open_run("smoke", store=tmp_path / "store", device="cpu")
    with pytest.raises(ConfigError, match="lost again and again"):
        until_whole(run, lambda own: own.store.expect("s", KEY))


def test_a_lost_artifact_is_no_failure_of_a_sequence(tmp_path):
    """Stages note what fails of the data as identified; a damaged store is no property of the data."""
    from gaitbench.errors import GaitbenchError

    assert not issubclass(LostArtifactError, GaitbenchError)


def test_verify_finds_all_that_is_damaged(tmp_path):
    store = Store(tmp_path)
    for i in range(4):
        store.save("s", f"{i:032x}", ARRAYS)
    for i in (1, 2):
        path = store.path("s", f"{i:032x}")
        path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    found = verify(store)
    assert found.whole == 2 and sorted(p.stem[-1] for p in found.damaged) == ["1", "2"]
    assert verify(store, remove=True).damaged.keys() == found.damaged.keys()
    assert verify(store).whole == 2 and not verify(store).damaged


def test_artifacts_of_another_version_are_told_apart(tmp_path):
    from safetensors.numpy import save

    store = Store(tmp_path)
    path = store.path("s", KEY)
    path.parent.mkdir(parents=True)
    path.write_bytes(save({"x": np.ones(3)}, metadata={"meta": "null"}))
    found = verify(store, remove=True)
    assert (found.whole, found.other, found.damaged) == (0, 1, {}) and path.exists()
    with pytest.raises(KeyError):
        store.load("s", KEY)
