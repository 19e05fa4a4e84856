"""The questions that no figure answers stand on the first screens, and what they say comes from the record."""

import dataclasses

from fake_run import fake_record, provenance

from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.page.page import render_page
from gaitbench.reporting.report import make_tables
from gaitbench.reporting.words.reader.ten import asked

CLAIMS = Table(
    "table_slides_claims", "Claims", (), (Column("claim", "Claim"), Column("verdict", "Verdict")),
    tuple(Row((Cell("c"), Cell(word)))
          for word in ("holds", "cannot be told: few", "holds (no interval)", "does not hold")),
)  # fmt: skip


def test_claims_are_counted_by_their_verdict_and_the_run_names_itself():
    record = fake_record()
    answers = {one.question: one.answer for one in asked(record, CLAIMS, ("beware of this",))}
    assert "of 4 readings of the slides' claims: 2 hold" in answers["Which claims hold?"]
    assert (
        "1 cannot be told" in answers["Which claims hold?"]
        and "1 do not hold" in answers["Which claims hold?"]
    )
    assert record.provenance["suite_hash"][:12] in answers["Which run is this?"]
    assert answers["What not to conclude?"] == "beware of this"
    assert f"--suite {record.provenance['suite_name']}" in answers["How to repeat it?"]
    assert "rendered" in answers["What data?"]
    filmed = fake_record(provenance=provenance(dataset={"rendered": False}))
    assert "filmed people" in {one.question: one.answer for one in asked(filmed, None, ())}["What data?"]
    assert "none of the slides' claims" in asked(filmed, None, ())[0].answer


def test_they_stand_before_the_cards_and_their_links_lead_somewhere():
    record = dataclasses.replace(fake_record(), failures=())
    text = render_page(record, None, make_tables(record), {})
    assert text.index("How to repeat it?") < text.index('class="cards"')
    for one in asked(record, CLAIMS, ("x",)):
        assert f'id="{one.where}"' in text, one.where
