"""Long lists in few words."""

import pytest

from gaitbench.reporting.formats.shortened import shortened


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([f"{n:03d}" for n in range(81, 121)], "['081-120'] (40)"),
        (["001", "002", "004", "anna", "ben"], "['001', '002', '004', 'anna', 'ben']"),
        (["099", "100", "101", "1000"], "['099-101', '1000'] (4)"),
        (["9", "10", "11"], "['9', '10', '11']"),
        (["nm-01", "nm-02"], "['nm-01', 'nm-02']"),
        (None, "None"),
        ("quick", "'quick'"),
        ([], "[]"),
    ],
)
def test_ranges_of_numbers_and_names_as_they_are(value, text):
    assert shortened(value) == text


def test_what_has_no_ranges_is_cut_with_its_count():
    text = shortened([f"person{n}x" for n in range(40)])
    assert text.endswith("'person11x', ... and 28 more] (40)")
