"""The stage `read anonymized`: somebody else's anonymized files as crops beside the originals, kept in the store.

Two crops of each anonymized silhouette. *Placed*: cut by the original's box, as gaitbench's own anonymizers give them;
pictures are painted and measured there. *Aligned*: cut by the box of the anonymized silhouettes themselves, as an
attacker who has nothing else would; recognizers of silhouettes read those. Shifting or scaling people in the frame
therefore hides nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import Dataset, Recording, SequenceKey
from gaitbench.datasets.silhouettes.alignment import crop, has_person, track_boxes
from gaitbench.datasets.sources.anonymized_files import Counterparts, Problem, ProblemError, read_pictures
from gaitbench.datasets.sources.judged.originals import clips_of, has_silhouettes, numbers_of
from gaitbench.datasets.sources.judged.shown import read_shown
from gaitbench.datasets.video import count_frames
from gaitbench.errors import DataError
from gaitbench.evaluation.external.measured import FrameFigures, figures_of
from gaitbench.evaluation.external.variants import variant_geis
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepared import unpack_masks
from gaitbench.processes import worker_pool
from gaitbench.store import Store, closure_digest, digest
from recognizer.gait_energy.masks import MaskReport

__all__ = ["ExternalFiles"]


class ExternalFiles:
    """Anonymized sequences by key, read once.

    Parameters
    ----------
    run : RunContext
        Its data set has silhouettes.
    counterparts : Counterparts
    """

    def __init__(self, run: RunContext, counterparts: Counterparts) -> None:
        self.run = run
        self.counterparts = counterparts
        self.keys: dict[SequenceKey, str] = {}
        self.problems: list[Problem] = []
        self.figures: dict[SequenceKey, FrameFigures] = {}
        #: how files were read, where that was not plain: phrase -> sequences
        self.notes: Counter[str] = Counter()

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the files and of the code that reads them."""
        code = closure_digest(_read, *self._readers)
        return digest(self.counterparts.fingerprint, self.counterparts.has_painted, code)

    @property
    def _readers(self) -> list[type]:
        """What the code that reads a sequence finds by itself only while it runs."""
        source = self.counterparts.source
        return [type(self.run.dataset), *([] if source is None else [type(source)])]

    def read(self, needs: dict[Need, str]) -> set[SequenceKey]:
        """Read the counterparts of prepared sequences; what is wrong is added to `problems`.

        Parameters
        ----------
        needs : dict of Need to str
            The originals and their artifact keys.

        Returns
        -------
        set of SequenceKey
            Those that can be judged.
        """
        run = self.run
        size, frames = run.suite.data.size, run.suite.data.frames
        tasks: dict[Need, str] = {}
        for need, prepared in needs.items():
            self.keys[need.key] = tasks[need] = digest(
                "external", prepared, self.fingerprint, frames, list(size)
            )
        todo = [(need, key) for need, key in tasks.items() if not run.store.has("external", key)]
        with run.stage("read anonymized") as stage:
            if todo:
                from joblib import delayed

                stage.made()
                work = (
                    delayed(_read)(run.dataset, self.counterparts, need, key, run.store, frames, size)
                    for need, key in todo
                )
                pool = worker_pool(run.jobs, len(todo), return_as="generator")
                for done, name in enumerate(pool(work), start=1):
                    run.progress.update(done / len(todo), name)
        good: set[SequenceKey] = set()
        for need, key in tasks.items():
            meta = run.store.expect_meta("external", key)
            if meta["failure"] is None:
                good.add(need.key)
                self.figures[need.key] = FrameFigures(**meta["figures"])
            self.notes.update(meta["notes"])
            self.problems += [Problem(kind, f"key={need.key}", text) for kind, text in meta["problems"]]
        return good

    def masks(self, key: SequenceKey, numbers: NDArray[np.int32], *, aligned: bool) -> NDArray[np.bool_]:
        """Anonymized silhouettes of the frames of these numbers, bool (T, h, w).

        Raises
        ------
        DataError
            If the sequence cannot be judged; says why.
        """
        arrays, meta = self._load(key)
        if meta["failure"] is not None:
            raise DataError(meta["failure"])
        rows = np.searchsorted(arrays["frame_numbers"], numbers)
        bits = arrays["aligned" if aligned else "placed"]
        return unpack_masks(bits, self.run.suite.data.size)[rows]

    def painted(self, key: SequenceKey) -> NDArray[np.uint8]:
        """Painted crops uint8 (K, h, w, 3) of the frames whose pictures are kept.

        Raises
        ------
        DataError
            If there are none; says why.
        """
        arrays, meta = self._load(key)
        if "painted" not in arrays:
            raise DataError(meta["unpainted"] or meta["failure"] or f"{key}: no painted pictures")
        return np.asarray(arrays["painted"], dtype=np.uint8)

    def variants(self, keys: Sequence[SequenceKey]) -> NDArray[np.float32]:
        """GEIs of these sequences under every cheap normalisation, float32 (n, V, h, w); kept in the store."""
        run, size = self.run, self.run.suite.data.size
        code = closure_digest(_variants, *self._readers)
        made_from = digest("variants", [self.keys[k] for k in keys], self.fingerprint, code)

        def make() -> tuple[dict[str, NDArray[Any]], None]:
            from joblib import delayed

            with run.stage("normalise anonymized") as stage:
                stage.made()
                work = (
                    delayed(_variants)(run.dataset, self.counterparts, k, run.suite.data.frames, size)
                    for k in keys
                )
                return {"x": np.stack(list(worker_pool(run.jobs, len(keys))(work)))}, None

        return np.asarray(run.store.get("features", made_from, make)[0]["x"], dtype=np.float32)

    def _load(self, key: SequenceKey) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        if key not in self.keys:
            raise DataError(f"{key}: not among the anonymized sequences that were read")
        return self.run.store.expect("external", self.keys[key])


