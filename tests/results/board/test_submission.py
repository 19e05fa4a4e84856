"""A submission is read whole, and what does not hang together is refused in one line."""

import json

import msgspec
import pytest
from submissions import PROTOCOL, document, submission, write

from gaitbench.errors import DataError
from gaitbench.results.board.submission import read_submission, submission_schema, to_json


def test_what_is_written_is_read(tmp_path):
    one = submission()
    (tmp_path / "a.json").write_text(to_json(one))
    assert read_submission(tmp_path / "a.json") == one and one.chance == 2.5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"named": {"value": 120.0}}, "named.value"),
        ({"named": {"value": 40.0, "low": 45.0, "high": 50.0}}, "outside of its interval"),
        ({"named": {"value": 40.0, "low": 35.0}}, "one end of an interval"),
        ({"named": {"value": 40.05}}, "no whole number of 1000 probes"),
        ({"protocol_hash": "0" * 64}, "protocol_hash is not that of the parts"),
        ({"protocol": {}}, "protocol"),
        ({"people": 1}, "people"),
        ({"people": "forty"}, "people"),
        ({"made": "yesterday"}, "made 'yesterday' is no time"),
        ({"untouched": float("nan")}, "untouched"),
        ({"systm": "x"}, "systm"),
        ({"system": ""}, "system"),
        ({"gaitbench_submission": 2}, "version 2; this gaitbench reads 1"),
        ({"attack": {**document()["attack"], "gallery": "some-views"}}, "gallery 'some-views' is unknown"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_place(changes, words, tmp_path):
    text = json.dumps(document() | changes)
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(DataError) as raised:
        read_submission(tmp_path / "a.json")
    said = str(raised.value)
    assert (words in said or "not readable JSON" in said) and "a.json" in said and "\n" not in said


def test_a_field_that_is_missing_is_named(tmp_path):
    held = document()
    del held["named"]
    (tmp_path / "a.json").write_text(json.dumps(held))
    with pytest.raises(DataError, match=r"named.*gaitbench board --schema"):
        read_submission(tmp_path / "a.json")


def test_under_cross_view_a_rate_is_a_mean_and_no_count(tmp_path):
    attack = {**document()["attack"], "gallery": "cross-view"}
    assert read_submission(write(tmp_path / "a.json", named=40.0512345, attack=attack))


def test_the_schema_says_what_the_reader_asks_for():
    schema = submission_schema()
    form = schema["$defs"]["Submission"]
    assert form["additionalProperties"] is False and set(form["required"]) <= set(document())
    assert set(msgspec.to_builtins(submission())) == set(form["properties"])
    assert json.dumps(schema) and set(PROTOCOL)
