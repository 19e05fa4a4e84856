"""The board in a real Chromium: it sorts, fits the screen, and complains of nothing."""

import json

import msgspec
import pytest
from submissions import document

from gaitbench.reporting.page.board import render_board
from gaitbench.results.board.ranking import LeftOut, rank
from gaitbench.results.board.submission import Submission

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    held = [
        msgspec.convert(document(name, named, untouched=untouched), Submission)
        for name, named, untouched in (
            ("b", 20.0, 70.0),
            ("a", 10.0, 90.0),
            ("c-with-quite-a-long-name", 60.0, 80.0),
        )
    ]
    board = rank([(f"run-{one.system}", one) for one in held], [LeftOut("other", "another protocol")])
    path = tmp_path_factory.mktemp("board") / "index.html"
    path.write_text(render_board(board), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_sorts_without_a_complaint(open_uri, axe_faults, place, width):
    page = open_uri(place, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    def order():
        return [row.locator("td").first.inner_text()[:1] for row in page.locator("#board tbody tr").all()]

    assert order() == ["a", "b", "c"], "who is named least stands first"
    untouched = page.get_by_role("button", name="Untouched (%)")
    untouched.click()
    assert order() == ["b", "c", "a"]
    untouched.press("Enter")
    assert order() == ["a", "c", "b"]
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "another protocol" in page.locator("#left-out").inner_text()
    assert axe_faults(page) == []
    assert json.loads(page.locator("#data").text_content()) == {"darker": []}
