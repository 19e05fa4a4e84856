"""Claims: which process works at what, told by files in a folder that several machines see.

A claim is a file that is made in one step, or not at all; who holds it touches it again and again. A claim that was not
touched for some time belongs to a process that is gone, and is taken over. Times are those of the file server alone, so
that the machines' clocks do not matter. Two who hold one claim after all (a process that slept through its time) make
the same artifact twice, which harms nothing: artifacts have the names of what they are made from, and are renamed when
they are whole.

Lock libraries hold what the system holds for them, which network file systems often do not; and none of them tells a
process that is gone on another machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gaitbench.errors import ConfigError
from gaitbench.store.atomic import sweep_parts
from gaitbench.store.store import Store

__all__ = ["Claim", "Claims"]

_FOLDER = ".claims"
#: Seconds after which tries are forgotten: by then somebody has mended what ended those processes.
_FORGOTTEN = 3600.0


@dataclass(frozen=True)
class Claim:
    """A claim that this process holds.

    Parameters
    ----------
    name : str
        32 hex digits: what is worked at.
    path : Path
    token : str
        Tells this claim from every other one of that name.
    tries : int
        How many processes before this one were gone before they gave it back.
    """

    name: str
    path: Path
    token: str
    tries: int


class Claims:
    """The claims on a store, with a heartbeat for those that this process holds.

    Parameters
    ----------
    store : Store
    beat : float
        Seconds between two touches.
    stale : float
        Seconds after which a claim that nobody touched is taken over.
    """

    def __init__(self, store: Store, *, beat: float = 10.0, stale: float = 60.0) -> None:
        if stale < 3 * beat:
            raise ConfigError(
                f"a claim that is stale after {stale:g} s must be touched every {stale / 3:g} s or less"
            )
        self.folder = store.root / _FOLDER
        self.beat = beat
        self.stale = stale
        self._held: dict[str, Claim] = {}
        #: This machine's time and the file server's, when both were last looked at.
        self._clock: tuple[float, float] | None = None
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._who = {"host": socket.gethostname(), "pid": os.getpid(), "space": _process_space()}

    def __enter__(self) -> Claims:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"the store at {self.folder.parent} cannot be written ({error.strerror or error}), and who works at "
                "what is noted there; make it writable"
            ) from error
        sweep_parts(self.folder)
        threading.Thread(target=self._beat, name="claims", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for claim in list(self._held.values()):
            self.give_back(claim)

    def take(self, name: str) -> Claim | None:
        """Take a claim; None where another process holds it.

        Raises
        ------
        ConfigError
            If the folder cannot be written.
        """
        path, tries = self.folder / name, 0
        try:
            there = self._read(path)
            if there is not None:
                if not self._is_stale(path, there):
                    return None
                try:
                    tries = self._take_away(path, there)
                except FileNotFoundError:  # another was faster
                    return None
                if tries < 0:
                    return None
            claim = Claim(name, path, secrets.token_hex(8), tries)
            text = json.dumps({**self._who, "token": claim.token, "tries": tries})
            if not _create(path, text.encode()):
                return None
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be written ({error.strerror or error}); make the store writable"
            ) from error
        with self._lock:
            self._held[name] = claim
        return claim

    def give_back(self, claim: Claim) -> None:
        """End a claim, unless somebody has taken it over."""
        with self._lock:
            self._held.pop(claim.name, None)
        with contextlib.suppress(OSError):
            there = self._read(claim.path)
            if there is not None and there.get("token") == claim.token:
                claim.path.unlink(missing_ok=True)

    def leave(self, claim: Claim) -> None:
        """Let a claim grow stale: whoever takes it over hears of its tries, for an hour."""
        with self._lock:
            self._held.pop(claim.name, None)

    def held(self) -> Iterator[tuple[str, str]]:
        """Claims that are not stale, with who holds each."""
        for path in sorted(self.folder.glob("[0-9a-f]*")):
            with contextlib.suppress(OSError):
                there = self._read(path)
                if there is not None and not self._is_stale(path, there):
                    yield path.name, f"{there.get('host')}, process {there.get('pid')}"

    def _read(self, path: Path) -> dict[str, object] | None:
        """What stands in a claim; None where there is none. Of one that is damaged, nothing."""
        try:
            found = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _is_stale(self, path: Path, there: dict[str, object]) -> bool:
        if there.get("host") == self._who["host"] and there.get("space") == self._who["space"]:
            pid = there.get("pid")
            if isinstance(pid, int) and pid != os.getpid() and not _is_there(pid):
                return True
        try:
            return self._now() - path.stat().st_mtime > self.stale
        except FileNotFoundError:
            return False

    def _now(self) -> float:
        """The file server's time: that of a file which was written a moment ago, and what has gone by since."""
        here = time.monotonic()
        if self._clock is None or here - self._clock[0] > self.stale / 2:
            probe = self.folder / f".now.{os.getpid()}.{secrets.token_hex(4)}.part"
            try:
                probe.touch()
                self._clock = (here, probe.stat().st_mtime)
            finally:
                probe.unlink(missing_ok=True)
        return self._clock[1] + here - self._clock[0]

    def _take_away(self, path: Path, there: dict[str, object]) -> int:
        """Remove a stale claim; how many have tried by now, or -1 where another process was faster."""
        forgotten = self._now() - path.stat().st_mtime > _FORGOTTEN
        aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
        path.rename(aside)
        moved = self._read(aside)
        if moved is None or moved.get("token") != there.get("token"):
            # another took it over between the look and the move: its claim is put back
            with contextlib.suppress(OSError):
                os.link(aside, path)
            aside.unlink(missing_ok=True)
            return -1
        aside.unlink(missing_ok=True)
        tries = 0 if forgotten else there.get("tries")
        return 1 + (tries if isinstance(tries, int) else 0)

    def _beat(self) -> None:
        while not self._stop.wait(self.beat):
            with self._lock:
                held = list(self._held.values())
            for claim in held:
                # it may have been taken over, or the disk may not answer just now
                with contextlib.suppress(OSError):
                    os.utime(claim.path)


def _create(path: Path, data: bytes) -> bool:
    """Make a file with what stands in it in one step; False where there is one.

    Linking is one step on network file systems, too; where a disk has no links, the file is made first.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(data)
        try:
            os.link(part, path)
            return True
        except FileExistsError:
            return False
        except OSError:
            try:
                with path.open("xb") as file:
                    file.write(data)
                return True
            except FileExistsError:
                return False
    finally:
        part.unlink(missing_ok=True)


def _is_there(pid: int) -> bool:
    if os.name == "nt":  # a signal there would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process has ended and waits for its parent to hear of it (Linux)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def _process_space() -> str:
    """Where process ids mean the same: containers of one machine have spaces of their own (Linux)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115
    except OSError:
        return ""
