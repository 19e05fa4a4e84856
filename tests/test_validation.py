"""What does not fit its type is one line: where, what stands there, and what may stand there."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from gaitbench.errors import ConfigError, DataError
from gaitbench.nearest import nearest
from gaitbench.validation import convert, read_json, refuse_unbounded


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    count: Annotated[int, msgspec.Meta(ge=1, le=9)]
    share: float | None = None
    names: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = ("x",)
    size: tuple[int, int] = (1, 2)
    kind: Literal["plain", "textural"] | None = None
    word: Annotated[str, msgspec.Meta(pattern="^[a-z]+$", description="a word of small letters")] | None = (
        None
    )


@dataclass(frozen=True)
class Outer:
    rows: list[Inner]
    parts: dict[str, Inner] | None = None
    on: bool = False

    def __post_init__(self):
        if len(self.rows) > 3:
            raise ValueError("more than three rows contradict the heading")


GOOD = {"count": 1}


def test_what_fits_is_a_value_of_the_type():
    read = convert(Outer, {"rows": [{"count": 2, "share": 1, "names": ["a"]}], "more": 3}, "x")
    assert read == Outer([Inner(2, 1.0, ("a",))]) and isinstance(read.rows[0].share, float)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"rows": [GOOD, {"count": "2"}]}, "f.rows[1].count is '2', not a whole number"),
        ({"rows": [GOOD, {"count": True}]}, "f.rows[1].count is True, not a whole number"),
        ({"rows": [{"count": 0}]}, "f.rows[0].count is 0, not a whole number of at least 1"),
        ({"rows": [{"count": 10}]}, "f.rows[0].count is 10, not a whole number of at most 9"),
        ({"rows": [{"count": 2.5}]}, "f.rows[0].count is 2.5, not a whole number"),
        ({"rows": [{}]}, "f.rows[0] has no field 'count'; run again"),
        ({}, "f has no field 'rows'; run again"),
        ([1], "f is [1], not an object of names and values"),
        ({"rows": 3}, "f.rows is 3, not a list"),
        ({"rows": [{"cuont": 1, "count": 1}]}, "f.rows[0]: unknown field 'cuont'; did you mean 'count'? Known: "
         "count, share, names, size, kind, word"),
        ({"rows": [{"count": 1, "share": "a"}]}, "f.rows[0].share is 'a', not a number or null"),
        ({"rows": [{"count": 1, "share": float("nan")}]}, "f.rows[0].share is nan, not a number that can be used"),
        ({"rows": [{"count": 1, "names": []}]}, "f.rows[0].names is [], not a list of at least 1 entries"),
        ({"rows": [{"count": 1, "names": [1]}]}, "f.rows[0].names[0] is 1, not text"),
        ({"rows": [{"count": 1, "size": [1]}]}, "f.rows[0].size is [1], not a list of 2 entries"),
        ({"rows": [{"count": 1, "kind": "plane"}]}, "f.rows[0].kind is 'plane', which is unknown; did you mean "
         "'plain'? Known: plain, textural"),
        ({"rows": [{"count": 1, "word": "A"}]}, "f.rows[0].word is 'A', not a word of small letters"),
        ({"rows": [], "parts": {"a b": GOOD, "c": {"count": None}}}, "f.parts.c.count is None, not a whole number"),
        ({"rows": [GOOD] * 4}, "f: more than three rows contradict the heading"),
        ({"rows": [], "on": 1}, "f.on is 1, not true or false"),
        ({"rows": [{"count": 1, "names": ["\ud800"]}]}, "f.rows[0].names[0] is '\\ud800', which is no Unicode text"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_one_line(value, line):
    with pytest.raises(DataError) as caught:
        convert(Outer, value, "f", way_out="run again")
    assert str(caught.value) == line


def test_a_line_of_a_file_is_a_place_too_and_the_error_is_the_callers():
    with pytest.raises(ConfigError, match=r"^m\.csv line 3: count is 0, not a whole number of at least 1$"):
        convert(Inner, {"count": 0}, "m.csv line 3:", error=ConfigError)
    with pytest.raises(DataError, match=r"^m\.csv line 3 has no column 'count'$"):
        convert(Inner, {}, "m.csv line 3:", noun="column")


@pytest.mark.parametrize(
    "number", [2**63, -(2**63), 10**400, 10**6000, float("inf"), float("-inf")], ids=range(6)
)
def test_numbers_that_no_table_holds_are_refused_wherever_they_stand(number):
    with pytest.raises(DataError, match=r"^f\.a\[1\]\.b is ") as caught:
        refuse_unbounded({"a": [0, {"b": number}]}, "f")
    assert len(str(caught.value)) < 200
    refuse_unbounded({"a": [2**63 - 1, 1e308, None, True, "é"]}, "f")


@pytest.mark.parametrize("text", ["NaN", "1e999", '"\\ud800"', "[" * 10**5, "{", "", "[1]x", "1" * 5000])
def test_what_is_no_json_is_one_line_with_the_way_out(tmp_path, text):
    path = tmp_path / "card.json"
    path.write_text(text)
    with pytest.raises(
        DataError, match=r"card\.json is damaged: not readable JSON \(.*\); train again$"
    ) as caught:
        read_json(path, way_out="train again")
    assert "\n" not in str(caught.value)
    path.write_text(json.dumps({"a": [1, 2.5, "é"]}))
    assert read_json(path) == {"a": [1, 2.5, "é"]}
    with pytest.raises(ConfigError, match="cannot be read"):
        read_json(tmp_path, error=ConfigError)


def test_the_nearest_name_is_offered_before_all_of_them():
    assert nearest("gei", ["gei-nn", "gei-lda", ""]) == "; did you mean 'gei-nn'? Known: gei-nn, gei-lda"
    assert nearest("gei", []) == ""


def test_there_is_one_did_you_mean():
    house = Path(__file__).parents[1]
    found = [
        p
        for name in ("gaitbench", "recognizer")
        for p in (house / name).rglob("*.py")
        if "difflib" in p.read_text()
    ]
    assert [p.name for p in found] == ["nearest.py"]
