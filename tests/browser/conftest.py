"""A real Chromium, and pages opened in it that complain of nothing."""

from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def axe_faults():
    """What axe finds on a page with everything unfolded, of every impact: its rule, impact and first place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")

    def found(page):
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        # Evaluated through the debugger, which the page's policy does not bind.
        violations = axe.Axe().run(page).response["violations"]
        return [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in violations]

    return found


@pytest.fixture
def open_uri(browser):
    """Opens a page in a context of its own; at the end, no error and no request may have been seen."""
    complaints, contexts = [], []

    def opened(uri, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda one: None if one.url.startswith(("file:", "data:")) else complaints.append(one.url),
        )
        page.goto(uri)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
