"""The page's script: every file is joined once, in an order in which each finds what it uses, and none leaks a name."""

import re
from importlib import resources

from gaitbench.reporting.page.script import SCRIPTS, page_script

FOLDER = resources.files("gaitbench.reporting.page") / "templates" / "js"
TEXTS = {name: (FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS}
NAMES = {name for name in SCRIPTS if name != "main"}


def test_every_file_of_the_folder_is_joined_once():
    assert sorted(SCRIPTS) == sorted(path.name[:-3] for path in FOLDER.iterdir())
    script = page_script()
    assert all(script.count(text) == 1 for text in TEXTS.values())


def test_each_file_is_wrapped_and_makes_its_own_entry_alone():
    for name, text in TEXTS.items():
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S).strip()
        head = "(() => {" if name == "main" else f"page.{name} = (() => {{"
        assert code.startswith(head) and code.endswith("})();"), name
        assert set(re.findall(r"page\.(\w+) = ", code)) == ({name} - {"main"}), name
        # every line between is indented: nothing stands outside the wrapping function
        assert all(not line or line.startswith("  ") for line in code.splitlines()[1:-1]), name


def test_what_a_file_uses_while_it_is_read_stands_before_it():
    for name, text in TEXTS.items():
        used = set(re.findall(r"page\.(\w+)", text)) - {name}
        assert used <= NAMES, name
        at_once = set(re.findall(r"^  const .* = page\.(\w+);", text, flags=re.M))
        assert all(SCRIPTS.index(one) < SCRIPTS.index(name) for one in at_once), name
    started = re.search(r"of \[(.*?)\]\) page", TEXTS["main"])[1]
    parts = {one for one, text in TEXTS.items() if re.search(r"\bstart\b", text)} - {"main"}
    assert set(re.findall(r'"(\w+)"', started)) == parts


def test_nothing_in_it_ends_its_element_or_reads_a_text_as_code():
    script = page_script()
    assert "</" not in script and "<!--" not in script
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "import ",
    ):
        assert word not in script, word
