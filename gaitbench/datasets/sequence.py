"""What flows through the suite: keys, recordings (whole frames) and gait sequences (aligned crops)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError
from gaitbench.protocol import ANGLES

__all__ = ["ANGLES", "WALKS", "Dataset", "GaitSequence", "Recording", "SequenceKey", "TrueMasks"]

#: The ten walks of CASIA-B: six normal, two with a bag, two in a coat.
WALKS: tuple[str, ...] = (
    *(f"nm-{i:02d}" for i in range(1, 7)), "bg-01", "bg-02", "cl-01", "cl-02",
)  # fmt: skip

_KEY = re.compile(r"^(?P<subject>[^/\\]+)-(?P<walk>[a-z]+-\d+)-(?P<angle>\d{3})$")


@dataclass(frozen=True, order=True)
class SequenceKey:
    """One person on one walk seen by one camera.

    Parameters
    ----------
    subject : str
        Subject id as the data set spells it, e.g. ``"007"``.
    walk : str
        Condition and number, e.g. ``"nm-01"``.
    angle : int
        Viewing angle in degrees.

    Examples
    --------
    >>> SequenceKey.parse("007-bg-01-090")
    SequenceKey(subject='007', walk='bg-01', angle=90)
    >>> str(SequenceKey("007", "nm-01", 0))
    '007-nm-01-000'
    """

    subject: str
    walk: str
    angle: int

    @property
    def condition(self) -> str:
        """``"nm"``, ``"bg"`` or ``"cl"``: the walk without its number."""
        return self.walk.split("-")[0]

    def __str__(self) -> str:
        return f"{self.subject}-{self.walk}-{self.angle:03d}"

    @classmethod
    def parse(cls, text: str) -> SequenceKey:
        """Read ``SUBJECT-WALK-ANGLE`` by position (subject ids may look like angles: 018, 036, ...).

        Raises
        ------
        DataError
            If the text is not of that form.
        """
        found = _KEY.match(text)
        if found is None:
            raise DataError(
                f"{text!r} is not a sequence name; write SUBJECT-WALK-ANGLE such as 007-nm-01-090"
            )
        return cls(found["subject"], found["walk"], int(found["angle"]))


@dataclass(frozen=True)
class Recording:
    """Whole frames of one sequence as a data set gives them.

    At least one of `frames` and `silhouettes` is present.

    Parameters
    ----------
    key : SequenceKey
    frames : uint8 array (T, H, W, 3) or None
        RGB video frames.
    background : uint8 array (B, H, W, 3) or None
        Frames of the empty scene by the same camera.
    silhouettes : bool array (T, H, W) or None
        Silhouettes that come with the data set (they are then not extracted again).
    frame_numbers : int array (T,)
        1-based number of each frame in its video.
    frame_count : int
        Frames of the video; more than T when some have no silhouette.
    notes : tuple of str
        How the files were read, where that was not plain: a phrase each, the same for all sequences of a kind.
    """

    key: SequenceKey
    frames: NDArray[np.uint8] | None
    background: NDArray[np.uint8] | None
    silhouettes: NDArray[np.bool_] | None
    frame_numbers: NDArray[np.int32]
    frame_count: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrueMasks:
    """Rendered ground truth of one sequence (embedded walkers only).

    Parameters
    ----------
    masks : bool array (T, H, W)
        True silhouettes.
    rgb : uint8 array (T, H, W, 3) or None
        The rendered person over black, in the given clothes.
    frame_numbers : int array (T,)
        1-based frame numbers.
    """

    masks: NDArray[np.bool_]
    rgb: NDArray[np.uint8] | None
    frame_numbers: NDArray[np.int32]


@dataclass(frozen=True)
class GaitSequence:
    """One sequence as everything after the data sets reads it: aligned crops of one size.

    Parameters
    ----------
    key : SequenceKey
    silhouettes : bool array (T, h, w)
        Extracted silhouettes, size-normalised and centred, (64, 44) or (128, 88).
    rgb : uint8 array (T, h, w, 3) or None
        The same crops of the original frames, with their background.
    frame_numbers : int array (T,)
        1-based number of each frame in its video.
    frame_count : int
        Frames the video had; ``frame_count - T`` were dropped for want of a person.
    oracle_silhouettes : bool array (T, h, w) or None
        Embedded walkers only: another body on the same walk, rendered.
    oracle_rgb : uint8 array (T, h, w, 3) or None
        That body in this person's clothes, background black: the reference ``truth``.
    plate : uint8 array (T, h, w, 3) or None
        The same crops of the empty scene behind the person (one median picture of it, without the light's
        drift); None where there are no colours or the empty scene is not known.
    """

    key: SequenceKey
    silhouettes: NDArray[np.bool_]
    rgb: NDArray[np.uint8] | None
    frame_numbers: NDArray[np.int32]
    frame_count: int
    oracle_silhouettes: NDArray[np.bool_] | None = None
    oracle_rgb: NDArray[np.uint8] | None = None
    plate: NDArray[np.uint8] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the crops in pixels."""
        return self.silhouettes.shape[1], self.silhouettes.shape[2]


@runtime_checkable
class Dataset(Protocol):
    """A set of walking people. Reading one sequence must not need the others in memory."""

    @property
    def name(self) -> str:
        """What the report calls the data."""
        ...

    @property
    def rendered(self) -> bool:
        """True when the people are rendered: the report says so wherever a figure stands."""
        ...

    def fingerprint(self) -> str:
        """Hash of everything that determines what `load` returns."""
        ...

    def keys(self) -> list[SequenceKey]:
        """Sequences that exist, sorted."""
        ...

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence: the first `frames` frames (all if None); RGB only if `video`."""
        ...

    def load_walk(
        self, subject: str, walk: str, angles: Sequence[int], *, frames: int | None = None, video: bool = True
    ) -> Iterable[Recording]:
        """Read a walk as the cameras at `angles` saw it, in that order; one recording at a time."""
        ...

    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks | None:
        """Ground truth: `key`'s clothes on the body and gait of `body`; None where there is none.

        `rgb` may be a list of positions among the frames: the others' colours are then zeros.
        """
        ...
