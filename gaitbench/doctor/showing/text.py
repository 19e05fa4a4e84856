"""The diagnosis on a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gaitbench.doctor.diagnosis import Diagnosis
from gaitbench.doctor.findings import KINDS, Finding
from gaitbench.doctor.showing.people_map import SIGNS, people_map
from gaitbench.reporting.formats.visible import one_line

__all__ = ["WIDTH", "diagnosis_text", "source_line", "verdict_line"]

#: Columns.
WIDTH = 80
#: Findings of a kind, and walks, that are shown; JSON and page have all.
_SHOWN, _WALKS = 6, 24
_NAME = 16


def diagnosis_text(found: Diagnosis) -> str:
    """Everything on as many lines as it takes, none wider than 80 columns."""
    lines: list[str] = []
    for part in (_head, _grid, _map, _views, _framing, _findings, _notes, _roles, _verdict):
        lines += [*part(found), ""]
    return "\n".join(line.rstrip() for line in lines[:-1])


def source_line(found: Diagnosis) -> str:
    """How the data are read, and why so."""
    rendered = "; the people are rendered walkers" if found.rendered else ""
    return f"Read as {found.format} ({found.because}){rendered}."


def verdict_line(found: Diagnosis) -> str:
    """Whether `run-all` would go through, in a sentence."""
    said = {0: "would go through", 1: "would go through with failures", 2: "would not start"}[
        found.verdict.code
    ]
    return f"run-all --suite {found.suite} {said} (exit code {found.verdict.code})."


def _head(found: Diagnosis) -> Iterator[str]:
    yield from _wrapped(found.root)
    yield from _wrapped(source_line(found))
    counts = (
        (found.sequences, "sequence"), (found.frames, "frame"), (len(found.people), "person"),
        (len(found.walks), "walk"), (len(found.views), "view"),
    )  # fmt: skip
    yield ", ".join(f"{n:,} {_plural(what, n)}" for n, what in counts)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else "people" if word == "person" else f"{word}s"


def _grid(found: Diagnosis) -> Iterator[str]:
    yield "People by walk and view"
    wide = max(5, 1 + max(len(_cut(view, 12)) for view in found.views))
    a_block = max(1, (WIDTH - _NAME) // wide)
    for start in range(0, len(found.views), a_block):
        views = found.views[start : start + a_block]
        yield " " * _NAME + "".join(f"{_cut(view, 12):>{wide}}" for view in views)
        for walk in found.walks[:_WALKS]:
            own = found.present[walk]
            yield f"{_cut(walk, _NAME):<{_NAME}}" + "".join(f"{own.get(view, 0):>{wide}}" for view in views)
    yield from _rest(found)


def _map(found: Diagnosis) -> Iterator[str]:
    together, lines = people_map(found.people, found.walks[:_WALKS], found.by_person, WIDTH - _NAME)
    signs = ", ".join(f"{sign} {says}" for sign, says in SIGNS.items())
    each = "one sign a person" if together == 1 else f"one sign for {together} people"
    span = f"{found.people[0]} to {found.people[-1]}" if len(found.people) > 1 else found.people[0]
    yield from _wrapped(f"People from left to right ({span}), {each}: {signs}")
    for walk, line in lines.items():
        yield f"{_cut(walk, _NAME):<{_NAME}}{line}"
    yield from _rest(found)


def _rest(found: Diagnosis) -> Iterator[str]:
    if len(found.walks) > _WALKS:
        yield f"... and {len(found.walks) - _WALKS} more walks"


def _views(found: Diagnosis) -> Iterator[str]:
    yield from _table(
        ("view", "people", "sequences", "frames", "with a fault"),
        [
            (v.view, f"{v.people}", f"{v.sequences}", f"{v.frames:,}", f"{v.faulty}")
            for v in found.views_counted
        ],
    )


def _framing(found: Diagnosis) -> Iterator[str]:
    framing = found.framing
    people = f"; people are {framing.height:.0f} pixels high, {100 * framing.share:.0f} % of it"
    yield from _wrapped(f"The frames seem to be {framing.pictures}{people if framing.height else ''}.")
    yield from _wrapped(f"Ours: {framing.ours}.")
    for difference in framing.differences:
        yield from _wrapped(f"differs: {difference}", "  ")


def _findings(found: Diagnosis) -> Iterator[str]:
    alarms, known = found.alarms, [one for one in found.findings if one.known]
    yield "No fault was found." if not alarms else f"{len(alarms)} {_plural('fault', len(alarms))}"
    for kind, (title, way_out) in KINDS.items():
        own = [one for one in alarms if one.kind == kind]
        if own:
            yield from _wrapped(f"{title}: {len(own)} ({way_out})", "  ")
            yield from _each(own)
    if known:
        yield from _wrapped(f"Known of the released set, no alarm: {len(known)}", "  ")
        yield from _each(known)


def _each(own: Sequence[Finding]) -> Iterator[str]:
    for one in own[:_SHOWN]:
        why = f" [{one.known}]" if one.known else ""
        yield from _wrapped(f"{one.where}: {one.text}{why}", "    ")
    if len(own) > _SHOWN:
        yield f"    ... and {len(own) - _SHOWN} more (--json, or --output FILE.html)"


def _notes(found: Diagnosis) -> Iterator[str]:
    yield "Said, no fault" if found.notes else "Nothing else to say of the files."
    for note in found.notes:
        yield from _wrapped(note, "  ")


def _roles(found: Diagnosis) -> Iterator[str]:
    yield f"What suite {found.suite} would get"
    yield from _table(
        ("role", "people", "sequences", "missing", "refused", "shorter"),
        [
            (r.role, f"{r.people} of {r.of_people}", f"{r.read} of {r.wanted}", f"{len(r.missing)}",
             f"{len(r.refused)}", f"{r.shorter}")
            for r in found.roles
        ],
    )  # fmt: skip
    short = [r for r in found.roles if r.read < r.wanted and r.views]
    for role in short if found.verdict.code < 2 else []:
        lacking = [f"{view} {read} of {wanted}" for view, read, wanted in role.views if read < wanted]
        yield from _wrapped(f"{role.role}: {', '.join(lacking)}", "  ")


def _verdict(found: Diagnosis) -> Iterator[str]:
    yield from _wrapped(verdict_line(found))
    for reason in found.verdict.reasons:
        yield from _wrapped(reason, "  ")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    table = [head, *rows]
    wide = [max(len(_cut(row[i], 20)) for row in table) for i in range(len(head))]
    for row in table:
        first, *rest = (_cut(cell, 20) for cell in row)
        yield f"{first:<{max(wide[0], 12)}}" + "".join(
            f"{cell:>{w + 2}}" for cell, w in zip(rest, wide[1:], strict=True)
        )


def _cut(text: str, width: int) -> str:
    text = one_line(text)
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        one_line(text), WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )
