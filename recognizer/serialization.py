"""Fitted attackers on disk: arrays as safetensors, everything else as JSON beside it. No pickle.

``PATH.safetensors`` holds the arrays, ``PATH.json`` the attacker's name and version, its parameters, its labels,
and the SHA-256 of the other file, so that halves of different models are not taken for one.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from recognizer._compact import expand, halve, restore_halves, share_basis
from recognizer.attackers.attacker import Attacker
from recognizer.checks import as_labels

__all__ = ["ATTACKERS", "ModelFileError", "load_attacker", "read_card", "save_attacker"]

#: Name in a file -> where its class is.
ATTACKERS = {
    "appearance": "recognizer.attackers.appearance:Appearance",
    "gait-tcn": "recognizer.attackers.gait_tcn:GaitTcn",
    "gait-dynamics": "recognizer.attackers.gait_dynamics:GaitDynamics",
    "gei-lda": "recognizer.attackers.gei_lda:GeiLda",
    "gei-nn": "recognizer.attackers.gei_nn:GeiNearestNeighbor",
    "robust-vtm": "recognizer.attackers.robust_vtm:RobustVTM",
    "set-cnn": "recognizer.attackers.set_cnn:SetCnn",
    "tsvd-vtm": "recognizer.attackers.truncated_vtm:TruncatedVTM",
}

FORMAT = "recognizer-attacker"
FORMAT_VERSION = 1


_Side = Annotated[int, msgspec.Meta(ge=1, le=10**5)]


class _Header(msgspec.Struct, frozen=True):
    """The JSON half of a model. Files of before it was kept have no `picture_shape`, and models of features neither."""

    attacker: str
    attacker_version: int
    features: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    parameters: dict[str, Any]
    labels: dict[str, list[str]]
    weights_sha256: str
    card: dict[str, Any]
    picture_shape: tuple[_Side, _Side] | None = None


class ModelFileError(ValueError):
    """A model file is missing, truncated, foreign or of another version."""


def _paths(path: str | Path) -> tuple[Path, Path]:
    base = Path(path)
    if base.suffix in (".safetensors", ".json"):
        base = base.with_suffix("")
    return base.with_name(base.name + ".safetensors"), base.with_name(base.name + ".json")


def save_attacker(
    attacker: Attacker,
    path: str | Path,
    *,
    card: dict[str, Any] | None = None,
    basis_rank: int | None = None,
    half: bool = False,
) -> Path:
    """Write a fitted attacker, with its gallery if it has one.

    Parameters
    ----------
    attacker : Attacker
    path : path
        With or without ``.safetensors``; the folder must exist.
    card : dict, optional
        What a reader should know about the model (data, seed, figures); JSON values only.
    basis_rank : int, optional
        Store the projections of `RobustVTM` and `TruncatedVTM` in one basis of so many vectors; smaller, not exact.
    half : bool
        Store large arrays as float16 (they are float32 again after loading); half the size, not exact.

    Returns
    -------
    Path
        The ``.safetensors`` file.

    Raises
    ------
    ValueError
        If the attacker is not fitted, or has no projections that could share a basis.
    """
    if not hasattr(attacker, "n_features_in_"):
        raise ValueError(f"this {type(attacker).__name__} is not fitted; call fit before save")
    arrays_path, json_path = _paths(path)
    arrays = attacker._arrays()
    texts = {k: v for k, v in arrays.items() if v.dtype.kind == "U"}
    numbers = {k: v for k, v in arrays.items() if k not in texts}
    if basis_rank is not None:
        if not attacker._projections:
            raise ValueError(
                f"{attacker.name} has no projections that could share a basis; leave basis_rank out"
            )
        numbers = share_basis(numbers, attacker._projections, basis_rank)
    if half:
        numbers = halve(numbers)
    blob = save({k: np.ascontiguousarray(v) for k, v in numbers.items()})
    header = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "attacker": attacker.name,
        "attacker_version": attacker.version,
        "features": int(attacker.n_features_in_),
        "picture_shape": list(shape) if (shape := getattr(attacker, "picture_shape_", None)) else None,
        "parameters": attacker.get_params(deep=False),
        "labels": {k: v.tolist() for k, v in texts.items()},
        "weights_sha256": hashlib.sha256(blob).hexdigest(),
        "card": card or {},
    }
    text = json.dumps(header, indent=1, sort_keys=True) + "\n"
    _write(arrays_path, blob)
    _write(json_path, text.encode())
    return arrays_path


def load_attacker(path: str | Path) -> Attacker:
    """Read what `save_attacker` (or ``attacker.save``) wrote.

    Parameters
    ----------
    path : path
        Either file of the pair, or their common name without suffix.

    Raises
    ------
    ModelFileError
        If a file is missing, truncated, of another version, not written by this package, or does not hold what its
        attacker needs.
    """
    arrays_path, json_path = _paths(path)
    header = _header(json_path)
    if not arrays_path.is_file():
        raise ModelFileError(
            f"{arrays_path} is missing; a model is a .safetensors file with a .json file beside it"
        )
    name = header.attacker
    if name not in ATTACKERS:
        raise ModelFileError(
            f"{json_path} holds an unknown attacker {name!r}; known: {', '.join(sorted(ATTACKERS))}"
        )
    module, _, attribute = ATTACKERS[name].partition(":")
    kind: type[Attacker] = getattr(importlib.import_module(module), attribute)
    if header.attacker_version != kind.version:
        raise ModelFileError(
            f"{json_path} holds {name} version {header.attacker_version}, this package reads {kind.version}; "
            "fit and save the model again"
        )
    blob = arrays_path.read_bytes()
    if hashlib.sha256(blob).hexdigest() != header.weights_sha256:
        raise ModelFileError(
            f"{arrays_path} is truncated or belongs to another model than {json_path}; save it again"
        )
    try:
        arrays = expand(restore_halves(load(blob)))
        attacker = kind(**header.parameters)
        labels = {k: as_labels(v, len(v), name=k) for k, v in header.labels.items()}
        features, shape = header.features, header.picture_shape
        if shape is not None and shape[0] * shape[1] != features:
            raise ValueError(f"picture_shape {list(shape)} has not the {features} features of a sample")
        sizes, axes = attacker._sizes(), attacker._axes(arrays)
    except (SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelFileError(
            f"{json_path} and its arrays do not fit together ({error}); save the model again"
        ) from error
    arrays |= labels
    fault = _fault(kind, axes, arrays, {**sizes, "features": features})
    if fault:
        raise ModelFileError(
            f"{json_path} and its arrays are no whole {name} model: {fault}; save the model again"
        )
    try:
        attacker._restore(arrays, features, shape)
    except ValueError as error:
        raise ModelFileError(
            f"{json_path} and its arrays do not fit together ({error}); save the model again"
        ) from error
    return attacker


def read_card(path: str | Path) -> dict[str, Any]:
    """The card of a saved attacker (what `save_attacker` was given as `card`), without its arrays.

    Raises
    ------
    ModelFileError
        As `load_attacker`.
    """
    return dict(_header(_paths(path)[1]).card)


def _header(json_path: Path) -> _Header:
    """The checked JSON half of a model."""
    if not json_path.is_file():
        raise ModelFileError(
            f"{json_path} is missing; a model is a .safetensors file with a .json file beside it"
        )
    try:
        header = msgspec.json.decode(json_path.read_bytes())
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ModelFileError(f"{json_path} is not readable JSON ({error}); save the model again") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ModelFileError(
            f"{json_path} does not describe an attacker of this package; give a file made by save()"
        )
    if header.get("format_version") != FORMAT_VERSION:
        raise ModelFileError(
            f"{json_path} has format version {header.get('format_version')}, this package reads {FORMAT_VERSION}; "
            "fit and save the model again"
        )
    try:
        return msgspec.convert(header, _Header)
    except msgspec.ValidationError as error:
        raise ModelFileError(
            f"{json_path} is no whole header of a model: {error}; save the model again"
        ) from error


def _fault(
    kind: type[Attacker], axes: dict[str, str], arrays: dict[str, NDArray[Any]], sizes: dict[str, int]
) -> str | None:
    """What keeps the arrays from being those of a fitted attacker, in words; None if nothing does.

    Parameters
    ----------
    kind : type
    axes : dict of str to str
        Of each array, see `Attacker._axes`.
    arrays : dict of str to array
    sizes : dict of str to int
        Lengths of axes that are known beforehand; see `Attacker._shapes`.
    """
    gallery = {"gallery_codes_": kind._code_shape, "gallery_y_": "m", "gallery_angle_": "m"}
    wanted = axes
    if any(name in arrays for name in gallery):
        wanted = {**wanted, **gallery}
    lacking = [name for name in wanted if name not in arrays]
    if lacking:
        return f"it lacks {', '.join(lacking)}"
    strange = sorted(set(arrays) - set(wanted))
    if strange:
        return f"it holds {', '.join(strange)}, which it should not"
    known = dict(sizes)
    for name, named in wanted.items():
        value = arrays[name]
        if value.dtype.kind not in ("U" if name == "gallery_y_" else "fiu"):
            return f"{name} holds {value.dtype}, not {'labels' if name == 'gallery_y_' else 'numbers'}"
        names = named.split()
        # A single number has been saved as an array of one.
        fits = len(names) == value.ndim if names else value.shape in ((), (1,))
        lengths = [
            int(axis) if axis.isdigit() else known.setdefault(axis, length)
            for axis, length in zip(names, value.shape, strict=False)
        ]
        if not fits or (names and tuple(lengths) != value.shape):
            shape = ", ".join(f"{axis} = {known[axis]}" if axis in known else axis for axis in names)
            return f"{name} has shape {value.shape}, not ({shape})"
    return None


def _write(path: Path, blob: bytes) -> None:
    """Write all or nothing: a reader never meets half a file."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(blob)
        Path(temporary).chmod(0o644)  # a temporary file is its maker's alone; a model is for all
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
