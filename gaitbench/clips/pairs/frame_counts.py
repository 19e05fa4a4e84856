"""How many frames of the films are judged, and why others are not, in a line."""

from __future__ import annotations

from collections import Counter

from gaitbench.clips.pairs.reading import FilmPair

__all__ = ["FrameCounts"]


class FrameCounts:
    """Counts the frames of pairs of films, pair by pair."""

    def __init__(self) -> None:
        self._films = self._frames = self._judged = self._empty = 0
        self._left: Counter[str] = Counter()
        self._worst = (0.0, "")

    def add(self, pair: FilmPair) -> None:
        """Count a pair whose original can be used."""
        judged = len(pair.before)
        self._films += 1
        self._frames += pair.frames
        self._judged += judged
        self._empty += pair.empty
        self._left.update(pair.left_out)
        share = pair.empty / judged
        if share > self._worst[0]:
            self._worst = (share, f"{pair.key}, {pair.empty} of {judged}")

    def lines(self) -> list[str]:
        """Sentences for the report's head; none of nothing."""
        if not self._films:
            return []
        reasons = [f"{count} {reason}" for reason, count in self._left.items() if count]
        gone = sum(self._left.values())
        left = f"left out {gone} ({'; '.join(reasons)})" if gone else "left out none"
        found = [
            f"Frames of {self._films} films before the tool: {self._frames}; judged {self._judged}; {left}."
        ]
        if self._empty:
            found.append(
                f"After the tool nobody is found in {self._empty} of these frames: judged as empty (most: "
                f"{self._worst[1]})."
            )
        return found
