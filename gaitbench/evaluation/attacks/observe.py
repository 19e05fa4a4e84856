"""What an attacker sees: silhouettes, silhouettes extracted again from painted pictures, or the pictures.

The three inputs of PROTOCOL. ``silhouette``: what the data or the anonymizer give. ``resegmented``: the person is put
over the clean plate of the empty scene and extracted again by background subtraction. ``appearance``: the pictures.

Training, gallery and probes, untouched and painted, are seen in the same frames (`Need.watched_frames`) and go through
the same lines: an untouched person is one in his own colours and outline, over the same plate. The film's own
background would not do: what stands out of the anonymized outline of the original (rim, hair, shadow) has to be filled
in from the plate, which has no noise, so that the hole would show who was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import DataError, GaitbenchError
from gaitbench.evaluation.attacks.features import Features, Rows, gei_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.worker_processes import share_out
from gaitbench.evaluation.stages.anonymize import Anonymized, by_subject, load_masks
from gaitbench.evaluation.stages.paint import paint, to_bytes
from gaitbench.evaluation.stages.prepared import load_prepared, unpack_masks
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.store import closure_digest, digest
from gaitbench.systems import Colorizer

__all__ = ["LOOKS", "observe"]

#: Pictures of a sequence that an attacker by appearance looks at.
LOOKS = 2


def observe(
    run: RunContext,
    systems: Systems,
    needs: dict[Need, str],
    *,
    reads: str = "gei",
    source: str = "silhouette",
    anonymized: Anonymized | None = None,
    colorizer: str = "none",
) -> Features:
    """What a recognizer reads of sequences, untouched or anonymized and painted.

    Parameters
    ----------
    needs : dict of Need to str
        Prepared sequences and their artifact keys.
    reads : str
        ``gei``, ``silhouettes`` or ``pictures``: what the recognizer takes.
    source : str
        The attacker's input: ``silhouette``, ``resegmented`` or ``appearance``.
    anonymized : Anonymized, optional
        The same sequences as an anonymizer shows them; the untouched ones if None.
    colorizer : str
        Who painted them; "none" with the inputs that read pictures means the original's own colours.

    Returns
    -------
    Features
        Rows in order of the keys.
    """
    code = closure_digest(_kept, _silhouettes, _extracted)
    parts = [needs[n] for n in needs] if anonymized is None else list(anonymized.keys.values())
    painter = systems.colorizer_key(colorizer) if source != "silhouette" and colorizer != "none" else "none"
    failed = {} if anonymized is None else anonymized.failures
    made_from = digest("observed", source, sorted(parts), painter, code, failed)
    if anonymized is not None and not anonymized.keys:  # nothing could be anonymized: nothing is kept
        return _nothing(run, needs, anonymized.failures, made_from)
    kept = _kept(run, systems, needs, source, anonymized, colorizer, made_from)
    if source == "resegmented":
        return _extracted(run, kept, reads)
    if source == "silhouette" and reads == "silhouettes":
        return Features(
            lambda: _silhouettes(run, needs, anonymized), kept.keys, kept.failures, digest(made_from, reads)
        )
    return kept


def _nothing(run: RunContext, needs: dict[Need, str], failures: dict[str, str], key: str) -> Features:
    x = np.zeros((len(needs), *run.suite.data.size), dtype=np.float32)
    return Features(x, tuple(sorted(n.key for n in needs)), failures, key)


def _kept(
    run: RunContext,
    systems: Systems,
    needs: dict[Need, str],
    source: str,
    anonymized: Anonymized | None,
    colorizer: str,
    key: str,
) -> Features:
    """GEIs, pictures, or the bits of silhouettes that were extracted again, as the input has them."""
    ordered = sorted(needs, key=lambda n: n.key)

    def make() -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
        rows: dict[str, NDArray[Any]] = {}
        failures: dict[str, str] = {}
        painted = source != "silhouette" and colorizer != "none"
        painter = systems.colorizer(colorizer) if painted else None  # trained under a stage of its own
        with run.stage("gei" if source == "silhouette" else "observe") as stage:
            stage.made()
            subjects = by_subject(needs)
            tasks = [
                (
                    painter, None if anonymized is None else anonymized.keys[subject], {n: needs[n] for n in mine},
                    source,
                )
                for subject, mine in subjects.items()
            ]  # fmt: skip
            for i, (found, failed) in enumerate(share_out(run, stage, _one_subject, tasks, uses=[painter])):
                rows.update(found)
                failures.update(failed)
                run.progress.update((i + 1) / len(subjects), f"{source}: subject {list(subjects)[i]}")
        empty = next(iter(rows.values()), _no_row(run, source))
        x = np.zeros((len(ordered), *empty.shape), dtype=empty.dtype)
        for i, need in enumerate(ordered):
            if str(need.key) in rows:
                x[i] = rows[str(need.key)]
        return {"x": x}, failures

    try:
        failures = run.store.load_meta("features", key)
        if failures and colorizer != "none":  # a painter that failed is tried again
            raise KeyError(key)
    except KeyError:
        arrays, failures = make()
        run.store.save("features", key, arrays, failures)
    # read back, so that a first run and a second one see the same bytes
    return Features(
        lambda: run.store.get("features", key, make)[0]["x"], tuple(n.key for n in ordered), failures,
        digest(key, failures) if failures else key,
    )  # fmt: skip


def _no_row(run: RunContext, source: str) -> NDArray[Any]:
    """What stands where no sequence at all could be read."""
    h, w = run.suite.data.size
    if source == "resegmented":
        return np.zeros((run.suite.attacks.frames_per_sequence, -(-h * w // 8)), dtype=np.uint8)
    return np.zeros((h, w), dtype=np.float32)


def _shown(run: RunContext, key: str | None) -> tuple[Mapping[str, NDArray[np.bool_]] | None, dict[str, str]]:
    """A subject's anonymized silhouettes by sequence name (None: untouched), and what failed."""
    return (None, {}) if key is None else load_masks(run, key)


