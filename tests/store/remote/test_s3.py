"""The object store against a server that speaks as S3 does."""

import numpy as np
import pytest
from s3_server import BUCKET, s3_server

from gaitbench.errors import UnreachableError
from gaitbench.store import Store
from gaitbench.store.remote import mirror as behind
from gaitbench.store.remote.mirror import Mirror
from gaitbench.store.remote.opening import catch_up

KEY, OTHER = "ab" + "2" * 30, "cd" + "3" * 30
ROWS = {"x": np.arange(5.0)}


@pytest.fixture(scope="module")
def server():
    with s3_server() as one:
        yield one


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(behind, "FIRST_WAIT", 0.0)


def test_what_one_machine_puts_on_s3_another_one_finds(server, tmp_path):
    address = f"s3://{BUCKET}/found"
    Store(tmp_path / "a", Mirror(address)).save("features", KEY, ROWS, {"failed": {}})
    second = Store(tmp_path / "b", Mirror(address))
    assert second.load_meta("features", KEY) == {"failed": {}} and not (tmp_path / "b").exists()
    assert second.load("features", KEY)[0]["x"].tolist() == ROWS["x"].tolist()
    assert not Mirror(f"s3://{BUCKET}/foun").has("features", KEY)


def test_more_than_one_page_of_s3_is_listed(server, tmp_path, monkeypatch):
    import boto3

    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    store = Store(tmp_path, Mirror(f"s3://{BUCKET}/pages"))
    names = [f"{number:032x}" for number in range(5)]
    for name in names:
        store.save("features", name, ROWS)
    assert boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="pages/")["IsTruncated"]
    assert all(Mirror(store.place).has("features", name) for name in names)


def test_a_bucket_that_is_not_there_is_one_line(server, tmp_path):
    with pytest.raises(
        UnreachableError, match=r"s3://no-such-bucket/x is not there .* make the bucket first"
    ):
        Store(tmp_path, Mirror("s3://no-such-bucket/x")).refresh()


def test_a_server_that_goes_is_one_line_and_what_was_made_goes_there_when_it_is_back(server, tmp_path):
    address = f"s3://{BUCKET}/gone"
    store = Store(tmp_path / "a", Mirror(address))
    store.save("features", KEY, ROWS)
    server.stop()
    try:
        with pytest.raises(
            UnreachableError, match=r"cannot be written .*run the same command again"
        ) as caught:
            store.save("features", OTHER, ROWS)
        with pytest.raises(UnreachableError, match="cannot be listed"):
            store.refresh()
    finally:
        server.start()
    assert "a-secret-of-this-test" not in str(caught.value) and "\n" not in str(caught.value)
    assert catch_up(Store(tmp_path / "a", Mirror(address))) == 1
    assert Store(tmp_path / "b", Mirror(address)).has("features", OTHER)
