"""What attacks that went block by block leave out, and in what they differ from the others: said in the record."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome, LargeOutcome
from gaitbench.results.schema_pooled import LeftOut
from gaitbench.suites import Suite

__all__ = ["searched_rows"]


def searched_rows(suite: Suite, outcomes: Sequence[AnyOutcome]) -> list[LeftOut]:
    """One row for all of them; none where every attack's distances are held."""
    large = [o for o in outcomes if isinstance(o, LargeOutcome)]
    if not large:
        return []
    first, of = large[0], f"{len(large)} of {len(outcomes)} attacks"
    name = f"{first.attack.attacker} with {first.attack.recognizer} on {first.anonymizer}"
    return [
        LeftOut(
            "attacks",
            f"pools, one-to-one assignment, criteria of the working party and distances.parquet of {of}",
            f"first: {name}; {len(first.people)} people: the distances are more than attacks.distances_mb "
            f"({suite.attacks.distances_mb}), and were searched block by block; equal error rate and linkability were "
            "counted on a grid, and of attacks on a sample (informed) not at all",
        )
    ]
