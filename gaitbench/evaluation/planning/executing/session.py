"""What stays open in a worker process between two tasks, and what the front asks of a worker before it begins."""

from __future__ import annotations

import hashlib
import sys
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import gaitbench
import recognizer
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.planning.doing import Doer
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.task import Artifact, Plan
from gaitbench.results.provenance import library_versions
from gaitbench.store import digest

__all__ = ["Identity", "OtherKeysError", "code_hash", "do_named", "identity_of", "introduce"]

#: One task at a time in a process: what numpy and OpenCV compute may not depend on what runs beside them.
_ONE = threading.Lock()


class OtherKeysError(Exception):
    """A worker would keep what a task makes under other keys: its code, its data or its libraries are others."""


@dataclass(frozen=True)
class Identity:
    """What has to be the same in all processes of a run."""

    version: str
    code: str
    python: str
    libraries: dict[str, str] = field(default_factory=dict)

    def differs_in(self, other: Identity) -> str:
        """What differs, in words; "" where nothing does."""
        if self.version != other.version:
            return f"it has gaitbench {other.version}, this process {self.version}"
        if self.code != other.code:
            return f"its code of gaitbench {other.version} is another (hash {other.code[:8]}, not {self.code[:8]})"
        if self.python != other.python:
            return f"it runs Python {other.python}, this process {self.python}"
        for name in sorted({*self.libraries, *other.libraries}):
            here, there = self.libraries.get(name, "none"), other.libraries.get(name, "none")
            if here != there:
                return f"it has {name} {there}, this process {here}"
        return ""


@cache
def code_hash() -> str:
    """Hash of all source files of this package and the recognizer's."""
    found = []
    for package in (gaitbench, recognizer):
        top = Path(str(package.__file__)).parent
        for file in sorted(top.rglob("*.py")):
            found.append([package.__name__, file.relative_to(top).as_posix(), _sha(file)])
    return digest(found)


def _sha(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def identity_of() -> Identity:
    """Of this process."""
    return Identity(
        gaitbench.__version__, code_hash(), ".".join(map(str, sys.version_info[:2])), library_versions()
    )


def introduce(store: str, token: str, answer: str) -> tuple[Identity, str]:
    """Tell who this process is, and whether it sees the store (runs in a worker).

    Parameters
    ----------
    store : str
        Root of the store.
    token : str
        Name of a file there that the front has just written, with `answer` in it; a second one is written beside it.

    Returns
    -------
    identity : Identity
    trouble : str
        Why the store cannot be used from here; "" where it can.
    """
    here = Path(store) / token
    try:
        if here.read_text("utf-8") != answer:
            return identity_of(), f"{store} is another folder there"
        here.with_name(f"{token}.back").write_text(answer, "utf-8")
    except OSError as error:
        return identity_of(), f"{store} cannot be used there ({error.strerror or error})"
    return identity_of(), ""


@dataclass
class _Session:
    doer: Doer
    plan: Plan
    pictures: bool


_OPEN: dict[str, _Session] = {}


def do_named(
    request: Request, pictures: bool, name: str, makes: tuple[Artifact, ...], known: bool, *needs: object
) -> list[tuple[str, str, str]]:
    """Do a task of a run by its name (runs in a worker); what failed, as stage, cell and message.

    Parameters
    ----------
    makes : tuple of (str, str)
        Keys by the front's plan.
    known : bool
        Whether those are sure.
    *needs
        What the tasks before this one returned; nobody looks at it.

    Raises
    ------
    OtherKeysError
        If this process has other keys for the task.
    """
    with _ONE:
        place = digest(repr(request))
        if place not in _OPEN:
            _OPEN.clear()  # one run at a time
            run = request.open()
            _OPEN[place] = _Session(Doer(run), plan_of(run, pictures=pictures), pictures)
        session = _OPEN[place]
        task = session.plan.by_name.get(name)
        if task is None or (known and task.makes != makes):
            # by now more is there to plan with
            session.plan = plan_of(session.doer.run, pictures=pictures)
            task = session.plan.by_name.get(name)
        if task is None or (known and task.known and task.makes != makes):
            raise OtherKeysError(name)
        if task.known and all(session.doer.run.store.has(*artifact) for artifact in task.makes):
            return []
        try:
            return [(f.stage, f.cell, f.message) for f in session.doer.do(task)]
        except GaitbenchError as error:
            return [(task.kind, task.name, str(error))]
