"""Code that was rewritten and computes the same for everything that is stored: it counts as what it was before.

Hours of computing hang on code that carries names and checks what it is given. An entry holds for one text, known by
its digest: with the next change of any of its names it is void, and what depends on it is made again. An entry is
written where tests show, to the bit, that the artifacts are the same; see docs/decisions/013-rewritten-code.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.store.hashing import digest

__all__ = ["REWRITES", "Rewrite", "as_before"]


@dataclass(frozen=True)
class Rewrite:
    """A piece of code then and now.

    Parameters
    ----------
    whole : str
        The name (``module:name``) that all of it hangs on.
    parts : tuple of str
        The further names that it consists of.
    digest : str
        Of those names and their texts, see `current`.
    before : dict of str to str
        Names that it consisted of, with the digests of their texts.
    """

    whole: str
    parts: tuple[str, ...]
    digest: str
    before: dict[str, str]

    @property
    def now(self) -> tuple[str, ...]:
        """All of its names."""
        return (self.whole, *self.parts)

    def current(self, seen: dict[str, str]) -> str:
        """Digest of the names as they are; raises KeyError where one is not among those seen."""
        return digest(sorted((name, seen[name]) for name in self.now))


_KEY_TEXT = (
    "_DIGITS", "_ESCAPED", "_LONGEST", "_SIGNS", "_SIGNS_AND_DASH", "_USUAL", "_USUAL_WALK", "_escape",
    "_holds_controls", "_plain", "check_part", "key_text", "read_key", "walk_parts", "walk_text",
)  # fmt: skip
_VIEWS = ("LABELS_FROM", "View", "_NUMBER", "_met", "degrees_of", "view_label", "view_of_label")

REWRITES: tuple[Rewrite, ...] = (
    # Keys of any set: names of CASIA-B's kind are printed, parsed, sorted and compared as before.
    Rewrite(
        "gaitbench.datasets.sequence:SequenceKey",
        (
            *(f"gaitbench.datasets.key_text:{name}" for name in _KEY_TEXT),
            *(f"gaitbench.datasets.views:{name}" for name in _VIEWS),
        ),
        "f926f83d0f0a8b429e839b8d25993494",
        {
            "gaitbench.datasets.sequence:SequenceKey": "08bf5c801bf09f48a04601315a24887b",
            "gaitbench.datasets.sequence:_KEY": "c7760fe6e6cce2fc9685d36e35cf38be",
        },
    ),
    # Recordings of silhouettes that somebody has aligned: a field that no recording had before.
    Rewrite(
        "gaitbench.datasets.sequence:Recording",
        (),
        "dae4018f73b37b01fd13b74e16aa0410",
        {"gaitbench.datasets.sequence:Recording": "1eb99bf9451469040541c922f03a77af"},
    ),
    # Pictures are decoded from bytes and read as masks by functions of their own; nothing else changed.
    Rewrite(
        "recognizer.gait_energy.mask_files:decode",
        ("recognizer.gait_energy.mask_files:decode_content",),
        "579432114ac4ff257e9c13f15ea68c16",
        {"recognizer.gait_energy.mask_files:decode": "84c5bf756ebd54891ecde87e982832ad"},
    ),
    Rewrite(
        "recognizer.gait_energy.masks:read_masks",
        ("recognizer.gait_energy.masks:masks_of_pictures",),
        "3dba96c76b3c2d30c78888267dedb1e1",
        {"recognizer.gait_energy.masks:read_masks": "1812b4bc65d5640ab22a09bc6c77cd28"},
    ),
    # Numbers that stand for views are let through; degrees are checked as before.
    Rewrite(
        "recognizer.checks:as_angles",
        ("recognizer.checks:_stand_for_labels",),
        "66daa6adf81c5ca17bf629f9f7053d63",
        {"recognizer.checks:as_angles": "a211dea3f3e3620f69fabf4f0f473dc0"},
    ),
    # Cameras, empty scenes, light and what is drawn are asked of the set of walkers: those of the first session, and
    # the plain ones, are what they were.
    Rewrite(
        "gaitbench.datasets.walkers.dataset:Walkers",
        (),
        "900de9466386bae297c1888c2c4375f5",
        {"gaitbench.datasets.walkers.dataset:Walkers": "b866696c8c43537d9d7edc7dfdaa796e"},
    ),
    Rewrite(
        "gaitbench.datasets.walkers.cameras.scenes:background_plate",
        ("gaitbench.datasets.walkers.cameras.scenes:plate_seen_by",),
        "fca62611e9dda9e7a287f70001f8a75e",
        {"gaitbench.datasets.walkers.cameras.scenes:background_plate": "b1a0aff1605a3054980506c927c6bb06"},
    ),
    Rewrite(
        "gaitbench.datasets.walkers.true_gait:true_gait",
        (),
        "a9077e751008484c1b56d808b3fa68fc",
        {"gaitbench.datasets.walkers.true_gait:true_gait": "96b620016211fe76c25e9ae7aefc2503"},
    ),
)


def as_before(seen: dict[str, str]) -> dict[str, str]:
    """The names of a closure with the digests that they count with.

    Parameters
    ----------
    seen : dict of str to str
        Digest of the text of each name.
    """
    for one in REWRITES:
        if all(name in seen for name in one.now) and one.current(seen) == one.digest:
            seen = {name: text for name, text in seen.items() if name not in one.now} | one.before
    return seen
