"""The suite: a frozen, validated description of a run, read from TOML."""

from __future__ import annotations

import dataclasses
import difflib
import math
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from gaitbench.datasets.splits import Split
from gaitbench.errors import ConfigError
from gaitbench.registry import ANONYMIZERS, COLORIZERS, RECOGNIZERS

__all__ = ["DataPart", "QualityPart", "Suite", "SystemsPart", "WalksPart", "load_suite", "suite_names"]

CONTROLS: tuple[str, ...] = ("original", "someone-else", "constant", "oracle")
REFERENCES: tuple[str, ...] = ("original", "truth")
GALLERIES: tuple[str, ...] = ("all-views", "same-view")
SIZES: tuple[tuple[int, int], ...] = ((64, 44), (128, 88))


@dataclass(frozen=True)
class DataPart:
    """Which pictures: data set (walkers, or a folder given by ``--data``), crop size, frames, angles."""

    seed: int = 0
    size: tuple[int, int] = (64, 44)
    frames: int | None = None
    angles: tuple[int, ...] = tuple(range(0, 181, 18))


@dataclass(frozen=True)
class WalksPart:
    """Which walks serve which purpose."""

    recognizer: tuple[str, ...]
    models: tuple[str, ...]
    gallery: tuple[str, ...]
    probe: tuple[str, ...]


@dataclass(frozen=True)
class SystemsPart:
    """Names of what is tested and of what attacks it."""

    anonymizers: tuple[str, ...] = ("model-2",)
    controls: tuple[str, ...] = CONTROLS
    colorizers: tuple[str, ...] = ("baseline", "proposed")
    recognizers: tuple[str, ...] = ("robust-vtm",)
    gallery: str = "all-views"


@dataclass(frozen=True)
class QualityPart:
    """How picture quality is measured: frames a sequence (evenly spread) and reference pictures."""

    frames_per_sequence: int = 3
    references: tuple[str, ...] = REFERENCES


