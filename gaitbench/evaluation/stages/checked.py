"""Systems under test are not trusted, everybody's and ours: they get read-only copies, and what they give is looked at.

A system that writes into what it was shown would change what it is measured against (a colorizer that blackens its
input had an SSIM of 1); one that returns NaN, or one row for three probes, would be judged by meaningless numbers.
Whatever a system raises, `SystemExit` too, becomes one line with its name: a failed cell, and the run goes on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import GaitbenchError, LostArtifactError, UnreachableError
from gaitbench.systems import Anonymizer, Colorizer

__all__ = [
    "checked_distances", "checked_draws", "checked_masks", "checked_painting", "checked_ranks", "guarded",
    "sealed", "sealed_rows", "sealed_sequence",
]  # fmt: skip

#: Letters of a foreign message that are shown.
_LONGEST = 200


@contextlib.contextmanager
def guarded(who: str) -> Iterator[None]:
    """Turn whatever a system raises into an error of one line that names it.

    An interrupt by the user is no failure of a system and passes.

    Raises
    ------
    GaitbenchError
    """
    try:
        yield
    except (LostArtifactError, UnreachableError):
        raise  # the store's, and none of the system's
    except GaitbenchError as error:
        if who in str(error):
            raise
        raise GaitbenchError(f"{who}: {_line(error)}") from error
    except (Exception, SystemExit) as error:
        text = _line(error)
        kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
        hint = "; inputs are read-only: copy what is changed" if "read-only" in text else ""
        raise GaitbenchError(f"{who}: {kind}{text or 'no message'}{hint}") from error


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def sealed(array: ArrayLike) -> NDArray[Any]:
    """A copy that cannot be written to."""
    copy = np.array(array)
    copy.flags.writeable = False
    return copy


def sealed_rows(rows: NDArray[Any] | list[NDArray[Any]]) -> Any:
    """What a recognizer reads, as read-only copies: an array, or a list of arrays."""
    return [sealed(row) for row in rows] if isinstance(rows, list) else sealed(rows)


def sealed_sequence(sequence: GaitSequence) -> GaitSequence:
    """The sequence with read-only copies of all its arrays."""
    held = {f.name: getattr(sequence, f.name) for f in fields(sequence)}
    arrays: dict[str, Any] = {n: sealed(a) for n, a in held.items() if isinstance(a, np.ndarray)}
    return replace(sequence, **arrays)


def checked_masks(
    system: Anonymizer, name: str, sequence: GaitSequence, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """What an anonymizer makes of a sequence: an own bool array (T, h, w) that shows somebody.

    Raises
    ------
    GaitbenchError
        If it raises, returns another shape or dtype, or shows nobody in any frame.
    """
    with guarded(name):
        masks = np.array(system.anonymize(sealed_sequence(sequence), rng))
    return _looked_at(masks, name, sequence)


def checked_draws(
    system: Anonymizer, name: str, sequence: GaitSequence, rngs: Sequence[np.random.Generator]
) -> list[NDArray[np.bool_]]:
    """The same sequence under many draws of noise, as `checked_masks` gives each.

    A system that offers ``anonymize_draws(sequence, rngs)`` reads the walk once; any other is asked draw by draw, and
    twice at most where it draws nothing: two draws show the same, and neither generator has moved. The same array then
    stands for all.

    Raises
    ------
    GaitbenchError
        As `checked_masks`, or if it gives another number of results.
    """
    if not hasattr(system, "anonymize_draws"):
        before = [_stands_at(rng) for rng in rngs[:2]]
        first = [checked_masks(system, name, sequence, rng) for rng in rngs[:2]]
        unmoved = before == [_stands_at(rng) for rng in rngs[:2]]
        if len(first) == 2 and unmoved and np.array_equal(first[0], first[1]):
            return [first[0]] * len(rngs)
        return first + [checked_masks(system, name, sequence, rng) for rng in rngs[2:]]
    with guarded(name):
        found = [np.array(masks) for masks in system.anonymize_draws(sealed_sequence(sequence), list(rngs))]
    if len(found) != len(rngs):
        raise GaitbenchError(f"{name} returned {len(found)} results for {len(rngs)} draws of {sequence.key}")
    return [_looked_at(masks, name, sequence) for masks in found]


def _stands_at(rng: np.random.Generator) -> tuple[object, object]:
    """Where a generator stands: what it has drawn, and how often it was split, show in this."""
    bits: Any = rng.bit_generator
    return bits.state, getattr(bits.seed_seq, "n_children_spawned", 0)


def _looked_at(masks: NDArray[Any], name: str, sequence: GaitSequence) -> NDArray[np.bool_]:
    expected = sequence.silhouettes.shape
    if masks.shape != expected or masks.dtype != np.bool_:
        raise GaitbenchError(
            f"{name} returned {masks.dtype} {masks.shape} for {sequence.key}; expected bool {expected}"
        )
    if not masks.any():
        raise GaitbenchError(f"{name} left {sequence.key} empty")
    return masks


def checked_painting(
    colorizer: Colorizer, name: str, pictures: GaitSequence, anonymized: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """What a colorizer paints: an own float64 array (K, h, w, 3) in [0, 1], zero outside `anonymized`.

    Raises
    ------
    GaitbenchError
        If it raises, returns another shape, no floats, values outside [0, 1], or paints outside the silhouette.
    """
    assert pictures.rgb is not None
    with guarded(name):
        painted = np.array(
            colorizer.colorize(sealed(pictures.rgb), sealed(pictures.silhouettes), sealed(anonymized))
        )
    if painted.shape != pictures.rgb.shape or not np.issubdtype(painted.dtype, np.floating):
        raise GaitbenchError(
            f"{name} returned {painted.dtype} {painted.shape} for {pictures.key}; expected floats {pictures.rgb.shape}"
        )
    if painted.size and not (np.isfinite(painted).all() and painted.min() >= 0 and painted.max() <= 1):
        raise GaitbenchError(f"{name} returned values outside [0, 1] for {pictures.key}")
    if painted[~anonymized].any():
        raise GaitbenchError(f"{name} painted outside the anonymized silhouette of {pictures.key}")
    return painted.astype(np.float64, copy=False)


def checked_distances(found: ArrayLike, name: str, probes: int, entries: int) -> NDArray[np.float32]:
    """Distances of a recognizer, float32 (probes, entries), finite.

    Raises
    ------
    GaitbenchError
        If there is another number of rows or columns, or a distance is no finite number.
    """
    values = _numbers(found, name, "distances")
    if values.shape != (probes, entries):
        raise GaitbenchError(
            f"{name} returned distances {values.shape} for {probes} probes and {entries} gallery entries; expected "
            f"({probes}, {entries})"
        )
    return values


def checked_ranks(
    found: Any, name: str, probes: int, people: NDArray[np.str_]
) -> tuple[NDArray[np.str_], NDArray[np.float32]]:
    """People by nearness and their distances, both (probes, P): each row names every enrolled person once.

    Raises
    ------
    GaitbenchError
        If a shape is another one, a name is not the gallery's or stands twice, or a distance is no finite number.
    """
    with guarded(name):
        subjects, distances = found
        named = np.array(subjects)
    values = _numbers(distances, name, "distances")
    shape = (probes, len(people))
    if named.shape != shape or values.shape != shape:
        raise GaitbenchError(
            f"{name} ranked people {named.shape} with distances {values.shape}; expected {shape} of both"
        )
    named = named.astype(str)
    if not (np.sort(named, axis=1) == np.sort(people)[None, :]).all():
        raise GaitbenchError(f"{name} ranked people who are not each of the {len(people)} enrolled ones once")
    return named, values


def _numbers(found: ArrayLike, name: str, what: str) -> NDArray[np.float32]:
    with guarded(name):
        values = np.array(found)
    if not (np.issubdtype(values.dtype, np.floating) or np.issubdtype(values.dtype, np.integer)):
        raise GaitbenchError(f"{name} returned {what} of dtype {values.dtype}; expected floats")
    with np.errstate(over="ignore"):
        small = values.astype(np.float32)
    if not np.isfinite(small).all():
        bad = int(np.count_nonzero(~np.isfinite(small)))
        raise GaitbenchError(f"{name} returned {bad} of {small.size} {what} that are no finite numbers")
    return small
