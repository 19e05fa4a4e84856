"""What one reading of a sequence tells: small values, which outlive its pictures."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.datasets.sequence import SequenceKey

__all__ = ["Facts", "Film", "Shape"]


@dataclass(frozen=True, slots=True)
class Shape:
    """The person in the pictures, over the frames that show one.

    Parameters
    ----------
    top, bottom, left, right : tuple of int
        Numbers of the frames in which the person touches that edge of the picture.
    filling : int
        Frames in which the person reaches from the first row to the last.
    spanning : int
        Frames in which the person reaches from the first column to the last.
    height : float
        Median height in pixels.
    narrow : float
        Width over height where the legs are closed: the tenth percentile.
    offset : float
        Median distance of the middle of the mass from the middle column, as a share of the picture's width.
    """

    top: tuple[int, ...]
    bottom: tuple[int, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    filling: int
    spanning: int
    height: float
    narrow: float
    offset: float


@dataclass(frozen=True, slots=True)
class Film:
    """The video of a sequence.

    Parameters
    ----------
    frames : int
    size : (int, int) or None
        Height and width.
    broken : str
        Why it cannot be read; "" where it can.
    """

    frames: int
    size: tuple[int, int] | None
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """One sequence.

    Parameters
    ----------
    key : SequenceKey
    place : str
        Where it lies.
    frames : int
        Pictures, those that cannot be read among them.
    numbers : (int, int)
        Frame numbers of the first and the last.
    missing, hole, after : int
        Numbers that no frame has, the longest run of them, and the number before that.
    lost : tuple of int or None
        Of an export: frames that it wrote, between the first and the last, and that are not there. None: not known.
    refused, why : str
        Kind of the fault for which the whole sequence cannot be read, and the reader's own line; "" where it can.
    unreadable : tuple of str
        Files that are no pictures.
    sizes : tuple of ((int, int), int)
        Height and width, and how many frames have it; the commonest first.
    shown : tuple of int
        Frames that show somebody, at 25 a second: all, and those of the longest stretch.
    black : tuple of int
        Numbers of black frames between others.
    inverted, filled : tuple of int
        Numbers of frames.
    grey, throughout : tuple of int
        Numbers of frames with more than two levels; and of those where they are no soft rim.
    seen : (int, int)
        Numbers of the first and the last frame that show somebody.
    prints : bytes
        Eight bytes a frame that shows somebody: a hash of its silhouette.
    aligned : bool
        Somebody else has aligned them.
    extracted : bool
        Silhouettes were extracted from a video: there are none on the disk.
    shape : Shape or None
    film : Film or None
    outcome : str or None
        What `run-all` says of it: "" reads it, a text refuses it; None where the suite does not ask for it.
    """

    key: SequenceKey
    place: str
    frames: int = 0
    numbers: tuple[int, int] = (0, 0)
    missing: int = 0
    hole: int = 0
    after: int = 0
    lost: tuple[int, ...] | None = None
    refused: str = ""
    why: str = ""
    unreadable: tuple[str, ...] = ()
    sizes: tuple[tuple[tuple[int, int], int], ...] = ()
    shown: int = 0
    black: tuple[int, ...] = ()
    inverted: tuple[int, ...] = ()
    filled: tuple[int, ...] = ()
    grey: tuple[int, ...] = ()
    throughout: tuple[int, ...] = ()
    seen: tuple[int, int] = (0, 0)
    prints: bytes = b""
    aligned: bool = False
    extracted: bool = False
    shape: Shape | None = None
    film: Film | None = None
    outcome: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of most pictures; (0, 0) where there are none."""
        return self.sizes[0][0] if self.sizes else (0, 0)