def _read(
    dataset: Dataset,
    counterparts: Counterparts,
    need: Need,
    key: str,
    store: Store,
    frames: int | None,
    size: tuple[int, int],
) -> str:
    """Read one sequence (runs in a worker); returns its name."""
    arrays: dict[str, NDArray[Any]] = {}
    meta: dict[str, Any] = {"failure": None, "unpainted": None, "problems": [], "figures": None, "notes": []}
    try:
        arrays, found = _one(dataset, counterparts, need, frames, size)
        meta |= found
    except ProblemError as error:
        meta["failure"] = str(error)
        meta["problems"] = [[error.kind, str(error)]]
    store.save("external", key, arrays, meta)
    return str(need.key)


@dataclass(frozen=True)
class _Pair:
    """A sequence as it was and as it was handed in: whole frames, row by row."""

    original: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    numbers: NDArray[np.int32]
    #: the anonymized person cut out by its own box; the two above are then crops, too, not of one size on disk
    cut: NDArray[np.bool_] | None
    #: frame numbers of all the original's silhouettes
    numbered: tuple[int, ...]
    report: MaskReport
    #: frames of the original's video; None where there is none
    total: int | None
    #: how the files were read, a phrase each
    notes: tuple[str, ...]


def _pair(
    dataset: Dataset, counterparts: Counterparts, key: SequenceKey, frames: int | None, size: tuple[int, int]
) -> _Pair:
    if not has_silhouettes(dataset, key):
        raise ProblemError("original", f"{key}: the original has no silhouettes (PNG); evaluate needs them")
    if key in counterparts.refused:
        raise ProblemError(*counterparts.refused[key])
    if key not in counterparts.silhouettes:
        raise ProblemError("missing", f"{key}: no anonymized counterpart")
    try:
        recording = dataset.load(key, frames=frames, video=False)
        numbered = tuple(numbers_of(dataset, key))
    except DataError as error:
        raise ProblemError("original", f"{error}") from None
    if recording.aligned:
        raise ProblemError(
            "original", f"{key}: the original is a crop among whole frames; hand in one kind, or crops apart"
        )
    original, numbers = recording.silhouettes, recording.frame_numbers
    assert original is not None
    full = original.shape[1], original.shape[2]

    def visible() -> list[int]:
        whole = recording if frames is None else dataset.load(key, video=False)
        return [int(n) for n in whole.frame_numbers]

    crops = getattr(dataset, "crops", False)
    given = read_shown(counterparts, key, numbered, visible, numbers, None if crops else full)
    masks, report = given.masks, given.report
    notes = list(counterparts.notes.get(key, ()))
    if not counterparts.sources:  # files of somebody's own: how they were named and held is worth a word
        notes += [*(f"original: {n}" for n in recording.notes), *(f"anonymized: {n}" for n in given.notes)]
        said = report.converted if counterparts.source is None or report.converted not in given.notes else ""
        notes += [f"anonymized: {said}"] if said else []
    clip = clips_of(dataset).get(key)
    total = None if clip is None else count_frames(clip)
    if not has_person(masks).any():
        raise ProblemError("empty", f"{key}: no anonymized silhouette shows anybody")
    cut = None
    if masks.shape != original.shape:
        notes.append("original and anonymized are not of one size: both are compared as crops")
    if not has_person(masks).all():
        notes.append("anonymized: frames that show nobody stand as the nearest that shows somebody")
        cut = _aligned(key, masks, numbers, size)
        masks = cut & has_person(masks)[:, None, None]
        original = _aligned(key, original, numbers, size)
    return _Pair(original, masks, numbers, cut, numbered, report, total, tuple(notes))


