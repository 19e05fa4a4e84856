"""What `run-all` would say of a sequence, said by its own code."""

from __future__ import annotations

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.doctor.reading.facts import Facts
from gaitbench.errors import DataError

__all__ = ["outcome_of"]


def outcome_of(
    dataset: Dataset, facts: Facts, key: SequenceKey, frames: int | None, size: tuple[int, int]
) -> str:
    """Nothing where the sequence would be read, else the line that refuses it.

    Where nothing was found that a reader could refuse the answer is known; else the sequence is read a second time, as
    a run reads it, so that no second opinion on what is readable can differ from the first.

    Parameters
    ----------
    dataset : Dataset
    facts : Facts
    key : SequenceKey
    frames : int or None
        What the suite reads of a sequence.
    size : (int, int)
        Height and width of the suite's crops.
    """
    coloured = key in getattr(dataset, "frames", {})  # a manifest's pictures, which only it can match
    if not coloured and not _doubtful(facts, frames, size):
        return ""
    if facts.why and not type(dataset).__module__.startswith("gaitbench."):
        return facts.why  # it would be read in the same way again
    try:
        prepare(dataset.load(key, frames=frames), size=size, rgb=False, frames=frames)
    except DataError as error:
        return str(error)
    return ""


def _doubtful(facts: Facts, frames: int | None, size: tuple[int, int]) -> bool:
    film = facts.film
    misfit = film is not None and (
        bool(film.broken) or film.size != facts.size or film.frames < facts.numbers[1]
    )
    narrow = facts.aligned and facts.size[1] < round(facts.size[0] * size[1] / size[0])
    few = facts.shown < (frames or 1)
    odd = bool(facts.refused or facts.unreadable or len(facts.sizes) != 1)
    return misfit or narrow or few or odd
