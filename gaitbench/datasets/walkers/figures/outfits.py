"""What people wear: garments, colours and patterns, coats and bags.  All of this is ours (no table)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BAGS",
    "PATTERNS",
    "Bag",
    "Coat",
    "Outfit",
    "Pattern",
    "sample_bag",
    "sample_coat",
    "sample_outfit",
]

Color = tuple[float, float, float]
PATTERNS: tuple[str, ...] = ("plain", "stripes", "pinstripes", "checks", "dots", "print", "heather")
BAGS: tuple[str, ...] = ("handbag", "backpack", "shoulder")

#: Ordinary garment colours (RGB), and colours near those of the two scenes: whoever wears one of the latter
#: loses parts to background subtraction.
_COLORS: tuple[Color, ...] = (
    (36, 38, 44), (58, 62, 70), (232, 232, 228), (172, 36, 40), (30, 58, 120), (92, 130, 178), (214, 178, 60),
    (52, 104, 70), (122, 58, 104), (224, 132, 60), (74, 160, 164), (238, 190, 196), (112, 74, 48), (150, 30, 78),
)  # fmt: skip
_HIDDEN: tuple[Color, ...] = (
    (186, 180, 166), (150, 141, 126), (128, 124, 116), (166, 160, 150), (96, 112, 70), (146, 138, 122),
)  # fmt: skip
_TROUSERS: tuple[Color, ...] = (
    (32, 34, 40), (46, 56, 82), (62, 84, 122), (74, 74, 76), (104, 92, 74), (176, 160, 128), (40, 46, 40),
    (88, 66, 50), (206, 202, 192),
)  # fmt: skip
_SKIN: tuple[Color, ...] = (
    (236, 200, 176), (224, 182, 152), (206, 158, 124), (182, 130, 96), (142, 96, 68), (98, 66, 48), (240, 208, 188),
)  # fmt: skip
_HAIR: tuple[Color, ...] = (
    (28, 24, 22), (44, 32, 26), (72, 48, 34), (110, 76, 46), (170, 132, 80), (126, 60, 36), (140, 138, 136),
)  # fmt: skip
_SHOES: tuple[Color, ...] = (
    (30, 28, 28),
    (92, 62, 42),
    (232, 232, 232),
    (60, 66, 84),
    (150, 40, 44),
    (120, 120, 122),
)


@dataclass(frozen=True)
class Pattern:
    """Colours of one garment.

    Parameters
    ----------
    kind : str
        One of `PATTERNS`.
    base, second, third : tuple of float
        RGB colours, 0 to 255.
    scale : float
        Size of the repeat in metres.
    seed : int
        For the parts of a pattern that are noise.
    """

    kind: str
    base: Color
    second: Color
    third: Color
    scale: float
    seed: int


@dataclass(frozen=True)
class Coat:
    """A long coat: `hem` is the share of the thigh it covers (1 = to the knee)."""

    pattern: Pattern
    hem: float
    bulk: float
    flare: float
    collar: str
    scarf: Pattern | None


@dataclass(frozen=True)
class Bag:
    """Something carried: `kind` of `BAGS`, on `side` "l" or "r", `size` about 1."""

    kind: str
    side: str
    size: float
    pattern: Pattern


@dataclass(frozen=True)
class Outfit:
    """Everything that is worn, and the person's colouring.

    Parameters
    ----------
    top, bottom : Pattern
    sleeve : float
        Where the sleeve ends: 0 shoulder, 1 elbow, 2 wrist.
    hem : float
        Where the trousers end: 1 knee, 2 ankle; skirts likewise.
    skirt : bool
    loose : tuple of float
        Metres of air under top and bottom.
    shirt_tail : float
        How far the top hangs below the waist in metres.
    skin, hair, shoes, sole : tuple of float
    boots : bool
    textural : bool
        Drawn as textural (more than one colour in the top).
    """

    top: Pattern
    bottom: Pattern
    sleeve: float
    hem: float
    skirt: bool
    loose: tuple[float, float]
    shirt_tail: float
    skin: Color
    hair: Color
    shoes: Color
    sole: Color
    boots: bool
    textural: bool


def _jitter(rng: np.random.Generator, color: Color, sd: float = 9.0) -> Color:
    c = np.clip(np.asarray(color) + rng.normal(0, 0.6 * sd) + rng.normal(0, 0.6 * sd, 3), 8, 247)
    return (float(c[0]), float(c[1]), float(c[2]))


def _pick(rng: np.random.Generator, colors: tuple[Color, ...]) -> Color:
    return _jitter(rng, colors[int(rng.integers(len(colors)))])


def _luma(c: Color) -> float:
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def _contrasting(rng: np.random.Generator, base: Color) -> Color:
    for _ in range(20):
        c = _pick(rng, _COLORS)
        if abs(_luma(c) - _luma(base)) > 55:
            return c
    light = 0.0 if _luma(base) > 128 else 235.0
    return (light + 10, light + 10, light + 10)


def _pattern(rng: np.random.Generator, base: Color, kind: str) -> Pattern:
    second = _contrasting(rng, base)
    third = _contrasting(rng, second)
    low, high = {
        "stripes": (0.05, 0.11), "pinstripes": (0.035, 0.06), "checks": (0.08, 0.15), "dots": (0.06, 0.10),
        "print": (0.18, 0.26), "heather": (0.02, 0.03), "plain": (0.05, 0.06),
    }[kind]  # fmt: skip
    return Pattern(kind, base, second, third, float(rng.uniform(low, high)), int(rng.integers(1 << 30)))


def sample_outfit(rng: np.random.Generator, sex: str) -> Outfit:
    """Draw what a person wears on the normal walks (and under bag and coat)."""
    textural = bool(rng.random() < 0.5)
    base = _pick(rng, _HIDDEN) if rng.random() < 0.24 else _pick(rng, _COLORS)
    kind = (
        str(rng.choice(["stripes", "checks", "dots", "print", "heather", "stripes", "checks"]))
        if textural
        else "plain"
    )
    bottom_base = _pick(rng, _HIDDEN) if rng.random() < 0.24 else _pick(rng, _TROUSERS)
    bottom_kind = (
        str(rng.choice(["checks", "pinstripes", "heather"])) if textural and rng.random() < 0.3 else "plain"
    )
    skirt = sex == "female" and rng.random() < 0.12
    sleeve = float(rng.choice([0.72, 1.95, 1.95, 1.3], p=[0.42, 0.3, 0.18, 0.1]))
    hem = float(rng.uniform(0.8, 1.05)) if skirt or rng.random() < 0.12 else float(rng.uniform(1.86, 1.97))
    return Outfit(
        _pattern(rng, base, kind),
        _pattern(rng, bottom_base, bottom_kind),
        sleeve,
        hem,
        skirt,
        (float(rng.uniform(0.007, 0.013)), float(rng.uniform(0.006, 0.011))),
        float(rng.uniform(0.08, 0.17)),
        _jitter(rng, _SKIN[int(rng.integers(len(_SKIN)))], 5),
        _jitter(rng, _HAIR[int(rng.choice(len(_HAIR), p=[0.26, 0.24, 0.18, 0.12, 0.08, 0.05, 0.07]))], 5),
        _pick(rng, _SHOES),
        (222.0, 220.0, 214.0) if rng.random() < 0.5 else (40.0, 36.0, 34.0),
        bool(rng.random() < 0.15),
        textural,
    )


def sample_coat(rng: np.random.Generator) -> Coat:
    """Draw the coat of a person's two ``cl`` walks."""
    base = _pick(rng, _HIDDEN) if rng.random() < 0.2 else _pick(rng, _COLORS)
    kind = str(rng.choice(["checks", "heather", "stripes"])) if rng.random() < 0.45 else "plain"
    scarf = _pattern(rng, _contrasting(rng, base), "stripes") if rng.random() < 0.25 else None
    return Coat(
        _pattern(rng, base, kind),
        float(rng.uniform(0.62, 1.08)),
        float(rng.uniform(0.010, 0.026)),
        float(rng.uniform(0.015, 0.055)),
        str(rng.choice(["collar", "hood", "plain"], p=[0.45, 0.3, 0.25])),
        scarf,
    )


