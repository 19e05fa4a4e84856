"""What figures assume and what measures mean, in the words that stand beside them."""

from __future__ import annotations

__all__ = ["NATURAL_BETTER", "NATURAL_MEANINGS", "NATURAL_UNITS"]

#: Measure of naturalness -> its name with the unit.
NATURAL_UNITS = {"unbroken": "unbroken (%)", "period": "period (frames)", "success": "success (%)"}

#: Measure of naturalness -> what it looks at and which way is better.
NATURAL_MEANINGS = {
    "unbroken": "unbroken: share of the frames in which one body holds nearly all pixels, higher is better",
    "smoothness": "smoothness: motion between frames over the original's, 1 is best",
    "period": "period: difference of the gait period from the original's, 0 is best",
    "nearest": "nearest: distance to the nearest silhouette of a real person over the usual distance, 1 is best",
    "frechet": "frechet: distance of the distribution of gaits from that of other real people, without the bias of "
    "small samples; original is its floor, two halves of real walks: read against it, not against 0; it counts "
    "variety, too",
    "success": "success: the slides' attacker over all angles, the other end of the trade, higher hides better",
}

#: Measure of naturalness -> unit and best value, as a figure's axis says it.
NATURAL_BETTER = {
    "unbroken": "% of frames; up is better",
    "smoothness": "ratio; 1 is best",
    "period": "frames; 0 is best",
    "nearest": "ratio; 1 is best",
    "frechet": "squared distance; 0 is best",
    "success": "%; up hides better",
}
