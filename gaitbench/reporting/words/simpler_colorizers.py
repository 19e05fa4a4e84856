"""Whether a simpler colorizer beats the proposed one: said plainly, since nobody looks for it."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.reporting.reading.selection import unique
from gaitbench.results.schema import QualityDifference

__all__ = ["TRUTH", "better_rivals"]

#: The reference that knows what the painted person really looks like (embedded walkers only).
TRUTH = "truth"


def better_rivals(pairs: Sequence[QualityDifference], *, where: str = "") -> list[tuple[str, str]]:
    """Name and a sentence for each colorizer but the baseline that beats `proposed` more often than it loses.

    Parameters
    ----------
    pairs : sequence of QualityDifference
        Paired differences under one reference; those without `proposed` are passed over. A comparison is won where
        its interval excludes zero.
    where : str
        Words after "beats proposed", where the reference is not the headline's.
    """
    lines = []
    others = unique(name for row in pairs for name in (row.a, row.b) if "proposed" in (row.a, row.b))
    for rival in [name for name in others if name not in ("proposed", "baseline")]:
        own = [row for row in pairs if {row.a, row.b} == {rival, "proposed"}]
        wins = sum(row.winner == rival for row in own)
        losses = sum(row.winner == "proposed" for row in own)
        if wins > losses:
            beats = f"{rival} beats proposed {where}".rstrip()
            text = f"better in {wins} of {len(own)} comparisons of sets and measures, worse in {losses}"
            lines.append((rival, f"{beats}: {text}."))
    return lines
