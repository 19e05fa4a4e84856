"""The level of the intervals is the record's, wherever it is told."""

import copy
import dataclasses

import pytest
from fake_run import fake_record, second_record

from gaitbench.reporting.figures.curves import success_by_angle
from gaitbench.reporting.formats.plain import to_markdown
from gaitbench.reporting.page.compare import render_comparison
from gaitbench.reporting.page.page import render_page
from gaitbench.reporting.reading.theme import LIGHT
from gaitbench.reporting.report import make_tables
from gaitbench.reporting.terminal import print_summary
from gaitbench.results.compare import Change, compare_records


def at(record, level):
    provenance = copy.deepcopy(dict(record.provenance))
    provenance["suite"] = {**provenance["suite"], "confidence": level}
    return dataclasses.replace(record, provenance=provenance)


@pytest.mark.parametrize(("level", "text"), [(0.9, "90 %"), (0.999, "99.9 %")])
def test_no_other_level_is_told_anywhere(level, text, tmp_path, capsys):
    record = at(second_record(), level)
    chapters = make_tables(record)
    tables = [table for own in chapters.values() for table in own]
    told = [to_markdown(table) for table in tables if any(column.interval for column in table.columns)]
    assert told and all(f"{text} interval" in one and "95 %" not in one for one in told)
    page = render_page(record, tmp_path, chapters, {"privacy_quality": {"light": "data:,"}})
    assert (
        f"bars are {text} intervals" in page and "95 % interval" not in page and "interval_name" not in page
    )
    print_summary(record, tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert text in said and "95 %" not in said
    figure = success_by_angle(at(fake_record(), level), LIGHT)
    assert f"bars: {text} interval" in figure.get_supxlabel()


def test_a_comparison_takes_the_level_of_its_first_record():
    record = at(second_record(), 0.9)
    names = ("anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery", "reference")
    change = Change({**dict.fromkeys(names, "x"), "measure": "psnr"}, 1.0, 2.0, 1.0, 0.5, 1.5, 0.01, 0.01, 9)
    compared = compare_records(record, second_record())
    assert compared.confidence == 0.9
    found = {"b": dataclasses.replace(compared, changes=(change,))}
    page = render_comparison(("a", record), [("b", second_record())], found)
    assert "brackets: 90 % interval" in page and "95 %" not in page


def test_an_old_record_that_does_not_say_has_95():
    assert second_record().confidence == 0.95
