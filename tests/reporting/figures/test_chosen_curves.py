"""Figures of many systems: few curves, the worst case among them and named; one name for each anonymizer."""

import dataclasses
import itertools

from fake_attacks import attack_row
from fake_run import fake_record, quality_row, rate_row, small_record

from gaitbench.reporting.figures.curves import success_by_angle
from gaitbench.reporting.figures.privacy import privacy_quality
from gaitbench.reporting.figures.style import MARKERS, themed
from gaitbench.reporting.page.chart import make_chart
from gaitbench.reporting.reading.series import chosen_series, success_series
from gaitbench.reporting.reading.theme import LIGHT

NAMES = ("model-2", "model-1", "deform", "blur", "pixelate", "sixth", "seventh")


def _many():
    rates, attacks = [], []
    for i, name in enumerate((*NAMES, "original", "someone-else", "constant", "oracle")):
        for angle in (0, 90):
            rates.append(rate_row(name, angle, 60, 50, max(0, 45 - 5 * i), colorizer="none"))
        attacks.append(attack_row(name, "ignorant", "robust-vtm", "silhouette", 10.0))
    for angle in (0, 90):
        rates.append(rate_row("model-2", angle, 60, 50, 3, attacker="informed", colorizer="none"))
    attacks.append(attack_row("model-2", "informed", "robust-vtm", "silhouette", 94.0))
    return dataclasses.replace(small_record(), success_rate=tuple(rates), identification=tuple(attacks))


def test_few_curves_are_drawn_the_worst_case_among_them_and_the_rest_is_counted():
    record = _many()
    series, more = chosen_series(record)
    labels = [one.label for one in series]
    assert labels[:2] == ["model-2", "model-2, worst case: informed, robust-vtm, silhouette"]
    # after these, who hides least; two controls last
    assert labels[2:] == ["seventh", "sixth", "pixelate", "original", "someone-else"]
    assert more == len(success_series(record)) - (len(series) - 1) == 5
    with themed(LIGHT):
        figure = success_by_angle(record, LIGHT)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "model-2, worst case" in texts and "5 more curves stand in the table" in figure.get_supxlabel()
    assert [one["text"] for one in make_chart(record).labels][:3] == ["model-2", "worst case", "seventh"]


def test_a_run_of_few_systems_keeps_all_its_curves():
    series, more = chosen_series(small_record())
    drawn = [one for one in success_series(small_record()) if any(row.rate is not None for row in one.rows)]
    assert more == 0 and series == drawn


def test_painters_whose_points_lie_together_share_a_label():
    """Numbers printed upon each other cannot be read."""
    painters = ("baseline", "proposed", "nearest")
    quality = tuple(
        quality_row(name, painter, "plain", "original", 20.0, ssim)
        for name in NAMES[:3] for painter, ssim in zip(painters, (0.700, 0.801, 0.800), strict=True)
    )  # fmt: skip
    record = dataclasses.replace(fake_record(), quality=quality, identification=_many().identification)
    with themed(LIGHT):
        figure = privacy_quality(record, LIGHT)
    numbers = [text.get_text() for text in figure.axes[0].texts if text.get_text()[0].isdigit()]
    assert numbers == ["1", "2, 3"] * 3


def test_many_systems_have_a_name_marker_and_dashes_for_each_anonymizer_and_a_number_for_each_painter():
    painters = ("baseline", "proposed", "nearest", "warp")
    quality = tuple(
        quality_row(name, painter, "plain", "original", 20.0 + i, 0.5 + 0.05 * i)
        for name in NAMES[:4] for i, painter in enumerate(painters)
    )  # fmt: skip
    record = dataclasses.replace(fake_record(), quality=quality, identification=_many().identification)
    with themed(LIGHT):
        figure = privacy_quality(record, LIGHT)
    texts = [text for text in figure.axes[0].texts if not text.get_text()[0].isdigit()]
    assert [text.get_text() for text in texts] == list(NAMES[:4])
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend[0].startswith("chance")
    assert legend[1:] == [f"{number} {painter}" for number, painter in enumerate(painters, 1)]
    # Without colour the anonymizers differ by their dashes and by their markers.
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == len(painters)]
    drawn = (line.get_marker() for line in figure.axes[0].lines if len(line.get_xdata()) == 1)
    markers = {marker for marker in drawn if marker in MARKERS}  # caps of the intervals are markers, too
    assert len({str(line._unscaled_dash_pattern) for line in lines}) == len(markers) == 4
    heights = sorted(text.get_position()[1] for text in texts)
    assert all(after - before > 4.5 for before, after in itertools.pairwise(heights))


def test_the_chart_has_room_for_the_longest_name_and_shortens_what_is_longer():
    """A system called example-average was cut at the edge of the page."""
    for name, text in (
        ("example-average-of-bodies", "example-average-of-bodies"),
        ("w" * 60, "w" * 33 + "\u2026"),
    ):
        rates = tuple(rate_row(name, angle, 60, 50, 40, colorizer="none") for angle in (0, 90))
        chart = make_chart(dataclasses.replace(small_record(), success_rate=rates))
        assert [one["text"] for one in chart.labels] == [text, "chance 97.5 %"]
        assert chart.width - chart.right - 10 >= 7 * len(text), "12 pixel letters are seven wide, at most"


def test_ranks_are_whole_people():
    """Four people had ticks at 1.5 and 2.5."""
    from gaitbench.reporting.figures.attacks import cmc
    from gaitbench.results.schema_attacks import CmcPoint

    rows = tuple(
        CmcPoint("model-2", "none", "ignorant", "robust-vtm", "silhouette", "all-views", rank, rate)
        for rank, rate in ((1, 40.0), (2, 60.0), (3, 80.0), (4, 100.0))
    )
    attacks = (attack_row("model-2", "ignorant", "robust-vtm", "silhouette", 40.0),)
    with themed(LIGHT):
        figure = cmc(dataclasses.replace(small_record(), cmc=rows, identification=attacks), LIGHT)
        figure.draw_without_rendering()
        assert all(float(place).is_integer() for place in figure.axes[0].get_xticks())