def sample_bag(rng: np.random.Generator) -> Bag:
    """Draw what is carried on one ``bg`` walk."""
    kind = str(rng.choice(BAGS, p=[0.34, 0.36, 0.30]))
    base = _pick(rng, _COLORS)
    return Bag(
        kind, "l" if rng.random() < 0.5 else "r", float(rng.uniform(0.85, 1.2)), _pattern(rng, base, "plain")
    )


def _hash_noise(u: NDArray[np.float64], v: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Repeatable noise in [0, 1) on integer cells."""
    x = (u.astype(np.int64) * 374761393 + v.astype(np.int64) * 668265263 + seed * 2246822519) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((x ^ (x >> 16)) & 0xFFFF) / 65536.0


def paint(pattern: Pattern, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colours (N, 3) of a garment at texture coordinates in metres: a function of the surface alone."""
    base, second, third = (np.asarray(c) for c in (pattern.base, pattern.second, pattern.third))
    out = np.broadcast_to(base, (len(u), 3)).copy()
    a, b = u / pattern.scale, v / pattern.scale
    if pattern.kind == "stripes":
        out[(b % 1.0) < 0.45] = second
    elif pattern.kind == "pinstripes":
        out[(a % 1.0) < 0.25] = 0.5 * base + 0.5 * second
    elif pattern.kind == "checks":
        weight = 0.45 * ((a % 1.0) < 0.5) + 0.45 * ((b % 1.0) < 0.5)
        out += weight[:, None] * (second - base)
        out[((a + 0.25) % 1.0 < 0.1) | ((b + 0.25) % 1.0 < 0.1)] = third
    elif pattern.kind == "dots":
        row = np.floor(b)
        du, dv = (a + 0.5 * (row % 2)) % 1.0 - 0.5, b % 1.0 - 0.5
        out[du * du + dv * dv < 0.30**2] = second
    elif pattern.kind == "print":
        top = v.max() if len(v) else 0.0
        centre = top - 0.30
        dv = (v - centre) / pattern.scale
        inside = (np.abs(u) < 0.55 * pattern.scale) & (np.abs(dv) < 0.5)
        out[inside] = second
        out[inside & (np.hypot(u / pattern.scale, dv) < 0.3)] = third
    elif pattern.kind == "heather":
        n = _hash_noise(np.floor(a), np.floor(b), pattern.seed) + 0.7 * _hash_noise(
            np.floor(a / 2.3), np.floor(b / 2.3), pattern.seed + 1
        )
        out += np.clip((n - 0.85) * 0.9, -0.6, 0.8)[:, None] * (second - base)
    colors: NDArray[np.float64] = np.clip(out, 0, 255)
    return colors
