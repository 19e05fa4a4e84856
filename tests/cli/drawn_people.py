"""Drawn people of different build in CASIA-B's layout: enough to test what judges files."""

from pathlib import Path

import cv2
import numpy as np

FRAMES = 12
WALKS = ("nm-01", "nm-05")

SUITE = """
resamples = 200
samples = 1
[data]
frames = 12
angles = [90]
[split]
recognizer = "001-006"
models = "007"
test = "081-084"
[walks]
recognizer = ["nm-01", "nm-05"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05"]
[systems]
recognizers = ["gei-nn"]
controls = ["original", "someone-else"]
[attacks]
recognizers = ["gei-nn"]
"""


def silhouette(subject: int, t: int, height: int = 120, width: int = 160) -> np.ndarray:
    """Grey picture (H, W), 0 or 255: height, girth, head and stride hang on the subject."""
    rng = np.random.default_rng(subject)
    girth, head, stride, leg = (
        rng.uniform(5, 14), rng.uniform(4, 9), rng.uniform(4, 20), rng.uniform(2, 7),
    )  # fmt: skip
    picture = np.zeros((height, width), np.uint8)
    x = 40 + 4 * t
    cv2.ellipse(picture, (x, 50), (round(girth), 26), 0, 0, 360, 255, -1)
    cv2.circle(picture, (x, 20), round(head), 255, -1)
    swing = round(stride * np.sin(t))
    for side in (-1, 1):
        cv2.line(picture, (x, 70), (x + side * swing, 108), 255, round(leg))
    return picture


def folder_of(root: Path, subject: int, walk: str, angle: int = 90) -> Path:
    return root / f"{subject:03d}" / walk / f"{angle:03d}"


def write(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())


def draw(
    root: Path, subjects, change=lambda picture: picture, as_subject=lambda s: s, walks=WALKS, angle=90
) -> Path:
    """Write every subject's walks, shown as another subject and changed picture by picture."""
    for subject in subjects:
        for walk in walks:
            for t in range(1, FRAMES + 1):
                number = t if walk == "nm-01" else t + 1
                picture = change(silhouette(as_subject(subject), number))
                name = f"{subject:03d}-{walk}-{angle:03d}-{t:03d}.png"
                write(folder_of(root, subject, walk, angle) / name, picture)
    return root


def colours(subject: int, t: int) -> np.ndarray:
    """BGR picture (H, W, 3) of a person in front of grey."""
    rng = np.random.default_rng(subject)
    mask = silhouette(subject, t)[..., None] > 0
    return np.where(mask, rng.integers(20, 255, 3), 128).astype(np.uint8)
