"""The site's search works where the site is opened from disk: its worker runs in a frame, and nothing is fetched."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SHIM = ROOT / "docs" / "assets" / "iframe-worker.js"
ECHO = """addEventListener("message", (event) => postMessage(`heard ${event.data}`));"""
PAGE = """<!doctype html><html lang="en"><title>t</title><body><p id="said"></p><script src="shim.js"></script><script>
const worker = new Worker("echo.js");
worker.addEventListener("message", (event) => { document.getElementById("said").textContent = event.data; });
worker.postMessage("chance");
</script></body></html>"""


def test_a_worker_answers_on_a_page_from_disk(open_uri, tmp_path):
    expect = pytest.importorskip("playwright.sync_api").expect
    (tmp_path / "shim.js").write_text(SHIM.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "echo.js").write_text(ECHO, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    page = open_uri((tmp_path / "page.html").as_uri())
    expect(page.locator("#said")).to_have_text("heard chance")
    # the plugin takes one of this name instead of fetching its own
    assert f"assets/{SHIM.name}" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
