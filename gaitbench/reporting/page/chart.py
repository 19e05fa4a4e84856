"""The page's chart of success by angle as coordinates; the template draws it, the style sheet colours it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gaitbench.reporting.reading.series import Series, chosen_series, spread
from gaitbench.reporting.reading.slides import SUCCESS_HIGH, SUCCESS_LOW
from gaitbench.results.record import Record

__all__ = ["Chart", "make_chart"]

#: The plot in pixels of its own; what stands right of it is as wide as the longest name.
_PLOT, _HEIGHT, _LEFT, _TOP, _BOTTOM = 630, 360, 46, 16, 44
#: Widest letter of a label (12 px sans-serif, mean of a name's letters), and letters beyond which a name is shortened.
_LETTER, _LONGEST = 7.2, 34


@dataclass(frozen=True)
class Chart:
    """Coordinates in the chart's own pixels (see the template) and the figures the slider reads out."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    x_ticks: list[tuple[float, int]]
    y_ticks: list[tuple[float, int]]
    band: tuple[float, float]
    chance: str
    series: list[dict[str, Any]]
    labels: list[dict[str, Any]]
    data: list[dict[str, Any]]


def _x(index: int, count: int) -> float:
    span = _PLOT - _LEFT - 24
    return round(_LEFT + 12 + span * (index / (count - 1) if count > 1 else 0.5), 1)


def _y(rate: float) -> float:
    return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (100 - rate) / 100, 1)


def _curve(one: Series, number: int, angles: list[int]) -> dict[str, Any]:
    points, bars = [], []
    for row in one.rows:
        if row.rate is None:
            continue
        x = _x(angles.index(row.angle), len(angles))
        points.append((x, _y(row.rate)))
        if row.ci_low is not None and row.ci_high is not None:
            bars.append((x, _y(row.ci_low), _y(row.ci_high)))
    path = " ".join(f"{x},{y}" for x, y in points)
    return {"number": number, "control": one.control, "points": points, "bars": bars, "path": path}


def make_chart(record: Record) -> Chart | None:
    """The chart under the headline attack, or None where no rate is on record."""
    series, _ = chosen_series(record)
    if not series:
        return None
    angles = sorted({row.angle for one in series for row in one.rows})
    curves = [_curve(one, number, angles) for number, one in enumerate(series)]
    chances = {row.angle: row.chance for one in series for row in one.rows}
    chance = " ".join(f"{_x(i, len(angles))},{_y(chances[a])}" for i, a in enumerate(angles))
    ends = [curve["points"][-1][1] for curve in curves] + [_y(chances[angles[-1]])]
    texts = [_short(one.label) for one in series] + [f"chance {chances[angles[-1]]:.1f} %"]
    width = _PLOT + 16 + round(_LETTER * max(len(text) for text in texts))
    places = spread(ends, 15)
    labels = [
        {"text": text, "y": round(place, 1), "from": end, "number": None if i == len(series) else i}
        for i, (text, place, end) in enumerate(zip(texts, places, ends, strict=True))
    ]
    return Chart(
        width, _HEIGHT, _LEFT, _PLOT, _TOP, _HEIGHT - _BOTTOM,
        [(_x(i, len(angles)), angle) for i, angle in enumerate(angles)],
        [(_y(rate), rate) for rate in range(0, 101, 20)],
        (_y(SUCCESS_HIGH), _y(SUCCESS_LOW)), chance, curves, labels,
        [_read_out(one) for one in series],
    )  # fmt: skip


def _short(label: str) -> str:
    """The name of a curve beside it."""
    name, _, rest = label.partition(", ")
    if rest.startswith("worst case"):
        return "worst case"
    # the read-out below spells it out
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _read_out(one: Series) -> dict[str, Any]:
    """What the slider says of a curve at each angle."""
    angles = {}
    for row in one.rows:
        interval = f"[{row.ci_low:.1f}, {row.ci_high:.1f}]" if None not in (row.ci_low, row.ci_high) else "–"
        ranks = [f"{rank:.1f}" if rank is not None else "–" for rank in (row.rank1_before, row.rank1_after)]
        angles[str(row.angle)] = {
            "rate": "undefined" if row.rate is None else f"{row.rate:.1f} %",
            "interval": interval, "counts": f"{row.m}/{row.s}", "n": row.n, "chance": f"{row.chance:.1f} %",
            "ranks": f"{ranks[0]} → {ranks[1]}",
        }  # fmt: skip
    return {"label": one.label, "angles": angles}
