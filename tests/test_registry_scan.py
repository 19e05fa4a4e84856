"""Installed packages are looked through once, and again where what is installed may have changed."""

from importlib import metadata

import pytest

from gaitbench.registry import METRICS, REGISTRIES


@pytest.fixture
def scans(monkeypatch):
    seen, scan = [], metadata.entry_points

    def counted():
        seen.append(1)
        return scan()

    monkeypatch.setattr(metadata, "entry_points", counted)
    return seen


def test_one_look_serves_every_name_until_the_places_change(scans, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for registry in REGISTRIES:
        assert registry.names() and not registry.shadowed()
    assert len(scans) == 1
    info = tmp_path / "late-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: late\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[gaitbench.metrics]\nlate = math:sqrt\n", encoding="utf-8")
    assert METRICS.get("late")(9.0) == 3.0 and METRICS.origin("late") == "late (math:sqrt)"
    assert len(scans) == 2
