"""The table of sizes on paper: what the page says is what the script says, and it grows as it should."""

from dataclasses import replace
from pathlib import Path

from benchmarks.studies.on_paper import SIZES, row, table

PAGE = Path(__file__).parents[2] / "docs" / "many-machines.md"


def test_the_page_holds_the_table_of_the_script():
    assert table() in PAGE.read_text("utf-8")


def test_sizes_are_those_of_the_data_sets_and_only_matching_grows_with_the_square():
    assert [size.sequences for size in SIZES[:2]] == [13_640, 288_596]
    small = replace(SIZES[2], taught=0, tested=50_000)
    large = replace(small, tested=100_000)
    hours, matching = ([float(row(size)[at].replace(",", "")) for size in (small, large)] for at in (3, 4))
    assert abs(matching[1] / matching[0] - 4) < 0.01
    assert abs((hours[1] - matching[1]) / (hours[0] - matching[0]) - 2) < 0.01
