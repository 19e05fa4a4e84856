"""The page in a real Chromium: it loads without a complaint, and everything on it works."""

import dataclasses
import itertools
import re

import numpy as np
import pytest
from fake_run import fake_record, write_fake_run

from gaitbench.datasets.video_writing import write_mp4
from gaitbench.reporting import write_report
from gaitbench.reporting.page.compare import render_comparison
from gaitbench.results.compare import compare_records
from gaitbench.results.record import Record

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

sync_api = pytest.importorskip("playwright.sync_api")
# Not `wait_for_function`: when what it waits for is not true at once, it evaluates its string in the page, and
# the page's policy forbids that.
expect = sync_api.expect
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
    first, second = Record.load(folder), fake_record()
    frame = first.scores.assign(value=first.scores["value"] * 0.97)
    second = dataclasses.replace(second, scores=frame)
    found = {"other": compare_records(first, second, resamples=200)}
    page = render_comparison(("run", first), [("other", second)], found)
    (folder / "compare.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture
def open_page(open_uri, run):
    """Opens a page of the run, with all that it folds."""

    def opened(file="report.html", unfold=True, **options):
        page = open_uri((run / file).as_uri(), **options)
        if unfold and options.get("java_script_enabled", True):
            page.evaluate("for (const one of document.querySelectorAll('details.fold')) one.open = true")
        return page

    return opened


def test_it_loads_and_a_subject_named_script_stays_a_name(open_page):
    page = open_page()
    assert page.evaluate("window.hacked") is None
    assert "of 100 walks are still named" in page.locator("h1").inner_text(), "the verdict stands first"
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


def test_rows_of_cards_have_no_hole_and_no_label_of_the_chart_is_clipped(open_page):
    page = open_page(viewport={"width": 1440, "height": 900})
    for parent, child in ((".answers", ".answer"), (".cards", ".card"), (".facts", ".fact")):
        box = page.locator(parent).first
        right = box.bounding_box()["x"] + box.bounding_box()["width"]
        ends = [one.bounding_box() for one in page.locator(f"{parent} > {child}").all()]
        for top in {round(one["y"]) for one in ends}:
            last = max(one["x"] + one["width"] for one in ends if round(one["y"]) == top)
            assert abs(last - right) < 2, (
                f"{parent}: the row at {top} ends {right - last:.0f} pixels before the others"
            )
    chart = page.locator(".chart svg").bounding_box()
    for label in page.locator(".chart .label text").all():
        box = label.bounding_box()
        assert box["x"] + box["width"] <= chart["x"] + chart["width"], label.text_content()
    assert page.locator("#player").bounding_box()["y"] < page.locator("#privacy").bounding_box()["y"]


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
    # `overlap` stands first; under `original` the untouched pictures are without error
    body = table.locator("tbody").filter(has_text="Reference original").first
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
    assert "The chart still shows: ignorant attacker" in page.locator("#filter-note").inner_text()
    page.select_option("#filter-attacker", "")
    page.locator("#details > summary").click()
    assert all(row.is_visible() for row in page.locator("figure.table tbody tr").all())


def test_no_filter_leaves_a_table_without_a_row(open_page):
    page = open_page()
    page.locator("#details > summary").click()
    for kind in ("set", "angle", "attacker"):
        values = [
            one.get_attribute("value") or one.inner_text()
            for one in page.locator(f"#filter-{kind} option").all()
        ]
        for value in values[1:]:
            page.select_option(f"#filter-{kind}", value)
            bare = page.evaluate(
                """() => [...document.querySelectorAll('figure.table')]
                   .filter(f => f.checkVisibility() && ![...f.querySelectorAll('tbody tr:not(.section, .slides)')]
                   .some(r => r.checkVisibility())).map(f => f.id)"""
            )
            assert bare == [], (kind, value)
            hidden = page.locator("figure.table[hidden]").count()
            note = page.locator("#filter-note").inner_text()
            assert (f"{hidden} table" in note) == (hidden > 0), note
        page.select_option(f"#filter-{kind}", "")
    page.select_option("#filter-attacker", "informed")
    assert page.locator("#table3_success_by_angle").is_hidden()


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
    assert _pixels(page, "model-2, binary, 081-nm-05-090") == strip[:, :44].ravel().tolist()
    page.locator("#forward").click()
    page.locator("#forward").click()
    assert page.locator("#frame-value").inner_text() == "3/20"
    assert _pixels(page, "model-2, binary, 081-nm-05-090") == strip[:, 88:132].ravel().tolist()
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
    expect(value).not_to_have_text("1/20")
    page.locator("#play").click()
    stopped = value.inner_text()
    page.wait_for_timeout(200)
    assert value.inner_text() == stopped and page.locator("#play").inner_text() == "Play"


def test_copy_gives_the_bytes_of_the_file(open_page, run):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    for kind, label in (("csv", "CSV"), ("tex", "LaTeX"), ("md", "Markdown")):
        page.locator("#table3_success_by_angle").get_by_role("button", name=f"Copy {label}").click()
        expect(page.locator("#copied")).to_have_text("Copied.")
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


@pytest.mark.parametrize(
    ("file", "width", "scheme"),
    [
        *(("report.html", width, scheme) for width in (390, 1440) for scheme in ("light", "dark")),
        ("compare.html", 1440, "light"),
        ("compare.html", 390, "dark"),
    ],
)
def test_axe_finds_no_fault(open_page, axe_faults, file, width, scheme):
    page = open_page(file, color_scheme=scheme, viewport={"width": width, "height": 844})
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_narrow_screen_says_that_there_is_more_to_see_and_a_wide_one_shows_the_marks(open_page):
    hint = "getComputedStyle(document.querySelector('#table4_attackers'), '::before').content"
    narrow = open_page(viewport={"width": 390, "height": 844})
    expect(narrow.locator("#table4_attackers")).to_have_class(re.compile(r"\bover\b"))
    assert "Swipe" in narrow.evaluate(hint)
    wide = open_page(viewport={"width": 1440, "height": 844})
    assert wide.evaluate(hint) == "none"
    for name in ("table4_attackers", "table5_controls"):
        box = wide.locator(f"#{name} .scroll").bounding_box()
        mark = wide.locator(f"#{name} tr.heads th").nth(3).bounding_box()
        assert mark["x"] + mark["width"] <= box["x"] + box["width"], name
        assert wide.locator(f"#{name} .scroll").evaluate("box => box.scrollWidth <= box.clientWidth"), name


def test_the_film_plays(browser, tmp_path):
    film = np.zeros((12, 64, 96, 3), np.uint8)
    film[6:, :, 48:] = 200
    write_mp4(tmp_path / "film.mp4", [*film, *film], fps=12)
    (tmp_path / "film.html").write_text('<video id="film" src="film.mp4" muted></video>', encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto((tmp_path / "film.html").as_uri())
    page.wait_for_function("film.readyState >= 2 || film.error")
    assert page.evaluate("film.error") is None
    page.evaluate("film.play()")
    page.wait_for_function("film.currentTime > 0.1")
    assert page.evaluate("[film.videoWidth, film.videoHeight]") == [96, 64]
    context.close()
