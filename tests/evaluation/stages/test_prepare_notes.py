"""What a prepared walk says of itself where it was not read as the suite wants it."""

import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepare import prepare_one

KEY, SIZE = SequenceKey("003", "nm-01", 90), (64, 44)


@pytest.mark.parametrize(("there", "said"), [(12, []), (8, []), (5, ["some are seen twice"])])
def test_a_walk_that_is_too_short_for_attackers_of_pictures_says_so(there, said):
    data = Walkers(length=20)
    need = Need(KEY, 2, watched=8)
    _, meta = prepare_one(data, data.load(KEY, frames=there), need, there, SIZE)
    assert meta["failure"] is None
    told = [note for note in meta["notes"] if "seen twice" in note]
    assert len(told) == len(said) and all(part in note for part, note in zip(said, told, strict=True))
    # who sees no pictures misses nothing
    _, meta = prepare_one(data, data.load(KEY, frames=there), Need(KEY), there, SIZE)
    assert not any("seen twice" in note for note in meta["notes"])
