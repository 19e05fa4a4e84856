"""A record is somebody else's file: whatever one value of it becomes, it is refused in one line or it is shown."""

import contextlib
import copy
import io

import pytest
from fake_run import small_record
from mutations import ODD

from gaitbench.errors import DataError
from gaitbench.reporting.reading.labels import labelled
from gaitbench.reporting.terminal import print_summary
from gaitbench.reporting.words.summary import summarize
from gaitbench.results.compare import compare_records
from gaitbench.results.record import Record

#: What the record of `evaluate` holds besides.
MORE = {
    "evaluated": {
        "verdict": {"answer": "cannot be judged", "why": ["too few people"], "sentence": "No."},
        "counts": {"lines": ["handed in: 9 sequences"]},
    },
    "protocol": {"split": {"hash": "abc", "value": {"test": 3}}},
    "trainings": {"model-2": 1},
    "suite": {
        "confidence": 0.95,
        "systems": {"anonymizers": ["deform", {"name": "deform", "text": "deform[strength=0.5]", "label": "half"}]},
        "extras": {"naturalness_of": []},
    },
}  # fmt: skip


def places(document, before=()):
    for key, inner in document.items() if isinstance(document, dict) else enumerate(document):
        yield (*before, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*before, key))


def whole():
    document = small_record().to_dict()
    document["provenance"]["dataset"]["read"] = {"read from the alpha channel": 3}
    document["provenance"] |= MORE
    return document


def show(record, folder):
    shown = labelled(record)
    assert summarize(shown).hidden.short
    with contextlib.redirect_stdout(io.StringIO()):
        print_summary(shown, folder)
    compare_records(record, Record.from_dict(whole(), record.scores), resamples=100)


def test_the_record_as_it_is_is_shown(tmp_path):
    show(Record.from_dict(whole()), tmp_path)


@pytest.mark.parametrize("part", ["provenance", "checks", "failures", "stages", "samples"])
def test_any_one_value_changed_is_refused_or_shown(part, tmp_path):
    document = whole()
    refused = 0
    for place in places(document[part], (part,)):
        for odd in ODD[::5]:
            changed = copy.deepcopy(document)
            holder = changed
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = odd
            try:
                record = Record.from_dict(changed)
            except DataError as error:
                refused += 1
                assert "\n" not in str(error) and str(place[1]) in str(error), (place, odd, str(error))
                continue
            show(record, tmp_path)
    assert refused or not document[part]
