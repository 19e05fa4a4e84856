"""What flows through the suite: keys, recordings (whole frames) and gait sequences (aligned crops)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.key_text import check_part, key_text, read_key, walk_parts, walk_text
from gaitbench.datasets.views import degrees_of, view_label, view_of_label
from gaitbench.errors import DataError
from gaitbench.protocol import ANGLES

__all__ = ["ANGLES", "WALKS", "Dataset", "GaitSequence", "Recording", "SequenceKey", "TrueMasks"]

#: The ten walks of CASIA-B: six normal, two with a bag, two in a coat.
WALKS: tuple[str, ...] = (
    *(f"nm-{i:02d}" for i in range(1, 7)), "bg-01", "bg-02", "cl-01", "cl-02",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class SequenceKey:
    """One person on one walk seen by one camera.

    Parameters
    ----------
    subject : str
        Subject id as the data set spells it, e.g. ``"007"``: any text without path or control characters.
    walk : str
        ``[SESSION@]CONDITION[-TAKE]``, e.g. ``"nm-01"`` or ``"U0_D0_BG"``; `of` makes it of its parts.
    angle : int
        Viewing angle in degrees; where only a label of the view is known, its number (`gaitbench.datasets.views`).

    Examples
    --------
    >>> SequenceKey.parse("007-bg-01-090")
    SequenceKey(subject='007', walk='bg-01', angle=90)
    >>> str(SequenceKey("007", "nm-01", 0))
    '007-nm-01-000'
    >>> key = SequenceKey.of("0000", "camid9_videoid2", "seq0")
    >>> str(key), key.view, key.degrees
    ('0000-camid9_videoid2-seq0', 'seq0', None)
    """

    subject: str
    walk: str
    angle: int

    @classmethod
    def of(
        cls,
        subject: str,
        condition: str,
        view: str | int,
        *,
        take: str | None = None,
        session: str | None = None,
    ) -> SequenceKey:
        """From the parts of a name.

        Parameters
        ----------
        subject, condition : str
        view : str or int
            Degrees, or a label; a label of three digits is that number of degrees.
        take, session : str, optional

        Raises
        ------
        DataError
            If a part is empty, or holds path or control characters.
        """
        parts = {"subject": subject, "condition": condition, "take": take, "session": session}
        for what, text in parts.items():
            if text is not None:
                check_part(text, what)
        if isinstance(view, str):
            check_part(view, "view")
        angle = view_of_label(view) if isinstance(view, str) else view
        return cls(subject, walk_text(condition, take, session), angle)

    @property
    def session(self) -> str | None:
        """The session of the walk; None where the data set has none."""
        return walk_parts(self.walk)[0]

    @property
    def condition(self) -> str:
        """``"nm"``, ``"bg"`` or ``"cl"`` in CASIA-B: the walk without its session and its number."""
        return walk_parts(self.walk)[1]

    @property
    def take(self) -> str | None:
        """Which walk of its condition, e.g. ``"01"``; None where the name does not say."""
        return walk_parts(self.walk)[2]

    @property
    def view(self) -> str:
        """The view's label; three digits where it is a number."""
        return view_label(self.angle)

    @property
    def degrees(self) -> int | None:
        """The viewing angle; None where only a label is known."""
        return degrees_of(self.angle)

    def __str__(self) -> str:
        return key_text(self.subject, self.walk, view_label(self.angle))

    @classmethod
    def parse(cls, text: str) -> SequenceKey:
        """Read a printed name, see `gaitbench.datasets.key_text`: ``parse(str(key)) == key``.

        Raises
        ------
        DataError
            If the text is not of that form.
        """
        found = read_key(text)
        if found is None:
            raise DataError(
                f"{text!r} is not a sequence name; write SUBJECT-WALK-ANGLE such as 007-nm-01-090"
            )
        return cls(found[0], found[1], view_of_label(found[2]))


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
    aligned : bool
        The silhouettes are crops that somebody else has aligned: they are not aligned again, and have no colours.
    """

    key: SequenceKey
    frames: NDArray[np.uint8] | None
    background: NDArray[np.uint8] | None
    silhouettes: NDArray[np.bool_] | None
    frame_numbers: NDArray[np.int32]
    frame_count: int
    notes: tuple[str, ...] = ()
    aligned: bool = False


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
    boxes : float32 array (T, 4) or None
        Where each crop came from: left, top, right, bottom in pixels of its frame, for `uncrop`
        (`gaitbench.datasets.silhouettes.uncropping`); None where somebody else has aligned the silhouettes.
    """

    key: SequenceKey
    silhouettes: NDArray[np.bool_]
    rgb: NDArray[np.uint8] | None
    frame_numbers: NDArray[np.int32]
    frame_count: int
    oracle_silhouettes: NDArray[np.bool_] | None = None
    oracle_rgb: NDArray[np.uint8] | None = None
    plate: NDArray[np.uint8] | None = None
    boxes: NDArray[np.float32] | None = None

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
