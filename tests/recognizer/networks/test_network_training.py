"""What trains the networks: triplets as a plain loop finds them, and silhouettes spoiled as a whole."""

import numpy as np
import pytest
import torch
from planted_sets import walking_boxes


@pytest.fixture(scope="module")
def boxes():
    return walking_boxes()


def test_triplets_are_those_of_a_plain_loop():
    from recognizer.networks.loop import triplets

    codes, labels = torch.randn(6, 2, 3, generator=torch.Generator().manual_seed(0)), [0, 0, 1, 1, 2, 2]
    wanted = []
    for part in range(2):
        terms = []
        for a in range(6):
            for p in range(6):
                for n in range(6):
                    if a != p and labels[a] == labels[p] != labels[n]:
                        near, far = (float((codes[a, part] - codes[i, part]).norm()) for i in (p, n))
                        terms.append(max(0.0, near - far + 0.2))
        active = [t for t in terms if t > 0]
        wanted.append(sum(active) / max(1, len(active)))
    got = triplets(codes, torch.tensor(labels), 0.2)
    assert float(got) == pytest.approx(np.mean(wanted), abs=1e-5)


def test_augmentation_changes_a_set_as_a_whole(boxes):
    from recognizer.networks.augment import augment

    still = np.repeat(boxes[0][0, :1].astype(np.uint8) * 255, 4, axis=0)
    made = [augment(still, np.random.default_rng(s)) for s in range(30)]
    assert all((m == m[:1]).all() and m.shape == still.shape and m.dtype == np.uint8 for m in made)
    assert len({m.tobytes() for m in made}) > 20
    assert still.any() and (still == still[:1]).all()  # the input is left as it was
