"""What attacks on pictures leave out is counted and named, by role and reason."""

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.rungs.rung import Seen
from gaitbench.evaluation.attacks.rungs.unread import unread_rows, unread_shown

KEYS = tuple(SequenceKey(f"08{i}", "nm-05", 90) for i in range(4))


def rows(failures=(), blank=()):
    why = {f"{KEYS[i].subject}-nm-05-090": f"{KEYS[i]}: no RGB video" for i in failures}
    return Features(np.zeros((4, 2, 2)), KEYS, why, "", frozenset(str(KEYS[i]) for i in blank))


def test_every_role_says_what_it_leaves_out():
    assert unread_rows("appearance", Seen(rows(), rows(), rows())) == []
    found = unread_rows("appearance", Seen(rows([0]), rows([1, 2], [3]), rows([3], blank=[2])))
    assert [(row.table, row.what) for row in found] == [
        ("attacks", "1 of 4 training walks on the input appearance"),
        ("attacks", "2 of 4 gallery walks on the input appearance"),
        ("attacks", "1 of 4 gallery walks on the input appearance"),
        ("attacks", "1 of 4 probe walks on the input appearance"),
        ("attacks", "1 of 4 probe walks on the input appearance"),
        ("attacks", "1 tested people on the input appearance"),
    ]
    assert found[-1].why == "no gallery walk shows them, so that nobody can name them, first: 081"
    assert found[1].why == "first: 081-nm-05-090: no RGB video"
    assert found[2].why == "nobody stands out of the scene, first: 083-nm-05-090"


def test_probes_that_cannot_be_read_as_painted_are_one_line():
    assert unread_shown(rows(), ()) == ""
    assert unread_shown(rows([1]), {"081-nm-05-090"}) == ""
    text = unread_shown(rows([1, 2]), {"081-nm-05-090"})
    assert text == (
        "1 of 4 painted probes cannot be read and count as named (first: 082-nm-05-090: no RGB video)"
    )
    nameless = Features(np.zeros((4, 2, 2)), KEYS, {str(KEYS[0]): "no painted picture"}, "")
    assert "(first: 080-nm-05-090: no painted picture)" in unread_shown(nameless, ())
