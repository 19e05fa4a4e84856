"""The names of sequences as text, printed and read again without loss. The grammar is ours.

``SUBJECT-WALK-VIEW``. Names of CASIA-B's kind (``anna-maria-nm-01-090``: a walk of letters and a number, a view of
three digits) stand as they are. In all others subject and view have no ``-`` (it is written ``%2D``), so that the first
and the last ``-`` divide: ``00001-00-000``, ``0000-camid9_videoid2-seq0``. Signs that tables and cells live by are
written as ``%2C`` (,), ``%3D`` (=), ``%7C`` (|) and ``%25`` (%).

A walk is ``[SESSION@]CONDITION[-TAKE]``: ``nm-01``, ``00``, ``U0_D0_BG``, ``autumn@nm-01``.
"""

from __future__ import annotations

import re
import unicodedata

from gaitbench.errors import DataError

__all__ = ["check_part", "key_text", "read_key", "walk_parts", "walk_text"]

_USUAL = re.compile(r"(?P<subject>[^/\\]+)-(?P<walk>[a-z]+-[0-9]+)-(?P<view>[0-9]{3})\Z")
_USUAL_WALK = re.compile(r"[a-z]+-[0-9]+\Z")
_DIGITS = re.compile(r"[0-9]{3}\Z")
_SIGNS = re.compile(r"[%,=|]")
_SIGNS_AND_DASH = re.compile(r"[%,=|-]")
_ESCAPED = re.compile(r"%(25|2C|3D|7C|2D|40)")
#: Letters of one part: a name of a file holds some of them, in UTF-8.
_LONGEST = 60


def check_part(text: str, what: str) -> str:
    """A part of a sequence's name, if it can be one: any text without path or control characters.

    Raises
    ------
    DataError
    """
    why = ""
    if not text or text != text.strip():
        why = "is empty" if not text.strip() else "begins or ends with a space"
    elif text in (".", "..") or "/" in text or "\\" in text:
        why = "is a path"
    elif _holds_controls(text):
        why = "holds a control character, or is no UTF-8"
    elif len(text) > _LONGEST:
        why = f"has more than {_LONGEST} letters"
    if why:
        raise DataError(f"{text[:80]!r} can be no {what}: it {why}")
    return text


def key_text(subject: str, walk: str, view: str) -> str:
    """A sequence's name.

    Examples
    --------
    >>> key_text("007", "bg-01", "090"), key_text("a-b", "U0_D0_BG", "left-1")
    ('007-bg-01-090', 'a%2Db-U0_D0_BG-left%2D1')
    """
    if _USUAL_WALK.match(walk) and _DIGITS.match(view):
        return f"{_escape(_SIGNS, subject)}-{walk}-{view}"
    subject, view = _escape(_SIGNS_AND_DASH, subject), _escape(_SIGNS_AND_DASH, view)
    text = f"{subject}-{_escape(_SIGNS, walk)}-{view}"
    return f"{subject}-{_escape(_SIGNS_AND_DASH, walk)}-{view}" if _USUAL.match(text) else text


def read_key(text: str) -> tuple[str, str, str] | None:
    """Subject, walk and view of a sequence's name; None where it is none.

    Read by position: subjects may look like angles (018, 036, ...).

    Examples
    --------
    >>> read_key("a%2Db-U0_D0_BG-left%2D1")
    ('a-b', 'U0_D0_BG', 'left-1')
    """
    found = _USUAL.match(text)
    if found is not None:
        return _plain(found["subject"]), found["walk"], found["view"]
    subject, _, rest = text.partition("-")
    walk, _, view = rest.rpartition("-")
    parts = _plain(subject), _plain(walk), _plain(view)
    if not all(parts) or "/" in text or "\\" in text or _holds_controls(text):
        return None
    return parts


def walk_text(condition: str, take: str | None = None, session: str | None = None) -> str:
    """A walk of its parts.

    Examples
    --------
    >>> walk_text("nm", "01"), walk_text("U0_D0_BG"), walk_text("nm", "01", "autumn")
    ('nm-01', 'U0_D0_BG', 'autumn@nm-01')
    """
    if take is not None:
        text = f"{condition}-{_escape(_SIGNS_AND_DASH, take)}"
    else:
        text = f"{condition}-" if "-" in condition else condition
    if session is not None:
        return f"{session.replace('%', '%25').replace('@', '%40')}@{text}"
    return f"@{text}" if "@" in text else text


def walk_parts(walk: str) -> tuple[str | None, str, str | None]:
    """Session, condition and take of a walk.

    Examples
    --------
    >>> walk_parts("nm-01"), walk_parts("00"), walk_parts("autumn@cl-nt-02")
    ((None, 'nm', '01'), (None, '00', None), ('autumn', 'cl-nt', '02'))
    """
    session, at, rest = walk.partition("@")
    if not at:
        session, rest = "", walk
    condition, dash, take = rest.rpartition("-")
    if not dash:
        condition = rest
    return _plain(session) or None, condition, _plain(take) or None if dash else None


def _holds_controls(text: str) -> bool:
    """Control characters, line separators, and what a name of a file holds that is no UTF-8."""
    return any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def _escape(signs: re.Pattern[str], text: str) -> str:
    return signs.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
