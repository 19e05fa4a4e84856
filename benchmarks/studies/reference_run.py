"""What the reference run says, as a page of the documentation that is made from its record and from nothing else.

    python -m benchmarks.studies.reference_run reports/standard docs/reference-run.md

Each sentence names the rows that it is made of; a figure that a run does not have is named as missing, never filled in.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gaitbench.results.record import Record
from gaitbench.results.schema import Quality
from gaitbench.results.schema_attacks import Identification
from gaitbench.store.atomic import write_text

Lines = Iterator[str]
CONTROLS = ("original", "someone-else", "constant", "oracle")


def interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return "undefined" if value is None else f"{value:.1f}"
    return f"{value:.1f} [{low:.1f}, {high:.1f}]"


def rows_of(record: Record, name: str) -> tuple[Any, ...]:
    """Rows of a table; none where the run has none."""
    return tuple(record.tables.get(name, ()))


def each(keys: Iterable[Any], found: Mapping[Any, Any], show: Callable[[Any], str]) -> list[str]:
    """Cells of a row; a dash where the run has nothing."""
    return [show(found[key]) if key in found else "–" for key in keys]


def rank1(row: Identification) -> str:
    return interval(row.rank1, row.rank1_ci_low, row.rank1_ci_high)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Lines:
    """Lines of a Markdown table."""
    names = list(head)
    yield ""
    yield f"| {' | '.join(names)} |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def attacks(record: Record) -> list[Identification]:
    """Attacks that have a figure, each under every gallery that it was measured under."""
    rows: list[Identification] = [*rows_of(record, "identification"), *rows_of(record, "galleries")]
    return [row for row in rows if row.rank1 is not None]


def height(row: Identification) -> float:
    """Rank-1, for who names most."""
    return -1.0 if row.rank1 is None else row.rank1


def attack(row: Identification) -> str:
    return f"{row.recognizer}, {row.input}, {row.gallery}"


def systems(record: Record) -> list[str]:
    """Systems that are judged, no controls, in the suite's order."""
    named = dict.fromkeys(r.anonymizer for r in rows_of(record, "identification"))
    return [name for name in named if name not in CONTROLS]


#: Attacks by what they read: the gait, and the clothes that are painted back on it.
READS = {
    "silhouettes": ("by the anonymized silhouettes", ("silhouette",)),
    "extracted again": ("by silhouettes that are extracted again from the painted picture", ("resegmented",)),
    "pictures": ("by the painted picture, clothes and all", ("appearance",)),
}


def by_rung(record: Record) -> Lines:
    """The strongest attack of each rung on each system."""
    yield "## Who names how many: the strongest attack of each rung"
    yield "Rank-1 in per cent with its interval over people, and the attack; who fails the stranger test is left out."
    rungs = list(dict.fromkeys(row.attacker for row in rows_of(record, "identification")))
    for words, inputs in READS.values():
        best: dict[tuple[str, str], Identification] = {}
        for row in attacks(record):
            if row.strangers_passed is not False and row.input in inputs:
                key = (row.anonymizer, row.attacker)
                best[key] = max(best.get(key, row), row, key=height)
        names = [name for name in systems(record) if any(key[0] == name for key in best)]
        if names:
            yield ""
            yield f"{words[0].upper()}{words[1:]}:"
            yield from table(
                ["System", *rungs],
                [
                    [name, *each([(name, rung) for rung in rungs], best, lambda one: f"{rank1(one)} ({attack(one)})")]
                    for name in names
                ],
            )  # fmt: skip
    yield "The worst case without the winner's curse, chosen on one half of the people and measured on the other:"
    yield from table(
        ["System", "Painted by", "Attacks", "Highest (%)", "By halves (%)", "Chosen"],
        [
            [r.anonymizer, r.colorizer, str(r.attacks), f"{r.naive:.1f}", interval(r.rank1, r.ci_low, r.ci_high),
             r.chosen]
            for r in rows_of(record, "worst_case") if r.anonymizer not in CONTROLS
        ],
    )  # fmt: skip


