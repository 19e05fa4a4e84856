"""``report.html``: one self-contained page, nothing fetched, nothing unescaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from markupsafe import Markup

from gaitbench.errors import DataError
from gaitbench.reporting.formats.html import content_policy, data_uri, environment, json_block
from gaitbench.reporting.formats.latex import to_latex
from gaitbench.reporting.formats.plain import (
    cell_words,
    interval_text,
    readable_time,
    to_csv,
    to_markdown,
)
from gaitbench.reporting.formats.shown_views import ShownView, axis_title, degrees
from gaitbench.reporting.formats.table import Table
from gaitbench.reporting.formats.visible import visible_all
from gaitbench.reporting.page.chart import make_chart
from gaitbench.reporting.page.first_screen import bar_of
from gaitbench.reporting.page.folded import fold
from gaitbench.reporting.page.pair import comparable, filtered_systems
from gaitbench.reporting.page.script import page_script
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.samples import (
    picture_path,
    read_picture,
    shown_anonymizer,
    split_strip,
    strip_label,
    systems,
)
from gaitbench.reporting.reading.selection import SET_ORDER, attack_text, headline_attack, ordered, unique
from gaitbench.reporting.reading.series import chosen_series
from gaitbench.reporting.reading.slides import BAND_SENTENCE
from gaitbench.reporting.reading.theme import dark_pairs
from gaitbench.reporting.words.checks import check_groups
from gaitbench.reporting.words.reader.glossary import GLOSSARY, term_of, with_terms
from gaitbench.reporting.words.reader.ten import asked
from gaitbench.reporting.words.summary import summarize
from gaitbench.results.record import Record
from gaitbench.results.schema import EXTRAPOLATION, Failure

__all__ = ["PAGE_LIMIT", "render_page", "table_texts"]

#: Bytes the page may have; samples are left out before it grows beyond.
PAGE_LIMIT = 8_000_000


def table_texts(table: Table) -> dict[str, str]:
    """A table as ``csv``, ``tex`` and ``md``: what is written to files is what the page copies."""
    return {"csv": to_csv(table), "tex": to_latex(table), "md": to_markdown(table)}


def _samples(record: Record, run_dir: Path, room: int) -> tuple[list[dict[str, Any]], int, list[str]]:
    """Samples that fit into `room` bytes, how many do not, and what could not be read."""
    order, anonymizer = systems(record.samples), shown_anonymizer(record)
    kept: list[dict[str, Any]] = []
    omitted, trouble = 0, []
    for sample in record.samples:
        strips = []
        for name in [name for name in order if name in sample.strips]:
            try:
                split_strip(sample, read_picture(run_dir, sample.strips[name]))
                strips.append(
                    (
                        strip_label(name, anonymizer),
                        data_uri(picture_path(run_dir, sample.strips[name]).read_bytes(), "png"),
                    )
                )
            except (DataError, OSError) as error:
                trouble.append(str(error))
        size = sum(len(source) for _, source in strips)
        if size > room:
            omitted += 1
        elif strips:
            room -= size
            kept.append(
                {
                    "key": sample.key, "angle": _plain(sample.angle), "sets": list(sample.sets),
                    "frames": sample.frames, "height": sample.height, "width": sample.width, "strips": strips,
                }
            )  # fmt: skip
    return kept, omitted, trouble


def _plain(view: int) -> int | str:
    """A view for the page's scripts: degrees as a number, any other by its label."""
    return view.label if isinstance(view, ShownView) else view


def _failures(record: Record) -> list[Failure]:
    """Failures but for those that only repeat a failed check."""
    failed = {check.name for check in record.checks if check.passed is False}
    return [failure for failure in record.failures if failure.cell not in failed]


def _before_after(record: Record, run_dir: Path) -> list[tuple[str, str]]:
    """A walk before, and after: painted by the slides' proposed colorizer, else by the last there is.

    The first walk whose two strips can be read. They open the page, so that no limit leaves them out.
    """
    order, anonymizer = systems(record.samples), shown_anonymizer(record)
    for sample in record.samples:
        names = [name for name in order if name in sample.strips]
        if len(names) < 2:
            continue
        chosen = {"before": names[0], "after": "proposed" if "proposed" in names[1:] else names[-1]}
        try:
            for name in chosen.values():
                split_strip(sample, read_picture(run_dir, sample.strips[name]))
        except (DataError, OSError):
            continue  # the player below says which, and why
        paths = {when: picture_path(run_dir, sample.strips[name]) for when, name in chosen.items()}
        return [
            (f"{when}: {strip_label(chosen[when], anonymizer)}", data_uri(path.read_bytes(), "png"))
            for when, path in paths.items()
        ]
    return []


def _chart_text(record: Record) -> str:
    """The chart in words, for those who do not see it."""
    parts = []
    for one in chosen_series(record)[0]:
        rates = [(row.rate, row.angle) for row in one.rows if row.rate is not None]
        if rates:
            low, high = (f"{rate:.1f} % at {degrees(angle)}" for rate, angle in (min(rates), max(rates)))
            parts.append(f"{one.label}: lowest {low}, highest {high}")
    return "; ".join(parts) + "."


