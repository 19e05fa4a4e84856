"""The nearest-colour rule against its definition, pixel by pixel."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitbench.colorizers.nearest import Nearest
from gaitbench.registry import COLORIZERS


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_every_pixel_has_the_color_of_a_nearest_center_pixel(seed):
    rng = np.random.default_rng(seed)
    # Every pixel has a colour of its own, so a colour tells where it came from.
    rgb = np.stack([*np.indices((12, 10)), np.zeros((12, 10), int)], axis=-1).astype(np.uint8)[None]
    old, new = rng.random((2, 1, 12, 10)) < rng.uniform(0.1, 0.9, (2, 1, 1, 1))
    centre = old & new if (old & new).any() else old
    out = np.rint(Nearest().colorize(rgb, old, new) * 255)[0].astype(int)
    assert not out[~new[0]].any()
    if not centre.any():
        assert not out.any()
        return
    places = np.argwhere(centre[0])
    for y, x in np.argwhere(new[0]):
        assert centre[0][tuple(out[y, x, :2])]
        distances = np.hypot(*(places - (y, x)).T)
        assert np.hypot(*(out[y, x, :2] - (y, x))) == distances.min()


def test_registered_and_nothing_to_train():
    made = COLORIZERS.get("nearest")()
    assert made.name == "nearest" and not made.trainable
    assert made.fit([], seed=0) is made and made.load_state(made.state()) is made
    assert made.card() == {"name": "nearest", "settings": {}}
