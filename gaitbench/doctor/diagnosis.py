"""The diagnosis: everything that is known of a data set after one look at each of its frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from gaitbench.datasets.opening import quiet_sources
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.plain_source import PlainSource
from gaitbench.datasets.sources.tree import LeftOut, count_left_out
from gaitbench.datasets.views import view_label
from gaitbench.doctor.checks import between, border, doubles, film, frames, grid, levels, pictures
from gaitbench.doctor.findings import KINDS, Finding
from gaitbench.doctor.framing import Framing, framing_of
from gaitbench.doctor.known import is_casia_b, marked
from gaitbench.doctor.reading.facts import Facts
from gaitbench.doctor.reading.looking import Asked, look_at_all
from gaitbench.doctor.roles import ROLES, RoleShare, Verdict, keys_of_role, share_of, verdict_of
from gaitbench.suites import Suite

__all__ = ["Diagnosis", "ViewCount", "diagnose"]


@dataclass(frozen=True)
class ViewCount:
    """What there is of one view."""

    view: str
    people: int
    sequences: int
    frames: int
    faulty: int


@dataclass(frozen=True)
class Diagnosis:
    """What `diagnose` found.

    Parameters
    ----------
    root, format, because, name : str
        Where the data lie, how they are read, why so, and what a report calls them.
    rendered : bool
    suite : str
    sequences, frames : int
    people, walks, views : tuple of str
    present : dict of str to (dict of str to int)
        Walk -> view -> people who have it.
    by_person : dict of str to (dict of str to (int, int))
        Person -> walk -> views that are there, and those of them with a fault.
    views_counted : tuple of ViewCount
    framing : Framing
    findings : tuple of Finding
    notes : tuple of str
        What is no fault: how sequences are read, single frames that are missing, files beside the data.
    roles : tuple of RoleShare
    verdict : Verdict
    """

    root: str
    format: str
    because: str
    name: str
    rendered: bool
    suite: str
    sequences: int
    frames: int
    people: tuple[str, ...]
    walks: tuple[str, ...]
    views: tuple[str, ...]
    present: dict[str, dict[str, int]]
    by_person: dict[str, dict[str, tuple[int, int]]]
    views_counted: tuple[ViewCount, ...]
    framing: Framing
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    roles: tuple[RoleShare, ...]
    verdict: Verdict

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """Findings that are not known of a released set."""
        return tuple(one for one in self.findings if not one.known)

    def of_kind(self, kind: str) -> tuple[Finding, ...]:
        """Findings of one kind."""
        return tuple(one for one in self.findings if one.kind == kind)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {"version": 1, **asdict(self)}


def diagnose(
    dataset: Dataset,
    suite: Suite,
    *,
    root: str,
    data_format: str,
    because: str = "",
    jobs: int = 1,
    progress: Callable[[float, str], None] | None = None,
) -> Diagnosis:
    """Look at every sequence of a data set once. Nothing is written.

    Parameters
    ----------
    dataset : Dataset
    suite : Suite
        What the roles are asked of.
    root, data_format, because : str
        Where the data lie, how they are read, and why so.
    jobs : int
        Worker processes.
    progress : callable, optional
        Told of the share that is done, and of what.

    Raises
    ------
    DataError
        If nothing can be read.
    """
    with quiet_sources():
        keys = dataset.keys()
    wanted = frozenset(key for role in ROLES for key in keys_of_role(suite, role))
    asked = Asked(
        wanted & frozenset(keys),
        suite.data.frames, suite.data.size,
    )  # fmt: skip
    facts = look_at_all(dataset, asked, jobs=jobs, progress=progress)
    framing = framing_of(facts, suite.data.size)
    outside = _left_out(dataset)
    findings = list(_findings(facts, keys, wanted, outside, framing, suite.data.frames, root))
    if is_casia_b(keys, dataset.rendered):
        findings = marked(findings)
    inside = f"{root.rstrip('/')}/"
    findings = [
        replace(one, where=one.where.replace(inside, ""), text=one.text.replace(inside, ""))
        for one in findings
    ]
    findings.sort(key=lambda one: (list(KINDS).index(one.kind), one.where))
    by_key = {one.key: one for one in facts}
    shares = tuple(share_of(suite, role, by_key) for role in ROLES)
    faulty = {one.where for one in findings}
    return Diagnosis(
        root, data_format, because, dataset.name, dataset.rendered, suite.name, len(facts),
        sum(one.frames for one in facts), tuple(sorted({key.subject for key in keys})),
        tuple(sorted({key.walk for key in keys})), tuple(view_label(a) for a in sorted({k.angle for k in keys})),
        _present(keys), _by_person(keys, faulty), tuple(_counted(facts, faulty)), framing, tuple(findings),
        tuple(_notes(facts, outside, dataset)), shares, verdict_of(suite, shares, keys),
    )  # fmt: skip


def _findings(
    facts: Sequence[Facts],
    keys: Sequence[SequenceKey],
    asked: Iterable[SequenceKey],
    outside: Iterable[LeftOut],
    framing: Framing,
    read: int | None,
    root: str,
) -> Iterator[Finding]:
    yield from grid.left_out(outside, grid.missing_keys(keys, asked), keys)
    for one in facts:
        for check in (
            pictures.unreadable, pictures.refused, pictures.empty, pictures.black, doubles.still, levels.inverted,
            levels.filled, levels.grey, frames.numbers, frames.sizes, film.video,
        ):  # fmt: skip
            yield from check(one)
        yield from frames.short(one, read)
        if not framing.stretched:  # people who are stretched to the crop reach every border
            yield from border.cut(one, framing.crops)
    yield from between.other_size(facts)
    yield from doubles.doubled(facts)
    if framing.stretched:
        yield Finding("ratio", root, framing.stretched)


def _left_out(dataset: Dataset) -> list[LeftOut]:
    if isinstance(dataset, CasiaB):
        return dataset.layout.left_out
    return dataset.left_out if isinstance(dataset, PlainSource) else []


def _present(keys: Sequence[SequenceKey]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for key in keys:
        found.setdefault(key.walk, Counter())[key.view] += 1
    return {walk: dict(found[walk]) for walk in sorted(found)}


def _by_person(keys: Sequence[SequenceKey], faulty: set[str]) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for key in keys:
        own = found.setdefault(key.subject, {})
        there, bad = own.get(key.walk, (0, 0))
        own[key.walk] = (there + 1, bad + (str(key) in faulty))
    return found


def _counted(facts: Sequence[Facts], faulty: set[str]) -> Iterator[ViewCount]:
    views: dict[int, list[Facts]] = {}
    for one in facts:
        views.setdefault(one.key.angle, []).append(one)
    for view in sorted(views):
        own = views[view]
        yield ViewCount(
            view_label(view), len({one.key.subject for one in own}), len(own), sum(one.frames for one in own),
            sum(str(one.key) in faulty for one in own),
        )  # fmt: skip


def _notes(facts: Sequence[Facts], outside: Iterable[LeftOut], dataset: Dataset) -> Iterator[str]:
    dropped = [one for one in facts if one.missing and not frames.is_gap(one)]
    if dropped:
        total, longest = sum(one.missing for one in dropped), max(one.hole for one in dropped)
        yield (
            f"{total} single frames are missing in {len(dropped)} sequences, up to {longest} in a row: cameras drop "
            "some, and they are passed over"
        )
    for note, count in sorted(Counter(note for one in facts for note in one.notes).items()):
        yield f"{count} {'sequence' if count == 1 else 'sequences'}: {note}"
    if not getattr(dataset, "has_colours", True):
        yield "silhouettes and no colours: pictures are not judged, attacks are"
    if other := count_left_out(outside).get("other"):
        yield f"{other} other files lie there that are no part of a set"
