"""What is asked of an import, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gaitbench.datasets.sources.imported.notes import SequenceNote

__all__ = ["LEAST", "Asked", "Done", "Layout", "Status"]

#: Share of frames that look like one whole person under which silhouettes are called no good.
LEAST = 0.5

Layout = Literal["casia-b", "npz"]
Status = Literal["written", "present", "refused", "failed"]


@dataclass(frozen=True)
class Asked:
    """How a source is to be brought in.

    Parameters
    ----------
    dest : Path
    layout : str
        ``casia-b`` or ``npz``.
    video : bool
        Colours too, where the layout holds any.
    least : float
        Extracted silhouettes with a lower score are not written.
    background, masks, passes : Path or None
        For videos: the empty scene; silhouettes by somebody's segmenter; a table of who walks when.
    mask_kind : str or None
        ``binary``, ``probability`` or ``instances``; None tells by looking.
    people : str
        ``one``: who walks through a video is its subject, every time; ``many``: each is somebody else; ``auto``.
    """

    dest: Path
    layout: Layout = "casia-b"
    video: bool = True
    least: float = LEAST
    background: Path | None = None
    masks: Path | None = None
    passes: Path | None = None
    mask_kind: str | None = None
    people: str = "auto"


@dataclass(frozen=True)
class Done:
    """What came of one sequence, or of a file in which there was none.

    Parameters
    ----------
    name : str
        The sequence's, or the file's.
    status : str
        ``written``, ``present`` (by an earlier import), ``refused`` (rubbish), ``failed``.
    note : SequenceNote or None
    problem : str
        One line; "" where all is well.
    strip : bytes
        A PNG of some frames; empty where there is none.
    """

    name: str
    status: Status
    note: SequenceNote | None = None
    problem: str = ""
    strip: bytes = field(default=b"", repr=False)
