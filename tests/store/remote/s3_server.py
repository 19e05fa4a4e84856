"""A server that speaks as S3 does, on this machine, with a bucket in it."""

import contextlib
import logging
import os

import pytest

#: Where clients find it, and credentials that it takes.
BUCKET = "gaits"


@contextlib.contextmanager
def s3_server():
    """Give a server that can be stopped and started again on its port; what it holds stays."""
    server = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("s3fs")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    one = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    one.start()
    host, one._port = one.get_host_and_port()
    one.at = f"http://{host}:{one._port}"
    try:
        with given(one.at):
            boto3.client("s3").create_bucket(Bucket=BUCKET)
            yield one
    finally:
        with contextlib.suppress(Exception):
            one.stop()


@contextlib.contextmanager
def given(at):
    """Let clients of this process and of those that it starts find the server."""
    new = {
        "AWS_ENDPOINT_URL": at, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "a-secret-of-this-test",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    old = {name: os.environ.get(name) for name in new}
    os.environ.update(new)
    try:
        yield
    finally:
        for name, value in old.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
