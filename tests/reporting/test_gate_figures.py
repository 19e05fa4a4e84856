"""The figures of gates are those of the tables; the exit code says that one was missed."""

import dataclasses

import pytest
from fake_attacks import attack_row
from fake_run import quality_row, rate_row, second_record

from gaitbench.cli.gates import MISSED, ask_gates, end
from gaitbench.errors import ConfigError
from gaitbench.reporting.reading.gate_figures import gate_figures
from gaitbench.results.gates import FIGURES
from gaitbench.results.schema import Check


@pytest.fixture
def record():
    return dataclasses.replace(
        second_record(),
        identification=(
            attack_row("model-2", "ignorant", "robust-vtm", "silhouette", 8.0),
            attack_row("model-2", "informed", "robust-vtm", "silhouette", 96.0, strangers_passed=False),
            attack_row("model-2", "ignorant", "appearance", "appearance", 62.5, colorizer="proposed"),
            attack_row("original", "ignorant", "robust-vtm", "silhouette", 90.0, m=0, success=0.0),
        ),
        success_rate=(rate_row("model-2", 0, 60, 50, 40), rate_row("model-2", 90, 60, 50, 45)),
        quality=tuple(
            quality_row("model-2", colorizer, name, "overlap", psnr, psnr / 30)
            for colorizer, name, psnr in (
                ("baseline", "plain", 27.0), ("baseline", "textural", 21.0),
                ("proposed", "plain", 25.0), ("proposed", "textural", 24.0),
            )
        ),
        checks=(Check("a", False, "", "control"), Check("b", False, "", "finding")),
        failures=(),
    )  # fmt: skip


def test_the_figures_are_known_answers(record):
    figures = gate_figures(record)
    assert set(figures) == {"", "model-2"} and figures[""] == {"controls.broken": 1, "failures": 0}
    assert figures["model-2"] == pytest.approx(
        {
            "worst.rank1": 62.5, "worst.rank1.high": 66.5, "worst.over_chance": 60.0, "gait.rank1": 8.0,
            "gait.rank1.high": 12.0, "slides.success": 85.0, "slides.success.lowest": 80.0,
            "picture.psnr": 24.0, "picture.ssim": 0.8,
        }
    )  # fmt: skip
    assert {name for own in figures.values() for name in own} == set(FIGURES)


def test_a_success_that_is_undefined_at_some_angle_has_no_lowest(record):
    record = dataclasses.replace(
        record, success_rate=(*record.success_rate, rate_row("model-2", 18, 60, 0, 0))
    )
    assert gate_figures(record)["model-2"]["slides.success.lowest"] is None


@pytest.mark.parametrize(
    ("gates", "code"), [((), None), (("gait.rank1 <= 8",), None), (("gait.rank1 <= 8", "worst.rank1 <= 10"), MISSED)]
)  # fmt: skip
def test_the_exit_code_says_that_a_gate_is_missed(record, gates, code, capsys):
    asked = ask_gates({"require": gates})
    if code is None:
        end(record, asked)
    else:
        with pytest.raises(SystemExit, match=str(code)):
            end(record, asked)
        assert "gate MISSED: worst.rank1 <= 10  (model-2: 62.5)" in capsys.readouterr().err


def test_a_gate_is_refused_before_anything_is_computed():
    with pytest.raises(ConfigError, match="no gate"):
        ask_gates({"require": ["worst <== 3"]})
