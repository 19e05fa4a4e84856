"""Text from elsewhere as a reader can see it: characters that act instead of being shown are spelled out."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["one_line", "visible", "visible_all"]

#: Control characters (a terminal obeys them), marks that turn the direction of writing (a name reads backwards, and so
#: does what stands after it), line separators, the byte order mark, and halves of a pair that no file can hold (bytes
#: of a name that is no UTF-8). Tabs and line ends stay; so do the joiners of Persian and of the Indian scripts, and
#: letters that are written from the right.
_ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""`text` with each acting character as its code point.

    Examples
    --------
    >>> visible("a\u202eb\x1b[31m"), visible("Żółć 李 שלום")
    ('aU+202EbU+001B[31m', 'Żółć 李 שלום')
    """
    return _ACTING.sub(lambda found: f"U+{ord(found[0]):04X}", text)


def one_line(text: str) -> str:
    r"""`text` on one line, `visible`: for the terminal, where a file may be called anything.

    Examples
    --------
    >>> one_line("no file a\nb\udcff.png")
    'no file a bU+DCFF.png'
    """
    return visible(" ".join(text.splitlines()))


def visible_all(value: Any) -> Any:
    """A JSON value with every text in it made `visible`, names of fields too; other values as they are."""
    if type(value) is str:
        return visible(value)
    if isinstance(value, dict):
        return {visible_all(name): visible_all(one) for name, one in value.items()}
    return [visible_all(one) for one in value] if isinstance(value, list | tuple) else value
