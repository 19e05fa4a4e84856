"""The parts of a suite: frozen groups of settings with their defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gaitbench.protocol import ANGLES, CONTROLS, GALLERIES
from gaitbench.system_value import SystemValue

__all__ = [
    "CONTROLS", "GALLERIES", "INPUTS", "LEVELS", "REFERENCES", "AttacksPart", "DataPart", "ExtrasPart",
    "QualityPart", "SystemsPart", "WalksPart",
]  # fmt: skip

#: Names as PROTOCOL's last table spells them.
REFERENCES: tuple[str, ...] = ("original", "overlap", "scene", "truth")
#: The level at which systems draw their noise.
LEVELS: tuple[str, ...] = ("frame", "sequence", "person")
INPUTS: tuple[str, ...] = ("silhouette", "resegmented", "appearance")


@dataclass(frozen=True)
class DataPart:
    """Which pictures: data set (walkers, or a folder given by ``--data``), crop size, frames, angles."""

    seed: int = 0
    size: tuple[int, int] = (64, 44)
    frames: int | None = None
    angles: tuple[int, ...] = ANGLES


@dataclass(frozen=True)
class WalksPart:
    """Which walks serve which purpose."""

    recognizer: tuple[str, ...]
    models: tuple[str, ...]
    gallery: tuple[str, ...]
    probe: tuple[str, ...]


@dataclass(frozen=True)
class SystemsPart:
    """What is tested. The first anonymizer is the suite's main one: all colorizers are attacked over it.

    Each system is a `SystemValue`; its text (``model-2[strength=0.5]``) will do, too. Stages and rows know systems by
    their texts, `anonymizer_names` and so on.

    `noise` is the level at which every system draws its noise, declared with every figure: ``sequence``, ``person`` (a
    pseudonym: all videos of a person share a draw) or ``frame`` (systems that have such a setting).
    """

    anonymizers: tuple[SystemValue, ...] = (SystemValue("model-2"),)
    controls: tuple[str, ...] = CONTROLS
    colorizers: tuple[SystemValue, ...] = (SystemValue("baseline"), SystemValue("proposed"))
    recognizers: tuple[SystemValue, ...] = (SystemValue("robust-vtm"),)
    gallery: str = "all-views"
    noise: str = "sequence"

    def __post_init__(self) -> None:
        _to_values(self, "anonymizers", "colorizers", "recognizers")

    @property
    def anonymizer_names(self) -> tuple[str, ...]:
        """Texts of the anonymizers."""
        return tuple(map(str, self.anonymizers))

    @property
    def colorizer_names(self) -> tuple[str, ...]:
        """Texts of the colorizers."""
        return tuple(map(str, self.colorizers))

    @property
    def recognizer_names(self) -> tuple[str, ...]:
        """Texts of the recognizers."""
        return tuple(map(str, self.recognizers))


@dataclass(frozen=True)
class AttacksPart:
    """The attacker ladder: who attacks, and what they read.

    Parameters
    ----------
    attackers : tuple of str
        Rungs; ``ignorant`` is always run, because the slides' figure is its.
    recognizers : tuple of SystemValue
        What the rungs above ``ignorant`` attack with; recognizers that are not among `systems.recognizers` attack
        nowhere else.
    inputs : tuple of str
        ``resegmented`` and ``appearance`` read what the colorizers painted.
    informed_probes : int
        Probes that ``informed`` attacks, drawn by hash; 0: all of them.
    """

    attackers: tuple[str, ...] = ("ignorant",)
    recognizers: tuple[SystemValue, ...] = (SystemValue("robust-vtm"),)
    inputs: tuple[str, ...] = ("silhouette",)
    informed_probes: int = 0

    def __post_init__(self) -> None:
        _to_values(self, "recognizers")

    @property
    def recognizer_names(self) -> tuple[str, ...]:
        """Texts of the recognizers."""
        return tuple(map(str, self.recognizers))


@dataclass(frozen=True)
class QualityPart:
    """How pictures are measured.

    Parameters
    ----------
    frames_per_sequence : int
        Pictures of a probe, evenly spread.
    references : tuple of str
        What pictures are held against.
    measures : tuple of str
        Beyond PSNR and SSIM.
    others_painted_by : tuple of SystemValue
        Colorizers that paint the anonymizers after the first, to save time; all of `systems.colorizers` if empty.
    """

    frames_per_sequence: int = 3
    references: tuple[str, ...] = ("original", "overlap", "truth")
    measures: tuple[str, ...] = ()
    others_painted_by: tuple[SystemValue, ...] = ()

    def __post_init__(self) -> None:
        _to_values(self, "others_painted_by")


@dataclass(frozen=True)
class ExtrasPart:
    """What a suite adds to the two questions: recognition matrices, naturalness of gaits, ablations.

    Parameters
    ----------
    matrices, naturalness, ablations : bool
    naturalness_of : tuple of SystemValue
        Anonymizers whose naturalness, and success under the slides' attacker, is measured beyond `systems.anonymizers`:
        the strengths of one system make a curve.
    """

    matrices: bool = False
    naturalness: bool = False
    ablations: bool = False
    naturalness_of: tuple[SystemValue, ...] = ()

    def __post_init__(self) -> None:
        _to_values(self, "naturalness_of")


def _to_values(part: object, *names: str) -> None:
    """Texts among these fields become values."""
    for name in names:
        given: Iterable[SystemValue | str] = getattr(part, name)
        values = (SystemValue.parse(one) if isinstance(one, str) else one for one in given)
        object.__setattr__(part, name, tuple(values))