def _one_subject(
    run: RunContext,
    painter: Colorizer | None,
    masks_key: str | None,
    needs: dict[Need, str],
    source: str,
) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """What is read of one subject's sequences (runs in a worker), by sequence name; and what failed."""
    shown, failed = _shown(run, masks_key)
    rows: dict[str, NDArray[Any]] = {}
    failures = dict(failed)
    for need, key in needs.items():
        name = str(need.key)
        if name in failures:
            continue
        try:
            rows[name] = _row(run, painter, need, key, shown, source)
        except GaitbenchError as error:
            failures[name] = str(error)
    return rows, failures


def _row(
    run: RunContext,
    painter: Colorizer | None,
    need: Need,
    key: str,
    shown: Mapping[str, NDArray[np.bool_]] | None,
    source: str,
) -> NDArray[Any]:
    """What is read of one sequence."""
    prepared = load_prepared(run, need, key)
    if prepared.sequence is None:
        raise DataError(prepared.failure or "not prepared")
    masks = prepared.sequence.silhouettes if shown is None else shown[str(need.key)]
    if source == "silhouette":
        return gei_of(masks)
    pictures, index = prepared.watched(need)
    if pictures is None:
        raise DataError(f"{need.key}: no RGB video beside the silhouettes; this attacker reads pictures")
    painted = to_bytes(paint(painter, pictures, masks[index]))
    if source == "appearance":
        looked: NDArray[Any] = painted[np.linspace(0, len(painted) - 1, LOOKS).round().astype(int)]
        return looked
    again = _resegment(pictures, masks[index], painted)
    # a walk of fewer frames shows some of them twice
    found = again[np.linspace(0, len(again) - 1, need.watched).round().astype(int)]
    return np.packbits(found.reshape(need.watched, -1), axis=1)


def _resegment(
    pictures: GaitSequence, masks: NDArray[np.bool_], painted: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """The person of the pictures, put over the clean plate and extracted again: bool (K, h, w)."""
    from gaitbench.datasets.silhouettes.resegment import resegment

    if pictures.plate is None:
        raise DataError(f"{pictures.key}: no plate of the empty scene; the input resegmented needs one")
    return resegment(np.where(masks[..., None], painted, pictures.plate), pictures.plate)


def _extracted(run: RunContext, bits: Features, reads: str) -> Features:
    """Silhouettes that were extracted again, as sets or as their GEIs; who stands out nowhere is blank."""
    size = run.suite.data.size
    packed = np.asarray(bits.x)
    blank = frozenset(
        str(k)
        for k, one in zip(bits.keys, packed, strict=True)
        if str(k) not in bits.failures and not one.any()
    )

    def source() -> Rows:
        sets = [unpack_masks(one, size) for one in np.asarray(bits.x)]
        if reads == "silhouettes":
            return sets
        nobody = np.zeros(size, dtype=np.float32)
        seen = [one[one.any(axis=(1, 2))] for one in sets]
        return np.stack([one.mean(axis=0, dtype=np.float32) if len(one) else nobody for one in seen])

    return Features(source, bits.keys, bits.failures, digest(bits.digest, reads), blank)


def _silhouettes(run: RunContext, needs: dict[Need, str], anonymized: Anonymized | None) -> Rows:
    """Silhouettes bool (T, h, w) of each sequence in order of the keys; one black frame where there are none."""
    nothing = np.zeros((1, *run.suite.data.size), dtype=bool)
    found: dict[str, NDArray[np.bool_]] = {}
    for subject, mine in by_subject(needs).items():
        shown = _shown(run, None if anonymized is None else anonymized.keys[subject])[0]
        for need in mine:
            if shown is None:
                prepared = load_prepared(run, need, needs[need])
                if prepared.sequence is not None:
                    found[str(need.key)] = prepared.sequence.silhouettes
            elif str(need.key) in shown:
                found[str(need.key)] = shown[str(need.key)]
    return [found.get(str(n.key), nothing) for n in sorted(needs, key=lambda n: n.key)]
