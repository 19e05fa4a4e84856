"""What the slides' cell takes at sizes that were not run: tasks, core hours, memory, disk, and what bounds it.

    python -m benchmarks.studies.on_paper

One system and one recognizer that reads gait energy images, by silhouettes alone, 60 frames of 64 x 44 a sequence. The
seconds and bytes of an artifact are those that plans go by where a store remembers nothing (`quick` on two cores),
shared out over the sequences of `quick`; the pairs of a second are those of a search that was measured. Nothing here
was run: the table says what would grow to what. `docs/many-machines.md` holds it, and a test compares the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gaitbench.evaluation.attacks.blocks.size import BLOCK, bytes_of
from gaitbench.evaluation.planning.estimates import SHIPPED
from gaitbench.evaluation.planning.looking import PEOPLE
from gaitbench.evaluation.planning.planner import WALKS
from gaitbench.suites import load_suite
from gaitbench.suites.attacks_part import AttacksPart

#: Pairs that one core searches in a second, under three gallery protocols: 11,200 probes against as many entries took
#: 7.76 s of a processor (`python -m benchmarks.studies.matching_in_blocks 800`).
PAIRS = 11_200**2 / 7.76
#: Memory of a machine that an attack should fit into.
MACHINE = 24e9
#: Bytes of a gait energy image of 64 x 44, of which an attack holds those that it learns from, enrols and names; and of
#: an observation that was searched.
ROW, OBSERVATION = 64 * 44 * 4, 24
#: Arrays of a block's size that a search holds at once.
ARRAYS = 5


@dataclass(frozen=True)
class Size:
    """People who teach the recognizer, people who are tested, views, and walks of each role."""

    name: str
    taught: int
    tested: int
    views: int
    taught_walks: int
    gallery_walks: int
    probe_walks: int

    @property
    def probes(self) -> int:
        """Sequences that are anonymized and named."""
        return self.tested * self.views * self.probe_walks

    @property
    def entries(self) -> int:
        """Sequences of the gallery."""
        return self.tested * self.views * self.gallery_walks

    @property
    def sequences(self) -> int:
        """All."""
        return self.taught * self.views * self.taught_walks + self.probes + self.entries


SIZES = (
    Size("CASIA-B, whole", 74, 50, 11, 10, 4, 6),
    Size("OU-MVLP", 5153, 5154, 14, 2, 1, 1),
    Size("100,000 people", 5153, 100_000, 14, 2, 1, 1),
)


def row(size: Size) -> list[str]:
    """A size as a row of the table."""
    quick = load_suite("quick")
    views, walks, split = len(quick.data.angles), quick.walks, quick.split
    probes = len(walks.probe) * views  # of one person: an artifact
    roles = (
        (len(split.recognizer), walks.recognizer), (len(split.test), walks.gallery), (len(split.test), walks.probe),
    )  # fmt: skip
    looked = (
        sum(people * len(some) for people, some in roles) * views / len(roles)
    )  # sequences of an artifact
    seconds = {
        "preparing": size.sequences * SHIPPED["prepare"][0],
        "anonymizing": size.probes * SHIPPED["anonymize"][0] / probes,
        "features": (size.sequences + size.probes) * SHIPPED["observe"][0] / looked,
        "matching, before and after": 2 * size.probes * size.entries / PAIRS,
    }
    disk = size.sequences * SHIPPED["prepare"][2]
    disk += size.probes * SHIPPED["anonymize"][2] / probes
    disk += (size.sequences + size.probes) * SHIPPED["observe"][2] / looked
    table = bytes_of(size.probes, size.entries, size.views, size.tested)
    blocks = table > AttacksPart().distances_mb * 1e6
    observations = size.probes * (size.views + 1)
    disk += 2 * (OBSERVATION * observations if blocks else table)
    memory = ROW * size.sequences + (ARRAYS * BLOCK if blocks else 2 * table)
    walked = size.taught * size.taught_walks + size.tested * (size.gallery_walks + size.probe_walks)
    tasks = (
        math.ceil(walked / WALKS) + math.ceil(size.tested / PEOPLE) + 4 + 1
    )  # four sets are looked at, one attack
    most = max(seconds, key=lambda part: seconds[part])
    bound = "memory: the rows of an attack" if memory > MACHINE / 2 else f"processors: {most}"
    return [
        size.name, f"{size.sequences:,}", f"{tasks:,}",
        f"{sum(seconds.values()) / 3600:,.1f}", f"{seconds['matching, before and after'] / 3600:,.3f}",
        _bytes(max(memory, SHIPPED["attack"][1] * 1e6)), _bytes(disk), bound,
    ]  # fmt: skip


def table() -> str:
    """The table as Markdown."""
    head = [
        "size",
        "sequences",
        "tasks",
        "core hours",
        "of them matching",
        "memory of an attack",
        "disk",
        "bound by",
    ]
    lines = [head, ["---"] + ["---:"] * 6 + ["---"], *map(row, SIZES)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _bytes(size: float) -> str:
    for unit in ("MB", "GB", "TB"):
        size /= 1e6 if unit == "MB" else 1e3
        if size < 1000:
            return f"{size:,.1f} {unit}"
    return f"{size:,.1f} TB"


if __name__ == "__main__":
    print(table())
