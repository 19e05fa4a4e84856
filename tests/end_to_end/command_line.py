"""Calling the command line as a user does, and reading what it wrote."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

#: Subjects that the suite `smoke` uses.
SUBJECTS = "001-006,051-054,081-086"


def gaitbench(*arguments, check=True, **more):
    """Run a verb in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "gaitbench", *map(str, arguments)], capture_output=True, text=True, **more
    )
    if check and done.returncode:
        raise AssertionError(
            f"gaitbench {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
    return done


def tables(folder: Path) -> dict[str, bytes]:
    """Every file of ``tables/`` by name."""
    files = [p for p in sorted((folder / "tables").rglob("*")) if p.is_file()]
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}
    assert found
    return found


def environment_of(folder: Path, store: Path) -> dict[str, str]:
    """An environment in which a shell finds ``gaitbench``, this one, by its name."""
    scripts = folder / "bin"
    scripts.mkdir(exist_ok=True)
    tool = scripts / "gaitbench"
    tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m gaitbench "$@"\n')
    tool.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "GAITBENCH_STORE": str(store),
    }
