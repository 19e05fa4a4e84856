"""Points to pixels: the fast depth buffer against a plain one, and the whole against a renderer in double precision."""

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.cameras import raster
from gaitbench.datasets.walkers.cameras.camera import HEIGHT, WIDTH, camera_at


def plain_nearest(xyz, away):
    """{(row, column): point}, the nearest by 1/65535 of four metres, of equal ones the last."""
    found = {}
    seen = np.setdiff1d(np.arange(xyz.shape[1]), away)
    least = xyz[2, seen].min()
    for point in seen:
        x, y, z = xyz[:, point]
        inverse = np.float32(1) / z
        place = int(y * inverse), int(x * inverse)
        step = np.float32(z - least) * np.float32(-65535.0 / 4.0) + np.float32(65535.0)
        key = int(step), int(point)
        if 0 <= place[0] < HEIGHT and 0 <= place[1] < WIDTH and key > found.get(place, (-1, -1)):
            found[place] = key
    return {place: point for place, (_, point) in found.items()}


@pytest.mark.parametrize("middle", [(120, 160), (4, 160), (120, 317), (238, 2), (-90, 160)])
def test_the_depth_buffer_keeps_the_nearest_point_of_each_pixel(middle, monkeypatch):
    monkeypatch.setattr(raster, "_fill", lambda index, width: None)
    rng = np.random.default_rng(5)
    m = 900
    z = rng.uniform(5.5, 6.2, m).round(2).astype(np.float32)  # many at equal depths
    rows, columns = rng.normal(middle[0], 9, m), rng.normal(middle[1], 7, m)
    xyz = np.stack([columns * z, rows * z, z]).astype(np.float32)
    away = np.flatnonzero(np.arange(m) % 7 == 0)
    expected = plain_nearest(xyz, away)
    top, left, index = raster._nearest(xyz.copy(), away, np.arange(m))
    at = np.argwhere(index)
    found = {(top + int(r), left + int(c)): int(index[r, c]) for r, c in at}
    assert found == expected
    assert bool(found) == (middle[0] > -50)


@pytest.mark.parametrize(("walk", "angle"), [("nm-01", 0), ("cl-01", 90)])
def test_the_parts_are_those_of_a_renderer_in_double_precision(walk, angle):
    walkers = Walkers(length=12)
    key = SequenceKey("004", walk, angle)
    labels = walkers.annotations(key, frames=9).labels
    camera, motion = camera_at(angle), walkers._cast.motion("004", walk, "004")
    near = camera.project(motion.origins[:, 0])[:, 2] < raster.NEAR
    for t in (0, 8):  # of two blocks
        figure = walkers._cast.figure("004", walk, "004", bool(near[t]))
        points, toward = [], []
        for group in figure.groups:
            turn, rest = motion.rotations[t, group.bones], motion.rest[group.bones]
            shift = motion.origins[t, group.bones] - (turn @ rest[..., None])[..., 0]
            position = group.positions.astype(float)
            points.append(
                np.einsum("bij,bjn->ni", turn, position[:, :3])
                + np.einsum("bi,bn->ni", shift, position[:, 3])
            )
            look = camera.position - motion.origins[t, group.bones]
            look /= np.linalg.norm(look, axis=1, keepdims=True)
            normals = group.normals.reshape(len(group.bones), 3, -1).astype(float)
            toward.append(np.einsum("bi,bij,bjn->n", look, turn, normals))
        seen = camera.project(np.concatenate(points))
        parts = np.where(np.concatenate(toward) > raster._EDGE, figure.parts[1:], 0)
        picture = np.zeros((HEIGHT, WIDTH), np.uint8)
        for i in np.argsort(-seen[:, 2], kind="stable"):  # from behind to the front
            if parts[i]:
                picture[int(seen[i, 1]), int(seen[i, 0])] = parts[i]
        filled = (picture == 0) & (labels[t] > 0)  # gaps of one pixel
        assert filled.sum() < 0.03 * (picture > 0).sum()
        assert ((picture != labels[t]) & ~filled).sum() < 0.005 * (picture > 0).sum()
