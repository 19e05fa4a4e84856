"""The answer in one sentence: hidden, still named, or not to be judged, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gaitbench.evaluation.external.gate import Finding
from gaitbench.results.schema_attacks import Identification

__all__ = ["ANSWERS", "UNTOUCHED", "Verdict", "give_verdict"]

#: What can be answered.
ANSWERS: tuple[str, ...] = ("hides", "still named", "hides nobody", "cannot be judged")
#: Success (percent) up to which nothing was hidden, so that no plausibility is needed to say so.
UNTOUCHED = 5.0
#: Upper end of the interval of rank-1 (percent) beyond which a figure at chance says nothing.
_TOO_WIDE = 50.0
#: Share of the probes that may fail before the rest says nothing of the system.
_FAILED = 0.2


@dataclass(frozen=True)
class Verdict:
    """The answer.

    Parameters
    ----------
    answer : str
        One of `ANSWERS`.
    sentence : str
        One sentence with its figures.
    why : tuple of str
        Where it cannot be judged: every reason.
    """

    answer: str
    sentence: str
    why: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the record's provenance."""
        return {**asdict(self), "why": list(self.why)}


def give_verdict(
    name: str,
    rows: Sequence[Identification],
    competent: Sequence[Finding],
    findings: Sequence[Finding],
    failed: float,
) -> Verdict:
    """Judge a system.

    Parameters
    ----------
    name : str
    rows : sequence of Identification
        Every attack on it.
    competent : sequence of Finding
        Of each recognizer; one that recognizes the untouched is enough.
    findings : sequence of Finding
        Everything else that must hold before anybody can be said to be hidden.
    failed : float
        Share of the probes that could not be read, in [0, 1].
    """
    mine = [r for r in rows if r.anonymizer == name and r.rank1 is not None]
    why: list[str] = []
    if not any(f.passed for f in competent):
        why += [f.detail for f in competent] or ["no attacker could be run on the originals"]
    if failed > _FAILED:
        why.append(f"{100 * failed:.0f} % of the probes could not be read and count as identified")
    if not mine:
        why.append("no attack on it could be run")
    if mine and not why:
        worst = max(mine, key=lambda r: r.rank1 or 0.0)
        chance = 100 / max(worst.people, 1)
        low, high = worst.rank1_ci_low, worst.rank1_ci_high
        figure = _figure(worst)
        if all((r.success or 0.0) <= UNTOUCHED for r in mine if r.input == "silhouette"):
            return Verdict("hides nobody", f"{name} hides nobody: {figure}")
        why = [f"{f.name}: no: {f.detail}" for f in findings if not f.passed]
        seen = [r for r in mine if r.input == "appearance" and (r.rank1_ci_low or 0.0) > chance]
        if why and seen:
            # the findings are about silhouettes: who is named by the pictures is named, whatever those look like
            best = _figure(max(seen, key=lambda r: r.rank1 or 0.0), "the strongest attack on the pictures")
            return Verdict("still named", f"{name} does not hide everybody: {best}")
        if not why:
            if low is not None and low > chance:
                return Verdict("still named", f"{name} does not hide everybody: {figure}")
            if high is not None and high > _TOO_WIDE:
                why.append(
                    f"too few people or probes: up to {high:.0f} % named rightly cannot be ruled out ({figure})"
                )
            else:
                sure = "" if high is None else f"; more than {high:.0f} % can be ruled out"
                return Verdict(
                    "hides", f"{name} hides these people from the attacks that were run: {figure}{sure}"
                )
    return Verdict(
        "cannot be judged", f"whether {name} hides anybody cannot be judged: {'; '.join(why)}", tuple(why)
    )


def _figure(row: Identification, what: str = "the strongest attack") -> str:
    low, high = row.rank1_ci_low, row.rank1_ci_high
    interval = "" if low is None else f" (95 % interval {low:.0f} to {high:.0f})"
    return (
        f"{what} ({row.attacker}, {row.recognizer}, {row.input}, gallery {row.gallery}) names "
        f"{row.rank1 or 0.0:.1f} % of {row.counted} rightly{interval}, a blind guess {100 / max(row.people, 1):.1f} %"
    )
