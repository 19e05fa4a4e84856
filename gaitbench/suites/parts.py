"""The parts of a suite: frozen groups of settings with their defaults."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.protocol import ANGLES, CONTROLS, GALLERIES

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
    """Names of what is tested. The first anonymizer is the suite's main one: all colorizers are attacked over it.

    `noise` is the level at which every system draws its noise, declared with every figure: ``sequence``, ``person`` (a
    pseudonym: all videos of a person share a draw) or ``frame`` (systems that have such a setting).
    """

    anonymizers: tuple[str, ...] = ("model-2",)
    controls: tuple[str, ...] = CONTROLS
    colorizers: tuple[str, ...] = ("baseline", "proposed")
    recognizers: tuple[str, ...] = ("robust-vtm",)
    gallery: str = "all-views"
    noise: str = "sequence"


@dataclass(frozen=True)
class AttacksPart:
    """The attacker ladder: who attacks, and what they read.

    Parameters
    ----------
    attackers : tuple of str
        Rungs; ``ignorant`` is always run, because the slides' figure is its.
    recognizers : tuple of str
        What the rungs above ``ignorant`` attack with; recognizers that are not among `systems.recognizers` attack
        nowhere else.
    inputs : tuple of str
        ``resegmented`` and ``appearance`` read what the colorizers painted.
    informed_probes : int
        Probes that ``informed`` attacks, drawn by hash; 0: all of them.
    """

    attackers: tuple[str, ...] = ("ignorant",)
    recognizers: tuple[str, ...] = ("robust-vtm",)
    inputs: tuple[str, ...] = ("silhouette",)
    informed_probes: int = 0


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
    others_painted_by : tuple of str
        Colorizers that paint the anonymizers after the first, to save time; all of `systems.colorizers` if empty.
    """

    frames_per_sequence: int = 3
    references: tuple[str, ...] = ("original", "overlap", "truth")
    measures: tuple[str, ...] = ()
    others_painted_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExtrasPart:
    """What a suite adds to the two questions: recognition matrices, naturalness of gaits, ablations."""

    matrices: bool = False
    naturalness: bool = False
    ablations: bool = False
