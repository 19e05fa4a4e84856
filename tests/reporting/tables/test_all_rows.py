"""A long table on the page: what counts at first, all rows of its CSV file on demand, filters and sorting on both."""

import csv
import dataclasses
import io
import os
import shutil

import pytest
from fake_attacks import attack_row
from fake_run import fake_record

from gaitbench.reporting.formats.plain import to_csv
from gaitbench.reporting.page.page import render_page
from gaitbench.reporting.report import make_tables
from gaitbench.reporting.tables.attacks import ladder

CHROMIUM = (
    os.environ.get("GAITBENCH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)


def _record():
    attackers = ("ignorant", "lazy-informed", "semi-informed", "informed", 'x,"y"\nz')
    rows = [
        attack_row(anonymizer, attacker, f"r{i}", "silhouette", float(7 * i + j))
        for anonymizer in ("model-2", "<b>other") for j, attacker in enumerate(attackers) for i in range(8)
    ]  # fmt: skip
    return dataclasses.replace(fake_record(), identification=tuple(rows), samples=())


def test_only_a_table_that_leaves_rows_out_offers_them():
    text = render_page(_record(), None, make_tables(_record()), {})
    assert 'data-all="table4_attackers"' in text and 'data-all="table_controls"' not in text


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_all_rows_appear_as_the_csv_file_has_them(tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    record = _record()
    (tmp_path / "report.html").write_text(
        render_page(record, None, make_tables(record), {}), encoding="utf-8"
    )
    table = ladder(record)
    expected = list(csv.DictReader(io.StringIO(to_csv(table))))
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((tmp_path / "report.html").as_uri())
        rows = page.locator("#table4_attackers tbody tr:not(.section)")
        assert rows.count() == len(table.shown) < len(expected)
        page.locator("details.fold:has(#table4_attackers) > summary").click()
        button = page.locator("[data-all=table4_attackers]")
        button.click()
        assert rows.count() == len(expected) and button.get_attribute("aria-expanded") == "true"
        shown = page.locator("#table4_attackers tbody td:nth-child(4)").all_text_contents()
        assert shown == [row["attacker"] for row in expected]
        page.locator("#menu > summary").click()  # folded on a narrow screen
        page.select_option("#filter-attacker", "informed")
        visible = page.locator("#table4_attackers tbody tr:visible")
        assert visible.count() == sum(row["attacker"] == "informed" for row in expected)
        page.locator("#table4_attackers th button", has_text="rank1").first.click()
        values = [
            float(text)
            for text in page.locator("#table4_attackers tbody tr:visible td:nth-child(8)").all_inner_texts()
        ]
        assert values == sorted(values) and len(values) == 16
        button.click()
        assert rows.count() == len(table.shown)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390 and errors == []
        browser.close()