def strangers(record: Record) -> Lines:
    """The control beside every attack."""
    rows = [r for r in attacks(record) if r.strangers_passed is not None]
    failed = [r for r in rows if r.strangers_passed is False]
    yield "## The stranger test"
    yield (
        f"Beside {len(rows)} attacks strangers were shown under the same draws: {len(rows) - len(failed)} pass, "
        f"{len(failed)} fail."
    )
    widest = sorted(rows, key=lambda r: (r.strangers or 0.0) - (r.strangers_chance or 0.0), reverse=True)
    yield "The five that lie furthest above chance:"
    yield from table(
        ["System", "Rung", "Attack", "Strangers (%)", "Chance (%)", "Passed"],
        [
            [
                r.anonymizer, r.attacker, attack(r),
                interval(r.strangers, r.strangers_ci_low, r.strangers_ci_high),
                f"{r.strangers_chance:.2f}", "yes" if r.strangers_passed else "**no**",
            ]
            for r in widest[:5]
        ],
    )  # fmt: skip


def controls(record: Record) -> Lines:
    """What has to stay at chance under every rung."""
    yield "## Controls at chance, rung by rung"
    yield (
        "The attack that names most, of all recognizers, inputs and galleries, and how many intervals hold chance. "
        "Of many intervals of 95 % some miss it."
    )
    groups: dict[tuple[str, str, str], list[Identification]] = defaultdict(list)
    for row in attacks(record):
        if row.anonymizer in ("someone-else", "constant"):
            read = next(read for read, (_, inputs) in READS.items() if row.input in inputs)
            groups[row.anonymizer, row.attacker, read].append(row)
    chance = 100 / max(row.people for row in rows_of(record, "identification"))
    yield from table(
        ["Control", "Rung", "By", "Highest (%)", "Attack", "Intervals that hold chance"],
        [
            [
                name, rung, read, rank1(most := max(rows, key=height)), attack(most),
                f"{sum((r.rank1_ci_low or 0.0) <= chance <= (r.rank1_ci_high or 0.0) for r in rows)} of {len(rows)}",
            ]
            for (name, rung, read), rows in groups.items()
        ],
    )  # fmt: skip
    yield (
        f"Chance is {chance:.2f} %. Who reads the pictures sees the clothes of the person in hand, painted "
        "back on somebody else's body: that figure is no chance, and says what clothes alone give away. Silhouettes "
        "that are extracted again show a little of the clothes, too: where these look like the scene, the outline "
        "is another."
    )


def informed(record: Record) -> Lines:
    """The attacker who knows the noise, by angle."""
    rows = [
        r
        for r in rows_of(record, "success_rate")
        if r.attacker == "informed" and r.anonymizer not in CONTROLS
    ]
    yield "## `informed`, by angle"
    if not rows:
        yield "The run has no `informed` attacker."
        return
    angles = sorted({r.angle for r in rows})
    cells = {(r.anonymizer, r.recognizer, r.input, r.angle): r for r in rows}
    yield "Rank-1 in per cent of the probes that are attacked so (their number beside):"
    yield from table(
        ["System", "Recognizer", *(f"{a}°" for a in angles)],
        [
            [name, recognizer, *each(
                [(name, recognizer, read, a) for a in angles], cells, lambda r: f"{r.rank1_after:.0f} ({r.n})")]
            for name, recognizer, read in dict.fromkeys((k[0], k[1], k[2]) for k in cells)
        ],
    )  # fmt: skip


def pooled(record: Record) -> Lines:
    """More than one video: the strongest attack at the most videos."""
    yield "## More than one video of a person"
    rows = [r for r in rows_of(record, "pooled") if r.over == "walks and cameras"]
    sizes = sorted({r.k for r in rows})
    cells = {(r.anonymizer, r.attacker, r.recognizer, r.input, r.gallery, r.k): r for r in rows}
    yield "Rank-1 in per cent of the attack that names most with eight videos:"
    for words, inputs in READS.values():
        named: dict[str, tuple[float, tuple[str, ...]]] = {}
        for key, row in cells.items():
            if row.k == 8 and row.input in inputs:
                named[row.anonymizer] = max(
                    named.get(row.anonymizer, (-1.0, ())), (row.rank1, tuple(map(str, key[1:5])))
                )
        if named:
            yield ""
            yield f"{words[0].upper()}{words[1:]}:"
            yield from table(
                ["System", "Attack", *(f"k = {k}" for k in sizes)],
                [
                    [name, ", ".join(by[:3]), *each(
                        [(name, *by, k) for k in sizes], cells, lambda r: interval(r.rank1, r.ci_low, r.ci_high))]
                    for name, (_, by) in named.items()
                ],
            )  # fmt: skip


