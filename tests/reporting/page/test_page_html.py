"""The page as text: nothing unescaped, nothing fetched, every inline text allowed by its hash alone."""

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from fake_run import SAMPLE_KEYS, fake_record, provenance, second_record, small_record, write_fake_run

from gaitbench.reporting.formats.plain import readable_time
from gaitbench.reporting.page import page
from gaitbench.reporting.page.page import PAGE_LIMIT, render_page
from gaitbench.reporting.reading.samples import shown_anonymizer
from gaitbench.reporting.report import make_tables
from gaitbench.results.record import Record
from gaitbench.results.schema import Check, Failure

EVIL = "<script>alert(1)</script>"


class Seen(HTMLParser):
    """Collects what a browser would fetch or run."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.inline, self.policy, self.ids = [], [], [], "", []
        self._open = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.addresses += [attributes[name] for name in ("src", "href") if name in attributes]
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        self._open = (tag, attributes) if tag in ("script", "style") else None

    def handle_data(self, data):
        if self._open:
            self.inline.append((*self._open, data))

    def handle_endtag(self, tag):
        self._open = None


def _page(record, run_dir):
    return render_page(record, run_dir, make_tables(record), {})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return write_fake_run(tmp_path_factory.mktemp("page") / "run")


def _evil(record):
    """The record with every text of it turned hostile."""
    rates = tuple(dataclasses.replace(row, recognizer=EVIL, colorizer=EVIL) for row in record.success_rate)
    samples = tuple(dataclasses.replace(s, key=EVIL, sets=(EVIL,), condition=EVIL) for s in record.samples)
    return dataclasses.replace(
        record,
        provenance=provenance(
            suite_name=EVIL, suite={EVIL: EVIL}, dataset={"name": EVIL, "missing": [EVIL]}, device=EVIL
        ),
        success_rate=rates,
        quality=tuple(dataclasses.replace(row, set=EVIL, reference=EVIL) for row in record.quality),
        checks=(Check(EVIL, False, EVIL, "control"),),
        failures=(Failure(EVIL, EVIL, EVIL),),
        samples=samples,
    )


def test_a_subject_named_script_runs_nothing(run):
    seen = Seen(_page(_evil(Record.load(run)), run))
    scripts = [data for tag, _, data in seen.inline if tag == "script"]
    assert len(scripts) == 2  # the data and the page's own
    assert not set("<>&") & set(scripts[0])
    assert json.loads(scripts[0])["samples"][0]["key"] == EVIL
    assert not any("alert(1)" in str(attributes) for _, attributes in seen.tags if "src" in attributes)
    assert [tag for tag, _ in seen.tags].count("script") == 2


def test_every_inline_text_is_allowed_by_its_hash_and_nothing_else_is(run):
    seen = Seen(_page(Record.load(run), run))
    for tag, attributes, data in seen.inline:
        if attributes.get("type") == "application/json":
            continue
        digest = base64.b64encode(hashlib.sha256(data.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in seen.policy
    assert "unsafe" not in seen.policy and "default-src 'none'" in seen.policy
    assert not any("style" in attributes for _, attributes in seen.tags)
    assert not any(name.startswith("on") for _, attributes in seen.tags for name in attributes)


def test_nothing_is_fetched(run):
    text = _page(Record.load(run), run)
    for address in Seen(text).addresses:
        assert address.startswith(("data:", "#")), address[:80]
    assert "http://" not in text and "https://" not in text


def test_ids_are_unique_and_the_contents_lead_somewhere(run):
    seen = Seen(_page(Record.load(run), run))
    assert len(seen.ids) == len(set(seen.ids))
    for address in seen.addresses:
        if address.startswith("#"):
            assert address[1:] in seen.ids


def test_strips_carry_plain_names_and_the_page_says_whose_they_are(run):
    record = Record.load(run)
    sample = record.samples[0]
    more = dataclasses.replace(
        sample, strips=dict(sample.strips) | {"model-1: silhouette": sample.strips["anonymized"]}
    )
    text = _page(dataclasses.replace(record, samples=(more,)), run)
    scripts = [
        data for tag, attributes, data in Seen(text).inline if attributes.get("type") == "application/json"
    ]
    names = [name for name, _ in json.loads(scripts[0])["samples"][0]["strips"]]
    assert names == [
        "original",
        "original silhouette",
        "model-2, binary",
        "baseline",
        "proposed",
        "model-1, binary",
    ]
    assert "colours of the anonymizer model-2" in text
    suite = {"systems": {"anonymizers": ["blur", "model-2"]}}
    assert shown_anonymizer(small_record(provenance=provenance(suite=suite))) == "blur"


def test_failed_picture_quality_is_called_failed():
    nothing = Record(provenance=provenance(), failures=(Failure("quality", "anonymizer=model-2", "killed"),))
    assert "Picture quality failed in this run" in _page(nothing, None)
    assert "Picture quality was not measured" in _page(dataclasses.replace(nothing, failures=()), None)


def test_times_and_numbers_of_tables_are_read_easily():
    text = _page(small_record(), None)
    assert "2 January 2026, 03:04 UTC" in text and ">Table I. Picture quality" in text
    assert readable_time("yesterday") == "yesterday" and readable_time(
        "2026-12-31T23:59:59+01:00"
    ).startswith("31 ")


def test_failures_stand_before_the_answers_and_a_finding_is_no_alarm():
    record = small_record()
    text = _page(record, None)
    assert text.index("loss became NaN") < text.index("What was tested")
    assert text.index("✗ no: constant &lt;= chance") > text.index("What not to conclude")
    assert "2 faults: cells that could not be computed" in text
    assert "Control broke" not in text and "No figure of this run is to be trusted" not in text


def test_a_broken_control_stands_before_everything_and_takes_the_verdict_back():
    checks = (Check("original at 0", False, "worst 3 %", "control"), Check("hides", None, "too few", "claim"))
    text = _page(dataclasses.replace(second_record(), checks=checks, failures=()), None)
    assert "Control broke: original at 0." in text and "? cannot be told: hides" in text
    assert "No figure of this run is to be trusted: a control broke (original at 0)." in text
    assert "partly hidden" not in text.split("Still named")[0] and 'class="card unknown"' in text


def test_a_failed_check_is_told_once_and_many_failures_are_folded():
    checks = (Check("original at 0", False, "worst 3 %", "control"),)
    failures = (Failure("invariant", "original at 0", "worst 3 %"),)
    text = _page(dataclasses.replace(small_record(), checks=checks, failures=failures), None)
    assert "1 fault: distrust the figures" in text
    many = tuple(Failure("prepare", f"key=081-nm-01-{i:03d}", "no person") for i in range(30))
    text = _page(dataclasses.replace(small_record(), checks=(), failures=many), None)
    assert (
        "30 faults: cells that could not be computed" in text
        and "22 more failures" in text
        and "081-nm-01-029" in text
    )


def test_a_run_of_nothing_says_so_and_shows_no_empty_table():
    nothing = Record(provenance=provenance(), failures=(Failure("recognizer", "", "killed"),))
    text = _page(nothing, None)
    assert "was not measured" in text and "killed" in text and "No pictures were stored" in text
    assert '<figure class="table"' not in text


def test_the_page_stays_under_its_limit_and_counts_what_it_leaves_out(run, monkeypatch):
    assert len(_page(Record.load(run), run)) < PAGE_LIMIT == 8_000_000
    small = small_record(samples=Record.load(run).samples)
    for limit, omitted in ((850_000, "[1-3]"), (100_000, "4")):
        monkeypatch.setattr(page, "PAGE_LIMIT", limit)
        text = _page(small, run)
        assert re.search(rf"{omitted} more sampled walks? left out", text)
        assert "<figcaption>before: original" in text and "<figcaption>after: proposed" in text
        assert "No pictures were stored" not in text


def test_unreadable_pictures_are_reported_not_fatal(tmp_path):
    run = write_fake_run(tmp_path / "run", keys=SAMPLE_KEYS[:2])
    (run / "samples" / "00-proposed.png").unlink()
    (run / "samples" / "01-proposed.png").write_bytes(b"")
    text = _page(Record.load(run), run)
    assert "samples/00-proposed.png is missing" in text and "samples/01-proposed.png" in text
    assert "<figcaption>before:" not in text, "neither walk has both of its strips"


def test_rendered_people_are_marked_at_the_top():
    assert "rendered people, not filmed" in _page(small_record(), None)
    filmed = fake_record(provenance=provenance(dataset={"rendered": False}))
    assert "rendered people" not in _page(filmed, None)