def _recognition_text(record: Record) -> str:
    means = [row for row in record.competence if row.angle is None and row.rank1 is not None]
    text = "; ".join(f"{row.recognizer}, {row.gallery}, {row.condition}: {row.rank1:.1f} %" for row in means)
    return f"Map of rank-1 on untouched gaits by walking condition and angle. Means over the angles: {text}."


def render_page(
    record: Record,
    run_dir: Path,
    tables: Mapping[str, Sequence[Table]],
    pictures: Mapping[str, Mapping[str, str]],
    *,
    trouble: Sequence[str] = (),
    texts: Mapping[str, Mapping[str, str]] | None = None,
    limit: int | None = None,
) -> str:
    """The page as HTML.

    Parameters
    ----------
    record : Record
    run_dir : Path
        Where the record's pictures lie.
    tables : Mapping
        ``privacy``, ``quality`` and ``details``: the tables of these chapters, in order.
    pictures : Mapping
        Figure -> ``light`` -> ``data:`` address; the page itself darkens it.
    trouble : sequence of str
        What went wrong with pictures so far; it is shown.
    texts : Mapping, optional
        `table_texts` of every table, where they are known already.
    limit : int, optional
        Bytes the page may have; `PAGE_LIMIT` unless told.
    """
    templates = resources.files("gaitbench.reporting.page") / "templates"
    style = (templates / "style.css").read_text(encoding="utf-8")
    script = page_script()
    everything = [table for chapter in tables.values() for table in chapter]
    texts = texts or {table.name: table_texts(table) for table in everything}
    used = sum(len(uri) for picture in pictures.values() for uri in picture.values())
    # The copies of the tables, and their HTML, which takes about six times their Markdown.
    used += sum(len(text) for kinds in texts.values() for text in kinds.values()) + 300_000
    used += sum(6 * len(kinds["md"]) for kinds in texts.values())
    opening = _before_after(record, run_dir)
    used += sum(len(uri) for _, uri in opening)
    samples, omitted, unread = _samples(record, run_dir, (PAGE_LIMIT if limit is None else limit) - used)
    chart = make_chart(record)
    attack = headline_attack(record)
    summary, about = summarize(record), filtered_systems(record)
    strips = unique(name for sample in samples for name, _ in sample["strips"])
    pairs = comparable(record, summary.cards, strips, shown_anonymizer(record))
    shown: dict[str, Any] = {
        "angles": [_plain(angle) for _, angle in chart.x_ticks] if chart else [],
        "positions": [x for x, _ in chart.x_ticks] if chart else [],
        "series": chart.data if chart else [],
        "samples": samples,
        "systems": about,
        "pairs": pairs,
        "darker": dark_pairs(),
        "attack": attack_text(attack) if attack else "",
    }
    # What is copied has the very bytes of the files.
    data = {"tables": texts, **visible_all(shown)}
    template = environment().from_string((templates / "report.html.j2").read_text(encoding="utf-8"))
    claims = next((t for t in everything if t.name == "table_slides_claims"), None)
    html: str = template.render(
        csp=content_policy(style, script), style=Markup(style), script=Markup(script), data=json_block(data),
        provenance={"git_dirty": None, **record.provenance}, summary=summary,
        check_groups=check_groups(record), bar=bar_of(record), before_after=opening,
        faults=[check for check in record.checks if check.kind == "control" and check.passed is False],
        failures=_failures(record), stages=record.stages, set_shares=record.sets,
        tables=tables, pictures=pictures, words=cell_words, interval=interval_text,
        chart=chart, chart_text=_chart_text(record), recognition_alt=_recognition_text(record),
        attack_line=f"Attack: {attack_text(attack)}." if attack else "",
        made=readable_time(record.provenance["created"]), band=BAND_SENTENCE,
        player_anonymizer=shown_anonymizer(record),
        assumption=EXTRAPOLATION, interval_name=interval_name(record),
        quality_failed=any(failure.stage == "quality" for failure in record.failures),
        samples=samples, omitted=omitted, picture_trouble=[*trouble, *unique(unread)],
        sets=ordered([r.set for r in record.quality] + [r.set for r in record.sets], SET_ORDER),
        angles=[
            (str(angle), degrees(angle))
            for angle in sorted({row.angle for row in record.success_rate} | {s.angle for s in record.samples})
        ],
        attackers=unique([r.attacker for r in record.success_rate] + [r.attacker for r in record.identification]),
        suite_text=json.dumps(record.provenance["suite"], indent=2, sort_keys=True, ensure_ascii=False),
        folds={table.name: fold(table, about) for table in everything}, systems=about, pairs=pairs,
        asked=asked(record, claims, summary.beware, summary.cards),
        degrees=degrees, axis=axis_title(row.angle for row in record.success_rate),
        glossary=GLOSSARY, term_of=term_of, with_terms=with_terms,
        contents=[("summary", "Summary"), ("watch", "Watch"), ("privacy", "Is the person hidden?"),
                  ("quality", "Is the picture good?"), ("provenance", "How it was made"),
                  ("glossary", "What the words mean")],
    )  # fmt: skip
    return html
