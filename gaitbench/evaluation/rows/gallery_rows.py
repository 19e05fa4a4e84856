"""Every attack under every gallery protocol (PROTOCOL, Gallery and probe): what is kept of it besides its outcome.

A run holds the outcomes of its suite's own gallery whole. Of the others it keeps a row and the counts by person: under
``cross-view`` an outcome is ten times as large.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.rows.identification_rows import identification_rows
from gaitbench.evaluation.rows.session_rows import session_rows
from gaitbench.evaluation.rows.worst_case_rows import Candidate, candidate_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema_attacks import CrossSession, Identification

__all__ = ["Attacked", "under_every_gallery"]


@dataclass
class Attacked:
    """What all attacks of a run found out.

    Parameters
    ----------
    outcomes : list of Outcome
        Under the suite's own gallery.
    elsewhere : list of Identification
        Under the other galleries, one row an attack and gallery; without equal error rate and linkability.
    candidates : list of Candidate
        Under every gallery: what may be the worst case.
    sessions : list of CrossSession
        Under every gallery: within the enrolled sessions and across; empty where all probes are of one of those.
    """

    outcomes: list[AnyOutcome] = field(default_factory=list)
    elsewhere: list[Identification] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    sessions: list[CrossSession] = field(default_factory=list)


def under_every_gallery(run: RunContext, attacks: Iterable[Sequence[AnyOutcome]]) -> Attacked:
    """Look at each attack as it comes.

    Parameters
    ----------
    attacks : iterable of sequences of Outcome
        Of `Ladder.attacks`: under the suite's gallery first.
    """
    found = Attacked()
    for first, *others in attacks:
        found.outcomes.append(first)
        with run.stage("statistics") as stage:
            stage.made()
            found.elsewhere += identification_rows(run, others, verified=False)
            found.candidates += map(candidate_of, (first, *others))
            found.sessions += session_rows(run, (first, *others))
    return found
