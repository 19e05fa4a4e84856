"""The picture of the documentation's home page: the first screen of a report, as a reader sees it.

python -m benchmarks.studies.home_picture reports/quick docs/images/first-screen.png
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDE, HIGH = 1280, 860
CHROMIUM = "/usr/bin/chromium"


def main(run: str, target: str) -> None:
    page_file = (Path(run) / "report.html").resolve()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": WIDE, "height": HIGH}, color_scheme="light").new_page()
        page.goto(page_file.as_uri())
        page.wait_for_load_state("load")
        page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
