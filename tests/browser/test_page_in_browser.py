"""The page in a real Chromium: it loads without a complaint, and everything on it works."""

import dataclasses
import itertools
from pathlib import Path

import pytest
from fake_run import fake_record, write_fake_run

from gaitbench.reporting import write_report
from gaitbench.results.record import Record

pytestmark = [pytest.mark.browser, pytest.mark.slow]

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
EVIL = "<script>window.hacked = 1</script>"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = write_fake_run(tmp_path_factory.mktemp("browser") / "run")
    record = Record.load(folder)
    samples = (*record.samples[:-1], dataclasses.replace(record.samples[-1], key=EVIL))
    other = [
        dataclasses.replace(row, attacker="semi-informed")
        for row in fake_record().success_rate
        if row.anonymizer == "model-2" and row.input == "silhouette"
    ]
    dataclasses.replace(record, samples=samples, success_rate=(*record.success_rate, *other)).save(folder)
    write_report(folder)
    return folder


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, run):
    """Opens the page; at the end, no error and no request may have been seen."""
    complaints, contexts = [], []

    def opened(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda one: None if one.url.startswith(("file:", "data:")) else complaints.append(one.url),
        )
        page.goto((run / "report.html").as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def test_it_loads_and_a_subject_named_script_stays_a_name(open_page):
    page = open_page()
    assert page.evaluate("window.hacked") is None
    assert page.locator("h1").inner_text() == "Is the person hidden, and is the picture good?"
    page.select_option("#walk", label=f"{EVIL} (textural, incomplete)")
    assert page.evaluate("window.hacked") is None
    assert page.get_by_role("img", name=f"proposed, {EVIL}").is_visible()


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_the_page_itself_never_scrolls_sideways(open_page, width):
    page = open_page(viewport={"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for tag in ("h1", "#summary .answer", "#player", "#angle"):
        box = page.locator(tag).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, tag


def test_the_worst_case_is_read_first_and_intervals_show_on_hover(open_page):
    page = open_page()
    worst = page.locator(".fact").first
    assert worst.locator(".fact-title").inner_text().startswith("Worst case")
    assert worst.bounding_box()["y"] < page.locator(".answers").bounding_box()["y"]
    cell = page.locator("#table4_attackers td[title]").first
    assert "95 % interval [" in cell.get_attribute("title")


def test_the_slider_reads_out_every_angle_and_answers_the_keyboard(open_page):
    page = open_page()
    row = page.locator("#read-out tbody tr").first
    rates = {
        r.angle: r
        for r in fake_record().success_rate
        if r.anonymizer == "model-2" and r.input == "silhouette"
    }
    page.locator("#angle").focus()
    page.keyboard.press("Home")
    assert page.locator("#angle-value").inner_text() == "0°"
    for angle in sorted(rates):
        assert page.locator("#angle-value").inner_text() == f"{angle}°"
        text = row.inner_text()
        assert f"{rates[angle].rate:.1f} %" in text and f"{rates[angle].m}/{rates[angle].s}" in text
        page.keyboard.press("ArrowRight")
    assert page.locator("#angle-value").inner_text() == "180°"


def test_sorting_goes_up_down_and_back_and_keeps_the_mean_last(open_page):
    page = open_page()
    table = page.locator("#table3_success_by_angle table")
    column = 4

    def cells():
        body = table.locator("tbody").nth(1)
        return [body.locator("tr").nth(i).locator("td").nth(column).get_attribute("data-value")
                for i in range(1, body.locator("tr").count())]  # fmt: skip

    head = table.locator("tr.heads th").nth(column)
    first = cells()
    head.get_by_role("button").click()
    up = [float(value) for value in cells()[:-1]]
    assert head.get_attribute("aria-sort") == "ascending" and up == sorted(up)
    head.get_by_role("button").press("Enter")
    down = [float(value) for value in cells()[:-1]]
    assert head.get_attribute("aria-sort") == "descending" and down == sorted(down, reverse=True)
    assert cells()[-1] == first[-1]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None and cells() == first


def test_text_columns_sort_as_text_and_missing_figures_go_last(open_page):
    page = open_page()
    table = page.locator("#table_quality_all_references table")
    body = table.locator("tbody").first
    table.locator("tr.heads th").nth(3).get_by_role("button").click()
    words = [
        body.locator("tr").nth(i).locator("td").nth(3).inner_text()
        for i in range(1, body.locator("tr").count())
    ]
    assert words[-1] == "infinite" and words[0].startswith("19.40")
    table.locator("tr.heads th").nth(2).get_by_role("button").click()
    sets = [
        body.locator("tr").nth(i).locator("td").nth(2).inner_text()
        for i in range(1, body.locator("tr").count())
    ]
    assert sets == sorted(sets)


def test_filters_hide_other_sets_angles_and_attackers(open_page):
    page = open_page()
    page.select_option("#filter-set", "plain")
    quality = page.locator("#table_quality_all_references tbody tr[data-set]")
    shown = [row.get_attribute("data-set") for row in quality.all() if row.is_visible()]
    assert shown and set(shown) == {"plain"}
    heads = page.locator("#table1_plain_textural tr.heads th")
    assert [head.is_visible() for head in heads.all()] == [True, True, False, True, False]
    assert page.locator("#table1_plain_textural tr.groups th").first.evaluate("cell => cell.colSpan") == 1
    assert page.locator("#walk option").all_inner_texts() == [
        "081-nm-05-090 (plain, complete)", "083-nm-06-036 (plain, incomplete)",
    ]  # fmt: skip
    page.select_option("#filter-angle", "36")
    assert page.locator("#angle-value").inner_text() == "36°"
    rows = page.locator("#table3_success_by_angle tbody tr[data-angle]")
    assert {row.get_attribute("data-angle") for row in rows.all() if row.is_visible()} == {"36"}
    assert not page.locator("#table3_success_by_angle tr.mean").first.is_visible()
    assert page.locator("#walk option").count() == 1
    page.select_option("#filter-angle", "0")
    assert not page.locator("#player").is_visible()
    assert "no sampled walk fits" in page.locator("#filter-note").inner_text()
    page.select_option("#filter-angle", "")
    page.select_option("#filter-set", "")
    page.select_option("#filter-attacker", "semi-informed")
    attacks = page.locator("#table4_attackers tbody tr[data-attacker]")
    shown = [row.get_attribute("data-attacker") for row in attacks.all() if row.is_visible()]
    assert len(shown) == 9 and set(shown) == {"semi-informed"}
    page.select_option("#filter-attacker", "")
    page.locator("#details > summary").click()
    assert all(row.is_visible() for row in page.locator("figure.table tbody tr").all())


def _pixels(page, name):
    """RGB of a canvas, read from a copy so that the page's own stays one that is only drawn on."""
    return page.get_by_role("img", name=name).evaluate(
        """canvas => {
             const copy = document.createElement('canvas');
             copy.width = canvas.width; copy.height = canvas.height;
             const context = copy.getContext('2d', {willReadFrequently: true});
             context.drawImage(canvas, 0, 0);
             const data = context.getImageData(0, 0, copy.width, copy.height).data;
             return Array.from(data).filter((_, i) => i % 4 < 3);
           }"""
    )


def test_the_player_shows_the_very_pixels_of_the_strip_frame_by_frame(open_page, run):
    import cv2

    page = open_page()
    page.wait_for_timeout(300)
    strip = cv2.imread(str(run / "samples" / "00-anonymized.png"))[..., ::-1]
    assert _pixels(page, "anonymized, 081-nm-05-090") == strip[:, :44].ravel().tolist()
    page.locator("#forward").click()
    page.locator("#forward").click()
    assert page.locator("#frame-value").inner_text() == "3/20"
    assert _pixels(page, "anonymized, 081-nm-05-090") == strip[:, 88:132].ravel().tolist()
    page.locator("#back").press("ArrowLeft")
    assert page.locator("#frame-value").inner_text() == "2/20"
    page.locator("#frame").evaluate("r => { r.value = 19; r.dispatchEvent(new Event('input')); }")
    page.locator("#forward").click()
    assert page.locator("#frame-value").inner_text() == "1/20"


def test_the_player_plays_and_stops(open_page):
    page = open_page()
    value = page.locator("#frame-value")
    assert value.inner_text() == "1/20"
    page.locator("#play").click()
    assert page.locator("#play").inner_text() == "Pause"
    page.wait_for_function("document.getElementById('frame-value').textContent !== '1/20'")
    page.locator("#play").click()
    stopped = value.inner_text()
    page.wait_for_timeout(200)
    assert value.inner_text() == stopped and page.locator("#play").inner_text() == "Play"


def test_copy_gives_the_bytes_of_the_file(open_page, run):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    for kind, label in (("csv", "CSV"), ("tex", "LaTeX"), ("md", "Markdown")):
        page.locator("#table3_success_by_angle").get_by_role("button", name=f"Copy {label}").click()
        page.wait_for_function("document.getElementById('copied').textContent === 'Copied.'")
        expected = (run / "tables" / f"table3_success_by_angle.{kind}").read_text(encoding="utf-8")
        assert page.evaluate("navigator.clipboard.readText()") == expected
        page.evaluate("document.getElementById('copied').textContent = ''")


def test_the_theme_follows_the_system_until_somebody_chooses(open_page):
    page = open_page(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    assert page.locator("#figure-recognition img.dark").is_visible()
    assert not page.locator("#figure-recognition img.light").is_visible()
    page.locator("#theme").click()
    assert page.evaluate(background) != dark
    assert page.locator("#figure-recognition img.light").is_visible()
    page.reload()
    assert page.evaluate(background) != dark


def test_on_paper_it_is_light_and_without_controls(open_page):
    page = open_page(color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for selector in ("#angle", "#theme", ".toc", "#player"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator("#figure-recognition img.light").is_visible()


def test_without_javascript_everything_but_the_player_is_there(open_page):
    page = open_page(java_script_enabled=False)
    assert page.locator("#table3_success_by_angle table").is_visible()
    assert page.locator("#success svg").is_visible()
    assert page.get_by_text("The player needs JavaScript.").is_visible()
    assert not page.locator("#angle").is_visible()


def test_every_picture_has_words_and_every_control_a_name(open_page):
    page = open_page()
    assert page.locator("img:not([alt])").count() == 0
    for image in page.locator("img").all():
        assert len(image.get_attribute("alt")) > 20
    names = page.evaluate(
        "[...document.querySelectorAll('button, select, input')]"
        ".filter(e => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-label'))"
        ".map(e => e.outerHTML)"
    )
    assert names == []
    levels = [
        int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => e.tagName)")
    ]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_the_keyboard_reaches_the_page(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the summary"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(open_page, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page(color_scheme=scheme)
    # Evaluated through the debugger, which the page's policy does not bind.
    found = axe.Axe().run(page).response["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"][:200])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
