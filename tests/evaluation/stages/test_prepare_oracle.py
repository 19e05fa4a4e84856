"""The other body of the control `oracle`: colours only where they are kept; where it lacks a frame, its nearest one."""

import numpy as np
import pytest

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import Recording, SequenceKey, TrueMasks
from gaitbench.datasets.silhouettes.colour_padding import widen_colours
from gaitbench.datasets.walkers import Walkers
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepare import prepare_one

KEY, FRAMES, SIZE = SequenceKey("003", "nm-01", 90), 14, (64, 44)


class Blinking(Walkers):
    """The other body is not there in frames whose position is among `gone`."""

    gone: tuple[int, ...] = ()

    def true_masks(self, key, *, body, frames=None, rgb=True):
        truth = super().true_masks(key, body=body, frames=frames, rgb=rgb)
        masks = truth.masks.copy()
        masks[list(self.gone)] = False
        return TrueMasks(masks, truth.rgb, truth.frame_numbers)


@pytest.mark.parametrize("gone", [(), (0, 1), (5,)])
def test_the_oracle_is_the_nearest_frame_of_the_other_body(gone):
    data = Blinking(length=20)
    data.gone = gone
    need = Need(KEY, 3, "007")
    arrays, meta = prepare_one(data, data.load(KEY, frames=FRAMES), need, FRAMES, SIZE)
    truth = data.true_masks(KEY, body="007", frames=FRAMES)
    colours = widen_colours(truth.rgb, truth.masks)
    other = prepare(Recording(KEY, colours, None, truth.masks, truth.frame_numbers, FRAMES), size=SIZE)
    gaps = np.abs(other.frame_numbers[None] - arrays["frame_numbers"][:, None])
    nearest = gaps.argmin(axis=1)
    assert (gaps.min(axis=1) > 0).sum() == len(gone)
    masks = np.unpackbits(arrays["oracle_silhouettes"], axis=1).reshape(-1, *SIZE) > 0
    np.testing.assert_array_equal(masks, other.silhouettes[nearest])
    index = np.asarray(meta["index"])
    expected = other.rgb[nearest[index]] * masks[index][..., None]
    np.testing.assert_array_equal(arrays["oracle_rgb"], expected)
    assert arrays["oracle_rgb"].any(axis=(1, 2, 3)).all() and len(index) == 3
