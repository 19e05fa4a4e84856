"""One smoke run from nothing, shared by all end-to-end tests of a session."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SUBJECTS = "001-008,051-054,081-086"


def gaitbench(*arguments, check=True, **more):
    done = subprocess.run(
        [sys.executable, "-m", "gaitbench", *map(str, arguments)], capture_output=True, text=True, **more
    )
    if check and done.returncode:
        raise AssertionError(f"gaitbench {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def tables(folder: Path) -> dict[str, bytes]:
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted((folder / "tables").iterdir())}
    assert found
    return found


@pytest.fixture(scope="session")
def smoke(tmp_path_factory):
    """Folder with ``store`` and ``out`` of a run of `smoke` from nothing."""
    folder = tmp_path_factory.mktemp("smoke")
    gaitbench("run-all", "--suite", "smoke", "--store", folder / "store", "--output", folder / "out", "--quiet", cwd=folder)
    return folder


@pytest.fixture(scope="session")
def record(smoke):
    return json.loads((smoke / "out" / "run.json").read_text(encoding="utf-8"))


