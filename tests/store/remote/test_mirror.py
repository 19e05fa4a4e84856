"""A folder in front of an object store: what goes there, what comes from there, and what happens when it is gone."""

import pickle
import uuid

import fsspec
import numpy as np
import pytest

from gaitbench.errors import ConfigError, UnreachableError
from gaitbench.store import Store, default_root
from gaitbench.store.claims import Claims
from gaitbench.store.remote import mirror as behind
from gaitbench.store.remote.address import cache_of, is_address
from gaitbench.store.remote.mirror import Mirror
from gaitbench.store.remote.opening import catch_up, open_store

KEY, OTHER = "ab" + "0" * 30, "cd" + "1" * 30
ROWS = {"x": np.arange(6.0)}


@pytest.fixture(params=["memory", "file"])
def address(request, tmp_path):
    return f"{request.param}://{tmp_path / 'far'}/{uuid.uuid4().hex}"


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch):
    monkeypatch.setattr(behind, "FIRST_WAIT", 0.0)


def test_what_one_cache_has_made_another_one_finds(address, tmp_path):
    first = Store(tmp_path / "a", Mirror(address))
    first.save("features", KEY, ROWS, {"failed": "none"})
    second = Store(tmp_path / "b", Mirror(address))
    assert second.has("features", KEY) and not second.has("features", OTHER)
    assert second.load_meta("features", KEY) == {"failed": "none"}
    assert not (tmp_path / "b").exists()  # what is said of it is read where it is
    arrays, meta = second.load("features", KEY)
    assert arrays["x"].tolist() == ROWS["x"].tolist() and meta == {"failed": "none"}
    assert second.path("features", KEY).read_bytes() == first.path("features", KEY).read_bytes()


def test_a_long_header_is_read_whole(address, tmp_path):
    meta = {"text": "x" * 3 * behind._HEAD}
    Store(tmp_path / "a", Mirror(address)).save("features", KEY, ROWS, meta)
    assert Store(tmp_path / "b", Mirror(address)).load_meta("features", KEY) == meta


def test_what_others_make_later_is_heard_when_it_is_asked_for(address, tmp_path):
    first, second = (Store(tmp_path / name, Mirror(address)) for name in "ab")
    assert not second.has("features", KEY)
    first.save("features", KEY, ROWS)
    second.refresh(older_than=60.0)
    assert not second.has("features", KEY)
    with pytest.raises(KeyError):
        second.load("features", KEY)
    second.refresh()
    assert second.has("features", KEY)


def test_what_begins_with_a_dot_stays_here(address, tmp_path):
    store = Store(tmp_path / "a", Mirror(address))
    with Claims(store) as claims:
        assert claims.take("0" * 32) is not None
        (tmp_path / "a" / "features" / "ab").mkdir(parents=True)
        (tmp_path / "a" / "features" / "ab" / f".{KEY}.safetensors.1.part").write_bytes(b"half")
        store.save("features", KEY, ROWS)
        assert catch_up(store) == 0
    client, root = fsspec.url_to_fs(address)
    assert [name.removeprefix(root) for name in client.find(root)] == [f"/features/ab/{KEY}.safetensors"]


def test_what_was_made_while_it_was_gone_goes_there_later(address, tmp_path, caplog):
    Store(tmp_path / "a").save("features", KEY, ROWS)
    Store(tmp_path / "a").save("features", OTHER, ROWS)
    damaged = Store(tmp_path / "a").path("features", OTHER)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    store = Store(tmp_path / "a", Mirror(address))
    assert catch_up(store) == 1 and catch_up(store) == 0
    assert "does not leave the cache" in caplog.text
    store = Store(tmp_path / "b", Mirror(address))
    assert store.has("features", KEY) and not store.has("features", OTHER)


@pytest.mark.parametrize("ask", ["load", "load_meta"])
def test_what_is_damaged_there_goes_and_is_made_again(address, tmp_path, caplog, ask):
    Store(tmp_path / "a", Mirror(address)).save("features", KEY, ROWS)
    client, root = fsspec.url_to_fs(address)
    place = f"{root}/features/ab/{KEY}.safetensors"
    client.pipe_file(place, client.cat_file(place)[:-9])
    store = Store(tmp_path / "b", Mirror(address))
    with pytest.raises(KeyError):
        getattr(store, ask)("features", KEY)
    assert "it is made again" in caplog.text and not client.exists(place) and not store.has("features", KEY)
    assert not (tmp_path / "b").exists()
    store.save("features", KEY, ROWS)
    assert Store(tmp_path / "c", Mirror(address)).load("features", KEY)[0]["x"].tolist() == ROWS["x"].tolist()


