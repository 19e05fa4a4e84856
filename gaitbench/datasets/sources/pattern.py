"""Mask pictures of any naming, told by a pattern: ``{subject}/{condition}-{take}/{view}/{frame}.png``. Ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gaitbench.datasets.containers.archive import is_readable_archive
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.casia_layout import view_of
from gaitbench.datasets.sources.member_source import MemberSource, first_names
from gaitbench.datasets.sources.opengait import parts_of_type
from gaitbench.datasets.sources.plain_source import Levels
from gaitbench.datasets.sources.tree import is_picture
from gaitbench.errors import ConfigError, DataError

__all__ = ["PATTERN", "PatternFolder", "compiled"]

#: CASIA-B's silhouettes, as its archives hold them.
PATTERN = "{subject}/{condition}-{take}/{view}/{frame}.png"

_FIELDS = ("subject", "session", "condition", "take", "type", "view", "frame")
_PIECE = re.compile(r"\{([^{}]*)\}|(\*)|([^{}*]+)|(.)")
#: A frame's number is the last group of digits in what stands for `{frame}`.
_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*\Z)")
_LARGEST_FRAME = 2**31 - 2


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression over the end of a file's name; any folders may stand before it.

    ``{take}`` holds no ``-``, the other fields anything but ``/``; ``*`` is anything but ``/``. A field that stands
    twice means the same text.

    Raises
    ------
    ConfigError
        For an unknown field, or one that is missing.

    Examples
    --------
    >>> found = compiled("{subject}/{condition}-{take}/{view}/{frame}.png").fullmatch("a/007/nm-01/090/f_12.png")
    >>> found["subject"], found["take"], found["frame"]
    ('007', '01', 'f_12')
    """
    named: set[str] = set()
    parts = []
    for field, star, text, odd in _PIECE.findall(pattern.strip().strip("/")):
        if odd or (field and field not in _FIELDS):
            what = f"the sign {odd!r}" if odd else f"the field {{{field}}}"
            raise ConfigError(f"--pattern {pattern!r}: {what} is not known; fields: {', '.join(_FIELDS)}")
        if star:
            parts.append("[^/]*")
        elif text:
            parts.append(re.escape(text))
        elif not field:
            raise ConfigError(
                f"--pattern {pattern!r}: has a field without a name; fields: {', '.join(_FIELDS)}"
            )
        elif field in named:
            parts.append(f"(?P={field})")
        else:
            named.add(field)
            parts.append(f"(?P<{field}>{'[^/-]+' if field == 'take' else '[^/]+'})")
    if lacking := [field for field in ("subject", "frame") if field not in named]:
        raise ConfigError(f"--pattern {pattern!r}: lacks {{{lacking[0]}}}; write for example {PATTERN}")
    if "type" in named and named & {"condition", "take"}:
        raise ConfigError(
            f"--pattern {pattern!r}: {{type}} is a condition and a take in one; leave these out"
        )
    return re.compile(f"(?:.*/)?{''.join(parts)}")


class PatternFolder(MemberSource):
    """Pictures of whole-frame silhouettes, one a frame, named by a pattern (the `Dataset` protocol).

    Parameters
    ----------
    root : Path or str
        A folder, an archive, or a folder of archives.
    pattern : str
        With the fields `subject` and `frame`, and where there are any `session`, `condition`, `take`, `view`, or `type`
        for a condition and a take in one (``nm-01``, ``00-nm``). A view of digits up to 360 is degrees, any other a
        label; without `view` all is one view, ``any``, without `condition` all is ``walk``.
    rate : float, optional
        Frames a second; 25, and said, if not given.
    """

    label = "pictures"

    def __init__(self, root: Path | str, *, pattern: str = PATTERN, rate: float | None = None) -> None:
        super().__init__(root, rate=rate)
        self.pattern = pattern
        self._form = compiled(pattern)

    def settings(self) -> dict[str, Any]:
        """What it was opened with, beside the root."""
        return {**super().settings(), "pattern": self.pattern}

    @staticmethod
    def fits(root: Path) -> bool:
        """CASIA-B's silhouettes in archives; folders of pictures need a pattern, or are CASIA-B's."""
        if not root.exists() or (root.is_file() and not is_readable_archive(root)):
            return False
        packed = root.is_file() or not any(is_picture(name) for name in _loose(root))
        form = re.compile(r"(?:.*/)?[^/]+/[a-z]+-[0-9]+/[0-9]{1,3}/[^/]+\.png")
        return packed and any(form.fullmatch(name) for name in first_names(root))

    def _looked_for(self) -> str:
        return f"picture named {self.pattern}"

    def _sequence_of(self, name: str) -> tuple[SequenceKey, int] | None:
        found = self._form.fullmatch(name) if is_picture(name) else None
        if found is None:
            return None
        parts = found.groupdict()
        number = _NUMBER.search(parts["frame"])
        if number is None or int(number[0][:12]) > _LARGEST_FRAME:
            raise DataError(f"{parts['frame'][:40]!r} holds no frame number")
        condition, take = parts.get("condition", "walk"), parts.get("take")
        if "type" in parts:
            condition, take = parts_of_type(parts["type"])
        view = parts.get("view", "any")
        degrees = view_of(view)
        where = view if degrees is None else degrees
        key = SequenceKey.of(parts["subject"], condition, where, take=take, session=parts.get("session"))
        return key, int(number[0])

    def numbers(self, key: SequenceKey) -> list[int]:
        """Numbers of all its frames, ascending, from the names alone."""
        if key not in self.places:
            return super().numbers(key)
        found = sorted(self.places[key])
        return [n + 1 for n in found] if found[0] == 0 else found

    def _read(self, key: SequenceKey, place: dict[int, str]) -> Levels:
        return self._read_pictures(key, place)


def _loose(root: Path) -> list[str]:
    """Names of files that lie in folders, a few."""
    return [name for name in first_names(root) if (root / name).is_file()]
