"""How many frames of films are judged is said, and why others are not."""

import numpy as np

from gaitbench.clips.pairs.frame_counts import FrameCounts
from gaitbench.clips.pairs.reading import FilmPair
from gaitbench.datasets.sequence import SequenceKey


def pair(name, judged, left_out, empty):
    pictures = dict.fromkeys(range(1, judged + 1), b"")
    key, frames = SequenceKey(name, "1", 90), judged + sum(left_out.values())
    return FilmPair(key, pictures, pictures, np.zeros(0, np.int64), "", "", (), (), frames, left_out, empty)


def test_frames_are_counted_over_films_and_the_worst_is_named():
    counts = FrameCounts()
    assert counts.lines() == []
    counts.add(pair("anna", 40, {"in which nobody is seen": 8, "of other walks": 0}, 0))
    assert counts.lines() == [
        "Frames of 1 films before the tool: 48; judged 40; left out 8 (8 in which nobody is seen)."
    ]
    counts.add(pair("bob", 20, {"in which nobody is seen": 2, "of other walks": 9}, 5))
    counts.add(pair("carl", 100, {}, 10))
    assert counts.lines() == [
        "Frames of 3 films before the tool: 179; judged 160; left out 19 (10 in which nobody is seen; 9 of other "
        "walks).",
        "After the tool nobody is found in 15 of these frames: judged as empty (most: bob-1-090, 5 of 20).",
    ]
