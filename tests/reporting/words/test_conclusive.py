"""What would make an answer about somebody's files firmer."""

import dataclasses

from fake_attacks import attack_row
from fake_run import small_record

from gaitbench.reporting.words.conclusive import conclusive_lines

CELL = ("robust-vtm", "silhouette")
#: What ``evaluate`` notes where next to nothing was handed in.
BARE = {"noise": "undeclared", "attacker": "bundled", "painted": False, "problems": {"missing": 3}}


def lines(said=None, *rows):
    record = small_record()
    rows = rows or (attack_row("model-2", "ignorant", *CELL, 30.0),)
    origin = dict(record.provenance) | ({} if said is None else {"evaluated": said})
    return conclusive_lines(dataclasses.replace(record, provenance=origin, identification=rows))


def test_a_run_of_our_own_has_no_such_list():
    assert lines() == ()


def test_everything_that_is_missing_is_named_with_the_option():
    found = " ".join(lines(BARE))
    for words in (
        "--train",
        "trains on the output",
        "--noise",
        "empty scene",
        "painted pictures",
        "3 problems",
    ):
        assert words in found, words


def test_nothing_is_asked_for_twice():
    whole = {"noise": "per-sequence", "attacker": "trained on these data", "painted": True, "problems": {}}
    rows = (
        attack_row("model-2", "semi-informed", *CELL, 30.0),
        attack_row("model-2", "ignorant", "robust-vtm", "resegmented", 20.0),
    )
    rows = tuple(
        dataclasses.replace(row, rank1_ci_low=row.rank1 - 4, rank1_ci_high=row.rank1 + 4) for row in rows
    )
    assert lines(whole, *rows) == ()


def test_the_number_of_people_follows_from_the_interval():
    """Half the width takes four times the people."""

    def people(width):
        row = attack_row("model-2", "ignorant", *CELL, 30.0)
        row = dataclasses.replace(row, rank1_ci_low=30.0 - width, rank1_ci_high=30.0 + width)
        said = next(line for line in lines(BARE, row) if line.startswith("More people"))
        return row.people, int(said.split("about ")[1].split()[0])

    have, ten = people(10.0)
    assert ten == 4 * have and people(20.0)[1] == 16 * have
