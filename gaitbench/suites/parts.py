"""The parts of a suite: frozen groups of settings with their defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Annotated

from msgspec import Meta

from gaitbench.datasets.key_text import check_part
from gaitbench.datasets.views import view_of_label
from gaitbench.errors import ConfigError, DataError
from gaitbench.protocol import ANGLES, CONTROLS, GALLERIES
from gaitbench.system_value import Seed, SystemValue

__all__ = [
    "CONTROLS",
    "GALLERIES",
    "INPUTS",
    "LEVELS",
    "REFERENCES",
    "AtLeastOne",
    "DataPart",
    "ExtrasPart",
    "Margin",
    "Names",
    "QualityPart",
    "Seed",
    "Systems",
    "SystemsPart",
    "WalksPart",
    "to_values",
]  # fmt: skip

#: Names as PROTOCOL's last table spells them.
REFERENCES: tuple[str, ...] = ("original", "overlap", "scene", "truth")
#: The level at which systems draw their noise.
LEVELS: tuple[str, ...] = ("frame", "sequence", "person")
INPUTS: tuple[str, ...] = ("silhouette", "resegmented", "appearance")

#: Limits of what may be written; beyond the upper ones nothing is gained, and a slip of the finger asks for terabytes.
AtLeastOne = Annotated[int, Meta(ge=1)]
_Frames = Annotated[
    int,
    Meta(
        ge=2, le=100_000, description="a number of frames from 2 to 100000; leave it out to read all of them"
    ),
]
#: As it is written (`gaitbench.suites.written`): degrees, or a label where only that is known of a view.
Angle = Annotated[int, "view"]
_NotEmpty = Meta(min_length=1, description="a list that is not empty")
Names = Annotated[tuple[str, ...], _NotEmpty]
Systems = Annotated[tuple[SystemValue, ...], _NotEmpty]


@dataclass(frozen=True)
class DataPart:
    """Which pictures: data set (walkers, or a folder given by ``--data``), crop size, frames, angles.

    An angle is degrees, or the label of a view (``"cam3"``); it is then the number that stands for the label. `camera`:
    another film of the walkers (`gaitbench.datasets.walkers.films`), such as ``cctv``; the usual one if empty.
    `walkers`: another kind of them, ``uneven`` (`gaitbench.datasets.walkers.uneven`); the plain ones if empty.
    """

    seed: Seed = 0
    size: tuple[int, int] = (64, 44)
    frames: _Frames | None = None
    angles: Annotated[tuple[Angle, ...], _NotEmpty] = ANGLES
    camera: str = ""
    walkers: str = ""

    def __post_init__(self) -> None:
        try:
            found = tuple(
                view_of_label(check_part(a, "view")) if isinstance(a, str) else a for a in self.angles
            )
        except DataError as error:
            raise ConfigError(f"data.angles: {error}") from error
        object.__setattr__(self, "angles", found)


@dataclass(frozen=True)
class WalksPart:
    """Which walks serve which purpose."""

    recognizer: Names
    models: Names
    gallery: Names
    probe: Names


@dataclass(frozen=True)
class SystemsPart:
    """What is tested. The first anonymizer is the suite's main one: all colorizers are attacked over it.

    Each system is a `SystemValue`; its text (``model-2[strength=0.5]``) will do, too. Stages and rows know systems by
    their texts, `anonymizer_names` and so on.

    `noise` is the level at which every system draws its noise, declared with every figure: ``sequence``, ``person`` (a
    pseudonym: all videos of a person share a draw) or ``frame`` (systems that have such a setting).
    """

    anonymizers: Systems = (SystemValue("model-2"),)
    controls: tuple[str, ...] = CONTROLS
    colorizers: Systems = (SystemValue("baseline"), SystemValue("proposed"))
    recognizers: Systems = (SystemValue("robust-vtm"),)
    gallery: str = "all-views"
    noise: str = "sequence"

    def __post_init__(self) -> None:
        to_values(self, "anonymizers", "colorizers", "recognizers")

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
class Margin:
    """A claim that is held against a margin: pictures of `a` are not worse than those of `b` by more than `margin`.

    Parameters
    ----------
    a, b : str
        Colorizers of the suite.
    measure : str
        ``psnr``, ``ssim``, or one of `quality.measures`.
    margin : float
        In the unit of the measure; named before the run, and taken from what is noticed, not from the figures.
    reference : str
        One of `quality.references`; ``overlap`` if it is among them, else the first, where it is left out.
    set : str
        ``plain``, ``textural``, ``complete`` or ``incomplete``; all pictures together where it is left out.
    """

    a: str
    b: str
    measure: str
    margin: Annotated[float, Meta(gt=0, description="a number greater than 0")]
    reference: str = ""
    set: str = "all"

    def reference_of(self, references: tuple[str, ...]) -> str:
        """The reference that is meant, among those of a suite."""
        return self.reference or ("overlap" if "overlap" in references else references[0])


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
    others_trainings : int
        How many trainings of a colorizer paint the anonymizers after the first: the first ones; 0: all.
    margins : tuple of Margin
        Claims of non-inferiority.
    """

    frames_per_sequence: AtLeastOne = 3
    references: Names = ("original", "overlap", "truth")
    measures: tuple[str, ...] = ()
    others_painted_by: Systems = ()
    others_trainings: Annotated[int, Meta(ge=0, description="0 (all of them) or more")] = 0
    margins: Annotated[tuple[Margin, ...], _NotEmpty] = ()

    def __post_init__(self) -> None:
        to_values(self, "others_painted_by")
        names = [one.name for one in fields(Margin)]
        told = [{name: getattr(one, name) for name in names} for one in self.margins]
        object.__setattr__(self, "margins", tuple(Margin(**one) for one in told))


@dataclass(frozen=True)
class ExtrasPart:
    """What a suite adds to the two questions: recognition matrices, naturalness of gaits, ablations, sweeps.

    Parameters
    ----------
    matrices, naturalness, ablations, utility : bool
    sweep : tuple of SystemValue
        Anonymizers beyond `systems.anonymizers`, such as one system at several strengths: success and rank-1 beside
        overlap, PSNR and SSIM, and, where `naturalness` is asked for, naturalness. They make a curve.
    sweep_recognizers : tuple of SystemValue
        Those of `attacks.recognizers` that attack them besides the suite's first recognizer.
    sweep_painted_by : tuple of SystemValue
        Colorizers that paint them; `quality.others_painted_by` if empty, or else the suite's first.
    """

    matrices: bool = False
    naturalness: bool = False
    ablations: bool = False
    utility: bool = False
    sweep: Systems = ()
    sweep_recognizers: Systems = (SystemValue("gait-dynamics"),)
    sweep_painted_by: Systems = ()

    def __post_init__(self) -> None:
        to_values(self, "sweep", "sweep_recognizers", "sweep_painted_by")


def to_values(part: object, *names: str) -> None:
    """Systems in these fields of a part, as they are written, become values.

    Raises
    ------
    ConfigError
        If a text is none of a system.
    """
    for name in names:
        given: Iterable[SystemValue | str] = getattr(part, name)
        try:
            values = tuple(one if isinstance(one, SystemValue) else SystemValue.read(one) for one in given)
        except ConfigError as error:
            raise ConfigError(f"{name}: {error}") from error
        object.__setattr__(part, name, values)
