"""What the words of a report mean: one list, shown at the end of the page and beside each word where it stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from markupsafe import Markup, escape

__all__ = ["GLOSSARY", "Term", "term_of", "with_terms"]


class Term(NamedTuple):
    """A word, what else it is called in tables, and what it means."""

    id: str
    word: str
    also: tuple[str, ...]
    meaning: str


GLOSSARY: tuple[Term, ...] = (
    Term("anonymizer", "anonymizer", (),
         "what changes the shape or the movement of a walking person so that recognizers name somebody "
         "else"),
    Term("attacker", "attacker", (),
         "who tries to name the people: somebody who never saw the anonymizer (ignorant), or who trained "
         "on its output (informed, in steps)"),
    Term("chance", "chance", ("guess", "blind guess"),
         "what somebody names rightly who guesses without looking: one in as many people as the gallery "
         "has"),
    Term("colorizer", "colorizer", (),
         "what paints the anonymized silhouette so that it looks like a film again"),
    Term("control", "control", ("controls",),
         "a made system whose answer is known before: if it comes out otherwise, the measure is broken"),
    Term("d-sys", "D_sys", (),
         "linkability, 0 to 1: how well two walks can be told to be of one person or not; 0 is best for "
         "privacy"),
    Term("eer", "EER", ("equal error rate",),
         "equal error rate: the share of errors where strangers let in and friends kept out are as many; "
         "50 % is a coin"),
    Term("gallery", "gallery", (),
         "the walks with names that the attacker compares with"),
    Term("gei", "gait energy image", (),
         "the mean of the silhouettes of a walk; what simple recognizers read"),
    Term("holm", "Holm", ("p (Holm)",),
         "a correction of p for how many comparisons were made: with it a chance finding stays rare"),
    Term("interval", "interval", ("95 % interval",),
         "where the figure would lie if other people had been filmed; computed by drawing the people again "
         "and again"),
    Term("map", "mAP", (),
         "mean average precision: whether all walks of a person stand high in the attacker's list; 100 % "
         "is a perfect attacker"),
    Term("m-s", "M/|S|", ("|S|", "M"),
         "of the walks S named rightly before anonymization, M are named wrongly after it"),
    Term("probe", "probe", ("probes",),
         "a walk that the attacker is to name"),
    Term("psnr", "PSNR", ("PSNR (dB)",),
         "how close a picture is to its reference, in decibels; more is closer"),
    Term("rank-1", "rank-1", ("Rank-1 (%)", "Still named (%)", "still named"),
         "share of walks whose first guess of the attacker is the right person; lower hides better"),
    Term("rank-5", "rank-5", ("Rank-5 (%)",),
         "share of walks whose right person is among the attacker's first five"),
    Term("reference", "reference", (),
         "the picture that another is compared with; the figure moves with it, so compare only within one "
         "reference"),
    Term("ssim", "SSIM", (),
         "how alike two pictures are in structure, up to 1; more is closer"),
    Term("success", "success rate", ("Success (%)", "success"),
         "the slides' measure: 100 M/|S|. A blind guess alone reaches almost 100 %, so it never stands "
         "without chance"),
    Term("untouched", "untouched", ("Untouched (%)",),
         "the same attack where nothing was done to the walk"),
    Term("worst-case", "worst case", (),
         "the strongest of all attacks that were run; a stronger one may exist"),
)  # fmt: skip

_BY_WORD = {name.lower(): term for term in GLOSSARY for name in (term.word, *term.also)}
#: Words as they stand in a text; a single letter is no word there.
_IN_TEXT = re.compile(
    r"(?<![\w-])("
    + "|".join(re.escape(name) for name in sorted(_BY_WORD, key=lambda n: -len(n)) if len(name) > 2)
    + r")(?![\w-])",
    re.IGNORECASE,
)


def term_of(title: str) -> Term | None:
    """The term that a column's title is, or None.

    Examples
    --------
    >>> term_of("Rank-1 (%)").id, term_of("Attacker").id, term_of("Says")
    ('rank-1', 'attacker', None)
    """
    return _BY_WORD.get(title.lower()) or _BY_WORD.get(title.lower().removesuffix(" (%)"))


def with_terms(text: str) -> Markup:
    """A text as HTML, each term linked to the glossary where it first stands.

    Examples
    --------
    >>> with_terms("rank-1 & more rank-1")
    Markup('<a class="term" href="#term-rank-1">rank-1</a> &amp; more rank-1')
    """
    seen: set[str] = set()
    parts, at = [], 0
    for found in _IN_TEXT.finditer(text):
        term = _BY_WORD[found[0].lower()]
        if term.id in seen:
            continue
        seen.add(term.id)
        parts += [
            escape(text[at : found.start()]),
            Markup('<a class="term" href="#term-{}">{}</a>').format(term.id, found[0]),
        ]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])
