"""The same silhouettes in many forms: whatever the form, an untouched copy hides nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

__all__ = ["FORMS", "copy_as"]

Mask = np.ndarray


def _png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


def _pil(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _palette(mask: Mask, colour: tuple[int, int, int]) -> bytes:
    image = Image.fromarray((mask > 0).astype(np.uint8), "P")
    image.putpalette([0, 0, 0, *colour] + [0] * 762)
    return _pil(image)


def _alpha(mask: Mask, colour: int) -> bytes:
    return _pil(Image.fromarray(np.dstack([np.full((*mask.shape, 3), colour, np.uint8), mask])))


def _salt(mask: Mask) -> Mask:
    return np.where(
        np.random.default_rng(int(mask.sum()) % 997).random(mask.shape) < 0.001, 255, mask
    ).astype(np.uint8)


def _specks(mask: Mask) -> Mask:
    out = mask.copy()
    out[2:4, 2:4] = 255
    return out


def _border(mask: Mask, width: int = 1) -> Mask:
    return cv2.copyMakeBorder(mask[width:-width, width:-width], *[width] * 4, cv2.BORDER_CONSTANT, value=255)


def _line(mask: Mask) -> Mask:
    out = mask.copy()
    out[-2:] = 255
    return out


def _back(picture: Mask, mask: Mask) -> Mask:
    return cv2.resize(picture, mask.shape[::-1], interpolation=cv2.INTER_NEAREST)


def _squeezed(mask: Mask) -> Mask:
    narrow = cv2.resize(mask, (mask.shape[1] // 2, mask.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.pad(narrow, ((0, 0), (0, mask.shape[1] - narrow.shape[1])))


def _padded(mask: Mask) -> Mask:
    small = cv2.resize(mask, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    out = np.zeros_like(mask)
    out[10 : 10 + small.shape[0], 5 : 5 + small.shape[1]] = small
    return out


def _blur(mask: Mask) -> Mask:
    return cv2.GaussianBlur(mask, (0, 0), 1.5)


Write = Callable[[Mask], bytes]

#: Form -> how one mask (0 or 255, uint8 (H, W)) becomes the bytes of a file.
FORMS: dict[str, Write] = {
    "as it is": _png,
    "0 and 1": lambda m: _png(m // 255),
    "1 bit": lambda m: _pil(Image.fromarray(m > 0)),
    "16 bit": lambda m: _png(m.astype(np.uint16) * 257),
    "16 bit, 0 and 255": lambda m: _png(m.astype(np.uint16)),
    "alpha over white": lambda m: _alpha(m, 255),
    "alpha over black": lambda m: _alpha(m, 0),
    "palette, red": lambda m: _palette(m, (128, 0, 0)),
    "palette, blue": lambda m: _palette(m, (0, 0, 90)),
    "colour, green": lambda m: _png(np.dstack([0 * m, m, 0 * m])),
    "colour, dark blue": lambda m: _png(np.dstack([m // 2, 0 * m, 0 * m])),
    "inverted": lambda m: _png(255 - m),
    "specks": lambda m: _png(_specks(m)),
    "salt": lambda m: _png(_salt(m)),
    "border line": lambda m: _png(_border(m)),
    "thick border": lambda m: _png(_border(m, 4)),
    "line below": lambda m: _png(_line(m)),
    "cropped": lambda m: _png(m[5:-5, 5:-5]),
    "half the size": lambda m: _png(cv2.resize(m, None, fx=0.5, fy=0.5)),
    "shrunk and moved": lambda m: _png(_padded(m)),
    "squeezed": lambda m: _png(_squeezed(m)),
    "coarse": lambda m: _png(_back(cv2.resize(m, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA), m)),
    "mirrored": lambda m: _png(m[:, ::-1]),
    "upside down": lambda m: _png(m[::-1]),
    "transposed": lambda m: _png(m.T),
    "transposed in the frame": lambda m: _png(np.pad(m, ((0, m.shape[1] - m.shape[0]), (0, 0))).T[: m.shape[0]]),
    "JPEG in a PNG": lambda m: _png(cv2.imdecode(cv2.imencode(".jpg", m, [1, 60])[1], 0)),
    "probability": lambda m: _png(np.clip(_blur(m) * 0.9 + 12, 0, 255).astype(np.uint8)),
    "low probability": lambda m: _png((_blur(m) * 0.4).astype(np.uint8)),
    "blurred edges": lambda m: _png(_blur(m)),
    "thick edges": lambda m: _png(cv2.dilate(m, np.ones((7, 7), np.uint8))),
    "thin edges": lambda m: _png(cv2.erode(m, np.ones((3, 3), np.uint8))),
    "grey person": lambda m: _png(np.where(m > 0, 110, 20).astype(np.uint8)),
    "frame filled": lambda m: _png(np.full_like(m, 255)),
    "noise": lambda m: _png((np.random.default_rng(int(m.sum())).random(m.shape) < 0.5).astype(np.uint8) * 255),
}  # fmt: skip

#: Form -> which files of a sequence become which: order, number, count and names.
ORDERS: dict[str, Callable[[list[bytes]], list[tuple[str, bytes]]]] = {
    "numbered from 101": lambda f: [(f"{i + 101:03d}", b) for i, b in enumerate(f)],
    "numbered from 0": lambda f: [(f"{i:03d}", b) for i, b in enumerate(f)],
    "frame1.png": lambda f: [(f"frame{i + 1}", b) for i, b in enumerate(f)],
    "reversed": lambda f: [(f"{i + 1:03d}", b) for i, b in enumerate(f[::-1])],
    "doubled": lambda f: [(f"{i + 1:03d}", b) for i, b in enumerate(b for b in f for _ in (0, 1))],
    "every other": lambda f: [(f"{2 * i + 1:03d}", b) for i, b in enumerate(f[::2])],
    "first half": lambda f: [(f"{i + 1:03d}", b) for i, b in enumerate(f[: len(f) // 2])],
    "first frame only": lambda f: [(f"{i + 1:03d}", f[0]) for i in range(len(f))],
}


def copy_as(form: str, originals: Path, target: Path) -> Path:
    """Write every sequence under `originals` in a form under `target`."""
    people = sorted(p.name for p in originals.iterdir() if p.is_dir())
    for folder in sorted({p.parent for p in originals.rglob("*.png")}):
        files = sorted(folder.iterdir())
        masks = [cv2.imread(str(f), 0) for f in files]
        subject, walk, angle = folder.relative_to(originals).parts
        if form in FORMS:
            named = [(f.stem.rsplit("-", 1)[-1], FORMS[form](m)) for f, m in zip(files, masks, strict=True)]
        elif form in ORDERS:
            named = ORDERS[form]([_png(m) for m in masks])
        else:
            named = [(f.stem.rsplit("-", 1)[-1], _png(m)) for f, m in zip(files, masks, strict=True)]
        place = target / subject / walk / angle
        if form == "names shifted by one person":
            place = target / people[(people.index(subject) + 1) % len(people)] / walk / angle
        elif form == "one folder deeper":
            place = target / "results" / "v1" / subject / walk / angle
        elif form == "a folder in each view":
            place = target / subject / walk / angle / "silhouettes"
        elif form == "angle without zeros":
            place = target / subject / walk / str(int(angle))
        elif form == "one person for all":
            source = originals / people[0] / walk / angle
            named = [(f.stem.rsplit("-", 1)[-1], f.read_bytes()) for f in sorted(source.iterdir())]
        place.mkdir(parents=True, exist_ok=True)
        for stem, content in named:
            (place / f"{stem}.png").write_bytes(content)
    return target


#: Forms of the folders.
FOLDERS = (
    "names shifted by one person", "one folder deeper", "a folder in each view", "angle without zeros",
    "one person for all",
)  # fmt: skip
