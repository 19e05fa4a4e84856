"""What the terminal says at the end of a run."""

import dataclasses

import pytest
from fake_attacks import attack_row
from fake_run import quality_row, rate_row, small_record

from gaitbench.reporting.terminal import print_summary
from gaitbench.results.schema import Check


@pytest.fixture
def said(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def of(**changes):
        print_summary(dataclasses.replace(small_record(), **changes), tmp_path)
        return capsys.readouterr().out

    return of


def test_recognizers_are_told_apart_where_there_are_several(said):
    one = [rate_row("model-2", 90, 60, 50, 45)]
    other = [rate_row("model-2", 90, 60, 50, 12, recognizer="gait-dynamics")]
    knowing = [rate_row("model-2", 90, 60, 50, 3, attacker="semi-informed")]
    assert "recognizer" not in said(success_rate=tuple(one)).split("holds")[0].split("Picture quality")[0]
    text = said(success_rate=(*one, *other, *knowing))
    lines = [line for line in text.splitlines() if line.startswith("\u2502model-2") and " 90 " in line]
    assert [("robust-vtm" in line, "90.00" in line) for line in lines] == [(True, True), (False, False)]
    assert "gait-dynamics" in lines[1] and "24.00" in lines[1] and "attacker ignorant" in text
    assert "6.00" not in text, "another attacker is no row of this table"


def test_the_worst_case_is_said_before_the_slides_attack(said):
    ladder = (
        attack_row("model-2", "ignorant", "robust-vtm", "silhouette", 10.0),
        attack_row("model-2", "semi-informed", "gait-dynamics", "silhouette", 41.5),
    )
    untouched = attack_row("original", "ignorant", "gait-dynamics", "silhouette", 90.0, m=0, success=0.0)
    text = said(identification=(*ladder, untouched))
    told = (
        "model-2 keeps most people from the slides' attacker (10 of 100 walks still named), but only in part from "
        "people who trained on its output: 42 of 100 walks are still named (a blind guess names 2.5, untouched 90)."
    )
    assert " ".join(text.split()).startswith(told)
    assert text.index("partly hidden") < text.index("Success rate")


def test_controls_findings_and_claims_are_kept_apart(said):
    checks = (
        Check("hides", False, "lowest 53 %", "finding"), Check("beats", None, "few", "claim"),
        Check("fine", True, "", "control"), Check("original is 0", False, "3 %", "control"),
    )  # fmt: skip
    text = said(checks=checks)
    order = (
        "Controls: 1 of 2 hold", "✗ broke original is 0", "About the systems: 0", "✗ no hides",
        "Claims of the slides, each as a whole: 0", "? cannot be told beats",
    )  # fmt: skip
    places = [text.index(one) for one in order]
    assert places == sorted(places) and "fine" not in text


def test_pictures_are_told_under_the_reference_that_stands_first(said):
    both = [
        quality_row("model-2", "baseline", "plain", one, psnr, 0.9)
        for one, psnr in (("original", 20.5), ("overlap", 24.5))
    ]
    text = said(quality=tuple(both))
    assert "reference overlap" in text and "24.5" in text and "20.5" not in text
    assert "reference original" in said(quality=tuple(both[:1]))


def test_picture_quality_comes_first_where_it_was_asked_for(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    places = []
    for first in (False, True):
        print_summary(small_record(), tmp_path, pictures_first=first)
        out = capsys.readouterr().out
        places.append(out.index("Picture quality") < out.index("Success rate"))
    assert places == [False, True]


def test_a_long_list_of_findings_leaves_out_what_holds_and_says_so(said):
    few = tuple(Check(f"finding {i}", i > 1, "", "finding") for i in range(12))
    assert "finding 11" in said(checks=few)
    text = said(checks=(*few, Check("one more", True, "", "finding")))
    assert "11 of 13 hold; those that do not are listed here, all in the report" in text
    assert (
        "finding 0" in text and "finding 1:" in text and "one more" not in text and "finding 11" not in text
    )


def _many():
    """A record with more rows than a screen: 3 systems, 2 recognizers, 11 angles; 6 colorizers on 4 sets each."""
    systems, recognizers = ("model-2", "model-1", "blur"), ("robust-vtm", "gait-dynamics")
    rates = tuple(
        rate_row(name, 18 * i, 60, 50, 20 + i + 3 * j, recognizer=one)
        for name in systems for j, one in enumerate(recognizers) for i in range(11)
    )  # fmt: skip
    ladder = tuple(attack_row(name, "semi-informed", "gait-dynamics", "silhouette", 41.5) for name in systems)
    sets = ("plain", "textural", "complete", "incomplete")
    quality = tuple(
        quality_row(name, f"colorizer-{i}", one, "overlap", 24.5, 0.9)
        for name in systems for i in range(6) for one in sets
    )  # fmt: skip
    check = Check("a claim that says a good deal " * 5, None, "a detail with figures " * 8, "claim")
    return {"success_rate": rates, "identification": ladder, "quality": quality, "checks": (check,)}


def test_the_closing_tables_fit_80_columns_in_a_log_and_the_verdict_does_not_scroll_away(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.delenv("COLUMNS", raising=False)
    record = dataclasses.replace(small_record(), **_many())
    print_summary(record, tmp_path)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80 and "\u2026" not in text
    assert len(text.splitlines()) < 75
    words = " ".join(text.split())
    assert "the lowest of each system, of 66 rows; the report has all" in words
    assert "24 of 72 rows, those of model-2; the report has all" in words
    assert "Named most: " in words and "by semi-informed, gait-dynamics, silhouette, all-views" in words
    rates = [line for line in text.splitlines() if "robust-vtm" in line and "40.00" in line]
    assert [line.split("\u2502")[1].strip() for line in rates] == ["model-2", "model-1", "blur"]
    print_summary(record, tmp_path, every_row=True)
    every = capsys.readouterr().out
    assert sum("\u2502blur" in line for line in every.splitlines()) >= 22 + 24 and "of 66 rows" not in every


def test_a_log_cuts_no_name(tmp_path, capsys, monkeypatch):
    """Rich takes 80 columns where there is no terminal, and would write example-aver..."""
    monkeypatch.delenv("COLUMNS", raising=False)
    name = "example-average-of-all-the-bodies-there-are"
    rows = tuple(
        dataclasses.replace(row, anonymizer=name) if row.anonymizer == "model-2" else row
        for row in small_record().success_rate
    )
    print_summary(dataclasses.replace(small_record(), success_rate=rows), tmp_path)
    out = capsys.readouterr().out
    assert name in out and "\u2026" not in out
    monkeypatch.setenv("COLUMNS", "60")
    print_summary(dataclasses.replace(small_record(), success_rate=rows), tmp_path)
    assert "\u2026" not in capsys.readouterr().out, "a narrow terminal folds names, and cuts none"