def _variants(
    dataset: Dataset, counterparts: Counterparts, key: SequenceKey, frames: int | None, size: tuple[int, int]
) -> NDArray[np.float32]:
    """The GEIs of a sequence's variants (runs in a worker)."""
    pair = _pair(dataset, counterparts, key, frames, size)
    return variant_geis(key, pair.original, pair.shown, size)


def _one(
    dataset: Dataset, counterparts: Counterparts, need: Need, frames: int | None, size: tuple[int, int]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    key = need.key
    pair = _pair(dataset, counterparts, key, frames, size)
    numbers, masks = pair.numbers, pair.shown
    grey = pair.report.cut.startswith("levels of grey")
    problems = [["grey", f"{key}: not black and white, {pair.report.cut}"]] if grey else []
    boxes = track_boxes(pair.original, frame_numbers=numbers)
    arrays: dict[str, NDArray[Any]] = {
        "frame_numbers": numbers,
        "placed": _packed(crop(masks, boxes, size) if pair.cut is None else pair.cut),
        "aligned": _packed(_aligned(key, masks, numbers, size) if pair.cut is None else pair.cut),
    }
    unpainted = None
    index = need.kept(len(numbers))
    if counterparts.has_painted and len(index):
        try:
            if key not in counterparts.painted:
                raise ProblemError("painted", f"{key}: no painted pictures")
            place = counterparts.painted[key]
            arrays["painted"] = crop(
                read_pictures(key, place, numbers[index], pair.numbered, masks.shape[1:], pair.total),
                boxes[index],
                size,
            )
        except DataError as error:  # a video may break off while it is read
            unpainted = str(error) if isinstance(error, ProblemError) else f"painted {key}: {error}"
            problems.append([getattr(error, "kind", "painted"), unpainted])
    figures = figures_of(pair.original, masks).as_meta()
    return arrays, {"problems": problems, "unpainted": unpainted, "figures": figures, "notes": pair.notes}


def _aligned(
    key: SequenceKey, masks: NDArray[np.bool_], numbers: NDArray[np.int32], size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Crops by the anonymized person's own box; a frame that shows nobody repeats the nearest that shows somebody."""
    own = prepare(Recording(key, None, None, masks, numbers, int(numbers[-1])), size=size, rgb=False)
    seen = own.frame_numbers
    after = np.searchsorted(seen, numbers)
    before = np.maximum(after - 1, 0)
    after = np.minimum(after, len(seen) - 1)
    # no table of every frame against every other: a film of minutes has thousands
    found: NDArray[np.bool_] = own.silhouettes[
        np.where(numbers - seen[before] <= seen[after] - numbers, before, after)
    ]
    return found


def _packed(masks: Iterable[Any]) -> NDArray[np.uint8]:
    bits = np.asarray(masks)
    return np.packbits(bits.reshape(len(bits), -1), axis=1)
