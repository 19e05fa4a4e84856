"""Any text as LaTeX that pdflatex sets: specials escaped, characters beyond ASCII as commands."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["latex_escape"]

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "\n": " ", "\t": " ", "\r": " ",
    "[": "{[}", "]": "{]}", "`": r"\textasciigrave{}",
}  # fmt: skip

_LETTERS = {
    "–": "--", "—": "---", "−": "$-$", "×": r"$\times$", "±": r"$\pm$", "°": r"\textdegree{}",
    "∞": r"$\infty$",
    "≤": r"$\leq$", "≥": r"$\geq$", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\ldots{}", "\u00a0": "~",
    "ß": r"\ss{}", "ø": r"\o{}", "Ø": r"\O{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}",
    "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}", "đ": r"\dj{}", "Đ": r"\DJ{}", "þ": r"\th{}", "Þ": r"\TH{}",
    "ð": r"\dh{}", "Ð": r"\DH{}", "·": r"\textperiodcentered{}", "µ": r"\textmu{}", "→": r"$\rightarrow$",
}  # fmt: skip

#: Combining mark -> LaTeX accent.
_ACCENTS = {
    "\u0300": r"\`", "\u0301": r"\'", "\u0302": r"\^", "\u0303": r"\~", "\u0304": r"\=", "\u0306": r"\u",
    "\u0307": r"\.", "\u0308": r"\"", "\u030a": r"\r", "\u030b": r"\H", "\u030c": r"\v", "\u0327": r"\c",
    "\u0328": r"\k",
}  # fmt: skip

#: Characters of which T1 fonts join two to another sign: ``--`` to a dash, ``''`` to a quotation mark.
_JOINED = re.compile(r"(?<=-)-|(?<=')'|(?<=,),")


def _character(letter: str) -> str:
    if letter in _SPECIAL:
        return _SPECIAL[letter]
    if letter in _LETTERS:
        return _LETTERS[letter]
    if " " <= letter <= "~":
        return letter
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if len(marks) == 1 and marks[0] in _ACCENTS and base.isascii() and base.isalpha():
        # An accent sits over a dotless i and j.
        inner = {"i": r"\i", "j": r"\j"}.get(base, base)
        return f"{_ACCENTS[marks[0]]}{{{inner}}}"
    return rf"\texttt{{U+{ord(letter):04X}}}"


def latex_escape(text: str) -> str:
    r"""Escape `text` for LaTeX; the result is pure ASCII.

    Letters of the Latin alphabets become accent commands; what pdflatex cannot set without further fonts is
    named by its code point, so that a table compiles whatever a subject is called.

    Examples
    --------
    >>> latex_escape("50 % of A_1 & B")
    '50 \\% of A\\_1 \\& B'
    >>> latex_escape("Łukasz Žák 李")
    "\\L{}ukasz \\v{Z}\\'{a}k \\texttt{U+674E}"
    """
    normal = unicodedata.normalize("NFC", text)
    # Between two of them stands an empty group; it is put in after the letters were escaped one by one.
    apart = {found.start() for found in _JOINED.finditer(normal)}
    return "".join(("{}" if i in apart else "") + _character(letter) for i, letter in enumerate(normal))
