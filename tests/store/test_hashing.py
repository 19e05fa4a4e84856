import dataclasses
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.store import digest

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), plain))
def test_independent_of_dict_order(value):
    assert digest(value) == digest(dict(reversed(list(value.items()))))


@pytest.mark.parametrize(
    ("a", "b"), [(1, "1"), ([1, 2], [2, 1]), (None, False), ({"a": 1}, {"a": 2}), ([1], [1, None])]
)
def test_different_values_differ(a, b):
    assert digest(a) != digest(b)


def test_dataclasses_count_with_their_class():
    @dataclasses.dataclass
    class A:
        x: int = 1

    @dataclasses.dataclass
    class B:
        x: int = 1

    assert digest(A()) == digest(A()) != digest(B())
    assert digest(A()) != digest(A(2))


def test_same_in_another_process():
    code = "from gaitbench.store import digest; print(digest({'b': [1, 2.5], 'a': 'é'}))"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert out == digest({"a": "é", "b": [1, 2.5]})


def test_refuses_what_has_no_stable_form():
    with pytest.raises(TypeError, match="cannot hash"):
        digest(object())
