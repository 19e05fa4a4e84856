"""What each role of a suite would get of the data, and whether a run would go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.views import view_label
from gaitbench.doctor.reading.facts import Facts
from gaitbench.suites import Suite

__all__ = ["ROLES", "RoleShare", "Verdict", "keys_of_role", "share_of", "verdict_of"]

#: Roles of sequences, as a run has them: those of the test are the gallery's or the probes'.
ROLES: tuple[str, ...] = ("recognizer", "models", "gallery", "probe")
_TESTED = ("gallery", "probe")
#: What comes of a role of which nothing can be read.
_UNREAD = {
    "recognizer": "no recognizer can be trained, so nobody attacks",
    "models": "whatever is trained fails, controls among it",
    "gallery": "nobody is enrolled, so nobody can be named",
    "probe": "nothing is tested",
}


@dataclass(frozen=True)
class RoleShare:
    """What one role gets.

    Parameters
    ----------
    role : str
    people, of_people : int
        People of whom there is a sequence, and those whom the suite names.
    wanted : int
        Sequences that the suite asks for.
    missing : tuple of str
        Those that the data lack.
    refused : tuple of (str, str)
        Those that a run cannot read, with its own line.
    shorter : int
        Those that are read and have fewer frames than the suite asks for.
    views : tuple of (str, int, int)
        View, sequences that a run reads, and those wanted.
    """

    role: str
    people: int
    of_people: int
    wanted: int
    missing: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    shorter: int
    views: tuple[tuple[str, int, int], ...]

    @property
    def there(self) -> int:
        """Sequences that lie there."""
        return self.wanted - len(self.missing)

    @property
    def read(self) -> int:
        """Sequences that a run reads."""
        return self.there - len(self.refused)


@dataclass(frozen=True)
class Verdict:
    """Whether ``run-all`` would go through.

    Parameters
    ----------
    code : int
        0: it would; 1: with failures; 2: it would not.
    reasons : tuple of str
        Why not 0, a sentence each.
    """

    code: int
    reasons: tuple[str, ...] = ()


def keys_of_role(suite: Suite, role: str) -> list[SequenceKey]:
    """Sequences that a suite asks for, sorted; as `gaitbench.evaluation.run.needs.needs_of_role` asks."""
    subjects = suite.split.test if role in _TESTED else getattr(suite.split, role)
    walks: tuple[str, ...] = getattr(suite.walks, role)
    return sorted(SequenceKey(s, w, a) for s in subjects for w in walks for a in suite.data.angles)


def share_of(suite: Suite, role: str, facts: Mapping[SequenceKey, Facts]) -> RoleShare:
    """What a role gets.

    Parameters
    ----------
    suite : Suite
    role : str
        One of `ROLES`.
    facts : mapping
        What is there; `outcome` is set where the suite asks for it.
    """
    wanted = keys_of_role(suite, role)
    there = [key for key in wanted if key in facts]
    refused = [(str(key), facts[key].outcome or "") for key in there if facts[key].outcome]
    failing = {name for name, _ in refused}
    read = [key for key in there if str(key) not in failing]
    frames = suite.data.frames
    views = sorted({key.angle for key in wanted})
    return RoleShare(
        role, len({key.subject for key in there}), len({key.subject for key in wanted}), len(wanted),
        tuple(str(key) for key in wanted if key not in facts), tuple(refused),
        sum(frames is not None and facts[key].shown < frames for key in read),
        tuple(
            (view_label(v), sum(k.angle == v for k in read), sum(k.angle == v for k in wanted)) for v in views
        ),
    )  # fmt: skip


def verdict_of(suite: Suite, shares: Sequence[RoleShare], keys: Sequence[SequenceKey]) -> Verdict:
    """Whether a run of the suite would go through."""
    nobody = [share for share in shares if not share.there]
    if nobody:
        roles = ", ".join(share.role for share in nobody)
        return Verdict(
            2, (f"the data hold no sequence that suite {suite.name} needs as {roles}{_why(suite, keys)}",)
        )
    unread = [share for share in shares if not share.read]
    reasons = [
        f"no sequence of the role {share.role} can be read (first: {share.refused[0][1]}); {_UNREAD[share.role]}"
        for share in unread
    ]
    if any(share.role == "probe" for share in unread):
        return Verdict(2, tuple(reasons))
    lacking = {name for share in shares if share.role in _TESTED for name in share.missing}
    if lacking:
        verb = (
            "sequence that the suite tests is" if len(lacking) == 1 else "sequences that the suite tests are"
        )
        reasons.append(f"{len(lacking)} {verb} missing (first: {min(lacking)})")
    refused = {name: why for share in shares for name, why in share.refused}
    if refused:
        what = "sequence" if len(refused) == 1 else "sequences"
        reasons.append(f"{len(refused)} {what} cannot be read (first: {refused[min(refused)]})")
    return Verdict(1 if reasons else 0, tuple(reasons))


def _why(suite: Suite, keys: Sequence[SequenceKey]) -> str:
    """Which names differ, so that the way out is seen."""
    people, walks = {key.subject for key in keys}, {key.walk for key in keys}
    parts = (("people", people, set(_people(suite))), ("walks", walks, set(_walks(suite))))
    for what, there, asked in parts:
        if not there & asked:
            return (
                f": its {what} are {_some(asked)}, those of the data {_some(there)}; write a suite for these data"
                + (", or give --partition" if what == "people" else "")
            )
    if all(key.degrees is None for key in keys):
        return (
            f": the views of the data are labels ({_some({key.view for key in keys})}), a suite names degrees"
        )
    return "; check its split, walks and angles against the data"


def _people(suite: Suite) -> tuple[str, ...]:
    return (*suite.split.recognizer, *suite.split.models, *suite.split.test)


def _walks(suite: Suite) -> tuple[str, ...]:
    walks = suite.walks
    return (*walks.recognizer, *walks.models, *walks.gallery, *walks.probe)


def _some(names: set[str]) -> str:
    first = sorted(names)
    return first[0] if len(first) == 1 else f"{first[0]} to {first[-1]}"
