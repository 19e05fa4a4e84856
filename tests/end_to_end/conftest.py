"""One smoke run from nothing, shared by all end-to-end tests of a session."""

import json

import pytest
from command_line import gaitbench


@pytest.fixture(scope="session")
def smoke(tmp_path_factory):
    """Folder with ``store`` and ``out`` of a run of `smoke` from nothing."""
    folder = tmp_path_factory.mktemp("smoke")
    gaitbench(
        "run-all",
        "--suite",
        "smoke",
        "--store",
        folder / "store",
        "--output",
        folder / "out",
        "--quiet",
        cwd=folder,
    )
    return folder


@pytest.fixture(scope="session")
def record(smoke):
    """The record of that run."""
    return json.loads((smoke / "out" / "run.json").read_text(encoding="utf-8"))
