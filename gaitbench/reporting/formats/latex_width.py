"""How wide a text is when LaTeX sets it in Times: a table's size of type is chosen before LaTeX ever sees it."""

from __future__ import annotations

import unicodedata

__all__ = ["text_width"]

# Advance widths of Times-Roman in thousandths of the size of type, for the characters from space to tilde (Adobe's
# public font metrics, ptmr8a.afm).
_WIDTHS = (
    250, 333, 408, 500, 500, 833, 778, 333, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
)  # fmt: skip
_SIGNS = {"–": 500, "−": 778, "×": 778, "±": 778, "°": 400, "∞": 1000, "·": 250}
#: A letter beyond ASCII may be named by its code point, ``U+674E`` in a monospaced font.
_OTHER = 3300
#: Bold letters are wider by up to this.
_BOLD = 1.08


def text_width(text: str, *, bold: bool = False) -> float:
    """Width of a text in units of the size of type (1 = an em).

    Examples
    --------
    >>> text_width("00")
    1.0
    """
    letters = [c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)]
    total = sum(_WIDTHS[ord(c) - 32] if " " <= c <= "~" else _SIGNS.get(c, _OTHER) for c in letters)
    return total / 1000 * (_BOLD if bold else 1.0)