@dataclass(frozen=True)
class Suite:
    """A whole run.

    Parameters
    ----------
    name : str
    split : Split
        Subjects by role.
    walks : WalksPart
    data : DataPart
    systems : SystemsPart
    quality : QualityPart
    effort : float
        Training effort of the learned systems; 1 is what `quick` takes.
    training_pictures : int
        Frames a training sequence whose pictures the colorizers learn from, evenly spread.
    resamples : int
        Bootstrap resamples over subjects.
    confidence : float
        Level of every interval, in (0, 1).
    seed : int
        Seed of training, noise draws and bootstrap. The walkers have their own, `data.seed`.
    samples : int
        Sequences whose pictures are kept beside the record for the page.
    """

    name: str
    split: Split
    walks: WalksPart
    data: DataPart = field(default_factory=DataPart)
    systems: SystemsPart = field(default_factory=SystemsPart)
    quality: QualityPart = field(default_factory=QualityPart)
    effort: float = 1.0
    training_pictures: int = 16
    resamples: int = 2000
    confidence: float = 0.95
    seed: int = 0
    samples: int = 8

    def with_seed(self, seed: int | None) -> Suite:
        """The same suite under another seed (None: unchanged)."""
        return self if seed is None else dataclasses.replace(self, seed=seed)

    def resolved(self) -> dict[str, Any]:
        """Every value, as plain JSON."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        return plain


def suite_names() -> list[str]:
    """Suites that ship with the package."""
    return sorted(
        p.name[:-5] for p in resources.files("gaitbench.suites").iterdir() if p.name.endswith(".toml")
    )


def load_suite(name_or_path: str) -> Suite:
    """Read a suite by name (``quick``) or from a TOML file, and check it whole.

    Raises
    ------
    ConfigError
        For an unknown suite, an unreadable file, an unknown key, a wrong type or an impossible value.
    """
    if name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        if not path.is_file():
            raise ConfigError(f"no suite file {path}; give a TOML file or one of: {', '.join(suite_names())}")
        try:
            text, name = path.read_text(encoding="utf-8"), path.stem
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"suite file {path} cannot be read as UTF-8 text ({type(error).__name__})"
            ) from error
    elif name_or_path in suite_names():
        text = (resources.files("gaitbench.suites") / f"{name_or_path}.toml").read_text(encoding="utf-8")
        name = name_or_path
    else:
        near = difflib.get_close_matches(name_or_path, suite_names(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ";"
        raise ConfigError(
            f"unknown suite {name_or_path!r}{hint} suites: {', '.join(suite_names())}, or a file ending in .toml"
        )
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"suite {name_or_path}: not valid TOML ({error})") from error
    return _build(table, name)


def _build(table: dict[str, Any], name: str) -> Suite:
    parts = {"data": DataPart, "walks": WalksPart, "systems": SystemsPart, "quality": QualityPart}
    plain = {
        "effort": float,
        "training_pictures": int,
        "resamples": int,
        "confidence": float,
        "seed": int,
        "samples": int,
        "name": str,
    }
    known = [*parts, *plain, "split"]
    for key in table:
        if key not in known:
            _unknown(name, key, known)
    values: dict[str, Any] = {"name": str(table.get("name", name))}
    for needed in ("split", "walks"):
        if needed not in table:
            raise ConfigError(f"suite {name}: the part [{needed}] is missing")
    if not isinstance(table["split"], dict):
        raise ConfigError(f"suite {name}: [split] must be a table of role and subjects")
    for role, who in table["split"].items():
        if not isinstance(who, (str, list)):
            raise ConfigError(
                f'suite {name}: split.{role} must be a text such as "001-050" or a list, not {who!r}'
            )
    values["split"] = Split.from_table(table["split"])
    for key, kind in parts.items():
        if key in table:
            values[key] = _part(name, key, kind, table[key])
    for key, kind in plain.items():
        if key in table and key != "name":
            values[key] = _number(name, key, kind, table[key])
    suite = Suite(**values)
    _check(suite)
    return suite


def _unknown(suite: str, key: str, known: list[str]) -> None:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    raise ConfigError(f"suite {suite}: unknown key {key!r}; {hint}")


def _number(suite: str, key: str, kind: type, value: Any) -> Any:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or (kind is int and not isinstance(value, int))
    ):
        raise ConfigError(
            f"suite {suite}: {key} must be a {'whole ' if kind is int else ''}number, not {value!r}"
        )
    return kind(value)


def _part(suite: str, part: str, kind: Any, table: Any) -> Any:
    if not isinstance(table, dict):
        raise ConfigError(f"suite {suite}: [{part}] must be a table")
    fields = {f.name: f for f in dataclasses.fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in fields:
            _unknown(f"{suite} [{part}]", key, list(fields))
        annotation = str(fields[key].type)
        if annotation.startswith("tuple"):
            if not isinstance(value, list) or (not value and key != "controls"):
                raise ConfigError(
                    f"suite {suite}: {part}.{key} must be a list that is not empty, not {value!r}"
                )
            inner = int if "int" in annotation else str
            if any(not isinstance(v, inner) or isinstance(v, bool) for v in value):
                raise ConfigError(
                    f"suite {suite}: {part}.{key} must hold {inner.__name__} values, not {value!r}"
                )
            values[key] = tuple(value)
        elif annotation == "str":
            if not isinstance(value, str):
                raise ConfigError(f"suite {suite}: {part}.{key} must be a text, not {value!r}")
            values[key] = value
        else:
            values[key] = _number(suite, f"{part}.{key}", int, value)
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(f"suite {suite}: [{part}] is incomplete ({error})") from error


def _check(suite: Suite) -> None:
    def refuse(message: str) -> None:
        raise ConfigError(f"suite {suite.name}: {message}")

    if suite.data.size not in SIZES:
        refuse(f"data.size {list(suite.data.size)} is not offered; take [64, 44] or [128, 88]")
    if suite.data.frames is not None and suite.data.frames < 2:
        refuse("data.frames must be at least 2")
    if any(not 0 <= a <= 180 for a in suite.data.angles) or len(set(suite.data.angles)) < len(
        suite.data.angles
    ):
        refuse(f"data.angles {list(suite.data.angles)} must be different degrees from 0 to 180")
    if suite.seed < 0 or suite.data.seed < 0:
        refuse("seeds must be 0 or more")
    if not 0 < suite.confidence < 1:
        refuse(f"confidence {suite.confidence} must lie between 0 and 1, for example 0.95")
    if suite.resamples < 100:
        refuse(f"resamples {suite.resamples} are too few for an interval; take 100 or more")
    if not (math.isfinite(suite.effort) and suite.effort > 0):
        refuse(f"effort {suite.effort} must be a number above 0")
    if suite.training_pictures < 1:
        refuse("training_pictures must be at least 1")
    if suite.quality.frames_per_sequence < 1:
        refuse("quality.frames_per_sequence must be at least 1")
    if overlap := set(suite.walks.gallery) & set(suite.walks.probe):
        refuse(
            f"walk {sorted(overlap)[0]} is both gallery and probe; an attacker would find the very same pictures"
        )
    for control in suite.systems.controls:
        if control not in CONTROLS:
            refuse(f"unknown control {control!r}; controls: {', '.join(CONTROLS)}")
    for reference in suite.quality.references:
        if reference not in REFERENCES:
            refuse(f"unknown reference {reference!r}; references: {', '.join(REFERENCES)}")
    if suite.systems.gallery not in GALLERIES:
        refuse(f"unknown gallery {suite.systems.gallery!r}; galleries: {', '.join(GALLERIES)}")
    for registry, names in (
        (ANONYMIZERS, suite.systems.anonymizers),
        (COLORIZERS, suite.systems.colorizers),
        (RECOGNIZERS, suite.systems.recognizers),
    ):
        for name in names:
            if name not in registry.names():
                registry.get(name)  # raises with the nearest name
