"""Hidden, partly, not, or cannot be told: from the strongest attack, a guess and the untouched walks."""

import dataclasses

import pytest
from fake_attacks import attack_row
from fake_run import second_record

from gaitbench.reporting.page.first_screen import bar_of
from gaitbench.reporting.reading.verdicts import level_of, system_verdicts
from gaitbench.reporting.words.verdicts import cards, sentence
from gaitbench.results.schema import Check

CELL = ("gait-dynamics", "silhouette")


def _record(*rows, **changes):
    untouched = attack_row("original", "ignorant", *CELL, 90.0, m=0, success=0.0)
    return dataclasses.replace(
        second_record(),
        **{"identification": (*rows, untouched), "galleries": (), "checks": (), "competence": ()} | changes,
    )


@pytest.mark.parametrize(
    ("rank1", "untouched", "level"),
    [
        (5.0, 90.0, "hidden"),  # its interval reaches down to the guess of 2.5 %
        (40.0, 90.0, "partly"), (46.0, 90.0, "partly"), (47.0, 90.0, "not"), (80.0, 90.0, "not"),
        (40.0, 41.0, "not"),  # the attack keeps all it has: a weak one does not make a good system
        (30.0, 2.0, "unknown"),  # it names nobody untouched
        (60.0, None, "not"),
    ],
)  # fmt: skip
def test_a_level_is_what_the_attack_keeps_of_what_it_has_over_a_guess(rank1, untouched, level):
    assert level_of(attack_row("model-2", "informed", *CELL, rank1), untouched) == level


@pytest.mark.parametrize(
    ("low", "high", "untouched", "level"),
    [
        (2.0, 12.0, 90.0, "hidden"),
        (2.0, 46.0, 90.0, "hidden"), (2.0, 47.0, 90.0, "unknown"),  # half of what it has: 46.25 %
        (2.0, 9.0, 2.0, "unknown"),  # fooling who knows nobody proves nothing
        (2.0, 49.0, None, "hidden"), (2.0, 60.0, None, "unknown"),
    ],
)  # fmt: skip
def test_an_interval_that_holds_a_guess_and_half_hides_nobody(low, high, untouched, level):
    row = dataclasses.replace(
        attack_row("model-2", "informed", *CELL, 9.0), rank1_ci_low=low, rank1_ci_high=high
    )
    assert level_of(row, untouched) == level
    if level == "unknown" and untouched == 90.0:
        said = sentence(_record(row))
        assert said.startswith(
            "Whether model-2 hides people cannot be told: 9.0 of 100 walks are still named"
        )
        assert said.endswith("anything from 2.0 to 47 is possible.")
        assert cards(_record(row))[0].lines[0].word == "cannot be told"


def test_the_worst_case_speaks_and_the_one_named_most_stands_first():
    record = _record(
        attack_row("model-2", "ignorant", *CELL, 8.0), attack_row("model-2", "informed", *CELL, 70.0),
        attack_row("deform", "ignorant", *CELL, 88.0),
    )  # fmt: skip
    assert [(v.anonymizer, v.level, v.named) for v in system_verdicts(record)] == [
        ("deform", "not", 88.0),
        ("model-2", "not", 70.0),
    ]
    assert sentence(record) == (
        "model-2 does not hide people: 70 of 100 walks are still named (a blind guess names 2.5, untouched 90) by "
        "people who hold the very noise of the walk."
    )
    assert [card.lines[0].word for card in cards(record)] == ["not hidden", "not hidden"]


def test_an_attack_that_names_the_owner_of_the_noise_is_no_verdict():
    leak = attack_row("model-2", "informed", *CELL, 96.0, strangers_passed=False)
    record = _record(leak, attack_row("model-2", "ignorant", *CELL, 30.0))
    assert system_verdicts(record)[0].named == 30.0


def test_colours_give_away_and_silhouettes_are_told_beside():
    record = _record(
        attack_row("model-2", "ignorant", "appearance", "appearance", 95.0, colorizer="proposed"),
        attack_row("model-2", "informed", *CELL, 40.0),
    )
    card = cards(record)[0].lines[0]
    assert "95 of 100" in card.detail and "By silhouettes alone: 40 of 100" in card.detail


def test_a_broken_control_takes_every_verdict_back():
    broken = (Check("original at 0", False, "3 %", "control"),)
    record = _record(attack_row("model-2", "ignorant", *CELL, 3.0), checks=broken)
    assert sentence(record).startswith("No figure of this run is to be trusted: a control broke")
    assert cards(record)[0].lines[0].word == "cannot be told" and bar_of(record).mark == "unknown"
    assert sentence(dataclasses.replace(record, checks=())).startswith(
        "model-2 hides people from every attack"
    )


def test_the_bar_says_what_it_draws():
    bar = bar_of(_record(attack_row("model-2", "informed", *CELL, 70.0)))
    assert (bar.named, bar.chance, bar.untouched, bar.mark) == (70.0, 2.5, 90.0, "bad")
    assert bar.text == "0 to 100 of 100 walks named: a blind guess 2.5, model-2 70, untouched 90."


def test_an_untouched_copy_is_not_hidden_and_no_control_broke():
    copies = Check("files differ from their originals", False, "all equal", "finding")
    record = _record(attack_row("external", "ignorant", *CELL, 90.0), checks=(copies,))
    assert sentence(record).startswith("external does not hide people: 90 of 100")


def test_what_cannot_be_judged_says_so_first():
    record = _record(attack_row("external", "ignorant", *CELL, 3.0))
    verdict = {
        "answer": "cannot be judged",
        "why": ["torn masks"],
        "sentence": "it cannot be judged: torn masks",
    }
    record = dataclasses.replace(record, provenance={**record.provenance, "evaluated": {"verdict": verdict}})
    assert sentence(record) == "It cannot be judged: torn masks."
    assert cards(record)[0].lines[0].word == "cannot be told"