def test_what_somebody_has_removed_there_is_not_there(address, tmp_path):
    Store(tmp_path / "a", Mirror(address)).save("features", KEY, ROWS)
    store = Store(tmp_path / "b", Mirror(address))
    assert store.has("features", KEY)
    client, root = fsspec.url_to_fs(address)
    client.rm(root, recursive=True)
    with pytest.raises(KeyError):
        store.load("features", KEY)
    assert not store.has("features", KEY)


class Broken:
    """A client that fails some times, and then does what another one does."""

    def __init__(self, client, times, error):
        self.client, self.left, self.error = client, times, error

    def __getattr__(self, name):
        found = getattr(self.client, name)
        if name == "transaction" or not callable(found):
            return found

        def called(*args, **kwargs):
            if self.left and name != "invalidate_cache":
                self.left -= 1
                raise self.error
            return found(*args, **kwargs)

        return called


def broken(address, times, error):
    found = Mirror(address)
    client, root = found._opened
    found.__dict__["_opened"] = Broken(client, times, error), root
    return found


def test_a_network_that_comes_back_is_waited_for(address, tmp_path):
    store = Store(tmp_path / "a", broken(address, behind.TRIES - 1, OSError("no route")))
    store.save("features", KEY, ROWS)
    assert Store(tmp_path / "b", Mirror(address)).has("features", KEY)


@pytest.mark.parametrize(
    "error, said",
    [(OSError("no route\nto host"), "OSError: no route to host; tried 4 times"),
     (PermissionError("Access Denied"), "PermissionError: Access Denied; mend the credentials of its client")],
)  # fmt: skip
def test_a_network_that_stays_away_is_one_line_and_nothing_is_lost(address, tmp_path, error, said):
    mirror = broken(address, 0, error)
    mirror.refresh()
    mirror._opened[0].left = 99
    store = Store(tmp_path / "a", mirror)
    with pytest.raises(UnreachableError) as caught:
        store.save("features", KEY, ROWS)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert mirror._opened[0].left == 99 - (1 if isinstance(error, PermissionError) else behind.TRIES)
    again = Store(tmp_path / "a", Mirror(address))
    assert catch_up(again) == 1


def test_a_worker_gets_the_names_alone_and_lists_once(address, tmp_path):
    store = Store(tmp_path / "a", Mirror(address))
    store.save("features", KEY, ROWS)
    sent = pickle.dumps(store)
    assert KEY.encode() not in sent
    one, two = pickle.loads(sent), pickle.loads(sent)
    assert one.mirror is two.mirror is not store.mirror and one.has("features", KEY) and one.place == address


def test_an_address_has_a_cache_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("GAITBENCH_STORE_CACHE", str(tmp_path))
    monkeypatch.setenv("GAITBENCH_STORE", "memory://one/two/")
    assert open_store().place == "memory://one/two" and open_store().root == default_root()
    assert open_store().root.parent == tmp_path and open_store().root.name.startswith("memory-one-two-")
    assert cache_of("memory://one/two") != cache_of("memory://one-two")
    assert open_store(tmp_path).mirror is None and open_store(str(tmp_path)).mirror is None
    assert not is_address(r"C:\stores") and not is_address("/a/b") and is_address("s3://a")
    with pytest.raises(ConfigError, match=r"ftp://\.\.\. of the store holds a name or password") as caught:
        open_store("ftp://me:secret@host/x")
    assert "secret" not in str(caught.value)


def test_an_address_without_a_client_is_one_line(tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match="--store nosuch://a cannot be opened"):
        Store(tmp_path, Mirror("nosuch://a")).has("features", KEY)
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(ConfigError, match=r"needs a package that is not here .*install gaitbench\[s3\]"):
        Store(tmp_path, Mirror("s3://a")).has("features", KEY)
