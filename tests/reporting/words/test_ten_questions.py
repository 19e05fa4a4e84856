"""The questions that no figure answers stand on the first screens, and what they say comes from the record."""

import dataclasses

from fake_run import fake_record, provenance

from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.page.page import render_page
from gaitbench.reporting.reading.verdicts import headline_verdict
from gaitbench.reporting.report import make_tables
from gaitbench.reporting.words.reader.ten import asked
from gaitbench.reporting.words.verdicts import cards
from gaitbench.results.schema import Check

CLAIMS = Table(
    "table_slides_claims", "Claims", (), (Column("claim", "Claim"), Column("verdict", "Verdict")),
    tuple(Row((Cell("c"), Cell(word)))
          for word in ("holds", "cannot be told: few", "holds (no interval)", "does not hold")),
)  # fmt: skip


def test_claims_are_counted_by_their_verdict_and_the_run_names_itself():
    record = fake_record()
    answers = {one.question: one.answer for one in asked(record, CLAIMS, ("beware of this",))}
    assert "4 readings by set, measure, reference and angle: 2 hold" in answers["Which claims hold?"]
    assert (
        "1 cannot be told" in answers["Which claims hold?"]
        and "1 does not hold" in answers["Which claims hold?"]
    )
    assert record.provenance["suite_hash"][:12] in answers["Which run is this?"]
    assert answers["What not to conclude?"] == "beware of this"
    assert "rendered" in answers["What data?"]
    filmed = fake_record(provenance=provenance(dataset={"rendered": False}))
    assert "filmed people" in {one.question: one.answer for one in asked(filmed, None, ())}["What data?"]
    unclaimed = dataclasses.replace(filmed, checks=())
    by_question = {one.question: one.answer for one in asked(unclaimed, None, ())}
    assert "none of the slides' claims" in by_question["Which claims hold?"]


def test_claims_as_a_whole_and_their_readings_are_told_apart():
    checks = tuple(
        Check(f"claim {i}", passed, "", "claim") for i, passed in enumerate((True, None, None, False))
    )
    record = dataclasses.replace(fake_record(), checks=(*checks, Check("c", True, "", "control")))
    said = next(one.answer for one in asked(record, CLAIMS, ()) if one.question == "Which claims hold?")
    assert said.startswith(
        "of 4 claims, each as a whole: 2 cannot be told, 1 holds, 1 does not hold; in 4 readings by set"
    )
    alone = next(one for one in asked(record, None, ()) if one.question == "Which claims hold?")
    assert alone.answer == "of 4 claims, each as a whole: 2 cannot be told, 1 holds, 1 does not hold."
    assert alone.where == "claims"


def test_a_suite_that_is_no_name_of_ours_is_no_command():
    swept = fake_record(provenance=provenance(suite_name="sweep-smoke"))
    again = {one.question: one.answer for one in asked(swept, None, ())}["How to repeat it?"]
    assert "--suite sweep-smoke" not in again and "suite sweep-smoke is a sweep's" in again
    named = fake_record(provenance=provenance(suite_name="quick"))
    assert (
        "run-all --suite quick --seed"
        in {o.question: o.answer for o in asked(named, None, ())}["How to repeat it?"]
    )


def test_the_cost_is_that_of_the_system_that_the_sentence_speaks_of():
    record = fake_record()
    shown = cards(record)
    spoken = headline_verdict(record).anonymizer
    card = next(one for one in shown if one.system == spoken)
    assert len(shown) > 1
    answer = asked(record, CLAIMS, (), shown)[0]
    assert answer.question == "What does it cost?" and answer.answer.startswith(f"{spoken}, good picture: ")
    assert all(line.word in answer.answer for line in card.lines[1:])
    assert "no verdict" in asked(dataclasses.replace(record, identification=()), None, ())[0].answer


def test_they_stand_before_the_cards_and_their_links_lead_somewhere():
    record = dataclasses.replace(fake_record(), failures=())
    text = render_page(record, None, make_tables(record), {})
    assert text.index("How to repeat it?") < text.index('class="cards"')
    for one in asked(record, CLAIMS, ("x",)):
        assert f'id="{one.where}"' in text, one.where
