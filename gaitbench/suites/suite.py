"""The suite: a frozen, validated description of a run, read from TOML."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from gaitbench.datasets.splits import Split
from gaitbench.errors import ConfigError
from gaitbench.suites.parts import AttacksPart, DataPart, ExtrasPart, QualityPart, SystemsPart, WalksPart

__all__ = ["Suite", "load_suite", "suite_names"]


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
    attacks: AttacksPart = field(default_factory=AttacksPart)
    quality: QualityPart = field(default_factory=QualityPart)
    extras: ExtrasPart = field(default_factory=ExtrasPart)
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
    from gaitbench.suites.reading import suite_from_table

    return suite_from_table(table, name)
