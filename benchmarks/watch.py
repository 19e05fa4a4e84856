"""What a command and all that it starts use: processor seconds, memory, bytes read and written, by stage of its log."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Part", "Watched", "family", "resident_mb", "watch"]

#: Seconds between two looks; what a process used after the last one is lost, one that lives shorter is not seen.
_EVERY = 0.1
#: A line that a verb leaves for a stage: its name, its seconds, what it was for.
_STAGE = re.compile(r"^(?P<name>\S.{0,29}?)\s+(?P<seconds>\d+\.\d) s(?:  .*)?$")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Part:
    """One stage, or a whole command.

    Attributes
    ----------
    name : str
    seconds, processors : float
        By the clock, and of all processors together.
    peak_mb : float
        Largest sum of the resident memory of all processes; what they share is counted for each.
    read_mb, written_mb : float
        What they asked the system to read and to write, from whatever cache it came.
    """

    name: str
    seconds: float = 0.0
    processors: float = 0.0
    peak_mb: float = 0.0
    read_mb: float = 0.0
    written_mb: float = 0.0

    def add(self, other: Part) -> None:
        """Join another part of the same name."""
        self.seconds += other.seconds
        self.processors += other.processors
        self.peak_mb = max(self.peak_mb, other.peak_mb)
        self.read_mb += other.read_mb
        self.written_mb += other.written_mb


def family(pid: int) -> list[int]:
    """A process and all that it started, as far as they live."""
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:  # it ended while it was looked at
        return [pid]
    return [pid, *(found for child in children for found in family(child))]


def resident_mb(pid: int) -> float:
    """Resident memory of one process; 0 where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, IndexError):
        return 0.0


@dataclass
class _Tree:
    """A process and its children; what ended ones had used stays counted."""

    root: int
    processors: dict[int, float] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    written: dict[int, int] = field(default_factory=dict)
    peak: float = 0.0

    def look(self) -> None:
        """Take the figures of every process that lives."""
        self.peak = max(self.peak, sum(map(self._look_at, family(self.root))))

    def totals(self) -> tuple[float, float, float]:
        """Processor seconds, MB read, MB written, since the beginning."""
        return (
            sum(self.processors.values()), sum(self.read.values()) / 1e6, sum(self.written.values()) / 1e6
        )  # fmt: skip

    def _look_at(self, pid: int) -> float:
        folder = Path(f"/proc/{pid}")
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            self.processors[pid] = (int(fields[11]) + int(fields[12])) / _TICKS
            counts = dict(line.split(": ") for line in (folder / "io").read_text().splitlines())
            self.read[pid], self.written[pid] = int(counts["rchar"]), int(counts["wchar"])
        except (OSError, ValueError, IndexError):
            return 0.0
        return resident_mb(pid)


@dataclass(frozen=True)
class Watched:
    """A command that has ended: the whole of it, and its stages in the order in which they first ended."""

    whole: Part
    stages: Mapping[str, Part]


def watch(
    command: Sequence[str], *, environment: Mapping[str, str], said: Callable[[str], None] = print
) -> Watched:
    """Run a verb of gaitbench to its end.

    A line for a stage (as `gaitbench.cli.progress` leaves one where there is no terminal) closes a part: all that was
    used since the line before belongs to it, so the parts add up to the whole; what follows the last line is the part
    ``rest``. Linux alone tells these figures.

    Parameters
    ----------
    command : sequence of str
    environment : mapping
    said : callable
        Gets each line for a stage.

    Raises
    ------
    subprocess.CalledProcessError
        If the command ends with another code than 0; `stderr` holds its last lines.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        list(command), env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    tree, guard, done = _Tree(process.pid), threading.Lock(), threading.Event()

    def look() -> None:
        while not done.wait(_EVERY):
            with guard:
                tree.look()

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    stages: dict[str, Part] = {}
    last_lines: list[str] = []
    before, since, highest = (0.0, 0.0, 0.0), started, 0.0

    def close(name: str) -> None:
        nonlocal before, since, highest
        with guard:
            tree.look()
            now, peak, tree.peak = tree.totals(), tree.peak, 0.0
        clock = time.perf_counter()
        used = [after - earlier for after, earlier in zip(now, before, strict=True)]
        stages.setdefault(name, Part(name)).add(Part(name, clock - since, used[0], peak, used[1], used[2]))
        before, since, highest = now, clock, max(highest, peak)

    try:
        assert process.stderr is not None
        for line in process.stderr:
            last_lines = [*last_lines, line.rstrip()][-20:]
            found = _STAGE.match(line.rstrip())
            if found:
                close(found["name"])
                said(line.rstrip())
        code = process.wait()
    finally:
        done.set()
        looker.join()
        process.kill()
    close("rest")
    if code:
        raise subprocess.CalledProcessError(code, list(command), stderr="\n".join(last_lines))
    whole = Part("whole", time.perf_counter() - started, before[0], highest, before[1], before[2])
    return Watched(whole, stages)