def psnr(row: Quality) -> str:
    """Undefined where every picture is the reference itself."""
    return "–" if row.psnr is None else f"{row.psnr:.2f}"


def pictures(record: Record) -> Lines:
    """The slides' rivals, and ours beside the best of the others."""
    yield "## Pictures"
    rows = [r for r in rows_of(record, "quality_difference") if (r.a, r.b) == ("proposed", "baseline")]
    yield "Proposed minus baseline, paired, intervals over people and trainings:"
    yield from table(
        ["Anonymizer", "Reference", "Set", "Measure", "Difference", "95 %"],
        [
            [r.anonymizer, r.reference, r.set, r.measure, f"{r.difference:+.3f}",
             f"[{r.ci_low:+.3f}, {r.ci_high:+.3f}]"]
            for r in rows if r.reference in ("overlap", "truth")
        ],
    )  # fmt: skip
    yield "PSNR (dB) of every colorizer, mean over trainings:"
    cells = {(r.anonymizer, r.reference, r.colorizer, r.set): r for r in rows_of(record, "quality")}
    sets = [s.set for s in rows_of(record, "sets")]
    for reference in dict.fromkeys(r.reference for r in rows_of(record, "quality")):
        yield from table(
            [f"`{reference}`", *sets],
            [
                [f"{name}: {by}", *each(
                    [(name, reference, by, s) for s in sets], cells, psnr)]
                for name, ref, by in dict.fromkeys((k[0], k[1], k[2]) for k in cells) if ref == reference
            ],
        )  # fmt: skip


#: Columns of the strengths: title, measure, decimals.
STRENGTHS = (
    ("Success, slides' attacker (%)", "success", 1), ("Named by it (%)", "rank1", 1),
    ("Worst of the quick attacks (%)", "worst_rank1", 1), ("Overlap (IoU)", "iou", 3),
    ("PSNR, `original` (dB)", "psnr", 2), ("SSIM", "ssim", 3),
)  # fmt: skip


def swept(record: Record) -> Lines:
    """Strengths."""
    cells: dict[tuple[str, str, str], str] = {}
    for row in rows_of(record, "sweep"):
        for title, measure, digits in STRENGTHS:
            if row.measure == measure and row.value is not None:
                ends = "" if row.ci_low is None else f" [{row.ci_low:.{digits}f}, {row.ci_high:.{digits}f}]"
                cells[row.anonymizer, row.variant, title] = f"{row.value:.{digits}f}{ends}"
    if cells:
        yield "## Strength"
        yield "Pictures painted by the painter of the sweep; `as run` is the setting of all other tables."
        titles = [title for title, *_ in STRENGTHS]
        yield from table(
            ["System", "Setting", *titles],
            [
                [name, variant or "as run", *each([(name, variant, title) for title in titles], cells, str)]
                for name, variant in dict.fromkeys(key[:2] for key in cells)
            ],
        )


def head(record: Record) -> Lines:
    """Which run this is."""
    about = record.provenance
    seconds = sum(stage.seconds for stage in record.stages)
    yield "# The reference run"
    yield ""
    yield (
        f"Suite `{about['suite_name']}` on {about['dataset']['name']}, "
        f"gaitbench {about['package_version']}, seed {about['seed']}, {str(about['created'])[:10]}. "
        f"Stages together {seconds / 60:.0f} minutes of one process, side by side with others; a run that was "
        "interrupted had done a part before. "
        "Every figure is a lower bound of the risk. This page is made by `python -m benchmarks.studies.reference_run`."
    )
    unmet = [c for c in record.checks if not c.passed]
    yield ""
    yield f"{len(record.checks)} checks, {len(unmet)} did not hold:"
    yield ""
    yield from (f"- {c.kind}: {c.name} ({c.detail})" for c in unmet)
    yield ""


PARTS: tuple[Callable[[Record], Lines], ...] = (
    head, by_rung, strangers, controls, informed, pooled, pictures, swept,
)  # fmt: skip


def main(run: str, page: str) -> None:
    record = Record.load(Path(run))
    lines = [line for part in PARTS for line in (*part(record), "")]
    text = "\n".join(lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    write_text(Path(page), text.rstrip() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
