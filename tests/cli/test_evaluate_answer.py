"""The end of `evaluate` on videos: what was not judged comes first, each line of it or how many more there are."""

from types import SimpleNamespace

import pytest

from gaitbench.cli.evaluate_films import say_answer
from gaitbench.reporting.reading import verdicts


def said(capsys, monkeypatch, tmp_path, left_out, answer="no", broken=(), found=None):
    monkeypatch.setattr(verdicts, "broken_controls", lambda record: list(broken))
    monkeypatch.setattr(verdicts, "headline_verdict", lambda record: found)
    verdict = {"answer": answer, "sentence": "The gait is still recognizable."}
    say_answer(
        SimpleNamespace(provenance={"evaluated": {"left_out": left_out, "verdict": verdict}}), tmp_path
    )
    return capsys.readouterr()


@pytest.mark.parametrize(("count", "lines"), [(0, 0), (1, 1), (8, 8), (9, 9), (30, 9)])
def test_what_was_not_judged_is_said_line_by_line_and_the_rest_counted(
    capsys, monkeypatch, tmp_path, count, lines
):
    left_out = [f"film {i:02d} shows nobody" for i in range(count)]
    out = said(capsys, monkeypatch, tmp_path, left_out).out.splitlines()
    not_judged = [line for line in out if line.startswith("Not judged: ")]
    assert len(not_judged) == lines
    assert not_judged[:8] == [f"Not judged: {text}." for text in left_out[:8]]
    if count > 8:
        assert not_judged[8] == f"Not judged: ... and {count - 8} more in the report."
    assert f"Report: {tmp_path / 'report.html'}" in out
    assert "The gait is still recognizable" in out[-1]


def test_a_broken_control_is_an_error_and_what_cannot_be_judged_has_its_figure(capsys, monkeypatch, tmp_path):
    worst = SimpleNamespace(rank1_ci_low=10.0, rank1_ci_high=40.0)
    found = SimpleNamespace(worst=worst, named=25.0, chance=6.25)
    told = said(
        capsys, monkeypatch, tmp_path, [], "cannot be judged", ["someone-else is named"], found
    )  # fmt: skip
    assert "in doubt: someone-else is named" in told.err
    assert "names 25.0 % rightly (95 % interval 10 to 40), a blind guess 6.2 %" in told.out
