"""The page of verbs is what the command line says today."""

from pathlib import Path

from gaitbench.cli import _VERBS
from gaitbench.cli.verbs_page import verbs_page

PAGE = Path(__file__).parents[2] / "docs" / "verbs.md"


def test_the_committed_page_is_current():
    hint = "run: python -m gaitbench.cli.verbs_page docs/verbs.md"
    assert PAGE.read_text(encoding="utf-8") == verbs_page(), hint


def test_every_verb_has_its_section_with_usage():
    text = verbs_page()
    for verb in _VERBS:
        assert f"\n## gaitbench {verb}\n" in text and f"Usage: gaitbench {verb}" in text
