"""Names of sequences: CASIA-B's print and read as ever, everybody else's fit, and nothing is lost between the two."""

import pickle
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.datasets.sequence import ANGLES, WALKS, SequenceKey
from gaitbench.datasets.views import degrees_of, view_label, view_of_label
from gaitbench.errors import DataError

_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="/\\")
#: Texts of any kind, and those that look most like other parts of a name.
PARTS = st.one_of(
    st.text(_LETTERS, min_size=1, max_size=12),
    st.text("-@%,=|aZ09n", min_size=1, max_size=10),
    st.sampled_from(
        ["nm", "nm-01", "x-nm-01", "090", "018", "-", "@", "%2D", "%", "00", "a-x-nm-01-090", "U0_D0_BG"]
    ),
).filter(lambda t: t == t.strip() and t not in (".", ".."))
VIEWS = st.one_of(st.integers(0, 999), PARTS)


@given(PARTS, PARTS, VIEWS, st.none() | PARTS, st.none() | PARTS)
def test_what_is_printed_is_read_again(subject, condition, view, take, session):
    key = SequenceKey.of(subject, condition, view, take=take, session=session)
    again = SequenceKey.parse(str(key))
    assert again == key
    assert (again.subject, again.condition, again.take, again.session) == (subject, condition, take, session)
    assert again.view == (f"{view:03d}" if isinstance(view, int) else view)
    assert str(again) == str(key)


@given(PARTS, PARTS, VIEWS, st.none() | PARTS)
def test_a_printed_name_is_safe_in_cells_and_paths(subject, condition, view, take):
    assert not set("/\\,=|\n\t") & set(str(SequenceKey.of(subject, condition, view, take=take)))


@given(st.tuples(PARTS, PARTS, VIEWS), st.tuples(PARTS, PARTS, VIEWS))
def test_two_sequences_never_share_a_name(one, other):
    a, b = (SequenceKey.of(s, c, v) for s, c, v in (one, other))
    assert (str(a) == str(b)) == (a == b)


_OLD = re.compile(r"^(?P<subject>[^/\\]+)-(?P<walk>[a-z]+-\d+)-(?P<angle>\d{3})$")


@given(st.text("abz09-_. ", min_size=1), st.sampled_from(WALKS), st.integers(0, 999))
def test_names_of_casia_b_are_as_they_were(subject, walk, angle):
    """The printer and the parser that there were: the keys of all artifacts hold what they wrote."""
    old = f"{subject}-{walk}-{angle:03d}"
    key = SequenceKey(subject, walk, angle)
    assert str(key) == old
    assert SequenceKey.parse(old) == key
    found = _OLD.match(old)
    assert (found["subject"], found["walk"], int(found["angle"])) == (key.subject, key.walk, key.angle)


def test_every_name_of_casia_b():
    keys = [SequenceKey(f"{s:03d}", w, a) for s in range(1, 125) for w in WALKS for a in ANGLES]
    assert [str(k) for k in keys] == [
        f"{s:03d}-{w}-{a:03d}" for s in range(1, 125) for w in WALKS for a in ANGLES
    ]
    assert [SequenceKey.parse(str(k)) for k in keys] == keys
    assert sorted(keys) == keys or sorted(keys) == sorted(keys, key=lambda k: (k.subject, k.walk, k.angle))
    assert {k.condition for k in keys} == {"nm", "bg", "cl"}
    assert {k.take for k in keys} == {f"{i:02d}" for i in range(1, 7)}


@pytest.mark.parametrize(
    ("parts", "named", "text"),
    [
        (("001", "nm", "090"), {"take": "01"}, "001-nm-01-090"),
        (("00001", "00", "000"), {}, "00001-00-000"),  # OU-MVLP
        (("0000", "nm", "000"), {"take": "00"}, "0000-nm-00-000"),  # SUSTech1K, 00-nm
        (("000", "U0_D0_BG", "1_1"), {}, "000-U0_D0_BG-1_1"),  # CCPG
        (("0000", "camid9_videoid2", "seq0"), {}, "0000-camid9_videoid2-seq0"),  # Gait3D
        (("Zoë M.", "walk", "left-front"), {"session": "spring"}, "Zoë M.-spring@walk-left%2Dfront"),
    ],
)
def test_names_of_other_sets(parts, named, text):
    key = SequenceKey.of(*parts, **named)
    assert str(key) == text
    assert SequenceKey.parse(text) == key


@pytest.mark.parametrize("bad", ["", " a", "a/b", "a\\b", "..", "a\nb", "a\0b", "\ud800", "a" * 61])
def test_what_can_be_no_part_is_refused_in_one_line(bad):
    for given_ in ((bad, "nm", "090"), ("001", bad, "090"), ("001", "nm", bad)):
        with pytest.raises(DataError, match=r"can be no (subject|condition|view)") as error:
            SequenceKey.of(*given_)
        assert "\n" not in str(error.value).replace(repr(bad), "")


@pytest.mark.parametrize("text", ["", "a", "a-b", "--", "a--b", "a/b-nm-01-090", "-nm-01-", "a\n-b-c"])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(DataError, match="is not a sequence name"):
        SequenceKey.parse(text)


def test_a_view_of_no_degrees_is_itself_and_nothing_else():
    key = SequenceKey.of("1", "walk", "left")
    assert key.degrees is None
    assert degrees_of(90) == 90
    assert (
        SequenceKey.of("1", "walk", "left").angle == key.angle != SequenceKey.of("1", "walk", "right").angle
    )
    numbers = np.array([key.angle, 90])
    assert numbers.dtype == np.int64
    assert view_label(int(numbers[0])) == "left"
    assert float(key.angle) == key.angle  # exact in JSON and in JavaScript


def test_a_label_survives_another_process():
    import subprocess
    import sys

    made = pickle.dumps(SequenceKey.of("1", "walk", "left"))
    code = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=made, capture_output=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.decode().strip() == "1-walk-left"


def test_numbers_of_labels_are_the_same_everywhere():
    """They stand in records: another version must read them as the same views."""
    assert view_of_label("left") == int(view_of_label("left")) == 4367274567935036
